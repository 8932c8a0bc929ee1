/* Targets as replies show them: their values, their course with its trend and forecast, and lists of them. */
#include <math.h>

#include "sim/sim.h"
#include "sim/targets_parts.h"

#define AT(seq) ((unsigned long long)(seq))

static bool is_named(const struct model_task *task, struct text name, int64_t begin)
{
    char written[PERIOD_ROOM] = "";
    if (begin != NO_TIME)
        periods_name(task->reporting, begin, written);
    return text_equal(name, text_of(written));
}

void targets_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    SIM_CHECK(sim,
              MSG_HAS(shown, task, indicator) == task->is_measured &&
                  shown->values.count == (uint32_t)task->value_count && shown->plan.count == (uint32_t)task->plan_count,
              "task %llu is shown with %u values and a plan of %u, and has %d and %d", AT(task->number),
              shown->values.count, shown->plan.count, task->value_count, task->plan_count);
    for (int i = 0; i < task->value_count; i++)
        SIM_CHECK(sim,
                  is_named(task, shown->values.items[i].period, task->values[i].begin) &&
                      targets_thousandths(shown->values.items[i].value) == task->values[i].value &&
                      shown->values.items[i].time == task->values[i].time,
                  "task %llu is shown with another value %d", AT(task->number), i);
    for (int i = 0; i < task->plan_count; i++)
        SIM_CHECK(sim,
                  is_named(task, shown->plan.items[i].period, task->plan[i].begin) &&
                      targets_thousandths(shown->plan.items[i].value) == task->plan[i].value,
                  "task %llu is shown with another plan", AT(task->number));
    SIM_CHECK(sim,
              is_named(task, shown->value_owed, targets_owed_by_date(sim, task)) &&
                  is_named(task, shown->value_missing, targets_missing_of(task)),
              "task %llu is shown to owe the value of `%.*s`, and to miss `%.*s`", AT(task->number),
              TEXT_ARGS(shown->value_owed), TEXT_ARGS(shown->value_missing));
    SIM_CHECK(sim, targets_are_named_missing(sim, task, &shown->values_missing, shown->values_missing_more),
              "task %llu is shown with other periods without a value", AT(task->number));
}

static int64_t periods_between(const struct model_task *task, int64_t from, int64_t to)
{
    int64_t count = 0;
    for (; from < to; from = periods_after(task->reporting, from))
        count++;
    return count;
}

/* 10^12 either way, and no further. */
static int64_t within_bounds(long double number)
{
    return number > 1e15L ? 1000000000000000 : number < -1e15L ? -1000000000000000 : (int64_t)number;
}

static int64_t goal_of(const struct model_task *task, bool *has)
{
    int64_t sum = 0;
    *has = !isnan(task->target) || task->plan_count > 0;
    for (int i = 0; i < task->plan_count; i++)
        sum = task->counting == COUNTING_AMOUNT ? sum + task->plan[i].value : task->plan[i].value;
    return isnan(task->target) ? within_bounds(sum) : targets_thousandths(task->target);
}

static bool is_as_good(const struct model_task *task, int64_t value, int64_t wanted)
{
    return task->better == BETTER_LESS ? value <= wanted : value >= wanted;
}

static void check_forecast(struct sim *sim, const struct model_task *task, const struct msg_course *course)
{
    const int count = task->value_count, from = count > 3 ? count - 3 : 0;
    const struct model_value *first = &task->values[from], *last = &task->values[count - 1];
    bool has_goal;
    const int64_t goal = goal_of(task, &has_goal);
    if (count < 2) {
        SIM_CHECK(sim, !MSG_HAS(course, course, trend) && !MSG_HAS(course, course, forecast),
                  "task %llu has a trend by fewer than two values", AT(task->number));
        return;
    }
    const int64_t span = periods_between(task, first->begin, last->begin);
    int64_t sum = 0;
    for (int i = from; i < count; i++)
        sum += task->values[i].value;
    SIM_CHECK(sim,
              targets_thousandths(course->trend) ==
                  (int64_t)roundl((long double)(last->value - first->value) / (long double)span),
              "task %llu has the trend %f", AT(task->number), course->trend);
    SIM_CHECK(sim, MSG_HAS(course, course, forecast) == (task->due != NO_TIME), "task %llu: a forecast by which date?",
              AT(task->number));
    if (task->due == NO_TIME)
        return;
    const int64_t ahead = periods_between(task, last->begin, targets_period_at(sim, task, task->due - 1));
    const long double on = task->counting == COUNTING_AMOUNT
                               ? (long double)targets_reached(task) +
                                     (long double)sum * (long double)ahead / (count - from)
                               : (long double)last->value +
                                     (long double)(last->value - first->value) * (long double)ahead / (long double)span;
    const int64_t forecast = within_bounds(roundl(on));
    SIM_CHECK(sim,
              targets_thousandths(course->forecast) == forecast && MSG_HAS(course, course, will_be_met) == has_goal &&
                  (!has_goal || course->will_be_met == is_as_good(task, forecast, goal)),
              "task %llu is to come to %f, and by the model to %lld of %lld thousandths", AT(task->number),
              course->forecast, (long long)forecast, (long long)goal);
    sim->model.forecasts++;
}

static bool find_planned(const struct model_task *task, int64_t begin, int64_t *planned)
{
    for (int i = 0; i < task->plan_count; i++)
        if (task->plan[i].begin == begin) {
            *planned = task->plan[i].value;
            return true;
        }
    return false;
}

