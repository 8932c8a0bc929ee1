/* How far a whole is by its parts, who is told, and what that costs. */
#include <stdio.h>

#include "core/cold.h"
#include "core/parts.h"
#include "unit/core/part.h"
#include "unit/core/refused.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* The shown sums of a whole, as "percent open": −1 of a percentage that is not there. */
static const char *sums(struct world *world, uint64_t whole)
{
    static char text[32];
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_task *task = &WORLD_REPLY(world, task_reply)->task;
    snprintf(text, sizeof text, "%d %u", MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1,
             (unsigned)task->open_parts);
    return text;
}

static int weigh(struct world *world, uint64_t task, uint64_t weight)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, weight, weight);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static void report(struct world *world, uint64_t task, uint64_t percent)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, percent, percent);
    assert_int_equal(world_send(world, "xa2", OP_REPORT, &progress), 0);
}

TEST(how_far_the_parts_are_goes_by_their_weights)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    assert_string_equal(sums(world, whole), "-1 0");
    const uint64_t heavy = part_new(world, whole, "C1", NULL), light = part_new(world, whole, "C2", NULL),
                   gone = part_new(world, whole, "C3", NULL);
    assert_string_equal(sums(world, whole), "0 3");
    assert_int_equal(weigh(world, heavy, 3), 0);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, heavy), 0);
    report(world, heavy, 50);
    assert_string_equal(sums(world, whole), "30 3"); /* 150 of 500 */
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, gone), 0);
    assert_string_equal(sums(world, whole), "37 2"); /* 150 of 400, rounded down */
    part_submit(world, "xa2", light);
    assert_string_equal(sums(world, whole), "37 2");
    assert_int_equal(part_confirm(world, light, NULL), 0);
    assert_string_equal(sums(world, whole), "62 1"); /* done is 100, whatever was reported */
    assert_int_equal(weigh(world, heavy, 1000), 0);
    assert_string_equal(sums(world, whole), "50 1");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, heavy), 0);
    assert_string_equal(sums(world, whole), "100 0");
    world_free(world);
}

TEST(a_part_counts_by_what_its_own_lead_reports_and_not_by_its_parts)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), middle = part_new(world, whole, "C1", NULL),
                   leaf = part_new(world, middle, "C2", NULL);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, leaf), 0);
    report(world, leaf, 80);
    assert_string_equal(sums(world, middle), "80 1");
    assert_string_equal(sums(world, whole), "0 1");
    world_free(world);
}

TEST(only_a_part_has_a_weight)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part_new(world, whole, "C1", NULL);
    struct text lead = TEXT("xa2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("R"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, weight, 2);
    MSG_MARK(&assign, assign, content);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.weight");
    REFUSED(world, weigh(world, whole, 2), BAD_VALUE, "content.weight");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, one);
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_PARENT));
    MSG_SET(&amend.content, content, weight, 2);
    MSG_MARK(&amend, amend, content);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "content.weight");
    world_free(world);
}

/* ---- what one part says, and who may know ---- */

static int shown_to(struct world *world, const char *agency, uint64_t whole)
{
    struct msg_task_get get = {0};
    struct msg_task_list list = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &get), 0);
    const struct msg_task *task = &WORLD_REPLY(world, task_reply)->task;
    const int percent = MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1;
    MSG_SET(&list, task_list, after, whole - 1);
    MSG_SET(&list, task_list, limit, 1);
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    task = &WORLD_REPLY(world, tasks_reply)->tasks.items[0];
    assert_true(task->task == whole);
    assert_int_equal(MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1, percent);
    return percent;
}

static void restrict_part(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

TEST(what_a_single_hidden_part_reports_is_told_to_who_gave_the_whole_and_leads_it)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part_new(world, whole, "C1", NULL);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, one), 0);
    report(world, one, 50);
    assert_int_equal(shown_to(world, "tinh", whole), 50);
    restrict_part(world, one);
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(shown_to(world, "huyen", whole), 50);
    assert_int_equal(shown_to(world, "xa1", whole), 50);
    const uint64_t open = part_new(world, whole, "C2", NULL);
    assert_int_equal(shown_to(world, "tinh", whole), -1); /* the other it may read, and so reckon what this one says */
    const uint64_t second = part_new(world, whole, "C3", NULL);
    restrict_part(world, second);
    assert_int_equal(shown_to(world, "tinh", whole), 16);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, second), 0);
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, one), 0);
    assert_int_equal(shown_to(world, "tinh", whole), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, open), 0);
    assert_int_equal(shown_to(world, "huyen", whole), -1);
    world_free(world);
}

/* Whoever may make parts of a whole makes many that it may read, and one that is hidden is not lost among them. */
TEST(what_a_single_hidden_part_reports_is_not_told_among_many_that_are_read)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part_new(world, whole, "C1", NULL);
    char reference[16];
    restrict_part(world, one);
    for (int i = 0; i < PARTS_LOOKED_AT; i++) {
        assert_int_equal(shown_to(world, "tinh", whole), -1);
        snprintf(reference, sizeof reference, "D-%d", i);
        part_new(world, whole, reference, NULL);
    }
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(shown_to(world, "xa1", whole), 0);
    const uint64_t second = part_new(world, whole, "C2", NULL), third = part_new(world, whole, "C3", NULL);
    restrict_part(world, second);
    /* The first may have been cancelled: as far as is looked there is one. */
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    restrict_part(world, third);
    assert_int_equal(shown_to(world, "tinh", whole), 0);
    world_free(world);
}

static uint64_t cost_to(struct world *world, const char *agency, uint64_t whole)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &get), 0);
    return world->effects.cost;
}

/* Whether each may be read takes 2 us. */
TEST(the_parts_that_a_percentage_is_kept_for_are_counted_where_it_is_read)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    char reference[16];
    const uint64_t of_reader = cost_to(world, "tinh", whole), of_lead = cost_to(world, "xa1", whole);
    for (int i = 0; i < 2 * PARTS_LOOKED_AT; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        part_new(world, whole, reference, NULL);
    }
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, 20 * PARTS_LOOKED_AT, 20 * PARTS_LOOKED_AT + 99);
    assert_in_range(cost_to(world, "xa1", whole) - of_lead, 0, 99); /* who gave it and who leads it are told anyway */
    world_free(world);
}

static void complete(struct world *world, uint64_t task)
{
    part_submit(world, "xa2", task);
    assert_int_equal(part_confirm(world, task, NULL), 0);
}

/* Those that are closed may lie on a disk: each is counted as one that does, as far as they are looked at. */
TEST(closed_parts_that_a_percentage_is_kept_for_are_counted_as_far_away)
{
    enum { OPEN = 4, CLOSED = 6 };
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), of_reader = cost_to(world, "tinh", whole);
    char reference[16];
    for (int i = 0; i < OPEN + CLOSED; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        const uint64_t one = part_new(world, whole, reference, NULL);
        if (i >= OPEN)
            complete(world, one);
    }
    uint64_t cost = 20 * (OPEN + CLOSED) + COLD_LOOKS * CLOSED;
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, cost, cost + 49);
    for (int i = OPEN + CLOSED; i < 2 * PARTS_LOOKED_AT; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        complete(world, part_new(world, whole, reference, NULL));
    }
    cost = (20 + COLD_LOOKS) * PARTS_LOOKED_AT;
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, cost, cost + 49);
    world_free(world);
}
