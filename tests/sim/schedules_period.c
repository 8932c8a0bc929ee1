/* What is made of a period: a task, or why there is none. */
#include <stdio.h>
#include <string.h>

#include "sim/schedules_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* Agencies by who stands for them, each once in all. */
static uint32_t standing(const struct sim *sim, struct texts ids, uint32_t *seen, struct text *now, int64_t at)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ids.count && count < MODEL_LEADS; i++) {
        const int agency = world_standing(&sim->world, world_agency(ids.items[i]), at);
        if (agency >= 0 && !(*seen >> agency & 1))
            now[count++] = text_of(world_agency_ids[agency]);
        *seen |= world_one(agency);
    }
    return count;
}

/* Of several of one id that one agency has by now, all but its own, or the first, are called by who set them as well. */
static bool has_plain_names(const struct sim *sim, const struct model_schedule *schedule, int64_t at)
{
    const struct model *model = &sim->model;
    const int stands = world_standing(&sim->world, schedule->assigner, at);
    for (size_t i = 0; i < model->schedule_count && schedule->assigner != stands; i++) {
        const struct model_schedule *other = &model->schedules[i];
        if (other != schedule && text_equal(other->asked->schedule, schedule->asked->schedule) &&
            world_standing(&sim->world, other->assigner, at) == stands &&
            (other < schedule || other->assigner == stands))
            return false;
    }
    return true;
}

/* What an assigner would have asked for today. */
static void ask_today(struct sim *sim, const struct model_schedule *schedule, int64_t at)
{
    struct model *model = &sim->model;
    struct msg_assign *assign = &model->asked.assign;
    const struct msg_schedule *asked = schedule->asked;
    static char reference[128];
    char name[PERIOD_ROOM];
    uint32_t seen = 0, excluded = 0, whole = 0;
    const bool is_plain = has_plain_names(sim, schedule, at);
    *assign = (struct msg_assign){0};
    periods_name(asked->period, schedule->next, name);
    snprintf(reference, sizeof reference, "%.*s/%s%s%s", TEXT_ARGS(asked->schedule), name, is_plain ? "" : "/",
             is_plain ? "" : world_agency_ids[schedule->assigner]);
    MSG_SET(assign, assign, reference, text_of(reference));
    MSG_SET(assign, assign, content, asked->content);
    MSG_SET(assign, assign, backdated, true);
    MSG_SET(assign, assign, calendar, text_of(world_calendar_ids[schedule->calendar]));
    if (MSG_HAS(asked, schedule, policy))
        MSG_SET(assign, assign, policy, asked->policy);
    assign->leads = (struct texts){model->today[0], standing(sim, asked->leads, &seen, model->today[0], at)};
    if (asked->children_of.size > 0 &&
        standing(sim, (struct texts){&asked->children_of, 1}, &whole, model->today[4], at) == 1)
        assign->children_of = model->today[4][0];
    struct msg_content *content = &assign->content;
    if (content->supervisor.size > 0 &&
        standing(sim, (struct texts){&content->supervisor, 1}, &seen, model->today[5], at) == 1)
        content->supervisor = model->today[5][0];
    else {
        content->has &= ~MSG_BIT(content, supervisor);
        content->supervisor = (struct text){0};
    }
    content->cooperating.count = standing(sim, content->cooperating, &seen, model->today[1], at);
    content->cooperating.items = model->today[1];
    content->observers.count = standing(sim, content->observers, &seen, model->today[2], at);
    content->observers.items = model->today[2];
    content->excluded.count = standing(sim, content->excluded, &excluded, model->today[3], at);
    content->excluded.items = model->today[3];
    documents_follow(sim, content, world_standing(&sim->world, schedule->assigner, at), at);
}

