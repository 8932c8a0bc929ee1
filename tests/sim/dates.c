/* A task's dates, each reckoned anew: from the words of the request, the policy's and the period's, and from how long its
 * clock stood still. Held against what the records say, and counted again when a calendar changes.
 */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static bool is_by_clock(int unit)
{
    return unit == UNIT_HOURS || unit == UNIT_MINUTES;
}

static bool accepts_by_count(const struct sim *sim, const struct model_task *task)
{
    const struct world_policy *policy = task_policy(sim, task);
    return policy && policy->within && !is_by_clock(policy->within_unit);
}

int64_t dates_within(const struct sim *sim, const struct model_task *task, uint64_t count, int unit, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    char words[24];
    int64_t due;
    if (!calendar || count == 0)
        return NO_TIME;
    if (is_by_clock(unit))
        return now + (int64_t)count * (unit == UNIT_HOURS ? SIM_HOUR : SIM_MINUTE);
    snprintf(words, sizeof words, "%llu%s", (unsigned long long)count,
             unit == UNIT_WORKING_DAYS    ? "wd"
             : unit == UNIT_WORKING_HOURS ? "wh"
                                          : "d");
    return days_due(calendar, words, now, &due) == 0 ? due : NO_TIME;
}

static int64_t accept_due(const struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    return policy ? dates_within(sim, task, policy->within, policy->within_unit, now) : NO_TIME;
}

int64_t dates_to_decide(const struct sim *sim, const struct model_task *task, int64_t asked)
{
    const struct world_policy *policy = task_policy(sim, task);
    return policy ? dates_within(sim, task, policy->decide_within, policy->decide_unit, asked) : NO_TIME;
}

void dates_give_accept(const struct sim *sim, struct model_task *task, int64_t now)
{
    const int64_t due = accept_due(sim, task, now);
    if (due == NO_TIME)
        return;
    task->accept_due = due;
    task->accept_is_count = accepts_by_count(sim, task);
    task->accept_stood = 0;
}

/* ---- reports ---- */

static void owe(struct model_task *task, int64_t due, int number)
{
    task->report_due = due;
    task->report_number = due == NO_TIME ? 0 : number;
    task->report_stood = 0;
}

int64_t dates_period(const struct sim *sim, const struct model_task *task, int number)
{
    return task->is_measured ? targets_period(sim, task, number)
                             : days_period(task_calendar(sim, task), task->assigned, task->reporting, number);
}

/* The end of the first that ends after an instant, past so many. */
static int64_t period_end(const struct sim *sim, const struct model_task *task, int64_t after, int past, int *number)
{
    return task->is_measured
               ? targets_period_end(sim, task, after, past, number)
               : days_period_end(task_calendar(sim, task), task->assigned, task->reporting, after, past, number);
}

void dates_owe_report(const struct sim *sim, struct model_task *task, int64_t after)
{
    int64_t end = NO_TIME;
    int number = 0;
    if (task->reporting && task_calendar(sim, task))
        end = period_end(sim, task, after, 0, &number);
    owe(task, end, number);
}

/* A report in time meets the period that it falls into; a late one leaves the period under way owed. */
void dates_reported(const struct sim *sim, struct model_task *task, int64_t now)
{
    const int64_t owed = task->report_due;
    const int number = task->report_number;
    const int64_t stood = task->report_stood;
    if (owed == NO_TIME || task->report_missed != NO_TIME)
        return;
    if (task->is_measured) { /* of the period that was owed: the next that ends */
        int next;
        const int64_t end = targets_period_end(sim, task, now, number, &next);
        owe(task, end, next);
        return;
    }
    dates_owe_report(sim, task, now);
    if (now >= owed || task->report_due == NO_TIME)
        return;
    dates_owe_report(sim, task, task->report_due);
    if (task->report_due > owed)
        return;
    owe(task, owed, number);
    task->report_stood = stood;
}

bool dates_next_report(const struct sim *sim, const struct model_task *task, int64_t *end, int *number)
{
    if (!task_calendar(sim, task) || !task->reporting || task->report_due == NO_TIME)
        return false;
    *end = period_end(sim, task, task->report_due, task->report_number, number);
    return *end != NO_TIME;
}

