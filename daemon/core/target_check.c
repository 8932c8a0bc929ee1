/* What may be said of a target: by its assigner, how it is measured and what is planned; by its lead, the value of a period. */
#include <assert.h>
#include <stdio.h>

#include "core/decide.h"
#include "core/pack.h"
#include "core/target.h"

#define PATH 48

static int no_figure(const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, field,
                       "A figure has three decimals at most, and is 1000000000000 at most, either way; choose a larger "
                       "unit, or round it.");
}

static int no_period(struct text name, int period, const char *field, struct problem *problem)
{
    static const char *const examples[] = {[PERIOD_WEEKLY] = "2024-W23",
                                           [PERIOD_MONTHLY] = "2024-06",
                                           [PERIOD_QUARTERLY] = "2024-Q2",
                                           [PERIOD_HALF_YEARLY] = "2024-H1",
                                           [PERIOD_ANNUAL] = "2024"};
    return problem_set(problem, COORD_E_PERIOD_WRONG, field,
                       "`%.*s` is no period of this target, whose `reporting` is %s: write one as %s.", TEXT_ARGS(name),
                       term_name(&vocabulary_period, period), examples[period]);
}

static int read_period(struct text name, int period, const char *field, int64_t *begin, struct problem *problem)
{
    int read;
    return period_read(name, &read, begin) && read == period ? 0 : no_period(name, period, field, problem);
}

/* ---- what is asked ---- */

/* A task as it will be. */
struct asked {
    const struct msg_content *content;
    const struct task *old; /* NULL: a new one */
    uint32_t cleared;
    bool has_new, has_old; /* an indicator */
    struct target_indicator was;
};

static int kind_of(const struct asked *asked)
{
    return MSG_HAS(asked->content, content, kind) || !asked->old ? asked->content->kind : asked->old->kind;
}

static int reporting_of(const struct asked *asked)
{
    if (MSG_HAS(asked->content, content, reporting) || !asked->old)
        return asked->content->reporting;
    return asked->cleared & TERM_BIT(CLEARABLE_REPORTING) ? 0 : asked->old->reporting;
}

static int check_plan(const struct msg_planned_items *plan, int period, struct problem *problem)
{
    int64_t last = INT64_MIN, begin, value;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct msg_planned *planned = &plan->items[i];
        char path[PATH];
        snprintf(path, sizeof path, "content.plan[%u].period", (unsigned)i);
        if (read_period(planned->period, period, path, &begin, problem))
            return problem->error;
        if (begin <= last)
            return problem_set(problem, COORD_E_PERIOD_WRONG, path,
                               "`%.*s` does not come after the one before it; name each period once, in their order.",
                               TEXT_ARGS(planned->period));
        snprintf(path, sizeof path, "content.plan[%u].value", (unsigned)i);
        if (!figure_read(planned->value, &value))
            return no_figure(path, problem);
        last = begin;
    }
    return 0;
}

/* The figure to be reached is held against what is measured. */
static int check_goal(const struct asked *asked, struct problem *problem)
{
    double goal = asked->content->target;
    int64_t figure;
    if (!MSG_HAS(asked->content, content, target) && !(asked->old && pack_num(asked->old->pack, PACK_TARGET, &goal)))
        return 0;
    return figure_read(goal, &figure) ? 0 : no_figure("content.target", problem);
}

static int check_new(const struct asked *asked, struct problem *problem)
{
    const struct msg_indicator *indicator = &asked->content->indicator;
    const int reporting = reporting_of(asked);
    if (kind_of(asked) != KIND_TARGET)
        return problem_set(problem, COORD_E_BAD_VALUE, "content.indicator",
                           "Only a target has an indicator; let `kind` be target, or leave the indicator out.");
    if (reporting == 0)
        return problem_set(problem, COORD_E_MISSING_FIELD, "content.reporting",
                           "A target with an indicator is reported each period: say how often.");
    if (indicator->counting == COUNTING_AMOUNT && MSG_HAS(indicator, indicator, per))
        return problem_set(problem, COORD_E_BAD_VALUE, "content.indicator.per",
                           "A rate does not add up from period to period; let `counting` be level.");
    return 0;
}

static const char *field_of_reporting(const struct asked *asked)
{
    return asked->cleared & TERM_BIT(CLEARABLE_REPORTING) ? "clear" : "content.reporting";
}

