/* The values of a target: one each period, in its turn; what is missed, and what was corrected. */
#include <string.h>

#include "core/schedule_period.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/targets.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

TEST(each_civil_period_owes_its_value)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    IS(targets_get(world, task)->value_owed, "2024-W23");
    assert_true(targets_get(world, task)->report_due ==
                ladder_at("2024-06-11", 0, 0)); /* Sunday the 9th is a day off: Monday's end */
    assert_int_equal(targets_report_rate(world, task, "2024-W23", 31, 400), 0);
    const struct msg_record *record = ladder_last(world);
    IS(record->measured.period, "2024-W23");
    targets_same(record->measured.value, 7.75);
    targets_same(record->value, 7.75);
    assert_false(MSG_HAS(&record->measured, measured, was));
    IS(targets_get(world, task)->value_owed, "2024-W24");
    assert_true(targets_get(world, task)->report_due == ladder_at("2024-06-18", 0, 0));
    targets_same(targets_get(world, task)->value, 7.75);
    rows_replay(world);
    world_free(world);
}

TEST(words_alone_are_not_the_value_that_is_owed)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    struct msg_progress words = targets_report_of(task, NULL);
    MSG_SET(&words, progress, note, TEXT("Đang rà soát"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &words), 0);
    assert_false(MSG_HAS(targets_get(world, task), task, reported));
    targets_run_until(world, "2024-06-11");
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_RUNG);
    IS(record->value_missing, "2024-W23");
    IS(targets_get(world, task)->value_missing, "2024-W23");
    IS(targets_get(world, task)->value_owed, "2024-W24");
    rows_replay(world);
    world_free(world);
}

TEST(what_is_missing_comes_first_and_meets_its_own_period)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    targets_run_until(world, "2024-06-12");
    REFUSED(world, targets_report_rate(world, task, "2024-W24", 20, 400), PERIOD_WRONG, "period");
    assert_int_equal(targets_report_rate(world, task, NULL, 30, 400), 0);
    IS(ladder_last(world)->measured.period, "2024-W23");
    assert_false(MSG_HAS(targets_get(world, task), task, value_missing));
    IS(targets_get(world, task)->value_owed, "2024-W24");
    assert_int_equal(targets_report_rate(world, task, NULL, 24, 400), 0);
    IS(targets_get(world, task)->value_owed, "2024-W25");
    REFUSED(world, targets_report_rate(world, task, "2024-W25", 1, 1), PERIOD_WRONG, "period"); /* it has not begun */
    REFUSED(world, targets_report_rate(world, task, "2024-06", 1, 1), PERIOD_WRONG, "period");
    rows_replay(world);
    world_free(world);
}

TEST(a_correction_is_on_record_and_moves_no_deadline)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    assert_int_equal(targets_report_rate(world, task, NULL, 31, 400), 0);
    const int64_t due = targets_get(world, task)->report_due, reported = targets_get(world, task)->reported;
    targets_run_until(world, "2024-06-12");
    assert_int_equal(targets_report_rate(world, task, "2024-W23", 40, 400), 0);
    const struct msg_changed *changed = &WORLD_REPLY(world, change_reply)->tasks.items[0];
    IS(changed->measured.period, "2024-W23");
    targets_same(changed->measured.was, 7.75);
    const struct msg_record *record = ladder_last(world);
    targets_same(record->measured.was, 7.75);
    targets_same(record->measured.value, 10);
    assert_int_equal(record->rounds, 0);
    assert_true(targets_get(world, task)->report_due == due && targets_get(world, task)->reported == reported);
    assert_int_equal(targets_get(world, task)->values.count, 1);
    targets_same(targets_get(world, task)->values.items[0].value, 10);
    assert_true(targets_get(world, task)->values.items[0].time == world->now);
    rows_replay(world);
    world_free(world);
}

static int report_of_xa2(struct world *world, uint64_t task, const char *period)
{
    struct msg_progress report = targets_report_of(task, period);
    MSG_SET(&report, progress, numerator, 1);
    MSG_SET(&report, progress, denominator, 20);
    return world_send(world, "xa2", OP_REPORT, &report);
}

/* Else a lead could fill it with values of long ago, and the next would have no room for those of now. */
TEST(values_begin_with_the_period_that_was_given_or_planned_first)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    struct msg_planned plan[] = {targets_plan_of("2024-W20", 9), targets_plan_of("2024-W24", 8)};
    const uint64_t task = targets_give(world, &assign);
    REFUSED(world, targets_report_rate(world, task, "2000-W01", 1, 20), PERIOD_WRONG, "period");
    REFUSED(world, targets_report_rate(world, task, "2024-W22", 1, 20), PERIOD_WRONG, "period");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-W23", 8));
    targets_run_until(world, "2024-06-18");
    ladder_reassign(world, task, "xa2");
    ladder_act(world, "xa2", OP_ACCEPT, task);
    IS(targets_get(world, task)->value_owed, "2024-W25");
    assert_int_equal(report_of_xa2(world, task, "2024-W23"), 0); /* the lead before left it out */
    REFUSED(world, report_of_xa2(world, task, "2024-W22"), PERIOD_WRONG, "period");
    targets_set_plan(world, task, plan, 2);
    assert_int_equal(report_of_xa2(world, task, "2024-W21"), 0);
    REFUSED(world, report_of_xa2(world, task, "2024-W19"), PERIOD_WRONG, "period");
    targets_set_plan(world, task, plan, 0);
    assert_int_equal(report_of_xa2(world, task, "2024-W21"), 0); /* it has a value, which may be corrected */
    REFUSED(world, report_of_xa2(world, task, "2024-W20"), PERIOD_WRONG, "period");
    assert_int_equal(targets_get(world, task)->values.count, 2);
    rows_replay(world);
    world_free(world);
}

