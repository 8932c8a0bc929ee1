#include "base/unicode.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/xalloc.h"

/* Whether a code point is the same in NFC whatever stands around it: letters below the first combining mark, the
 * composed Vietnamese ones, and punctuation. Nothing depends on the list being complete. */
static bool is_settled(uint32_t point)
{
    return point < 0x300 || (point >= 0x1EA0 && point <= 0x1EF9) || (point >= 0x2010 && point <= 0x2027) ||
           (point >= 0x4E00 && point <= 0x9FFF);
}

static bool is_composed(struct text text)
{
    const uint8_t *at = (const uint8_t *)text.data, *end = at + text.size;
    while (at < end) {
        uint64_t eight;
        while (end - at >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0))
            at += 8;
        if (at < end && *at < 0x80) {
            at++;
            continue;
        }
        if (at == end)
            break;
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t size = utf8proc_iterate(at, end - at, &point);
        if (size <= 0 || !is_settled((uint32_t)point))
            return false;
        at += size;
    }
    return true;
}

/* Decomposes, and encodes again as the options say. */
static struct text convert(struct arena *arena, struct text text, utf8proc_option_t options)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, text.size, NULL, 0, options);
    if (count < 0)
        return text; /* not UTF-8: the caller promised otherwise */
    utf8proc_int32_t *points = arena_alloc(arena, ((size_t)count + 1) * sizeof(*points));
    if (!points)
        xalloc_failed();
    utf8proc_ssize_t again = utf8proc_decompose(bytes, text.size, points, count, options);
    assert(again == count);
    utf8proc_ssize_t size = utf8proc_reencode(points, count, options);
    assert(size >= 0);
    return (struct text){(const char *)points, (uint32_t)size};
}

struct text unicode_compose(struct arena *arena, struct text text)
{
    if (is_composed(text))
        return text;
    return convert(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/* đ is a letter of its own, not a d with a mark: no decomposition knows it. In place, for it only shrinks. */
static struct text replace_dyet(char *data, uint32_t size)
{
    uint32_t to = 0;
    for (uint32_t from = 0; from < size; from++) {
        if ((uint8_t)data[from] == 0xC4 && from + 1 < size && (uint8_t)data[from + 1] == 0x91) {
            data[to++] = 'd';
            from++;
        } else {
            data[to++] = data[from];
        }
    }
    return (struct text){data, to};
}

struct text unicode_fold(struct arena *arena, struct text text)
{
    struct text folded = convert(arena, text,
                                 UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    char *data = arena_alloc(arena, folded.size + 1);
    if (!data)
        xalloc_failed();
    if (folded.size)
        memcpy(data, folded.data, folded.size);
    return replace_dyet(data, folded.size);
}
