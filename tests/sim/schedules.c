/* Recurring tasks, in the model's words: a schedule's periods are found day by day, each comes once and in its turn, and what is
 * made of it is what `assign` would have made when it came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* ---- periods, day by day ---- */

/* Whether a day is the first of a period: 1970-01-05 was a Monday. */
static bool is_first(int period, int64_t day)
{
    static const char *const months[] = {
        [PERIOD_MONTHLY] = "01 02 03 04 05 06 07 08 09 10 11 12",
        [PERIOD_QUARTERLY] = "01 04 07 10",
        [PERIOD_HALF_YEARLY] = "01 07",
        [PERIOD_ANNUAL] = "01",
    };
    char text[11], month[3];
    if (period == PERIOD_WEEKLY)
        return (day - 4) % 7 == 0;
    days_write(day, text);
    snprintf(month, sizeof month, "%.2s", text + 5);
    return strcmp(text + 8, "01") == 0 && strstr(months[period], month);
}

int64_t periods_first(int period, int64_t day)
{
    while (!is_first(period, day))
        day--;
    return day;
}

int64_t periods_after(int period, int64_t day)
{
    do
        day++;
    while (!is_first(period, day));
    return day;
}

void periods_name(int period, int64_t begin, char name[PERIOD_ROOM])
{
    char text[11], other[11];
    int weeks = 1;
    days_write(begin, text);
    const int month = atoi(text + 5);
    switch (period) {
    case PERIOD_WEEKLY: /* the Thursdays of its year, up to its own */
        days_write(begin + 3, text);
        for (int64_t day = begin + 3 - 7; days_write(day, other), strncmp(other, text, 4) == 0; day -= 7)
            weeks++;
        snprintf(name, PERIOD_ROOM, "%.4s-W%02d", text, weeks);
        break;
    case PERIOD_MONTHLY:
        snprintf(name, PERIOD_ROOM, "%.7s", text);
        break;
    case PERIOD_QUARTERLY:
        snprintf(name, PERIOD_ROOM, "%.4s-Q%d", text, month / 3 + 1);
        break;
    case PERIOD_HALF_YEARLY:
        snprintf(name, PERIOD_ROOM, "%.4s-H%d", text, month < 7 ? 1 : 2);
        break;
    default:
        snprintf(name, PERIOD_ROOM, "%.4s", text);
    }
}

static const struct world_calendar *calendar_of(const struct sim *sim, const struct model_schedule *schedule)
{
    return &sim->world.calendars[schedule->calendar];
}

static int64_t begins(const struct sim *sim, const struct model_schedule *schedule, int64_t day)
{
    return days_end(calendar_of(sim, schedule), day - 1);
}

/* The day itself, or NO_TIME when the schedule has come to its end before it. */
static int64_t within(const struct msg_schedule *asked, uint64_t periods, int64_t day)
{
    char text[11];
    days_write(day, text);
    const bool is_past = MSG_HAS(asked, schedule, until) && memcmp(text, asked->until.data, 10) > 0;
    return !days_are_named(day) || is_past || (MSG_HAS(asked, schedule, count) && periods >= asked->count) ? NO_TIME
                                                                                                           : day;
}

/* ---- which ---- */

static bool is_of(const struct sim *sim, const struct model_schedule *schedule, int agency, int64_t now)
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

/* What is restricted is nobody's to see or to change in another's name. */
static bool is_restricted(const struct model_schedule *schedule)
{
    return schedule->asked->content.scope == SCOPE_RESTRICTED;
}

/* One's own, or else the first that one stands for; of `assigner` when it is given (−1: not), or that was so once. */
static struct model_schedule *find(struct sim *sim, int agency, struct text id, int assigner, int64_t now)
{
    struct model *model = &sim->model;
    struct model_schedule *found = NULL;
    for (size_t i = 0; i < model->schedule_count; i++) {
        struct model_schedule *schedule = &model->schedules[i];
        if (!text_equal(schedule->asked->schedule, id) || !is_of(sim, schedule, agency, now))
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
        if (schedule->next != NO_TIME && begins(sim, schedule, schedule->next) < next)
            next = begins(sim, schedule, schedule->next);
    }
    return next;
}

