/* Who leads a store that several machines may serve: one table of states, and when one that waits or follows may take over.
 *
 * A leader moves the head at least once a second. Who waits looks at it, and holds what it sees against its own clock alone, which
 * is monotonic: what the other machine's clock says, or a jump of the wall clock, does not matter. That a lease ran out proves
 * nothing of the old leader, which may be frozen and wake: what it appends then is kept out by the epoch (postgres_lead.c), not by
 * the lease. Reads no clock.
 *
 * A lead that was given up to one who does not come is for a lease that one's; then whoever gave it up takes it back, and where that one is
 * gone too, after as long again, anybody may have it.
 */
#ifndef COORDD_JOURNAL_LEASE_H
#define COORDD_JOURNAL_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#define LEASE_STATES(S)                                                                                                \
    S(WAITS, "watches the head that another moves")                                                                    \
    S(FOLLOWS, "reads what another appends, and watches the head that it moves")                                       \
    S(OFFERED, "follows, and saw that nobody leads: it may claim")                                                     \
    S(CLAIMS, "is about to take the next epoch")                                                                       \
    S(LEADS, "appends under its epoch")                                                                                \
    S(DEMOTED, "another has claimed the store: it appends nothing any more")                                           \
    S(LEFT, "has given the lead up, or waits no longer")

#define LEASE_EVENTS(E)                                                                                                \
    E(STANDS, "the head moved, or did so within a lease")                                                              \
    E(LAPSED, "it has not moved for a lease, on one connection")                                                       \
    E(GIVEN_UP, "who led has left in good order")                                                                      \
    E(OWN, "a claim of one's own, whose answer was lost, was done")                                                    \
    E(LOST, "the connection is gone, and what was asked last may have been done")                                      \
    E(CLAIMED, "the epoch is ours")                                                                                    \
    E(MISSED, "somebody else took the epoch")                                                                          \
    E(FENCED, "the head has another epoch than ours")                                                                  \
    E(HANDED, "it has given the lead up, and reads on")                                                                \
    E(ENDED, "it is to end")

/* All that can happen; anything else is a bug. */
#define LEASE_MOVES(M)                                                                                                 \
    M(WAITS, STANDS, WAITS)                                                                                            \
    M(WAITS, LAPSED, CLAIMS)                                                                                           \
    M(WAITS, GIVEN_UP, CLAIMS)                                                                                         \
    M(WAITS, OWN, CLAIMS)                                                                                              \
    M(WAITS, LOST, WAITS)                                                                                              \
    M(WAITS, ENDED, LEFT)                                                                                              \
    M(FOLLOWS, STANDS, FOLLOWS)                                                                                        \
    M(FOLLOWS, LAPSED, OFFERED)                                                                                        \
    M(FOLLOWS, GIVEN_UP, OFFERED)                                                                                      \
    M(FOLLOWS, OWN, OFFERED)                                                                                           \
    M(FOLLOWS, LOST, FOLLOWS)                                                                                          \
    M(OFFERED, STANDS, FOLLOWS)                                                                                        \
    M(OFFERED, LAPSED, OFFERED)                                                                                        \
    M(OFFERED, GIVEN_UP, OFFERED)                                                                                      \
    M(OFFERED, OWN, OFFERED)                                                                                           \
    M(OFFERED, LOST, FOLLOWS)                                                                                          \
    M(OFFERED, CLAIMED, LEADS)                                                                                         \
    M(OFFERED, MISSED, FOLLOWS)                                                                                        \
    M(CLAIMS, CLAIMED, LEADS)                                                                                          \
    M(CLAIMS, MISSED, WAITS)                                                                                           \
    M(CLAIMS, LOST, WAITS)                                                                                             \
    M(CLAIMS, ENDED, LEFT)                                                                                             \
    M(LEADS, CLAIMED, LEADS) /* again, after a lost connection */                                                      \
    M(LEADS, FENCED, DEMOTED)                                                                                          \
    M(LEADS, HANDED, FOLLOWS)                                                                                          \
    M(LEADS, ENDED, LEFT)                                                                                              \
    M(DEMOTED, FENCED, DEMOTED)

enum lease_state {
#define S(name, sentence) LEASE_##name,
    LEASE_STATES(S)
#undef S
        LEASE_STATE_COUNT
};

enum lease_event {
#define E(name, sentence) LEASE_##name,
    LEASE_EVENTS(E)
#undef E
        LEASE_EVENT_COUNT
};

/* The head as it was seen: each of the three only grows, but for a database that went back (postgres_candidate.c). */
struct lease_sight {
    uint64_t epoch, seq, beat;
    bool given_up;    /* nobody leads, and we may: it was given up to anybody, or to us, or by us */
    bool for_another; /* nobody leads, and another may */
    bool own;         /* we do, by a claim that we do not know of */
};

struct lease {
    enum lease_state state;
    int64_t lease_ms;
    bool sees;               /* `seen` is of the connection at hand */
    struct lease_sight seen; /* last */
    int64_t since_ms;        /* when it was known to be so, at the earliest that is certain */
};

/* WAITS and FOLLOWS watch before they claim; who begins with CLAIMS has made sure in another way that nobody leads. */
void lease_init(struct lease *lease, int64_t lease_ms, enum lease_state state);
/* What a look at the head comes to, which was asked for and answered at these times: STANDS, LAPSED, GIVEN_UP or OWN. */
enum lease_event lease_judge(struct lease *lease, const struct lease_sight *sight, int64_t asked_ms,
                             int64_t answered_ms);
/* It would be LAPSED at this time, if nothing moved until then. */
int64_t lease_ends_ms(const struct lease *lease);
/* Whether it follows. */
bool lease_follows(const struct lease *lease);
/* The next state. */
enum lease_state lease_move(struct lease *lease, enum lease_event event);
/* Whether the table has such a move. */
bool lease_may(enum lease_state state, enum lease_event event);

#endif
