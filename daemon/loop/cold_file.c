#include "loop/cold_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"

#define TOLD_SECONDS 3600 /* between two words about a refusal */

struct cold_file {
    struct lender lender; /* first */
    int descriptor;       /* -1: there is no file, and the system said why */
    int error;
    char directory[4096];
    char **regions; /* mapped, in the order of the file; NULL where one was given back */
    size_t count, capacity;
    size_t rested;   /* the next to be let go */
    int64_t told_at; /* seconds of the monotonic clock, when a refusal was told; 0 for never */
};

/* ---- the file ---- */

/* Not all file systems can make one without a name: then it has one for a moment. */
static int open_nameless(const char *directory)
{
    char path[4096 + 16];
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return descriptor;
    snprintf(path, sizeof path, "%s/cold-XXXXXX", directory);
    descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0)
        (void)unlink(path);
    return descriptor;
}

static bool disk_has_room(const struct cold_file *file)
{
    struct statvfs disk;
    return fstatvfs(file->descriptor, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize >= COLD_FILE_LEFT + LENT_REGION;
}

/* 0, or an error of the system's. */
static int reserve(struct cold_file *file)
{
    const off_t end = (off_t)file->count * LENT_REGION;
    if (file->descriptor < 0)
        return file->error;
    if (!disk_has_room(file))
        return ENOSPC;
    const int error = posix_fallocate(file->descriptor, end, LENT_REGION);
    if (error && ftruncate(file->descriptor, end) != 0)
        return errno;
    return error;
}

/* ---- resting ---- */

static void rest(char *region)
{
    if (region)
        (void)madvise(region, LENT_REGION, MADV_DONTNEED);
}

void cold_file_rest(struct cold_file *file)
{
    if (file->count == 0)
        return;
    rest(file->regions[file->rested % file->count]);
    file->rested = (file->rested + 1) % file->count;
}

void cold_file_rest_all(struct cold_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        rest(file->regions[i]);
}

/* ---- the lender ---- */

static void tell_refused(struct cold_file *file, int error)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (file->told_at != 0 && now.tv_sec - file->told_at < TOLD_SECONDS)
        return;
    file->told_at = now.tv_sec + 1;
    log_warning("closed tasks stay in memory: a file in %s has no room for them: %s", file->directory, strerror(error));
}

static void *lend(struct lender *lender)
{
    struct cold_file *file = (struct cold_file *)lender;
    const int error = reserve(file);
    if (error) {
        tell_refused(file, error);
        return NULL;
    }
    void *memory = mmap(NULL, LENT_REGION, PROT_READ | PROT_WRITE, MAP_SHARED, file->descriptor,
                        (off_t)file->count * LENT_REGION);
    if (memory == MAP_FAILED) {
        tell_refused(file, errno);
        return NULL;
    }
    file->regions = xgrow(file->regions, file->count, &file->capacity, sizeof *file->regions);
    if (file->count > 0)
        rest(file->regions[file->count - 1]); /* it is full, as a rule */
    file->regions[file->count++] = memory;
    return memory;
}

/* When the core goes: its place in the file is not used again. */
static void take_back(struct lender *lender, void *region)
{
    struct cold_file *file = (struct cold_file *)lender;
    for (size_t i = 0; i < file->count; i++)
        if (file->regions[i] == region)
            file->regions[i] = NULL;
    (void)munmap(region, LENT_REGION);
}

static void rest_all(struct lender *lender)
{
    cold_file_rest_all((struct cold_file *)lender);
}

struct lender *cold_file_lender(struct cold_file *file)
{
    return &file->lender;
}

/* ---- being ---- */

struct cold_file *cold_file_new(const char *directory)
{
    struct cold_file *file = xcalloc(1, sizeof *file);
    file->lender = (struct lender){lend, take_back, rest_all};
    snprintf(file->directory, sizeof file->directory, "%s", directory);
    file->descriptor = open_nameless(directory);
    file->error = errno;
    return file;
}

void cold_file_free(struct cold_file *file)
{
    if (!file)
        return;
    if (file->descriptor >= 0)
        close(file->descriptor);
    free(file->regions);
    free(file);
}

uint64_t cold_file_size(const struct cold_file *file)
{
    return (uint64_t)file->count * LENT_REGION;
}
