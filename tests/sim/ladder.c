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

static int64_t due_of(const struct model_task *task, const struct world_step *step)
{
    const int64_t due = deadline_of(task, step->deadline);
    return due != NO_TIME && is_of_missed(task, step) ? task->report_missed : due;
}

static uint32_t round_of(const struct model_task *task, const struct world_step *step)
{
    return task->round[step->deadline] - is_of_missed(task, step);
}

static bool is_of_round(const struct model_task *task, const struct model_escalation *escalation,
                        const struct world_step *step)
{
    int64_t begin = INT64_MIN;
    if (step->deadline != DEADLINE_COMPLETION)
        begin = task->assigned;
    if (step->deadline == DEADLINE_REPORT && task->reported > begin)
        begin = task->reported;
    return escalation->round == round_of(task, step) && escalation->opened >= begin;
}

/* The newest escalation of a step, if it is of the step's round. */
static const struct model_escalation *raised(const struct sim *sim, const struct model_task *task, int step)
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
    *rung = (struct model_rung){.step = number, .occurrence = task->fired[number], .due = due_of(task, step)};
    for (; calendar && rung->due != NO_TIME && rung->occurrence <= step->repeats; rung->occurrence++) {
        if (!instant_of(calendar, step, rung->due, rung->occurrence, &rung->instant))
            return false;
        if (rung->instant >= since_of(task, step))
            return true;
    }
    return false;
}

/* Nothing of it is open and nothing is left to climb: what was acknowledged, the highest of it, comes again. */
static bool is_forgotten(const struct sim *sim, const struct model_task *task, int number)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_step *step = &policy->steps[number];
    const struct model_escalation *highest = NULL;
    struct model_rung other;
    for (int i = 0; i < task->escalation_count; i++) {
        const struct model_escalation *escalation = &task->escalations[i];
        if (!is_beside(sim, task, escalation, step))
            continue;
        if (model_is_open(escalation))
            return false;
        if (escalation->acknowledged && (!highest || escalation->level >= highest->level))
            highest = escalation;
    }
    for (uint32_t i = 0; i < policy->step_count; i++)
        if (policy->steps[i].does == RUNG_ESCALATE && policy->steps[i].deadline == step->deadline &&
            round_of(task, &policy->steps[i]) == round_of(task, step) && left_of(sim, task, (int)i, &other))
            return false;
    return highest && highest->step == number;
}

static struct model_rung rung_of_step(const struct sim *sim, const struct model_task *task, int number)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    struct model_rung rung;
    const bool escalates = step->does == RUNG_ESCALATE, left = left_of(sim, task, number, &rung);
    if (rung.due == NO_TIME || !task_calendar(sim, task))
        return NEVER;
    const int64_t held = escalates ? held_until(sim, task, step) : NO_TIME;
    if (escalates && task_policy(sim, task)->acknowledged_for == 0 && task->fired[number] > 0) {
        const struct model_escalation *escalation = raised(sim, task, number);
        if (escalation && escalation->acknowledged)
            return NEVER;
    }
    if (left) {
        rung.fires = held > rung.instant ? held : rung.instant;
        return rung;
    }
    if (!escalates || held == NO_TIME || !is_forgotten(sim, task, number))
        return NEVER;
    rung.occurrence = task->fired[number];
    rung.instant = rung.fires = held;
    rung.comes_again = true;
    return rung;
}

/* An open escalation that was last told before the lead changed. */
static const struct model_escalation *left_to_tell(const struct sim *sim, const struct model_task *task, int number)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    if (due_of(task, step) == NO_TIME || task->fired[number] == 0 || !task_calendar(sim, task))
        return NULL;
    const struct model_escalation *escalation = raised(sim, task, number);
    return escalation && model_is_open(escalation) && escalation->told < task->assigned ? escalation : NULL;
}

static bool period_ends(const struct sim *sim, const struct model_task *task, int64_t *next)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const int64_t end = deadline_of(task, DEADLINE_REPORT);
    if (end == NO_TIME || !calendar || !task->reporting)
        return false;
    *next = days_period_end(calendar, task->assigned, task->reporting, end);
    return *next != NO_TIME;
}

