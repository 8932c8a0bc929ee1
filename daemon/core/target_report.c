/* What the lead of a target reports: the value of a period, in its turn. */
#include "core/decide.h"
#include "core/target.h"

static int no_indicator(const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_NO_INDICATOR, field,
                       "The task has no indicator, and so no values by period: report `value` alone, or have its "
                       "assigner give it one.");
}

/* The first of its fields that a report gives. */
static const char *field_given(const struct msg_progress *report, bool with_value)
{
    return MSG_HAS(report, progress, period)                ? "period"
           : MSG_HAS(report, progress, numerator)           ? "numerator"
           : MSG_HAS(report, progress, denominator)         ? "denominator"
           : with_value && MSG_HAS(report, progress, value) ? "value"
                                                            : NULL;
}

int target_check_submission(const struct decision *decision, const struct msg_progress *submit, struct problem *problem)
{
    const bool is_target = target_is(decision->task);
    const char *field = field_given(submit, is_target);
    if (!field)
        return 0;
    return is_target ? problem_set(problem, COORD_E_BAD_VALUE, field,
                                   "A submission brings no value of an indicator: report it first, with its period.")
                     : no_indicator(field, problem);
}

static int check_first(const struct decision *decision, int64_t begin, struct problem *problem)
{
    const struct task *task = decision->task;
    const int64_t first = target_first(decision->step->core, task);
    struct target_value value;
    char name[PERIOD_NAME];
    if (begin >= first || target_find(task, begin, &value))
        return 0;
    period_name(task->course->reporting, first, name);
    return problem_set(problem, COORD_E_PERIOD_WRONG, "period",
                       "The values of this target begin with %s, the first that was given or planned; its assigner can "
                       "plan one before.",
                       name);
}

/* Which period it is of, and which is missing or else owed (TARGET_NONE for none). Values come in their order: that of this one
 * before any later one. */
static int find_period(const struct decision *decision, const struct msg_progress *report, int64_t *begin,
                       int64_t *owed, struct problem *problem)
{
    const struct core *core = decision->step->core;
    const struct task *task = decision->task;
    const int64_t now = target_period_at(core, task, decision->step->now_ms), missing = target_missing(task);
    char name[PERIOD_NAME];
    *owed = missing != TARGET_NONE ? missing : target_owed(core, task);
    *begin = *owed == TARGET_NONE || *owed > now ? now : *owed;
    if (MSG_HAS(report, progress, period) &&
        target_read_period(report->period, task->course->reporting, "period", begin, problem))
        return problem->error;
    if (*begin < DATE_FIRST) /* by a clock that was accepted: such a period has no name */
        return problem_set(problem, COORD_E_PERIOD_WRONG, "period", "Periods begin on 2000-01-01 or later.");
    if (*begin > now) {
        period_name(task->course->reporting, now, name);
        return problem_set(problem, COORD_E_PERIOD_WRONG, "period",
                           "%.*s has not begun; the newest that a value can be of is %s.", TEXT_ARGS(report->period),
                           name);
    }
    if (*owed == TARGET_NONE || *begin <= *owed)
        return *begin == *owed ? 0 : check_first(decision, *begin, problem);
    period_name(task->course->reporting, *owed, name);
    return problem_set(problem, COORD_E_PERIOD_WRONG, "period",
                       "The value of %s is %s: report that first; it may be corrected later.", name,
                       missing != TARGET_NONE ? "missing" : "owed still");
}

