/* In whose name a request is made: the sender's own, or that of an agency that it stands in for, as it says or as the task leaves no
 * other. Written from the words of the protocol: own roles come first; who leads a task does nothing on it in another's name; what
 * excludes the stand-in is kept from it, and so is what is restricted.
 */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

bool names_reads_as(const struct world *world, const struct model_task *task, int by, int name, int64_t now)
{
    return !task->restricted && rules_may_read(world, task, name, now) && !(rules_excluded(world, task, now) >> by & 1);
}

bool names_leads(const struct world *world, const struct model_task *task, int by, int name, int64_t now)
{
    const int lead = rules_standing(world, task, task->lead, now);
    return lead != name && (lead == by || world_stand_in(world, lead, now) == by);
}

uint32_t names_may(const struct world *world, const struct model_task *task, int by, int name, int64_t now)
{
    return names_reads_as(world, task, by, name, now) && !names_leads(world, task, by, name, now)
               ? rules_may(world, task, name, now)
               : 0;
}

/* Whether its roles allow it in the state that the task is in, whatever there is to do. */
static bool allows(const struct world *world, const struct model_task *task, int agency, int action, int64_t now)
{
    return (rules_roles(world, task, agency, now) & rules_who(action)) &&
           (rules_states(action) & TERM_BIT(task->state));
}

/* The task that a request is about, by its number; NULL for none. */
static const struct model_task *task_of(const struct sim *sim, const struct request *request)
{
    const struct message *message = op_row(request->op)->request;
    const struct field *field = message_field(message, "task", 4);
    uint64_t number = 0;
    if (field && field->type == FIELD_U64)
        memcpy(&number, (const char *)&sim->model.asked + field->offset, sizeof number);
    return number >= 1 && number <= sim->model.task_count ? &sim->model.tasks[number - 1] : NULL;
}

/* Agencies have the order in which they came. */
static uint32_t order_of(const struct sim *sim, int agency)
{
    return core_agency_find(broker_core(sim->broker), text_of(world_agency_ids[agency]));
}

static void speak_for(struct sim *sim, int own, int name)
{
    sim->model.by = name == own ? -1 : own;
    sim->model.name = name;
}

static void choose(struct sim *sim, int own, const struct model_task *task, int action, int64_t now)
{
    const struct world *world = &sim->world;
    const bool reads = rules_may_read(world, task, own, now);
    int chosen = -1, reader = -1, count = 0, barred = 0;
    if (reads && (!action || allows(world, task, own, action, now)))
        return;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        if (world_stand_in(world, i, now) != own || !names_reads_as(world, task, own, i, now))
            continue;
        if (reader < 0 || order_of(sim, i) < order_of(sim, reader))
            reader = i;
        if (!action || !allows(world, task, i, action, now))
            continue;
        if (names_leads(world, task, own, i, now)) {
            barred++;
            continue;
        }
        chosen = i;
        count++;
    }
    sim->model.could_be_several = count > 1 || (count == 1 && barred > 0);
    if (count == 1)
        speak_for(sim, own, chosen);
    else if (count == 0 && !reads && reader >= 0)
        speak_for(sim, own, reader);
}

void names_settle(struct sim *sim, const struct request *request, int64_t now)
{
    const int own = sim->world.keys[request->key].agency;
    const struct op_row *row = op_row(request->op);
    sim->model.name = own;
    sim->model.by = -1;
    sim->model.could_be_several = false;
    if (own < 0 || !row)
        return;
    if (request->name >= 0 && world_stand_in(&sim->world, request->name, now) == own)
        speak_for(sim, own, request->name);
    const struct model_task *task = request->name < 0 ? task_of(sim, request) : NULL;
    const int action = request->op == OP_ASSIGN
                           ? 0
                           : term_number(&vocabulary_action, row->name, (uint32_t)strlen(row->name));
    if (task)
        choose(sim, own, task, action, now);
}

bool names_may_read(const struct sim *sim, const struct model_task *task)
{
    const struct model *model = &sim->model;
    return model->by < 0 ? rules_may_read(&sim->world, task, model->name, model->decided)
                         : names_reads_as(&sim->world, task, model->by, model->name, model->decided);
}

uint64_t names_shown(const struct sim *sim, const struct model_task *task)
{
    const struct model *model = &sim->model;
    const bool is_kept = model->by >= 0 && rules_excluded(&sim->world, task, model->decided) >> model->by & 1;
    return is_kept ? 0 : opinions_shown(&sim->world, task, model->name, model->decided);
}