static void check_course(struct sim *sim, const struct model_task *task, const struct msg_course *course)
{
    const struct model_value *last = task->value_count ? &task->values[task->value_count - 1] : NULL;
    int64_t planned = 0;
    SIM_CHECK(sim,
              MSG_HAS(course, course, better) == task->is_measured && course->state == task->state &&
                  is_named(task, course->value_owed, targets_owed_by_date(sim, task)) &&
                  is_named(task, course->value_missing, targets_missing_of(task)) &&
                  targets_are_named_missing(sim, task, &course->values_missing, course->values_missing_more),
              "task %llu stands otherwise as a target", AT(task->number));
    if (!task->is_measured)
        return;
    SIM_CHECK(sim, MSG_HAS(course, course, latest) == (last != NULL), "task %llu: which value is the newest?",
              AT(task->number));
    if (!last)
        return;
    const bool is_planned = find_planned(task, last->begin, &planned);
    SIM_CHECK(sim,
              is_named(task, course->latest, last->begin) && targets_thousandths(course->value) == last->value &&
                  targets_thousandths(course->reached) == targets_reached(task) &&
                  MSG_HAS(course, course, met) == is_planned &&
                  (!is_planned || (targets_thousandths(course->deviation) == last->value - planned &&
                                   course->met == is_as_good(task, last->value, planned))),
              "task %llu has another newest value than is shown", AT(task->number));
    check_forecast(sim, task, course);
}

/* Every period with a plan or a value, each once and in its place. */
static void check_series(struct sim *sim, const struct model_task *task, const struct msg_course_period_items *series,
                         int64_t now)
{
    uint32_t both = 0;
    int64_t last = NO_TIME, planned = 0;
    for (int i = 0; i < task->plan_count; i++)
        both += targets_place_of(task, task->plan[i].begin) >= 0;
    SIM_CHECK(sim, series->count + both == (uint32_t)(task->plan_count + task->value_count),
              "task %llu has a series of %u periods", AT(task->number), series->count);
    for (uint32_t i = 0; i < series->count; i++) {
        const struct msg_course_period *shown = &series->items[i];
        const int64_t begin = targets_find_named(task->reporting, shown->period);
        const int place = targets_place_of(task, begin);
        const bool is_planned = find_planned(task, begin, &planned);
        SIM_CHECK(sim,
                  begin > last && MSG_HAS(shown, course_period, planned) == is_planned &&
                      MSG_HAS(shown, course_period, value) == (place >= 0) &&
                      (place < 0 || targets_thousandths(shown->value) == task->values[place].value) &&
                      MSG_HAS(shown, course_period, missing) ==
                          (is_planned && place < 0 && begin < targets_period_at(sim, task, now)),
                  "task %llu: period %u of its series is otherwise", AT(task->number), i);
        last = begin;
    }
}

static void check_get(struct sim *sim, struct text id)
{
    struct msg_target_reply reply;
    struct problem problem = {0};
    const int agency = sim->model.name;
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_target_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    SIM_CHECK(sim, reply.target.task <= sim->model.task_count, "%.*s shows a target that is not on disk",
              TEXT_ARGS(id));
    const struct model_task *task = &sim->model.tasks[reply.target.task - 1];
    SIM_CHECK(sim, task->is_measured && names_may_read(sim, task),
              "%.*s shows %s a target that is none, or none of its business", TEXT_ARGS(id), world_agency_ids[agency]);
    check_course(sim, task, &reply.target);
    check_series(sim, task, &reply.series, sim->model.decided);
    sim->model.exact++;
}

static bool is_behind(const struct msg_course *course)
{
    return (MSG_HAS(course, course, met) && !course->met) ||
           (MSG_HAS(course, course, will_be_met) && !course->will_be_met) || course->value_missing.size > 0;
}

/* All that one may read, up to where the page ends; who is behind is as each by itself says. */
static void check_list(struct sim *sim, struct text id)
{
    const struct msg_target_list *asked = &sim->model.asked.target_list;
    const int lead = MSG_HAS(asked, target_list, agency) ? world_agency(asked->agency) : -1;
    struct msg_targets_reply reply;
    struct problem problem = {0};
    uint32_t found = 0;
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_targets_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    const uint64_t end = MSG_HAS(&reply, targets_reply, next) ? reply.next : sim->model.task_count;
    for (uint64_t at = asked->after; at < end && at < sim->model.task_count; at++) {
        const struct model_task *task = &sim->model.tasks[at];
        const int stands = rules_standing(&sim->world, task, task->lead, sim->model.decided);
        const bool is_led = lead < 0 || task->lead == lead || stands == lead;
        if (task->kind != KIND_TARGET || !names_may_read(sim, task) || (asked->open && !model_task_is_open(task)) ||
            !is_led)
            continue;
        const bool is_next = found < reply.targets.count && reply.targets.items[found].task == task->number;
        if (asked->behind && !is_next)
            continue;
        SIM_CHECK(sim, is_next, "%.*s leaves target %llu out", TEXT_ARGS(id), AT(task->number));
        SIM_CHECK(sim, !asked->behind || is_behind(&reply.targets.items[found]), "%.*s lists what is not behind",
                  TEXT_ARGS(id));
        check_course(sim, task, &reply.targets.items[found++]);
    }
    SIM_CHECK(sim, found == reply.targets.count, "%.*s lists %u targets, which are %u", TEXT_ARGS(id),
              reply.targets.count, found);
    sim->model.exact++;
}

void targets_check_read(struct sim *sim, const struct request *request, struct text id)
{
    if (request->op == OP_TARGET_GET)
        check_get(sim, id);
    else
        check_list(sim, id);
}
