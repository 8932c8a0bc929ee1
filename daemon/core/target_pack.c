/* The indicator of a target and its values, as items of the task's pack: numbers of little end first. */
#include <string.h>

#include "core/pack.h"
#include "core/target.h"

#define HEAD_SIZE    6  /* better, counting, `per` */
#define PLANNED_SIZE 12 /* a first day, a figure */
/* Of a value the first day, the figure, when; of a rate its two numbers. An item before them of the first day alone is the period
 * whose value was missed last. */
#define MISSED_SIZE 4
#define VALUE_SIZE  20
#define RATE_SIZE   (VALUE_SIZE + 16)

static int64_t number_at(const char *bytes, int size)
{
    uint64_t number = size < 8 && (bytes[size - 1] & 0x80) ? ~UINT64_C(0) : 0;
    for (int i = size - 1; i >= 0; i--)
        number = number << 8 | (uint8_t)bytes[i];
    return (int64_t)number;
}

static char *put(char *to, int64_t number, int size)
{
    for (int i = 0; i < size; i++)
        to[i] = (char)((uint64_t)number >> (8 * i));
    return to + size;
}

static bool is_sound(int64_t begin, int64_t figure)
{
    return begin >= DATE_FIRST && begin <= DATE_LAST && figure >= -FIGURE_MAX && figure <= FIGURE_MAX;
}

/* ---- the indicator and its plan ---- */

bool target_item_indicator(struct text item, struct target_indicator *indicator)
{
    if (item.size != HEAD_SIZE)
        return false;
    *indicator = (struct target_indicator){
        .better = item.data[0], .counting = item.data[1], .per = (uint64_t)number_at(item.data + 2, 4)};
    return term_name(&vocabulary_better, indicator->better)[0] &&
           term_name(&vocabulary_counting, indicator->counting)[0] && indicator->per <= 1000000;
}

bool target_item_plan(struct text item, struct target_indicator *indicator)
{
    indicator->plan = item;
    indicator->plan_count = item.size / PLANNED_SIZE;
    if (item.size % PLANNED_SIZE || indicator->plan_count > TARGET_PERIODS_MAX)
        return false;
    for (uint32_t i = 0; i < indicator->plan_count; i++) {
        const struct target_planned planned = target_planned(indicator, i);
        if (!is_sound(planned.begin, planned.value))
            return false;
    }
    return true;
}

struct target_planned target_planned(const struct target_indicator *indicator, uint32_t place)
{
    const char *at = indicator->plan.data + (size_t)place * PLANNED_SIZE;
    return (struct target_planned){number_at(at, 4), number_at(at + 4, 8)};
}

bool target_is(const struct task *task)
{
    return task->kind == KIND_TARGET && pack_text(task->pack, PACK_INDICATOR).size > 0;
}

bool target_indicator(const struct task *task, struct target_indicator *indicator)
{
    uint32_t at = 0;
    return task->kind == KIND_TARGET && target_item_indicator(pack_seek(task->pack, &at, PACK_INDICATOR), indicator) &&
           target_item_plan(pack_seek(task->pack, &at, PACK_PLAN), indicator);
}

/* What is left out is what it means. */
void target_add_indicator(struct buffer *bytes, const struct msg_indicator *indicator)
{
    char item[HEAD_SIZE];
    char *at = put(item, indicator->better ? indicator->better : BETTER_MORE, 1);
    at = put(at, indicator->counting ? indicator->counting : COUNTING_LEVEL, 1);
    (void)put(at, MSG_HAS(indicator, indicator, per) ? (int64_t)indicator->per : 0, 4);
    pack_add(bytes, PACK_INDICATOR, (struct text){item, sizeof item});
}

/* Only a record that no broker made has a period that is none, or more than there may be. */
void target_add_plan(struct buffer *bytes, const struct msg_planned_items *plan)
{
    char item[TARGET_PERIODS_MAX * PLANNED_SIZE];
    char *at = item;
    for (uint32_t i = 0; i < plan->count && i < TARGET_PERIODS_MAX; i++) {
        int64_t begin, value;
        int period;
        if (!period_read(plan->items[i].period, &period, &begin) || !figure_read(plan->items[i].value, &value))
            continue;
        at = put(at, begin, 4);
        at = put(at, value, 8);
    }
    pack_add(bytes, PACK_PLAN, (struct text){item, (uint32_t)(at - item)});
}

/* ---- values ---- */

bool target_item_value(struct text item, struct target_value *value)
{
    if (item.size != VALUE_SIZE && item.size != RATE_SIZE)
        return false;
    *value = (struct target_value){
        .begin = number_at(item.data, 4), .value = number_at(item.data + 4, 8), .time = number_at(item.data + 12, 8)};
    if (item.size == RATE_SIZE) {
        value->numerator = number_at(item.data + VALUE_SIZE, 8);
        value->denominator = number_at(item.data + VALUE_SIZE + 8, 8);
        if (value->denominator <= 0 || !is_sound(value->begin, value->denominator))
            return false;
    }
    return is_sound(value->begin, value->value) && is_sound(value->begin, value->numerator) && value->time >= 0;
}

bool target_item_holds(int tag, struct text item)
{
    struct target_indicator indicator;
    struct target_value value;
    if (tag == PACK_INDICATOR)
        return target_item_indicator(item, &indicator);
    if (tag == PACK_PLAN)
        return target_item_plan(item, &indicator);
    return tag != PACK_VALUES || target_item_value(item, &value) ||
           (item.size == MISSED_SIZE && is_sound(number_at(item.data, 4), 0));
}

