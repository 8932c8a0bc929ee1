/* To preload into a broker: errors, a full disk, a wrong clock; and an audit of what leaves before its sync.
 *
 * The audit knows which record a transaction ends with from the store's head, whose first parameter it is; a successful
 * fdatasync after that covers it. Each frame that leaves and names a `seq` must name one that is covered.
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
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static struct preload *shared;
static uint64_t pending; /* of the transaction that is being written */
static uint64_t budget;  /* bytes that the reserve left */

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

static bool of_the_store(int descriptor)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return false;
    path[size] = '\0';
    return strstr(path, "coordd.db") != NULL;
}

static int strike(int what)
{
    if (!shared || shared->fault == PRELOAD_NONE || shared->struck ||
        __sync_add_and_fetch(&shared->calls, 1) != shared->at)
        return PRELOAD_NONE;
    shared->struck = what;
    return shared->fault;
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
    if (!shared || !of_the_store(descriptor))
        return real(descriptor, bytes, size, offset);
    if (no_room(descriptor, size, offset)) {
        errno = ENOSPC;
        return -1;
    }
    switch (strike(1)) {
    case PRELOAD_EIO:
        errno = EIO;
        return -1;
    case PRELOAD_FULL:
        errno = ENOSPC;
        return -1;
    case PRELOAD_EINTR:
        errno = EINTR;
        return -1;
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

/* Letting the reserve go makes room for that much; taking it back needs room. */
int unlinkat(int directory, const char *path, int flags)
{
    REAL(unlinkat);
    if (strcmp(path, "reserve") == 0)
        budget = 16 << 20;
    return real(directory, path, flags);
}

int posix_fallocate(int descriptor, off_t offset, off_t size)
{
    REAL(posix_fallocate);
    return shared && shared->full ? ENOSPC : real(descriptor, offset, size);
}

int fdatasync(int descriptor)
{
    REAL(fdatasync);
    if (!shared || !of_the_store(descriptor))
        return real(descriptor);
    if (strike(2) != PRELOAD_NONE) {
        errno = EIO;
        return -1;
    }
    const int result = real(descriptor);
    if (result == 0)
        shared->covered = pending;
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

/* ---- the audit ---- */

int sqlite3_bind_int64(sqlite3_stmt *statement, int index, sqlite3_int64 value)
{
    REAL(sqlite3_bind_int64);
    if (shared && index == 1 && strncmp(sqlite3_sql(statement), "REPLACE INTO head", 17) == 0)
        pending = (uint64_t)value;
    return real(statement, index, value);
}

/* The number after the first key `seq`; 0 when there is none. */
static uint64_t seq_of(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = memmem(bytes, size, "\xA3seq", 4);
    if (!at || at + 5 > bytes + size)
        return 0;
    at += 4;
    if (*at < 0x80)
        return *at;
    if (*at < 0xCC || *at > 0xCF)
        return 0;
    const int digits = 1 << (*at - 0xCC);
    uint64_t seq = 0;
    for (int i = 1; i <= digits && at + i < bytes + size; i++)
        seq = seq << 8 | at[i];
    return seq;
}

int zmq_msg_send(zmq_msg_t *message, void *socket, int flags)
{
    REAL(zmq_msg_send);
    if (shared && zmq_msg_size(message) > 5) {
        const uint64_t seq = seq_of(zmq_msg_data(message), zmq_msg_size(message));
        shared->frames += seq > 0;
        if (seq > shared->covered && seq > 0)
            shared->uncovered++;
    }
    return real(message, socket, flags);
}
