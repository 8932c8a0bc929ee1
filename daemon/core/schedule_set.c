/* Decides what an agency says of its schedules: that one makes tasks from now on, or others than before, or none any more. What
 * `assign` refuses is refused here already, as of the first period's begin.
 */
#include <stdio.h>
#include <string.h>

#include "core/assign.h"
#include "core/content.h"
#include "core/given.h"
#include "core/handlers.h"
#include "core/naming.h"
#include "core/record.h"
#include "core/reply.h"
#include "core/schedule.h"
#include "core/schedule_fire.h"
#include "core/schedule_period.h"
#include "core/scratch.h"
#include "core/task.h"

struct setting {
    struct step *step;
    struct msg_schedule message; /* what is asked, and then what the broker keeps */
    const struct schedule *old;  /* NULL for none */
    uint32_t number;
    uint32_t calendar;
    int64_t today;
    int64_t next; /* the first day of the first period */
    bool runs;    /* the old one does */
};

/* ---- what is asked, by itself ---- */

static int check_due(const struct msg_schedule *message, struct problem *problem)
{
    struct words words;
    if (!MSG_HAS(&message->content, content, due))
        return 0;
    if (message->due_at_end)
        return problem_set(problem, COORD_E_BAD_VALUE, "schedule.due_at_end",
                           "Give either `content.due` or `due_at_end`.");
    int error = words_read(message->content.due, "schedule.content.due", &words, problem);
    if (!error && !words_are_count(&words))
        error = problem_set(problem, COORD_E_BAD_DATE, "schedule.content.due",
                            "`%.*s` is one day, and a schedule makes many tasks: write a count from the period's first "
                            "day, 5wd, 16wh or 30d.",
                            TEXT_ARGS(message->content.due));
    return error;
}

static int check_alone(const struct setting *setting, struct problem *problem)
{
    const struct msg_schedule *message = &setting->message;
    int64_t from, until;
    if ((!setting->old && naming_check_reference(message->schedule, "schedule.schedule", problem)) ||
        check_due(message, problem))
        return problem->error;
    if (MSG_HAS(message, schedule, from) && date_read(message->from, "schedule.from", &from, problem))
        return problem->error;
    if (MSG_HAS(message, schedule, until) && date_read(message->until, "schedule.until", &until, problem))
        return problem->error;
    return 0;
}

/* ---- which period is the first ---- */

static bool is_from_as_before(const struct setting *setting)
{
    return setting->runs && MSG_HAS(setting->old->message, schedule, from) &&
           text_equal(setting->old->message->from, setting->message.from);
}

/* The first day of the first period, whatever came before: CALENDAR_RANGE and BAD_VALUE. */
static int find_first(struct setting *setting, struct problem *problem)
{
    const struct msg_schedule *message = &setting->message;
    const int period = message->period;
    const int64_t today = setting->today < DATE_FIRST ? DATE_FIRST : setting->today;
    const int64_t now = period_begin(period, today);
    char day[DATE_TEXT];
    int64_t from;
    setting->next = period_after(period, now);
    if (!MSG_HAS(message, schedule, from) || date_read(message->from, "schedule.from", &from, problem))
        return problem->error;
    setting->next = period_begin(period, from);
    if (setting->next >= now)
        return 0;
    setting->next = now;
    if (is_from_as_before(setting))
        return 0;
    date_text(today, day);
    return problem_set(problem, COORD_E_BAD_VALUE, "schedule.from",
                       "The period of %.*s is over; name %s for the one that runs, or a later day.",
                       TEXT_ARGS(message->from), day);
}

/* No period comes twice, and none that has begun and has yet to come is lost. */
static void go_on(struct setting *setting)
{
    const struct msg_schedule *before = setting->old->message;
    const int period = setting->message.period;
    struct problem problem = {0};
    int64_t last;
    if (setting->runs && before->period == period && setting->old->next <= setting->today)
        setting->next = setting->old->next;
    if (MSG_HAS(before, schedule, last) && date_read(before->last, "", &last, &problem) == 0)
        while (setting->next <= last)
            setting->next = period_after(period, setting->next);
}

