/* Which rung comes when: reckoned from the policy's words and the calendar, day by day, occurrence by occurrence. A rung
 * that fires must be the very one that lies ahead of all others, and none may lie behind.
 */
#include "sim/sim.h"

#define IN(state) TERM_BIT(STATE_##state)
#define WORKING   (IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS))
#define NEVER     ((struct model_rung){.step = -1, .instant = INT64_MAX})

const struct world_calendar *task_calendar(const struct sim *sim, const struct model_task *task)
{
    return task->calendar < 0 ? NULL : &sim->world.calendars[task->calendar];
}

const struct world_policy *task_policy(const struct sim *sim, const struct model_task *task)
{
    return task->policy < 0 ? NULL : &sim->world.policies[task->policy];
}

/* ---- what lies ahead ---- */

static int64_t deadline_of(const struct model_task *task, int deadline)
{
    const uint32_t state = TERM_BIT(task->state);
    if (deadline == DEADLINE_ACCEPTANCE)
        return state & IN(ASSIGNED) && !(task->kind == KIND_CIRCULAR && task->due != NO_TIME) ? task->accept_due
                                                                                              : NO_TIME;
    if (deadline == DEADLINE_DECISION) /* it stands still for nobody */
        return asked_due(task);
    if (!(state & WORKING))
        return NO_TIME;
    return deadline == DEADLINE_COMPLETION ? task->due : task->report_due;
}

static bool is_days(int unit)
{
    return unit == UNIT_WORKING_DAYS || unit == UNIT_CALENDAR_DAYS;
}

/* So many hours or minutes on, by the clock or in working time. */
static bool move(const struct world_calendar *calendar, const struct world_step *step, int unit, int64_t count,
                 int64_t *instant)
{
    const int64_t length = unit == UNIT_MINUTES ? 1 : 60;
    if (unit != UNIT_WORKING_HOURS && !step->in_working_time) {
        *instant += count * length * SIM_MINUTE;
        return true;
    }
    if (count != 0)
        return days_add_minutes(calendar, *instant, count * length, instant);
    return days_next_work(calendar, *instant, instant);
}

bool ladder_instant(const struct world_calendar *calendar, const struct world_step *step, int64_t due,
                    uint32_t occurrence, int64_t *instant)
{
    int64_t day;
    if (!is_days(step->unit)) {
        *instant = due;
        if (!move(calendar, step, step->unit, step->offset, instant))
            return false;
    } else {
        if (!days_add(calendar, days_last(calendar, due), step->unit, step->offset, &day))
            return false;
        *instant = days_opening(calendar, day);
    }
    const int64_t count = (int64_t)step->repeat * occurrence;
    if (occurrence == 0)
        return true;
    if (!is_days(step->repeat_unit))
        return move(calendar, step, step->repeat_unit, count, instant);
    if (!days_add(calendar, days_of(calendar, *instant), step->repeat_unit, count, &day))
        return false;
    *instant = days_opening(calendar, day);
    return true;
}

/* ---- rounds ---- */

static bool comes_after_the_period(const struct world_step *step)
{
    return step->deadline == DEADLINE_REPORT && (is_days(step->unit) ? step->offset > 0 : step->offset >= 0);
}

/* A report's steps after the end of its period are of the period that was missed, if one was. */
static bool is_of_missed(const struct model_task *task, const struct world_step *step)
{
    return task->report_missed != NO_TIME && comes_after_the_period(step);
}

int64_t ladder_due(const struct model_task *task, const struct world_step *step)
{
    const int64_t due = deadline_of(task, step->deadline);
    return due != NO_TIME && is_of_missed(task, step) ? task->report_missed : due;
}

uint32_t ladder_round(const struct model_task *task, const struct world_step *step)
{
    return task->round[step->deadline] - is_of_missed(task, step);
}

static bool is_of_round(const struct model_task *task, const struct model_escalation *escalation,
                        const struct world_step *step)
{
    int64_t begin = INT64_MIN;
    if (step->deadline != DEADLINE_COMPLETION && step->deadline != DEADLINE_DECISION)
        begin = task->assigned;
    if (step->deadline == DEADLINE_REPORT && task->reported > begin)
        begin = task->reported;
    return escalation->round == ladder_round(task, step) && escalation->opened >= begin;
}

