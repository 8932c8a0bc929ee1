/* Targets, in the words of the design: a value each period of the civil calendar, found day by day, in its turn and against a plan;
 * what is missing comes first, and what was said may be corrected, which meets no deadline. Numbers are kept in thousandths.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

static int64_t thousandths(double number)
{
    return llround(number * 1000);
}

static bool is_figure(double number)
{
    return fabs(number) <= 1e12 && (double)thousandths(number) / 1000 == number;
}

static int64_t period_at(const struct sim *sim, const struct model_task *task, int64_t at)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    return periods_first(task->reporting, calendar ? days_of(calendar, at) : at / SIM_DAY);
}

/* The first day of the period of this name, in or about the year that it begins with. NO_TIME for none. */
static int64_t find_named(int period, struct text name)
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

static int place_of(const struct model_task *task, int64_t begin)
{
    for (int i = 0; i < task->value_count; i++)
        if (task->values[i].begin == begin)
            return i;
    return -1;
}

/* ---- periods, and which is owed ---- */

int64_t targets_period(const struct sim *sim, const struct model_task *task, int number)
{
    int64_t begin = period_at(sim, task, task->assigned);
    for (int i = 0; i < number; i++)
        begin = periods_after(task->reporting, begin);
    return days_end_rolled(task_calendar(sim, task), begin - 1);
}

/* Those from before days have names are over, and count. */
int64_t targets_period_end(const struct sim *sim, const struct model_task *task, int64_t after, int past, int *number)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const int64_t today = days_of(calendar, after);
    int64_t begin = period_at(sim, task, task->assigned);
    for (*number = 1;; ++*number) {
        const int64_t next = periods_after(task->reporting, begin), end = days_end_rolled(calendar, next - 1);
        const bool is_over = next <= today && !days_are_named(next - 1);
        if (*number > past && !is_over && end == NO_TIME)
            return NO_TIME;
        if (*number > past && !is_over && end > after && place_of(task, begin) < 0)
            return end;
        begin = next;
    }
}

static int64_t owed_by_date(const struct sim *sim, const struct model_task *task)
{
    if (!task->is_measured || task->report_due == NO_TIME || task->report_number == 0)
        return NO_TIME;
    int64_t begin = period_at(sim, task, task->assigned);
    for (int i = 1; i < task->report_number; i++)
        begin = periods_after(task->reporting, begin);
    return begin;
}

static int64_t missing_of(const struct model_task *task)
{
    return task->is_measured && model_task_is_open(task) && task->report_missed != NO_TIME ? task->missing : NO_TIME;
}

/* Every period that is over, from the first on, has its value or is named: the newest twelve, in their order, and the number of the
 * others. What is over ends before the one that is owed; where none is, with the last that was missed, whatever became of it. */
static bool are_named_missing(const struct sim *sim, const struct model_task *task, const struct texts *named,
                              uint64_t more)
{
    const int64_t owed = owed_by_date(sim, task);
    const int64_t given = task->first_assigned < task->assigned ? task->first_assigned : task->assigned;
    uint64_t gaps = 0, at = 0;
    char name[PERIOD_ROOM];
    if (!task->is_measured || !model_task_is_open(task) || (owed == NO_TIME && task->missing == NO_TIME))
        return named->count == 0 && more == 0;
    int64_t begin = period_at(sim, task, given);
    begin = task->plan_count > 0 && task->plan[0].begin < begin ? task->plan[0].begin : begin;
    for (; owed != NO_TIME ? begin < owed : begin <= task->missing; begin = periods_after(task->reporting, begin)) {
        if (!days_are_named(begin) || place_of(task, begin) >= 0)
            continue;
        periods_name(task->reporting, begin, name);
        if (++gaps > more && (at == named->count || !text_equal(named->items[at++], text_of(name))))
            return false;
    }
    return at == named->count && gaps == more + named->count && (more == 0 || named->count == 12);
}

static int64_t owed_first(const struct sim *sim, const struct model_task *task)
{
    const int64_t missing = missing_of(task);
    return missing != NO_TIME ? missing : owed_by_date(sim, task);
}

void targets_miss(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    char name[PERIOD_ROOM] = "";
    task->missing = owed_by_date(sim, task);
    sim->model.values_missed += task->missing != NO_TIME;
    if (task->missing != NO_TIME)
        periods_name(task->reporting, task->missing, name);
    SIM_CHECK(sim, text_equal(record->value_missing, text_of(name)), "record %llu misses the value of `%.*s`, not `%s`",
              AT(record->seq), TEXT_ARGS(record->value_missing), name);
}

