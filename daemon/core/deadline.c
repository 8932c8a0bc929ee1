#include "core/deadline.h"

#include <assert.h>

#include "core/deadline_rung.h"
#include "core/deadline_text.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/task_data.h"

#define SOON_DAYS 3 /* working days: DUE_SOON in terms.def.h says so as well */
#define DAY_MS    (INT64_C(86400) * 1000)

/* ---- which is next ---- */

void deadline_schedule(struct core *core, const struct task *task)
{
    struct task_rung rung;
    if (rung_next(core, task, &rung))
        heap_set(&core->deadlines, (uint32_t)task->number, rung.instant);
    else
        heap_remove(&core->deadlines, (uint32_t)task->number);
}

void deadline_schedule_all(struct core *core, uint32_t calendar)
{
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const struct task *task = core_task(core, number);
        if (task->calendar == calendar && state_is_open(task->state))
            deadline_schedule(core, task);
    }
}

/* ---- what was missed ---- */

static bool was_missed(const struct core *core, const struct task_rung *rung)
{
    return rung->instant <= core->missed_until;
}

/* An escalation is not lost in a reminder: only one that escalates stands for it. */
static bool stands_for(const struct core *core, const struct task_rung *later, const struct task_rung *rung)
{
    return was_missed(core, later) && later->step->deadline == rung->step->deadline &&
           policy_step_catchup(later->step) == CATCHUP_MERGE && rung_is_before(rung, later) &&
           (rung->step->does != RUNG_ESCALATE || later->step->does == RUNG_ESCALATE);
}

static bool is_merged_away(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    uint32_t count = policy_message(core_policy_of(core, task))->steps.count;
    struct task_rung later;
    for (uint32_t i = 0; i < count; i++) {
        bool found = i == rung->number ? rung_after(core, task, rung, &later) : rung_of_step(core, task, i, &later);
        if (found && stands_for(core, &later, rung))
            return true;
    }
    return false;
}

static bool is_silent(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    if (!was_missed(core, rung))
        return false;
    int catchup = policy_step_catchup(rung->step);
    return catchup == CATCHUP_RECORD || (catchup == CATCHUP_MERGE && is_merged_away(core, task, rung));
}

/* ---- who is told ---- */

static void add_readers(const struct core *core, const struct task *task, const struct msg_step *step, int64_t now_ms,
                        struct recipients *readers)
{
    recipients_add_roles(core, readers, task, step->to, NONE, now_ms);
    for (uint32_t i = 0; i < step->agencies.count; i++) {
        uint32_t agency = core_agency_find(core, step->agencies.items[i]);
        if (agency != NONE)
            recipients_add(core, readers, agency, NONE, now_ms);
    }
}

/* Whose acknowledgement is wanted: of those told all but the lead, whose delay it is; or else the assigner's; and the
 * lead's own only when it gave the task to itself. */
static void find_addressed(const struct core *core, const struct task *task, const struct recipients *readers,
                           int64_t now_ms, struct recipients *addressed)
{
    struct recipients lead = {0};
    recipients_add(core, &lead, task->lead, NONE, now_ms);
    for (uint32_t i = 0; i < readers->count && addressed->count < TASK_AGENCIES_MAX; i++)
        recipients_add(core, addressed, readers->agencies[i], lead.agencies[0], now_ms);
    if (addressed->count == 0)
        recipients_add(core, addressed, task->assigner, NONE, now_ms);
}

/* ---- firing ---- */

/* Opens an escalation, or repeats the one that is open. */
static void escalate(const struct core *core, const struct task *task, const struct task_rung *rung, int64_t now_ms,
                     struct msg_record *record, struct recipients *readers, struct recipients *addressed)
{
    const struct escalation *open = rung_escalation(task, rung->step->deadline, rung->number);
    MSG_SET(record, record, level, rung->step->level);
    if (open && escalation_is_open(open)) {
        MSG_SET(record, record, escalation, open->id);
        for (uint32_t i = 0; i < open->to_count; i++)
            recipients_add(core, readers, open->to[i], NONE, now_ms);
        return;
    }
    find_addressed(core, task, readers, now_ms, addressed);
    MSG_SET(record, record, escalation, record_next_seq(core));
    MSG_SET(record, record, addressed, recipients_texts(core, addressed));
    for (uint32_t i = 0; i < addressed->count; i++)
        recipients_add(core, readers, addressed->agencies[i], NONE, now_ms);
}

