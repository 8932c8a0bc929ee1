/* One account for each agency, of all its keys and connections together: what it costs the broker, what of it waits, and
 * its place in the turns in which the loop takes work.
 *
 * Cost is what the core counts of each step: core/cost.h.
 */
#ifndef COORDD_LOOP_ACCOUNT_H
#define COORDD_LOOP_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/heap.h"
#include "config.h"
#include "core/event.h"

#define COST_A_MS 10000 /* units of cost that take a millisecond, about */

struct peer_key;
struct read;

/* A request that waits for its agency's turn. */
struct queued {
    struct queued *next;
    struct peer_key *key; /* it was asked with: outlives its connections */
    uint64_t peer;        /* the connection's number */
    uint32_t size;
    bool waited;        /* for what it asks to be there: behind.h. It does not again… */
    bool placed;        /* …and where its consumer is was looked up: placing.h */
    uint64_t since_ns;  /* it waited behind another of its connection from then on; 0 when it did not */
    struct slice slice; /* of a batch that has begun: where it goes on */
    char frame[];
};

/* An account is never given up: as many as there are agencies, × 280 bytes = 18 MB for 65,536 of them. */
struct account {
    uint32_t agency; /* its number; CORE_NO_AGENCY for the one of all keys that nobody has */
    /* since the start */
    uint64_t cost;
    uint64_t requests; /* taken in or refused; those in batches counted */
    uint64_t refused;  /* of these, with an error */
    uint64_t written;  /* bytes of records that its requests made */
    uint64_t tried;    /* of its requests, dry runs that were judged */
    /* now */
    uint64_t connections; /* that have spoken */
    uint64_t streams;
    size_t unsent;          /* bytes of answers that its connections do not take */
    uint64_t reads_waiting; /* replies that wait for the journal, from their decision on */
    /* requests that wait for its turn, in the order in which they came */
    struct queued *queued_first, *queued_last;
    uint64_t waiting;
    size_t waiting_bytes; /* with what keeps them, and with those that are held */
    uint64_t held;        /* requests that wait elsewhere: behind.h… */
    uint64_t held_lines;  /* …of so many connections */
    int64_t deficit;      /* cost that it may have in this turn; what is below 0 it had too much, and pays back */
    struct account *turn_next, *turn_previous;   /* of those that have something waiting */
    struct read *read_first, *read_last;         /* that wait for an errand */
    struct account *reads_next, *reads_previous; /* of those that have some */
    /* what of `written` still counts for the day: each second takes a part of the limit off */
    double written_day;
    uint64_t written_second; /* of the broker's, up to which that is so */
    uint64_t written_most;   /* the limit that it was held against last; 0: none */
    /* what it has put into a batch of the loop's that is still filled; of another batch than this serial's it says nothing */
    uint64_t batch;
    size_t batch_writes, batch_bytes;
    uint64_t rests_until_ns; /* for what it asked (share.h); by the monotonic clock; 0 once it was let in after that… */
    uint64_t owes_until_ns; /* …and for what was turned away unread: from its next turn on */
    /* bytes of requests that were turned away in that second of the broker's, counted from 1, and in which there were too many */
    uint64_t turned_away, turned_away_second, flooded_second;
};

struct accounts {
    struct account **by_agency; /* NULL for an agency that has not spoken yet */
    size_t agencies;
    struct account nobody;
    struct account *turns; /* whose turn is next, of those that have something waiting… */
    struct heap resting;   /* …and those of them that rest, by when that ends; an agency's number + 1 */
    struct account *reads; /* whose turn is next, of reads */
    size_t waiting_bytes;  /* of all */
};