static uint32_t leads_today(const struct sim *sim, int64_t at)
{
    const struct msg_assign *assign = &sim->model.asked.assign;
    uint32_t leads = world_mask(assign->leads);
    const int parent = world_agency(assign->children_of);
    for (int i = 0; assign->children_of.size > 0 && i < WORLD_AGENCIES; i++)
        if (sim->world.agencies[i].exists && sim->world.agencies[i].parent == parent &&
            sim->world.agencies[i].assignable && world_is_valid(&sim->world, i, at))
            leads |= world_one(i);
    return leads;
}

static void check_named(struct sim *sim, const struct model_schedule *schedule, const struct msg_record *record)
{
    const struct msg_scheduled *came = &record->scheduled;
    char name[PERIOD_ROOM], day[11];
    periods_name(schedule->asked->period, schedule->next, name);
    days_write(schedule->next, day);
    SIM_CHECK(sim,
              came->number == schedule->number && text_equal(came->period, text_of(name)) &&
                  text_equal(came->begin, text_of(day)) && text_equal(came->schedule, schedule->asked->schedule) &&
                  world_agency(came->assigner) == schedule->assigner,
              "record %llu is of %.*s of schedule %llu, and the turn is that of %s of schedule %llu", AT(record->seq),
              TEXT_ARGS(came->period), AT(came->number), name, AT(schedule->number));
}

void schedules_begin_task(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    struct model_schedule *schedule = schedules_in_turn(sim, record);
    check_named(sim, schedule, record);
    ask_today(sim, schedule, record->time);
    SIM_CHECK(sim, world_standing(&sim->world, schedule->assigner, record->time) == world_agency(record->assigner),
              "record %llu is given by %.*s", AT(record->seq), TEXT_ARGS(record->assigner));
    model->scheduled_from = schedules_begins(sim, schedule, schedule->next);
    model->scheduled_due = NO_TIME;
    if (schedule->asked->due_at_end)
        model->scheduled_due = days_end_rolled(schedules_calendar_of(sim, schedule),
                                               periods_after(schedule->asked->period, schedule->next) - 1);
}

/* Whether a reason not to make it is one. */
static bool is_founded(struct sim *sim, const struct model_schedule *schedule, int error, int64_t at)
{
    const struct model *model = &sim->model;
    const struct msg_assign *assign = &model->asked.assign;
    const struct msg_content *content = &assign->content;
    const int assigner = world_standing(&sim->world, schedule->assigner, at);
    const uint32_t leads = leads_today(sim, at);
    const uint32_t named = leads | world_mask(content->cooperating) | world_mask(content->observers) |
                           world_mask(content->excluded) |
                           world_one(content->supervisor.size ? world_agency(content->supervisor) : -1);
    uint64_t given = 0;
    switch (error) {
    case COORD_E_AGENCY_CLOSED:
        return !world_is_valid(&sim->world, assigner, at);
    case COORD_E_NOT_ASSIGNABLE:
        for (int i = 0; i < WORLD_AGENCIES; i++)
            if ((named >> i & 1) &&
                (!world_is_valid(&sim->world, i, at) || ((leads >> i & 1) && !sim->world.agencies[i].assignable)))
                return true;
        return leads == 0 ||
               (assign->children_of.size > 0 && !world_is_valid(&sim->world, world_agency(assign->children_of), at));
    case COORD_E_REFERENCE_TAKEN:
        for (size_t i = 0; i < model->task_count; i++)
            if (model->tasks[i].assigner == assigner &&
                strncmp(model->tasks[i].reference, assign->reference.data, assign->reference.size) == 0)
                return true;
        return false;
    case COORD_E_STORAGE_LIMITED: /* 5 is the least that this broker allows */
        for (size_t i = 0; i < model->task_count; i++)
            given += model->tasks[i].assigner == assigner;
        return given + (uint32_t)__builtin_popcount(leads) > 5;
    case COORD_E_NOT_TASKABLE:
        return sim->world.by_tree;
    case COORD_E_UPWARD_DIRECTIVE:
        for (int i = 0; i < WORLD_AGENCIES; i++)
            if ((leads >> i & 1) && world_covers(&sim->world, i, assigner))
                return true;
        return false;
    case COORD_E_DUPLICATE_ROLE:
        return assign->children_of.size > 0 || content->excluded.count > 0;
    case COORD_E_TASK_UNKNOWN:
    case COORD_E_NOT_AUTHORISED:
    case COORD_E_DUE_AFTER_PARENT:
        return MSG_HAS(content, content, parent) || MSG_HAS(content, content, follows);
    case COORD_E_DOCUMENT_OVER:
    case COORD_E_PARAGRAPH_UNKNOWN:
        return documents_refuse(sim, content, error);
    case COORD_E_CALENDAR_RANGE:
        return schedule->next > DATE_LAST_OF_MODEL - 400;
    default:
        return error == COORD_E_OUT_OF_RANGE && schedule->asked->schedule.size > 50;
    }
}

