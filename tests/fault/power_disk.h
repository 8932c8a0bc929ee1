/* The disk that a log tells of (power_log.h): its entries are taken one after the other; between two, the power may go,
 * and then it is a SQLite VFS that holds what a real disk could have held, until the power-cut is undone.
 *
 * What was synced is there. Of what was not, each sector of 512 bytes is there or not, in any order and independently of
 * the others; a file that was made, or removed, is so or not until its directory was synced.
 */
#ifndef COORDD_FAULT_POWER_DISK_H
#define COORDD_FAULT_POWER_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "fault/power_log.h"

#define POWER_VFS "coordd-power"

struct power_disk;

/* Registers the VFS; the log is borrowed. One disk at a time in a process. */
struct power_disk *power_disk_new(const struct power_log *log);
void power_disk_free(struct power_disk *disk);

/* Takes the entry at this place of the log; true unless it is the log's end. */
bool power_disk_take(struct power_disk *disk, uint64_t *at);
uint64_t power_disk_acknowledged(const struct power_disk *disk); /* the newest record, so far */
unsigned power_disk_starts(const struct power_disk *disk);       /* of processes, so far */
bool power_disk_has_unsynced(const struct power_disk *disk);

enum power_loss {
    POWER_LOSES_ALL,     /* nothing that was not synced is there */
    POWER_LOSES_NOTHING, /* all of it is */
    POWER_LOSES_ONE,     /* one write is not, and all the others are: they overtook it */
    POWER_TEARS_ONE,     /* one write is there in part, those after it are not */
    POWER_LOSES_SOME,    /* each sector by its own chance */
    POWER_LOSSES
};

/* Makes the crash state; `chance` decides, and is moved on. */
void power_disk_cut(struct power_disk *disk, enum power_loss loss, uint64_t *chance);
/* From now on every operation fails: a close must not be a long one. */
void power_disk_off(struct power_disk *disk);
/* Back to where the log was, whatever was done to the crash state. All handles must be closed. */
void power_disk_undo(struct power_disk *disk);

static inline uint64_t power_chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

#endif
