/* Targets: a value each period against a plan, in its turn and in figures; what is missed, what was corrected, and what it comes to. */
#include <float.h>
#include <stdio.h>
#include <string.h>

#include "core/apply.h"
#include "core/cost.h"
#include "core/figure.h"
#include "core/schedule_period.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

static const struct text xa1 = {"xa1", 3};

/* HT-036 of the programme: the rate of land records that are late, each week, the fewer the better. */
static struct msg_assign late_records(void)
{
    struct msg_assign assign = {0};
    struct msg_content *content = &assign.content;
    MSG_SET(&assign, assign, reference, TEXT("HT-036"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(content, content, title, TEXT("Giảm tỷ lệ hồ sơ đất đai trễ hạn"));
    MSG_SET(content, content, kind, KIND_TARGET);
    MSG_SET(content, content, unit, TEXT("%"));
    MSG_SET(content, content, target, 5);
    MSG_SET(content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(content, content, due, TEXT("2024-06-28"));
    MSG_SET(&content->indicator, indicator, better, BETTER_LESS);
    MSG_SET(&content->indicator, indicator, per, 100);
    MSG_MARK(content, content, indicator);
    MSG_MARK(&assign, assign, content);
    return assign;
}

/* HT-055: what the budget takes in, month by month, in tỷ đồng. */
static struct msg_assign revenue(void)
{
    struct msg_assign assign = late_records();
    struct msg_content *content = &assign.content;
    MSG_SET(&assign, assign, reference, TEXT("HT-055"));
    MSG_SET(content, content, title, TEXT("Thu ngân sách so với dự toán giao"));
    MSG_SET(content, content, unit, TEXT("tỷ đồng"));
    MSG_SET(content, content, target, 120);
    MSG_SET(content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(content, content, due, TEXT("2024-12-13"));
    content->indicator = (struct msg_indicator){0};
    MSG_SET(&content->indicator, indicator, counting, COUNTING_AMOUNT);
    return assign;
}

static struct msg_planned plan_of(const char *period, double value)
{
    struct msg_planned planned = {0};
    MSG_SET(&planned, planned, period, text_of(period));
    MSG_SET(&planned, planned, value, value);
    return planned;
}

/* Given, accepted and begun. */
static uint64_t give(struct world *world, const struct msg_assign *assign)
{
    if (world_send(world, "huyen", OP_ASSIGN, assign))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    return task;
}

static struct msg_progress report_of(uint64_t task, const char *period)
{
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, task);
    if (period)
        MSG_SET(&report, progress, period, text_of(period));
    return report;
}

static int report_rate(struct world *world, uint64_t task, const char *period, double numerator, double denominator)
{
    struct msg_progress report = report_of(task, period);
    MSG_SET(&report, progress, numerator, numerator);
    MSG_SET(&report, progress, denominator, denominator);
    return world_send(world, "xa1", OP_REPORT, &report);
}

static int report_value(struct world *world, uint64_t task, const char *period, double value)
{
    struct msg_progress report = report_of(task, period);
    MSG_SET(&report, progress, value, value);
    return world_send(world, "xa1", OP_REPORT, &report);
}

static const struct msg_task *get(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

static const struct msg_target_reply *course(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TARGET_GET, &get), 0);
    return WORLD_REPLY(world, target_reply);
}

static void run_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 8, 0));
}

#define IS(text, wanted) assert_true(text_equal(text, TEXT(wanted)))
static void same(double is, double wanted)
{
    if (is < wanted || is > wanted)
        fail_msg("%.17g, and was to be %.17g", is, wanted);
}

/* ---- figures ---- */

TEST(a_figure_is_the_double_nearest_to_so_many_thousandths)
{
    static const double none[] = {0.0005, 0.1234, 1e12 + 0.001, -1e12 - 1, 1e300, -DBL_MAX, 1.0005, 0.1 + 0.2};
    static const double some[] = {0, 0.001, -0.001, 97.5, 0.3, 1234567.891, 1e12, -1e12, 999999999999.999};
    int64_t figure;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (figure_read(none[i], &figure))
            fail_msg("%.17g is no figure", none[i]);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        assert_true(figure_read(some[i], &figure));
        same(figure_show(figure), some[i]);
    }
    assert_true(figure_read(1234567.891, &figure) && figure == 1234567891);
}

