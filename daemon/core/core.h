/* The doors of the core: everything that decides, with no clock, no I/O, no randomness and no threads.
 *
 * The same events in the same order give the same effects, byte for byte. A step decides records and applies them; a
 * restore applies them alone, so a newer program replays an older journal to the same state. Out of memory stops the
 * process (base/xalloc.h), in the buffers that are lent as well.
 */
#ifndef COORDD_CORE_CORE_H
#define COORDD_CORE_CORE_H

#include "effect.h"
#include "event.h"

struct core;

struct core *core_new(void);
void core_free(struct core *core); /* takes NULL */
/* What hello says of the store; false unless set. */
void core_set_rehearsal(struct core *core, bool rehearsal);

/* Whether anybody may be told of records as they are made: then one that tells somebody, if it is not large, comes as they get it,
 * besides; of all others core_wire makes that when it is wanted. No record depends on it. */
void core_hear(struct core *core, bool heard);

/* Takes one event and appends its effects. A request always gets exactly one reply, at once or by way of the effect
 * that asks for it. A tick fires at most CORE_TICK_RUNGS rungs, and does some of each other kind of work that there is: step
 * again while core_next_deadline is not later. */
#define CORE_TICK_RUNGS 1024
void core_step(struct core *core, const struct event *event, struct effects *effects);

/* When there is something to do next: ms since 1970 UTC, INT64_MAX for never, CORE_NOW while due times are being counted anew,
 * who decides is looked for anew, tasks go from one document to another, or a hot spot is to be counted or told. */
#define CORE_NOW (INT64_MIN + 1)
int64_t core_next_deadline(const struct core *core);
/* When the next rung fires, or the next period begins; CORE_NOW while that is looked for anew. */
int64_t core_next_rung(const struct core *core);

/* ---- answers to effects that needed the journal ---- */

/* The reply to EFFECT_RESEND, from the request's records in order (record 0 says how many `parts` there are): a whole
 * frame is appended, change_reply, or error REQUEST_REUSED when the digest differs. */
void core_reply_again(struct text id, const uint8_t digest[16], const struct journal_record *records, size_t count,
                      struct buffer *frame);
/* The reply to EFFECT_HISTORY from the records found, newest first; `more` when the task has older ones. */
void core_reply_history(struct text id, const struct journal_record *records, size_t count, bool more,
                        struct buffer *frame);

/* ---- records as they are stored, of this program and of those before it ---- */

/* Reads one: 0, or the decoder's errors, and BAD_VALUE where it does not fit its row. It borrows from the stored bytes and from the
 * decoder, until that is used again. */
int core_read_record(struct decoder *decoder, const struct journal_record *stored, struct msg_record *record,
                     struct problem *problem);
/* Appends the frame that those who are told of it get: the same bytes each time. */
int core_record_wire(struct decoder *decoder, const struct journal_record *stored, struct buffer *frame,
                     struct problem *problem);
/* The same where the core is at hand. */
int core_wire(const struct core *core, const struct journal_record *stored, struct buffer *frame);

/* ---- closed tasks out of memory ---- */

/* Where tasks go that were closed so long ago; the lender is borrowed until the core is freed. To be said of a core that has no
 * tasks yet; without it they all stay. What is seen does not depend on it. */
#define CORE_COLD_AFTER_MS (INT64_C(30) * 24 * 3600 * 1000)
struct lender; /* base/lent.h */
void core_lend(struct core *core, struct lender *lender, int64_t after_ms);
/* Moves some that are due, between steps: CORE_COOL_TASKS at most, which takes 0.1 ms, and some ms where all that finds them is
 * to be read from a disk. Whether it moved so many, and there may be more. */
#define CORE_COOL_TASKS 16
bool core_cool(struct core *core, int64_t now_ms);
uint64_t core_cold_count(const struct core *core); /* how many are there */

/* ---- checkpoint and restore ---- */

/* Begins a checkpoint: from here on core_checkpoint_next gives the rows that changed since they were last given. The
 * checkpoint stands at the returned sequence once all its rows are written. */
uint64_t core_checkpoint_begin(struct core *core);
/* The next row, encoded at the end of `bytes` (row->body points into it until it grows); false when none is left. */
bool core_checkpoint_next(struct core *core, struct buffer *bytes, struct journal_row *row);
/* Another has written all that was to be given since the last begin: what changed since then is left. */
void core_checkpoint_written(struct core *core);
/* How many objects changed since they were last given: when to begin. */
uint64_t core_checkpoint_dirty(const struct core *core);

/* Restore: all rows in any order, then the records after the checkpoint in sequence, then done. A core without rows
 * restores from record 1. BAD_VALUE and the decoder's errors when a row or record cannot be read. */
int core_restore_row(struct core *core, const struct journal_row *row, struct problem *problem);
/* The same in two halves: a row is read in any thread, into an arena, and restored in its turn, while its bytes and the arena are
 * there still. NULL is for a row that is to be read in its turn. */
