/* A broker that does not lead keeps the same state by applying what the leader appends, record by record, and leads itself once the lead
 * is free. The journal's thread reads on (lead.h) while the loop applies what it has, a slice at a time; between the two are two pages.
 *
 * Invariant: what is applied is the very state that the leader had at that record. How old it is at most is known: a look at the store
 * shows all that was acknowledged before it was asked for, and counts once all that it showed is applied.
 */
#ifndef COORDD_LOOP_FOLLOW_H
#define COORDD_LOOP_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "loop/as_of.h"
#include "loop/lead.h"
#include "loop/role.h"

struct broker;
struct errand;

/* How long one look waits for something new: what a follower of a store in which nothing happens says of its age. */
#define FOLLOW_WAIT_MS 100
/* …but where it is read: once what was answered from is older than this, the look under way comes back, and another is begun. Readers so pay
 * with 200 looks a second, of some 0.2 ms of PostgreSQL each, for being told what is new. */
#define FOLLOW_OLD_MS 5
/* A store that cannot be reached is looked for again after so long. */
#define FOLLOW_REST_MS 100

struct follow {
    enum role_state role;
    struct journal_lead lead; /* as it was seen last; of a leader, from before that */
    struct followed pages[2];
    unsigned fills, applies;        /* which of them is read into next, and which is applied… */
    unsigned full;                  /* …of so many that the loop has: the other is the thread's, while that reads */
    uint64_t read_seq;              /* the newest record that was read */
    uint64_t written;               /* a checkpoint that stands there or later has all that changed before */
    uint64_t seen, seen_at;         /* the one that stands, and the newest record when it was first seen */
    uint64_t end, checkpoint;       /* CATCHES_UP: the newest record of all, and the checkpoint that stands */
    struct consumer_rows consumers; /* CATCHES_UP: to be taken before it leads */
    struct places places;           /* that others put, to be kept by whoever leads */
    bool places_due, has_places;    /* they are to be looked for; some are there, and the loop's */
    const struct batch *kept_with;  /* the batch that the last of them were kept with; NULL for none… */
    uint64_t kept_serial;           /* …while it is this one */
    uint64_t kept_mark, forgotten;  /* those up to this mark were; and are forgotten where they were put */
    uint64_t look_seq;              /* the first look not all of which is applied: up to where it showed… */
    int64_t look_ms;                /* …and from when it is; INT64_MIN for none */
    int64_t fresh_ms;               /* all that was acknowledged before then is applied; by the monotonic clock */
    uint64_t rests_until_ns;        /* the store was not reached, and is looked for from then on */
    bool beats;                     /* the journal wants signs of life of whoever leads */
    bool counts;                    /* there is something to count: core_follow_on */
    bool old;                       /* somebody is answered from what is older than FOLLOW_OLD_MS */
    bool called;                    /* the errand under way was told to come back */
};

void follow_init(struct broker *broker);
void follow_done(struct follow *follow);
void follow_second(struct broker *broker); /* once a second */
void follow_move(struct broker *broker, enum role_event event);
/* The store is there, and the core is at its newest record. */
void follow_restored(struct broker *broker, uint64_t last_seq, bool beats);

/* handover.c: the part of an errand that is about the lead; false when there is none. And what came of it. */
bool follow_fill(struct broker *broker, struct errand *errand);
void follow_finished(struct broker *broker, struct errand *errand);
/* There is something to do at the journal: the errand under way comes back, if it only waits for news. */
void follow_call_back(struct broker *broker);

/* follow_places.c: what others put of where consumers are was looked for; whether some is there to be kept; that some of it is kept; and
 * the mark up to which all is, on disk, so that it may be forgotten where it was put: 0 for none. */
void follow_looked_for_places(struct broker *broker, const struct errand *errand);
bool follow_has_places(const struct broker *broker);
void follow_keep_places(struct broker *broker);
uint64_t follow_to_forget(const struct follow *follow);

/* Leads, if it has the lead and all is applied. */
void follow_catch_up(struct broker *broker);

/* pace.c: applies for half a millisecond, and counts; and whether there is something to do. */
void follow_work(struct broker *broker);
bool follow_pending(const struct broker *broker);
/* When it would do something by itself: ns from now, 0 for never. */
uint64_t follow_rests_ns(const struct broker *broker);

/* A look has come, or a slice is applied: how new is what there is? */
void follow_note_look(struct broker *broker);
void follow_note_applied(struct broker *broker);
/* Somebody is about to be answered. */
void follow_note_read(struct broker *broker);
int64_t follow_monotonic_ms(const struct broker *broker);

/* How old at most what is known is: 0 of whoever leads. */
uint64_t follow_lag_ms(const struct broker *broker);
struct as_of follow_as_of(const struct broker *broker);
struct event_beside follow_beside(const struct broker *broker);
/* Where clients find the broker that leads; "" when that is not known. */
const char *follow_leader(const struct broker *broker);

#endif