static void tell(struct core *core, const struct task *task, const struct task_rung *rung, int64_t now_ms,
                 struct msg_record *record, struct recipients *readers)
{
    struct arena *arena = &core->scratch->arena;
    bool escalates = rung->step->does == RUNG_ESCALATE;
    int notice = now_ms >= rung->due ? NOTICE_OVERDUE : NOTICE_REMINDER;
    arena_clear(arena);
    MSG_SET(record, record, notice, escalates ? NOTICE_ESCALATED : notice);
    MSG_SET(record, record, severity, escalates ? SEVERITY_CRITICAL : SEVERITY_WARNING);
    MSG_SET(record, record, reason, deadline_reason(core, task, rung, now_ms, arena));
    MSG_SET(record, record, to, recipients_texts(core, readers));
}

static void set_rung(const struct core *core, const struct task_rung *rung, struct msg_record *record)
{
    MSG_SET(record, record, deadline, rung->step->deadline);
    MSG_SET(record, record, step, rung->number);
    MSG_SET(record, record, occurrence, rung->occurrence);
    MSG_SET(record, record, instant, rung->instant);
    if (was_missed(core, rung))
        MSG_SET(record, record, missed, policy_step_catchup(rung->step));
}

static void fire(struct core *core, const struct task *task, const struct task_rung *rung, int64_t now_ms,
                 struct effects *effects)
{
    struct msg_record record;
    struct recipients readers = {0}, addressed = {0};
    char day[DATE_TEXT];
    record_begin_task(core, task, RECORD_RUNG, &record, day);
    set_rung(core, rung, &record);
    if (!is_silent(core, task, rung)) {
        add_readers(core, task, rung->step, now_ms, &readers);
        if (rung->step->does == RUNG_ESCALATE)
            escalate(core, task, rung, now_ms, &record, &readers, &addressed);
        if (readers.count > 0)
            tell(core, task, rung, now_ms, &record, &readers);
    }
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

void deadline_resume(struct core *core, int64_t now_ms)
{
    const struct heap_item *first = heap_first(&core->deadlines);
    core->missed_until = first && first->at <= now_ms ? now_ms : TIME_NONE;
}

void deadline_fire(struct core *core, int64_t now_ms, uint32_t limit, struct effects *effects)
{
    const struct heap_item *first;
    while (limit-- > 0 && (first = heap_first(&core->deadlines)) && first->at <= now_ms) {
        struct task_rung rung;
        const struct task *task = core_task(core, first->value);
        bool is_due = rung_next(core, task, &rung) && rung.instant <= now_ms;
        assert(is_due); /* the schedule follows every change of what it is made from */
        (void)is_due;
        fire(core, task, &rung, now_ms, effects);
        deadline_schedule(core, task);
    }
    /* What was missed has been dealt with: a rung that comes due by a change from here on was not missed. */
    first = heap_first(&core->deadlines);
    if (!first || first->at > core->missed_until)
        core->missed_until = TIME_NONE;
}

/* ---- how a task stands ---- */

static bool is_soon(const struct core *core, const struct task *task, int64_t now_ms)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    if (!calendar)
        return task->due - now_ms <= SOON_DAYS * DAY_MS;
    return calendar_between(calendar, calendar_day(calendar, now_ms), calendar_last_day(calendar, task->due)) <=
           SOON_DAYS;
}

int deadline_timeliness(const struct core *core, const struct task *task, int64_t now_ms)
{
    if (task->due == TIME_NONE || task->state == STATE_CANCELLED)
        return TIMELINESS_NO_DEADLINE;
    if (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED) {
        int64_t done = task->submitted != TIME_NONE ? task->submitted : task->closed;
        return done < task->due ? TIMELINESS_ON_TIME : TIMELINESS_LATE;
    }
    int64_t at = task->suspended != TIME_NONE ? task->suspended : now_ms;
    if (at >= task->due)
        return TIMELINESS_OVERDUE;
    return is_soon(core, task, at) ? TIMELINESS_DUE_SOON : TIMELINESS_ON_TIME;
}

int64_t deadline_delay(const struct core *core, const struct task *task, int64_t until_ms)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    if (task->due == TIME_NONE || !calendar)
        return 0;
    if (task->suspended != TIME_NONE && until_ms > task->suspended)
        until_ms = task->suspended;
    return calendar_between(calendar, calendar_last_day(calendar, task->due), calendar_day(calendar, until_ms));
}
