/* To preload into a broker: the n-th allocation of its own, of SQLite, msgpack-c or utf8proc fails. libzmq's and libuv's
 * do not: those end the process themselves when memory runs out.
 */
#include "fault/starve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RANGES_MAX 16

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static struct starve *shared;
static struct {
    uintptr_t begin, end;
} ranges[RANGES_MAX];
static int range_count;

static void take_ranges(void)
{
    static const char *const libraries[] = {"libsqlite3", "libmsgpackc", "libutf8proc"};
    char line[4400], program[4096], rights[5], path[4096];
    unsigned long from, to;
    const ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    FILE *maps = fopen("/proc/self/maps", "re");
    if (size < 0 || !maps)
        abort();
    program[size] = '\0';
    while (fgets(line, sizeof line, maps) && range_count < RANGES_MAX) {
        if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %4095s", &from, &to, rights, path) != 4 || rights[2] != 'x')
            continue;
        bool counts = strcmp(path, program) == 0;
        for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
            counts = counts || strstr(path, libraries[i]);
        if (!counts)
            continue;
        ranges[range_count].begin = from;
        ranges[range_count++].end = to;
    }
    fclose(maps);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COORD_STARVE");
    const int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    take_ranges();
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED)
        shared = memory;
    close(file);
}

static bool fails(const void *caller)
{
    if (!shared)
        return false;
    bool counts = false;
    for (int i = 0; i < range_count; i++)
        counts = counts || ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end);
    if (!counts || __sync_add_and_fetch(&shared->calls, 1) != shared->at)
        return false;
    shared->struck = 1;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, bytes);
}