/* ---- the time to accept, and what words come to ---- */

static int64_t shifted(const struct sim *sim, const struct model_task *task, int64_t due, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    if (due == NO_TIME || task->suspended == NO_TIME || now <= task->suspended)
        return due;
    return calendar ? days_shift(calendar, due, task->suspended, now) : due + (now - task->suspended);
}

/* Words that are a count end with their unit; a date does not. */
void dates_learn_words(struct model_task *task, struct text words, int64_t now)
{
    task->words[0] = '\0';
    task->words_from = now;
    task->stood = 0;
    if (words.size > 0 && (words.data[words.size - 1] == 'd' || words.data[words.size - 1] == 'h'))
        snprintf(task->words, sizeof task->words, "%.*s", TEXT_ARGS(words));
}

static bool is_by_hours(const struct model_task *task)
{
    return strstr(task->words, "wh") != NULL;
}

/* So many working days or minutes after a due time. */
static int64_t put_off(const struct world_calendar *calendar, bool by_hours, int64_t due, int64_t stood)
{
    int64_t later;
    if (stood == 0)
        return due;
    if (by_hours)
        return days_add_minutes(calendar, due, stood, &later) ? later : NO_TIME;
    return days_add(calendar, days_last(calendar, due), UNIT_WORKING_DAYS, stood, &later) ? days_end(calendar, later)
                                                                                          : NO_TIME;
}

int64_t dates_counted(const struct sim *sim, const struct model_task *task)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    int64_t due;
    if (!task->words[0] || !calendar || days_due(calendar, task->words, task->words_from, &due) != 0)
        return NO_TIME;
    return put_off(calendar, is_by_hours(task), due, task->stood);
}

static bool accepts_by_hours(const struct sim *sim, const struct model_task *task)
{
    return task_policy(sim, task)->within_unit == UNIT_WORKING_HOURS;
}

int64_t dates_accept_counted(const struct sim *sim, const struct model_task *task)
{
    const int state = task->state == STATE_SUSPENDED ? task->resumes_as : task->state;
    if (!task->accept_is_count || state != STATE_ASSIGNED)
        return NO_TIME;
    const int64_t due = accept_due(sim, task, task->assigned);
    return due == NO_TIME ? NO_TIME
                          : put_off(task_calendar(sim, task), accepts_by_hours(sim, task), due, task->accept_stood);
}

int64_t dates_report_counted(const struct sim *sim, const struct model_task *task)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    if (task->report_due == NO_TIME || task->report_number == 0 || !calendar)
        return NO_TIME;
    const int64_t end = dates_period(sim, task, task->report_number);
    return end == NO_TIME ? NO_TIME : put_off(calendar, false, end, task->report_stood);
}

/* How long a clock stood still: working days, or the minutes of working hours. */
static int64_t stood_still(const struct sim *sim, const struct model_task *task, bool by_hours, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    return by_hours ? days_worked_minutes(calendar, task->suspended, now)
                    : days_between(calendar, days_of(calendar, task->suspended), days_of(calendar, now));
}

static int64_t accept_shifted(const struct sim *sim, struct model_task *task, int64_t now)
{
    const int64_t before = task->accept_due;
    if (task->accept_is_count && before != NO_TIME && task->suspended != NO_TIME && now > task->suspended) {
        const bool by_hours = accepts_by_hours(sim, task);
        const int64_t stood = stood_still(sim, task, by_hours, now);
        const int64_t due = put_off(task_calendar(sim, task), by_hours, before, stood);
        if (due != NO_TIME) {
            task->accept_stood += stood;
            return due;
        }
    }
    const int64_t due = shifted(sim, task, before, now);
    task->accept_is_count &= due == before;
    return due;
}

static int64_t due_shifted(const struct sim *sim, struct model_task *task, int64_t now)
{
    if (!task->words[0] || task->suspended == NO_TIME || now <= task->suspended)
        return shifted(sim, task, task->due, now);
    const int64_t stood = stood_still(sim, task, is_by_hours(task), now);
    const int64_t due = put_off(task_calendar(sim, task), is_by_hours(task), task->due, stood);
    if (due == NO_TIME) {
        task->words[0] = '\0';
        return shifted(sim, task, task->due, now);
    }
    task->stood += stood;
    return due;
}

