#include "journal/lease.h"

#include <assert.h>

#define NOWHERE 0 /* in the table: the states are kept one higher */

static const unsigned char moves[LEASE_STATE_COUNT][LEASE_EVENT_COUNT] = {
#define M(from, event, to) [LEASE_##from][LEASE_##event] = LEASE_##to + 1,
    LEASE_MOVES(M)
#undef M
};

void lease_init(struct lease *lease, int64_t lease_ms, enum lease_state state)
{
    *lease = (struct lease){.state = state, .lease_ms = lease_ms};
}

static bool unmoved(const struct lease *lease, const struct lease_sight *sight)
{
    return lease->sees && sight->epoch == lease->seen.epoch && sight->seq == lease->seen.seq &&
           sight->beat == lease->seen.beat;
}

/* A look shows the head at some moment between the two times. So what is new counts from when it was answered, and what is as it
 * was has been so until it was asked: whoever looks slowly, or was frozen itself, waits longer and never shorter. */
enum lease_event lease_judge(struct lease *lease, const struct lease_sight *sight, int64_t asked_ms,
                             int64_t answered_ms)
{
    const bool still = unmoved(lease, sight);
    lease->seen = *sight;
    if (!still)
        lease->since_ms = answered_ms;
    lease->sees = true;
    if (sight->own)
        return LEASE_OWN;
    if (sight->given_up)
        return LEASE_GIVEN_UP;
    return still && asked_ms >= lease_ends_ms(lease) ? LEASE_LAPSED : LEASE_STANDS;
}

int64_t lease_ends_ms(const struct lease *lease)
{
    return lease->since_ms + lease->lease_ms * (lease->seen.for_another ? 2 : 1);
}

bool lease_follows(const struct lease *lease)
{
    return lease->state == LEASE_FOLLOWS || lease->state == LEASE_OFFERED;
}

bool lease_may(enum lease_state state, enum lease_event event)
{
    return moves[state][event] != NOWHERE;
}

enum lease_state lease_move(struct lease *lease, enum lease_event event)
{
    assert(lease_may(lease->state, event));
    lease->state = (enum lease_state)(moves[lease->state][event] - 1);
    /* Another connection may be to another server, and who took the epoch, or shall have it from us, has a lease of its own. */
    if (event == LEASE_LOST || event == LEASE_MISSED || event == LEASE_HANDED)
        lease->sees = false;
    return lease->state;
}
