/* Targets: how one is measured, and what is to be reached. */
#include <stdio.h>

#include "core/cost.h"
#include "core/schedule_period.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/targets.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

TEST(an_indicator_is_of_a_target_that_is_reported_each_period)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-W23", 9), targets_plan_of("2024-W24", 8)};
    struct msg_assign assign = targets_rate();
    assign.content.kind = KIND_DIRECTIVE;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.indicator");
    assign = targets_rate();
    assign.content.has &= ~MSG_BIT(content, reporting);
    assign.content.reporting = 0;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.reporting");
    assign = targets_rate();
    assign.content.indicator.counting = COUNTING_AMOUNT;
    MSG_MARK(&assign.content.indicator, indicator, counting);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.indicator.per");
    assign = targets_rate();
    MSG_SET(&assign.content, content, target, 0.00001);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.target");
    assign = targets_rate();
    assign.content.has &= ~MSG_BIT(content, indicator);
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.indicator");
    world_free(world);
}

TEST(a_plan_names_periods_of_its_target_in_their_order)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-W23", 9), targets_plan_of("2024-W24", 8),
                                 targets_plan_of("2024-W26", 5)};
    struct msg_assign assign = targets_rate();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 3}));
    plan[1].period = TEXT("2024-06");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), PERIOD_WRONG, "content.plan[1].period");
    plan[1].period = TEXT("2024-W23");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), PERIOD_WRONG, "content.plan[1].period");
    plan[1] = targets_plan_of("2024-W24", 0.12345);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.plan[1].value");
    plan[1] = targets_plan_of("2024-W24", 8);
    const struct msg_task *task = targets_get(world, targets_give(world, &assign));
    assert_int_equal(task->plan.count, 3);
    IS(task->plan.items[2].period, "2024-W26");
    targets_same(task->plan.items[2].value, 5);
    assert_int_equal(task->indicator.better, BETTER_LESS);
    assert_int_equal(task->indicator.per, 100);
    rows_replay(world);
    world_free(world);
}

TEST(what_has_values_keeps_its_period_and_how_it_counts)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_revenue();
    const uint64_t task = targets_give(world, &assign);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_REPORTING)); /* before there is a value */
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "clear");
    amend.has &= ~MSG_BIT(amend, clear);
    amend.clear = 0;
    assert_int_equal(targets_report(world, task, NULL, 9.5), 0);
    MSG_SET(&amend.content, content, reporting, PERIOD_QUARTERLY);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), SERIES_BEGUN, "content.reporting");
    amend.content = (struct msg_content){0};
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_REPORTING));
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), SERIES_BEGUN, "clear");
    amend.has &= ~MSG_BIT(amend, clear);
    amend.clear = 0;
    MSG_SET(&amend.content.indicator, indicator, counting, COUNTING_LEVEL);
    MSG_MARK(&amend.content, content, indicator);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), SERIES_BEGUN, "content.indicator");
    MSG_SET(&amend.content.indicator, indicator, counting, COUNTING_AMOUNT);
    MSG_SET(&amend.content.indicator, indicator, better, BETTER_LESS);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(targets_get(world, task)->indicator.better, BETTER_LESS);
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "content.kind");
    rows_replay(world);
    world_free(world);
}

static struct msg_amend without_indicator(uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_INDICATOR));
    return amend;
}

TEST(what_has_no_values_yet_is_measured_no_longer_when_that_is_taken_away)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-W23", 9)};
    struct msg_assign assign = targets_rate(), plain = targets_rate();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    MSG_SET(&plain, assign, reference, TEXT("HT-037"));
    plain.content.has &= ~MSG_BIT(content, indicator);
    const uint64_t task = targets_give(world, &assign), like = targets_give(world, &plain);
    struct msg_amend amend = without_indicator(task);
    struct msg_progress words = targets_report_of(task, NULL);
    targets_run_until(world, "2024-06-12");
    IS(targets_get(world, task)->value_missing, "2024-W23");
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->cleared, TERM_BIT(CLEARABLE_INDICATOR));
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_REPORT));
    const int64_t due = targets_get(world, like)->report_due;
    const struct msg_task *shown = targets_get(world, task);
    assert_false(MSG_HAS(shown, task, indicator) || MSG_HAS(shown, task, plan) || MSG_HAS(shown, task, value_owed) ||
                 MSG_HAS(shown, task, value_missing));
    assert_true(shown->report_due == due); /* a week as any task's: counted from when it was given */
    MSG_SET(&words, progress, note, TEXT("Đang rà soát"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &words), 0);
    assert_true(MSG_HAS(targets_get(world, task), task, reported));
    amend.has &= ~MSG_BIT(amend, clear);
    amend.clear = 0;
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    rows_replay(world);
    world_free(world);
}

TEST(a_target_stops_being_measured_and_owing_reports_at_once)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    struct msg_amend amend = without_indicator(task);
    amend.clear |= TERM_BIT(CLEARABLE_REPORTING);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct msg_task *shown = targets_get(world, task);
    assert_false(MSG_HAS(shown, task, indicator) || MSG_HAS(shown, task, reporting) ||
                 MSG_HAS(shown, task, report_due));
    amend = without_indicator(task);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0); /* there is none */
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    rows_replay(world);
    world_free(world);
}

TEST(an_indicator_is_not_taken_from_its_values_nor_given_and_taken_away_at_once)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-W23", 9)};
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    struct msg_amend amend = without_indicator(task);
    MSG_MARK(&amend.content, content, indicator);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "clear");
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){plan, 1}));
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), MISSING_FIELD, "content.indicator");
    assert_int_equal(targets_report_rate(world, task, NULL, 31, 400), 0);
    amend.content = (struct msg_content){0};
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), SERIES_BEGUN, "clear");
    assert_true(MSG_HAS(targets_get(world, task), task, indicator));
    rows_replay(world);
    world_free(world);
}

TEST(a_plan_of_another_period_comes_with_it)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-06", 10)}, quarterly[] = {targets_plan_of("2024-Q2", 30)};
    struct msg_assign assign = targets_revenue();
    struct msg_amend amend = {0};
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    const uint64_t task = targets_give(world, &assign);
    MSG_SET(&amend, amend, task, task);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend.content, content, reporting, PERIOD_QUARTERLY);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), PERIOD_WRONG, "content.reporting");
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){quarterly, 1}));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    IS(targets_get(world, task)->value_owed, "2024-Q2");
    rows_replay(world);
    world_free(world);
}

/* Each lead's record has the plan, and it is read for each. */
TEST(a_long_plan_goes_to_so_many_leads_at_once_as_one_step_can_take)
{
    struct world *world = world_new();
    struct msg_planned plan[260];
    static char names[260][PERIOD_NAME], ids[84][16];
    struct text leads[84];
    struct msg_assign assign = targets_rate();
    for (int i = 0; i < 260; i++) {
        period_name(PERIOD_WEEKLY, vietnam_day("2024-06-03") + 7 * i, names[i]);
        plan[i] = targets_plan_of(names[i], 10);
    }
    for (int i = 0; i < 84; i++) {
        snprintf(ids[i], sizeof ids[i], "p%dq", i);
        world_add_agency(world, ids[i], "huyen");
        leads[i] = text_of(ids[i]);
    }
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 260}));
    MSG_SET(&assign, assign, leads, ((struct texts){leads, 84}));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), CAPACITY, "content");
    MSG_SET(&assign, assign, leads, ((struct texts){leads, 80}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.count, 80);
    assert_true(world->effects.cost < COST_STEP_MAX);
    world_free(world);
}
