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
        return state & IN(ASSIGNED) ? task->accept_due : NO_TIME;
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

static bool instant_of(const struct world_calendar *calendar, const struct world_step *step, int64_t due,
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

/* The newest escalation of a step, if it was raised since the deadline's clock began. */
static const struct model_escalation *raised(const struct model_task *task, int deadline, int step)
{
    int64_t begin = INT64_MIN;
    if (deadline != DEADLINE_COMPLETION)
        begin = task->assigned;
    if (deadline == DEADLINE_REPORT && task->reported > begin)
        begin = task->reported;
    for (int i = task->escalation_count; i-- > 0;)
        if (task->escalations[i].step == step)
            return task->escalations[i].opened >= begin ? &task->escalations[i] : NULL;
    return NULL;
}

/* The first occurrence from `from` on that does not lie before the assignment. */
static struct model_rung rung_from(const struct sim *sim, const struct model_task *task, int number, uint32_t from)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    const int64_t due = deadline_of(task, step->deadline);
    struct model_rung rung = {number, from, due, 0};
    if (due == NO_TIME || !calendar)
        return NEVER;
    if (step->does == RUNG_ESCALATE && from > 0) {
        const struct model_escalation *escalation = raised(task, step->deadline, number);
        if (escalation && escalation->acknowledged)
            return NEVER;
    }
    for (; rung.occurrence <= step->repeats; rung.occurrence++) {
        if (!instant_of(calendar, step, due, rung.occurrence, &rung.instant))
            return NEVER;
        if (rung.instant >= task->assigned)
            return rung;
    }
    return NEVER;
}

static bool is_before(const struct model_rung *a, const struct model_rung *b)
{
    return a->instant != b->instant ? a->instant < b->instant : a->step < b->step;
}

static const struct model_rung *rung_of(struct sim *sim, struct model_task *task)
{
    const struct world_policy *policy = task_policy(sim, task);
    if (task->is_reckoned)
        return &task->rung;
    task->is_reckoned = true;
    task->rung = NEVER;
    for (uint32_t i = 0; policy && i < policy->step_count; i++) {
        const struct model_rung rung = rung_from(sim, task, (int)i, task->fired[i]);
        if (rung.step >= 0 && (task->rung.step < 0 || is_before(&rung, &task->rung)))
            task->rung = rung;
    }
    return &task->rung;
}

int64_t ladder_next(struct sim *sim)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const int64_t instant = rung_of(sim, &sim->model.tasks[i])->instant;
        if (instant < next)
            next = instant;
    }
    return next;
}

void model_reckon_all(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.task_count; i++)
        sim->model.tasks[i].is_reckoned = false;
}

/* ---- what was missed ---- */

static bool is_merged_away(const struct sim *sim, const struct model_task *task, const struct model_rung *rung)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_step *step = &policy->steps[rung->step];
    for (uint32_t i = 0; i < policy->step_count; i++) {
        const struct world_step *other = &policy->steps[i];
        const uint32_t from = (int)i == rung->step ? rung->occurrence + 1 : task->fired[i];
        const struct model_rung later = rung_from(sim, task, (int)i, from);
        if (later.step >= 0 && later.instant <= sim->model.missed_until && other->deadline == step->deadline &&
            other->catchup == CATCHUP_MERGE && is_before(rung, &later) &&
            (step->does != RUNG_ESCALATE || other->does == RUNG_ESCALATE))
            return true;
    }
    return false;
}

/* ---- what fires ---- */

static void learn_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record, uint32_t *told)
{
    const struct world_step *step = &task_policy(sim, task)->steps[record->step];
    const struct model_escalation *open = raised(task, step->deadline, (int)record->step);
    SIM_CHECK(sim, record->level == (uint64_t)step->level, "record %llu escalates to level %llu",
              (unsigned long long)record->seq, (unsigned long long)record->level);
    if (open && model_is_open(open)) {
        SIM_CHECK(sim, record->escalation == open->id && !MSG_HAS(record, record, addressed),
                  "record %llu does not repeat the escalation that is open", (unsigned long long)record->seq);
        *told |= world_standing_all(&sim->world, open->to, record->time);
        return;
    }
    uint32_t to = *told & ~world_one(world_standing(&sim->world, task->lead, record->time));
    if (to == 0)
        to = world_one(world_standing(&sim->world, task->assigner, record->time));
    SIM_CHECK(sim, record->escalation == record->seq && world_mask(record->addressed) == to,
              "record %llu is addressed to %x, which was to be %x", (unsigned long long)record->seq,
              world_mask(record->addressed), to);
    *told |= to;
    outcome_open_escalation(task, record, (int)record->step);
}

static void check_told(struct sim *sim, struct model_task *task, const struct msg_record *record,
                       const struct model_rung *rung, bool was_missed)
{
    const struct world_step *step = &task_policy(sim, task)->steps[rung->step];
    uint32_t told = 0;
    int notice = record->time >= rung->due ? NOTICE_OVERDUE : NOTICE_REMINDER;
    const bool silent = was_missed && (step->catchup == CATCHUP_RECORD ||
                                       (step->catchup == CATCHUP_MERGE && is_merged_away(sim, task, rung)));
    if (!silent) {
        told = rules_holders(&sim->world, task, step->to, record->time) |
               world_standing_all(&sim->world, step->agencies, record->time);
        if (step->does == RUNG_ESCALATE) {
            learn_escalation(sim, task, record, &told);
            notice = NOTICE_ESCALATED;
        }
    }
    rules_check_told(sim, record, told, notice, step->does == RUNG_ESCALATE ? SEVERITY_CRITICAL : SEVERITY_WARNING);
}

void ladder_learn(struct sim *sim, const struct msg_record *record)
{
    struct model_task *task = &sim->model.tasks[record->task - 1];
    const struct model_rung rung = *rung_of(sim, task);
    const bool was_missed = rung.instant <= sim->model.missed_until;
    SIM_CHECK(sim, rung.step >= 0 && rung.instant <= record->time, "record %llu fires, and nothing is due",
              (unsigned long long)record->seq);
    SIM_CHECK(
        sim, rung.step == (int)record->step && rung.occurrence == record->occurrence && rung.instant == record->instant,
        "record %llu fires step %llu, occurrence %llu, of %lld; next is %d, %u, of %lld",
        (unsigned long long)record->seq, (unsigned long long)record->step, (unsigned long long)record->occurrence,
        (long long)record->instant, rung.step, rung.occurrence, (long long)rung.instant);
    SIM_CHECK(sim, rung.instant == ladder_next(sim), "record %llu fires before its turn",
              (unsigned long long)record->seq);
    const struct world_step *step = &task_policy(sim, task)->steps[rung.step];
    SIM_CHECK(sim,
              MSG_HAS(record, record, missed) == was_missed && (!was_missed || record->missed == step->catchup) &&
                  record->deadline == step->deadline,
              "record %llu says otherwise of what was missed", (unsigned long long)record->seq);
    SIM_CHECK(sim, record->version == task->version && record->state == task->state,
              "record %llu changes more than the ladder", (unsigned long long)record->seq);
    check_told(sim, task, record, &rung, was_missed);
    task->fired[rung.step] = (uint16_t)(rung.occurrence + 1);
    sim->model.missed += was_missed;
    sim->model.rungs++;
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
