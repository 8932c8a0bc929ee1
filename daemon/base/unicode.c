#include "base/unicode.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/xalloc.h"
#include "settled.h"

/* ---- settled letters: protocol/settled.h ---- */

/* The first letter from here on that is not settled, or the end; *before is the settled letter right before it, if there is
 * one since `at`. */
static const uint8_t *skip_settled(const uint8_t *at, const uint8_t *end, const uint8_t **before)
{
    size_t size = 0;
    for (*before = at; at < end && (size = text_settled_size(at, end)) > 0; at += size)
        *before = at;
    return at;
}

/* Where the next settled letter begins. */
static const uint8_t *skip_unsettled(const uint8_t *at, const uint8_t *end)
{
    while (at < end && text_settled_size(at, end) == 0)
        do
            at++;
        while (at < end && (*at & 0xC0) == 0x80);
    return at;
}

#define POINTS_GUESSED 256 /* of a short text; of a longer one they are counted first */

/* Decomposes, and encodes again as the options say. */
static struct text convert(struct arena *arena, struct text text, utf8proc_option_t options)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    utf8proc_ssize_t room = text.size < POINTS_GUESSED / 4 ? POINTS_GUESSED : 0;
    utf8proc_int32_t *points = room ? arena_alloc(arena, POINTS_GUESSED * sizeof *points) : NULL;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, text.size, points, room, options);
    if (count < 0)
        return text; /* not UTF-8: the caller promised otherwise */
    if (count >= room) {
        points = arena_alloc(arena, ((size_t)count + 1) * sizeof *points);
        if (!points)
            xalloc_failed();
        utf8proc_ssize_t again = utf8proc_decompose(bytes, text.size, points, count, options);
        assert(again == count);
    }
    utf8proc_ssize_t size = utf8proc_reencode(points, count, options);
    assert(size >= 0);
    return (struct text){(const char *)points, (uint32_t)size};
}

/* ---- runs of marks ---- */

#define NFC_GROWS      3  /* a text of UTF-8 is three times as long in NFC at most (UAX #15) */
#define DECOMPOSED_MAX 18 /* characters that one becomes at most: U+FDFA does */

/* The marks that the text so far ends with, once a character more stands there; *longest is the longest run of all. */
static uint32_t count_marks(utf8proc_int32_t point, uint32_t run, uint32_t *longest)
{
    utf8proc_int32_t points[DECOMPOSED_MAX];
    int boundclass = 0;
    utf8proc_ssize_t count = 1;
    points[0] = point;
    if (utf8proc_get_property(point)->decomp_seqindex != UINT16_MAX)
        count = utf8proc_decompose_char(point, points, DECOMPOSED_MAX,
                                        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundclass);
    assert(count >= 0 && count <= DECOMPOSED_MAX);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        run = utf8proc_get_property(points[i])->combining_class ? run + 1 : 0;
        if (run > *longest)
            *longest = run;
    }
    return run;
}

static bool is_stream_safe(struct text text)
{
    const uint8_t *at = (const uint8_t *)text.data, *end = at + text.size;
    uint32_t run = 0, longest = 0;
    while (at < end && longest <= UNICODE_MARKS_MAX) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t size = at[0] < 0x80 ? 1 : utf8proc_iterate(at, end - at, &point);
        if (size <= 0)
            return true; /* not UTF-8: nothing will be composed */
        run = at[0] < 0x80 ? 0 : count_marks(point, run, &longest);
        at += size;
    }
    return longest <= UNICODE_MARKS_MAX;
}

/* ---- composing ---- */

/* Only what is between settled letters, with the one before it, is asked of the tables. */
enum unicode_result unicode_compose(struct arena *arena, struct text text, uint64_t *left, struct text *composed)
{
    const uint8_t *at = (const uint8_t *)text.data, *end = at + text.size, *done = at, *before, *first;
    char *out = NULL, *to = NULL;
    *composed = text;
    if (text_is_settled(text))
        return UNICODE_COMPOSED;
    while ((first = skip_settled(at, end, &before)) < end) {
        at = skip_unsettled(first, end);
        const struct text piece = {(const char *)before, (uint32_t)(at - before)};
        if (piece.size > *left)
            return UNICODE_TOO_MUCH;
        *left -= piece.size;
        if (!is_stream_safe(piece))
            return UNICODE_MARKS;
        if (!out && !(out = to = arena_alloc(arena, (size_t)text.size * NFC_GROWS)))
            xalloc_failed();
        const struct text again = convert(arena, piece, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        memcpy(to, done, (size_t)(before - done));
        to += before - done;
        memcpy(to, again.data, again.size);
        to += again.size;
        done = at;
    }
    if (out) {
        memcpy(to, done, (size_t)(end - done));
        to += end - done;
    }
    if (out && !text_equal((struct text){out, (uint32_t)(to - out)}, text))
        *composed = (struct text){out, (uint32_t)(to - out)};
    return UNICODE_COMPOSED;
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

/* Marks go before anything is put in order, so that a title of before the rule of runs costs no more than another. */
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

/* Marks that take room, or none, and show nothing: those that Unicode says are to be ignored where they are not known, as the fillers
 * of Hangul, and two that it has as symbols: braille without a dot, and a note's head that is none. */
static bool shows_nothing(utf8proc_int32_t point)
{
    const utf8proc_property_t *property = utf8proc_get_property(point);
    switch (property->category) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
        return true;
    default:
        return property->ignorable || point == 0x2800 || point == 0x1D159;
    }
}

bool unicode_is_blank(struct text text)
{
    utf8proc_int32_t point;
    for (uint32_t at = 0; at < text.size;) {
        const utf8proc_ssize_t step = utf8proc_iterate((const uint8_t *)text.data + at,
                                                       (utf8proc_ssize_t)(text.size - at), &point);
        if (step <= 0)
            return false;
        if (!shows_nothing(point))
            return false;
        at += (uint32_t)step;
    }
    return true;
}
