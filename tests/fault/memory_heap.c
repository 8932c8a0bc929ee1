/* See memory_heap.h. */
#include "fault/memory_heap.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/fault.h"

#define RANGES_MAX 16
#define BLOCKS     (1u << 18) /* watched at a time at most */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

/* ---- whose call it is ---- */

static struct {
    uintptr_t begin, end;
} ranges[RANGES_MAX];
static int range_count;

/* The executable parts of this program and of msgpack-c, as the system has mapped them. */
__attribute__((constructor)) static void begin(void)
{
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
        if (strcmp(path, program) != 0 && !strstr(path, "libmsgpackc"))
            continue;
        ranges[range_count].begin = from;
        ranges[range_count++].end = to;
    }
    fclose(maps);
}

static bool counts(const void *caller)
{
    for (int i = 0; i < range_count; i++)
        if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end)
            return true;
    return false;
}

/* ---- blocks that are not freed ---- */

static bool watching;
static void *blocks[BLOCKS];
static size_t live;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t place_of(const void *block)
{
    return (size_t)(((uintptr_t)block >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 46) % BLOCKS;
}

static void watch(void *block)
{
    if (!watching || !block)
        return;
    pthread_mutex_lock(&blocks_lock);
    size_t place = place_of(block);
    while (blocks[place])
        place = (place + 1) % BLOCKS;
    if (++live >= BLOCKS / 2)
        abort();
    blocks[place] = block;
    pthread_mutex_unlock(&blocks_lock);
}

/* Open addressing: what follows a hole moves up into it, unless it stands where it belongs. */
static void close_hole(size_t hole)
{
    for (size_t at = (hole + 1) % BLOCKS; blocks[at]; at = (at + 1) % BLOCKS) {
        const size_t home = place_of(blocks[at]);
        if ((at - home) % BLOCKS < (at - hole) % BLOCKS)
            continue;
        blocks[hole] = blocks[at];
        hole = at;
    }
    blocks[hole] = NULL;
}

static void unwatch(void *block)
{
    if (!watching || !block)
        return;
    pthread_mutex_lock(&blocks_lock);
    size_t place = place_of(block);
    while (blocks[place] && blocks[place] != block)
        place = (place + 1) % BLOCKS;
    if (blocks[place]) {
        close_hole(place);
        live--;
    }
    pthread_mutex_unlock(&blocks_lock);
}

void heap_watch(void)
{
    memset(blocks, 0, sizeof blocks);
    live = 0;
    watching = true;
}

size_t heap_live(void)
{
    pthread_mutex_lock(&blocks_lock);
    const size_t count = live;
    pthread_mutex_unlock(&blocks_lock);
    return count;
}

void heap_watch_no_more(void)
{
    watching = false;
}

/* ---- failing ---- */

static _Thread_local uint64_t countdown;
static _Thread_local bool goes_on, has_failed;
static _Thread_local heap_ended *on_ended;
static _Thread_local void *on_ended_context;
static _Thread_local uint64_t points;
static bool is_child;

void heap_fail(uint64_t n, bool on)
{
    countdown = n;
    goes_on = on;
    has_failed = false;
}

bool heap_failed(void)
{
    return has_failed;
}

void heap_explore(heap_ended *ended, void *context)
{
    on_ended = ended;
    on_ended_context = context;
}

bool heap_is_child(void)
{
    return is_child;
}

uint64_t heap_explored(void)
{
    return points;
}

/* In the child the allocation fails, and none after it. */
static bool explore(void)
{
    int status;
    heap_ended *const ended = on_ended;
    on_ended = NULL;
    points++;
    const pid_t child = fork();
    if (child == 0) {
        is_child = true;
        return true;
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        rig_die("no child can be made");
    ended(on_ended_context, points, status);
    on_ended = ended;
    return false;
}

static bool fails(const void *caller)
{
    if ((countdown == 0 && !on_ended) || !counts(caller))
        return false;
    if (on_ended)
        return explore();
    if (countdown > 1 && countdown-- > 1)
        return false;
    if (!goes_on)
        countdown = 0;
    return has_failed = true;
}

/* ---- the C library's names ---- */

void *malloc(size_t size)
{
    const void *caller = __builtin_return_address(0);
    if (fails(caller)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = __libc_malloc(size);
    if (watching && counts(caller))
        watch(block);
    return block;
}

void *calloc(size_t count, size_t size)
{
    const void *caller = __builtin_return_address(0);
    if (fails(caller)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = __libc_calloc(count, size);
    if (watching && counts(caller))
        watch(block);
    return block;
}

static void *resize(void *old, size_t size, const void *caller)
{
    if (fails(caller)) {
        errno = ENOMEM;
        return NULL;
    }
    unwatch(old);
    void *block = __libc_realloc(old, size);
    if (watching && counts(caller))
        watch(block);
    return block;
}

void *realloc(void *old, size_t size)
{
    return resize(old, size, __builtin_return_address(0));
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return resize(old, bytes, __builtin_return_address(0));
}

void free(void *block)
{
    unwatch(block);
    __libc_free(block);
}
