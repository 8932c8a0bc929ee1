#include "core/deadline.h"

#include "core/deadline_rung.h"
#include "core/decider.h"
#include "core/recount_places.h"
#include "core/schedule.h"
#include "core/task_data.h"

#define SOON_DAYS 3 /* working days: DUE_SOON in terms.def.h says so as well */
#define DAY_MS    (INT64_C(86400) * 1000)

/* ---- which is next ---- */

void deadline_schedule(struct core *core, const struct task *task)
{
    int64_t at;
    decider_schedule(core, task);
    if (rung_next(core, task, &at))
        heap_set(&core->deadlines, (uint32_t)task->number, at);
    else
        heap_remove(&core->deadlines, (uint32_t)task->number);
}

int64_t deadline_first(const struct core *core)
{
    const struct heap_item *first = heap_first(&core->deadlines);
    return first ? first->at : INT64_MAX;
}

/* ---- what was missed ---- */

/* Rungs and periods alike. */
static int64_t first_of_all(const struct core *core)
{
    const int64_t rung = deadline_first(core), period = schedule_first(core);
    return period < rung ? period : rung;
}

void deadline_resume(struct core *core, int64_t now_ms)
{
    /* By a calendar or a tree that changed, what was due is known once all is looked at anew. */
    const bool is_pending = recount_pending(core) || decider_pending(core);
    core->missed_until = is_pending || first_of_all(core) <= now_ms ? now_ms : TIME_NONE;
}

void deadline_settle(struct core *core)
{
    if (first_of_all(core) > core->missed_until)
        core->missed_until = TIME_NONE;
}

/* ---- how a task stands ---- */

static bool is_soon(const struct core *core, const struct task *task, int64_t now_ms)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    if (!calendar)
        return (uint64_t)task->due - (uint64_t)now_ms <=
               SOON_DAYS * DAY_MS; /* it lies ahead: of a damaged row at any instant */
    return calendar_between(calendar, calendar_day(calendar, now_ms), calendar_last_day(calendar, task->due)) <=
           SOON_DAYS;
}

int deadline_timeliness(const struct core *core, const struct task *task, int64_t now_ms)
{
    if (task->due == TIME_NONE || task->state == STATE_CANCELLED)
        return TIMELINESS_NO_DEADLINE;
    if (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED) {
        int64_t done = task->course->submitted != TIME_NONE ? task->course->submitted : task->course->closed;
        return done < task->due ? TIMELINESS_ON_TIME : TIMELINESS_LATE;
    }
    int64_t at = task->rare->suspended != TIME_NONE ? task->rare->suspended : now_ms;
    if (at >= task->due)
        return TIMELINESS_OVERDUE;
    return is_soon(core, task, at) ? TIMELINESS_DUE_SOON : TIMELINESS_ON_TIME;
}

int64_t deadline_delay(const struct core *core, const struct task *task, int64_t until_ms)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    if (task->due == TIME_NONE || !calendar)
        return 0;
    if (task->rare->suspended != TIME_NONE && until_ms > task->rare->suspended)
        until_ms = task->rare->suspended;
    return calendar_between(calendar, calendar_last_day(calendar, task->due), calendar_day(calendar, until_ms));
}
