/* Durable consumers: how far each has dealt with its notifications. A place is of no record; it is kept as a row. */
#include "core/consumer.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/effects.h"
#include "core/row.h"

static struct consumer *find(const struct core *core, uint32_t agency, struct text name, uint32_t *number)
{
    uint32_t probe = MAP_BEGIN;
    const uint64_t index = digest_index((uint64_t)agency + 1, name);
    while (map_next(&core->consumer_index, index, &probe, number)) {
        struct consumer *consumer = &core->consumers[*number];
        if (consumer->agency == agency && text_equal(consumer->name, name))
            return consumer;
    }
    return NULL;
}

bool core_consumer_place(const struct core *core, uint32_t agency, struct text name, uint64_t *seq)
{
    uint32_t number;
    const struct consumer *consumer = find(core, agency, name, &number);
    if (consumer)
        *seq = consumer->seq;
    return consumer != NULL;
}

/* The furthest place of each agency; 0 where there is none. */
static uint64_t *furthest_places(const struct core *core)
{
    uint64_t *furthest = xcalloc(core->agency_count, sizeof(*furthest));
    for (uint32_t i = 0; i < core->consumer_count; i++) {
        const struct consumer *consumer = &core->consumers[i];
        if (consumer->name.size > 0 && consumer->seq > furthest[consumer->agency])
            furthest[consumer->agency] = consumer->seq;
    }
    return furthest;
}

struct core_left *core_consumer_left(const struct core *core, uint32_t agency, struct text name, int64_t now_ms,
                                     uint32_t *count)
{
    uint32_t gone_count, number;
    uint32_t *gone = agency_predecessors(core, agency, now_ms, &gone_count);
    *count = 0;
    if (gone_count == 0)
        return NULL;
    uint64_t *furthest = furthest_places(core);
    struct core_left *left = xcalloc(gone_count, sizeof(*left));
    for (uint32_t i = 0; i < gone_count; i++) {
        const struct consumer *consumer = find(core, gone[i], name, &number);
        if (consumer || furthest[gone[i]])
            left[(*count)++] = (struct core_left){gone[i], consumer ? consumer->seq : furthest[gone[i]]};
    }
    free(furthest);
    free(gone);
    return left;
}

/* Places that were not given stay empty: rows may come in any order. */
static void make_room(struct core *core, uint32_t number)
{
    if (number < core->consumer_count)
        return;
    core->consumers = xgrow(core->consumers, number, &core->consumer_capacity, sizeof(struct consumer));
    memset(core->consumers + core->consumer_count, 0, (number + 1 - core->consumer_count) * sizeof(struct consumer));
    core->consumer_count = number + 1;
}

static void put(struct core *core, uint32_t number, uint32_t agency, struct text name, uint64_t seq)
{
    make_room(core, number);
    char *copy = xmalloc(name.size);
    memcpy(copy, name.data, name.size);
    core->consumers[number] = (struct consumer){agency, {copy, name.size}, seq};
    map_add(&core->consumer_index, digest_index((uint64_t)agency + 1, name), number);
}

static struct effect_span encode(const struct consumer *consumer, struct effects *effects)
{
    struct msg_consumer_row row = {0};
    MSG_SET(&row, consumer_row, agency, consumer->agency);
    MSG_SET(&row, consumer_row, consumer, consumer->name);
    MSG_SET(&row, consumer_row, seq, consumer->seq);
    return effects_message(effects, "row", (struct text){0}, &message_consumer_row, &row);
}

int core_consumer_keep(struct core *core, uint32_t agency, struct text name, uint64_t seq, struct effects *effects)
{
    uint32_t number;
    struct consumer *consumer = find(core, agency, name, &number);
    effects->bytes.exhausted = xalloc_failed;
    if (consumer && consumer->seq >= seq)
        return 0;
    if (!consumer) {
        if (core->consumer_count >= CORE_CONSUMERS_MAX)
            return COORD_E_CAPACITY;
        number = core->consumer_count;
        put(core, number, agency, name, seq);
    }
    core->consumers[number].seq = seq;
    struct effect_span body = encode(&core->consumers[number], effects);
    struct effect *effect = effects_add(effects, EFFECT_ROW);
    effect->row.key = ROW_KEY(ROW_CONSUMER, number);
    effect->row.seq = seq;
    effect->row.body = body;
    return 0;
}

bool consumer_restore(struct core *core, uint64_t number, uint32_t agency, struct text name, uint64_t seq)
{
    if (number >= CORE_CONSUMERS_MAX || (number < core->consumer_count && core->consumers[number].name.size > 0))
        return false;
    put(core, (uint32_t)number, agency, name, seq);
    return true;
}

void consumer_free(struct core *core)
{
    for (uint32_t i = 0; i < core->consumer_count; i++)
        free((char *)(uintptr_t)core->consumers[i].name.data);
    free(core->consumers);
    map_done(&core->consumer_index);
}