static int64_t first_of(struct sim *sim, struct model_task *task)
{
    const struct world_policy *policy = task_policy(sim, task);
    int64_t next;
    if (task->is_reckoned)
        return task->next;
    task->is_reckoned = true;
    task->next = INT64_MAX;
    for (uint32_t i = 0; policy && i < policy->step_count; i++) {
        const struct model_rung rung = rung_of_step(sim, task, (int)i);
        if (rung.step >= 0 && rung.fires < task->next)
            task->next = rung.fires;
        if (left_to_tell(sim, task, (int)i) && task->assigned < task->next)
            task->next = task->assigned;
    }
    if (period_ends(sim, task, &next) && task->report_due < task->next)
        task->next = task->report_due;
    return task->next;
}

int64_t ladder_next(struct sim *sim)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const int64_t first = first_of(sim, &sim->model.tasks[i]);
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

/* ---- what is due at one moment: the records that must come, one by one ---- */

static bool was_missed(const struct sim *sim, const struct model_rung *rung)
{
    return rung->fires <= sim->model.missed_until;
}

static uint32_t named_by(const struct sim *sim, const struct model_task *task, const struct world_step *step,
                         int64_t now)
{
    uint32_t named = rules_holders(&sim->world, task, step->to, now) |
                     world_standing_all(&sim->world, step->agencies, now);
    const uint32_t lead = world_one(world_standing(&sim->world, task->lead, now));
    /* Who is addressed by an escalation may read the task from then on; nobody may by a mere notice. */
    for (int i = 0; step->does != RUNG_ESCALATE && task->restricted && i < WORLD_AGENCIES; i++)
        if (!rules_may_read(&sim->world, task, i, now))
            named &= ~world_one(i);
    if (step->does == RUNG_ESCALATE && (named & ~lead) == 0)
        named |= world_one(world_standing(&sim->world, task->assigner, now));
    return named;
}

static bool is_earlier(const struct model_due *a, const struct model_due *b)
{
    return a->rung.instant != b->rung.instant ? a->rung.instant < b->rung.instant : a->rung.step < b->rung.step;
}

/* First what is told for itself or by another, as it came; then what tells, and the highest last. */
static bool comes_before(const struct world_policy *policy, const struct model_due *a, const struct model_due *b)
{
    const struct world_step *x = &policy->steps[a->rung.step], *y = &policy->steps[b->rung.step];
    if (a->is_shared != b->is_shared)
        return b->is_shared;
    if (a->is_shared && x->does != y->does)
        return x->does < y->does;
    if (a->is_shared && x->level != y->level)
        return x->level < y->level;
    return is_earlier(a, b);
}

static void add_due(struct sim *sim, const struct world_policy *policy, struct model_due due)
{
    struct model *model = &sim->model;
    SIM_CHECK(sim, model->due_count < MODEL_DUE, "too much is due at once for this model");
    size_t at = model->due_count++;
    for (; at > 0 && comes_before(policy, &due, &model->due[at - 1]); at--)
        model->due[at] = model->due[at - 1];
    model->due[at] = due;
}

static void add_due_of_step(struct sim *sim, const struct model_task *task, int number, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_step *step = &policy->steps[number];
    const struct world_calendar *calendar = task_calendar(sim, task);
    struct model_rung rung = rung_of_step(sim, task, number);
    struct model_due due = {.named = named_by(sim, task, step, now)};
    if (rung.step < 0 || rung.fires > now) {
        due.rung = (struct model_rung){.step = number, .due = due_of(task, step), .instant = task->assigned};
        due.is_shared = due.passes_on = true;
        if (left_to_tell(sim, task, number) && task->assigned <= now)
            add_due(sim, policy, due);
        return;
    }
    const int64_t held = rung.fires > rung.instant ? rung.fires : NO_TIME;
    for (bool more = true; more;) {
        struct model_rung next = rung;
        next.occurrence++;
        more = !rung.comes_again && next.occurrence <= step->repeats &&
               instant_of(calendar, step, rung.due, next.occurrence, &next.instant) && next.instant <= now;
        next.fires = held > next.instant ? held : next.instant;
        due.rung = rung;
        due.is_shared = !more && (step->catchup == CATCHUP_MERGE ||
                                  (step->catchup == CATCHUP_RECORD && !was_missed(sim, &rung)));
        add_due(sim, policy, due);
        rung = next;
    }
}

