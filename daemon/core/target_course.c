#include "core/target_course.h"

#include <math.h>

#include "core/pack.h"
#include "core/present.h"
#include "core/standing.h"

/* What is worked out from. */
struct figures {
    struct target_indicator indicator;
    struct target_value values[TARGET_PERIODS_MAX];
    uint32_t count;
    int period;
};

static bool read_figures(const struct task *task, struct figures *figures)
{
    figures->period = task->course->reporting;
    figures->count = target_values(task, figures->values);
    return target_indicator(task, &figures->indicator);
}

static bool is_amount(const struct figures *figures)
{
    return figures->indicator.counting == COUNTING_AMOUNT;
}

static bool is_as_good(const struct figures *figures, int64_t value, int64_t wanted)
{
    return figures->indicator.better == BETTER_LESS ? value <= wanted : value >= wanted;
}

static bool find_planned(const struct figures *figures, int64_t begin, int64_t *value)
{
    for (uint32_t i = 0; i < figures->indicator.plan_count; i++) {
        const struct target_planned planned = target_planned(&figures->indicator, i);
        if (planned.begin == begin) {
            *value = planned.value;
            return true;
        }
    }
    return false;
}

/* The task's figure, or what the plan comes to: its last value, or the sum of its amounts. */
static bool find_goal(const struct task *task, const struct figures *figures, int64_t *goal)
{
    const struct target_indicator *indicator = &figures->indicator;
    double target;
    if (pack_num(task->pack, PACK_TARGET, &target))
        return figure_read(target, goal);
    figure_wide sum = 0;
    for (uint32_t i = 0; i < indicator->plan_count; i++)
        sum = (is_amount(figures) ? sum : 0) + target_planned(indicator, i).value;
    *goal = figure_divide(sum, 1);
    return indicator->plan_count > 0;
}

/* ---- what is to come ---- */

/* Periods from the newest value to the one that the due date lies in; false when there is no such date. */
static bool periods_ahead(const struct core *core, const struct task *task, const struct figures *figures,
                          int64_t *ahead)
{
    if (task->due == TIME_NONE)
        return false;
    const int64_t last = target_period_at(core, task, task->due - 1);
    *ahead = period_count(figures->period, figures->values[figures->count - 1].begin, last);
    if (*ahead < 0)
        *ahead = 0;
    return true;
}

static int64_t find_forecast(const struct figures *figures, uint32_t from, int64_t span, int64_t reached, int64_t ahead)
{
    const struct target_value *first = &figures->values[from], *last = &figures->values[figures->count - 1];
    const int64_t used = figures->count - from;
    figure_wide sum = 0;
    if (!is_amount(figures))
        return figure_divide((figure_wide)last->value * span + (figure_wide)(last->value - first->value) * ahead, span);
    for (uint32_t i = from; i < figures->count; i++)
        sum += figures->values[i].value;
    return figure_divide((figure_wide)reached * used + sum * ahead, used);
}

/* `goal` is NULL when it has none. */
static void look_ahead(const struct core *core, const struct task *task, const struct figures *figures, int64_t reached,
                       const int64_t *goal, struct msg_course *out)
{
    const uint32_t from = figures->count > COURSE_LAST ? figures->count - COURSE_LAST : 0;
    const struct target_value *first = &figures->values[from], *last = &figures->values[figures->count - 1];
    int64_t ahead;
    if (figures->count < 2)
        return;
    const int64_t span = period_count(figures->period, first->begin, last->begin);
    if (span < 1) /* by records that no broker made */
        return;
    MSG_SET(out, course, trend, figure_show(figure_divide(last->value - first->value, span)));
    if (!periods_ahead(core, task, figures, &ahead))
        return;
    const int64_t forecast = find_forecast(figures, from, span, reached, ahead);
    MSG_SET(out, course, forecast, figure_show(forecast));
    if (goal)
        MSG_SET(out, course, will_be_met, is_as_good(figures, forecast, *goal));
}

/* ---- how it stands ---- */

static void show_newest(const struct figures *figures, struct arena *arena, struct msg_course *out)
{
    const struct target_value *newest = &figures->values[figures->count - 1];
    int64_t planned;
    MSG_SET(out, course, latest, target_name(figures->period, newest->begin, arena));
    MSG_SET(out, course, value, figure_show(newest->value));
    if (!find_planned(figures, newest->begin, &planned))
        return;
    MSG_SET(out, course, planned, figure_show(planned));
    MSG_SET(out, course, deviation, figure_show(newest->value - planned));
    MSG_SET(out, course, met, is_as_good(figures, newest->value, planned));
}

static void show_owed(const struct core *core, const struct task *task, struct arena *arena, struct msg_course *out)
{
    const int64_t owed = target_owed(core, task), missing = target_missing(task);
    if (owed != TARGET_NONE) {
        MSG_SET(out, course, value_owed, target_name(task->course->reporting, owed, arena));
        MSG_SET(out, course, report_due, task->course->report_due);
    }
    if (missing != TARGET_NONE)
        MSG_SET(out, course, value_missing, target_name(task->course->reporting, missing, arena));
    const struct target_gaps gaps = target_gaps(core, task);
    if (gaps.count)
        MSG_SET(out, course, values_missing, target_gap_names(task, &gaps, arena));
    if (gaps.more)
        MSG_SET(out, course, values_missing_more, gaps.more);
}

