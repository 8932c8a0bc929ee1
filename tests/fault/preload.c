/* To preload into a broker: errors, a full disk, a wrong clock; and an audit of what leaves before its sync.
 *
 * The audit knows which record a transaction ends with from the store's head, whose first parameter it is. It is covered
 * once its COMMIT is done and no byte of the write-ahead log is left that a successful sync has not followed. Each frame
 * that leaves and names a `seq` must name one that is covered.
 */
#include "fault/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/frames.h"

static struct preload *shared;
static uint64_t budget; /* bytes that the reserve left */
/* The journal's thread alone touches these. */
static uint64_t pending;   /* the newest record of the transaction that is being written… */
static uint64_t committed; /* …and of the last that was */
static bool log_unsynced;  /* the write-ahead log has bytes that no sync has followed */

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COORD_FAULT");
    const int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED)
        shared = NULL;
    close(file);
}

#define REAL(name)                                                                                                     \
    static __typeof__(&name) real;                                                                                     \
    if (!real)                                                                                                         \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

enum whose { NOT_OURS, STORE_FILE, STORE_LOG };

static enum whose whose(int descriptor)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return NOT_OURS;
    path[size] = '\0';
    const char *name = strstr(path, "coordd.db");
    return !name ? NOT_OURS : strcmp(name, "coordd.db-wal") == 0 ? STORE_LOG : STORE_FILE;
}

/* Which fault strikes this call, PRELOAD_NONE for none: reads are counted when reads are to fail, and else the others. */
static int strike(enum preload_call call)
{
    struct timespec now;
    if (!shared || shared->fault == PRELOAD_NONE || shared->struck ||
        (shared->fault == PRELOAD_READ) != (call == PRELOAD_A_READ) ||
        __sync_add_and_fetch(&shared->calls, 1) != shared->at)
        return PRELOAD_NONE;
    clock_gettime(CLOCK_MONOTONIC, &now);
    shared->struck_at = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    shared->struck = call;
    return shared->fault;
}

static int fail_with(int error)
{
    errno = error;
    return -1;
}

static bool no_room(int descriptor, size_t size, off_t offset)
{
    struct stat status;
    if (!shared || !shared->full || fstat(descriptor, &status) != 0 || offset + (off_t)size <= status.st_size)
        return false;
    if (budget < size)
        return true;
    budget -= size;
    return false;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset)
{
    REAL(pwrite64);
    const enum whose file = shared ? whose(descriptor) : NOT_OURS;
    if (file == NOT_OURS)
        return real(descriptor, bytes, size, offset);
    if (no_room(descriptor, size, offset))
        return fail_with(ENOSPC);
    if (file == STORE_LOG)
        log_unsynced = true;
    switch (strike(PRELOAD_A_WRITE)) {
    case PRELOAD_EIO:
        return fail_with(EIO);
    case PRELOAD_FULL:
        return fail_with(ENOSPC);
    case PRELOAD_EINTR:
        return fail_with(EINTR);
    case PRELOAD_SHORT:
        return real(descriptor, bytes, size / 2, offset);
    default:
        return real(descriptor, bytes, size, offset);
    }
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(descriptor, bytes, size, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t size, off64_t offset)
{
    REAL(pread64);
    if (shared && shared->fault == PRELOAD_READ && whose(descriptor) != NOT_OURS &&
        strike(PRELOAD_A_READ) != PRELOAD_NONE)
        return fail_with(EIO);
    return real(descriptor, bytes, size, offset);
}

int ftruncate64(int descriptor, off64_t size)
{
    REAL(ftruncate64);
    if (!shared || whose(descriptor) == NOT_OURS)
        return real(descriptor, size);
    switch (strike(PRELOAD_A_TRUNCATION)) {
    case PRELOAD_EINTR:
        return fail_with(EINTR);
    case PRELOAD_NONE:
        return real(descriptor, size);
    default:
        return fail_with(EIO);
    }
}

/* Letting the reserve go makes room for that much; taking it back needs room. */
int unlinkat(int directory, const char *path, int flags)
{
    REAL(unlinkat);
    struct stat status;
    const bool there = strcmp(path, "reserve") == 0 && fstatat(directory, path, &status, 0) == 0;
    const int result = real(directory, path, flags);
    if (there && result == 0)
        budget += (uint64_t)status.st_blocks * 512;
    return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t size)
{
    REAL(posix_fallocate);
    return shared && shared->full ? ENOSPC : real(descriptor, offset, size);
}

int fdatasync(int descriptor)
{
    REAL(fdatasync);
    const enum whose file = shared ? whose(descriptor) : NOT_OURS;
    if (file == NOT_OURS)
        return real(descriptor);
    if (strike(PRELOAD_A_SYNC) != PRELOAD_NONE)
        return fail_with(EIO);
    const int result = real(descriptor);
    if (result == 0 && file == STORE_LOG) {
        log_unsynced = false;
        shared->covered = committed > shared->covered ? committed : shared->covered;
    }
    return result;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    REAL(clock_gettime);
    const int result = real(clock, now);
    if (clock == CLOCK_REALTIME && shared && shared->clock_ms) {
        const int64_t ms = (int64_t)now->tv_sec * 1000 + now->tv_nsec / 1000000 + shared->clock_ms;
        now->tv_sec = ms / 1000;
    }
    return result;
}

int adjtimex(struct timex *timex)
{
    REAL(adjtimex);
    const int state = real(timex);
    if (!shared || !shared->synchronised)
        return state;
    timex->status = shared->synchronised > 0 ? 0 : STA_UNSYNC;
    return shared->synchronised > 0 ? TIME_OK : TIME_ERROR;
}

/* ---- the audit ---- */

int sqlite3_bind_int64(sqlite3_stmt *statement, int index, sqlite3_int64 value)
{
    REAL(sqlite3_bind_int64);
    if (shared && index == 1 && strncmp(sqlite3_sql(statement), "REPLACE INTO head", 17) == 0)
        pending = (uint64_t)value;
    return real(statement, index, value);
}

int sqlite3_step(sqlite3_stmt *statement)
{
    REAL(sqlite3_step);
    const int result = real(statement);
    const char *sql = shared && result == SQLITE_DONE ? sqlite3_sql(statement) : NULL;
    if (!sql || strcmp(sql, "COMMIT") != 0)
        return result;
    committed = pending;
    if (!log_unsynced && committed > shared->covered)
        shared->covered = committed;
    return result;
}

int zmq_msg_send(zmq_msg_t *message, void *socket, int flags)
{
    REAL(zmq_msg_send);
    if (shared) {
        const void *frame = zmq_msg_data(message);
        const size_t size = zmq_msg_size(message);
        const uint64_t seq = frame_newest_seq(frame, size);
        if (seq > 0 && memmem(frame, size, "\xA2op\xA5reply", 9))
            shared->replies++;
        shared->frames += seq > 0;
        shared->uncovered += seq > shared->covered;
    }
    return real(message, socket, flags);
}
