/* See letters.h. Invariant: one text has one packed form, for the journal's hashes rest on that. */
#include "letters.h"

#include <string.h>

#include "letters.def.h"

/* ---- packing ---- */

/* Places in `pairs`; 0 for what is in none. */
enum {
    FIRST_NONE,
#define F(byte) FIRST_##byte,
    LETTER_FIRSTS(F)
#undef F
        FIRST_END
};

enum {
    SECOND_NONE,
#define F(byte) SECOND_##byte,
    LETTER_SECONDS(F)
#undef F
        SECOND_END
};

static const uint8_t firsts[256] = {
#define F(byte) [byte] = FIRST_##byte,
    LETTER_FIRSTS(F)
#undef F
};

static const uint8_t seconds[256] = {
#define F(byte) [byte] = SECOND_##byte,
    LETTER_SECONDS(F)
#undef F
};

static const uint8_t pairs[FIRST_END][64] = {
#define P(byte, first, second, text) [FIRST_##first][SECOND_##second] = byte,
    LETTER_PAIRS(P)
#undef P
};

/* A row for each 64 characters that letters are among, as their bytes of UTF-8 but the last say it: C3 to C6, E1 BA, E1 BB, E2 80. */
#define ROW_VIET  4
#define ROW_MARKS 6
#define ROWS      7
#define ROW_OF(point)                                                                                                  \
    ((point) < 0x0200 ? ((point) >> 6) - 3 : (point) < 0x2000 ? ROW_VIET + ((point) >> 6) - 0x7A : ROW_MARKS)

/* What a character becomes: a byte of its own, or `small`, that of the letter whose capital it is, or neither. */
static const struct made {
    uint8_t byte;
    uint8_t small;
} makes[ROWS][64] = {
#define L(own, point, text, capital, capital_text)                                                                     \
    [ROW_OF(point)][(point)&0x3F].byte = own, [ROW_OF(capital)][(capital)&0x3F].small = own,
#define S(own, point, text) [ROW_OF(point)][(point)&0x3F].byte = own,
    LETTERS(L) LETTER_SINGLES(S)
#undef L
#undef S
};

static inline bool is_itself(uint8_t byte)
{
    return (uint8_t)(byte - 0x20) < 0x7F - 0x20 || byte == '\n' || byte == '\t';
}