bool target_row_holds(const struct task *task)
{
    uint32_t at = 0;
    int64_t last = INT64_MIN;
    int tag;
    struct text item;
    struct target_value value;
    while (pack_next(task->pack, &at, &tag, &item) && tag <= PACK_VALUES) {
        if (tag != PACK_VALUES || !target_item_value(item, &value))
            continue;
        if (value.begin <= last || !task->course->reporting ||
            period_begin(task->course->reporting, value.begin) != value.begin)
            return false;
        last = value.begin;
    }
    return true;
}

static struct text pack_value(const struct target_value *value, char item[RATE_SIZE])
{
    char *at = put(item, value->begin, 4);
    at = put(at, value->value, 8);
    at = put(at, value->time, 8);
    if (value->denominator) {
        at = put(at, value->numerator, 8);
        at = put(at, value->denominator, 8);
    }
    return (struct text){item, (uint32_t)(at - item)};
}

uint32_t target_values(const struct task *task, struct target_value values[TARGET_PERIODS_MAX])
{
    uint32_t at = 0, count = 0;
    int tag;
    struct text item;
    while (count < TARGET_PERIODS_MAX && pack_next(task->pack, &at, &tag, &item) && tag <= PACK_VALUES)
        if (tag == PACK_VALUES && target_item_value(item, &values[count]))
            count++;
    return count;
}

bool target_find(const struct task *task, int64_t begin, struct target_value *value)
{
    uint32_t at = 0;
    int tag;
    struct text item;
    while (pack_next(task->pack, &at, &tag, &item) && tag <= PACK_VALUES)
        if (tag == PACK_VALUES && target_item_value(item, value) && value->begin == begin)
            return true;
    return false;
}

void target_add_value(struct buffer *bytes, const struct target_value *value)
{
    char item[RATE_SIZE];
    pack_add(bytes, PACK_VALUES, pack_value(value, item));
}

void target_add_missed(struct buffer *bytes, int64_t begin)
{
    char item[MISSED_SIZE];
    (void)put(item, begin, 4);
    if (begin != TARGET_NONE)
        pack_add(bytes, PACK_VALUES, (struct text){item, sizeof item});
}

int64_t target_missed(const struct task *task)
{
    const struct text item = pack_text(task->pack, PACK_VALUES);
    return item.size == MISSED_SIZE ? number_at(item.data, 4) : TARGET_NONE;
}

/* ---- as they are shown ---- */

struct text target_name(int period, int64_t begin, struct arena *arena)
{
    char name[PERIOD_NAME];
    period_name(period, begin, name);
    return arena_copy(arena, text_of(name));
}

struct texts target_gap_names(const struct task *task, const struct target_gaps *gaps, struct arena *arena)
{
    struct text *names = arena_alloc(arena, (gaps->count + 1) * sizeof *names);
    for (uint32_t i = 0; i < gaps->count; i++)
        names[i] = target_name(task->course->reporting, gaps->begins[i], arena);
    return (struct texts){names, gaps->count};
}

struct msg_indicator target_show_indicator(const struct target_indicator *indicator)
{
    struct msg_indicator out = {0};
    MSG_SET(&out, indicator, better, indicator->better);
    MSG_SET(&out, indicator, counting, indicator->counting);
    if (indicator->per)
        MSG_SET(&out, indicator, per, indicator->per);
    return out;
}

struct msg_planned_items target_show_plan(const struct target_indicator *indicator, int period, struct arena *arena)
{
    struct msg_planned *plan = arena_alloc(arena, indicator->plan_count * sizeof *plan);
    for (uint32_t i = 0; i < indicator->plan_count; i++) {
        const struct target_planned planned = target_planned(indicator, i);
        plan[i] = (struct msg_planned){0};
        MSG_SET(&plan[i], planned, period, target_name(period, planned.begin, arena));
        MSG_SET(&plan[i], planned, value, figure_show(planned.value));
    }
    return (struct msg_planned_items){plan, indicator->plan_count};
}

struct msg_measured target_show_value(const struct target_value *value, int period, struct arena *arena)
{
    struct msg_measured out = {0};
    MSG_SET(&out, measured, period, target_name(period, value->begin, arena));
    MSG_SET(&out, measured, value, figure_show(value->value));
    if (value->denominator) {
        MSG_SET(&out, measured, numerator, figure_show(value->numerator));
        MSG_SET(&out, measured, denominator, figure_show(value->denominator));
    }
    MSG_SET(&out, measured, time, value->time);
    return out;
}

#define SHOWN_MORE                                                                                                     \
    56 /* a value of 39 bytes is shown in 90 at most, a planned one of 12 in 32: names of fields and a period */

#define GAPS_BYTES 192 /* two names of fields of 20 bytes, a number of 9, and 12 names of periods of 11 */

size_t target_show_size(const struct task *task)
{
    struct target_indicator indicator;
    uint32_t at = 0, count = 0;
    int tag;
    struct text item;
    if (!target_indicator(task, &indicator))
        return 0;
    while (pack_next(task->pack, &at, &tag, &item) && tag <= PACK_VALUES)
        count += tag == PACK_VALUES;
    return 64 + GAPS_BYTES + SHOWN_MORE * (size_t)(indicator.plan_count + count);
}

/* A planned period or a value that is read and written again, or shown: 20 to 40 ns. */
#define ITEMS_A_LOOK 3

uint64_t target_cost(const struct task *task)
{
    struct target_indicator indicator;
    if (!target_indicator(task, &indicator))
        return 0;
    return 1 + (indicator.plan_count + pack_size(task->pack) / (VALUE_SIZE + 2)) / ITEMS_A_LOOK;
}