static int find_next(struct setting *setting, struct problem *problem)
{
    const uint64_t periods = setting->message.periods;
    int error = find_first(setting, problem);
    if (error)
        return error;
    if (setting->old)
        go_on(setting);
    if (setting->next < DATE_FIRST)
        setting->next = period_after(setting->message.period, setting->next);
    if (period_next(&setting->message, periods, setting->next) != SCHEDULE_NEVER)
        return 0;
    if (setting->next > DATE_LAST)
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "schedule.from",
                           "No period begins from then on: dates run from 2000-01-01 to 2099-12-31.");
    if (MSG_HAS(&setting->message, schedule, count) && periods >= setting->message.count)
        return problem_set(problem, COORD_E_BAD_VALUE, "schedule.count",
                           "%llu periods came already; name more than that, or end the schedule.",
                           (unsigned long long)periods);
    char day[DATE_TEXT];
    date_text(setting->next, day);
    return problem_set(problem, COORD_E_BAD_VALUE, "schedule.until",
                       "The first period would begin on %s, after its last day, %.*s; name a later day.", day,
                       TEXT_ARGS(setting->message.until));
}

/* ---- its place ---- */

/* A new one's number: one that ended makes room where its agency has as many as it may. */
static int find_number(struct setting *setting, struct problem *problem)
{
    const struct step *step = setting->step;
    const struct core *core = step->core;
    uint32_t count = 0, ended = 0;
    for (uint32_t i = 0; i < core->schedule_count; i++) {
        if (core->schedules[i].assigner != step->who.agency)
            continue;
        count++;
        if (schedule_has_ended(&core->schedules[i]) &&
            (ended == 0 || core->schedules[i].message->ended < core->schedules[ended - 1].message->ended))
            ended = i + 1;
    }
    setting->number = core->schedule_count + 1;
    if (count < CORE_SCHEDULES_EACH && core->schedule_count < CORE_SCHEDULES_MAX)
        return 0;
    setting->number = ended;
    if (ended > 0)
        return 0;
    if (count < CORE_SCHEDULES_EACH)
        return problem_set(problem, COORD_E_CAPACITY, "schedule", "The broker holds %d schedules, and no more.",
                           CORE_SCHEDULES_MAX);
    return problem_set(problem, COORD_E_CAPACITY, "schedule", "%.*s has %d schedules that run, and no more; end some.",
                       TEXT_ARGS(core_agency_id(core, step->who.agency)), CORE_SCHEDULES_EACH);
}

/* What the broker keeps with it: one that runs goes on, one that has ended begins anew. */
static int take_over(struct setting *setting, struct problem *problem)
{
    struct msg_schedule *message = &setting->message;
    setting->runs = setting->old && !schedule_has_ended(setting->old);
    setting->number = setting->old ? (uint32_t)setting->old->message->number : 0;
    if (!setting->old && find_number(setting, problem))
        return problem->error;
    MSG_SET(message, schedule, number, setting->number);
    MSG_SET(message, schedule, assigner, core_agency_id(setting->step->core, setting->step->who.agency));
    MSG_SET(message, schedule, periods, setting->runs ? setting->old->message->periods : 0);
    MSG_SET(message, schedule, made, setting->runs ? setting->old->message->made : 0);
    if (setting->old && MSG_HAS(setting->old->message, schedule, last))
        MSG_SET(message, schedule, last, setting->old->message->last);
    return 0;
}

/* ---- all of it ---- */

static int find_calendar(struct setting *setting, struct problem *problem)
{
    const struct core *core = setting->step->core;
    const struct text id = MSG_HAS(&setting->message, schedule, calendar) ? setting->message.calendar : TEXT("default");
    setting->calendar = core_calendar_find(core, id);
    if (setting->calendar == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, "schedule.calendar",
                           "There is no calendar `%.*s`; calendar_list has the ids.", TEXT_ARGS(id));
    setting->today = calendar_day(core->calendars[setting->calendar].calendar, setting->step->now_ms);
    return 0;
}

/* As if the first period began, or now when it has: whoever may task whom, and the time that a date leaves, is as of then. */
static int check_first_period(struct setting *setting, struct problem *problem)
{
    const struct core *core = setting->step->core;
    const struct schedule schedule = {
        .message = &setting->message, .assigner = setting->step->who.agency, .calendar = setting->calendar};
    struct step then = *setting->step;
    struct schedule_try try;
    then.now_ms = calendar_end_of(core->calendars[setting->calendar].calendar, setting->next - 1);
    if (then.now_ms < setting->step->now_ms)
        then.now_ms = setting->step->now_ms;
    then.who.rights &= ~TERM_BIT(RIGHT_ADMINISTER);
    if (!schedule_try(&then, &schedule, setting->next, false, &try, problem))
        return 0;
    if (strcmp(problem->field, "reference") == 0)
        snprintf(problem->field, sizeof problem->field, "schedule");
    problem_within(problem, "schedule");
    return problem->error;
}

