/* The memory keeper's own parts. Only daemon/journal/memory*.c include it. */
#ifndef COORDD_JOURNAL_MEMORY_KEPT_H
#define COORDD_JOURNAL_MEMORY_KEPT_H

#include "journal/keeper.h"
#include "journal/memory.h"

struct kept_record {
    struct journal_record record; /* its body is ours */
    uint8_t hash[CHAIN_HASH_SIZE];
};

struct kept_row {
    struct journal_row row; /* so is this one's */
    uint64_t sum;
};

struct kept_rows {
    struct kept_row *items;
    size_t count, capacity;
};

struct kept_place {
    uint32_t agency, key;
    char *consumer;
    uint64_t seq;
    bool made;
    uint64_t change; /* the number of the change that put it */
};

/* Who leads: the epoch is the fence. */
struct kept_lead {
    uint64_t epoch;
    unsigned leader; /* the number of the journal; 0 for none */
    char endpoint[JOURNAL_ENDPOINT_MAX], heir[JOURNAL_ENDPOINT_MAX];
    bool lapsed;
};

struct journal_memory {
    bool made;
    bool own;        /* it goes with its journal */
    unsigned opened; /* journals, so far */
    struct kept_lead lead;
    int64_t now_ms;
    uint64_t doubted; /* records, the newest */
    struct kept_place *places;
    size_t place_count, place_capacity;
    uint64_t changes;
    struct journal_info info;
    uint64_t info_sum;
    struct journal_head head;
    struct kept_record *records; /* records[i] is of sequence i + 1; those past the head are put and not committed */
    size_t record_count, record_capacity;
    struct kept_rows rows; /* by key */
    struct kept_rows put;  /* since begin, in order */
    memory_strike *strike;
    void *strike_context;
};

/* One that is open. */
struct memory {
    struct journal journal;
    struct journal_memory *kept;
    unsigned number;
    uint64_t epoch; /* ours; 0 of one that follows */
    char endpoint[JOURNAL_ENDPOINT_MAX];
};

static inline struct memory *memory_of(struct journal *journal)
{
    return (struct memory *)journal;
}

static inline struct journal_memory *kept_of(struct journal *journal)
{
    return memory_of(journal)->kept;
}

/* ---- memory_follow.c ---- */

void memory_lead(struct memory *memory); /* under the next epoch, whoever led before */
bool memory_leads(const struct memory *memory);
void memory_leave(struct memory *memory,
                  const char *to); /* leads no more; `to`: who is to have the lead, "" for anybody */
void memory_forget_places(struct journal_memory *memory);
int memory_watch(struct journal *journal, uint64_t after, int wait_ms, struct keeper_look *look);
int memory_take(struct journal *journal, bool *taken, struct journal_head *found);
int memory_give_up(struct journal *journal, const char *to);
int memory_places_put(struct journal *journal, const struct journal_place *places, size_t count);
int memory_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context);
int memory_places_forget(struct journal *journal, uint64_t mark);

#endif
