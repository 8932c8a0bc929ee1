/* Where durable consumers are, of a store that several brokers serve. The leader keeps their places among its rows; what is said to a
 * follower goes into a table beside them (journal_places_put), from where the leader takes it. So whoever subscribes by a name, at either,
 * begins at the furthest of both, which is looked up anew for it: its consumer may have been served by any other until just now.
 *
 * A consumer that is new begins where the journal ends, as whoever it asks has it; and what it asks while another still owes it an answer may
 * make a second place. So those that brokers made are known as such: of two the earlier counts, and what the consumer says counts before
 * both. A place that was looked up may not have been committed for good: it is put again by whoever begins a stream with it.
 *
 * Invariants: a place is answered once it, or a further one of the same consumer and key, is in the table for good; no look waits for what
 * is put; what is looked up is of a moment after it was asked for, is the core's from one moment to the next, and not before the core has
 * come to a record that was there after it.
 */
#ifndef COORDD_LOOP_PLACING_H
#define COORDD_LOOP_PLACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/effect.h"
#include "loop/lead.h"
#include "loop/puts.h"

#define PLACING_PUTS 128 /* in one errand: one commit, of some µs more each */

struct broker;
struct core_consumers;
struct errand;

struct placing_errand {
    struct put *puts[PLACING_PUTS];
    unsigned count;
    bool looks;            /* all that there are are to be read, into these: */
    struct places *places; /* first, as one that is taken from there is a row by then */
    struct consumer_rows *rows;
    /* Answers. */
    int result; /* enum journal_result; what failed is in journal_failure */
    bool put;   /* all of them; else the server was not reached, or has no room, and nothing was looked up */
};

struct placing {
    struct puts puts;
    uint64_t rests_until_ns; /* they could not be put, and are again from then on; by the monotonic clock */
    /* Looks, by number: the last that is wanted, that has begun, and that the core knows. */
    uint64_t wanted, begun, known;
    uint64_t looked_second; /* after the one of the broker's in which one was wanted for a key that may only read */
    bool is_partial;        /* the core has those of the rows alone, as the lead was just taken */
    bool was_read;          /* the one that has begun is here… */
    bool is_bounded;        /* …and this is a record that was there after it: */
    uint64_t bound;
    struct places places;
    struct consumer_rows rows;
    struct core_consumers *next; /* what the core will have of it; NULL before */
    struct effects unwritten;    /* rows that the core would write if it led */
};

void placing_init(struct placing *placing);
void placing_done(struct placing *placing);

/* Keeps a place that an agency's consumer says, and has it put: 0, or why that cannot be; COORD_E_BEHIND when the one that asks has too many
 * waiting. `put` is the last of those that its answer waits for (puts_owe), and may become this one; NULL at first. */
int placing_keep(struct broker *broker, uint32_t asker, const struct place *place, struct put **put);
/* The same of the place that a consumer begins with: the one that stands, or, for one that has none, a new one. */
int placing_make(struct broker *broker, uint32_t asker, const struct place *place, struct put **put);
/* How far a consumer is that the core has at `seq`, with what it said that is still to be put. */
uint64_t placing_said(const struct broker *broker, uint32_t asker, uint32_t agency, struct text consumer, uint64_t seq);
/* Where all are is to be looked up: the number of the look that shows it. And whether the core knows. */
uint64_t placing_want(struct placing *placing);
bool placing_knows(const struct placing *placing, uint64_t look);
/* Whoever leads has the rows, and looks for what others put (follow.c): whether it is to, and that it begins, and has kept all. */
bool placing_wants(const struct placing *placing);
void placing_begin(struct placing *placing);
void placing_end(struct placing *placing);

/* errand.c: in the journal's thread. */
bool placing_has(const struct placing_errand *errand);
void placing_do(struct placing_errand *errand, struct journal *journal);

/* handover.c: what an errand is to do of it; false for nothing. And what came of it, which was sound. */
bool placing_fill(struct broker *broker, struct errand *errand);
void placing_finished(struct broker *broker, struct errand *errand);
/* Whether something waits for an errand; answers among it; and for a look at the newest record. */
bool placing_waits(const struct broker *broker);
bool placing_owes(const struct broker *broker);
bool placing_wants_head(const struct placing *placing);
/* follow.c: the newest record was looked up. */
void placing_note_head(struct placing *placing, uint64_t seq);
/* What was read is of no use: this broker leads no more. */
void placing_forget(struct placing *placing);
/* It leads: the core has the rows, and is to be given what was put, which was read after all that was wanted until then. */
void placing_take(struct placing *placing);

/* follow_apply.c: gives the core some of what was read; and whether there is something to give. */
void placing_work(struct broker *broker);
bool placing_pending(const struct broker *broker);

#endif
