/* A store of rows, as a disk would have it: what checkpoints of a world's core wrote. */
#ifndef COORDD_TESTS_UNIT_CORE_ROWS_H
#define COORDD_TESTS_UNIT_CORE_ROWS_H

#include "unit/core/world.h"

struct rows {
    struct journal_row items[8192];
    size_t count;
    uint64_t checkpoint; /* the last that was finished */
    uint64_t begun;      /* the one under way; 0 when none is */
};

struct rows *rows_new(void);
void rows_free(struct rows *rows);
/* One step of a checkpoint: some rows, and at the end its mark. */
void rows_write(struct world *world, struct rows *rows, uint32_t limit);
/* Puts a row in the place of the one with its key; its body is copied. */
void rows_put(struct rows *rows, const struct journal_row *row);

/* A core from the records alone, one that followed half of them, and one from the rows of a checkpoint, stand as the core that decided. Not beside rows of the
 * test's own: each row is written once, to one of them. */
void rows_replay(struct world *world);

#endif
