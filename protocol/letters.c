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

static const uint8_t pairs[FIRST_END][SECOND_END] = {
#define P(byte, first, second, text) [FIRST_##first][SECOND_##second] = byte,
    LETTER_PAIRS(P)
#undef P
};

#define LATIN_FIRST 0x00C0 /* À */
#define LATIN_LAST  0x01B0 /* ư */
#define VIET_FIRST  0x1EA0 /* Ạ */
#define VIET_LAST   0x1EF9 /* ỹ */
#define MARKS_FIRST 0x2013 /* – */
#define MARKS_LAST  0x2026 /* … */
#define VIET        (LATIN_LAST - LATIN_FIRST + 1)
#define MARKS       (VIET + VIET_LAST - VIET_FIRST + 1)
#define PLACES      (MARKS + MARKS_LAST - MARKS_FIRST + 1)
#define NO_PLACE    PLACES
#define PLACE_OF(point)                                                                                                \
    ((point) >= LATIN_FIRST && (point) <= LATIN_LAST   ? (point)-LATIN_FIRST                                           \
     : (point) >= VIET_FIRST && (point) <= VIET_LAST   ? VIET + (point)-VIET_FIRST                                     \
     : (point) >= MARKS_FIRST && (point) <= MARKS_LAST ? MARKS + (point)-MARKS_FIRST                                   \
                                                       : NO_PLACE)

/* The byte of a character, or of the letter that it is the capital of. */
static const struct {
    uint8_t byte;
    uint8_t small;
} bytes_of[PLACES + 1] = {
#define L(own, point, text, capital, capital_text) [PLACE_OF(point)].byte = own, [PLACE_OF(capital)].small = own,
#define S(own, point, text)                        [PLACE_OF(point)].byte = own,
    LETTERS(L) LETTER_SINGLES(S)
#undef L
#undef S
};

static inline bool is_itself(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t';
}

/* Bytes of a character of UTF-8, by its first; 0 when none begins so. */
static uint32_t size_of(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

/* The place of what two or three bytes are, if they are a character at all. */
static inline uint32_t place_of(const uint8_t *at, uint32_t size)
{
    if (size == 2 && (at[1] & 0xC0) == 0x80)
        return PLACE_OF(((uint32_t)(at[0] & 0x1F) << 6) | (at[1] & 0x3F));
    if (size == 3 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80)
        return PLACE_OF(((uint32_t)(at[0] & 0x0F) << 12) | ((uint32_t)(at[1] & 0x3F) << 6) | (at[2] & 0x3F));
    return NO_PLACE;
}

struct packing {
    uint8_t *at;
    uint8_t first; /* of `pairs`, of the byte before `at`: it may become a pair with what comes */
};

static inline void put_letter(struct packing *packing, uint8_t byte)
{
    const uint8_t pair = pairs[packing->first][seconds[byte]];
    if (pair) {
        packing->at[-1] = pair;
        packing->first = FIRST_NONE;
    } else {
        *packing->at++ = byte;
        packing->first = firsts[byte];
    }
}

static void put_alone(struct packing *packing, uint8_t mark, const void *bytes, uint32_t size)
{
    *packing->at++ = mark;
    memcpy(packing->at, bytes, size);
    packing->at += size;
    packing->first = FIRST_NONE;
}

uint32_t letters_pack(const char *text, uint32_t size, char *packed)
{
    const uint8_t *at = (const uint8_t *)text, *const end = at + size;
    struct packing packing = {(uint8_t *)packed, FIRST_NONE};
    while (at < end) {
        if (is_itself(*at)) {
            put_letter(&packing, *at++);
            continue;
        }
        const uint32_t took = size_of(*at);
        if (took == 0 || took > (size_t)(end - at))
            return 0;
        const uint32_t place = place_of(at, took);
        at += took;
        if (bytes_of[place].byte)
            put_letter(&packing, bytes_of[place].byte);
        else if (bytes_of[place].small)
            put_alone(&packing, LETTER_CAPITAL, &bytes_of[place].small, 1);
        else if ((packing.at - (uint8_t *)packed) + 1 > (at - took - (const uint8_t *)text) + LETTERS_SLACK)
            return 0;
        else
            put_alone(&packing, LETTER_AS_IT_STANDS, at - took, took);
    }
    const uint32_t made = (uint32_t)(packing.at - (uint8_t *)packed);
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
