#include "base/unicode.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/xalloc.h"

/* ---- settled letters ---- */

/* A letter is settled when it is the same in NFC whatever stands around it: letters below the first combining mark (U+0300), the
 * composed Vietnamese ones (U+1EA0 to U+1EF9), punctuation (U+2010 to U+2027) and ideographs (U+4E00 to U+9FFF). Nothing
 * depends on the list being complete. An automaton as in protocol/check_text.c tells them, of text that is known to be UTF-8:
 * a byte's moves are the state that it leads to from each, so many bits from the lowest as the state's number says. */
enum {
    BETWEEN = 0, /* two letters */
    ONE = 6,     /* byte of a letter is to come */
    TWO = 12,    /* are to come */
    AFTER_E1 = 18,
    AFTER_E1_BA = 24,
    AFTER_E1_BB = 30,
    AFTER_E2 = 36,
    AFTER_E2_80 = 42,
    AFTER_E4 = 48,
    UNSETTLED = 54,
    STATE_BITS = 63
};

#define TO(state, next) ((uint64_t)(next) << (state))
#define BEGINS(next)                                                                                                   \
    (TO(BETWEEN, next) | TO(ONE, UNSETTLED) | TO(TWO, UNSETTLED) | TO(AFTER_E1, UNSETTLED) |                           \
     TO(AFTER_E1_BA, UNSETTLED) | TO(AFTER_E1_BB, UNSETTLED) | TO(AFTER_E2, UNSETTLED) | TO(AFTER_E2_80, UNSETTLED) |  \
     TO(AFTER_E4, UNSETTLED) | TO(UNSETTLED, UNSETTLED))
/* Where a byte from 80 to BF leads to from the states that tell these bytes apart. */
#define GOES_ON(e1, e1_ba, e1_bb, e2, e2_80, e4)                                                                       \
    (TO(BETWEEN, UNSETTLED) | TO(ONE, BETWEEN) | TO(TWO, ONE) | TO(AFTER_E1, e1) | TO(AFTER_E1_BA, e1_ba) |            \
     TO(AFTER_E1_BB, e1_bb) | TO(AFTER_E2, e2) | TO(AFTER_E2_80, e2_80) | TO(AFTER_E4, e4) | TO(UNSETTLED, UNSETTLED))

#define X2(moves)  moves, moves
#define X4(moves)  X2(moves), X2(moves)
#define X8(moves)  X4(moves), X4(moves)
#define X16(moves) X8(moves), X8(moves)
#define X32(moves) X16(moves), X16(moves)

