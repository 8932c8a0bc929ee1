#include "sim/disk.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/image.h"

#define SECTOR    512 /* what a disk writes whole or not at all */
#define FILES_MAX 16  /* a database, its journals, a backup and its */
#define NAME_MAX_ 512

/* A write or truncation that no sync has covered yet. */
struct pending {
    bool truncates;
    sqlite3_int64 offset; /* of the write; the new size of a truncation */
    int size;
    unsigned char *bytes;
};

struct file {
    char name[NAME_MAX_];
    bool exists;         /* as programs see it */
    bool exists_durably; /* as a crash leaves it */
    struct image now;
    struct image durable;
    struct pending *pending; /* in the order of writing */
    size_t pending_count, pending_capacity;
};

struct disk {
    struct chance *chance;
    struct file files[FILES_MAX];
    uint64_t operations;
    uint64_t life; /* grows with each power-on: handles of an older life are dead */
    enum disk_fault fault;
    uint64_t fault_at;
    uint64_t failures;
    bool full, off;
    bool has_kept;
    struct image kept[FILES_MAX]; /* of each file, as a copy was made */
    bool kept_exists[FILES_MAX];
    sqlite3_vfs vfs;
};

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct file *file;
    uint64_t life;
    bool delete_on_close;
};

/* ---- files and their pending writes ---- */

static struct file *file_find(struct disk *disk, const char *name, bool make)
{
    struct file *unused = NULL;
    for (int i = 0; i < FILES_MAX; i++) {
        if (disk->files[i].name[0] && strcmp(disk->files[i].name, name) == 0)
            return &disk->files[i];
        if (!unused && !disk->files[i].name[0])
            unused = &disk->files[i];
    }
    if (!make)
        return NULL;
    assert(unused && strlen(name) < NAME_MAX_);
    strcpy(unused->name, name);
    return unused;
}

static void pending_forget(struct file *file)
{
    for (size_t i = 0; i < file->pending_count; i++)
        free(file->pending[i].bytes);
    file->pending_count = 0;
}

static void pending_add(struct file *file, struct pending pending, const void *bytes)
{
    if (file->pending_count == file->pending_capacity) {
        file->pending_capacity = file->pending_capacity ? file->pending_capacity * 2 : 64;
        file->pending = realloc(file->pending, file->pending_capacity * sizeof *file->pending);
        assert(file->pending);
    }
    if (pending.size) {
        pending.bytes = malloc((size_t)pending.size);
        assert(pending.bytes);
        memcpy(pending.bytes, bytes, (size_t)pending.size);
    }
    file->pending[file->pending_count++] = pending;
}

static void file_synced(struct file *file)
{
    for (size_t i = 0; i < file->pending_count; i++) {
        const struct pending *pending = &file->pending[i];
        if (pending->truncates)
            image_truncate(&file->durable, pending->offset);
        else
            image_write(&file->durable, pending->offset, pending->bytes, pending->size);
    }
    pending_forget(file);
    file->exists_durably = file->exists;
}

/* The sectors of one write that made it, each by its own chance: torn, when only some did. */
static void pending_survive(struct disk *disk, struct file *file, const struct pending *pending)
{
    uint32_t odds = chance_below(disk->chance, 3) * 50; /* none, some or all of it */
    if (pending->truncates) {
        if (chance_percent(disk->chance, odds))
            image_truncate(&file->durable, pending->offset);
        return;
    }
    int done = 0;
    while (done < pending->size) {
        int size = SECTOR - (int)((pending->offset + done) % SECTOR);
        if (size > pending->size - done)
            size = pending->size - done;
        if (chance_percent(disk->chance, odds))
            image_write(&file->durable, pending->offset + done, pending->bytes + done, size);
        done += size;
    }
}

static void file_crashed(struct disk *disk, struct file *file)
{
    for (size_t i = file->pending_count; i > 1; i--) { /* in any order */
        size_t j = chance_below(disk->chance, (uint32_t)i);
        struct pending swap = file->pending[i - 1];
        file->pending[i - 1] = file->pending[j];
        file->pending[j] = swap;
    }
    for (size_t i = 0; i < file->pending_count; i++)
        pending_survive(disk, file, &file->pending[i]);
    pending_forget(file);
    if (file->exists != file->exists_durably && chance_percent(disk->chance, 50))
        file->exists_durably = file->exists;
    file->exists = file->exists_durably;
    if (!file->exists)
        image_truncate(&file->durable, 0);
    image_copy(&file->now, &file->durable);
}

/* ---- faults ---- */