static struct msg_course begin(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena)
{
    struct msg_course out = {0};
    const struct text unit = pack_text(task->pack, PACK_UNIT), day = present_day(core, task, arena);
    MSG_SET(&out, course, task, task->number);
    MSG_SET(&out, course, reference, task_reference(task));
    MSG_SET(&out, course, title, task_title(task));
    MSG_SET(&out, course, lead, standing_id_on(core, task, task->lead, now_ms));
    MSG_SET(&out, course, state, task->state);
    if (unit.size)
        MSG_SET(&out, course, unit, unit);
    if (task->course->reporting)
        MSG_SET(&out, course, reporting, task->course->reporting);
    if (task->due != TIME_NONE)
        MSG_SET(&out, course, due, task->due);
    if (day.size)
        MSG_SET(&out, course, due_day, day);
    return out;
}

/* Of a target without an indicator: the two numbers that it has, as they were given. */
static void show_numbers(const struct task *task, struct msg_course *out)
{
    double target;
    if (pack_num(task->pack, PACK_TARGET, &target))
        MSG_SET(out, course, target, target);
    if (isfinite(task->rare->value))
        MSG_SET(out, course, reached, task->rare->value);
}

struct msg_course target_course(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena)
{
    struct msg_course out = begin(core, task, now_ms, arena);
    struct figures figures;
    int64_t goal, reached;
    if (!read_figures(task, &figures)) {
        show_numbers(task, &out);
        return out;
    }
    MSG_SET(&out, course, better, figures.indicator.better);
    MSG_SET(&out, course, counting, figures.indicator.counting);
    if (figures.indicator.per)
        MSG_SET(&out, course, per, figures.indicator.per);
    const bool has_goal = find_goal(task, &figures, &goal);
    if (has_goal)
        MSG_SET(&out, course, target, figure_show(goal));
    show_owed(core, task, arena, &out);
    if (figures.count == 0)
        return out;
    (void)target_reached(figures.indicator.counting, figures.values, figures.count, &reached);
    MSG_SET(&out, course, reached, figure_show(reached));
    show_newest(&figures, arena, &out);
    look_ahead(core, task, &figures, reached, has_goal ? &goal : NULL, &out);
    return out;
}

bool target_is_behind(const struct msg_course *course)
{
    return (MSG_HAS(course, course, met) && !course->met) ||
           (MSG_HAS(course, course, will_be_met) && !course->will_be_met) || MSG_HAS(course, course, value_missing);
}

/* ---- period by period ---- */

/* What was planned of a period, beside its value: NULL when it has none. */
static void show_planned(const struct figures *figures, struct target_planned planned, const struct target_value *value,
                         bool is_over, struct msg_course_period *out)
{
    MSG_SET(out, course_period, planned, figure_show(planned.value));
    if (!value) {
        if (is_over)
            MSG_SET(out, course_period, missing, true);
        return;
    }
    MSG_SET(out, course_period, deviation, figure_show(value->value - planned.value));
    MSG_SET(out, course_period, met, is_as_good(figures, value->value, planned.value));
}

static void show_value(const struct figures *figures, const struct target_value *value, int64_t reached,
                       struct msg_course_period *out)
{
    MSG_SET(out, course_period, value, figure_show(value->value));
    MSG_SET(out, course_period, time, value->time);
    if (value->denominator) {
        MSG_SET(out, course_period, numerator, figure_show(value->numerator));
        MSG_SET(out, course_period, denominator, figure_show(value->denominator));
    }
    if (is_amount(figures))
        MSG_SET(out, course_period, reached, figure_show(reached));
}

struct msg_course_period_items target_series(const struct core *core, const struct task *task, int64_t now_ms,
                                             struct arena *arena)
{
    struct figures figures;
    if (!read_figures(task, &figures))
        return (struct msg_course_period_items){0};
    const struct target_indicator *indicator = &figures.indicator;
    const int64_t now = target_period_at(core, task, now_ms);
    struct msg_course_period *items = arena_alloc(arena, (indicator->plan_count + figures.count + 1) * sizeof *items);
    uint32_t count = 0, planned_at = 0, value_at = 0;
    int64_t reached = 0;
    while (planned_at < indicator->plan_count || value_at < figures.count) {
        const bool has_plan = planned_at < indicator->plan_count, has_value = value_at < figures.count;
        const struct target_planned planned = has_plan ? target_planned(indicator, planned_at)
                                                       : (struct target_planned){INT64_MAX, 0};
        const int64_t valued = has_value ? figures.values[value_at].begin : INT64_MAX;
        const int64_t begin = planned.begin < valued ? planned.begin : valued;
        const struct target_value *value = valued == begin ? &figures.values[value_at] : NULL;
        struct msg_course_period *out = &items[count++];
        MSG_SET(out, course_period, period, target_name(figures.period, begin, arena));
        if (value) {
            reached += value->value;
            show_value(&figures, value, reached, out);
            value_at++;
        }
        if (planned.begin == begin) {
            show_planned(&figures, planned, value, begin < now, out);
            planned_at++;
        }
    }
    return (struct msg_course_period_items){items, count};
}
