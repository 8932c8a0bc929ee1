/* Memory that grows: buffers and arenas.
 *
 * Invariants: `size <= capacity` and data is NULL iff capacity is 0. A failure sticks until the next clear, so that
 * a long run of appends asks about it once. Nothing here is fatal: the client library may not end its host.
 */
#include "buffer.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_CAPACITY_MIN 256  /* most frames fit without growing again */
#define ARENA_BLOCK_MIN     4096 /* what a decoded request needs for its arrays */

/* ---- text ---- */

struct text text_of(const char *terminated)
{
    return terminated ? (struct text){terminated, (uint32_t)strlen(terminated)} : (struct text){NULL, 0};
}

bool text_equal(struct text a, struct text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int text_compare(struct text a, struct text b)
{
    uint32_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order == 0)
        order = (a.size > b.size) - (a.size < b.size);
    return order;
}

/* ---- buffer ---- */

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_done(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

static void buffer_fail(struct buffer *buffer)
{
    buffer->failed = true;
    if (buffer->exhausted)
        buffer->exhausted();
}

static bool buffer_grow(struct buffer *buffer, size_t size)
{
    size_t needed = buffer->size + size;
    size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_CAPACITY_MIN;
    while (capacity < needed && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    char *data = needed >= size && capacity >= needed ? realloc(buffer->data, capacity) : NULL;
    if (!data) {
        buffer_fail(buffer);
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

char *buffer_extend(struct buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    if ((!buffer->data || size > buffer->capacity - buffer->size) && !buffer_grow(buffer, size))
        return NULL;
    char *end = buffer->data + buffer->size;
    buffer->size += size;
    return end;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    /* vsnprintf ends with a zero byte, for which there must be room though it is not kept. */
    char *end = size >= 0 ? buffer_extend(buffer, (size_t)size + 1) : NULL;
    if (end) {
        vsnprintf(end, (size_t)size + 1, format, again);
        buffer->size--;
    } else {
        buffer_fail(buffer);
    }
    va_end(again);
    va_end(arguments);
}

/* ---- arena ---- */

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    max_align_t bytes[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_done(struct arena *arena)
{
    free_blocks(arena->blocks);
    *arena = (struct arena){0};
}

/* A sanitizer sees only what is freed: under one, nothing is kept, and whoever still points into it is found. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_KEEPS_NONE
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_KEEPS_NONE
#endif

void arena_clear(struct arena *arena)
{
#ifdef ARENA_KEEPS_NONE
    free_blocks(arena->blocks);
    arena->blocks = NULL;
#endif
    struct arena_block *largest = arena->blocks; /* each is larger than the one before it */
    if (largest) {
        free_blocks(largest->next);
        largest->next = NULL;
        largest->used = 0;
    }
    arena->failed = false;
}

static void arena_fail(struct arena *arena)
{
    arena->failed = true;
    if (arena->exhausted)
        arena->exhausted();
}

/* A new block in front, twice as large as the one before it: many small allocations need few blocks. */
static struct arena_block *arena_grow(struct arena *arena, size_t needed)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : ARENA_BLOCK_MIN;
    if (size < needed)
        size = needed;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block) {
        arena_fail(arena);
        return NULL;
    }
    *block = (struct arena_block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (arena->failed)
        return NULL;
    if (size > SIZE_MAX / 2) {
        arena_fail(arena);
        return NULL;
    }
    size_t rounded = size ? (size + unit - 1) / unit * unit : unit;
    struct arena_block *block = arena->blocks;
    if (!block || block->size - block->used < rounded)
        block = arena_grow(arena, rounded);
    if (!block)
        return NULL;
    void *allocated = (char *)block->bytes + block->used;
    block->used += rounded;
    return memset(allocated, 0, size);
}

struct text arena_copy(struct arena *arena, struct text text)
{
    char *copy = text.size ? arena_alloc(arena, text.size) : NULL;
    if (!copy)
        return (struct text){NULL, 0};
    memcpy(copy, text.data, text.size);
    return (struct text){copy, text.size};
}

struct text arena_printf(struct arena *arena, const char *format, ...)
{
    struct text text = {NULL, 0};
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    char *bytes = size >= 0 ? arena_alloc(arena, (size_t)size + 1) : NULL;
    if (bytes) {
        vsnprintf(bytes, (size_t)size + 1, format, again);
        text = (struct text){bytes, (uint32_t)size};
    } else {
        arena_fail(arena);
    }
    va_end(again);
    va_end(arguments);
    return text;
}