/* The newest escalation of a step, if it is of the step's round. */
const struct model_escalation *ladder_raised(const struct sim *sim, const struct model_task *task, int step)
{
    for (int i = task->escalation_count; i-- > 0;)
        if (task->escalations[i].step == step)
            return is_of_round(task, &task->escalations[i], &task_policy(sim, task)->steps[step])
                       ? &task->escalations[i]
                       : NULL;
    return NULL;
}

static bool is_beside(const struct sim *sim, const struct model_task *task, const struct model_escalation *escalation,
                      const struct world_step *step)
{
    return escalation->step >= 0 && task_policy(sim, task)->steps[escalation->step].deadline == step->deadline &&
           is_of_round(task, escalation, step);
}

/* ---- acknowledgements ---- */

/* Until when what escalates waits: NO_TIME when nobody acknowledged, or it holds nothing back. */
static int64_t held_until(const struct sim *sim, const struct model_task *task, const struct world_step *step)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const uint32_t days = task_policy(sim, task)->acknowledged_for;
    int64_t newest = NO_TIME, day;
    for (int i = 0; i < task->escalation_count; i++)
        if (task->escalations[i].acknowledged && is_beside(sim, task, &task->escalations[i], step) &&
            task->escalations[i].acknowledged_at > newest)
            newest = task->escalations[i].acknowledged_at;
    if (newest == NO_TIME || days == 0 ||
        !days_add(calendar, days_of(calendar, newest), UNIT_WORKING_DAYS, days + 1, &day))
        return NO_TIME;
    return days_opening(calendar, day);
}

/* ---- rungs ---- */

static int64_t since_of(const struct model_task *task, const struct world_step *step)
{
    const int64_t since = task->since[step->deadline];
    return since > task->assigned ? since : task->assigned;
}

/* The first occurrence that has not fired, of those that do not lie before the round. */
static bool left_of(const struct sim *sim, const struct model_task *task, int number, struct model_rung *rung)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    *rung = (struct model_rung){.step = number, .occurrence = task->fired[number], .due = ladder_due(task, step)};
    for (; calendar && rung->due != NO_TIME && rung->occurrence <= step->repeats; rung->occurrence++) {
        if (!ladder_instant(calendar, step, rung->due, rung->occurrence, &rung->instant))
            return false;
        if (rung->instant >= since_of(task, step))
            return true;
    }
    return false;
}

/* A step that was only put on record told nobody, and so raised nothing, unless it did so another time. */
static bool has_raised(const struct sim *sim, const struct model_task *task, int number)
{
    bool is_known = task_policy(sim, task)->steps[number].catchup != CATCHUP_RECORD;
    for (int i = 0; i < task->escalation_count; i++)
        is_known = is_known || task->escalations[i].step == number;
    return is_known && task->fired[number] > 0;
}

/* With nothing open and nothing left to climb one step comes again: of what was acknowledged the highest; where nothing was,
 * the highest that was ever raised for the date, since that is not met. −1 for none. */
static int standing_step(const struct sim *sim, const struct model_task *task, const struct world_step *step,
                         bool *acknowledged)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct model_escalation *highest = NULL;
    struct model_rung other;
    int raised = -1;
    for (int i = 0; i < task->escalation_count; i++) {
        const struct model_escalation *escalation = &task->escalations[i];
        if (!is_beside(sim, task, escalation, step))
            continue;
        if (model_is_open(escalation))
            return -1;
        if (escalation->acknowledged && (!highest || escalation->level >= highest->level))
            highest = escalation;
    }
    for (int i = 0; i < (int)policy->step_count; i++) {
        const struct world_step *beside = &policy->steps[i];
        if (beside->does != RUNG_ESCALATE || beside->deadline != step->deadline ||
            ladder_round(task, beside) != ladder_round(task, step))
            continue;
        if (left_of(sim, task, i, &other))
            return -1;
        if (has_raised(sim, task, i) && (raised < 0 || beside->level >= policy->steps[raised].level))
            raised = i;
    }
    *acknowledged = highest != NULL;
    return highest ? highest->step : raised;
}