const void *core_read_row(const struct journal_row *row, struct arena *arena);
int core_restore_read(struct core *core, const struct journal_row *row, const void *read, struct problem *problem);
int core_restore_record(struct core *core, const struct journal_record *record, struct problem *problem);
int core_restore_done(struct core *core, uint64_t last_seq, struct problem *problem);
/* Before done: whether the rows are of a store of 1.0, which kept one memory of requests for all agencies. If so, all
 * records are to be given once more, from record 1 to the last. Once this program has finished a checkpoint it is not. */
bool core_restore_rereads(const struct core *core);
int core_restore_reread(struct core *core, const struct journal_record *record, struct problem *problem);

/* ---- following: another broker decides ---- */

/* Who must hear of a record: decoded from its bytes, from a live batch or from the journal alike. */
struct audience {
    uint32_t agencies[256];
    uint32_t count;
    uint32_t told; /* of these, in `to`; the others stand in for one of them */
    int notice;
    int severity;
    bool restricted; /* none but these agencies themselves */
    uint64_t task;   /* whose readers of now alone may have it; 0: it says nothing that only they may know */
};

/* What a record changes of who may speak, and whom it tells. */
struct core_followed {
    bool admits;              /* somebody else than before, for an agency: */
    uint32_t agency;          /* which; CORE_NO_AGENCY when it is new */
    char revoked[41];         /* the key that nobody may speak with any more; "" for none */
    bool notifies;            /* somebody is told: */
    struct audience audience; /* as it was before the record was applied */
};
/* Applies the next record, to a core that is restored: it comes to what it would be had it decided that itself. BAD_VALUE and the
 * decoder's errors. What time brings, and what is counted anew, waits until it decides itself: core_step with EVENT_RESUME. */
int core_follow(struct core *core, const struct journal_record *stored, struct core_followed *followed,
                struct problem *problem);
/* Durable consumers' places are of no record: whoever has followed and is to decide forgets those that it knew, and takes each from its
 * row. BAD_VALUE when it does not fit. */
#define CORE_CONSUMER_ROWS     ROW_KEY(ROW_CONSUMER, 0)
#define CORE_CONSUMER_ROWS_END ROW_KEY(ROW_CONSUMER + 1, 0)
void core_consumers_forget(struct core *core);
int core_consumers_take(struct core *core, const struct journal_row *row, struct problem *problem);
/* The same of one that goes on following: a set of places, empty at first, that is filled while the core has it, a few at a time, and
 * given it for good once it is whole. */
struct core_consumers;
struct core_consumers *core_consumers_new(void);
void core_consumers_free(struct core_consumers *consumers); /* takes NULL */
void core_consumers_swap(struct core *core, struct core_consumers *consumers);
/* Where a durable consumer is, as a broker keeps or puts it. */
struct core_place {
    uint32_t key; /* that it is kept for; CORE_NO_KEY for none */
    uint64_t seq;
    bool made; /* a broker chose it, and its consumer has not said yet to have dealt with anything */
};
/* Keeps a place that a broker put which did not lead, as core_consumer_keep does; one of no agency or key is passed over. Which of two counts
 * base/place.h says; a key that takes the name over has dealt with what it says, and no more. 0; NOT_AUTHORISED of a key that may not move it
 * (core_consumer_may), which that broker may not have known; or CAPACITY. */
int core_consumers_fold(struct core *core, uint32_t agency, struct text consumer, const struct core_place *place,
                        int64_t now_ms, struct effects *effects);
/* Counts what lists tell, as far as no record comes of it, for a fifth of a millisecond: whether there is more. */
bool core_follow_on(struct core *core, int64_t now_ms, struct effects *effects);

/* BLAKE2b-256 over all state that follows from the records: equal states, equal digests. */
void core_digest(struct core *core, uint8_t digest[32]);

/* ---- what the loop asks ---- */

struct core_identity {
    uint32_t key;     /* number of the key */
    uint32_t agency;  /* number of the agency */
    uint32_t rights;  /* bit mask of RIGHT_… */
    int64_t until_ms; /* when it may speak no more, if nothing changes: ms since 1970 UTC, INT64_MAX for never */
};

/* Whether a key may speak now: 0 and its identity, or KEY_UNKNOWN, KEY_REVOKED, KEY_EXPIRED, AGENCY_CLOSED. */
int core_admit(const struct core *core, struct text public_key, int64_t now_ms, struct core_identity *identity);

struct core_key {
    struct text public_key, label, agency; /* the core's, until the next step */
    uint32_t rights;
    int64_t until_ms, revoked_ms; /* INT64_MAX for never */
};
/* The keys by number, from 0, the revoked too; false behind the last. */
bool core_key_at(const struct core *core, uint32_t number, struct core_key *key);

