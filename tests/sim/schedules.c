/* Recurring tasks, in the model's words: a schedule's periods are found day by day, each comes once and in its turn, and what is
 * made of it is what `assign` would have made when it came.
 */
#include <stdio.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "sim/schedules_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

const struct world_calendar *schedules_calendar_of(const struct sim *sim, const struct model_schedule *schedule)
{
    return &sim->world.calendars[schedule->calendar];
}

int64_t schedules_begins(const struct sim *sim, const struct model_schedule *schedule, int64_t day)
{
    return days_end(schedules_calendar_of(sim, schedule), day - 1);
}

int64_t schedules_within(const struct msg_schedule *asked, uint64_t periods, int64_t day)
{
    char text[11];
    days_write(day, text);
    const bool is_past = MSG_HAS(asked, schedule, until) && memcmp(text, asked->until.data, 10) > 0;
    return !days_are_named(day) || is_past || (MSG_HAS(asked, schedule, count) && periods >= asked->count) ? NO_TIME
                                                                                                           : day;
}

bool schedules_is_of(const struct sim *sim, const struct model_schedule *schedule, int agency, int64_t now)
{
    return schedule->assigner == agency || world_standing(&sim->world, schedule->assigner, now) == agency;
}

/* Whether one was in another's place, if it is not any more. */
static bool came_to(const struct sim *sim, int agency, int to, int64_t now)
{
    const struct world *world = &sim->world;
    while (agency != to && world->agencies[agency].successor >= 0 && now >= world->agencies[agency].until)
        agency = world->agencies[agency].successor;
    return agency == to;
}

bool schedules_is_restricted(const struct model_schedule *schedule)
{
    return schedule->asked->content.scope == SCOPE_RESTRICTED;
}

struct model_schedule *schedules_find(struct sim *sim, int agency, struct text id, int assigner, int64_t now)
{
    struct model *model = &sim->model;
    struct model_schedule *found = NULL;
    for (size_t i = 0; i < model->schedule_count; i++) {
        struct model_schedule *schedule = &model->schedules[i];
        if (!text_equal(schedule->asked->schedule, id) || !schedules_is_of(sim, schedule, agency, now))
            continue;
        if (schedule->assigner == (assigner < 0 ? agency : assigner))
            return schedule;
        if (!found && came_to(sim, schedule->assigner, assigner < 0 ? agency : assigner, now))
            found = schedule;
    }
    return found;
}

int64_t schedules_next(const struct sim *sim)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sim->model.schedule_count; i++) {
        const struct model_schedule *schedule = &sim->model.schedules[i];
        if (schedule->next != NO_TIME && schedules_begins(sim, schedule, schedule->next) < next)
            next = schedules_begins(sim, schedule, schedule->next);
    }
    return next;
}

struct model_schedule *schedules_in_turn(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const int64_t next = schedules_next(sim);
    SIM_CHECK(sim, next <= record->time, "record %llu is of a period that has not begun", AT(record->seq));
    for (size_t i = 0; i < model->schedule_count; i++)
        if (model->schedules[i].next != NO_TIME &&
            schedules_begins(sim, &model->schedules[i], model->schedules[i].next) == next)
            return &model->schedules[i];
    return NULL;
}

int64_t schedules_read_day(struct text text)
{
    char words[11];
    int64_t day;
    snprintf(words, sizeof words, "%.*s", TEXT_ARGS(text));
    return days_read(words, &day) ? day : NO_TIME;
}

