#include "settled.h"

#include "automaton.h"

/* What is not settled is state 0, which nothing leads out of. */
enum {
    UNSETTLED = 0,
    BETWEEN = 6, /* two letters */
    ONE = 12,    /* byte of a letter is to come, any from 80 to BF */
    TWO = 18,    /* are to come */
    AFTER_E1 = 24,
    AFTER_E1_BA = 30,
    AFTER_E1_BB = 36,
    AFTER_E2 = 42,
    AFTER_E2_80 = 48,
    AFTER_E4 = 54,
    AFTER_C2 = 60 /* the last has four bits, and leads to states below 16 alone */
};

#define BEGINS(next) TO(BETWEEN, next)
/* Where a byte from 80 to BF leads to from the states that tell these bytes apart. */
#define GOES_ON(c2, e1, e1_ba, e1_bb, e2, e2_80, e4)                                                                   \
    (TO(ONE, BETWEEN) | TO(TWO, ONE) | TO(AFTER_C2, c2) | TO(AFTER_E1, e1) | TO(AFTER_E1_BA, e1_ba) |                  \
     TO(AFTER_E1_BB, e1_bb) | TO(AFTER_E2, e2) | TO(AFTER_E2_80, e2_80) | TO(AFTER_E4, e4))
#define NO UNSETTLED

/* clang-format off */
static const uint64_t moves[] = {
    /* 00 */ X8(NO), NO, X2(BEGINS(BETWEEN)), /* tab and newline */ X16(NO), X4(NO), NO,
    /* 20 */ X32(BEGINS(BETWEEN)), X32(BEGINS(BETWEEN)), X16(BEGINS(BETWEEN)), X8(BEGINS(BETWEEN)), X4(BEGINS(BETWEEN)), X2(BEGINS(BETWEEN)), BEGINS(BETWEEN), /* 7F */ NO,
    /*                    after C2   E1           E1 BA    E1 BB    E2           E2 80    E4 */
    /* 80 */ GOES_ON(     NO,        NO,          NO,      BETWEEN, AFTER_E2_80, NO,      NO),
    /* 81 */ X8(GOES_ON(  NO,        NO,          NO,      BETWEEN, NO,          NO,      NO)),
    /* 89 */ X4(GOES_ON(  NO,        NO,          NO,      BETWEEN, NO,          NO,      NO)),
    /* 8D */ X2(GOES_ON(  NO,        NO,          NO,      BETWEEN, NO,          NO,      NO)),
    /* 8F */ GOES_ON(     NO,        NO,          NO,      BETWEEN, NO,          NO,      NO),
    /* 90 */ X16(GOES_ON( NO,        NO,          NO,      BETWEEN, NO,          BETWEEN, NO)),
    /* A0 */ X8(GOES_ON(  BETWEEN,   NO,          BETWEEN, BETWEEN, NO,          BETWEEN, NO)),
    /* A8 */ X16(GOES_ON( BETWEEN,   NO,          BETWEEN, BETWEEN, NO,          NO,      NO)),
    /* B8 */ X2(GOES_ON(  BETWEEN,   NO,          BETWEEN, BETWEEN, NO,          NO,      ONE)),
    /* BA */ GOES_ON(     BETWEEN,   AFTER_E1_BA, BETWEEN, NO,      NO,          NO,      ONE),
    /* BB */ GOES_ON(     BETWEEN,   AFTER_E1_BB, BETWEEN, NO,      NO,          NO,      ONE),
    /* BC */ X4(GOES_ON(  BETWEEN,   NO,          BETWEEN, NO,      NO,          NO,      ONE)),
    /* C0 */ X2(NO), BEGINS(AFTER_C2), X8(BEGINS(ONE)), BEGINS(ONE), /* CC */ X16(NO), X4(NO),
    /* E0 */ NO, BEGINS(AFTER_E1), BEGINS(AFTER_E2), NO, BEGINS(AFTER_E4), X4(BEGINS(TWO)), BEGINS(TWO),
    /* EA */ X16(NO), X4(NO), X2(NO),
};
/* clang-format on */
_Static_assert(sizeof moves == 256 * sizeof moves[0], "each byte has its moves");

static uint64_t move(uint64_t state, char byte)
{
    return automaton_move(moves, state, byte);
}

/* Without a branch for each letter, and four bytes at a time: it is the longest walk of most requests. */
bool text_is_settled(struct text text)
{
    uint64_t state = BETWEEN;
    uint32_t i = 0;
    for (; text.size - i >= 4; i += 4)
        state = move(move(move(move(state, text.data[i]), text.data[i + 1]), text.data[i + 2]), text.data[i + 3]);
    for (; i < text.size; i++)
        state = move(state, text.data[i]);
    return (state & STATE_BITS) == BETWEEN;
}

size_t text_settled_size(const unsigned char *at, const unsigned char *end)
{
    const unsigned char *next = at;
    uint64_t state = BETWEEN;
    do
        state = move(state, (char)*next++);
    while (next < end && (state & STATE_BITS) != BETWEEN && (state & STATE_BITS) != UNSETTLED);
    return (state & STATE_BITS) == BETWEEN ? (size_t)(next - at) : 0;
}