/* The first of those that have begun by then. */
static struct model_schedule *in_turn(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const int64_t next = schedules_next(sim);
    SIM_CHECK(sim, next <= record->time, "record %llu is of a period that has not begun", AT(record->seq));
    for (size_t i = 0; i < model->schedule_count; i++)
        if (model->schedules[i].next != NO_TIME && begins(sim, &model->schedules[i], model->schedules[i].next) == next)
            return &model->schedules[i];
    return NULL;
}

/* ---- set and ended ---- */

static int64_t read_day(struct text text)
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
        next = periods_first(asked->period, read_day(asked->from));
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
    struct model_schedule *old = find(sim, actor, asked->schedule, -1, record->time);
    const int calendar = MSG_HAS(asked, schedule, calendar) ? world_calendar(asked->calendar) : 0;
    SIM_CHECK(sim, calendar >= 0 && sim->world.calendars[calendar].exists, "record %llu goes by no calendar",
              AT(record->seq));
    const int64_t next = first_asked(sim, old, asked, &sim->world.calendars[calendar], record);
    const bool runs = old && old->next != NO_TIME;
    SIM_CHECK(sim, !old || !is_restricted(old) || !MSG_HAS(record, record, stand_in),
              "record %llu changes a restricted schedule in another's name", AT(record->seq));
    SIM_CHECK(sim, old || model->schedule_count < MODEL_SCHEDULES, "too many schedules for this model");
    SIM_CHECK(sim, set->number == (old ? old->number : model->schedule_count + 1), "record %llu is of schedule %llu",
              AT(record->seq), AT(set->number));
    SIM_CHECK(sim, world_agency(set->assigner) == actor && read_day(set->next) == next,
              "record %llu sets a schedule of %.*s that begins on %.*s", AT(record->seq), TEXT_ARGS(set->assigner),
              TEXT_ARGS(set->next));
    SIM_CHECK(sim, within(asked, runs ? old->periods : 0, next) == next, "record %llu sets a schedule that is over",
              AT(record->seq));
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
    struct model_schedule *old = find(sim, actor, end->schedule,
                                      MSG_HAS(end, schedule_end, assigner) ? world_agency(end->assigner) : -1,
                                      record->time);
    SIM_CHECK(sim,
              old && old->next != NO_TIME && old->number == record->schedule_set.number &&
                  !(is_restricted(old) && MSG_HAS(record, record, stand_in)),
              "record %llu ends a schedule that does not run", AT(record->seq));
    old->next = NO_TIME;
}

