/* The disk's insides: only power_disk.c and power_vfs.c include it. */
#ifndef COORDD_FAULT_POWER_FILES_H
#define COORDD_FAULT_POWER_FILES_H

#include <sqlite3.h>

#include "fault/power_disk.h"

#define POWER_SECTOR      512 /* what a disk writes whole or not at all */
#define POWER_FILES       256 /* each making of a journal is a file of its own */
#define POWER_NAMES       8
#define POWER_BINDINGS    64
#define POWER_DESCRIPTORS 4096

struct power_file {
    uint8_t *bytes; /* that are synced; in a crash state, that are there. Zero past `size` */
    uint64_t size, capacity;
    const struct power_entry **pending; /* not synced yet, in the order of writing */
    size_t pending_count, pending_capacity;
};

struct power_name {
    char text[POWER_NAME_MAX];
    struct power_file *now;                     /* as programs see it; NULL for no such file */
    struct power_file *durable;                 /* as the directory's last sync left it */
    struct power_file *pending[POWER_BINDINGS]; /* what it has been since */
    size_t pending_count;
    struct power_file *found; /* in a crash state */
};

struct power_undo {
    struct power_file *file;
    uint64_t file_size, offset, size;
    uint8_t *bytes;
};

struct power_disk {
    const struct power_log *log;
    struct power_file files[POWER_FILES], *descriptors[POWER_DESCRIPTORS];
    size_t file_count, file_count_before;
    struct power_name names[POWER_NAMES];
    uint64_t acknowledged;
    unsigned starts;
    bool cut, off;
    struct power_undo *undos; /* of a crash state, oldest first */
    size_t undo_count, undo_capacity;
    sqlite3_vfs vfs;
};

struct power_file *power_file_new(struct power_disk *disk);
struct power_name *power_name_of(struct power_disk *disk, const char *text);
void power_file_write(struct power_disk *disk, struct power_file *file, uint64_t offset, const uint8_t *bytes,
                      uint64_t size);
void power_file_truncate(struct power_disk *disk, struct power_file *file, uint64_t size);

void power_vfs_register(struct power_disk *disk);
void power_vfs_unregister(struct power_disk *disk);

#endif
