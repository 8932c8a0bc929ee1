/* What a step takes is counted: the same for the same events, and never less than what was gone through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/compose.h"
#include "core/cost.h"
#include "core/step.h"
#include "unit/core/world.h"
#include "unit/test.h"

static uint64_t cost_of_comment(struct world *world, uint64_t task, size_t size)
{
    char *note = malloc(size);
    struct msg_comment comment = {0};
    memset(note, 'a', size);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, (struct text){note, (uint32_t)size});
    assert_int_equal(world_send_as(world, "huyen", OP_COMMENT, "c", &comment), 0);
    free(note);
    return world->effects.cost;
}

TEST(the_same_request_costs_the_same_and_a_longer_one_more)
{
    uint64_t costs[2];
    for (int i = 0; i < 2; i++) {
        struct world *world = world_new();
        uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
        costs[i] = cost_of_comment(world, task, i ? 4096 : 64);
        world_free(world);
        world = world_new();
        task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
        assert_int_equal(cost_of_comment(world, task, i ? 4096 : 64), costs[i]);
        world_free(world);
    }
    assert_true(costs[0] >= COST_FRAME + COST_REQUEST + COST_RECORD);
    assert_true(costs[1] >= costs[0] + 4000 / COST_FRAME_BYTES + 4000 / COST_WRITE_BYTES);
}

/* World.c holds each record that is told against what that counts. */
TEST(what_is_told_costs_as_much_where_nobody_hears_it)
{
    uint64_t costs[2][2];
    for (int heard = 0; heard < 2; heard++)
        for (int is_long = 0; is_long < 2; is_long++) {
            struct world *world = world_new();
            core_hear(world->core, heard);
            const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
            costs[heard][is_long] = cost_of_comment(world, task, is_long ? 4096 : 64);
            const struct effect *record = &world->effects.items[0];
            assert_true(record->type == EFFECT_RECORD && record->record.notifies);
            assert_true((record->record.wire.size > 0) == (heard && !is_long));
            world_free(world);
        }
    assert_memory_equal(costs[0], costs[1], sizeof costs[0]);
    assert_true(costs[0][1] >=
                costs[0][0] + 4000 / COST_FRAME_BYTES + 4000 / COST_WRITE_BYTES + 4000 / COST_TOLD_BYTES);
}

/* The journal has a byte for each of them. */
TEST(letters_that_are_told_cost_what_they_take_in_utf_8)
{
    enum { LETTERS = 1300 };
    static const char letter[] = "ễ";
    char note[LETTERS * 3 + 1];
    struct world *world = world_new();
    struct msg_comment comment = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    for (size_t i = 0; i < LETTERS; i++)
        memcpy(note + 3 * i, letter, 3);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, (struct text){note, 3 * LETTERS});
    assert_int_equal(world_send_as(world, "huyen", OP_COMMENT, "c", &comment), 0);
    const struct effect *record = &world->effects.items[0];
    const uint64_t body = record->record.body.size, wire = record->record.wire.size;
    assert_true(body < 2 * LETTERS && wire > 3 * LETTERS);
    assert_true(world->effects.cost >= COST_FRAME + COST_REQUEST + 3 * LETTERS / COST_FRAME_BYTES + COST_RECORD +
                                           3 * LETTERS / COST_LETTER_BYTES + (body + wire) / COST_WRITE_BYTES);
    world_free(world);
}

/* ---- texts that are not composed ---- */

static const char falling[] = "\xCD\xA0\xCC\x81\xCC\xA3\xCC\xB4";

/* Runs of 30 marks in falling order, each on a letter: what costs the most to compose, and is taken. */
static struct text hostile(char *text, size_t size)
{
    size_t at = 0;
    while (at + 61 <= size) {
        text[at++] = 'a';
        for (int i = 0; i < 30; i++, at += 2)
            memcpy(text + at, falling + 2 * (i / 8), 2);
    }
    return (struct text){text, (uint32_t)at};
}

static void fill_assign(struct msg_assign *assign, const struct text *lead, struct text description)
{
    MSG_SET(assign, assign, reference, TEXT("HT-1"));
    MSG_SET(assign, assign, leads, (struct texts){lead, 1});
    MSG_SET(&assign->content, content, title, TEXT("Việc"));
    MSG_SET(&assign->content, content, description, description);
    MSG_MARK(assign, assign, content);
}

TEST(a_request_whose_texts_take_too_much_composing_is_refused_by_name)
{
    struct world *world = world_new();
    char *text = malloc(COMPOSE_MAX + 200);
    struct msg_assign assign = {0};
    const struct text lead = TEXT("xa1");
    fill_assign(&assign, &lead, hostile(text, COMPOSE_MAX + 100));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_BAD_TEXT);
    assert_true(text_equal(world->refusal.field, TEXT("content.description")));
    assert_in_range(world->effects.cost, COMPOSE_MAX / 2, COMPOSE_MAX + 2000);
    free(text);
    world_free(world);
}