/* ---- what is asked ---- */

static bool take_plan(struct model_task *task, const struct msg_planned_items *plan)
{
    task->plan_count = 0;
    for (uint32_t i = 0; i < plan->count && task->plan_count < MODEL_PLAN; i++) {
        const int64_t begin = find_named(task->reporting, plan->items[i].period);
        const bool is_next = i == 0 || (task->plan_count > 0 && begin > task->plan[task->plan_count - 1].begin);
        if (begin == NO_TIME || !is_next || !is_figure(plan->items[i].value))
            return false;
        task->plan[task->plan_count++] = (struct model_planned){begin, thousandths(plan->items[i].value)};
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

/* Which rule it breaks, as a target; NULL for none. */
static const char *broken(const struct model_task *task, const struct model_task *before, bool gives_plan)
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
    if (!isnan(task->target) && !is_figure(task->target))
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
    const char *rule = broken(task, before, MSG_HAS(&sim->model.asked.amend.content, content, plan));
    SIM_CHECK(sim, !rule, "record %llu: task %llu %s", AT(record->seq), AT(task->number), rule ? rule : "");
}

/* ---- what is reported ---- */

static bool says_value(const struct msg_progress *asked)
{
    return MSG_HAS(asked, progress, value) || MSG_HAS(asked, progress, period) || MSG_HAS(asked, progress, numerator) ||
           MSG_HAS(asked, progress, denominator);
}

static int64_t period_asked(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked,
                            int64_t now)
{
    const int64_t owed = owed_first(sim, task), running = period_at(sim, task, now);
    if (MSG_HAS(asked, progress, period))
        return find_named(task->reporting, asked->period);
    return owed == NO_TIME || owed > running ? running : owed;
}

bool targets_counts(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked, int64_t now)
{
    const int64_t owed = owed_first(sim, task);
    if (!task->is_measured)
        return true;
    return says_value(asked) && (owed == NO_TIME || period_asked(sim, task, asked, now) == owed);
}

/* Whether it lies before the task was given to anybody, and before the plan. */
static bool is_before_all(const struct sim *sim, const struct model_task *task, int64_t begin)
{
    return begin < period_at(sim, task, task->first_assigned) && begin < period_at(sim, task, task->assigned) &&
           (task->plan_count <= 0 || begin < task->plan[0].begin);
}

/* Whether it is a period's turn. */
static bool may_come(const struct sim *sim, const struct model_task *task, int64_t begin, int64_t now)
{
    const int64_t owed = owed_first(sim, task);
    return begin != NO_TIME && days_are_named(begin) && begin <= period_at(sim, task, now) &&
           (owed == NO_TIME || begin <= owed) &&
           (begin == owed || place_of(task, begin) >= 0 || !is_before_all(sim, task, begin));
}

static bool read_value(const struct model_task *task, const struct msg_progress *asked, struct model_value *value)
{
    const bool has_rate = MSG_HAS(asked, progress, numerator) && MSG_HAS(asked, progress, denominator);
    if (!task->per) {
        value->value = thousandths(asked->value);
        return MSG_HAS(asked, progress, value) && is_figure(asked->value) && !MSG_HAS(asked, progress, numerator) &&
               !MSG_HAS(asked, progress, denominator);
    }
    if (!has_rate || !is_figure(asked->numerator) || !is_figure(asked->denominator) || asked->denominator <= 0)
        return false;
    value->numerator = thousandths(asked->numerator);
    value->denominator = thousandths(asked->denominator);
    value->value = (int64_t)roundl((long double)value->numerator * (long double)task->per * 1000 /
                                   (long double)value->denominator);
    return !MSG_HAS(asked, progress, value) || thousandths(asked->value) == value->value;
}

static int64_t reached(const struct model_task *task)
{
    int64_t sum = 0;
    for (int i = 0; i < task->value_count; i++)
        sum += task->values[i].value;
    return task->counting == COUNTING_AMOUNT ? sum : task->values[task->value_count - 1].value;
}

static void put_value(struct model_task *task, const struct model_value *value)
{
    int place = place_of(task, value->begin);
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
    if (!task->is_measured || !says_value(asked)) {
        SIM_CHECK(sim, !MSG_HAS(record, record, measured) && !MSG_HAS(asked, progress, period),
                  "record %llu has a value by period, of what has none", AT(record->seq));
        return;
    }
    value.begin = period_asked(sim, task, asked, record->time);
    SIM_CHECK(sim, may_come(sim, task, value.begin, record->time), "record %llu has a value whose turn has not come",
              AT(record->seq));
    SIM_CHECK(sim, read_value(task, asked, &value), "record %llu has a value that is none", AT(record->seq));
    const int old = place_of(task, value.begin);
    const double was = old < 0 ? 0 : (double)task->values[old].value / 1000;
    SIM_CHECK(sim, old >= 0 || task->value_count < MODEL_VALUES, "task %llu has more values than the model keeps",
              AT(task->number));
    periods_name(task->reporting, value.begin, name);
    SIM_CHECK(sim,
              text_equal(said->period, text_of(name)) && thousandths(said->value) == value.value &&
                  MSG_HAS(said, measured, was) == (old >= 0) && (old < 0 || said->was == was) &&
                  MSG_HAS(said, measured, denominator) == (task->per > 0),
              "record %llu says another value of %s than was reported", AT(record->seq), name);
    put_value(task, &value);
    SIM_CHECK(sim, thousandths(record->value) == reached(task), "record %llu says that %f is reached, and it is %lld",
              AT(record->seq), record->value, (long long)reached(task));
    sim->model.values++;
    sim->model.values_corrected += old >= 0;
}

void targets_check_submission(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_progress *asked = &sim->model.asked.submit;
    SIM_CHECK(sim, !MSG_HAS(record, record, measured) && (!task->is_measured || !says_value(asked)),
              "record %llu submits a value", AT(record->seq));
}

/* ---- as it is shown ---- */

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
                      thousandths(shown->values.items[i].value) == task->values[i].value &&
                      shown->values.items[i].time == task->values[i].time,
                  "task %llu is shown with another value %d", AT(task->number), i);
    for (int i = 0; i < task->plan_count; i++)
        SIM_CHECK(sim,
                  is_named(task, shown->plan.items[i].period, task->plan[i].begin) &&
                      thousandths(shown->plan.items[i].value) == task->plan[i].value,
                  "task %llu is shown with another plan", AT(task->number));
    SIM_CHECK(sim,
              is_named(task, shown->value_owed, owed_by_date(sim, task)) &&
                  is_named(task, shown->value_missing, missing_of(task)),
              "task %llu is shown to owe the value of `%.*s`, and to miss `%.*s`", AT(task->number),
              TEXT_ARGS(shown->value_owed), TEXT_ARGS(shown->value_missing));
    SIM_CHECK(sim, are_named_missing(sim, task, &shown->values_missing, shown->values_missing_more),
              "task %llu is shown with other periods without a value", AT(task->number));
}

