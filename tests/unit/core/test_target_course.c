/* How a target stands: trend, forecast, what is missing, and who is shown it. */
#include "core/apply.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/targets.h"
#include "unit/test.h"

TEST(a_level_goes_on_along_its_last_three_values)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-W23", 9), targets_plan_of("2024-W24", 7),
                                 targets_plan_of("2024-W26", 5)},
                       before[] = {targets_plan_of("2024-W21", 12)};
    struct msg_assign assign = targets_rate();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){before, 1}));
    const uint64_t task = targets_give(world, &assign);
    const struct msg_target_reply *reply = targets_course(world, task);
    assert_false(MSG_HAS(&reply->target, course, latest));
    targets_same(reply->target.target, 5);
    assert_int_equal(targets_report_rate(world, task, "2024-W21", 48, 400), 0); /* from before, on its own */
    targets_set_plan(world, task, plan, 3);
    assert_int_equal(targets_report_rate(world, task, "2024-W23", 40, 400), 0);
    reply = targets_course(world, task);
    targets_same(reply->target.trend, -1); /* from 12 to 10 in two weeks */
    targets_same(reply->target.forecast, 7);
    assert_true(MSG_HAS(&reply->target, course, will_be_met) && !reply->target.will_be_met);
    assert_true(MSG_HAS(&reply->target, course, met) && !reply->target.met);
    targets_same(reply->target.deviation, 1);
    targets_run_until(world, "2024-06-10");
    assert_int_equal(targets_report_rate(world, task, NULL, 28, 400), 0);
    reply = targets_course(world, task);
    IS(reply->target.latest, "2024-W24");
    targets_same(reply->target.trend, -1.667); /* 12 to 7 in three weeks */
    targets_same(reply->target.forecast, 3.667);
    assert_true(reply->target.will_be_met && reply->target.met);
    assert_int_equal(reply->series.count, 4);
    IS(reply->series.items[0].period, "2024-W21");
    assert_false(MSG_HAS(&reply->series.items[0], course_period, planned));
    targets_same(reply->series.items[2].deviation, 0);
    assert_false(MSG_HAS(&reply->series.items[3], course_period, value));
    assert_false(MSG_HAS(&reply->series.items[3], course_period, missing)); /* it lies ahead */
    world_free(world);
}

/* By records that no broker made: nothing is divided by no periods at all. */
TEST(values_within_one_period_have_no_trend)
{
    struct world *world = world_new();
    struct msg_assign assign = targets_rate();
    struct problem problem = {0};
    assign.content.indicator = (struct msg_indicator){0};
    const uint64_t task = targets_give(world, &assign);
    assert_int_equal(targets_report(world, task, NULL, 9), 0);
    targets_run_until(world, "2024-06-10");
    assert_int_equal(targets_report(world, task, NULL, 7), 0);
    targets_same(targets_course(world, task)->target.trend, -2);
    struct msg_record record = *ladder_last(world);
    record.seq++;
    record.measured.period = TEXT("2024-06"); /* it reports weeks */
    assert_int_equal(apply_record(world->core, &record, &problem), 0);
    assert_int_equal(targets_course(world, task)->series.count, 2);
    record.seq++;
    record.action = ACTION_AMEND;
    record.has &= ~MSG_BIT(record, measured);
    MSG_SET(&record.content, content, reporting, PERIOD_MONTHLY);
    MSG_MARK(&record, record, content);
    assert_int_equal(apply_record(world->core, &record, &problem), 0);
    const struct msg_target_reply *reply = targets_course(world, task);
    assert_true(reply->target.reporting == PERIOD_MONTHLY && reply->series.count == 2);
    assert_false(MSG_HAS(&reply->target, course, trend) || MSG_HAS(&reply->target, course, forecast));
    world_free(world);
}

TEST(amounts_add_up_and_go_on_at_their_mean)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-06", 10), targets_plan_of("2024-07", 12),
                                 targets_plan_of("2024-08", 12)};
    struct msg_assign assign = targets_revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 3}));
    const uint64_t task = targets_give(world, &assign);
    assert_int_equal(targets_report(world, task, NULL, 12.4), 0);
    targets_run_until(world, "2024-07-10");
    assert_int_equal(targets_report(world, task, NULL, 9.1), 0);
    targets_same(targets_get(world, task)->value, 21.5);
    const struct msg_target_reply *reply = targets_course(world, task);
    targets_same(reply->target.reached, 21.5);
    targets_same(reply->target.value, 9.1);
    targets_same(reply->target.trend, -3.3);
    targets_same(reply->target.forecast, 75.25); /* 21.5 and 5 months at 10.75 */
    assert_false(reply->target.will_be_met);
    targets_same(reply->series.items[1].reached, 21.5);
    assert_false(MSG_HAS(&reply->series.items[2], course_period, reached));
    targets_run_until(world, "2024-09-03");
    reply = targets_course(world, task);
    IS(reply->target.value_missing, "2024-08");
    assert_true(reply->series.items[2].missing);
    world_free(world);
}