/* Each agency is told of one, the highest that names it; that one stands for the others that named it. */
static void share_out(struct sim *sim, const struct world_policy *policy)
{
    struct model *model = &sim->model;
    for (size_t i = 0; i < model->due_count; i++) {
        struct model_due *due = &model->due[i];
        due->told = policy->steps[due->rung.step].catchup == CATCHUP_FIRE && !due->passes_on ? due->named : 0;
        if (!due->is_shared)
            continue;
        due->told = due->named;
        for (size_t j = i + 1; j < model->due_count; j++)
            due->told &= ~model->due[j].named;
    }
    for (size_t i = 0; i < model->due_count; i++)
        for (size_t j = 0; model->due[i].is_shared && j < i; j++) {
            const struct model_due *lower = &model->due[j];
            const int step = lower->rung.step;
            const bool own = step == model->due[i].rung.step;
            /* Those of a step before its last: they are told by whom that is. */
            uint32_t last = 0;
            for (size_t k = j; k < i; k++)
                if (model->due[k].is_shared && model->due[k].rung.step == step)
                    last = model->due[k].named;
            if (own || (last & model->due[i].told))
                model->due[i].stands_for |= UINT32_C(1) << step;
        }
}

static void reckon_due(struct sim *sim, const struct model_task *task, int64_t now)
{
    struct model *model = &sim->model;
    const struct world_policy *policy = task_policy(sim, task);
    model->due_count = model->due_at = 0;
    model->due_task = task->number;
    model->due_time = now;
    for (uint32_t i = 0; policy && i < policy->step_count; i++)
        add_due_of_step(sim, task, (int)i, now);
    if (policy)
        share_out(sim, policy);
}

/* ---- what fires ---- */

static void check_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record,
                             const struct model_due *due)
{
    const struct world_step *step = &task_policy(sim, task)->steps[due->rung.step];
    const struct model_escalation *open = raised(sim, task, due->rung.step);
    uint32_t to = due->named & ~world_one(world_standing(&sim->world, task->lead, record->time));
    if (to == 0)
        to = world_one(world_standing(&sim->world, task->assigner, record->time));
    SIM_CHECK(sim, record->level == (uint64_t)step->level && world_mask(record->addressed) == to,
              "record %llu escalates to level %llu and %x, which was to be %d and %x", (unsigned long long)record->seq,
              (unsigned long long)record->level, world_mask(record->addressed), step->level, to);
    if (!open || !model_is_open(open)) {
        SIM_CHECK(sim, record->escalation == record->seq, "record %llu opens no escalation",
                  (unsigned long long)record->seq);
        outcome_open_escalation(task, record, due->rung.step);
        return;
    }
    SIM_CHECK(sim, record->escalation == open->id, "record %llu does not repeat the escalation that is open",
              (unsigned long long)record->seq);
    struct model_escalation *again = &task->escalations[open - task->escalations];
    again->to = to;
    again->told = record->time;
}

static void check_told(struct sim *sim, struct model_task *task, const struct msg_record *record,
                       const struct model_due *due)
{
    static const int severities[] = {
        [RUNG_REMIND] = SEVERITY_NOTICE, [RUNG_NOTIFY] = SEVERITY_WARNING, [RUNG_ESCALATE] = SEVERITY_CRITICAL};
    const struct world_step *step = &task_policy(sim, task)->steps[due->rung.step];
    uint32_t stands_for = 0;
    int notice = record->time >= due->rung.due ? NOTICE_OVERDUE : NOTICE_REMINDER;
    if (step->does == RUNG_ESCALATE)
        notice = NOTICE_ESCALATED;
    if ((due->told || due->passes_on || due->rung.comes_again) && step->does == RUNG_ESCALATE)
        check_escalation(sim, task, record, due);
    rules_check_told(sim, record, due->told, notice, severities[step->does]);
    for (uint32_t i = 0; i < record->stands_for.count; i++)
        stands_for |= UINT32_C(1) << record->stands_for.items[i];
    SIM_CHECK(sim, stands_for == (due->told ? due->stands_for : 0), "record %llu stands for steps %x, not %x",
              (unsigned long long)record->seq, stands_for, due->stands_for);
}

