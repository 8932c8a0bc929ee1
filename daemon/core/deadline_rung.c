#include "core/deadline_rung.h"

/* ---- which clocks run ---- */

#define WAITING TERM_BIT(STATE_ASSIGNED)
#define WORKING (WAITING | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS))

int64_t rung_due(const struct task *task, int deadline)
{
    uint32_t state = TERM_BIT(task->state);
    switch (deadline) {
    case DEADLINE_ACCEPTANCE:
        return state & WAITING ? task->accept_due : TIME_NONE;
    case DEADLINE_COMPLETION:
        return state & WORKING ? task->due : TIME_NONE;
    case DEADLINE_REPORT:
        return state & WORKING ? task->report_due : TIME_NONE;
    default:
        return TIME_NONE;
    }
}

/* Since when a deadline's clock has run: escalations from before belong to an earlier lead or report. */
static int64_t clock_begin(const struct task *task, int deadline)
{
    switch (deadline) {
    case DEADLINE_ACCEPTANCE:
        return task->assigned;
    case DEADLINE_REPORT:
        return task->reported > task->assigned ? task->reported : task->assigned;
    default:
        return INT64_MIN;
    }
}

const struct escalation *rung_escalation(const struct task *task, int deadline, uint32_t number)
{
    int64_t begin = clock_begin(task, deadline);
    for (uint32_t i = task->escalations ? task->escalations->count : 0; i-- > 0;) {
        const struct escalation *escalation = &task->escalations->items[i];
        if (escalation->step == number)
            return escalation->opened >= begin ? escalation : NULL;
    }
    return NULL;
}

/* ---- when ---- */

static bool first_instant(const struct calendar *calendar, const struct task_rung *rung, int64_t *instant)
{
    const struct msg_step *step = rung->step;
    int64_t day;
    if (!unit_is_days(step->unit))
        return calendar_move(calendar, rung->due, step->unit, step->in_working_time, step->offset, instant);
    if (!calendar_add(calendar, calendar_last_day(calendar, rung->due), step->unit, step->offset, &day))
        return false;
    *instant = calendar_opening(calendar, day);
    return true;
}

/* False past the calendar's tables: such a rung never comes. */
static bool find_instant(const struct calendar *calendar, const struct task_rung *rung, int64_t *instant)
{
    const struct msg_step *step = rung->step;
    int64_t first, day, count = (int64_t)step->repeat * rung->occurrence;
    if (!first_instant(calendar, rung, &first))
        return false;
    if (rung->occurrence == 0)
        *instant = first;
    else if (!unit_is_days(step->repeat_unit))
        return calendar_move(calendar, first, step->repeat_unit, step->in_working_time, count, instant);
    else if (calendar_add(calendar, calendar_day(calendar, first), step->repeat_unit, count, &day))
        *instant = calendar_opening(calendar, day);
    else
        return false;
    return true;
}

/* Moves a rung on to the first occurrence that does not lie before an instant. Later occurrences come later, so halving
 * finds it, however long ago the first was. */
static bool find_occurrence(const struct calendar *calendar, int64_t not_before, struct task_rung *rung)
{
    uint32_t low = rung->occurrence, end = policy_step_repeats(rung->step) + 1, high = end;
    while (low < high) {
        rung->occurrence = low + (high - low) / 2;
        if (find_instant(calendar, rung, &rung->instant) && rung->instant < not_before)
            low = rung->occurrence + 1;
        else
            high = rung->occurrence;
    }
    rung->occurrence = low;
    return low < end && find_instant(calendar, rung, &rung->instant);
}

/* ---- which ---- */

static bool is_answered(const struct task *task, const struct task_rung *rung)
{
    if (rung->step->does != RUNG_ESCALATE || rung->occurrence == 0)
        return false;
    const struct escalation *escalation = rung_escalation(task, rung->step->deadline, rung->number);
    return escalation && escalation->acknowledged != TIME_NONE;
}

static bool find_rung(const struct core *core, const struct task *task, uint32_t number, uint32_t occurrence,
                      struct task_rung *rung)
{
    const struct policy *policy = core_policy_of(core, task);
    const struct calendar *calendar = core_calendar_of(core, task);
    if (!policy || !calendar)
        return false;
    const struct msg_step *step = &policy_message(policy)->steps.items[number];
    *rung = (struct task_rung){step, number, occurrence, rung_due(task, step->deadline), 0};
    return rung->due != TIME_NONE && !is_answered(task, rung) && find_occurrence(calendar, task->assigned, rung);
}

bool rung_of_step(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung)
{
    return find_rung(core, task, number, task->fired ? task->fired[number] : 0, rung);
}

bool rung_after(const struct core *core, const struct task *task, const struct task_rung *rung, struct task_rung *after)
{
    return find_rung(core, task, rung->number, rung->occurrence + 1, after);
}

bool rung_is_before(const struct task_rung *a, const struct task_rung *b)
{
    return a->instant != b->instant ? a->instant < b->instant : a->number < b->number;
}

bool rung_next(const struct core *core, const struct task *task, struct task_rung *rung)
{
    const struct policy *policy = core_policy_of(core, task);
    uint32_t count = policy ? policy_message(policy)->steps.count : 0;
    bool found = false;
    for (uint32_t i = 0; i < count; i++) {
        struct task_rung candidate;
        if (!rung_of_step(core, task, i, &candidate) || (found && !rung_is_before(&candidate, rung)))
            continue;
        *rung = candidate;
        found = true;
    }
    return found;
}
