/* Requests that wait. To a follower: until it has come so far, or knows enough of late, as they say by `at_least` and `within_ms`, and
 * subscriptions until it is known where their consumers are; that comes within some ms as a rule, and after a time they are asked all the
 * same, and the core refuses them by that name. Of whoever leads beside others a subscription waits as well, until it is there what was said
 * to those. And while a lead is handed over, those that are the leader's: until it is known who that is.
 */
#ifndef COORDD_LOOP_BEHIND_H
#define COORDD_LOOP_BEHIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* They are the agency's bytes still, of what it may have waiting: 64 × 24 bytes and a page of pointers. Whatever waits beyond these is
 * asked at once, but for subscriptions. */
#define BEHIND_EACH 64 /* of one agency; then its next request waits for its turn */
#define BEHIND_ALL                                                                                                     \
    4096 /* gone through in each turn: 20 µs. While a lead is handed over all may wait, and subscriptions always may */

struct account;
struct broker;
struct queued;

struct behind_item {
    struct behind_item *next, *previous;
    struct account *account;
    struct queued *queued; /* owned */
    uint64_t at_least;     /* 0 when it wants none */
    uint64_t known;        /* up to where it must be known that records were acknowledged; 0 for none */
    uint64_t within_ms;    /* UINT64_MAX when it does not say */
    uint64_t look;         /* of where consumers are, that it wants: placing.h; 0 for none */
    uint64_t until_ns;     /* so long it waits; by the monotonic clock. UINT64_MAX: until it is known who leads */
};

struct behind {
    struct behind_item *items; /* the oldest first */
    size_t count;
    size_t hurried; /* of them, that want to know of late: each look is to follow the one before at once */
};

void behind_done(struct behind *behind);
/* Whether the agency's first is to wait; then it is taken out of its queue. */
bool behind_holds(struct broker *broker, struct account *account);
/* Puts those back, in front, that need wait no more, in their order. */
void behind_release(struct broker *broker);
/* The first that has waited for long enough: when, by the monotonic clock; 0 for none. */
uint64_t behind_next_ns(const struct behind *behind);

#endif
