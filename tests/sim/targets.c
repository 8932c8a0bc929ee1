/* Targets, in the words of the design: a value each period of the civil calendar, found day by day, in its turn and against a plan;
 * what is missing comes first, and what was said may be corrected, which meets no deadline. Numbers are kept in thousandths.
 */
#include <math.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/targets_parts.h"

#define AT(seq) ((unsigned long long)(seq))

static bool take_plan(struct model_task *task, const struct msg_planned_items *plan)
{
    task->plan_count = 0;
    for (uint32_t i = 0; i < plan->count && task->plan_count < MODEL_PLAN; i++) {
        const int64_t begin = targets_find_named(task->reporting, plan->items[i].period);
        const bool is_next = i == 0 || (task->plan_count > 0 && begin > task->plan[task->plan_count - 1].begin);
        if (begin == NO_TIME || !is_next || !targets_is_figure(plan->items[i].value))
            return false;
        task->plan[task->plan_count++] = (struct model_planned){begin, targets_thousandths(plan->items[i].value)};
    }
    return true;
}

void targets_take(struct model_task *task, const struct msg_content *content)
{
    const struct msg_indicator *indicator = &content->indicator;
    if (MSG_HAS(content, content, target))
        task->target = content->target;
    if (MSG_HAS(content, content, plan) && !take_plan(task, &content->plan))
        task->plan_count = -1; /* it is wrong */
    if (!MSG_HAS(content, content, indicator))
        return;
    task->is_measured = true;
    task->better = indicator->better ? indicator->better : BETTER_MORE;
    task->counting = indicator->counting ? indicator->counting : COUNTING_LEVEL;
    task->per = MSG_HAS(indicator, indicator, per) ? indicator->per : 0;
}

void targets_take_away(struct model_task *task)
{
    task->is_measured = false;
    task->better = task->counting = 0;
    task->per = 0;
    task->plan_count = 0;
    task->missing = NO_TIME;
}

bool targets_same(const struct model_task *a, const struct model_task *b)
{
    return a->is_measured == b->is_measured && a->better == b->better && a->counting == b->counting &&
           a->per == b->per && a->plan_count == b->plan_count &&
           (a->plan_count <= 0 || memcmp(a->plan, b->plan, (size_t)a->plan_count * sizeof *a->plan) == 0);
}

const char *targets_broken(const struct model_task *task, const struct model_task *before, bool gives_plan)
{
    if (!task->is_measured && task->value_count > 0)
        return "has values, and is measured no longer";
    if (!task->is_measured)
        return task->plan_count ? "has a plan, and is not measured" : NULL;
    if (task->kind != KIND_TARGET)
        return "is measured, and no target";
    if (task->reporting == 0)
        return "is measured, and owes no reports";
    if (task->counting == COUNTING_AMOUNT && task->per)
        return "adds up rates";
    if (task->plan_count < 0)
        return "has a plan of periods that it has not, or out of their order";
    if (!isnan(task->target) && !targets_is_figure(task->target))
        return "is to reach what is no figure";
    if (!before || !before->is_measured)
        return NULL;
    if (task->reporting != before->reporting && (before->value_count > 0 || (before->plan_count > 0 && !gives_plan)))
        return "changes its period over values or a plan";
    return before->value_count > 0 && (task->counting != before->counting || task->per != before->per)
               ? "counts its values otherwise"
               : NULL;
}

void targets_check(struct sim *sim, const struct model_task *task, const struct model_task *before,
                   const struct msg_record *record)
{
    const char *rule = targets_broken(task, before, MSG_HAS(&sim->model.asked.amend.content, content, plan));
    SIM_CHECK(sim, !rule, "record %llu: task %llu %s", AT(record->seq), AT(task->number), rule ? rule : "");
}

bool targets_says_value(const struct msg_progress *asked)
{
    return MSG_HAS(asked, progress, value) || MSG_HAS(asked, progress, period) || MSG_HAS(asked, progress, numerator) ||
           MSG_HAS(asked, progress, denominator);
}

int64_t targets_period_asked(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked,
                             int64_t now)
{
    const int64_t owed = targets_owed_first(sim, task), running = targets_period_at(sim, task, now);
    if (MSG_HAS(asked, progress, period))
        return targets_find_named(task->reporting, asked->period);
    return owed == NO_TIME || owed > running ? running : owed;
}

bool targets_counts(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked, int64_t now)
{
    const int64_t owed = targets_owed_first(sim, task);
    if (!task->is_measured)
        return true;
    return targets_says_value(asked) && (owed == NO_TIME || targets_period_asked(sim, task, asked, now) == owed);
}