TEST(every_thousandth_is_read_as_it_was_shown)
{
    for (int64_t i = 0, figure = 1; i < 200000;
         i++, figure = (int64_t)(((uint64_t)figure * 48271 + (uint64_t)i) % FIGURE_MAX)) {
        int64_t read;
        const int64_t signs = i % 2 ? -figure : figure;
        assert_true(figure_read(figure_show(signs), &read));
        assert_true(read == signs);
    }
}

TEST(halves_are_rounded_away_from_zero)
{
    int64_t rate;
    assert_int_equal(figure_divide(5, 2), 3);
    assert_int_equal(figure_divide(-5, 2), -3);
    assert_int_equal(figure_divide(5, -2), -3);
    assert_int_equal(figure_divide(4, 3), 1);
    assert_int_equal(figure_divide(-4, 3), -1);
    assert_true(figure_divide((figure_wide)FIGURE_MAX * 4, 1) == FIGURE_MAX);
    assert_true(figure_rate(1000, 3000, 100, &rate) && rate == 33333);
    assert_true(figure_rate(2000, 3000, 100, &rate) && rate == 66667);
    assert_true(figure_rate(1, 2000, 1, &rate) && rate == 1); /* 0.0005 */
    assert_false(figure_rate(FIGURE_MAX, 1, 2, &rate));
}

TEST(figures_are_written_without_zeros_at_their_end)
{
    static const struct {
        int64_t figure;
        const char *text;
    } cases[] = {{0, "0"},        {1, "0.001"},    {-500, "-0.5"},
                 {97500, "97.5"}, {120000, "120"}, {-FIGURE_MAX, "-1000000000000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FIGURE_TEXT];
        figure_text(cases[i].figure, text);
        assert_string_equal(text, cases[i].text);
    }
}

/* ---- periods by name ---- */

TEST(every_period_reads_back_by_its_name)
{
    for (int period = PERIOD_WEEKLY; period <= PERIOD_ANNUAL; period++) {
        int64_t begin = period_begin(period, DATE_FIRST + 6), count = 0, read;
        for (const int64_t first = begin; begin <= DATE_LAST; begin = period_after(period, begin), count++) {
            char name[PERIOD_NAME];
            int of;
            period_name(period, begin, name);
            assert_true(period_read(text_of(name), &of, &read) && of == period && read == begin);
            assert_true(period_on(period, first, count) == begin && period_count(period, first, begin) == count);
        }
    }
}

TEST(what_is_no_period_has_no_name)
{
    static const char *const names[] = {"",         "2024-",    "2024-13",  "2024-00", "2024-Q5",  "2024-Q0", "2024-H3",
                                        "2024-W54", "2023-W53", "2024-W00", "2024-W1", "2024-6",   "24",      "2024-q2",
                                        "1999-12",  "2100",     "2024-Q2 ", "x024",    "2024-W023"};
    int period;
    int64_t begin;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (period_read(text_of(names[i]), &period, &begin))
            fail_msg("`%s` is no period", names[i]);
}

/* ---- what is asked ---- */

TEST(an_indicator_is_of_a_target_that_is_reported_each_period)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-W23", 9), plan_of("2024-W24", 8)};
    struct msg_assign assign = late_records();
    assign.content.kind = KIND_DIRECTIVE;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.indicator");
    assign = late_records();
    assign.content.has &= ~MSG_BIT(content, reporting);
    assign.content.reporting = 0;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.reporting");
    assign = late_records();
    assign.content.indicator.counting = COUNTING_AMOUNT;
    MSG_MARK(&assign.content.indicator, indicator, counting);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.indicator.per");
    assign = late_records();
    MSG_SET(&assign.content, content, target, 0.00001);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.target");
    assign = late_records();
    assign.content.has &= ~MSG_BIT(content, indicator);
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.indicator");
    world_free(world);
}

