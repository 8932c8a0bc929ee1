/* A disk in memory that remembers what was synced, as a SQLite VFS.
 *
 * A write is seen by every read after it, but until its file is synced a crash may keep it, lose it, or keep some of
 * its sectors only, in any order and independently of the writes around it. So what comes back after a crash is what a
 * real disk with a volatile cache could have held, and nothing that it could not. Faults can be ordered: the n-th
 * operation from now fails.
 */
#ifndef COORDD_SIM_DISK_H
#define COORDD_SIM_DISK_H

#include <stdint.h>

#include "sim/chance.h"

struct disk;

#define DISK_VFS "coordd-sim" /* the name it goes by */

enum disk_fault {
    DISK_FAULT_NONE,
    DISK_FAULT_WRITE, /* EIO while writing */
    DISK_FAULT_FULL,  /* no room */
    DISK_FAULT_SYNC,  /* EIO from a sync: nobody knows what is on disk */
    DISK_FAULT_CRASH, /* the power goes: this operation and all after it fail until disk_power_on */
};

/* Registers the VFS. One disk at a time. */
struct disk *disk_new(struct chance *chance);
void disk_free(struct disk *disk);

/* The fault that strikes at the n-th write, truncation or sync from now (0: the next). FULL lasts until disk_has_room. */
void disk_order_fault(struct disk *disk, enum disk_fault fault, uint64_t operations);
void disk_has_room(struct disk *disk);
/* How often a fault struck that a program cannot wait out: all but FULL. */
uint64_t disk_failures(const struct disk *disk);

/* Keeps a copy of what is on disk; and puts it in place of all that is there: what was not synced then was never in it. One
 * copy at a time; false when there is none. */
void disk_keep(struct disk *disk);
bool disk_put_back(struct disk *disk);

/* What a crash leaves: every file becomes what was synced and some of what was not. Handles opened before stay dead. */
void disk_power_on(struct disk *disk);

#endif