static bool learn_period_end(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int64_t end = task->report_due;
    int64_t next;
    if (!period_ends(sim, task, &next) || end > record->time)
        return false;
    SIM_CHECK(sim,
              record->deadline == DEADLINE_REPORT && !MSG_HAS(record, record, step) && record->instant == end &&
                  record->report_due == next &&
                  (MSG_HAS(record, record, round) ? record->round : 1) == task->round[DEADLINE_REPORT],
              "record %llu does not end the period that ended at %lld", (unsigned long long)record->seq,
              (long long)end);
    rules_check_told(sim, record, outcome_superseded(sim, task, record, TERM_BIT(DEADLINE_REPORT)), NOTICE_OVERDUE,
                     SEVERITY_WARNING);
    outcome_begin_round(sim, task, DEADLINE_REPORT, end);
    task->report_missed = end;
    task->report_due = next;
    return true;
}

static void learn_rung(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const struct model_due due = model->due[model->due_at++];
    const struct model_rung *rung = &due.rung;
    const struct world_step *step = &task_policy(sim, task)->steps[rung->step];
    SIM_CHECK(sim,
              record->instant == rung->instant && MSG_HAS(record, record, step) != due.passes_on &&
                  (due.passes_on || ((int)record->step == rung->step && record->occurrence == rung->occurrence)),
              "record %llu fires step %llu, occurrence %llu, of %lld; next is %d, %u, of %lld",
              (unsigned long long)record->seq, (unsigned long long)record->step, (unsigned long long)record->occurrence,
              (long long)record->instant, rung->step, rung->occurrence, (long long)rung->instant);
    const bool missed = !due.passes_on && was_missed(sim, rung);
    SIM_CHECK(sim,
              MSG_HAS(record, record, missed) == missed && (!missed || record->missed == step->catchup) &&
                  record->deadline == step->deadline &&
                  (MSG_HAS(record, record, round) ? record->round : 1) == round_of(task, step),
              "record %llu says otherwise of what was missed, or in which round", (unsigned long long)record->seq);
    check_told(sim, task, record, &due);
    if (!due.passes_on)
        task->fired[rung->step] = (uint16_t)(rung->occurrence + 1);
    model->missed += missed;
    model->rungs++;
}

void ladder_learn(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    struct model_task *task = &model->tasks[record->task - 1];
    const bool goes_on = model->due_at < model->due_count && model->due_at % CORE_TICK_RUNGS != 0 &&
                         model->due_task == task->number && model->due_time == record->time;
    SIM_CHECK(sim, record->version == task->version && record->state == task->state,
              "record %llu changes more than the ladder", (unsigned long long)record->seq);
    if (goes_on) {
        learn_rung(sim, task, record);
        return;
    }
    const int64_t first = first_of(sim, task);
    SIM_CHECK(sim, first <= record->time, "record %llu fires, and nothing is due", (unsigned long long)record->seq);
    /* When periods of a task ended, the rest of what is due of it follows at once. */
    SIM_CHECK(sim,
              first == ladder_next(sim) ||
                  (model->due_task == task->number && model->due_time == record->time && model->due_count == 0),
              "record %llu fires before its turn", (unsigned long long)record->seq);
    model->due_count = 0;
    model->due_task = task->number;
    model->due_time = record->time;
    if (learn_period_end(sim, task, record))
        return;
    reckon_due(sim, task, record->time);
    SIM_CHECK(sim, model->due_count > 0, "record %llu fires, and nothing is due", (unsigned long long)record->seq);
    learn_rung(sim, task, record);
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