TEST(a_plan_names_periods_of_its_target_in_their_order)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-W23", 9), plan_of("2024-W24", 8), plan_of("2024-W26", 5)};
    struct msg_assign assign = late_records();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 3}));
    plan[1].period = TEXT("2024-06");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), PERIOD_WRONG, "content.plan[1].period");
    plan[1].period = TEXT("2024-W23");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), PERIOD_WRONG, "content.plan[1].period");
    plan[1] = plan_of("2024-W24", 0.12345);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.plan[1].value");
    plan[1] = plan_of("2024-W24", 8);
    const struct msg_task *task = get(world, give(world, &assign));
    assert_int_equal(task->plan.count, 3);
    IS(task->plan.items[2].period, "2024-W26");
    same(task->plan.items[2].value, 5);
    assert_int_equal(task->indicator.better, BETTER_LESS);
    assert_int_equal(task->indicator.per, 100);
    rows_replay(world);
    world_free(world);
}

TEST(what_has_values_keeps_its_period_and_how_it_counts)
{
    struct world *world = world_new();
    const struct msg_assign assign = revenue();
    const uint64_t task = give(world, &assign);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_REPORTING)); /* before there is a value */
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "clear");
    amend.has &= ~MSG_BIT(amend, clear);
    amend.clear = 0;
    assert_int_equal(report_value(world, task, NULL, 9.5), 0);
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
    assert_int_equal(get(world, task)->indicator.better, BETTER_LESS);
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
    struct msg_planned plan[] = {plan_of("2024-W23", 9)};
    struct msg_assign assign = late_records(), plain = late_records();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    MSG_SET(&plain, assign, reference, TEXT("HT-037"));
    plain.content.has &= ~MSG_BIT(content, indicator);
    const uint64_t task = give(world, &assign), like = give(world, &plain);
    struct msg_amend amend = without_indicator(task);
    struct msg_progress words = report_of(task, NULL);
    run_until(world, "2024-06-12");
    IS(get(world, task)->value_missing, "2024-W23");
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->cleared, TERM_BIT(CLEARABLE_INDICATOR));
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_REPORT));
    const int64_t due = get(world, like)->report_due;
    const struct msg_task *shown = get(world, task);
    assert_false(MSG_HAS(shown, task, indicator) || MSG_HAS(shown, task, plan) || MSG_HAS(shown, task, value_owed) ||
                 MSG_HAS(shown, task, value_missing));
    assert_true(shown->report_due == due); /* a week as any task's: counted from when it was given */
    MSG_SET(&words, progress, note, TEXT("Đang rà soát"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &words), 0);
    assert_true(MSG_HAS(get(world, task), task, reported));
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
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    struct msg_amend amend = without_indicator(task);
    amend.clear |= TERM_BIT(CLEARABLE_REPORTING);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct msg_task *shown = get(world, task);
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
    struct msg_planned plan[] = {plan_of("2024-W23", 9)};
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    struct msg_amend amend = without_indicator(task);
    MSG_MARK(&amend.content, content, indicator);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "clear");
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){plan, 1}));
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), MISSING_FIELD, "content.indicator");
    assert_int_equal(report_rate(world, task, NULL, 31, 400), 0);
    amend.content = (struct msg_content){0};
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), SERIES_BEGUN, "clear");
    assert_true(MSG_HAS(get(world, task), task, indicator));
    rows_replay(world);
    world_free(world);
}

