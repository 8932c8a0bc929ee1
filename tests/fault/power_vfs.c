/* A crash state as SQLite sees it: see power_disk.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fault/power_files.h"

struct handle {
    sqlite3_file base;
    struct power_disk *disk;
    struct power_file *file;
};

static struct handle *handle_of(sqlite3_file *base)
{
    return (struct handle *)base;
}

static int handle_close(sqlite3_file *base)
{
    (void)base;
    return SQLITE_OK;
}

static int handle_read(sqlite3_file *base, void *to, int size, sqlite3_int64 offset)
{
    const struct handle *handle = handle_of(base);
    const struct power_file *file = handle->file;
    if (handle->disk->off)
        return SQLITE_IOERR_READ;
    const uint64_t there = file->size > (uint64_t)offset ? file->size - (uint64_t)offset : 0;
    const size_t got = there < (uint64_t)size ? (size_t)there : (size_t)size;
    if (got > 0)
        memcpy(to, file->bytes + offset, got);
    memset((char *)to + got, 0, (size_t)size - got);
    return got == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int handle_write(sqlite3_file *base, const void *from, int size, sqlite3_int64 offset)
{
    struct handle *handle = handle_of(base);
    if (handle->disk->off)
        return SQLITE_IOERR_WRITE;
    power_file_write(handle->disk, handle->file, (uint64_t)offset, from, (uint64_t)size);
    return SQLITE_OK;
}

static int handle_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = handle_of(base);
    if (handle->disk->off)
        return SQLITE_IOERR_TRUNCATE;
    power_file_truncate(handle->disk, handle->file, (uint64_t)size);
    return SQLITE_OK;
}

static int handle_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    return handle_of(base)->disk->off ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int handle_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)handle_of(base)->file->size;
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
    return POWER_SECTOR;
}

static int handle_character(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as SQLite assumes of every disk, and assumed when the log was made */
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

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
    struct power_disk *disk = vfs->pAppData;
    struct handle *handle = handle_of(base);
    memset(handle, 0, sizeof *handle);
    if (disk->off || !path)
        return SQLITE_CANTOPEN;
    struct power_name *name = power_name_of(disk, last_part(path));
    if (!name->found && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    if (!name->found)
        name->found = power_file_new(disk);
    *handle = (struct handle){{&methods}, disk, name->found};
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
    struct power_disk *disk = vfs->pAppData;
    struct power_name *name = power_name_of(disk, last_part(path));
    (void)sync_directory;
    if (disk->off)
        return SQLITE_IOERR_DELETE;
    if (!name->found)
        return SQLITE_IOERR_DELETE_NOENT;
    name->found = NULL;
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
    const struct power_file *file = power_name_of(vfs->pAppData, last_part(path))->found;
    *result = file && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
    return SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full)
{
    (void)vfs;
    sqlite3_snprintf(size, full, "%s", path);
    return SQLITE_OK;
}

static int disk_randomness(sqlite3_vfs *vfs, int size, char *to)
{
    (void)vfs;
    memset(to, 7, (size_t)size);
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

void power_vfs_register(struct power_disk *disk)
{
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = 511,
        .zName = POWER_VFS,
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
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK)
        abort();
}

void power_vfs_unregister(struct power_disk *disk)
{
    sqlite3_vfs_unregister(&disk->vfs);
}