static void report_shifted(const struct sim *sim, struct model_task *task, int64_t now)
{
    if (task->report_due == NO_TIME || task->suspended == NO_TIME || now <= task->suspended)
        return;
    const int64_t stood = stood_still(sim, task, false, now);
    const int64_t due = put_off(task_calendar(sim, task), false, task->report_due, stood);
    task->report_stood += stood;
    if (due == NO_TIME || task->report_number == 0)
        owe(task, shifted(sim, task, task->report_due, now), 0);
    else
        task->report_due = due;
}

void dates_check(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int64_t due = MSG_HAS(record, record, due) ? record->due : NO_TIME;
    const int64_t report = MSG_HAS(record, record, report_due) ? record->report_due : NO_TIME;
    char day[11] = "";
    SIM_CHECK(sim, due == task->due, "record %llu: task %llu is due at %lld, by the words at %lld", AT(record->seq),
              AT(task->number), (long long)due, (long long)task->due);
    SIM_CHECK(sim, report == task->report_due, "record %llu: a report is owed at %lld, by the period at %lld",
              AT(record->seq), (long long)report, (long long)task->report_due);
    SIM_CHECK(sim, !MSG_HAS(record, record, accept_due) || record->accept_due == task->accept_due,
              "record %llu: to be accepted by %lld, by the policy %lld", AT(record->seq), (long long)record->accept_due,
              (long long)task->accept_due);
    const struct msg_counted *counted = &record->report_counted;
    SIM_CHECK(sim,
              !MSG_HAS(record, record, report_counted) ||
                  ((int)counted->period == task->report_number && (int64_t)counted->stood == task->report_stood &&
                   counted->from == task->assigned &&
                   text_equal(counted->words, text_of(term_name(&vocabulary_period, task->reporting)))),
              "record %llu: the report is of %.*s period %llu, which stood still for %llu; by the model %d and %lld",
              AT(record->seq), TEXT_ARGS(counted->words), AT(counted->period), AT(counted->stood), task->report_number,
              (long long)task->report_stood);
    if (due != NO_TIME && days_are_named(days_last(task_calendar(sim, task), due)))
        days_write(days_last(task_calendar(sim, task), due), day);
    SIM_CHECK(sim, text_equal(record->due_day, text_of(day)), "record %llu: its last day is %.*s, which was %s",
              AT(record->seq), TEXT_ARGS(record->due_day), day);
    const bool is_off = task->is_due_given && day[0] &&
                        !days_works(task_calendar(sim, task), days_last(task_calendar(sim, task), due));
    SIM_CHECK(sim, MSG_HAS(record, record, day_off) == is_off, "record %llu is due on %s, %s", AT(record->seq), day,
              is_off ? "a day off, and does not say so" : "which it gives as a day off");
    task->is_due_given = false;
}

const struct world_calendar *dates_calendar(const struct sim *sim, const struct model_task *task)
{
    const struct world_calendar *usual = &sim->world.calendars[0];
    return task->calendar >= 0 ? task_calendar(sim, task) : usual->exists ? usual : NULL;
}

int64_t dates_of_words(struct sim *sim, const struct model_task *task, struct text words, int64_t now, bool backdated)
{
    char text[33];
    int64_t due = NO_TIME;
    if (words.size == 0)
        return NO_TIME;
    snprintf(text, sizeof text, "%.*s", TEXT_ARGS(words));
    SIM_CHECK(sim, dates_calendar(sim, task) && days_due(dates_calendar(sim, task), text, now, &due) == 0,
              "`%s` was taken for a due time", text);
    SIM_CHECK(sim, due > now || backdated, "`%s` was taken, and has passed", text);
    return due;
}

/* The clocks of a suspended task run on, each deadline moved by the time that it stood still. */
void dates_run_on(struct sim *sim, struct model_task *task, int64_t now)
{
    if (task->resumes_as == STATE_ASSIGNED)
        task->accept_due = accept_shifted(sim, task, now);
    task->due = due_shifted(sim, task, now);
    report_shifted(sim, task, now);
}

