/* Requests that wait. To a follower: until it has come so far, or knows enough of late, as they say by `at_least` and `within_ms`, and
 * subscriptions until it is known where their consumers are; that comes within some ms as a rule, and after a time they are asked all the
 * same, and the core refuses them by that name. Of whoever leads beside others a subscription waits as well, until it is there what was said
 * to those. And while a lead is handed over, those that are the leader's: until it is known who that is.
 *
 * Invariants: those of one connection are decided in the order in which they came, so what comes after one that waits waits behind it; of
 * another connection nothing does, and of one that is gone nothing waits.
 */
#ifndef COORDD_LOOP_BEHIND_H
#define COORDD_LOOP_BEHIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connections that wait, × 100 bytes; what they asked is among the bytes still that their agency may have waiting. Beyond these a request
 * is asked at once, but for subscriptions of a consumer; and while a lead is handed over all may wait. */
#define BEHIND_EACH 256  /* of one agency */
#define BEHIND_ALL  4096 /* gone through in each turn: 20 µs */

struct account;
struct broker;
struct peer;
struct queued;

/* What a connection has waiting: its first waits for something, and the others for that. */
struct behind_line {
    struct behind_line *next, *previous;
    struct peer *peer; /* whose it is */
    struct account *account;
    struct queued *first, *last; /* owned */
    uint64_t count;
    /* of the first */
    uint64_t at_least;  /* 0 when it wants none */
    uint64_t known;     /* up to where it must be known that records were acknowledged; 0 for none */
    uint64_t within_ms; /* UINT64_MAX when it does not say */
    uint64_t look;      /* of where consumers are, that it wants: placing.h; 0 for none */
    uint64_t until_ns;  /* so long it waits; by the monotonic clock. UINT64_MAX: until it is known who leads */
};

struct behind {
    struct behind_line *lines; /* the oldest first */
    size_t count;
    size_t hurried;   /* of them, whose first wants to know of late: each look is to follow the one before at once */
    uint64_t next_ns; /* the first that has waited for long enough, as of the last release: when; 0 for none */
};

/* Whether the agency's first, which that connection asked, is to wait; then it is taken out of its queue. */
bool behind_holds(struct broker *broker, struct account *account, struct peer *peer);
/* Puts those back, in front, that need wait no more, in their order, with what waits behind them. */
void behind_release(struct broker *broker);
/* The connection is gone: what it asked is dropped. */
void behind_forget(struct broker *broker, const struct peer *peer);
/* The first that has waited for long enough: when, by the monotonic clock; 0 for none. */
uint64_t behind_next_ns(const struct behind *behind);

#endif