TEST(a_plan_of_another_period_comes_with_it)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-06", 10)}, quarterly[] = {plan_of("2024-Q2", 30)};
    struct msg_assign assign = revenue();
    struct msg_amend amend = {0};
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    const uint64_t task = give(world, &assign);
    MSG_SET(&amend, amend, task, task);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend.content, content, reporting, PERIOD_QUARTERLY);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), PERIOD_WRONG, "content.reporting");
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){quarterly, 1}));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    IS(get(world, task)->value_owed, "2024-Q2");
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
    struct msg_assign assign = late_records();
    for (int i = 0; i < 260; i++) {
        period_name(PERIOD_WEEKLY, vietnam_day("2024-06-03") + 7 * i, names[i]);
        plan[i] = plan_of(names[i], 10);
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

/* ---- values, in their turn ---- */

TEST(each_civil_period_owes_its_value)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    IS(get(world, task)->value_owed, "2024-W23");
    assert_true(get(world, task)->report_due ==
                ladder_at("2024-06-11", 0, 0)); /* Sunday the 9th is a day off: Monday's end */
    assert_int_equal(report_rate(world, task, "2024-W23", 31, 400), 0);
    const struct msg_record *record = ladder_last(world);
    IS(record->measured.period, "2024-W23");
    same(record->measured.value, 7.75);
    same(record->value, 7.75);
    assert_false(MSG_HAS(&record->measured, measured, was));
    IS(get(world, task)->value_owed, "2024-W24");
    assert_true(get(world, task)->report_due == ladder_at("2024-06-18", 0, 0));
    same(get(world, task)->value, 7.75);
    rows_replay(world);
    world_free(world);
}

TEST(words_alone_are_not_the_value_that_is_owed)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    struct msg_progress words = report_of(task, NULL);
    MSG_SET(&words, progress, note, TEXT("Đang rà soát"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &words), 0);
    assert_false(MSG_HAS(get(world, task), task, reported));
    run_until(world, "2024-06-11");
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_RUNG);
    IS(record->value_missing, "2024-W23");
    IS(get(world, task)->value_missing, "2024-W23");
    IS(get(world, task)->value_owed, "2024-W24");
    rows_replay(world);
    world_free(world);
}

TEST(what_is_missing_comes_first_and_meets_its_own_period)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    run_until(world, "2024-06-12");
    REFUSED(world, report_rate(world, task, "2024-W24", 20, 400), PERIOD_WRONG, "period");
    assert_int_equal(report_rate(world, task, NULL, 30, 400), 0);
    IS(ladder_last(world)->measured.period, "2024-W23");
    assert_false(MSG_HAS(get(world, task), task, value_missing));
    IS(get(world, task)->value_owed, "2024-W24");
    assert_int_equal(report_rate(world, task, NULL, 24, 400), 0);
    IS(get(world, task)->value_owed, "2024-W25");
    REFUSED(world, report_rate(world, task, "2024-W25", 1, 1), PERIOD_WRONG, "period"); /* it has not begun */
    REFUSED(world, report_rate(world, task, "2024-06", 1, 1), PERIOD_WRONG, "period");
    rows_replay(world);
    world_free(world);
}

TEST(a_correction_is_on_record_and_moves_no_deadline)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    assert_int_equal(report_rate(world, task, NULL, 31, 400), 0);
    const int64_t due = get(world, task)->report_due, reported = get(world, task)->reported;
    run_until(world, "2024-06-12");
    assert_int_equal(report_rate(world, task, "2024-W23", 40, 400), 0);
    const struct msg_changed *changed = &WORLD_REPLY(world, change_reply)->tasks.items[0];
    IS(changed->measured.period, "2024-W23");
    same(changed->measured.was, 7.75);
    const struct msg_record *record = ladder_last(world);
    same(record->measured.was, 7.75);
    same(record->measured.value, 10);
    assert_int_equal(record->rounds, 0);
    assert_true(get(world, task)->report_due == due && get(world, task)->reported == reported);
    assert_int_equal(get(world, task)->values.count, 1);
    same(get(world, task)->values.items[0].value, 10);
    assert_true(get(world, task)->values.items[0].time == world->now);
    rows_replay(world);
    world_free(world);
}

