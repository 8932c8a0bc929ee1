/* The periods of a target, and for which of them a value is owed. */
#include <math.h>
#include <stdio.h>

#include "sim/sim.h"
#include "sim/targets_parts.h"

#define AT(seq) ((unsigned long long)(seq))

int64_t targets_thousandths(double number)
{
    return llround(number * 1000);
}

bool targets_is_figure(double number)
{
    return fabs(number) <= 1e12 && (double)targets_thousandths(number) / 1000 == number;
}

int64_t targets_period_at(const struct sim *sim, const struct model_task *task, int64_t at)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    return periods_first(task->reporting, calendar ? days_of(calendar, at) : at / SIM_DAY);
}

int64_t targets_find_named(int period, struct text name)
{
    char written[PERIOD_ROOM], day[11];
    int64_t begin;
    snprintf(day, sizeof day, "%.4s-01-01", name.size < 4 ? "none" : name.data);
    if (period == 0 || !days_read(day, &begin) || !days_are_named(begin))
        return NO_TIME;
    begin = periods_first(period, begin - 7);
    for (int i = 0; i < 56; i++, begin = periods_after(period, begin)) {
        periods_name(period, begin, written);
        if (text_equal(name, text_of(written)))
            return begin;
    }
    return NO_TIME;
}

int targets_place_of(const struct model_task *task, int64_t begin)
{
    for (int i = 0; i < task->value_count; i++)
        if (task->values[i].begin == begin)
            return i;
    return -1;
}

int64_t targets_period(const struct sim *sim, const struct model_task *task, int number)
{
    int64_t begin = targets_period_at(sim, task, task->assigned);
    for (int i = 0; i < number; i++)
        begin = periods_after(task->reporting, begin);
    return days_end_rolled(task_calendar(sim, task), begin - 1);
}

/* Those from before days have names are over, and count. */
int64_t targets_period_end(const struct sim *sim, const struct model_task *task, int64_t after, int past, int *number)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const int64_t today = days_of(calendar, after);
    int64_t begin = targets_period_at(sim, task, task->assigned);
    for (*number = 1;; ++*number) {
        const int64_t next = periods_after(task->reporting, begin), end = days_end_rolled(calendar, next - 1);
        const bool is_over = next <= today && !days_are_named(next - 1);
        if (*number > past && !is_over && end == NO_TIME)
            return NO_TIME;
        if (*number > past && !is_over && end > after && targets_place_of(task, begin) < 0)
            return end;
        begin = next;
    }
}

int64_t targets_owed_by_date(const struct sim *sim, const struct model_task *task)
{
    if (!task->is_measured || task->report_due == NO_TIME || task->report_number == 0)
        return NO_TIME;
    int64_t begin = targets_period_at(sim, task, task->assigned);
    for (int i = 1; i < task->report_number; i++)
        begin = periods_after(task->reporting, begin);
    return begin;
}

int64_t targets_missing_of(const struct model_task *task)
{
    return task->is_measured && model_task_is_open(task) && task->report_missed != NO_TIME ? task->missing : NO_TIME;
}

bool targets_are_named_missing(const struct sim *sim, const struct model_task *task, const struct texts *named,
                               uint64_t more)
{
    const int64_t owed = targets_owed_by_date(sim, task);
    const int64_t given = task->first_assigned < task->assigned ? task->first_assigned : task->assigned;
    uint64_t gaps = 0, at = 0;
    char name[PERIOD_ROOM];
    if (!task->is_measured || !model_task_is_open(task) || (owed == NO_TIME && task->missing == NO_TIME))
        return named->count == 0 && more == 0;
    int64_t begin = targets_period_at(sim, task, given);
    begin = task->plan_count > 0 && task->plan[0].begin < begin ? task->plan[0].begin : begin;
    for (; owed != NO_TIME ? begin < owed : begin <= task->missing; begin = periods_after(task->reporting, begin)) {
        if (!days_are_named(begin) || targets_place_of(task, begin) >= 0)
            continue;
        periods_name(task->reporting, begin, name);
        if (++gaps > more && (at == named->count || !text_equal(named->items[at++], text_of(name))))
            return false;
    }
    return at == named->count && gaps == more + named->count && (more == 0 || named->count == 12);
}

int64_t targets_owed_first(const struct sim *sim, const struct model_task *task)
{
    const int64_t missing = targets_missing_of(task);
    return missing != NO_TIME ? missing : targets_owed_by_date(sim, task);
}

void targets_miss(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    char name[PERIOD_ROOM] = "";
    task->missing = targets_owed_by_date(sim, task);
    sim->model.values_missed += task->missing != NO_TIME;
    if (task->missing != NO_TIME)
        periods_name(task->reporting, task->missing, name);
    SIM_CHECK(sim, text_equal(record->value_missing, text_of(name)), "record %llu misses the value of `%.*s`, not `%s`",
              AT(record->seq), TEXT_ARGS(record->value_missing), name);
}
