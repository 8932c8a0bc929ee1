/* A small store that inputs begin with: four agencies with a key each, a calendar, a policy and three tasks, as records
 * and as the rows of a checkpoint. It is made once; every input gets a core of its own from it.
 */
#ifndef COORDD_FUZZ_WORLD_H
#define COORDD_FUZZ_WORLD_H

#include "core/core.h"
#include "fuzz/generate.h"

struct journal {
    struct journal_record *records; /* record n is at n - 1; bodies are the journal's own */
    size_t count, capacity;
};

void journal_add(struct journal *journal, const struct effects *effects); /* its EFFECT_RECORD items */
void journal_cut(struct journal *journal, size_t count);                  /* forgets all after so many */

/* The world's records. An input's own follow after them, and are cut off again. */
struct journal *world_journal(void);
/* Its rows, the counters' last. */
const struct journal_row *world_rows(size_t *count);

/* A core in the state of the world: from its rows, and the journal's records after them. */
struct core *world_core(void);
/* A core from rows, and the journal's records after `seq`; traps when it will not be restored. */
struct core *world_restore(const struct journal_row *rows, size_t row_count, uint64_t seq);
/* Traps unless the error is 0, and says what it was. */
void world_must(int error, const struct problem *problem);
/* All rows of a checkpoint that begins now. The bodies lie in `bytes`. */
struct journal_row *world_checkpoint(struct core *core, struct buffer *bytes, size_t *count, uint64_t *seq);

#endif