static int report_of_xa2(struct world *world, uint64_t task, const char *period)
{
    struct msg_progress report = report_of(task, period);
    MSG_SET(&report, progress, numerator, 1);
    MSG_SET(&report, progress, denominator, 20);
    return world_send(world, "xa2", OP_REPORT, &report);
}

static void set_plan(struct world *world, uint64_t task, struct msg_planned *plan, uint32_t count)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){plan, count}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

/* Else a lead could fill it with values of long ago, and the next would have no room for those of now. */
TEST(values_begin_with_the_period_that_was_given_or_planned_first)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    struct msg_planned plan[] = {plan_of("2024-W20", 9), plan_of("2024-W24", 8)};
    const uint64_t task = give(world, &assign);
    REFUSED(world, report_rate(world, task, "2000-W01", 1, 20), PERIOD_WRONG, "period");
    REFUSED(world, report_rate(world, task, "2024-W22", 1, 20), PERIOD_WRONG, "period");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-W23", 8));
    run_until(world, "2024-06-18");
    ladder_reassign(world, task, "xa2");
    ladder_act(world, "xa2", OP_ACCEPT, task);
    IS(get(world, task)->value_owed, "2024-W25");
    assert_int_equal(report_of_xa2(world, task, "2024-W23"), 0); /* the lead before left it out */
    REFUSED(world, report_of_xa2(world, task, "2024-W22"), PERIOD_WRONG, "period");
    set_plan(world, task, plan, 2);
    assert_int_equal(report_of_xa2(world, task, "2024-W21"), 0);
    REFUSED(world, report_of_xa2(world, task, "2024-W19"), PERIOD_WRONG, "period");
    set_plan(world, task, plan, 0);
    assert_int_equal(report_of_xa2(world, task, "2024-W21"), 0); /* it has a value, which may be corrected */
    REFUSED(world, report_of_xa2(world, task, "2024-W20"), PERIOD_WRONG, "period");
    assert_int_equal(get(world, task)->values.count, 2);
    rows_replay(world);
    world_free(world);
}

TEST(a_rate_comes_with_its_two_numbers)
{
    struct world *world = world_new();
    const struct msg_assign rates = late_records(), amounts = revenue();
    const uint64_t rate = give(world, &rates), amount = give(world, &amounts);
    struct msg_progress report = report_of(rate, NULL);
    MSG_SET(&report, progress, numerator, 2);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), MISSING_FIELD, "denominator");
    MSG_SET(&report, progress, denominator, 0);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), BAD_VALUE, "denominator");
    MSG_SET(&report, progress, denominator, 3);
    MSG_SET(&report, progress, value, 66.6);
    REFUSED(world, world_send(world, "xa1", OP_REPORT, &report), BAD_VALUE, "value");
    MSG_SET(&report, progress, value, 66.667);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    REFUSED(world, report_value(world, rate, NULL, 7), MISSING_FIELD, "numerator");
    REFUSED(world, report_rate(world, amount, NULL, 1, 2), BAD_VALUE, "numerator");
    REFUSED(world, report_value(world, amount, NULL, 1.00001), BAD_VALUE, "value");
    report = report_of(amount, "2024-06");
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
    REFUSED(world, report_value(world, task, "2024-06", 1), NO_INDICATOR, "period");
    assert_int_equal(report_value(world, task, NULL, 0.12345), 0); /* as ever */
    MSG_SET(&get, task_get, task, task);
    REFUSED(world, world_send(world, "huyen", OP_TARGET_GET, &get), NO_INDICATOR, "task");
    submit = report_of(task, "2024-06");
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &submit), NO_INDICATOR, "period");
    world_free(world);
}

TEST(values_end_with_the_task)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    struct msg_progress submit = report_of(task, NULL);
    MSG_SET(&submit, progress, value, 3);
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &submit), BAD_VALUE, "value");
    assert_int_equal(report_rate(world, task, NULL, 1, 25), 0);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    REFUSED(world, report_rate(world, task, "2024-W23", 1, 20), WRONG_STATE, "task");
    ladder_act(world, "huyen", OP_CONFIRM, task);
    REFUSED(world, report_rate(world, task, "2024-W23", 1, 20), WRONG_STATE, "task");
    assert_false(MSG_HAS(get(world, task), task, value_owed));
    assert_int_equal(get(world, task)->values.count, 1);
    rows_replay(world);
    world_free(world);
}