/* clang-format off */
static const uint64_t moves[] = {
    /* 00 */ X32(BEGINS(BETWEEN)), X32(BEGINS(BETWEEN)), X32(BEGINS(BETWEEN)), X32(BEGINS(BETWEEN)),
    /*                  after E1      E1 BA      E1 BB      E2           E2 80      E4 */
    /* 80 */ GOES_ON(   UNSETTLED,   UNSETTLED, BETWEEN,   AFTER_E2_80, UNSETTLED, UNSETTLED),
    /* 81 */ X8(GOES_ON(UNSETTLED,   UNSETTLED, BETWEEN,   UNSETTLED,   UNSETTLED, UNSETTLED)),
    /* 89 */ X4(GOES_ON(UNSETTLED,   UNSETTLED, BETWEEN,   UNSETTLED,   UNSETTLED, UNSETTLED)),
    /* 8D */ X2(GOES_ON(UNSETTLED,   UNSETTLED, BETWEEN,   UNSETTLED,   UNSETTLED, UNSETTLED)),
    /* 8F */ GOES_ON(   UNSETTLED,   UNSETTLED, BETWEEN,   UNSETTLED,   UNSETTLED, UNSETTLED),
    /* 90 */ X16(GOES_ON(UNSETTLED,  UNSETTLED, BETWEEN,   UNSETTLED,   BETWEEN,   UNSETTLED)),
    /* A0 */ X8(GOES_ON(UNSETTLED,   BETWEEN,   BETWEEN,   UNSETTLED,   BETWEEN,   UNSETTLED)),
    /* A8 */ X16(GOES_ON(UNSETTLED,  BETWEEN,   BETWEEN,   UNSETTLED,   UNSETTLED, UNSETTLED)),
    /* B8 */ X2(GOES_ON(UNSETTLED,   BETWEEN,   BETWEEN,   UNSETTLED,   UNSETTLED, ONE)),
    /* BA */ GOES_ON(   AFTER_E1_BA, BETWEEN,   UNSETTLED, UNSETTLED,   UNSETTLED, ONE),
    /* BB */ GOES_ON(   AFTER_E1_BB, BETWEEN,   UNSETTLED, UNSETTLED,   UNSETTLED, ONE),
    /* BC */ X4(GOES_ON(UNSETTLED,   BETWEEN,   UNSETTLED, UNSETTLED,   UNSETTLED, ONE)),
    /* C0 */ X8(BEGINS(ONE)), X4(BEGINS(ONE)), /* CC */ X16(BEGINS(UNSETTLED)), X4(BEGINS(UNSETTLED)),
    /* E0 */ BEGINS(UNSETTLED), BEGINS(AFTER_E1), BEGINS(AFTER_E2), BEGINS(UNSETTLED), BEGINS(AFTER_E4), X4(BEGINS(TWO)), BEGINS(TWO),
    /* EA */ X16(BEGINS(UNSETTLED)), X4(BEGINS(UNSETTLED)), X2(BEGINS(UNSETTLED)),
};
/* clang-format on */
_Static_assert(sizeof moves == 256 * sizeof moves[0], "each byte has its moves");

/* Most texts are: that is seen without a branch for each letter. */
static bool is_settled(struct text text)
{
    uint64_t state = BETWEEN;
    for (uint32_t i = 0; i < text.size; i++)
        state = moves[(uint8_t)text.data[i]] >> (state & STATE_BITS);
    return (state & STATE_BITS) == BETWEEN;
}

/* Bytes of the letter that begins here, 0 when it is not settled. */
static size_t settled_size(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *next = at;
    uint64_t state = BETWEEN;
    do
        state = moves[*next++] >> (state & STATE_BITS);
    while (next < end && (state & STATE_BITS) != BETWEEN && (state & STATE_BITS) != UNSETTLED);
    return (state & STATE_BITS) == BETWEEN ? (size_t)(next - at) : 0;
}

/* The first letter from here on that is not settled, or the end; *before is the settled letter right before it, if there is
 * one since `at`. */
static const uint8_t *skip_settled(const uint8_t *at, const uint8_t *end, const uint8_t **before)
{
    size_t size = 0;
    for (*before = at; at < end && (size = settled_size(at, end)) > 0; at += size)
        *before = at;
    return at;
}

/* Where the next settled letter begins. */
static const uint8_t *skip_unsettled(const uint8_t *at, const uint8_t *end)
{
    while (at < end && settled_size(at, end) == 0)
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
    if (is_settled(text))
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

bool unicode_is_blank(struct text text)
{
    utf8proc_int32_t point;
    for (uint32_t at = 0; at < text.size;) {
        const utf8proc_ssize_t step = utf8proc_iterate((const uint8_t *)text.data + at,
                                                       (utf8proc_ssize_t)(text.size - at), &point);
        if (step <= 0)
            return false;
        const utf8proc_category_t category = utf8proc_category(point);
        if (category != UTF8PROC_CATEGORY_ZS && category != UTF8PROC_CATEGORY_ZL && category != UTF8PROC_CATEGORY_ZP &&
            category != UTF8PROC_CATEGORY_CC && category != UTF8PROC_CATEGORY_CF)
            return false;
        at += (uint32_t)step;
    }
    return true;
}