/* Of months, with none planned but one: what was named once is not forgotten when the next has its value. */
TEST(each_period_that_is_over_without_a_value_is_named_until_it_has_one)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-04", 12)};
    struct msg_assign assign = targets_revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    const uint64_t task = targets_give(world, &assign);
    targets_names(&targets_get(world, task)->values_missing, (const char *const[]){"2024-04", "2024-05"},
                  2); /* planned, before it was given */
    targets_run_until(world, "2024-09-03");
    targets_names(&targets_get(world, task)->values_missing,
                  (const char *const[]){"2024-04", "2024-05", "2024-06", "2024-07", "2024-08"}, 5);
    assert_false(MSG_HAS(targets_get(world, task), task, values_missing_more));
    assert_int_equal(targets_report(world, task, NULL, 9), 0); /* of August, which is missing */
    assert_false(MSG_HAS(targets_get(world, task), task, value_missing));
    assert_int_equal(targets_report(world, task, "2024-05", 9), 0);
    const char *const left[] = {"2024-04", "2024-06", "2024-07"};
    targets_names(&targets_get(world, task)->values_missing, left, 3);
    targets_names(&targets_course(world, task)->target.values_missing, left, 3);
    rows_replay(world);
    targets_names(&targets_get(world, task)->values_missing, left, 3);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    targets_names(&targets_get(world, task)->values_missing, left, 3);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    targets_names(&targets_get(world, task)->values_missing, NULL, 0);
    world_free(world);
}

/* With the last month of the tables nothing more is owed. */
TEST(earlier_periods_stay_named_when_nothing_is_owed_and_the_newest_has_its_value)
{
    struct world *world = world_new();
    struct msg_assign assign = targets_revenue();
    assign.content.has &= ~MSG_BIT(content, due);
    world->now = ladder_at("2099-09-07", 8, 0);
    const uint64_t task = targets_give(world, &assign);
    targets_run_until(world, "2099-12-31");
    assert_int_equal(targets_report(world, task, "2099-10", 9), 0);
    assert_int_equal(targets_report(world, task, "2099-11", 9), 0);
    const struct msg_task *shown = targets_get(world, task);
    IS(shown->value_owed, "2099-12");
    targets_names(&shown->values_missing, (const char *const[]){"2099-09"}, 1);
    assert_int_equal(targets_report(world, task, NULL, 9), 0);
    shown = targets_get(world, task);
    assert_false(MSG_HAS(shown, task, value_owed) || MSG_HAS(shown, task, value_missing));
    targets_names(&shown->values_missing, (const char *const[]){"2099-09"}, 1);
    targets_names(&targets_course(world, task)->target.values_missing, (const char *const[]){"2099-09"}, 1);
    rows_replay(world);
    assert_int_equal(targets_report(world, task, "2099-09", 9), 0);
    targets_names(&targets_get(world, task)->values_missing, NULL, 0);
    world_free(world);
}

TEST(of_more_periods_without_a_value_than_are_named_the_number_is_said)
{
    struct world *world = world_new();
    struct msg_assign assign = targets_rate();
    MSG_SET(&assign.content, content, due, TEXT("2024-12-13"));
    const uint64_t task = targets_give(world, &assign);
    targets_run_until(world, "2024-09-17"); /* a Tuesday of week 38; given in week 23 */
    const struct msg_task *shown = targets_get(world, task);
    assert_int_equal(shown->values_missing.count, 12);
    assert_int_equal(shown->values_missing_more, 3);
    IS(shown->values_missing.items[0], "2024-W26");
    IS(shown->values_missing.items[11], "2024-W37");
    assert_int_equal(targets_report_rate(world, task, "2024-W30", 1, 100), 0);
    assert_int_equal(targets_report_rate(world, task, "2024-W23", 1, 100), 0);
    shown = targets_get(world, task);
    assert_int_equal(shown->values_missing_more, 1);
    IS(shown->values_missing.items[0], "2024-W25");
    assert_int_equal(targets_course(world, task)->target.values_missing_more, 1);
    world_free(world);
}

TEST(without_a_figure_the_plan_says_what_is_to_be_reached)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2024-06", 10), targets_plan_of("2024-07", 12)};
    struct msg_assign assign = targets_revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    assign.content.has &= ~MSG_BIT(content, target);
    targets_same(targets_course(world, targets_give(world, &assign))->target.target, 22);
    assign = targets_rate();
    assign.content.has &= ~MSG_BIT(content, target);
    targets_same(targets_course(world, targets_give(world, &assign))->target.target, 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, target_reply)->target, course, target));
    world_free(world);
}

TEST(targets_are_listed_for_those_who_may_read_them)
{
    struct world *world = world_new();
    struct msg_assign rates = targets_rate(), amounts = targets_revenue();
    struct msg_target_list list = {0};
    MSG_SET(&amounts.content, content, scope, SCOPE_RESTRICTED);
    const uint64_t rate = targets_give(world, &rates), amount = targets_give(world, &amounts);
    world_assign(world, "huyen", "xa1", "A-1", NULL);
    assert_int_equal(targets_report_rate(world, rate, NULL, 48, 400), 0);
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    const struct msg_targets_reply *reply = WORLD_REPLY(world, targets_reply);
    assert_int_equal(reply->targets.count, 2);
    assert_true(reply->targets.items[0].task == rate && reply->targets.items[1].task == amount);
    assert_int_equal(world_send(world, "tinh", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 1);
    MSG_SET(&list, target_list, behind, true);
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 0);
    targets_run_until(world, "2024-07-02");
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 2);
    MSG_SET(&list, target_list, agency, TEXT("xa2"));
    assert_int_equal(world_send(world, "huyen", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 0);
    world_free(world);
}