/* ---- refusals ---- */

#define SAID_AGAIN_MS 5000 /* who stands in for an agency is not said more often */

/* Whether another may not be said yet; a clock may have been set back since. */
static bool was_just_said(const struct world_agency *agency, int64_t now)
{
    return agency->stand_in_said != NO_TIME && agency->stand_in_said <= now &&
           now - agency->stand_in_said < SAID_AGAIN_MS;
}

static bool is_too_soon(const struct sim *sim, const struct request *request)
{
    const struct msg_agency_stand_in *asked = &sim->model.asked.agency_stand_in;
    const int number = MSG_HAS(asked, agency_stand_in, agency) ? world_agency(asked->agency)
                                                               : sim->world.keys[request->key].agency;
    return request->op == OP_AGENCY_STAND_IN && number >= 0 && MSG_HAS(asked, agency_stand_in, by) &&
           was_just_said(&sim->world.agencies[number], sim->model.decided);
}

bool names_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const struct model *model = &sim->model;
    const int own = sim->world.keys[request->key].agency;
    const bool is_strange = request->name >= 0 && request->name != own && model->by < 0;
    const bool is_limit = error_row(error)->retry;
    SIM_CHECK(sim, is_limit || is_strange == (error == COORD_E_NOT_STOOD_IN_FOR), "%.*s: %s %s, and is told %d",
              TEXT_ARGS(id), world_agency_ids[own], is_strange ? "does not stand in for that one" : "may speak so",
              error);
    SIM_CHECK(sim, error != COORD_E_RATE_LIMITED || is_too_soon(sim, request), "%.*s: it was not said just now",
              TEXT_ARGS(id));
    SIM_CHECK(sim, error != COORD_E_WHOSE_NAME || model->could_be_several, "%.*s: one name alone could be meant",
              TEXT_ARGS(id));
    const struct model_task *task = error == COORD_E_NOT_ITS_OWN ? task_of(sim, request) : NULL;
    SIM_CHECK(sim,
              error != COORD_E_NOT_ITS_OWN ||
                  (task && model->by >= 0 && names_leads(&sim->world, task, model->by, model->name, model->decided)),
              "%.*s: who asks does not lead it", TEXT_ARGS(id));
    return error == COORD_E_NOT_STOOD_IN_FOR || error == COORD_E_WHOSE_NAME || error == COORD_E_NOT_ITS_OWN;
}

/* ---- records ---- */

void names_check_record(struct sim *sim, const struct msg_record *record, struct request *request)
{
    struct model *model = &sim->model;
    const bool is_first = !MSG_HAS(record, record, part) || record->part == 0;
    if (is_first)
        names_settle(sim, request, record->time);
    const int name = model->name, by = model->by;
    SIM_CHECK(sim,
              world_agency(record->actor) == name && MSG_HAS(record, record, stand_in) == (by >= 0) &&
                  (by < 0 || world_agency(record->stand_in) == by),
              "record %llu was done by %.*s, in the name of %.*s; by the model in that of %s",
              (unsigned long long)record->seq, TEXT_ARGS(record->stand_in), TEXT_ARGS(record->actor),
              name < 0 ? "nobody" : world_agency_ids[name]);
    const struct model_task *task = is_first && by >= 0 ? task_of(sim, request) : NULL;
    SIM_CHECK(sim, !task || !names_leads(&sim->world, task, by, name, record->time),
              "record %llu: %s leads it, and does it in another's name", (unsigned long long)record->seq,
              world_agency_ids[by < 0 ? 0 : by]);
    if (is_first)
        model->in_names += by >= 0;
}

/* ---- setting one ---- */

/* The stand-ins of all agencies lead nowhere round on any day. */
static void check_circles(struct sim *sim, int agency)
{
    const struct world_agency *agencies = sim->world.agencies;
    int64_t from = NO_TIME, until = INT64_MAX;
    int at = agency;
    for (int steps = 0; steps <= WORLD_AGENCIES && agencies[at].stand_in >= 0 && from < until; steps++) {
        from = agencies[at].stand_from > from ? agencies[at].stand_from : from;
        until = agencies[at].stand_until < until ? agencies[at].stand_until : until;
        at = agencies[at].stand_in;
        SIM_CHECK(sim, at != agency || from >= until, "%s stands in for itself", world_agency_ids[agency]);
    }
}

