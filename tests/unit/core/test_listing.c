/* What ends a page of a list, and a batch of such pages. */
#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "core/reading.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_page_looks_at_a_bounded_number_of_tasks)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    struct msg_escalate escalate = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_summary summary = {0};
    char reference[32];
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    for (int i = 0; i <= QUERY_SCAN_MAX; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        MSG_SET(&escalate, escalate, task, world_assign(world, "huyen", "xa1", reference, NULL));
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    /* Nothing of them is wanted: the page is empty, and not the end. */
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CASE));
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 0);
    assert_in_range(WORLD_REPLY(world, tasks_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    MSG_SET(&escalations, escalation_list, mine, true);
    assert_int_equal(world_send(world, "xa1", OP_ESCALATION_LIST, &escalations), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    assert_in_range(WORLD_REPLY(world, escalations_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    assert_int_equal(world_send(world, "xa1", OP_SUMMARY, &summary), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 1);
    assert_in_range(WORLD_REPLY(world, summary_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    MSG_SET(&list, task_list, after, QUERY_SCAN_MAX);
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    /* ngoai may read none of them: that there are any does not show. */
    assert_int_equal(world_send(world, "ngoai", OP_TASK_LIST, &(struct msg_task_list){0}), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    assert_int_equal(world_send(world, "ngoai", OP_ESCALATION_LIST, &(struct msg_escalation_list){0}), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, escalations_reply), escalations_reply, next));
    assert_int_equal(world_send(world, "ngoai", OP_SUMMARY, &summary), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, summary_reply), summary_reply, next));
    world_free(world);
}

/* ---- and so does a batch of such pages ---- */

/* Sends a batch of the same request, and counts what is done of it; the rest is refused as too much for one batch. */
static size_t served_of_batch(struct world *world, const char *agency, enum op op, const void *request, uint32_t count)
{
    struct buffer frame = {0};
    struct text requests[256];
    struct msg_batch batch = {0};
    size_t served = 0;
    message_encode(&frame, op_row(op)->name, TEXT("g"), op_row(op)->request, request);
    for (uint32_t i = 0; i < count; i++)
        requests[i] = (struct text){frame.data, (uint32_t)frame.size};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, count});
    world_send(world, agency, OP_BATCH, &batch);
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->type != EFFECT_REPLY)
            continue;
        if (effect->reply.refused)
            assert_non_null(
                memmem(effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size, "batch_full", 10));
        served += !effect->reply.refused;
    }
    buffer_done(&frame);
    return served;
}

TEST(a_batch_looks_at_a_bounded_number_of_tasks)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    struct msg_summary summary = {0};
    struct msg_list policies = {0};
    char reference[32];
    for (int i = 0; i < STEP_LOOK_MAX / 4 / READING_LOOKS; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        world_assign(world, "huyen", "xa1", reference, NULL);
    }
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CASE));
    assert_int_equal(served_of_batch(world, "xa1", OP_TASK_LIST, &list, 256), 4);
    assert_int_equal(served_of_batch(world, "xa1", OP_SUMMARY, &summary, 256), 4);
    assert_int_equal(served_of_batch(world, "ngoai", OP_SUMMARY, &summary, 256), 256);
    assert_int_equal(served_of_batch(world, "ngoai", OP_POLICY_LIST, &policies, 256), 256);
    list = (struct msg_task_list){0};
    MSG_SET(&list, task_list, search, TEXT("khong co")); /* a page of it looks at fewer, for each costs more */
    assert_in_range(served_of_batch(world, "huyen", OP_TASK_LIST, &list, 256), 1, 3);
    /* One that is sent alone is served whatever came before it. */
    assert_int_equal(world_send(world, "huyen", OP_TASK_LIST, &list), 0);
    world_free(world);
}

TEST(a_large_directory_costs_a_batch_of_lists_no_more_than_they_show)
{
    struct world *world = world_new();
    struct msg_list one = {0}, few = {0}, policies = {0};
    struct msg_key_list keys = {0};
    char id[32];
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "xa-%d-moi", i);
        world_add_agency(world, id, "huyen");
    }
    for (int i = 0; i < 800; i++) {
        struct msg_policy_set set = {0};
        struct msg_step step = {0};
        snprintf(id, sizeof id, "thang-%d", i % 40);
        MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&step, step, offset, i);
        MSG_SET(&step, step, unit, UNIT_HOURS);
        MSG_SET(&step, step, does, RUNG_REMIND);
        MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
        MSG_SET(&set.policy, policy, policy, text_of(id));
        MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
        MSG_MARK(&set, policy_set, policy);
        assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    }
    MSG_SET(&one, list, name, TEXT("xa-7-moi"));
    MSG_SET(&few, list, after, TEXT("xa-7-moi"));
    MSG_SET(&few, list, limit, 2);
    MSG_SET(&keys, key_list, agency, TEXT("xa1"));
    assert_int_equal(served_of_batch(world, "xa1", OP_AGENCY_LIST, &one, 256), 256);
    assert_int_equal(served_of_batch(world, "xa1", OP_AGENCY_LIST, &few, 256), 256);
    assert_int_equal(served_of_batch(world, "xa1", OP_KEY_LIST, &keys, 256), 256);
    assert_int_equal(world_send(world, "xa1", OP_AGENCY_LIST, &few), 0);
    assert_true(text_equal(WORLD_REPLY(world, agencies_reply)->agencies.items[0].agency, TEXT("xa-70-moi")));
    assert_true(text_equal(WORLD_REPLY(world, agencies_reply)->next, TEXT("xa-700-moi")));
    MSG_SET(&policies, list, limit, 40); /* 800 versions are gone through once, not for each of 40 */
    assert_in_range(served_of_batch(world, "xa1", OP_POLICY_LIST, &policies, 256), 50, 256);
    world_free(world);
}
