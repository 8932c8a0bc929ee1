/* A growing run of bytes, and an arena of small allocations freed together.
 *
 * Both can run out of memory without aborting, because the client library must not: a failure sticks, every later
 * call does nothing, and the owner asks once at the end. An owner that cannot go on then has itself called at once.
 */
#ifndef COORD_BUFFER_H
#define COORD_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A borrowed run of bytes; the comment where one is handed out names its lender and lifetime. */
struct text {
    const char *data; /* not terminated; may be NULL when size is 0 */
    uint32_t size;    /* bytes */
};

#ifdef __cplusplus
#define TEXT(literal) (text{(literal), sizeof literal - 1})
#else
#define TEXT(literal) ((struct text){(literal), sizeof literal - 1})
#endif
/* For printf's "%.*s". */
#define TEXT_ARGS(t) (int)(t).size, ((t).data ? (t).data : "")

struct text text_of(const char *terminated); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
int text_compare(struct text a, struct text b); /* byte by byte, as memcmp */

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
    bool failed;             /* memory ran out: contents are incomplete */
    void (*exhausted)(void); /* called when it does; NULL for nobody */
};

void buffer_init(struct buffer *buffer); /* all zeroes is as good */
void buffer_done(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory, forgets the failure */
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for `size` bytes at the end, counted in already; NULL when memory ran out. Valid until the next call. */
char *buffer_extend(struct buffer *buffer, size_t size);
/* Room for at least `size` bytes past the end, not counted in; NULL when memory ran out. Valid until the next call. */
static inline char *buffer_room(struct buffer *buffer, size_t size)
{
    if (size <= buffer->capacity - buffer->size && !buffer->failed)
        return buffer->data + buffer->size;
    char *end = buffer_extend(buffer, size);
    buffer->size -= end ? size : 0;
    return end;
}
/* What has room, as nearly all has, is copied without a call. */
static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
    char *end;
    if (size == 0)
        return;
    if (size <= buffer->capacity - buffer->size && !buffer->failed) {
        end = buffer->data + buffer->size;
        buffer->size += size;
    } else if (!(end = buffer_extend(buffer, size))) {
        return;
    }
    memcpy(end, bytes, size);
}

struct arena_block;

struct arena {
    struct arena_block *blocks;
    bool failed;
    void (*exhausted)(void); /* called when memory runs out; NULL for nobody */
};

void arena_init(struct arena *arena);
void arena_done(struct arena *arena);
void arena_clear(struct arena *arena); /* keeps one block, so that a steady state allocates nothing */
/* Zeroed, aligned for any type; NULL when memory ran out. Valid until arena_clear. */
void *arena_alloc(struct arena *arena, size_t size);
struct text arena_copy(struct arena *arena, struct text text);
struct text arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