/* ---- trend and forecast ---- */

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
    return isnan(task->target) ? within_bounds(sum) : thousandths(task->target);
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
              thousandths(course->trend) ==
                  (int64_t)roundl((long double)(last->value - first->value) / (long double)span),
              "task %llu has the trend %f", AT(task->number), course->trend);
    SIM_CHECK(sim, MSG_HAS(course, course, forecast) == (task->due != NO_TIME), "task %llu: a forecast by which date?",
              AT(task->number));
    if (task->due == NO_TIME)
        return;
    const int64_t ahead = periods_between(task, last->begin, period_at(sim, task, task->due - 1));
    const long double on = task->counting == COUNTING_AMOUNT
                               ? (long double)reached(task) + (long double)sum * (long double)ahead / (count - from)
                               : (long double)last->value +
                                     (long double)(last->value - first->value) * (long double)ahead / (long double)span;
    const int64_t forecast = within_bounds(roundl(on));
    SIM_CHECK(sim,
              thousandths(course->forecast) == forecast && MSG_HAS(course, course, will_be_met) == has_goal &&
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
                  is_named(task, course->value_owed, owed_by_date(sim, task)) &&
                  is_named(task, course->value_missing, missing_of(task)) &&
                  are_named_missing(sim, task, &course->values_missing, course->values_missing_more),
              "task %llu stands otherwise as a target", AT(task->number));
    if (!task->is_measured)
        return;
    SIM_CHECK(sim, MSG_HAS(course, course, latest) == (last != NULL), "task %llu: which value is the newest?",
              AT(task->number));
    if (!last)
        return;
    const bool is_planned = find_planned(task, last->begin, &planned);
    SIM_CHECK(sim,
              is_named(task, course->latest, last->begin) && thousandths(course->value) == last->value &&
                  thousandths(course->reached) == reached(task) && MSG_HAS(course, course, met) == is_planned &&
                  (!is_planned || (thousandths(course->deviation) == last->value - planned &&
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
        both += place_of(task, task->plan[i].begin) >= 0;
    SIM_CHECK(sim, series->count + both == (uint32_t)(task->plan_count + task->value_count),
              "task %llu has a series of %u periods", AT(task->number), series->count);
    for (uint32_t i = 0; i < series->count; i++) {
        const struct msg_course_period *shown = &series->items[i];
        const int64_t begin = find_named(task->reporting, shown->period);
        const int place = place_of(task, begin);
        const bool is_planned = find_planned(task, begin, &planned);
        SIM_CHECK(sim,
                  begin > last && MSG_HAS(shown, course_period, planned) == is_planned &&
                      MSG_HAS(shown, course_period, value) == (place >= 0) &&
                      (place < 0 || thousandths(shown->value) == task->values[place].value) &&
                      MSG_HAS(shown, course_period, missing) ==
                          (is_planned && place < 0 && begin < period_at(sim, task, now)),
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

/* ---- refusals ---- */

static bool is_report_wrong(struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct msg_progress *asked = &sim->model.asked.report;
    return !may_come(sim, task, period_asked(sim, task, asked, now), now);
}

/* As the request would have it, the task would break a rule of targets. */
static bool is_content_wrong(struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    const bool amends = request->op == OP_AMEND;
    const struct msg_content *content = amends ? &asked->amend.content : &asked->assign.content;
    struct model_task after = {.kind = KIND_DIRECTIVE, .calendar = -1, .target = NAN};
    if (amends)
        after = sim->model.tasks[asked->amend.task - 1];
    const struct model_task before = after;
    const bool gives_up = amends && (asked->amend.clear & TERM_BIT(CLEARABLE_INDICATOR)) && before.is_measured;
    if (gives_up && before.value_count > 0)
        return true;
    if (gives_up)
        targets_take_away(&after);
    if (MSG_HAS(content, content, kind))
        after.kind = content->kind;
    if (MSG_HAS(content, content, reporting))
        after.reporting = content->reporting;
    else if (amends && (asked->amend.clear & TERM_BIT(CLEARABLE_REPORTING)))
        after.reporting = 0;
    if (after.reporting == 0)
        return MSG_HAS(content, content, indicator) || after.is_measured;
    targets_take(&after, content);
    return broken(&after, amends ? &before : NULL, MSG_HAS(content, content, plan));
}

void targets_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const union asked *asked = &sim->model.asked;
    const bool is_report = request->op == OP_REPORT || request->op == OP_SUBMIT;
    if (error != COORD_E_PERIOD_WRONG && error != COORD_E_SERIES_BEGUN && error != COORD_E_NO_INDICATOR)
        return;
    SIM_CHECK(sim,
              is_report || request->op == OP_ASSIGN || request->op == OP_AMEND || request->op == OP_TARGET_GET ||
                  request->op == OP_SCHEDULE_SET,
              "%.*s is refused for a target that it has not", TEXT_ARGS(id));
    if (is_report) {
        const struct model_task *task = &sim->model.tasks[asked->report.task - 1];
        SIM_CHECK(sim,
                  task->is_measured == (error != COORD_E_NO_INDICATOR) && says_value(&asked->report) &&
                      (!task->is_measured || is_report_wrong(sim, task, sim->model.decided)),
                  "%.*s: it is the turn of that period", TEXT_ARGS(id));
    }
    if (request->op == OP_ASSIGN || request->op == OP_AMEND)
        SIM_CHECK(sim, error != COORD_E_NO_INDICATOR && is_content_wrong(sim, request), "%.*s: the target is sound",
                  TEXT_ARGS(id));
    if (request->op == OP_TARGET_GET && asked->target_get.task)
        SIM_CHECK(sim, !sim->model.tasks[asked->target_get.task - 1].is_measured, "%.*s: the target is measured",
                  TEXT_ARGS(id));
}