/* Bytes of a character of UTF-8, by its first; 0 when none begins so. */
static uint32_t size_of(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/* What the character at `at` becomes, of which three bytes are there, and how many it has; NULL of one that has no place in `makes`. */
static inline const struct made *made_of(const uint8_t *at, uint32_t *took)
{
    const uint32_t lead = at[0], second = at[1];
    if (lead == 0xE1) {
        const uint32_t third = at[2] ^ 0x80U, row = second - 0xBA;
        *took = 3;
        return row < 2 && third < 64 ? &makes[ROW_VIET + row][third] : NULL;
    }
    if (lead - 0xC3 < ROW_VIET) {
        *took = 2;
        return (second ^ 0x80) < 64 ? &makes[lead - 0xC3][second ^ 0x80] : NULL;
    }
    const uint32_t third = at[2] ^ 0x80U;
    *took = 3;
    return lead == 0xE2 && second == 0x80 && third < 64 ? &makes[ROW_MARKS][third] : NULL;
}

static inline uint8_t *put_letter(uint8_t *to, uint8_t byte, uint32_t *first)
{
    const uint8_t pair = pairs[*first][seconds[byte]];
    if (pair) {
        to[-1] = pair;
        *first = FIRST_NONE;
        return to;
    }
    *to = byte;
    *first = firsts[byte];
    return to + 1;
}

static uint8_t *put_alone(uint8_t *to, uint8_t mark, const void *bytes, uint32_t size)
{
    *to = mark;
    memcpy(to + 1, bytes, size);
    return to + 1 + size;
}

/* What has no byte, behind a mark: NULL when that would make too much of the text. `slack`: bytes that there may be more. */
static uint8_t *put_as_it_stands(uint8_t *to, const uint8_t *at, size_t left, ptrdiff_t slack, uint32_t *took)
{
    *took = size_of(*at);
    if (*took == 0 || *took > left || slack < 1)
        return NULL;
    return put_alone(to, LETTER_AS_IT_STANDS, at, *took);
}

/* All but letters that have a byte: a capital, or what has none. NULL when it would make too much of the text. */
static uint8_t *put_other(uint8_t *to, const uint8_t *at, size_t left, ptrdiff_t slack, uint32_t *took)
{
    const uint8_t bytes[3] = {at[0], left > 1 ? at[1] : 0, left > 2 ? at[2] : 0};
    const struct made *made = made_of(bytes, took);
    if (made && made->small)
        return put_alone(to, LETTER_CAPITAL, &made->small, 1);
    if (made && made->byte) /* one of the last bytes */
        return *to = made->byte, to + 1;
    return put_as_it_stands(to, at, left, slack, took);
}

/* The longest walk of an encoding. `first` is of the byte before `to`, when that may become a pair with what comes. */
uint32_t letters_pack(const char *text, uint32_t size, char *packed)
{
    const uint8_t *const begin = (const uint8_t *)text, *const end = begin + size, *at = begin;
    uint8_t *to = (uint8_t *)packed;
    uint32_t first = FIRST_NONE;
    while (at < end) {
        uint32_t took = 1;
        if (is_itself(*at)) {
            to = put_letter(to, *at++, &first);
            continue;
        }
        const struct made *made = end - at > 2 ? made_of(at, &took) : NULL;
        if (made && made->byte) {
            to = put_letter(to, made->byte, &first);
            at += took;
            continue;
        }
        uint32_t others;
        to = put_other(to, at, (size_t)(end - at), (at - begin) + LETTERS_SLACK - (to - (uint8_t *)packed), &others);
        if (!to)
            return 0;
        first = FIRST_NONE;
        at += others;
    }
    const uint32_t made = (uint32_t)(to - (uint8_t *)packed);
    return made < size ? made : 0;
}

/* ---- unpacking ---- */

struct piece {
    char bytes[7];
    uint8_t size;
};

static const struct piece pieces[256] = {
#define L(byte, point, text, capital, capital_text) [byte] = {text, sizeof text - 1},
#define S(byte, point, text)                        [byte] = {text, sizeof text - 1},
#define P(byte, first, second, text)                [byte] = {text, sizeof text - 1},
    LETTERS(L) LETTER_SINGLES(S) LETTER_PAIRS(P)
#undef L
#undef S
#undef P
};

static const struct piece capitals[256] = {
#define L(byte, point, text, capital, capital_text) [byte] = {capital_text, sizeof capital_text - 1},
    LETTERS(L)
#undef L
};

uint32_t letters_size(const char *packed, uint32_t size)
{
    const uint8_t *at = (const uint8_t *)packed, *const end = at + size;
    uint64_t plain = 0;
    while (at < end) {
        const uint8_t byte = *at++;
        uint32_t more = is_itself(byte) ? 1 : pieces[byte].size;
        if (!more) {
            more = at == end ? 0 : byte == LETTER_CAPITAL ? capitals[*at].size : size_of(*at);
            const uint32_t taken = byte == LETTER_CAPITAL ? 1 : more;
            if (!more || taken > (size_t)(end - at))
                return UINT32_MAX;
            at += taken;
        }
        plain += more;
    }
    return plain < UINT32_MAX ? (uint32_t)plain : UINT32_MAX;
}

void letters_unpack(const char *packed, uint32_t size, char *text)
{
    const uint8_t *at = (const uint8_t *)packed, *const end = at + size;
    while (at < end) {
        const uint8_t byte = *at++;
        const struct piece *piece = &pieces[byte];
        if (is_itself(byte)) {
            *text++ = (char)byte;
            continue;
        }
        if (byte == LETTER_AS_IT_STANDS) {
            const uint32_t more = size_of(*at);
            memcpy(text, at, more);
            text += more;
            at += more;
            continue;
        }
        if (byte == LETTER_CAPITAL)
            piece = &capitals[*at++];
        memcpy(text, piece->bytes, sizeof piece->bytes);
        text += piece->size;
    }
}