/* Counts an operation that changes the disk; SQLITE_OK, or how it fails. */
static int disk_operation(struct disk *disk, bool is_sync)
{
    uint64_t number = disk->operations++;
    if (disk->off)
        return SQLITE_IOERR;
    if (disk->fault != DISK_FAULT_NONE && number >= disk->fault_at) {
        enum disk_fault fault = disk->fault;
        if ((fault == DISK_FAULT_SYNC) != is_sync && fault != DISK_FAULT_CRASH)
            return disk->full && !is_sync ? SQLITE_FULL : SQLITE_OK; /* waits for its sort of operation */
        disk->fault = DISK_FAULT_NONE;
        disk->failures += fault != DISK_FAULT_FULL;
        disk->off = fault == DISK_FAULT_CRASH;
        disk->full = disk->full || fault == DISK_FAULT_FULL;
        if (fault == DISK_FAULT_SYNC)
            return SQLITE_IOERR_FSYNC;
        if (fault != DISK_FAULT_FULL)
            return SQLITE_IOERR_WRITE;
    }
    return disk->full && !is_sync ? SQLITE_FULL : SQLITE_OK;
}

static bool handle_dead(const struct handle *handle)
{
    return handle->disk->off || handle->life != handle->disk->life;
}

/* ---- the VFS ---- */

static int handle_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    if (handle->delete_on_close && !handle_dead(handle)) {
        handle->file->exists = false;
        image_truncate(&handle->file->now, 0);
    }
    return SQLITE_OK;
}

static int handle_read(sqlite3_file *base, void *to, int size, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    if (handle_dead(handle))
        return SQLITE_IOERR_READ;
    const struct image *image = &handle->file->now;
    sqlite3_int64 there = image->size > offset ? image->size - offset : 0;
    int got = there < size ? (int)there : size;
    if (got)
        memcpy(to, image->bytes + offset, (size_t)got);
    memset((char *)to + got, 0, (size_t)(size - got));
    return got == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int handle_write(sqlite3_file *base, const void *from, int size, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    if (handle_dead(handle))
        return SQLITE_IOERR_WRITE;
    int failed = disk_operation(handle->disk, false);
    if (failed == SQLITE_FULL)
        return failed;
    /* A write that the power cut meets, or that fails, may still have reached the disk, whole or in part. */
    pending_add(handle->file, (struct pending){.offset = offset, .size = size}, from);
    if (failed)
        return failed;
    image_write(&handle->file->now, offset, from, size);
    return SQLITE_OK;
}

static int handle_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = (struct handle *)base;
    if (handle_dead(handle))
        return SQLITE_IOERR_TRUNCATE;
    int failed = disk_operation(handle->disk, false);
    if (failed)
        return failed;
    pending_add(handle->file, (struct pending){.truncates = true, .offset = size}, NULL);
    image_truncate(&handle->file->now, size);
    return SQLITE_OK;
}

static int handle_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct handle *handle = (struct handle *)base;
    if (handle_dead(handle))
        return SQLITE_IOERR_FSYNC;
    int failed = disk_operation(handle->disk, true);
    if (failed)
        return failed;
    file_synced(handle->file);
    return SQLITE_OK;
}

static int handle_size(sqlite3_file *base, sqlite3_int64 *size)
{
    struct handle *handle = (struct handle *)base;
    if (handle_dead(handle))
        return SQLITE_IOERR_FSTAT;
    *size = handle->file->now.size;
    return SQLITE_OK;
}

/* One process, one connection: there is nobody to lock out. */
static int handle_lock(sqlite3_file *base, int level)
{
    (void)base, (void)level;
    return SQLITE_OK;
}

static int handle_reserved(sqlite3_file *base, int *reserved)
{
    (void)base;
    *reserved = 0;
    return SQLITE_OK;
}