TEST(a_new_lead_owes_the_period_that_has_no_value)
{
    struct world *world = world_new();
    const struct msg_assign assign = late_records();
    const uint64_t task = give(world, &assign);
    assert_int_equal(report_rate(world, task, NULL, 31, 400), 0);
    ladder_reassign(world, task, "xa2");
    IS(get(world, task)->value_owed, "2024-W24");
    assert_int_equal(get(world, task)->values.count, 1);
    rows_replay(world);
    world_free(world);
}

TEST(what_stood_still_is_owed_first_and_then_the_period_under_way)
{
    struct world *world = world_new();
    struct msg_assign assign = late_records();
    MSG_SET(&assign.content, content, due, TEXT("2024-08-30"));
    const uint64_t task = give(world, &assign);
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ kết luận thanh tra"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    run_until(world, "2024-07-15"); /* 30 working days on */
    ladder_act(world, "huyen", OP_RESUME, task);
    IS(get(world, task)->value_owed, "2024-W23");
    assert_true(get(world, task)->report_due == ladder_at("2024-07-23", 0, 0));
    REFUSED(world, report_rate(world, task, "2024-W28", 1, 20), PERIOD_WRONG, "period");
    assert_int_equal(report_rate(world, task, NULL, 1, 20), 0);
    IS(get(world, task)->value_owed, "2024-W28"); /* which ends with Monday the 15th */
    rows_replay(world);
    world_free(world);
}

TEST(a_target_holds_values_of_five_years_of_weeks)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2018-W23", 300)}; /* a target that goes on from another system */
    struct msg_assign assign = late_records();
    MSG_SET(&assign.content, content, due, TEXT("2030-06-28"));
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    assign.content.indicator = (struct msg_indicator){0};
    const uint64_t task = give(world, &assign);
    const int64_t first = period_begin(PERIOD_WEEKLY, vietnam_day("2018-06-04"));
    for (int i = 0; i < 260; i++) {
        char name[PERIOD_NAME];
        period_name(PERIOD_WEEKLY, period_on(PERIOD_WEEKLY, first, 259 - i), name);
        assert_int_equal(report_value(world, task, name, 260 - i), 0);
    }
    REFUSED(world, report_value(world, task, "2024-W23", 1), CAPACITY, "period");
    assert_int_equal(report_value(world, task, "2018-W23", 0.5), 0); /* a correction has its place */
    const struct msg_target_reply *reply = course(world, task);
    assert_int_equal(reply->series.count, 260);
    same(reply->series.items[0].value, 0.5);
    same(reply->series.items[259].value, 260);
    rows_replay(world);
    world_free(world);
}

/* ---- how it stands ---- */

TEST(a_level_goes_on_along_its_last_three_values)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-W23", 9), plan_of("2024-W24", 7), plan_of("2024-W26", 5)},
                       before[] = {plan_of("2024-W21", 12)};
    struct msg_assign assign = late_records();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){before, 1}));
    const uint64_t task = give(world, &assign);
    const struct msg_target_reply *reply = course(world, task);
    assert_false(MSG_HAS(&reply->target, course, latest));
    same(reply->target.target, 5);
    assert_int_equal(report_rate(world, task, "2024-W21", 48, 400), 0); /* from before, on its own */
    set_plan(world, task, plan, 3);
    assert_int_equal(report_rate(world, task, "2024-W23", 40, 400), 0);
    reply = course(world, task);
    same(reply->target.trend, -1); /* from 12 to 10 in two weeks */
    same(reply->target.forecast, 7);
    assert_true(MSG_HAS(&reply->target, course, will_be_met) && !reply->target.will_be_met);
    assert_true(MSG_HAS(&reply->target, course, met) && !reply->target.met);
    same(reply->target.deviation, 1);
    run_until(world, "2024-06-10");
    assert_int_equal(report_rate(world, task, NULL, 28, 400), 0);
    reply = course(world, task);
    IS(reply->target.latest, "2024-W24");
    same(reply->target.trend, -1.667); /* 12 to 7 in three weeks */
    same(reply->target.forecast, 3.667);
    assert_true(reply->target.will_be_met && reply->target.met);
    assert_int_equal(reply->series.count, 4);
    IS(reply->series.items[0].period, "2024-W21");
    assert_false(MSG_HAS(&reply->series.items[0], course_period, planned));
    same(reply->series.items[2].deviation, 0);
    assert_false(MSG_HAS(&reply->series.items[3], course_period, value));
    assert_false(MSG_HAS(&reply->series.items[3], course_period, missing)); /* it lies ahead */
    world_free(world);
}