#define CORE_NO_AGENCY UINT32_MAX
/* The agency that has a key, in its time or not; CORE_NO_AGENCY when nobody has it. */
uint32_t core_key_agency(const struct core *core, struct text public_key);
uint32_t core_agency_find(const struct core *core, struct text id);    /* CORE_NO_AGENCY when there is none */
uint32_t core_agency_parent(const struct core *core, uint32_t agency); /* CORE_NO_AGENCY at the top */
/* The record that put it where it hangs in the tree; 0: it hangs there from the first, or since before that was kept. */
uint64_t core_agency_placed(const struct core *core, uint32_t agency);
struct text core_agency_id(const struct core *core, uint32_t agency); /* the core's, as long as it lives */
/* How many tasks it has given, and their bytes: core/given.h. */
void core_agency_given(const struct core *core, uint32_t agency, uint64_t *tasks, uint64_t *bytes);
/* Who hears for an agency at a time: itself, or once it is gone its successor, or that one's. */
uint32_t core_agency_stands(const struct core *core, uint32_t agency, int64_t now_ms);

/* A durable consumer's place: the newest sequence it has dealt with; false when it has none yet. */
bool core_consumer_place(const struct core *core, uint32_t agency, struct text consumer, uint64_t *seq);
/* The same with whose it is, and whether it was only made. */
bool core_consumer_stands(const struct core *core, uint32_t agency, struct text consumer, struct core_place *place);
/* What those left that the agency has succeeded. Of a durable name the places of each of them that had one: under that name,
 * or else, as what any of them has dealt with is dealt with, the furthest of all. Those that had none are not named. A key that
 * may only read has places of its own there, from these on: what it has dealt with is left to whoever acts. */
struct core_left {
    uint32_t agency;
    uint64_t seq;
};
/* NULL and 0 when there are none. The caller frees the list. */
struct core_left *core_consumer_left(const struct core *core, uint32_t agency, uint32_t key, struct text consumer,
                                     int64_t now_ms, uint32_t *count);
/* Keeps what a consumer says, for a key (CORE_NO_KEY for none), the agency's own or a successor's: appends EFFECT_ROW. Never goes back
 * behind what was said. An agency has 64 at most, or what core_limit_consumers says: past them the one of theirs that is furthest behind is
 * forgotten, and CAPACITY when there is none that this key may have forgotten. Else 0. */
#define CORE_NO_KEY UINT32_MAX
int core_consumer_keep(struct core *core, uint32_t agency, uint32_t key, struct text consumer, uint64_t seq,
                       struct effects *effects);
/* The same of one that has no place yet, where a broker begins with it; does nothing where there is one. */
int core_consumer_make(struct core *core, uint32_t agency, uint32_t key, struct text consumer, uint64_t seq,
                       struct effects *effects);

/* Whether a key may move the place of this name. One that may only read leaves alone what another key of the agency has made, as long as
 * that one may speak: NOT_AUTHORISED. */
int core_consumer_may(const struct core *core, uint32_t agency, uint32_t key, struct text consumer, int64_t now_ms,
                      struct problem *problem);
/* Whether a key may neither act nor administer; false for CORE_NO_KEY. */
bool core_key_only_reads(const struct core *core, uint32_t key);
void core_limit_consumers(struct core *core, uint64_t each);
uint32_t core_consumer_count(const struct core *core, uint32_t agency); /* how many it has; looks at all */
/* How many each agency has, by its number. The caller frees the list. */
uint32_t *core_consumer_counts(const struct core *core);

struct core_counts {
    uint64_t seq;    /* newest record; 0 in an empty store */
    int64_t time_ms; /* its time */
    uint64_t agencies, keys, tasks, open_tasks;
    uint8_t identity[16];
    uint8_t ancestor[16]; /* with `parted` not 0: the store whose backup this one was restored from… */
    uint64_t parted;      /* …and the last record that they have in common */
};
void core_counts(const struct core *core, struct core_counts *counts);
int64_t core_time(const struct core *core); /* of these, when the newest record was made */

/* The store's settings, those that are not set as their defaults. Texts are the core's, until the next step. */
struct msg_store_settings core_store_settings(const struct core *core);

/* 0, or the decoder's error. count is 0 when the record notifies nobody. */
int core_audience(const struct core *core, const struct journal_record *record, struct audience *audience);
/* Whether an agency may have, now, what a record told of a task once: not what is restricted by now, unless it may read that, or
 * might up to this record, which says that its opinion of it is owed no more. */
bool core_may_hear(const struct core *core, uint64_t task, uint64_t seq, uint32_t agency, int64_t now_ms);
/* Whether it may read the task now: so what was told to one below it before that hung below it is judged. */
bool core_may_read(const struct core *core, uint64_t task, uint32_t agency, int64_t now_ms);
/* The newest record that this may follow from, but for the tree and the successions: none that an agency's own notices
 * depend on, unless the task is restricted. With `reads`, the newest that who may read the task may follow from. */
uint64_t core_readers_seq(const struct core *core, uint64_t task, bool reads);
uint64_t core_tree_seq(const struct core *core); /* the newest that changed those */

#endif
