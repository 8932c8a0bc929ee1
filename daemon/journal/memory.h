/* What the memory keeper keeps in: it stands in for a disk, outlives the journals that are opened on it, and can be made to
 * fail at any step, or to lose what was not committed.
 */
#ifndef COORDD_JOURNAL_MEMORY_H
#define COORDD_JOURNAL_MEMORY_H

#include "journal/journal.h"

/* The steps at which it can be struck. */
enum memory_step {
    MEMORY_READ,
    MEMORY_BEGIN,
    MEMORY_PUT,       /* each record and each row */
    MEMORY_COMMIT,    /* nothing of the batch is there yet */
    MEMORY_COMMITTED, /* all of it is, whatever the caller is told */
};

/* What the step shall give instead of JOURNAL_OK. */
typedef int memory_strike(void *context, enum memory_step step);

struct journal_memory *journal_memory_new(void);
void journal_memory_free(struct journal_memory *memory); /* no journal is open on it; takes NULL */
void journal_memory_strike(struct journal_memory *memory, memory_strike *strike, void *context); /* NULL: none */
/* It may be led by one and followed by others, all in one thread. It has no clock: */
void journal_memory_now(struct journal_memory *memory, int64_t now_ms); /* when looks at it are asked for */
/* Who leads it is silent for a lease, or whom the lead was given up to did not take it: it is free until somebody appends or takes it. */
void journal_memory_lapse(struct journal_memory *memory);
/* The bytes of a record and of a row, for harm to be done to them; NULL when there is none. */
uint8_t *journal_memory_record(struct journal_memory *memory, uint64_t seq);
uint8_t *journal_memory_row(struct journal_memory *memory, uint64_t key);

/* A new and empty journal, in memory of its own that goes when it is closed. */
struct journal *journal_open_memory(void);

#endif
