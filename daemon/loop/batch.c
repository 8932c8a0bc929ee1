/* See batch.h. */
#include "loop/batch.h"

#include <stdlib.h>

#include "base/xalloc.h"

void batch_init(struct batch *batch, unsigned place)
{
    *batch = (struct batch){.serial = place};
    effects_init(&batch->effects);
}

void batch_done(struct batch *batch)
{
    effects_done(&batch->effects);
    buffer_done(&batch->row_bytes);
    free(batch->rows);
}

void batch_clear(struct batch *batch)
{
    effects_clear(&batch->effects);
    buffer_clear(&batch->row_bytes);
    batch->row_count = batch->writes = batch->counted = 0;
    batch->tick_writes = batch->tick_bytes = 0;
    batch->checkpoint = 0;
    batch->serial += 2; /* even for one of the two, odd for the other */
}

void batch_count(struct batch *batch)
{
    for (; batch->counted < batch->effects.count; batch->counted++) {
        const enum effect_type type = batch->effects.items[batch->counted].type;
        batch->writes += type == EFFECT_RECORD || type == EFFECT_ROW;
    }
}

bool batch_needs_disk(const struct batch *batch)
{
    return batch->writes > 0 || batch->row_count > 0 || batch->checkpoint > 0;
}

struct effect *batch_push(struct batch *batch, enum effect_type type)
{
    struct effects *effects = &batch->effects;
    effects->items = xgrow(effects->items, effects->count, &effects->capacity, sizeof *effects->items);
    struct effect *effect = &effects->items[effects->count++];
    *effect = (struct effect){.type = type};
    return effect;
}

void batch_add_row(struct batch *batch, const struct batch_row *row)
{
    batch->rows = xgrow(batch->rows, batch->row_count, &batch->row_capacity, sizeof *batch->rows);
    batch->rows[batch->row_count++] = *row;
}
