#include "core/effects.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "core/cost.h"

void effects_init(struct effects *effects)
{
    *effects = (struct effects){0};
}

void effects_done(struct effects *effects)
{
    free(effects->items);
    buffer_done(&effects->bytes);
    *effects = (struct effects){0};
}

void effects_clear(struct effects *effects)
{
    effects->count = 0;
    effects->batches = 0;
    effects->replied = 0;
    effects->cost = 0;
    buffer_clear(&effects->bytes);
}

struct effect *effects_add(struct effects *effects, enum effect_type type)
{
    effects->items = xgrow(effects->items, effects->count, &effects->capacity, sizeof *effects->items);
    struct effect *effect = &effects->items[effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->type = type;
    return effect;
}

struct effect_span effects_text(struct effects *effects, struct text text)
{
    struct effect_span span = {effects->bytes.size, text.size};
    buffer_append(&effects->bytes, text.data, text.size);
    return span;
}

struct effect_span effects_message(struct effects *effects, const char *op, struct text id,
                                   const struct message *message, const void *in)
{
    size_t before = effects->bytes.size;
    message_encode(&effects->bytes, op, id, message, in);
    cost_add(effects, (effects->bytes.size - before) / COST_WRITE_BYTES);
    return (struct effect_span){before, (uint32_t)(effects->bytes.size - before)};
}

void effects_charge(struct effects *effects, struct effects_mark since, uint32_t agency)
{
    uint64_t bytes = 0;
    for (size_t i = since.count; i < effects->count; i++)
        bytes += effects->items[i].type == EFFECT_RECORD ? effects->items[i].record.body.size : 0;
    if (agency == CORE_NO_AGENCY || (bytes == 0 && effects->cost == since.cost))
        return;
    struct effect *charge = effects_add(effects, EFFECT_CHARGE);
    charge->charge.agency = agency;
    charge->charge.cost = effects->cost - since.cost;
    charge->charge.bytes = bytes;
}