void accounts_init(struct accounts *accounts);
void accounts_done(struct accounts *accounts);
/* An agency's account, which is made with the first call; `nobody` for CORE_NO_AGENCY. */
struct account *accounts_of(struct accounts *accounts, uint32_t agency);
/* How many connections it has; none is made for the question. */
uint64_t accounts_connections(const struct accounts *accounts, uint32_t agency);
static inline void account_charge(struct account *account, uint64_t cost)
{
    account->cost += cost;
    account->deficit -= (int64_t)cost;
}
/* Its requests made so many bytes of records; and what it may write now: `limits` gets whether it has to wait, and for how
 * long: a day at most, where a limit was lowered too. A restart forgives what was written before, and so does to have had no
 * limit. */
void account_wrote(struct account *account, uint64_t bytes);
void account_limit_writes(struct account *account, const struct limits *limits, uint64_t second,
                          struct event_limits *into);
/* The accounts that have cost the most, that first, at most `count` of them: how many there are. */
size_t accounts_top(const struct accounts *accounts, const struct account **top, size_t count);

/* What all agencies' requests may have waiting is so many times what one's may: 128 MiB with 16. Whoever waits may have no
 * more than what is left, so that who asks too much leaves as much to others; and one request of each may always wait, so that
 * who has nothing waiting is never refused: at the very most 1 MiB for each agency, where they would wait in libzmq as well. */
#define ACCOUNTS_WAITING 8
/* Whether so large a request may wait, where one agency's may have `each` bytes. */
bool accounts_room(const struct accounts *accounts, const struct account *account, size_t size, uint64_t each);
/* A request of so many bytes, and values in them, was turned away unread, in that second of the broker's. True when these are more
 * than ACCOUNT_FLOOD times what may wait (`each`): it goes on sending whatever it is told, and to decipher that takes libzmq's threads
 * from others. Until two seconds later it floods. For its id the loop walks through all the values, 10 ns each: so a value counts as so
 * many bytes at the least, as nearly all have, and with the smallest the loop walks for 168 ms in a second: 64 MiB / 4 × 10 ns. */
#define ACCOUNT_FLOOD       4
#define ACCOUNT_FLOOD_VALUE 4
bool account_turn_away(struct account *account, size_t size, size_t values, uint64_t each, uint64_t second);
bool accounts_flood(const struct accounts *accounts, uint32_t agency, uint64_t second);
/* Keeps a request, which is copied. */
void account_ask(struct accounts *accounts, struct account *account, struct peer_key *key, uint64_t peer,
                 const void *frame, size_t size);
/* Takes the first, account->queued_first, which the caller frees. */
struct queued *account_take(struct accounts *accounts, struct account *account);
/* Takes it out, to be put back: it is counted with what waits. And puts so many, which are linked, in front of all that wait; or drops one. */
struct queued *account_hold(struct accounts *accounts, struct account *account);
void account_put_back(struct accounts *accounts, struct account *account, struct queued *first, struct queued *last,
                      uint64_t count);
void account_drop(struct accounts *accounts, struct account *account, struct queued *queued);
void accounts_turn_over(struct accounts *accounts); /* the next agency's turn */
/* It rests, or longer than it was to: where it has something waiting it has no turns until it is let in, and then after all that wait. */
void accounts_rest(struct accounts *accounts, struct account *account);
/* The one whose rest ends first; NULL when none rests. And whether that one rests. */
const struct account *accounts_first_to_rest(const struct accounts *accounts);
bool accounts_has_resting(const struct accounts *accounts, const struct account *account);
void accounts_let_in(struct accounts *accounts, const struct account *account, uint64_t now_ns);
/* Whether a batch that is done in slices has begun, and goes on in a turn to come. Looks at all that wait. */
bool accounts_have_begun(const struct accounts *accounts);
/* Whether anything waits for a turn. */
static inline bool accounts_wait(const struct accounts *accounts)
{
    return accounts->turns || accounts->resting.count > 0;
}

/* Reads wait for errands by agency: the first of one whose turn it is; NULL when there is none. */
void account_read(struct accounts *accounts, struct account *account, struct read *read);
struct read *accounts_next_read(struct accounts *accounts);

#endif