static int read_rate(const struct msg_progress *report, uint64_t per, struct target_value *value,
                     struct problem *problem)
{
    int64_t said;
    char counted[FIGURE_TEXT];
    if (!MSG_HAS(report, progress, numerator) || !MSG_HAS(report, progress, denominator))
        return problem_set(problem, COORD_E_MISSING_FIELD,
                           MSG_HAS(report, progress, numerator) ? "denominator" : "numerator",
                           "The indicator is a rate: a value comes with its numerator and its denominator.");
    if (!figure_read(report->numerator, &value->numerator))
        return target_no_figure("numerator", problem);
    if (!figure_read(report->denominator, &value->denominator))
        return target_no_figure("denominator", problem);
    if (value->denominator <= 0)
        return problem_set(problem, COORD_E_BAD_VALUE, "denominator", "It is above 0.");
    if (!figure_rate(value->numerator, value->denominator, per, &value->value))
        return target_no_figure("numerator", problem);
    if (!MSG_HAS(report, progress, value) || (figure_read(report->value, &said) && said == value->value))
        return 0;
    figure_text(value->value, counted);
    return problem_set(problem, COORD_E_BAD_VALUE, "value",
                       "%llu × numerator / denominator is %s, to the nearest thousandth; leave `value` out.",
                       (unsigned long long)per, counted);
}

static int read_value(const struct msg_progress *report, uint64_t per, struct target_value *value,
                      struct problem *problem)
{
    if (per)
        return read_rate(report, per, value, problem);
    if (MSG_HAS(report, progress, numerator) || MSG_HAS(report, progress, denominator))
        return problem_set(problem, COORD_E_BAD_VALUE,
                           MSG_HAS(report, progress, numerator) ? "numerator" : "denominator",
                           "The indicator is no rate: give `value` alone.");
    if (!MSG_HAS(report, progress, value))
        return problem_set(problem, COORD_E_MISSING_FIELD, "value", "Which value has the period?");
    return figure_read(report->value, &value->value) ? 0 : target_no_figure("value", problem);
}

/* All values with this one; which of them it is, and what it was before if it corrects one. */
static int put_value(const struct task *task, const struct target_value *value, struct target_value *values,
                     uint32_t *count, const struct target_value **was, struct problem *problem)
{
    uint32_t place = *count = target_values(task, values);
    while (place > 0 && values[place - 1].begin > value->begin)
        place--;
    *was = place > 0 && values[place - 1].begin == value->begin ? &values[place - 1] : NULL;
    if (*was)
        return 0;
    if (*count == TARGET_PERIODS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "period",
                           "A target has values of %d periods at most, five years of weeks; go on with another target.",
                           TARGET_PERIODS_MAX);
    for (uint32_t i = (*count)++; i > place; i--)
        values[i] = values[i - 1];
    values[place] = *value;
    return 0;
}

static int tell(struct decision *decision, const struct target_indicator *indicator, const struct target_value *value,
                struct problem *problem)
{
    struct target_value values[TARGET_PERIODS_MAX + 1];
    struct msg_measured measured = target_show_value(value, decision->task->course->reporting, decision->step->arena);
    const struct target_value *was;
    uint32_t count;
    int64_t reached;
    step_look(decision->step, target_cost(decision->task));
    if (put_value(decision->task, value, values, &count, &was, problem))
        return problem->error;
    if (was) {
        MSG_SET(&measured, measured, was, figure_show(was->value));
        values[was - values] = *value;
    }
    if (!target_reached(indicator->counting, values, count, &reached))
        return problem_set(problem, COORD_E_BAD_VALUE, "value",
                           "With it all amounts together come to more than 1000000000000; choose a larger unit.");
    measured.has &= ~MSG_BIT(measured, time);
    MSG_SET(&decision->record, record, measured, measured);
    MSG_SET(&decision->record, record, value, figure_show(reached));
    return 0;
}

int target_decide(struct decision *decision, const struct msg_progress *report, bool *counts, struct problem *problem)
{
    const struct task *task = decision->task;
    struct target_indicator indicator;
    struct target_value value = {0};
    int64_t owed;
    const bool is_target = target_indicator(task, &indicator);
    const char *field = field_given(report, is_target);
    *counts = !is_target;
    if (!field)
        return 0;
    if (!is_target)
        return no_indicator(field, problem);
    if (find_period(decision, report, &value.begin, &owed, problem) ||
        read_value(report, indicator.per, &value, problem))
        return problem->error;
    *counts = value.begin == owed || owed == TARGET_NONE;
    return tell(decision, &indicator, &value, problem);
}
