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
    return period_begin(task->reporting, day_of(core, task, at_ms));
}

int64_t target_owed(const struct core *core, const struct task *task)
{
    const uint32_t number = task->report_period & NUMBER_MAX;
    if (!task->reporting || task->report_due == TIME_NONE || number == 0 || !target_is(task))
        return TARGET_NONE;
    return period_on(task->reporting, target_period_at(core, task, task->assigned), number - 1);
}

int64_t target_missing(const struct task *task)
{
    return task_report_missed(task) == TIME_NONE || !state_is_open(task->state) ? TARGET_NONE : target_missed(task);
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
           period == task->reporting && figure_read(measured->value, &value->value);
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