/* The first day of the first period of what is asked now. */
static int64_t first_asked(struct sim *sim, const struct model_schedule *old, const struct msg_schedule *asked,
                           const struct world_calendar *calendar, const struct msg_record *record)
{
    const bool runs = old && old->next != NO_TIME;
    int64_t today = days_of(calendar, record->time);
    if (today < DATE_FIRST_OF_MODEL) /* by a clock that was accepted: periods begin where days have names */
        today = DATE_FIRST_OF_MODEL;
    const int64_t running = periods_first(asked->period, today);
    int64_t next = periods_after(asked->period, today);
    if (MSG_HAS(asked, schedule, from)) {
        next = periods_first(asked->period, schedules_read_day(asked->from));
        const bool is_same = runs && MSG_HAS(old->asked, schedule, from) && text_equal(old->asked->from, asked->from);
        SIM_CHECK(sim, next >= running || is_same, "record %llu begins with a period that is over", AT(record->seq));
        next = next < running ? running : next;
    }
    if (runs && old->asked->period == asked->period && old->next <= today)
        next = old->next; /* it has begun, and comes yet */
    while (old && old->last != NO_TIME && next <= old->last)
        next = periods_after(asked->period, next);
    return next < DATE_FIRST_OF_MODEL ? periods_after(asked->period, next) : next;
}

static void *keep(struct model *model, const struct msg_schedule *message)
{
    model->kept = xgrow(model->kept, model->kept_count, &model->kept_capacity, sizeof *model->kept);
    return model->kept[model->kept_count++] = copy_message(&message_schedule, message);
}

static void learn_set(struct sim *sim, const struct msg_record *record, int actor)
{
    struct model *model = &sim->model;
    const struct msg_schedule *asked = &model->asked.schedule_set.schedule, *set = &record->schedule_set;
    struct model_schedule *old = schedules_find(sim, actor, asked->schedule, -1, record->time);
    const int calendar = MSG_HAS(asked, schedule, calendar) ? world_calendar(asked->calendar) : 0;
    SIM_CHECK(sim, calendar >= 0 && sim->world.calendars[calendar].exists, "record %llu goes by no calendar",
              AT(record->seq));
    const int64_t next = first_asked(sim, old, asked, &sim->world.calendars[calendar], record);
    const bool runs = old && old->next != NO_TIME;
    SIM_CHECK(sim, !old || !schedules_is_restricted(old) || !MSG_HAS(record, record, stand_in),
              "record %llu changes a restricted schedule in another's name", AT(record->seq));
    SIM_CHECK(sim, old || model->schedule_count < MODEL_SCHEDULES, "too many schedules for this model");
    SIM_CHECK(sim, set->number == (old ? old->number : model->schedule_count + 1), "record %llu is of schedule %llu",
              AT(record->seq), AT(set->number));
    SIM_CHECK(sim, world_agency(set->assigner) == actor && schedules_read_day(set->next) == next,
              "record %llu sets a schedule of %.*s that begins on %.*s", AT(record->seq), TEXT_ARGS(set->assigner),
              TEXT_ARGS(set->next));
    SIM_CHECK(sim, schedules_within(asked, runs ? old->periods : 0, next) == next,
              "record %llu sets a schedule that is over", AT(record->seq));
    SIM_CHECK(sim, !asked->due_at_end || !MSG_HAS(&asked->content, content, due), "record %llu is due twice",
              AT(record->seq));
    if (!old) {
        old = &model->schedules[model->schedule_count++];
        *old = (struct model_schedule){.number = model->schedule_count, .last = NO_TIME};
    }
    old->periods = runs ? old->periods : 0;
    old->made = runs ? old->made : 0;
    old->assigner = actor;
    old->calendar = calendar;
    old->next = next;
    old->asked = keep(model, asked);
}

void schedules_learn_set(struct sim *sim, const struct msg_record *record)
{
    const struct msg_schedule_end *end = &sim->model.asked.schedule_end;
    const int actor = world_agency(record->actor);
    if (!MSG_HAS(&record->schedule_set, schedule, ended)) {
        learn_set(sim, record, actor);
        return;
    }
    struct model_schedule *old = schedules_find(sim, actor, end->schedule,
                                                MSG_HAS(end, schedule_end, assigner) ? world_agency(end->assigner) : -1,
                                                record->time);
    SIM_CHECK(sim,
              old && old->next != NO_TIME && old->number == record->schedule_set.number &&
                  !(schedules_is_restricted(old) && MSG_HAS(record, record, stand_in)),
              "record %llu ends a schedule that does not run", AT(record->seq));
    old->next = NO_TIME;
}
