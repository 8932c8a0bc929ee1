/* Whether a text is UTF-8 without control characters: an automaton that takes each byte in the same few instructions,
 * whatever it is. Nearly every text is sound; where one is not is looked for afterwards.
 */
#include "automaton.h"
#include "check.h"

/* Where a text stands between two bytes. (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.) */
enum {
    BETWEEN = 0,   /* two characters */
    ONE = 6,       /* byte of a character is to come, any from 80 to BF */
    TWO = 12,      /* are to come */
    THREE = 18,    /* are to come */
    AFTER_C2 = 24, /* one, from A0: those below make control characters */
    AFTER_E0 = 30, /* two, the first from A0 */
    AFTER_ED = 36, /* two, the first to 9F */
    AFTER_F0 = 42, /* three, the first from 90 */
    AFTER_F4 = 48, /* three, the first to 8F */
    UNSOUND = 54
};

#define CUT_SHORT                                                                                                      \
    (TO(ONE, UNSOUND) | TO(TWO, UNSOUND) | TO(THREE, UNSOUND) | TO(AFTER_C2, UNSOUND) | TO(AFTER_E0, UNSOUND) |        \
     TO(AFTER_ED, UNSOUND) | TO(AFTER_F0, UNSOUND) | TO(AFTER_F4, UNSOUND) | TO(UNSOUND, UNSOUND))
#define GOES_ON (TO(BETWEEN, UNSOUND) | TO(ONE, BETWEEN) | TO(TWO, ONE) | TO(THREE, TWO) | TO(UNSOUND, UNSOUND))

#define BEGINS(next) (TO(BETWEEN, next) | CUT_SHORT)
#define NEVER        BEGINS(UNSOUND)
#define PRINTABLE    BEGINS(BETWEEN)
#define FROM_80                                                                                                        \
    (GOES_ON | TO(AFTER_C2, UNSOUND) | TO(AFTER_E0, UNSOUND) | TO(AFTER_ED, ONE) | TO(AFTER_F0, UNSOUND) |             \
     TO(AFTER_F4, TWO))
#define FROM_90                                                                                                        \
    (GOES_ON | TO(AFTER_C2, UNSOUND) | TO(AFTER_E0, UNSOUND) | TO(AFTER_ED, ONE) | TO(AFTER_F0, TWO) |                 \
     TO(AFTER_F4, UNSOUND))
#define FROM_A0                                                                                                        \
    (GOES_ON | TO(AFTER_C2, BETWEEN) | TO(AFTER_E0, ONE) | TO(AFTER_ED, UNSOUND) | TO(AFTER_F0, TWO) |                 \
     TO(AFTER_F4, UNSOUND))

/* clang-format off */
static const uint64_t moves[] = {
    /* 00 */ X8(NEVER), NEVER, X2(PRINTABLE), /* tab and newline */ X16(NEVER), X4(NEVER), NEVER,
    /* 20 */ X32(PRINTABLE), X32(PRINTABLE), X16(PRINTABLE), X8(PRINTABLE), X4(PRINTABLE), X2(PRINTABLE), PRINTABLE, /* 7F */ NEVER,
    /* 80 */ X16(FROM_80), X16(FROM_90), X32(FROM_A0),
    /* C0 */ X2(NEVER), BEGINS(AFTER_C2), X16(BEGINS(ONE)), X8(BEGINS(ONE)), X4(BEGINS(ONE)), BEGINS(ONE),
    /* E0 */ BEGINS(AFTER_E0), X8(BEGINS(TWO)), X4(BEGINS(TWO)), BEGINS(AFTER_ED), X2(BEGINS(TWO)),
    /* F0 */ BEGINS(AFTER_F0), X2(BEGINS(THREE)), BEGINS(THREE), BEGINS(AFTER_F4), X8(NEVER), X2(NEVER), NEVER,
};
/* clang-format on */
_Static_assert(sizeof moves == 256 * sizeof moves[0], "each byte has its moves");

static bool is_sound(struct text text)
{
    uint64_t state = BETWEEN;
    for (uint32_t i = 0; i < text.size; i++)
        state = automaton_move(moves, state, text.data[i]);
    return (state & STATE_BITS) == BETWEEN;
}

/* The control character that begins here, 0 when it is none or U+0000. */
static uint32_t control_at(const unsigned char *bytes, uint32_t left)
{
    const bool is_one = bytes[0] < 0x20 || bytes[0] == 0x7F;
    const bool is_two = left > 1 && bytes[0] == 0xC2 && bytes[1] >= 0x80 && bytes[1] < 0xA0;
    return is_one ? bytes[0] : is_two ? bytes[1] : 0;
}

/* Of a text that is not sound: where the first character begins that is at fault. */
static uint32_t fault_at(struct text text)
{
    uint64_t state = BETWEEN;
    uint32_t begin = 0;
    for (uint32_t i = 0; i < text.size && (state & STATE_BITS) != UNSOUND; i++) {
        if ((state & STATE_BITS) == BETWEEN)
            begin = i;
        state = automaton_move(moves, state, text.data[i]);
    }
    return begin;
}

/* Of the characters from U+2000 to U+207F, three bytes each: the first that is wanted. */
static uint32_t punctuation_at(struct text text, bool (*is_wanted)(uint32_t point))
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (uint32_t i = 0; i + 2 < text.size; i++) {
        const uint32_t point = 0x2000 | (uint32_t)(bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F);
        if (bytes[i] == 0xE2 && (bytes[i + 1] == 0x80 || bytes[i + 1] == 0x81) && is_wanted(point))
            return point;
    }
    return 0;
}

static bool is_turn(uint32_t point)
{
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

static bool is_break(uint32_t point)
{
    return point == 0x2028 || point == 0x2029;
}

uint32_t text_turn(struct text text)
{
    return punctuation_at(text, is_turn);
}

uint32_t text_break(struct text text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] == '\n' || text.data[i] == '\t')
            return (unsigned char)text.data[i];
    return punctuation_at(text, is_break);
}

bool text_check(struct text text, uint32_t *offset, uint32_t *control)
{
    if (is_sound(text))
        return true;
    *offset = fault_at(text);
    *control = control_at((const unsigned char *)text.data + *offset, text.size - *offset);
    /* U+0000 is a control character too, but 0 already says something else. */
    if (text.data[*offset] == 0)
        *control = UINT32_MAX;
    return false;
}
