/* The part of an errand that is about who leads the store: reading on what another appends, taking the lead, giving it up.
 */
#ifndef COORDD_LOOP_LEAD_H
#define COORDD_LOOP_LEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "core/core.h"
#include "journal/journal.h"

/* Of what is read at once: what is applied in some 10 ms, a slice of half a millisecond at a time. One record at least. */
#define FOLLOWED_RECORDS 1024
#define FOLLOWED_BYTES   (1 << 20)

/* Records that were read and are to be applied, in their order. */
struct followed {
    struct buffer bytes;
    struct journal_record *records;
    size_t count, capacity;
    size_t applied; /* of them */
};

void followed_init(struct followed *followed);
void followed_done(struct followed *followed);
void followed_clear(struct followed *followed); /* keeps the memory */

/* Where durable consumers are, which is of no record: the rows of those that the leaders before kept… */
struct consumer_rows {
    struct buffer bytes;
    struct journal_row *rows;
    size_t count, capacity;
    size_t taken; /* of them */
};

/* …and what brokers put that did not lead. */
#define PLACE_NAME_MAX 64
struct place {
    uint32_t agency;
    struct core_place at;
    char consumer[PLACE_NAME_MAX + 1];
};
struct places {
    struct place *items;
    size_t count, capacity;
    size_t taken;  /* of them */
    uint64_t mark; /* journal_places' */
};

void consumer_rows_init(struct consumer_rows *rows);
void consumer_rows_done(struct consumer_rows *rows);
int consumer_rows_read(struct consumer_rows *rows, struct journal *journal); /* all that there are */
int places_read(struct places *places, struct journal *journal);             /* those since its mark, which moves */
void places_done(struct places *places);

enum lead_task {
    LEAD_NOTHING,
    LEAD_FOLLOW,  /* journal_follow */
    LEAD_TAKE,    /* journal_take */
    LEAD_READ,    /* what lies between the last that was followed and the lead */
    LEAD_GIVE_UP, /* journal_give_up */
    LEAD_PLACES,  /* of whoever leads: journal_places */
};

struct lead_errand {
    enum lead_task task;
    struct followed *page;           /* FOLLOW, READ: what is read goes there; empty before */
    uint64_t after;                  /* FOLLOW, READ: the record that was read last */
    int wait_ms;                     /* FOLLOW */
    char to[JOURNAL_ENDPOINT_MAX];   /* GIVE_UP: who is to have it, "" for anybody */
    struct consumer_rows *consumers; /* TAKE, once it is taken: the same */
    struct places *places;           /* PLACES, and TAKE: the same */
    uint64_t forget;                 /* PLACES: those up to this mark are among the rows; 0 for none */
    /* Answers. */
    int result;               /* enum journal_result */
    struct journal_lead lead; /* FOLLOW; of TAKE and PLACES its epoch */
    bool taken;               /* TAKE, and then: */
    uint64_t last_seq;
    uint64_t checkpoint; /* FOLLOW too: the one that stands */
};

/* A failure is noted in journal_failure. */
void lead_do(struct lead_errand *errand, struct journal *journal);

#endif