static int handle_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int handle_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int handle_character(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* what SQLite assumes of every disk by default */
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = handle_close,
    .xRead = handle_read,
    .xWrite = handle_write,
    .xTruncate = handle_truncate,
    .xSync = handle_sync,
    .xFileSize = handle_size,
    .xLock = handle_lock,
    .xUnlock = handle_lock,
    .xCheckReservedLock = handle_reserved,
    .xFileControl = handle_control,
    .xSectorSize = handle_sector,
    .xDeviceCharacteristics = handle_character,
};

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
    struct disk *disk = vfs->pAppData;
    struct handle *handle = (struct handle *)base;
    memset(handle, 0, sizeof *handle);
    if (disk->off)
        return SQLITE_CANTOPEN;
    char unnamed[32];
    sqlite3_snprintf(sizeof unnamed, unnamed, "temporary-%llu", disk->operations++);
    struct file *file = file_find(disk, name ? name : unnamed, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!file || (!file->exists && !(flags & SQLITE_OPEN_CREATE)))
        return SQLITE_CANTOPEN;
    file->exists = true;
    *handle = (struct handle){.base.pMethods = &methods, .disk = disk, .file = file, .life = disk->life};
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    struct disk *disk = vfs->pAppData;
    struct file *file = file_find(disk, name, false);
    if (!file || !file->exists)
        return SQLITE_IOERR_DELETE_NOENT;
    int failed = disk_operation(disk, false);
    if (failed)
        return failed;
    file->exists = false;
    pending_add(file, (struct pending){.truncates = true}, NULL);
    image_truncate(&file->now, 0);
    if (sync_directory)
        file_synced(file);
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    (void)flags;
    const struct file *file = file_find(vfs->pAppData, name, false);
    *result = file && file->exists && (flags != SQLITE_ACCESS_EXISTS || file->now.size > 0);
    return SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *path)
{
    (void)vfs;
    sqlite3_snprintf(size, path, "%s", name);
    return SQLITE_OK;
}

static int disk_randomness(sqlite3_vfs *vfs, int size, char *to)
{
    struct disk *disk = vfs->pAppData;
    for (int i = 0; i < size; i++)
        to[i] = (char)chance_next(disk->chance);
    return size;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int disk_time(sqlite3_vfs *vfs, double *julian_day)
{
    (void)vfs;
    *julian_day = 2460000.5;
    return SQLITE_OK;
}

static int disk_last_error(sqlite3_vfs *vfs, int size, char *to)
{
    (void)vfs, (void)size, (void)to;
    return 0;
}

/* ---- doors ---- */

/* What images stood in serves the next disk: to get megabytes anew for each run costs more than to write to them. */
static struct image spare[FILES_MAX][2];

static void image_take(struct image *image, struct image *from)
{
    *image = *from;
    *from = (struct image){0};
}

static void image_give(struct image *image, struct image *to)
{
    image_truncate(image, 0);
    free(to->bytes);
    image_take(to, image);
}

struct disk *disk_new(struct chance *chance)
{
    struct disk *disk = calloc(1, sizeof *disk);
    assert(disk);
    disk->chance = chance;
    for (int i = 0; i < FILES_MAX; i++) {
        image_take(&disk->files[i].now, &spare[i][0]);
        image_take(&disk->files[i].durable, &spare[i][1]);
    }
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = NAME_MAX_ - 1,
        .zName = DISK_VFS,
        .pAppData = disk,
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_randomness,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_time,
        .xGetLastError = disk_last_error,
    };
    int failed = sqlite3_vfs_register(&disk->vfs, 0);
    assert(!failed);
    return disk;
}

void disk_free(struct disk *disk)
{
    if (!disk)
        return;
    sqlite3_vfs_unregister(&disk->vfs);
    for (int i = 0; i < FILES_MAX; i++) {
        pending_forget(&disk->files[i]);
        free(disk->files[i].pending);
        image_give(&disk->files[i].now, &spare[i][0]);
        image_give(&disk->files[i].durable, &spare[i][1]);
        free(disk->kept[i].bytes);
    }
    free(disk);
}

void disk_order_fault(struct disk *disk, enum disk_fault fault, uint64_t operations)
{
    disk->fault = fault;
    disk->fault_at = disk->operations + operations;
}

void disk_has_room(struct disk *disk)
{
    disk->full = false;
}

uint64_t disk_failures(const struct disk *disk)
{
    return disk->failures;
}

void disk_power_on(struct disk *disk)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (disk->files[i].name[0])
            file_crashed(disk, &disk->files[i]);
    disk->life++;
    disk->off = false;
    disk->full = false;
    disk->fault = DISK_FAULT_NONE;
}

void disk_keep(struct disk *disk)
{
    for (int i = 0; i < FILES_MAX; i++) {
        image_copy(&disk->kept[i], &disk->files[i].durable);
        disk->kept_exists[i] = disk->files[i].exists_durably;
    }
    disk->has_kept = true;
}

bool disk_put_back(struct disk *disk)
{
    for (int i = 0; disk->has_kept && i < FILES_MAX; i++) {
        struct file *file = &disk->files[i];
        pending_forget(file);
        file->exists = file->exists_durably = disk->kept_exists[i];
        image_copy(&file->durable, &disk->kept[i]);
        image_copy(&file->now, &disk->kept[i]);
    }
    disk->life++;
    return disk->has_kept;
}