/* Whether it lies before the task was given to anybody, and before the plan. */
static bool is_before_all(const struct sim *sim, const struct model_task *task, int64_t begin)
{
    return begin < targets_period_at(sim, task, task->first_assigned) &&
           begin < targets_period_at(sim, task, task->assigned) &&
           (task->plan_count <= 0 || begin < task->plan[0].begin);
}

bool targets_may_come(const struct sim *sim, const struct model_task *task, int64_t begin, int64_t now)
{
    const int64_t owed = targets_owed_first(sim, task);
    return begin != NO_TIME && days_are_named(begin) && begin <= targets_period_at(sim, task, now) &&
           (owed == NO_TIME || begin <= owed) &&
           (begin == owed || targets_place_of(task, begin) >= 0 || !is_before_all(sim, task, begin));
}

static bool read_value(const struct model_task *task, const struct msg_progress *asked, struct model_value *value)
{
    const bool has_rate = MSG_HAS(asked, progress, numerator) && MSG_HAS(asked, progress, denominator);
    if (!task->per) {
        value->value = targets_thousandths(asked->value);
        return MSG_HAS(asked, progress, value) && targets_is_figure(asked->value) &&
               !MSG_HAS(asked, progress, numerator) && !MSG_HAS(asked, progress, denominator);
    }
    if (!has_rate || !targets_is_figure(asked->numerator) || !targets_is_figure(asked->denominator) ||
        asked->denominator <= 0)
        return false;
    value->numerator = targets_thousandths(asked->numerator);
    value->denominator = targets_thousandths(asked->denominator);
    value->value = (int64_t)roundl((long double)value->numerator * (long double)task->per * 1000 /
                                   (long double)value->denominator);
    return !MSG_HAS(asked, progress, value) || targets_thousandths(asked->value) == value->value;
}

int64_t targets_reached(const struct model_task *task)
{
    int64_t sum = 0;
    for (int i = 0; i < task->value_count; i++)
        sum += task->values[i].value;
    return task->counting == COUNTING_AMOUNT ? sum : task->values[task->value_count - 1].value;
}

static void put_value(struct model_task *task, const struct model_value *value)
{
    int place = targets_place_of(task, value->begin);
    if (place < 0) {
        for (place = task->value_count++; place > 0 && task->values[place - 1].begin > value->begin; place--)
            task->values[place] = task->values[place - 1];
    }
    task->values[place] = *value;
}

void targets_report(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_progress *asked = &sim->model.asked.report;
    const struct msg_measured *said = &record->measured;
    struct model_value value = {.begin = NO_TIME, .time = record->time};
    char name[PERIOD_ROOM];
    if (!task->is_measured || !targets_says_value(asked)) {
        SIM_CHECK(sim, !MSG_HAS(record, record, measured) && !MSG_HAS(asked, progress, period),
                  "record %llu has a value by period, of what has none", AT(record->seq));
        return;
    }
    value.begin = targets_period_asked(sim, task, asked, record->time);
    SIM_CHECK(sim, targets_may_come(sim, task, value.begin, record->time),
              "record %llu has a value whose turn has not come", AT(record->seq));
    SIM_CHECK(sim, read_value(task, asked, &value), "record %llu has a value that is none", AT(record->seq));
    const int old = targets_place_of(task, value.begin);
    const double was = old < 0 ? 0 : (double)task->values[old].value / 1000;
    SIM_CHECK(sim, old >= 0 || task->value_count < MODEL_VALUES, "task %llu has more values than the model keeps",
              AT(task->number));
    periods_name(task->reporting, value.begin, name);
    SIM_CHECK(sim,
              text_equal(said->period, text_of(name)) && targets_thousandths(said->value) == value.value &&
                  MSG_HAS(said, measured, was) == (old >= 0) && (old < 0 || said->was == was) &&
                  MSG_HAS(said, measured, denominator) == (task->per > 0),
              "record %llu says another value of %s than was reported", AT(record->seq), name);
    put_value(task, &value);
    SIM_CHECK(sim, targets_thousandths(record->value) == targets_reached(task),
              "record %llu says that %f is reached, and it is %lld", AT(record->seq), record->value,
              (long long)targets_reached(task));
    sim->model.values++;
    sim->model.values_corrected += old >= 0;
}

void targets_check_submission(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_progress *asked = &sim->model.asked.submit;
    SIM_CHECK(sim, !MSG_HAS(record, record, measured) && (!task->is_measured || !targets_says_value(asked)),
              "record %llu submits a value", AT(record->seq));
}
