/* The records that a world keeps, and what is told of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/record.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* What is told as the record is made is what is told of it ever after. */
static void check_wire(struct world *world, const struct effect *effect)
{
    const struct journal_record stored = {effect->record.seq, effect->record.task, effect->record.previous,
                                          effects_bytes(&world->effects, effect->record.body),
                                          effect->record.body.size};
    struct buffer frame = {0};
    struct problem problem = {0};
    const int error = core_record_wire(world->record_decoder, &stored, &frame, &problem);
    if (error)
        fail_msg("record %llu cannot be told: %s %s", (unsigned long long)stored.seq, problem.field, problem.message);
    if (effect->record.wire.size > 0) {
        assert_int_equal(frame.size, effect->record.wire.size);
        assert_memory_equal(frame.data, effects_bytes(&world->effects, effect->record.wire), frame.size);
    }
    /* As cost.h has it: if it is all letters they are three times as long, and that is the most. */
    if (effect->record.notifies && frame.size / COST_WRITE_BYTES > cost_told(stored.size, stored.size, 0))
        fail_msg("record %llu of %u bytes is told in %zu, which cost more than it counts",
                 (unsigned long long)stored.seq, stored.size, frame.size);
    buffer_done(&frame);
}

static void keep_record(struct world *world, const struct effect *effect)
{
    const struct effect_span span = effect->record.body;
    if (world->record_count == world->record_capacity) {
        world->record_capacity = world->record_capacity ? world->record_capacity * 2 : 64;
        world->records = realloc(world->records, world->record_capacity * sizeof *world->records);
        assert_non_null(world->records);
    }
    check_wire(world, effect);
    void *body = malloc(span.size);
    assert_non_null(body);
    memcpy(body, effects_bytes(&world->effects, span), span.size);
    assert_int_equal(effect->record.seq, world->record_count + 1);
    world->records[world->record_count++] = (struct journal_record){effect->record.seq, effect->record.task,
                                                                    effect->record.previous, body, span.size};
}

/* Between events, and earlier than anywhere else: whatever a test asks of a closed task, it asks of one that is cold. */
static void cool(struct world *world)
{
    while (core_cool(world->core, world->now + 1)) {
    }
}

void world_keep_records(struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_RECORD)
            keep_record(world, &world->effects.items[i]);
    cool(world);
}

const struct msg_record *world_record(struct world *world, uint64_t seq)
{
    static struct msg_record record;
    struct problem problem = {0};
    assert_in_range(seq, 1, world->record_count);
    assert_int_equal(core_read_record(world->record_decoder, &world->records[seq - 1], &record, &problem), 0);
    return &record;
}

void world_put_record(struct world *world, struct msg_record *record)
{
    effects_clear(&world->effects);
    record_emit(world->core, world->now, record, &world->effects);
    record_apply(world->core, record);
    world_keep_records(world);
}

bool world_tells(const struct msg_record *record, const char *ids)
{
    char told[8192] = "";
    size_t at = 0;
    for (uint32_t i = 0; i < record->to.count; i++)
        at += (size_t)snprintf(told + at, sizeof told - at, "%s%.*s", i ? " " : "", TEXT_ARGS(record->to.items[i]));
    if (strcmp(told, ids) != 0)
        print_message("told: %s\n", told);
    return strcmp(told, ids) == 0;
}