/* ---- a calendar that changed ---- */

int64_t dates_ask_counted(const struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    return asked && asked->is_count ? dates_to_decide(sim, task, asked->since) : NO_TIME;
}

/* What a deadline comes to now; NO_TIME when it was never counted. */
int64_t dates_counted_now(const struct sim *sim, const struct model_task *task, int deadline)
{
    return deadline == DEADLINE_ACCEPTANCE   ? dates_accept_counted(sim, task)
           : deadline == DEADLINE_COMPLETION ? dates_counted(sim, task)
           : deadline == DEADLINE_REPORT     ? dates_report_counted(sim, task)
                                             : dates_ask_counted(sim, task, asked_oldest(task));
}

/* Nobody is late by decree, and who was late is as late as the calendar says. */
static bool moves_to(int64_t due, int64_t was, int64_t now)
{
    return due != NO_TIME && due != was && (due > now || was <= now);
}

/* What time it was for a deadline when the task's calendar was changed: of a task that stood still, when that began, but for what
 * its lead has asked. */
int64_t dates_clock_of(const struct sim *sim, const struct model_task *task, int deadline)
{
    const int64_t changed = task_calendar(sim, task)->changed;
    const bool stood = task->state == STATE_SUSPENDED && task->suspended < changed && deadline != DEADLINE_DECISION;
    return stood ? task->suspended : changed;
}

bool dates_ask_moves(const struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    return !asked->outcome && moves_to(dates_ask_counted(sim, task, asked), asked->decide_due,
                                       dates_clock_of(sim, task, DEADLINE_DECISION));
}

bool dates_ask_is_early(const struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    return !asked->outcome && dates_ask_counted(sim, task, asked) > asked->decide_due;
}

/* A request that waits behind the oldest: each in turn, told to lead and assigner and who is to decide it, once the rest is told.
 * No clock of its own runs yet. */
static void ask_moved(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    int64_t *const dates[] = {[DEADLINE_ACCEPTANCE] = &task->accept_due,
                              [DEADLINE_COMPLETION] = &task->due,
                              [DEADLINE_REPORT] = &task->report_due};
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < DEADLINE_DECISION; deadline++)
        SIM_CHECK(
            sim,
            !moves_to(dates_counted_now(sim, task, deadline), *dates[deadline], dates_clock_of(sim, task, deadline)),
            "record %llu comes before the other dates", AT(record->seq));
    int at = 0;
    while (at < task->ask_count && !dates_ask_moves(sim, task, &task->asks[at]))
        at++;
    SIM_CHECK(sim, at < task->ask_count && task->asks[at].id == record->asked.ask,
              "record %llu moves another request's decision", AT(record->seq));
    struct model_asked *asked = &task->asks[at];
    const int64_t was = asked->decide_due;
    asked->decide_due = dates_ask_counted(sim, task, asked);
    SIM_CHECK(sim,
              record->asked.decide_due == asked->decide_due && record->asked.counted.was == was &&
                  record->asked.counted.from == asked->since && record->rounds == 0,
              "record %llu moves a decision to another time", AT(record->seq));
    rules_check_told(sim, record,
                     rules_standing_all(&sim->world, task,
                                        world_one(task->lead) | world_one(task->assigner) | world_one(asked->decider),
                                        record->time),
                     NOTICE_DUE_MOVED, SEVERITY_NOTICE);
    sim->model.decisions_moved++;
    dates_check(sim, task, record);
}

static void check_counted(struct sim *sim, const struct msg_record *record, bool moves, bool has,
                          const struct msg_counted *counted, int64_t was, int64_t stood)
{
    SIM_CHECK(sim, has == moves, "record %llu moves a date that stays, or leaves one that moves", AT(record->seq));
    SIM_CHECK(sim, !moves || (counted->was == was && (int64_t)counted->stood == stood),
              "record %llu says otherwise of how a date was counted", AT(record->seq));
}

