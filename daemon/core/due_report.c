#include "core/due_report.h"

#include "core/due.h"
#include "core/target.h"
#include "core/task_data.h"

/* Weeks and working days of the tables' hundred years: 5,218 and 36,525 at most. */
#define STOOD_SHIFT 16
#define PART_MAX    UINT16_MAX

static const struct report_end never = {.due_ms = TIME_NONE};

struct report_rule due_report_rule(const struct task *task)
{
    const bool is_target = task->course->reporting && target_is(task);
    return (struct report_rule){.calendar = task->calendar,
                                .period = task->course->reporting,
                                .assigned_ms = task->assigned,
                                .is_civil = is_target,
                                .valued = is_target ? task : NULL};
}

/* ---- which period ends when ---- */

/* By its number, the first being the one that begins on a day; or the end of the next working day. */
static int64_t civil_end(const struct calendar *calendar, int period, int64_t first, uint32_t number)
{
    return calendar_roll_end(calendar, period_on(period, first, number) - 1);
}

int64_t due_period_end(const struct task *task, const struct calendar *calendar, uint32_t number)
{
    if (!target_is(task))
        return calendar_period(calendar, task->assigned, task->course->reporting, number);
    const int64_t first = period_begin(task->course->reporting, calendar_day(calendar, task->assigned));
    return civil_end(calendar, task->course->reporting, first, number);
}

/* Days off let a period end after it is over, with others behind it: of those that are over by the instant the last may end after it.
 * Of periods that have yet to end few have a value, as one comes of a period that has begun. */
static struct report_end civil_after(const struct calendar *calendar, const struct report_rule *rule, int64_t after_ms,
                                     uint32_t past)
{
    const int64_t first = period_begin(rule->period, calendar_day(calendar, rule->assigned_ms));
    const int64_t over = period_count(rule->period, first,
                                      period_begin(rule->period, calendar_day(calendar, after_ms)));
    struct report_end end = {.period = over > past ? (uint32_t)over : past + 1};
    struct target_value value;
    for (; end.period > past + 1; end.period--) {
        const int64_t before = civil_end(calendar, rule->period, first, end.period - 1);
        if (before <= after_ms || before == CALENDAR_NEVER)
            break;
    }
    for (; (end.due_ms = civil_end(calendar, rule->period, first, end.period)) != CALENDAR_NEVER; end.period++)
        if (end.due_ms > after_ms &&
            !(rule->valued && target_find(rule->valued, period_on(rule->period, first, end.period - 1), &value)))
            return end;
    return never;
}

static struct report_end end_after(const struct core *core, const struct report_rule *rule, int64_t after_ms,
                                   uint32_t past)
{
    struct report_end end = {.period = past};
    if (rule->calendar == NONE || rule->period == 0)
        return never;
    const struct calendar *calendar = core->calendars[rule->calendar].calendar;
    if (rule->is_civil)
        return civil_after(calendar, rule, after_ms, past);
    end.due_ms = calendar_period_end(calendar, rule->assigned_ms, rule->period, after_ms, &end.period);
    return end.due_ms == CALENDAR_NEVER ? never : end;
}

struct report_end due_to_report(const struct core *core, const struct report_rule *rule, int64_t after_ms)
{
    return end_after(core, rule, after_ms, 0);
}

struct report_end due_next_report(const struct core *core, const struct task *task)
{
    const struct report_rule rule = due_report_rule(task);
    return end_after(core, &rule, task->course->report_due, task->course->report_period & PART_MAX);
}

struct report_end due_after_report(const struct core *core, const struct task *task, int64_t now_ms)
{
    const struct report_end same = {task->course->report_due, task->course->report_period};
    if (same.due_ms == TIME_NONE)
        return never;
    if (task_report_missed(task) != TIME_NONE)
        return same; /* it makes up for the period before; the one under way is owed still */
    const struct report_rule rule = due_report_rule(task);
    if (rule.is_civil) /* of the one that it is owed for: the next that ends */
        return end_after(core, &rule, now_ms, same.period & PART_MAX);
    struct report_end this_end = due_to_report(core, &rule, now_ms);
    if (now_ms >= same.due_ms || this_end.due_ms == TIME_NONE)
        return this_end;
    struct report_end next_end = due_to_report(core, &rule, this_end.due_ms);
    return next_end.due_ms > same.due_ms ? next_end : same;
}

/* ---- standing still, and a calendar that changes ---- */

struct report_end due_report_run_on(const struct core *core, const struct task *task, int64_t now_ms)
{
    struct report_end end = {task->course->report_due, task->course->report_period};
    if (end.due_ms == TIME_NONE || task->rare->suspended == TIME_NONE || now_ms <= task->rare->suspended)
        return end;
    const struct calendar *calendar = core_calendar_of(core, task);
    const int64_t stood = calendar && end.period
                              ? calendar_stood(calendar, SHIFT_BY_DAYS, task->rare->suspended, now_ms)
                              : 0;
    const bool is_known = calendar && end.period && stood >= 0 && (end.period >> STOOD_SHIFT) + stood <= PART_MAX;
    if (!is_known || !calendar_put_off(calendar, SHIFT_BY_DAYS, task->course->report_due, stood, &end.due_ms))
        return (struct report_end){due_resumed(core, task, task->course->report_due, now_ms), 0};
    end.period += (uint32_t)stood << STOOD_SHIFT;
    return end;
}

bool due_report_recounted(const struct task *task, const struct calendar *calendar, int64_t *due_ms)
{
    if (task->course->report_due == TIME_NONE || task->course->report_period == 0 || task->course->reporting == 0)
        return false;
    const int64_t end = due_period_end(task, calendar, task->course->report_period & PART_MAX);
    return end != CALENDAR_NEVER &&
           calendar_put_off(calendar, SHIFT_BY_DAYS, end, task->course->report_period >> STOOD_SHIFT, due_ms);
}

/* ---- on record ---- */

static void count(int period, int64_t assigned_ms, uint32_t number, struct msg_counted *counted)
{
    *counted = (struct msg_counted){0};
    MSG_SET(counted, counted, words, text_of(term_name(&vocabulary_period, period)));
    MSG_SET(counted, counted, from, assigned_ms);
    MSG_SET(counted, counted, period, number & PART_MAX);
    if (number >> STOOD_SHIFT)
        MSG_SET(counted, counted, stood, number >> STOOD_SHIFT);
}

void due_set_report(struct msg_record *record, int period, int64_t assigned_ms, struct report_end end)
{
    struct msg_counted counted;
    record->has &= ~(MSG_BIT(record, report_due) | MSG_BIT(record, report_counted));
    if (end.due_ms == TIME_NONE)
        return;
    MSG_SET(record, record, report_due, end.due_ms);
    if (end.period == 0 || period == 0)
        return;
    count(period, assigned_ms, end.period, &counted);
    MSG_SET(record, record, report_counted, counted);
}

bool due_report_counted(const struct task *task, struct msg_counted *counted)
{
    if (task->course->report_period == 0 || task->course->reporting == 0)
        return false;
    count(task->course->reporting, task->assigned, task->course->report_period, counted);
    return true;
}

uint32_t due_report_period(const struct msg_record *record)
{
    const struct msg_counted *counted = &record->report_counted;
    if (!MSG_HAS(record, record, report_counted) || counted->period > PART_MAX || counted->stood > PART_MAX)
        return 0;
    return (uint32_t)counted->stood << STOOD_SHIFT | (uint32_t)counted->period;
}
