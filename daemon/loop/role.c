#include "loop/role.h"

#include <assert.h>

#define NOWHERE 0 /* in the table: the states are kept one higher */

static const unsigned char moves[ROLE_STATE_COUNT][ROLE_EVENT_COUNT] = {
#define M(from, event, to) [ROLE_IS_##from][ROLE_##event] = ROLE_IS_##to + 1,
    ROLE_MOVES(M)
#undef M
};

bool role_may(enum role_state state, enum role_event event)
{
    return moves[state][event] != NOWHERE;
}

enum role_state role_move(enum role_state state, enum role_event event)
{
    assert(role_may(state, event));
    return (enum role_state)(moves[state][event] - 1);
}
