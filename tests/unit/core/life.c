#include "unit/core/life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/present.h"
#include "core/task_field.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

struct life *life_new(void)
{
    struct life *life = calloc(1, sizeof *life);
    life->world = world_new();
    life->rows = rows_new();
    arena_init(&life->maker.arena);
    for (unsigned i = 0; i < MAKER_POOL; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%u", i);
        struct msg_agency_set set = agency_set(id, "tinh");
        assert_int_equal(world_send(life->world, "tinh", OP_AGENCY_SET, &set), 0);
    }
    LADDER_SET(life->world, {.deadline = DEADLINE_COMPLETION,
                             .offset = -2,
                             .unit = UNIT_CALENDAR_DAYS,
                             .does = RUNG_REMIND,
                             .to = LADDER_LEAD});
    for (; life->maker.parents < 3; life->maker.parents++) {
        char reference[16];
        snprintf(reference, sizeof reference, "CHA-%u", (unsigned)life->maker.parents);
        world_assign(life->world, "huyen", "so2", reference, NULL);
    }
    world_assign(life->world, "huyen", "so2", "CHO-1", NULL);
    world_assign(life->world, "huyen", "so2", "CHO-2", NULL);
    return life;
}

void life_free(struct life *life)
{
    arena_done(&life->maker.arena);
    rows_free(life->rows);
    world_free(life->world);
    free(life);
}

struct msg_task life_shown(struct core *core, uint64_t task, int64_t now, struct arena *arena)
{
    return present_task(core, core_task(core, task), core_task(core, task)->lead, now, arena);
}

static void assert_restored(struct life *life, struct core *restored, const char *from)
{
    struct arena arena;
    uint8_t here[32], there[32];
    struct buffer a = {0}, b = {0};
    arena_init(&arena);
    struct msg_task live = life_shown(life->world->core, life->task, life->world->now, &arena);
    struct msg_task back = life_shown(restored, life->task, life->world->now, &arena);
    message_encode(&a, "task", (struct text){0}, &message_task, &live);
    message_encode(&b, "task", (struct text){0}, &message_task, &back);
    if (a.size != b.size || memcmp(a.data, b.data, a.size) != 0)
        fail_msg("the task is another after it was restored from %s", from);
    life->seen |= live.has;
    core_digest(life->world->core, here);
    core_digest(restored, there);
    assert_memory_equal(here, there, sizeof here);
    buffer_done(&a);
    buffer_done(&b);
    arena_done(&arena);
}

void life_comes_back(struct life *life)
{
    struct core *restored = world_restore(life->world, NULL, 0, 0);
    assert_restored(life, restored, "record 1");
    core_free(restored);
    rows_write(life->world, life->rows, 4096);
    restored = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    assert_restored(life, restored, "a checkpoint");
    core_free(restored);
}

bool life_is_of_targets(unsigned bit)
{
    const enum task_type type = task_field_of_content(bit)->type;
    return type == TASK_TYPE_indicator || type == TASK_TYPE_plan;
}

struct msg_content life_make_content(struct life *life, unsigned seed)
{
    struct msg_content content = {0};
    life->maker.seed = seed;
    life->maker.named = 0;
    for (unsigned bit = 0; bit < message_content.count; bit++)
        if (!life_is_of_targets(bit))
            maker_make(&life->maker, &message_content, bit, task_field_of_content(bit)->type, &content);
    MSG_SET(&content, content, due, seed % 2 ? TEXT("2024-07-01") : TEXT("2024-08-01"));
    return content;
}

void life_assert_shows(struct life *life, const struct msg_content *content)
{
    struct msg_task task = life_shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        const struct field *field = &message_content.fields[bit];
        if (task_field_of_content(bit)->rule == TASK_RULE_asked)
            continue;
        const struct field *there = message_field(&message_task, field->name, field->name_size);
        assert_non_null(there);
        if (!maker_same_field(&message_content, content, there, &task, (unsigned)(there - message_task.fields), bit))
            fail_msg("`%s` of the task is not what was asked", field->name);
    }
}

void life_assign_all(struct life *life, const struct msg_content *content)
{
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TẤT-CẢ"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign, assign, content, *content);
    if (world_send(life->world, "huyen", OP_ASSIGN, &assign))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
    life->task = WORLD_REPLY(life->world, change_reply)->tasks.items[0].task;
}

void life_amend(struct life *life, const struct msg_content *content)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, life->task);
    MSG_SET(&amend, amend, content, *content);
    if (world_send(life->world, "huyen", OP_AMEND, &amend))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
}