/* ---- what is made of a period ---- */

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
    struct model_schedule *schedule = in_turn(sim, record);
    check_named(sim, schedule, record);
    ask_today(sim, schedule, record->time);
    SIM_CHECK(sim, world_standing(&sim->world, schedule->assigner, record->time) == world_agency(record->assigner),
              "record %llu is given by %.*s", AT(record->seq), TEXT_ARGS(record->assigner));
    model->scheduled_from = begins(sim, schedule, schedule->next);
    model->scheduled_due = NO_TIME;
    if (schedule->asked->due_at_end)
        model->scheduled_due = days_end_rolled(calendar_of(sim, schedule),
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
    if (catchup != CATCHUP_FIRE && next != NO_TIME && begins(sim, schedule, next) <= now)
        return catchup;
    if (catchup == CATCHUP_RECORD && begins(sim, schedule, schedule->next) <= sim->model.missed_until)
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
    struct model_schedule *schedule = in_turn(sim, record);
    check_named(sim, schedule, record);
    ask_today(sim, schedule, record->time);
    const int64_t after = periods_after(schedule->asked->period, schedule->next),
                  next = within(schedule->asked, schedule->periods + 1, after);
    const int over = passed_over(sim, schedule, next, record->time);
    const uint32_t leads = leads_today(sim, record->time);
    SIM_CHECK(sim, (MSG_HAS(came, scheduled, next) ? read_day(came->next) : NO_TIME) == next,
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

/* ---- what is shown, and refused ---- */

static void compare(struct sim *sim, const struct model_schedule *schedule, const struct msg_schedule *shown)
{
    SIM_CHECK(
        sim,
        schedule->number == shown->number && schedule->periods == shown->periods && schedule->made == shown->made &&
            schedule->next == (MSG_HAS(shown, schedule, next) ? read_day(shown->next) : NO_TIME) &&
            world_agency(shown->assigner) == world_standing(&sim->world, schedule->assigner, sim->model.decided) &&
            (MSG_HAS(shown, schedule, set_by) ? world_agency(shown->set_by) : world_agency(shown->assigner)) ==
                schedule->assigner,
        "schedule %llu is shown otherwise than it is", AT(schedule->number));
}

bool schedules_check_read(struct sim *sim, const struct request *request, struct text id)
{
    const struct model *model = &sim->model;
    const struct msg_schedule_get *get = &model->asked.schedule_get;
    const struct msg_schedule_list list = model->asked.schedule_list;
    const int agency = sim->model.name;
    struct problem problem = {0};
    if (request->op == OP_SCHEDULE_GET) {
        struct msg_schedule_reply reply;
        const struct model_schedule *schedule = find(
            sim, agency, get->schedule, MSG_HAS(get, schedule_get, assigner) ? world_agency(get->assigner) : -1,
            model->decided);
        SIM_CHECK(sim,
                  schedule && !(is_restricted(schedule) && model->by >= 0) &&
                      decoder_read(model->decoder, &message_schedule_reply, &reply, &problem) == 0,
                  "%.*s is shown a schedule that is none of its own", TEXT_ARGS(id));
        compare(sim, schedule, &reply.schedule);
        return true;
    }
    if (request->op != OP_SCHEDULE_LIST)
        return false;
    struct msg_schedules_reply reply;
    uint32_t at = 0;
    SIM_CHECK(sim, decoder_read(model->decoder, &message_schedules_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    for (uint64_t i = list.after; i < model->schedule_count; i++) {
        const struct model_schedule *schedule = &model->schedules[i];
        if (!is_of(sim, schedule, agency, model->decided) || (schedule->next == NO_TIME && !list.ended) ||
            (is_restricted(schedule) && model->by >= 0))
            continue;
        if (at == reply.schedules.count) {
            SIM_CHECK(sim, MSG_HAS(&reply, schedules_reply, next), "%.*s is not shown schedule %llu", TEXT_ARGS(id),
                      AT(schedule->number));
            return true;
        }
        compare(sim, schedule, &reply.schedules.items[at++]);
    }
    SIM_CHECK(sim, at == reply.schedules.count, "%.*s is shown too many schedules", TEXT_ARGS(id));
    return true;
}

bool schedules_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    struct model *model = &sim->model;
    const int agency = sim->model.name;
    const bool gets = request->op == OP_SCHEDULE_GET;
    const struct text name = gets ? model->asked.schedule_get.schedule : model->asked.schedule_end.schedule;
    const bool has = gets ? MSG_HAS(&model->asked.schedule_get, schedule_get, assigner)
                          : MSG_HAS(&model->asked.schedule_end, schedule_end, assigner);
    const struct text of = gets ? model->asked.schedule_get.assigner : model->asked.schedule_end.assigner;
    if (gets || request->op == OP_SCHEDULE_END) {
        const struct model_schedule *meant = find(sim, agency, name, has ? world_agency(of) : -1, model->decided);
        if (error == COORD_E_SCHEDULE_UNKNOWN)
            SIM_CHECK(sim, !meant || (is_restricted(meant) && model->by >= 0), "%.*s: there is such a schedule",
                      TEXT_ARGS(id));
        return true;
    }
    if (request->op != OP_SCHEDULE_SET)
        return false;
    const bool has_calendar = MSG_HAS(&model->asked.schedule_set.schedule, schedule, calendar);
    const int calendar = has_calendar ? world_calendar(model->asked.schedule_set.schedule.calendar) : 0;
    if (error == COORD_E_CALENDAR_UNKNOWN)
        SIM_CHECK(sim, calendar < 0 || !sim->world.calendars[calendar].exists, "%.*s: the calendar is there",
                  TEXT_ARGS(id));
    if (error == COORD_E_NOT_TASKABLE)
        SIM_CHECK(sim, sim->world.by_tree, "%.*s: anybody may task anybody", TEXT_ARGS(id));
    return true;
}
