/* What its assigner may say of a target: how it is measured, and what is planned. */
#include <stdio.h>

#include "core/pack.h"
#include "core/target.h"

#define PATH 48

int target_no_figure(const char *field, struct problem *problem)
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

int target_read_period(struct text name, int period, const char *field, int64_t *begin, struct problem *problem)
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
    return asked->cleared & TERM_BIT(CLEARABLE_REPORTING) ? 0 : asked->old->course->reporting;
}

static int check_plan(const struct msg_planned_items *plan, int period, struct problem *problem)
{
    int64_t last = INT64_MIN, begin, value;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct msg_planned *planned = &plan->items[i];
        char path[PATH];
        snprintf(path, sizeof path, "content.plan[%u].period", (unsigned)i);
        if (target_read_period(planned->period, period, path, &begin, problem))
            return problem->error;
        if (begin <= last)
            return problem_set(problem, COORD_E_PERIOD_WRONG, path,
                               "`%.*s` does not come after the one before it; name each period once, in their order.",
                               TEXT_ARGS(planned->period));
        snprintf(path, sizeof path, "content.plan[%u].value", (unsigned)i);
        if (!figure_read(planned->value, &value))
            return target_no_figure(path, problem);
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
    return figure_read(goal, &figure) ? 0 : target_no_figure("content.target", problem);
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
    struct target_value values[TARGET_PERIODS_MAX];
    const bool has_values = target_values(asked->old, values) > 0;
    if (reporting == 0)
        return problem_set(problem, has_values ? COORD_E_SERIES_BEGUN : COORD_E_BAD_VALUE, field,
                           "It has an indicator, whose values are reported each period: `reporting` stays.");
    if (has_values && reporting != asked->old->course->reporting)
        return problem_set(problem, COORD_E_SERIES_BEGUN, field,
                           "It has values, which are %s; give another target for another period.",
                           term_name(&vocabulary_period, asked->old->course->reporting));
    if (has_values && asked->has_new &&
        (counting != asked->was.counting ||
         (MSG_HAS(indicator, indicator, per) ? indicator->per : 0) != asked->was.per))
        return problem_set(problem, COORD_E_SERIES_BEGUN, "content.indicator",
                           "It has values, which were counted otherwise: `counting` and `per` stay as they are, or "
                           "give another target.");
    if (!MSG_HAS(asked->content, content, plan) && reporting != asked->old->course->reporting &&
        asked->was.plan_count > 0)
        return problem_set(
            problem, COORD_E_PERIOD_WRONG, field, "Its plan is %s; give a `plan` that is %s as well, or an empty one.",
            term_name(&vocabulary_period, asked->old->course->reporting), term_name(&vocabulary_period, reporting));
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

/* Values without what they were counted by would say nothing. */
static int check_taken_away(const struct task *old, struct problem *problem)
{
    struct target_value values[TARGET_PERIODS_MAX];
    return target_values(old, values) == 0
               ? 0
               : problem_set(problem, COORD_E_SERIES_BEGUN, "clear",
                             "It has values, which are of its indicator: that stays; cancel the target, or amend what "
                             "it is to reach.");
}

int target_check(struct step *step, const struct msg_content *content, const struct task *old, uint32_t cleared,
                 struct problem *problem)
{
    struct asked asked = {.content = content, .old = old, .cleared = cleared};
    asked.has_new = MSG_HAS(content, content, indicator);
    asked.has_old = old && target_indicator(old, &asked.was);
    step_look(step, (uint64_t)content->plan.count * PLAN_LOOKS);
    if (asked.has_old && (cleared & TERM_BIT(CLEARABLE_INDICATOR))) {
        if (check_taken_away(old, problem))
            return problem->error;
        asked.has_old = false;
    }
    return check_all(&asked, problem);
}