/* It has one, and keeps it or gets another. */
static int check_old(const struct asked *asked, struct problem *problem)
{
    const struct msg_indicator *indicator = &asked->content->indicator;
    const int reporting = reporting_of(asked);
    const char *field = field_of_reporting(asked);
    const int counting = indicator->counting ? indicator->counting : COUNTING_LEVEL;
    if (kind_of(asked) != KIND_TARGET)
        return problem_set(problem, COORD_E_BAD_VALUE, "content.kind", "It has an indicator, and so stays a target.");
    if (reporting == 0)
        return problem_set(problem, COORD_E_BAD_VALUE, field,
                           "It has an indicator, whose values are reported each period: `reporting` stays.");
    struct target_value values[TARGET_PERIODS_MAX];
    const bool has_values = target_values(asked->old, values) > 0;
    if (has_values && reporting != asked->old->reporting)
        return problem_set(problem, COORD_E_SERIES_BEGUN, field,
                           "It has values, which are %s; give another target for another period.",
                           term_name(&vocabulary_period, asked->old->reporting));
    if (has_values && asked->has_new &&
        (counting != asked->was.counting ||
         (MSG_HAS(indicator, indicator, per) ? indicator->per : 0) != asked->was.per))
        return problem_set(problem, COORD_E_SERIES_BEGUN, "content.indicator",
                           "It has values, which were counted otherwise: `counting` and `per` stay as they are, or "
                           "give another target.");
    if (!MSG_HAS(asked->content, content, plan) && reporting != asked->old->reporting && asked->was.plan_count > 0)
        return problem_set(
            problem, COORD_E_PERIOD_WRONG, field, "Its plan is %s; give a `plan` that is %s as well, or an empty one.",
            term_name(&vocabulary_period, asked->old->reporting), term_name(&vocabulary_period, reporting));
    return 0;
}

#define PLAN_LOOKS 2 /* units of step_look: a planned period is read when it is checked, counted, compared and taken */

static int check_all(const struct asked *asked, struct problem *problem)
{
    const struct msg_content *content = asked->content;
    const bool has = asked->has_new || asked->has_old;
    if (asked->has_new && check_new(asked, problem))
        return problem->error;
    if (asked->has_old && check_old(asked, problem))
        return problem->error;
    if (!has && content->plan.count > 0)
        return problem_set(problem, COORD_E_MISSING_FIELD, "content.indicator",
                           "A plan is of an indicator: say how the target is measured, an empty map at the least.");
    if (has && check_plan(&content->plan, reporting_of(asked), problem))
        return problem->error;
    return has ? check_goal(asked, problem) : 0;
}

int target_check(struct step *step, const struct msg_content *content, const struct task *old, uint32_t cleared,
                 struct problem *problem)
{
    struct asked asked = {.content = content, .old = old, .cleared = cleared};
    asked.has_new = MSG_HAS(content, content, indicator);
    asked.has_old = old && target_indicator(old, &asked.was);
    step_look(step, (uint64_t)content->plan.count * PLAN_LOOKS);
    return check_all(&asked, problem);
}

/* ---- what is reported ---- */

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

/* Which period it is of. Values come in their order: that of the one that is missing, or owed, before any later one. */
static int find_period(const struct decision *decision, const struct msg_progress *report, int64_t *begin,
                       struct problem *problem)
{
    const struct core *core = decision->step->core;
    const struct task *task = decision->task;
    const int64_t now = target_period_at(core, task, decision->step->now_ms), missing = target_missing(task);
    const int64_t owed = missing != TARGET_NONE ? missing : target_owed(core, task);
    char name[PERIOD_NAME];
    *begin = owed == TARGET_NONE || owed > now ? now : owed;
    if (MSG_HAS(report, progress, period) && read_period(report->period, task->reporting, "period", begin, problem))
        return problem->error;
    if (*begin < DATE_FIRST) /* by a clock that was accepted: such a period has no name */
        return problem_set(problem, COORD_E_PERIOD_WRONG, "period", "Periods begin on 2000-01-01 or later.");
    if (*begin > now) {
        period_name(task->reporting, now, name);
        return problem_set(problem, COORD_E_PERIOD_WRONG, "period",
                           "%.*s has not begun; the newest that a value can be of is %s.", TEXT_ARGS(report->period),
                           name);
    }
    if (owed == TARGET_NONE || *begin <= owed)
        return 0;
    period_name(task->reporting, owed, name);
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
        return no_figure("numerator", problem);
    if (!figure_read(report->denominator, &value->denominator))
        return no_figure("denominator", problem);
    if (value->denominator <= 0)
        return problem_set(problem, COORD_E_BAD_VALUE, "denominator", "It is above 0.");
    if (!figure_rate(value->numerator, value->denominator, per, &value->value))
        return no_figure("numerator", problem);
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
    return figure_read(report->value, &value->value) ? 0 : no_figure("value", problem);
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
    struct msg_measured measured = target_show_value(value, decision->task->reporting, decision->step->arena);
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
    const bool is_target = target_indicator(task, &indicator);
    const char *field = field_given(report, is_target);
    *counts = !is_target;
    if (!field)
        return 0;
    if (!is_target)
        return no_indicator(field, problem);
    if (find_period(decision, report, &value.begin, problem) || read_value(report, indicator.per, &value, problem))
        return problem->error;
    const int64_t missing = target_missing(task);
    const int64_t owed = missing != TARGET_NONE ? missing : target_owed(decision->step->core, task);
    *counts = value.begin == owed || owed == TARGET_NONE;
    return tell(decision, &indicator, &value, problem);
}