/* By records that no broker made: nothing is divided by no periods at all. */
TEST(values_within_one_period_have_no_trend)
{
    struct world *world = world_new();
    struct msg_assign assign = late_records();
    struct problem problem = {0};
    assign.content.indicator = (struct msg_indicator){0};
    const uint64_t task = give(world, &assign);
    assert_int_equal(report_value(world, task, NULL, 9), 0);
    run_until(world, "2024-06-10");
    assert_int_equal(report_value(world, task, NULL, 7), 0);
    same(course(world, task)->target.trend, -2);
    struct msg_record record = *ladder_last(world);
    record.seq++;
    record.measured.period = TEXT("2024-06"); /* it reports weeks */
    assert_int_equal(apply_record(world->core, &record, &problem), 0);
    assert_int_equal(course(world, task)->series.count, 2);
    record.seq++;
    record.action = ACTION_AMEND;
    record.has &= ~MSG_BIT(record, measured);
    MSG_SET(&record.content, content, reporting, PERIOD_MONTHLY);
    MSG_MARK(&record, record, content);
    assert_int_equal(apply_record(world->core, &record, &problem), 0);
    const struct msg_target_reply *reply = course(world, task);
    assert_true(reply->target.reporting == PERIOD_MONTHLY && reply->series.count == 2);
    assert_false(MSG_HAS(&reply->target, course, trend) || MSG_HAS(&reply->target, course, forecast));
    world_free(world);
}

TEST(amounts_add_up_and_go_on_at_their_mean)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-06", 10), plan_of("2024-07", 12), plan_of("2024-08", 12)};
    struct msg_assign assign = revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 3}));
    const uint64_t task = give(world, &assign);
    assert_int_equal(report_value(world, task, NULL, 12.4), 0);
    run_until(world, "2024-07-10");
    assert_int_equal(report_value(world, task, NULL, 9.1), 0);
    same(get(world, task)->value, 21.5);
    const struct msg_target_reply *reply = course(world, task);
    same(reply->target.reached, 21.5);
    same(reply->target.value, 9.1);
    same(reply->target.trend, -3.3);
    same(reply->target.forecast, 75.25); /* 21.5 and 5 months at 10.75 */
    assert_false(reply->target.will_be_met);
    same(reply->series.items[1].reached, 21.5);
    assert_false(MSG_HAS(&reply->series.items[2], course_period, reached));
    run_until(world, "2024-09-03");
    reply = course(world, task);
    IS(reply->target.value_missing, "2024-08");
    assert_true(reply->series.items[2].missing);
    world_free(world);
}

static void names(const struct texts *missing, const char *const *periods, uint32_t count)
{
    assert_int_equal(missing->count, count);
    for (uint32_t i = 0; i < count; i++)
        IS(missing->items[i], periods[i]);
}