/* All that moves of a task is told by one record: to lead and assigner, to who decides if that moves, and once more to those whom a round's end concerns.
 * Nobody is late by decree, and who was late is as late as the calendar says. While a report is missing the ladder of reports is its, and has no new round. */
void dates_due_moved(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    int64_t never = NO_TIME;
    struct model_asked *const oldest = asked_oldest(task) ? asked_open(task, asked_oldest(task)->id) : NULL;
    int64_t *const dates[] = {[DEADLINE_ACCEPTANCE] = &task->accept_due,
                              [DEADLINE_COMPLETION] = &task->due,
                              [DEADLINE_REPORT] = &task->report_due,
                              [DEADLINE_DECISION] = oldest ? &oldest->decide_due : &never};
    int64_t was[MODEL_DEADLINES] = {0};
    bool moves[MODEL_DEADLINES];
    uint32_t rounds = 0;
    if (MSG_HAS(record, record, asked) && oldest && record->asked.ask != oldest->id) {
        ask_moved(sim, task, record);
        return;
    }
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < MODEL_DEADLINES; deadline++) {
        const int64_t due = dates_counted_now(sim, task, deadline);
        was[deadline] = *dates[deadline];
        const int64_t then = dates_clock_of(sim, task, deadline);
        const bool had_passed = was[deadline] <= then;
        moves[deadline] = moves_to(due, was[deadline], then);
        if (moves[deadline])
            *dates[deadline] = due;
        if (moves[deadline] && !(had_passed && due <= then) &&
            (deadline != DEADLINE_REPORT || task->report_missed == NO_TIME))
            rounds |= TERM_BIT(deadline);
    }
    check_counted(sim, record, moves[DEADLINE_ACCEPTANCE], MSG_HAS(record, record, accept_counted),
                  &record->accept_counted, was[DEADLINE_ACCEPTANCE], task->accept_stood);
    check_counted(sim, record, moves[DEADLINE_COMPLETION], MSG_HAS(record, record, counted), &record->counted,
                  was[DEADLINE_COMPLETION], task->stood);
    check_counted(sim, record, moves[DEADLINE_REPORT], MSG_HAS(record, record, report_counted), &record->report_counted,
                  was[DEADLINE_REPORT], task->report_stood);
    check_counted(sim, record, moves[DEADLINE_DECISION], MSG_HAS(record, record, asked), &record->asked.counted,
                  was[DEADLINE_DECISION], 0);
    SIM_CHECK(sim,
              !moves[DEADLINE_DECISION] ||
                  (record->asked.ask == oldest->id && record->asked.decide_due == oldest->decide_due &&
                   record->asked.counted.from == oldest->since),
              "record %llu moves the decision of another request, or to another time", AT(record->seq));
    SIM_CHECK(sim, !moves[DEADLINE_ACCEPTANCE] || record->accept_counted.from == task->assigned,
              "record %llu counts the time to accept from elsewhere", AT(record->seq));
    SIM_CHECK(sim,
              !moves[DEADLINE_COMPLETION] ||
                  (record->counted.from == task->words_from && text_equal(record->counted.words, text_of(task->words))),
              "record %llu counts other words than were said", AT(record->seq));
    SIM_CHECK(sim, record->rounds == rounds && (moves[1] || moves[2] || moves[3] || moves[4]),
              "record %llu begins rounds %x, not %x", AT(record->seq), record->rounds, rounds);
    const uint32_t told =
        world_one(rules_standing(&sim->world, task, task->lead, record->time)) |
        world_one(world_standing(&sim->world, task->assigner, record->time)) |
        rounds_superseded(sim, task, record, rounds) |
        (moves[DEADLINE_DECISION] ? rules_holders(&sim->world, task, TERM_BIT(ROLE_DECIDER), record->time) : 0);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < MODEL_DEADLINES; deadline++)
        if (rounds & TERM_BIT(deadline))
            rounds_begin(sim, task, deadline, record->time);
    sim->model.decisions_moved += moves[DEADLINE_DECISION];
    rules_check_told(sim, record, told, NOTICE_DUE_MOVED, SEVERITY_NOTICE);
    dates_check(sim, task, record);
}
