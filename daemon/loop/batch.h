/* A batch: what is committed together, and whose answers leave together once it is on disk. */
#ifndef COORDD_LOOP_BATCH_H
#define COORDD_LOOP_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/effect.h"

struct batch_row {
    uint64_t key, seq;
    struct effect_span body; /* in row_bytes */
};

struct batch {
    uint64_t
        serial; /* of what it holds: another each time that it is filled anew, and never one of the loop's other batch */
    struct effects effects;
    struct buffer row_bytes; /* of the checkpoint */
    struct batch_row *rows;
    size_t row_count, row_capacity;
    uint64_t checkpoint; /* the checkpoint that stands with this batch; 0 for none */
    size_t writes;       /* record and row effects: about what the disk will get */
    size_t counted;      /* effects that `writes` has counted */
    size_t tick_writes;  /* of these writes, and of the effects' bytes, what ticks made */
    size_t tick_bytes;
};

/* `place` is 0 for one of the loop's two, 1 for the other. */
void batch_init(struct batch *batch, unsigned place);
void batch_done(struct batch *batch);
void batch_clear(struct batch *batch);
void batch_count(struct batch *batch); /* brings `writes` up to date */
bool batch_needs_disk(const struct batch *batch);
/* One more effect, zeroed but for its type; valid until the next. */
struct effect *batch_push(struct batch *batch, enum effect_type type);
void batch_add_row(struct batch *batch, const struct batch_row *row);

#endif