static bool is_as_before(struct setting *setting)
{
    struct core *core = setting->step->core;
    if (!setting->runs || setting->old->next != setting->next || setting->old->assigner != setting->step->who.agency)
        return false;
    const struct msg_schedule old = schedule_asked(setting->old->message), now = schedule_asked(&setting->message);
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, &message_schedule, &old);
    const size_t size = bytes->size;
    message_encode(bytes, "", (struct text){0}, &message_schedule, &now);
    return bytes->size == 2 * size && memcmp(bytes->data, bytes->data + size, size) == 0;
}

/* What is stored already is charged to whoever set it. */
static int check_bytes(const struct setting *setting, struct problem *problem)
{
    const bool is_own = setting->old && setting->old->assigner == setting->step->who.agency;
    return given_check_schedule(setting->step, is_own ? setting->old->bytes : 0,
                                schedule_bytes(setting->step->core, &setting->message), problem);
}

static void tell(struct step *step, struct msg_record *record, struct text officer)
{
    task_sign(step, record, officer, 0, 1);
    step_record(step, record);
    reply_changes(step, record->seq, NULL, 0);
}

int handle_schedule_set(struct step *step, const struct msg_schedule_set *set, struct problem *problem)
{
    struct core *core = step->core;
    struct setting setting = {.step = step, .message = schedule_asked(&set->schedule)};
    struct msg_record record = {0};
    char day[DATE_TEXT];
    step_look(step, 1 + core->schedule_count / SCHEDULE_LOOK);
    const uint32_t found = schedule_find(core, step->who.agency, set->schedule.schedule, NONE, step->now_ms);
    setting.old = schedule_at(core, found);
    if (setting.old && !step_may_see_schedule(step, setting.old))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "schedule.schedule",
                           "There is a schedule `%.*s` that nobody changes in another's name; set one of another id.",
                           TEXT_ARGS(set->schedule.schedule));
    int error = check_alone(&setting, problem);
    if (!error)
        error = find_calendar(&setting, problem);
    if (!error)
        error = take_over(&setting, problem);
    if (!error)
        error = find_next(&setting, problem);
    if (error)
        return error;
    if (is_as_before(&setting)) {
        task_unchanged(step, set->officer);
        return 0;
    }
    if (check_first_period(&setting, problem) || check_bytes(&setting, problem))
        return problem->error;
    date_text(setting.next, day);
    MSG_SET(&setting.message, schedule, next, text_of(day));
    MSG_SET(&record, record, record, RECORD_SCHEDULE);
    MSG_SET(&record, record, schedule_set, setting.message);
    tell(step, &record, set->officer);
    return 0;
}

bool step_may_see_schedule(const struct step *step, const struct schedule *schedule)
{
    return schedule_is_of(step->core, schedule, step->who.agency, step->now_ms) &&
           !(step->stand_in && schedule->message->content.scope == SCOPE_RESTRICTED);
}

const struct schedule *schedule_named(struct step *step, struct text id, bool has_assigner, struct text assigner,
                                      struct problem *problem)
{
    const struct core *core = step->core;
    uint32_t agency = NONE;
    if (has_assigner && content_find_agency(core, assigner, "assigner", &agency, problem))
        return NULL;
    step_look(step, 1 + core->schedule_count / SCHEDULE_LOOK);
    const uint32_t number = schedule_find(core, step->who.agency, id, agency, step->now_ms);
    if (number > 0 && step_may_see_schedule(step, schedule_at(core, number)))
        return schedule_at(core, number);
    problem_set(problem, COORD_E_SCHEDULE_UNKNOWN, "schedule",
                "%.*s has no schedule `%.*s`; schedule_list has those that it has.",
                TEXT_ARGS(core_agency_id(core, step->who.agency)), TEXT_ARGS(id));
    return NULL;
}

int handle_schedule_end(struct step *step, const struct msg_schedule_end *end, struct problem *problem)
{
    const struct schedule *schedule = schedule_named(step, end->schedule, MSG_HAS(end, schedule_end, assigner),
                                                     end->assigner, problem);
    if (!schedule)
        return problem->error;
    if (schedule_has_ended(schedule)) {
        task_unchanged(step, end->officer);
        return 0;
    }
    struct msg_schedule message = *schedule->message;
    struct msg_record record = {0};
    message.has &= ~MSG_BIT(schedule, next);
    MSG_SET(&message, schedule, ended, step->now_ms);
    MSG_SET(&record, record, record, RECORD_SCHEDULE);
    MSG_SET(&record, record, schedule_set, message);
    if (MSG_HAS(end, schedule_end, note))
        MSG_SET(&record, record, note, end->note);
    tell(step, &record, end->officer);
    return 0;
}
