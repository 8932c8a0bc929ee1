/* To preload into a broker: enters into a log (power_log.h) what happens to the files of its store, and when its
 * acknowledgements leave.
 *
 * Two locks. Operations on the store are done and entered under one, so that a process which is to die after the n-th
 * has done exactly what the log says. The log itself is under the other: an acknowledgement never waits for a sync that
 * is under way, or the log could not tell that it had left too early.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/frames.h"
#include "fault/power_log.h"

#define DESCRIPTORS_MAX 4096
#define STORE           "coordd.db"

static struct power_log *power;
static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static bool of_store[DESCRIPTORS_MAX];
static ino_t directory; /* of the store */
static uint64_t newest; /* acknowledged so far */

#define REAL(name)                                                                                                     \
    static __typeof__(&name) real;                                                                                     \
    if (!real)                                                                                                         \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

static void enter(enum power_kind kind, int descriptor, uint64_t number, const void *bytes, size_t size)
{
    const struct power_entry entry = {(uint32_t)kind, descriptor, number, (uint32_t)size, 0};
    pthread_mutex_lock(&log_lock);
    const uint64_t at = power->tail, end = power_entry_end(at, &entry);
    if (end > POWER_LOG_MAX) {
        power->full = 1;
    } else {
        memcpy((uint8_t *)power + at, &entry, sizeof entry);
        if (size > 0)
            memcpy((uint8_t *)power + at + sizeof entry, bytes, size);
        power->tail = end;
    }
    pthread_mutex_unlock(&log_lock);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COORD_POWER");
    const int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *memory = mmap(NULL, POWER_LOG_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        return;
    power = memory;
    enter(POWER_START, -1, 0, NULL, 0);
}

static const char *store_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    return strncmp(name, STORE, sizeof STORE - 1) == 0 && strlen(name) < POWER_NAME_MAX ? name : NULL;
}

static bool tracked(int descriptor)
{
    return power && descriptor >= 0 && descriptor < DESCRIPTORS_MAX && of_store[descriptor];
}

/* An operation on the store is done, and is entered: the process may die of it. */
static void done(enum power_kind kind, int descriptor, uint64_t number, const void *bytes, size_t size)
{
    enter(kind, descriptor, number, bytes, size);
    if (++power->operations == power->die_at)
        kill(getpid(), SIGKILL);
}

static void note_directory(const char *path)
{
    char copy[PATH_MAX];
    struct stat status;
    snprintf(copy, sizeof copy, "%s", path);
    if (directory == 0 && stat(dirname(copy), &status) == 0)
        directory = status.st_ino;
}

static int open_store(__typeof__(&open64) real, const char *path, const char *name, int flags, mode_t mode)
{
    struct stat status;
    pthread_mutex_lock(&store_lock);
    const bool there = stat(path, &status) == 0;
    const int descriptor = real(path, flags, mode);
    if (descriptor >= 0 && descriptor < DESCRIPTORS_MAX) {
        of_store[descriptor] = true;
        note_directory(path);
        done(POWER_OPEN, descriptor, !there, name, strlen(name) + 1);
    }
    pthread_mutex_unlock(&store_lock);
    return descriptor;
}

int open64(const char *path, int flags, ...)
{
    REAL(open64);
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    const char *name = power ? store_name(path) : NULL;
    return name ? open_store(real, path, name, flags, mode) : real(path, flags, mode);
}

int close(int descriptor)
{
    REAL(close);
    if (tracked(descriptor))
        of_store[descriptor] = false;
    return real(descriptor);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset)
{
    REAL(pwrite64);
    if (!tracked(descriptor))
        return real(descriptor, bytes, size, offset);
    pthread_mutex_lock(&store_lock);
    const ssize_t written = real(descriptor, bytes, size, offset);
    if (written > 0)
        done(POWER_WRITE, descriptor, (uint64_t)offset, bytes, (size_t)written);
    pthread_mutex_unlock(&store_lock);
    return written;
}

int ftruncate64(int descriptor, off64_t size)
{
    REAL(ftruncate64);
    if (!tracked(descriptor))
        return real(descriptor, size);
    pthread_mutex_lock(&store_lock);
    const int result = real(descriptor, size);
    if (result == 0)
        done(POWER_TRUNCATE, descriptor, (uint64_t)size, NULL, 0);
    pthread_mutex_unlock(&store_lock);
    return result;
}

static bool is_directory(int descriptor)
{
    struct stat status;
    return power && directory != 0 && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_ino == directory;
}

static int sync_with(int (*real)(int), int descriptor)
{
    const bool file = tracked(descriptor);
    if (!file && !is_directory(descriptor))
        return real(descriptor);
    pthread_mutex_lock(&store_lock);
    const int result = real(descriptor);
    if (result == 0)
        done(file ? POWER_SYNC : POWER_SYNC_DIRECTORY, descriptor, 0, NULL, 0);
    pthread_mutex_unlock(&store_lock);
    return result;
}

int fdatasync(int descriptor)
{
    REAL(fdatasync);
    return sync_with(real, descriptor);
}

int fsync(int descriptor)
{
    REAL(fsync);
    return sync_with(real, descriptor);
}

int unlink(const char *path)
{
    REAL(unlink);
    const char *name = power ? store_name(path) : NULL;
    if (!name)
        return real(path);
    pthread_mutex_lock(&store_lock);
    const int result = real(path);
    if (result == 0)
        done(POWER_UNLINK, -1, 0, name, strlen(name) + 1);
    pthread_mutex_unlock(&store_lock);
    return result;
}

int zmq_msg_send(zmq_msg_t *message, void *socket, int flags)
{
    REAL(zmq_msg_send);
    if (power) {
        const uint64_t seq = frame_newest_seq(zmq_msg_data(message), zmq_msg_size(message));
        if (seq > newest) {
            newest = seq;
            enter(POWER_ACKNOWLEDGED, -1, seq, NULL, 0);
        }
    }
    return real(message, socket, flags);
}
