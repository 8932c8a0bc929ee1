/* What a broker is beside others of its store, and what it may become: one table of states. Who may claim the lead, and when, is the
 * journal's to say (journal/lease.h); here stands what the broker does meanwhile.
 */
#ifndef COORDD_LOOP_ROLE_H
#define COORDD_LOOP_ROLE_H

#include <stdbool.h>

#define ROLE_STATES(S)                                                                                                 \
    S(ALONE, "serves a store for which nobody else waits")                                                             \
    S(LEADS, "decides, and appends")                                                                                   \
    S(DRAINS, "is to hand over: takes nothing in, and finishes what it began")                                         \
    S(GIVES, "gives the lead up")                                                                                      \
    S(OFFERS, "has given it up, and follows; what came meanwhile waits until another has it")                          \
    S(FOLLOWS, "applies what another appends, and answers from that")                                                  \
    S(TAKES, "claims a lead that is free")                                                                             \
    S(CATCHES_UP, "has it, and applies what was appended before that")

#define ROLE_EVENTS(E)                                                                                                 \
    E(ASKED, "is asked to hand over")                                                                                  \
    E(DRAINED, "all that was begun is finished")                                                                       \
    E(DELAYED, "…and is not, for too long")                                                                            \
    E(GIVEN, "the lead is given up")                                                                                   \
    E(SUCCEEDED, "another leads")                                                                                      \
    E(FREE, "nobody leads")                                                                                            \
    E(MISSED, "somebody else was quicker")                                                                             \
    E(TAKEN, "the lead is ours")                                                                                       \
    E(CAUGHT_UP, "all that there is is applied")

/* All that can happen; anything else is a bug. */
#define ROLE_MOVES(M)                                                                                                  \
    M(LEADS, ASKED, DRAINS)                                                                                            \
    M(DRAINS, DRAINED, GIVES)                                                                                          \
    M(DRAINS, DELAYED, LEADS)                                                                                          \
    M(GIVES, GIVEN, OFFERS)                                                                                            \
    M(OFFERS, SUCCEEDED, FOLLOWS)                                                                                      \
    M(OFFERS, FREE, TAKES) /* it takes it back */                                                                      \
    M(FOLLOWS, FREE, TAKES)                                                                                            \
    M(TAKES, MISSED, FOLLOWS)                                                                                          \
    M(TAKES, TAKEN, CATCHES_UP)                                                                                        \
    M(CATCHES_UP, CAUGHT_UP, LEADS)

enum role_state {
#define S(name, sentence) ROLE_IS_##name,
    ROLE_STATES(S)
#undef S
        ROLE_STATE_COUNT
};

enum role_event {
#define E(name, sentence) ROLE_##name,
    ROLE_EVENTS(E)
#undef E
        ROLE_EVENT_COUNT
};

/* Whether the table has such a move, and where it goes. */
bool role_may(enum role_state state, enum role_event event);
enum role_state role_move(enum role_state state, enum role_event event);

/* It may append: what it decides is on record. */
static inline bool role_appends(enum role_state state)
{
    return state == ROLE_IS_ALONE || state == ROLE_IS_LEADS || state == ROLE_IS_DRAINS;
}

/* It decides: requests are done, and deadlines fire. */
static inline bool role_decides(enum role_state state)
{
    return state == ROLE_IS_ALONE || state == ROLE_IS_LEADS;
}

/* It reads what another appends. */
static inline bool role_follows(enum role_state state)
{
    return state == ROLE_IS_FOLLOWS || state == ROLE_IS_OFFERS;
}

#endif