/* 256 requests of 4 KB, a frame of 1 MiB: 100 ms of composing before there was a bound. */
TEST(a_batch_composes_a_bounded_number_of_bytes)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    char text[3900];
    struct buffer frame = {0};
    struct text requests[256];
    struct msg_batch batch = {0};
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, hostile(text, sizeof text));
    message_encode(&frame, "comment", TEXT("g"), &message_comment, &comment);
    for (int i = 0; i < 256; i++)
        requests[i] = (struct text){frame.data, (uint32_t)frame.size};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 256});
    world_send(world, "so2", OP_BATCH, &batch); /* which may not even read the task */
    assert_in_range(world->effects.cost, STEP_LOOK_MAX, 64000);
    buffer_done(&frame);
    world_free(world);
}

TEST(a_count_of_days_that_is_explained_at_length_is_looked_through_for_its_cost)
{
    struct world *world = world_new();
    struct msg_calendar_explain asked = {0};
    MSG_SET(&asked, calendar_explain, from, TEXT("2000-01-01"));
    MSG_SET(&asked, calendar_explain, add, TEXT("2099-12-31"));
    assert_int_equal(world_send(world, "so2", OP_CALENDAR_EXPLAIN, &asked), 0);
    assert_in_range(world->effects.cost, 500 * 10, COST_STEP_MAX);
    world_free(world);
}

/* Each slice begins where the one before ended; of the frame it takes no more than its own requests, for the first has opened it. */
TEST(a_long_batch_is_done_in_slices_that_cost_little_each)
{
    enum { COUNT = 256, SIZE = 200, VALUES = 9 }; /* of one: a map, and four fields */
    static char note[SIZE], frames[COUNT][SIZE + 200];
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct text requests[COUNT];
    struct msg_batch batch = {0};
    uint64_t alone = 0; /* what one of them takes at most, in a frame of its own */
    memset(note, 'a', SIZE);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct msg_comment comment = {0};
        struct buffer frame = {0};
        char id[8];
        snprintf(id, sizeof id, "c%u", i);
        MSG_SET(&comment, comment, task, task);
        MSG_SET(&comment, comment, note, (struct text){note, SIZE});
        if (i == 0) {
            assert_int_equal(world_send(world, "huyen", OP_COMMENT, &comment), 0);
            alone = world->effects.cost - COST_FRAME;
        }
        message_encode(&frame, "comment", text_of(id), &message_comment, &comment);
        assert_true(frame.size <= sizeof frames[i]);
        memcpy(frames[i], frame.data, frame.size);
        requests[i] = (struct text){frames[i], (uint32_t)frame.size};
        buffer_done(&frame);
    }
    MSG_SET(&batch, batch, requests, (coord_raws){requests, COUNT});
    world_send(world, "huyen", OP_BATCH, &batch);
    uint32_t slices = 0, replies = 0, at = 0;
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        replies += effect->type == EFFECT_REPLY && effect->reply.to.batch == slices && !effect->reply.refused;
        if (effect->type != EFFECT_BATCH)
            continue;
        assert_int_equal(effect->batch.from, at);
        assert_true(effect->batch.next.from > at && effect->batch.next.count == COUNT);
        at = effect->batch.next.from;
        slices++;
    }
    assert_int_equal(at, COUNT);
    assert_int_equal(replies, COUNT);
    assert_true(slices > 1);
    const uint64_t opened = COUNT * VALUES / COST_FRAME_ITEMS;
    assert_in_range(world->effects.cost, COUNT * alone,
                    COUNT * (alone + 1) + opened + COST_REQUEST + slices * COST_FRAME);
    world_free(world);
}

/* The room of a page is counted too, and grows with it. */
TEST(a_page_costs_what_it_shows_and_not_what_it_might_have_shown)
{
    struct world *world = world_new();
    uint64_t costs[2][7];
    for (int i = 0; i < 2; i++) {
        const uint64_t limit = i ? 1000 : 127;
        struct msg_list list = {0};
        struct msg_task_list tasks = {0};
        struct msg_escalation_list escalations = {0};
        struct msg_document_list documents = {0};
        struct msg_schedule_list schedules = {0};
        MSG_SET(&list, list, name, TEXT("none"));
        MSG_SET(&list, list, limit, limit);
        MSG_SET(&tasks, task_list, limit, limit);
        MSG_SET(&escalations, escalation_list, limit, limit);
        MSG_SET(&documents, document_list, limit, limit);
        MSG_SET(&schedules, schedule_list, limit, limit);
        const struct {
            enum op op;
            const void *request;
        } pages[] = {{OP_AGENCY_LIST, &list},       {OP_CALENDAR_LIST, &list},          {OP_POLICY_LIST, &list},
                     {OP_TASK_LIST, &tasks},        {OP_ESCALATION_LIST, &escalations}, {OP_DOCUMENT_LIST, &documents},
                     {OP_SCHEDULE_LIST, &schedules}};
        for (int page = 0; page < 7; page++) {
            assert_int_equal(world_send_as(world, "huyen", pages[page].op, "p", pages[page].request), 0);
            costs[i][page] = world->effects.cost;
        }
    }
    for (int page = 0; page < 7; page++)
        assert_in_range(costs[1][page], costs[0][page], costs[0][page] + 2);
    world_free(world);
}