/* Of months, with none planned but one: what was named once is not forgotten when the next has its value. */
TEST(each_period_that_is_over_without_a_value_is_named_until_it_has_one)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-04", 12)};
    struct msg_assign assign = revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 1}));
    const uint64_t task = give(world, &assign);
    names(&get(world, task)->values_missing, (const char *const[]){"2024-04", "2024-05"},
          2); /* planned, before it was given */
    run_until(world, "2024-09-03");
    names(&get(world, task)->values_missing,
          (const char *const[]){"2024-04", "2024-05", "2024-06", "2024-07", "2024-08"}, 5);
    assert_false(MSG_HAS(get(world, task), task, values_missing_more));
    assert_int_equal(report_value(world, task, NULL, 9), 0); /* of August, which is missing */
    assert_false(MSG_HAS(get(world, task), task, value_missing));
    assert_int_equal(report_value(world, task, "2024-05", 9), 0);
    const char *const left[] = {"2024-04", "2024-06", "2024-07"};
    names(&get(world, task)->values_missing, left, 3);
    names(&course(world, task)->target.values_missing, left, 3);
    rows_replay(world);
    names(&get(world, task)->values_missing, left, 3);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    names(&get(world, task)->values_missing, left, 3);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    names(&get(world, task)->values_missing, NULL, 0);
    world_free(world);
}

TEST(of_more_periods_without_a_value_than_are_named_the_number_is_said)
{
    struct world *world = world_new();
    struct msg_assign assign = late_records();
    MSG_SET(&assign.content, content, due, TEXT("2024-12-13"));
    const uint64_t task = give(world, &assign);
    run_until(world, "2024-09-17"); /* a Tuesday of week 38; given in week 23 */
    const struct msg_task *shown = get(world, task);
    assert_int_equal(shown->values_missing.count, 12);
    assert_int_equal(shown->values_missing_more, 3);
    IS(shown->values_missing.items[0], "2024-W26");
    IS(shown->values_missing.items[11], "2024-W37");
    assert_int_equal(report_rate(world, task, "2024-W30", 1, 100), 0);
    assert_int_equal(report_rate(world, task, "2024-W23", 1, 100), 0);
    shown = get(world, task);
    assert_int_equal(shown->values_missing_more, 1);
    IS(shown->values_missing.items[0], "2024-W25");
    assert_int_equal(course(world, task)->target.values_missing_more, 1);
    world_free(world);
}

TEST(without_a_figure_the_plan_says_what_is_to_be_reached)
{
    struct world *world = world_new();
    struct msg_planned plan[] = {plan_of("2024-06", 10), plan_of("2024-07", 12)};
    struct msg_assign assign = revenue();
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    assign.content.has &= ~MSG_BIT(content, target);
    same(course(world, give(world, &assign))->target.target, 22);
    assign = late_records();
    assign.content.has &= ~MSG_BIT(content, target);
    same(course(world, give(world, &assign))->target.target, 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, target_reply)->target, course, target));
    world_free(world);
}

TEST(targets_are_listed_for_those_who_may_read_them)
{
    struct world *world = world_new();
    struct msg_assign rates = late_records(), amounts = revenue();
    struct msg_target_list list = {0};
    MSG_SET(&amounts.content, content, scope, SCOPE_RESTRICTED);
    const uint64_t rate = give(world, &rates), amount = give(world, &amounts);
    world_assign(world, "huyen", "xa1", "A-1", NULL);
    assert_int_equal(report_rate(world, rate, NULL, 48, 400), 0);
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    const struct msg_targets_reply *reply = WORLD_REPLY(world, targets_reply);
    assert_int_equal(reply->targets.count, 2);
    assert_true(reply->targets.items[0].task == rate && reply->targets.items[1].task == amount);
    assert_int_equal(world_send(world, "tinh", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 1);
    MSG_SET(&list, target_list, behind, true);
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 0);
    run_until(world, "2024-07-02");
    assert_int_equal(world_send(world, "xa1", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 2);
    MSG_SET(&list, target_list, agency, TEXT("xa2"));
    assert_int_equal(world_send(world, "huyen", OP_TARGET_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, targets_reply)->targets.count, 0);
    world_free(world);
}