/* Of a step with nothing left: held back by what was acknowledged, or at once, as it was to come at first. */
static struct model_rung rung_again(const struct sim *sim, const struct model_task *task, int number, int64_t held,
                                    struct model_rung rung)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    bool acknowledged;
    rung.occurrence = task->fired[number];
    if (step->does != RUNG_ESCALATE || rung.occurrence == 0 ||
        standing_step(sim, task, step, &acknowledged) != number || (acknowledged && held == NO_TIME))
        return NEVER;
    rung.instant = held;
    if (!acknowledged && !ladder_instant(task_calendar(sim, task), step, rung.due, 0, &rung.instant))
        return NEVER;
    if (!acknowledged && rung.instant < task->assigned)
        rung.instant = task->assigned;
    rung.fires = rung.instant;
    rung.comes_again = true;
    return rung;
}

struct model_rung ladder_rung(const struct sim *sim, const struct model_task *task, int number)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    struct model_rung rung;
    const bool escalates = step->does == RUNG_ESCALATE, left = left_of(sim, task, number, &rung);
    if (rung.due == NO_TIME || !task_calendar(sim, task))
        return NEVER;
    const int64_t held = escalates ? held_until(sim, task, step) : NO_TIME;
    if (escalates && task_policy(sim, task)->acknowledged_for == 0 && task->fired[number] > 0) {
        const struct model_escalation *escalation = ladder_raised(sim, task, number);
        if (escalation && escalation->acknowledged)
            return NEVER;
    }
    if (!left)
        return rung_again(sim, task, number, held, rung);
    rung.fires = held > rung.instant ? held : rung.instant;
    return rung;
}

/* An open escalation that was last told before the lead changed. */
const struct model_escalation *ladder_left_to_tell(const struct sim *sim, const struct model_task *task, int number)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    if (ladder_due(task, step) == NO_TIME || task->fired[number] == 0 || !task_calendar(sim, task))
        return NULL;
    const struct model_escalation *escalation = ladder_raised(sim, task, number);
    return escalation && model_is_open(escalation) && escalation->told < task->assigned ? escalation : NULL;
}

bool ladder_period_ends(const struct sim *sim, const struct model_task *task, int64_t *next, int *number)
{
    return deadline_of(task, DEADLINE_REPORT) != NO_TIME && dates_next_report(sim, task, next, number);
}

int64_t ladder_first(struct sim *sim, struct model_task *task)
{
    const struct world_policy *policy = task_policy(sim, task);
    int64_t next;
    int number;
    if (task->is_reckoned)
        return task->next;
    task->is_reckoned = true;
    task->next = INT64_MAX;
    for (uint32_t i = 0; policy && i < policy->step_count; i++) {
        const struct model_rung rung = ladder_rung(sim, task, (int)i);
        if (rung.step >= 0 && rung.fires < task->next)
            task->next = rung.fires;
        if (ladder_left_to_tell(sim, task, (int)i) && task->assigned < task->next)
            task->next = task->assigned;
    }
    if (ladder_period_ends(sim, task, &next, &number) && task->report_due < task->next)
        task->next = task->report_due;
    if (task->until != NO_TIME && task->until < task->next)
        task->next = task->until;
    const int64_t gone = asked_gone(sim, task);
    if (gone < task->next)
        task->next = gone;
    const int64_t unanswered = opinions_next(sim, task);
    if (unanswered < task->next)
        task->next = unanswered;
    return task->next;
}

int64_t ladder_next(struct sim *sim)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const int64_t first = ladder_first(sim, &sim->model.tasks[i]);
        if (first < next)
            next = first;
    }
    return next;
}

void model_reckon_all(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.task_count; i++)
        sim->model.tasks[i].is_reckoned = false;
}

/* ---- how a task stands ---- */

int ladder_timeliness(const struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    if (task->due == NO_TIME || task->state == STATE_CANCELLED)
        return TIMELINESS_NO_DEADLINE;
    if (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED)
        return task->submitted < task->due ? TIMELINESS_ON_TIME : TIMELINESS_LATE;
    const int64_t at = task->state == STATE_SUSPENDED ? task->suspended : now;
    if (at >= task->due)
        return TIMELINESS_OVERDUE;
    int left = 0; /* working days */
    for (int64_t day = days_of(calendar, at) + 1; left <= 3 && day <= days_last(calendar, task->due); day++)
        left += days_works(calendar, day);
    return left <= 3 ? TIMELINESS_DUE_SOON : TIMELINESS_ON_TIME;
}