TEST(a_rate_comes_with_its_two_numbers)
{
    struct world *world = world_new();
    const struct msg_assign rates = targets_rate(), amounts = targets_revenue();
    const uint64_t rate = targets_give(world, &rates), amount = targets_give(world, &amounts);
    struct msg_progress report = targets_report_of(rate, NULL);
    MSG_SET(&report, progress, numerator, 2);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), MISSING_FIELD, "denominator");
    MSG_SET(&report, progress, denominator, 0);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), BAD_VALUE, "denominator");
    MSG_SET(&report, progress, denominator, 3);
    MSG_SET(&report, progress, value, 66.6);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), BAD_VALUE, "value");
    MSG_SET(&report, progress, value, 66.667);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    REFUSED(world, targets_report(world, rate, NULL, 7), MISSING_FIELD, "numerator");
    REFUSED(world, targets_report_rate(world, amount, NULL, 1, 2), BAD_VALUE, "numerator");
    REFUSED(world, targets_report(world, amount, NULL, 1.00001), BAD_VALUE, "value");
    report = targets_report_of(amount, "2024-06");
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), MISSING_FIELD, "value");
    rows_replay(world);
    world_free(world);
}

TEST(what_has_no_indicator_has_no_values)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "A-1", "2024-06-28");
    struct msg_task_get get = {0};
    struct msg_progress submit;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    REFUSED(world, targets_report(world, task, "2024-06", 1), NO_INDICATOR, "period");
    assert_int_equal(targets_report(world, task, NULL, 0.12345), 0); /* as ever */
    MSG_SET(&get, task_get, task, task);
    REFUSED(world, world_send(world, "huyen", OP_TARGET_GET, &get), NO_INDICATOR, "task");
    submit = targets_report_of(task, "2024-06");
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &submit), NO_INDICATOR, "period");
    world_free(world);
}

TEST(values_end_with_the_task)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    struct msg_progress submit = targets_report_of(task, NULL);
    MSG_SET(&submit, progress, value, 3);
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &submit), BAD_VALUE, "value");
    assert_int_equal(targets_report_rate(world, task, NULL, 1, 25), 0);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    REFUSED(world, targets_report_rate(world, task, "2024-W23", 1, 20), WRONG_STATE, "task");
    ladder_act(world, "huyen", OP_CONFIRM, task);
    REFUSED(world, targets_report_rate(world, task, "2024-W23", 1, 20), WRONG_STATE, "task");
    assert_false(MSG_HAS(targets_get(world, task), task, value_owed));
    assert_int_equal(targets_get(world, task)->values.count, 1);
    rows_replay(world);
    world_free(world);
}

TEST(a_new_lead_owes_the_period_that_has_no_value)
{
    struct world *world = world_new();
    const struct msg_assign assign = targets_rate();
    const uint64_t task = targets_give(world, &assign);
    assert_int_equal(targets_report_rate(world, task, NULL, 31, 400), 0);
    ladder_reassign(world, task, "xa2");
    IS(targets_get(world, task)->value_owed, "2024-W24");
    assert_int_equal(targets_get(world, task)->values.count, 1);
    rows_replay(world);
    world_free(world);
}

TEST(what_stood_still_is_owed_first_and_then_the_period_under_way)
{
    struct world *world = world_new();
    struct msg_assign assign = targets_rate();
    MSG_SET(&assign.content, content, due, TEXT("2024-08-30"));
    const uint64_t task = targets_give(world, &assign);
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ kết luận thanh tra"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    targets_run_until(world, "2024-07-15"); /* 30 working days on */
    ladder_act(world, "huyen", OP_RESUME, task);
    IS(targets_get(world, task)->value_owed, "2024-W23");
    assert_true(targets_get(world, task)->report_due == ladder_at("2024-07-23", 0, 0));
    REFUSED(world, targets_report_rate(world, task, "2024-W28", 1, 20), PERIOD_WRONG, "period");
    assert_int_equal(targets_report_rate(world, task, NULL, 1, 20), 0);
    IS(targets_get(world, task)->value_owed, "2024-W28"); /* which ends with Monday the 15th */
    rows_replay(world);
    world_free(world);
}

TEST(a_target_holds_values_of_five_years_of_weeks)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {targets_plan_of("2018-W23", 300)}; /* a target that goes on from another system */
    struct msg_assign assign = targets_rate();
    MSG_SET(&assign.content, content, due, TEXT("2030-06-28"));
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    assign.content.indicator = (struct msg_indicator){0};
    const uint64_t task = targets_give(world, &assign);
    const int64_t first = period_begin(PERIOD_WEEKLY, vietnam_day("2018-06-04"));
    for (int i = 0; i < 260; i++) {
        char name[PERIOD_NAME];
        period_name(PERIOD_WEEKLY, period_on(PERIOD_WEEKLY, first, 259 - i), name);
        assert_int_equal(targets_report(world, task, name, 260 - i), 0);
    }
    REFUSED(world, targets_report(world, task, "2024-W23", 1), CAPACITY, "period");
    assert_int_equal(targets_report(world, task, "2018-W23", 0.5), 0); /* a correction has its place */
    const struct msg_target_reply *reply = targets_course(world, task);
    assert_int_equal(reply->series.count, 260);
    targets_same(reply->series.items[0].value, 0.5);
    targets_same(reply->series.items[259].value, 260);
    rows_replay(world);
    world_free(world);
}
