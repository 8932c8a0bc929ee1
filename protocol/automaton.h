/* How an automaton over bytes is written down: for each byte the state that it leads to from each, in one word, so that a step
 * is a look-up and a shift. A state's number is the place of its six bits in that word. */
#ifndef COORD_PROTOCOL_AUTOMATON_H
#define COORD_PROTOCOL_AUTOMATON_H

#include <stdint.h>

#define STATE_BITS 63U

#define TO(state, next) ((uint64_t)(next) << (state))

/* So many bytes that all lead alike. */
#define X2(moves)  moves, moves
#define X4(moves)  X2(moves), X2(moves)
#define X8(moves)  X4(moves), X4(moves)
#define X16(moves) X8(moves), X8(moves)
#define X32(moves) X16(moves), X16(moves)

/* The state in the lowest six bits; what lies above them is left over, and of no account. */
static inline uint64_t automaton_move(const uint64_t moves[256], uint64_t state, char byte)
{
    return moves[(unsigned char)byte] >> (state & STATE_BITS);
}

#endif