/* Only on record: it was missed, and its schedule says so, or another has begun since. */
static int passed_over(const struct sim *sim, const struct model_schedule *schedule, int64_t next, int64_t now)
{
    const struct msg_schedule *asked = schedule->asked;
    const int catchup = MSG_HAS(asked, schedule, catchup) ? asked->catchup : CATCHUP_MERGE;
    if (catchup != CATCHUP_FIRE && next != NO_TIME && schedules_begins(sim, schedule, next) <= now)
        return catchup;
    if (catchup == CATCHUP_RECORD && schedules_begins(sim, schedule, schedule->next) <= sim->model.missed_until)
        return CATCHUP_RECORD;
    return 0;
}

static void check_trouble(struct sim *sim, const struct model_schedule *schedule, const struct msg_record *record)
{
    const struct text name = record->scheduled.error;
    const struct error_row *row = error_row_named(name.data, name.size);
    const int assigner = world_standing(&sim->world, schedule->assigner, record->time);
    const bool hears = world_is_valid(&sim->world, assigner, record->time);
    SIM_CHECK(sim, row && is_founded(sim, schedule, row->error, record->time),
              "record %llu makes nothing, for no reason: %.*s", AT(record->seq), TEXT_ARGS(record->reason));
    if (hears)
        rules_check_told(sim, record, world_one(assigner), NOTICE_CANCELLED, SEVERITY_WARNING);
    else
        SIM_CHECK(sim, record->to.count == 0, "record %llu tells somebody who is gone", AT(record->seq));
}

void schedules_learn_period(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const struct msg_scheduled *came = &record->scheduled;
    struct model_schedule *schedule = schedules_in_turn(sim, record);
    check_named(sim, schedule, record);
    ask_today(sim, schedule, record->time);
    const int64_t after = periods_after(schedule->asked->period, schedule->next),
                  next = schedules_within(schedule->asked, schedule->periods + 1, after);
    const int over = passed_over(sim, schedule, next, record->time);
    const uint32_t leads = leads_today(sim, record->time);
    SIM_CHECK(sim, (MSG_HAS(came, scheduled, next) ? schedules_read_day(came->next) : NO_TIME) == next,
              "record %llu is followed by %.*s", AT(record->seq), TEXT_ARGS(came->next));
    SIM_CHECK(sim, over == (MSG_HAS(record, record, missed) ? record->missed : 0),
              "record %llu is passed over, or not, and was not, or was: %d", AT(record->seq), over);
    SIM_CHECK(sim, came->made == model->scheduled_made, "record %llu says %llu were made, and %u were", AT(record->seq),
              AT(came->made), model->scheduled_made);
    if (MSG_HAS(came, scheduled, error))
        check_trouble(sim, schedule, record);
    SIM_CHECK(sim, came->made == (over || MSG_HAS(came, scheduled, error) ? 0 : (uint32_t)__builtin_popcount(leads)),
              "record %llu made %llu tasks", AT(record->seq), AT(came->made));
    model->periods_made += came->made > 0;
    model->periods_over += over != 0;
    model->periods_refused += MSG_HAS(came, scheduled, error);
    model->scheduled_made = 0;
    schedule->last = schedule->next;
    schedule->next = next;
    schedule->periods++;
    schedule->made += came->made;
}