/* By a request, its first record: by one above both, one of them above the other, or an administrator; who stands in may end it. */
static void check_set(struct sim *sim, const struct msg_record *record, int agency, int before)
{
    const struct msg_agency_stand_in *asked = &sim->model.asked.agency_stand_in;
    const struct world *world = &sim->world;
    const struct world_agency *now = &world->agencies[agency];
    const int actor = world_agency(record->actor);
    const int key = world_labelled(world, actor, record->key);
    SIM_CHECK(
        sim,
        (world_covers(world, actor, agency) && (now->stand_in < 0 || world_covers(world, actor, now->stand_in))) ||
            world_has_right(world, key, RIGHT_ADMINISTER) || (now->stand_in < 0 && before == actor),
        "record %llu: %s says who stands in for %s", (unsigned long long)record->seq, world_agency_ids[actor],
        world_agency_ids[agency]);
    SIM_CHECK(sim, now->stand_in == (MSG_HAS(asked, agency_stand_in, by) ? world_agency(asked->by) : -1),
              "record %llu puts another in", (unsigned long long)record->seq);
    if (now->stand_in < 0)
        return;
    char from[11], until[11];
    const struct world_calendar *calendar = &world->calendars[0];
    const bool has_from = MSG_HAS(asked, agency_stand_in, from);
    int64_t first = days_of(calendar, record->time), last = 0;
    snprintf(from, sizeof from, "%.*s", TEXT_ARGS(asked->from));
    snprintf(until, sizeof until, "%.*s", TEXT_ARGS(asked->until));
    SIM_CHECK(sim,
              (!has_from || days_read(from, &first)) && days_read(until, &last) &&
                  first >= days_of(calendar, record->time) && last >= first &&
                  now->stand_from == days_end(calendar, first - 1) && now->stand_until == days_end(calendar, last),
              "record %llu: from %s to %s is otherwise", (unsigned long long)record->seq, from, until);
}

uint32_t names_learn(struct sim *sim, const struct msg_record *record, int agency, bool is_request)
{
    const struct msg_stand_in *message = &record->agency.stand_in;
    struct world_agency *here = &sim->world.agencies[agency];
    const struct world_agency before = *here;
    const bool has_one = MSG_HAS(&record->agency, agency, stand_in);
    const int stood = here->stand_in >= 0 ? world_stand_in(&sim->world, agency, record->time) : -1;
    const int was = here->stand_in >= 0 && here->stand_until > record->time ? here->stand_in : -1; /* or was to */
    here->stand_in = has_one ? world_agency(message->by) : -1;
    here->stand_from = has_one ? message->from : 0;
    here->stand_until = has_one ? message->until : 0;
    const bool is_same = here->stand_in == before.stand_in && here->stand_from == before.stand_from &&
                         here->stand_until == before.stand_until;
    SIM_CHECK(sim, is_request || is_same || (!has_one && before.stand_until <= record->time),
              "record %llu changes who stands in for %s", (unsigned long long)record->seq, world_agency_ids[agency]);
    check_circles(sim, agency);
    if (!is_request)
        return 0;
    SIM_CHECK(sim, stood < 0 || here->stand_in < 0 || here->stand_from <= record->time,
              "record %llu ends who stands in for %s, and nobody does then", (unsigned long long)record->seq,
              world_agency_ids[agency]);
    SIM_CHECK(sim, !has_one || !was_just_said(here, record->time), "record %llu says again who stands in for %s",
              (unsigned long long)record->seq, world_agency_ids[agency]);
    here->stand_in_said = has_one ? record->time : here->stand_in_said;
    check_set(sim, record, agency, before.stand_in);
    const uint32_t who = world_one(agency) | world_one(here->stand_in) | world_one(was);
    return world_standing_all(&sim->world, who, record->time) & ~world_one(world_agency(record->actor));
}

uint32_t names_also_told(const struct sim *sim, const struct msg_record *record, uint32_t told, uint32_t kept_out)
{
    const int sender = world_agency(MSG_HAS(record, record, stand_in) ? record->stand_in : record->actor);
    uint32_t also = 0;
    if (MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED)
        return 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (told >> i & 1)
            also |= world_one(world_stand_in(&sim->world, i, record->time));
    return also & ~(told | kept_out | world_one(sender));
}
