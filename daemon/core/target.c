#include "core/target.h"

#include "core/pack.h"
#include "core/scratch.h"
#include "core/task_data.h"

#define NUMBER_MAX UINT16_MAX /* the half of report_period that says which period it is: core/due_report.h */
#define DAY_MS     INT64_C(86400000)

void target_follow(struct core *core, const struct task *task)
{
    if (task->kind == KIND_TARGET)
        bits_add(&core->targets, task->number);
    else
        bits_remove(&core->targets, task->number);
}

/* ---- what is owed ---- */

static int64_t day_of(const struct core *core, const struct task *task, int64_t at_ms)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    return calendar ? calendar_day(calendar, at_ms) : at_ms / DAY_MS;
}

int64_t target_period_at(const struct core *core, const struct task *task, int64_t at_ms)
{
    return period_begin(task->course->reporting, day_of(core, task, at_ms));
}

int64_t target_owed(const struct core *core, const struct task *task)
{
    const uint32_t number = task->course->report_period & NUMBER_MAX;
    if (!task->course->reporting || task->course->report_due == TIME_NONE || number == 0 || !target_is(task))
        return TARGET_NONE;
    return period_on(task->course->reporting, target_period_at(core, task, task->assigned), number - 1);
}

int64_t target_missing(const struct task *task)
{
    return task_report_missed(task) == TIME_NONE || !state_is_open(task->state) ? TARGET_NONE : target_missed(task);
}

int64_t target_first(const struct core *core, const struct task *task)
{
    const struct turns *turns = task->course->turns;
    const bool was_given = turns && turns->items[0].since < task->assigned; /* to a lead before */
    int64_t first = target_period_at(core, task, was_given ? turns->items[0].since : task->assigned);
    struct target_indicator indicator;
    if (target_indicator(task, &indicator) && indicator.plan_count > 0) {
        const struct target_planned planned = target_planned(&indicator, 0);
        first = planned.begin < first ? planned.begin : first;
    }
    return first;
}

/* Before which a period is over, and its value was owed: the one that is owed now; where none is, the one behind that which was missed
 * last, whether or not it has its value by now. */
static int64_t over_before(const struct core *core, const struct task *task)
{
    const int64_t owed = target_owed(core, task), missed = target_missed(task);
    if (owed != TARGET_NONE || missed == TARGET_NONE)
        return owed;
    return period_after(task->course->reporting, period_begin(task->course->reporting, missed));
}

/* By a clock that was accepted a period may lie before those that have names. */
static int64_t first_named(int period, int64_t first)
{
    const int64_t begin = period_begin(period, DATE_FIRST);
    if (first >= DATE_FIRST)
        return first;
    return begin < DATE_FIRST ? period_after(period, begin) : begin;
}

/* From the last that is over back to the first, past each that has a value: 272 at most. */
struct target_gaps target_gaps(const struct core *core, const struct task *task)
{
    struct target_value values[TARGET_PERIODS_MAX];
    struct target_gaps gaps = {.count = 0};
    const int64_t end = target_is(task) && state_is_open(task->state) ? over_before(core, task) : TARGET_NONE;
    int64_t begins[TARGET_GAPS_MAX];
    if (end == TARGET_NONE)
        return gaps;
    const int64_t first = first_named(task->course->reporting, target_first(core, task));
    const int64_t over = first < end ? period_count(task->course->reporting, first, end) : 0;
    uint32_t at = target_values(task, values), filled = 0;
    for (uint32_t i = 0; i < at; i++)
        filled += values[i].begin >= first && values[i].begin < end;
    gaps.more = over > filled ? (uint32_t)over - filled : 0;
    for (int64_t begin = end; gaps.more > 0 && gaps.count < TARGET_GAPS_MAX && begin > first;) {
        begin = period_on(task->course->reporting, begin, -1);
        while (at > 0 && values[at - 1].begin > begin)
            at--;
        if (at > 0 && values[at - 1].begin == begin)
            continue;
        begins[gaps.count++] = begin;
        gaps.more--;
    }
    for (uint32_t i = 0; i < gaps.count; i++)
        gaps.begins[i] = begins[gaps.count - 1 - i];
    return gaps;
}

bool target_reached(int counting, const struct target_value *values, uint32_t count, int64_t *reached)
{
    int64_t sum = 0; /* 260 × 10^15 at most */
    for (uint32_t i = 0; i < count; i++)
        sum = counting == COUNTING_AMOUNT ? sum + values[i].value : values[i].value;
    *reached = sum;
    return sum <= FIGURE_MAX && sum >= -FIGURE_MAX;
}

/* ---- what a record makes of it ---- */

void target_take_away(struct core *core, struct task *task)
{
    struct pack_edit edit;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, PACK_INDICATOR);
    pack_edit_tag(&edit, PACK_VALUES);
    pack_edit_tag(&edit, PACK_PLAN);
    pack_edit_end(&edit, &task->pack);
}

/* Only a record that no broker made has a period that is none of the task's. */
static bool read_measured(const struct task *task, const struct msg_record *record, struct target_value *value)
{
    const struct msg_measured *measured = &record->measured;
    int period;
    *value = (struct target_value){.time = record->time};
    if (MSG_HAS(measured, measured, denominator) &&
        (!figure_read(measured->numerator, &value->numerator) ||
         !figure_read(measured->denominator, &value->denominator) || value->denominator <= 0))
        return false;
    return MSG_HAS(record, record, measured) && period_read(measured->period, &period, &value->begin) &&
           period == task->course->reporting && figure_read(measured->value, &value->value);
}

/* In its place among the others, or in that of the one that it corrects. */
void target_take(struct core *core, struct task *task, const struct msg_record *record)
{
    struct target_value values[TARGET_PERIODS_MAX], value;
    struct pack_edit edit;
    if (!read_measured(task, record, &value))
        return;
    const int64_t missed = target_missed(task);
    const uint32_t count = target_values(task, values);
    uint32_t i = 0;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, PACK_VALUES);
    target_add_missed(edit.bytes, missed);
    for (; i < count && values[i].begin < value.begin; i++)
        target_add_value(edit.bytes, &values[i]);
    target_add_value(edit.bytes, &value);
    for (i += i < count && values[i].begin == value.begin; i < count; i++)
        target_add_value(edit.bytes, &values[i]);
    pack_edit_end(&edit, &task->pack);
}

void target_take_missing(struct core *core, struct task *task, const struct msg_record *record)
{
    struct target_value values[TARGET_PERIODS_MAX];
    struct pack_edit edit;
    int period;
    int64_t begin = TARGET_NONE;
    if (MSG_HAS(record, record, value_missing) && !period_read(record->value_missing, &period, &begin))
        begin = TARGET_NONE;
    if (begin == target_missed(task))
        return;
    const uint32_t count = target_values(task, values);
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, PACK_VALUES);
    target_add_missed(edit.bytes, begin);
    for (uint32_t i = 0; i < count; i++)
        target_add_value(edit.bytes, &values[i]);
    pack_edit_end(&edit, &task->pack);
}
