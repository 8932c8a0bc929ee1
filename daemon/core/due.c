#include "core/due.h"

#include <stdio.h>

#include "core/agency.h"
#include "core/task_data.h"

#define HOUR_MS   (INT64_C(60) * 60 * 1000)
#define MINUTE_MS (INT64_C(60) * 1000)

int64_t due_to_accept(const struct core *core, uint32_t policy, uint32_t calendar, int64_t from_ms)
{
    if (policy == NONE || calendar == NONE)
        return TIME_NONE;
    const struct msg_policy *message = policy_message(core->policies[policy].policy);
    int unit = MSG_HAS(message, policy, accept_unit) ? message->accept_unit : UNIT_WORKING_DAYS;
    int64_t within = (int64_t)message->accept_within, due = TIME_NONE;
    struct problem problem = {0};
    char words[24];
    if (!MSG_HAS(message, policy, accept_within))
        return TIME_NONE;
    if (unit == UNIT_HOURS || unit == UNIT_MINUTES)
        return from_ms + within * (unit == UNIT_HOURS ? HOUR_MS : MINUTE_MS);
    snprintf(words, sizeof(words), "%lld%s", (long long)within,
             unit == UNIT_WORKING_DAYS    ? "wd"
             : unit == UNIT_WORKING_HOURS ? "wh"
                                          : "d");
    /* Past the end of the calendar there is no such day, and so no such deadline. */
    if (calendar_due(core->calendars[calendar].calendar, text_of(words), from_ms, &due, &problem))
        return TIME_NONE;
    return due;
}

int64_t due_to_report(const struct core *core, uint32_t calendar, int period, int64_t assigned_ms, int64_t after_ms)
{
    if (calendar == NONE || period == 0)
        return TIME_NONE;
    return calendar_period_end(core->calendars[calendar].calendar, assigned_ms, period, after_ms);
}

int64_t due_after_report(const struct core *core, const struct task *task, int64_t now_ms)
{
    if (task->report_due == TIME_NONE)
        return TIME_NONE;
    if (task_report_missed(task) != TIME_NONE)
        return task->report_due; /* it makes up for the period before; the one under way is owed still */
    int64_t this_end = due_to_report(core, task->calendar, task->reporting, task->assigned, now_ms);
    if (now_ms >= task->report_due || this_end == TIME_NONE)
        return this_end;
    int64_t next_end = due_to_report(core, task->calendar, task->reporting, task->assigned, this_end);
    return next_end > task->report_due ? next_end : task->report_due;
}

int64_t due_resumed(const struct core *core, const struct task *task, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == TIME_NONE || task->suspended == TIME_NONE || now_ms <= task->suspended)
        return due_ms;
    if (task->calendar == NONE)
        return due_ms + (now_ms - task->suspended);
    return calendar_shift(core_calendar_of(core, task), due_ms, task->suspended, now_ms);
}

int due_asked(const struct core *core, uint32_t calendar, struct text words, const char *field, int64_t now_ms,
              bool backdated, int64_t *due_ms, struct problem *problem)
{
    int64_t due;
    if (calendar == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, field,
                           "There is no calendar `default` to count days in; set one, or name another.");
    if (calendar_due(core->calendars[calendar].calendar, words, now_ms, &due, problem)) {
        snprintf(problem->field, sizeof(problem->field), "%s", field);
        return problem->error;
    }
    if (due <= now_ms && !backdated)
        return problem_set(problem, COORD_E_DUE_IN_PAST, field,
                           "`%.*s` has passed already; name a later time, or say `backdated` for work entered late.",
                           TEXT_ARGS(words));
    *due_ms = due;
    return 0;
}
