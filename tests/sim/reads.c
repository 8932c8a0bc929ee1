/* What reads show: all that is on disk, nothing else, and to nobody who may not see it. */
#include "sim/sim.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"

static int asker(const struct sim *sim, const struct request *request)
{
    (void)request;
    return sim->model.name;
}

/* ---- hello ---- */

static void check_hello(struct sim *sim, const struct request *request, struct text id)
{
    const struct world_key *key = &sim->world.keys[request->key];
    struct msg_hello_reply reply;
    SIM_READ(sim, id, hello_reply, &reply);
    SIM_CHECK(sim,
              world_agency(reply.agency) == key->agency && text_equal(reply.key, text_of(key->label)) &&
                  reply.rights == key->rights && reply.time == sim->model.decided,
              "%.*s: hello takes key %d for another's", TEXT_ARGS(id), request->key);
    const struct msg_hello *asked = &sim->model.asked.hello;
    const bool says = MSG_HAS(&reply, hello_reply, bundles);
    SIM_CHECK(sim, !says || (MSG_HAS(asked, hello, bundles) && reply.bundles == asked->bundles),
              "%.*s: hello says of bundles what was not asked", TEXT_ARGS(id));
    uint32_t stood = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        stood |= world_stand_in(&sim->world, i, sim->model.decided) == key->agency ? world_one(i) : 0;
    SIM_CHECK(sim, world_mask(reply.stands_in_for) == stood, "%.*s: hello says that key %d stands in for %x, not %x",
              TEXT_ARGS(id), request->key, world_mask(reply.stands_in_for), stood);
    SIM_CHECK(sim, reply.seq == sim->model.count, "%.*s: hello tells of record %llu, on disk are %zu", TEXT_ARGS(id),
              (unsigned long long)reply.seq, sim->model.count);
}

/* ---- a task ---- */

static uint32_t fired_or_none(const struct model_task *task)
{
    uint32_t any = 0;
    for (int i = 0; i < WORLD_STEPS; i++)
        any |= task->fired[i];
    return any;
}

/* Open, it waits for whoever stands for those that it was told to; then it says who those were. */
static uint32_t waits_for(const struct sim *sim, const struct model_task *task,
                          const struct model_escalation *escalation)
{
    return model_is_open(escalation) ? rules_standing_all(&sim->world, task, escalation->to, sim->model.decided)
                                     : escalation->to;
}

static void compare_escalations(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    SIM_CHECK(sim, shown->escalations.count == (uint32_t)task->escalation_count,
              "task %llu is shown with %u escalations, and has %d", (unsigned long long)task->number,
              shown->escalations.count, task->escalation_count);
    for (int i = 0; i < task->escalation_count; i++) {
        const struct msg_escalation *one = &shown->escalations.items[i];
        const struct model_escalation *known = &task->escalations[i];
        SIM_CHECK(sim,
                  one->escalation == known->id && world_mask(one->to) == waits_for(sim, task, known) &&
                      one->level == (uint64_t)known->level && one->opened == known->opened &&
                      MSG_HAS(one, escalation, acknowledged) == known->acknowledged &&
                      MSG_HAS(one, escalation, closed) == known->closed,
                  "task %llu is shown with another escalation %llu", (unsigned long long)task->number,
                  (unsigned long long)known->id);
    }
    for (uint32_t i = 0; i < shown->fired.count && i < WORLD_STEPS; i++)
        SIM_CHECK(sim, shown->fired.items[i] == task->fired[i], "task %llu: step %u is shown to have fired %llu times",
                  (unsigned long long)task->number, i, (unsigned long long)shown->fired.items[i]);
    SIM_CHECK(sim, shown->fired.count > 0 || fired_or_none(task) == 0, "task %llu is shown as if nothing had fired",
              (unsigned long long)task->number);
}

#define SAME_TIME(field)                                                                                               \
    SIM_CHECK(sim, (MSG_HAS(shown, task, field) ? shown->field : NO_TIME) == task->field,                              \
              "task %llu is shown with another `" #field "`", (unsigned long long)task->number)

/* One item for each role whose holder has ended and is succeeded: who it was, who it is, and since when. */
static void compare_successions(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    const uint32_t holders[] = {[ROLE_ASSIGNER] = world_one(task->assigner),
                                [ROLE_LEAD] = world_one(task->lead),
                                [ROLE_SUPERVISOR] = world_one(task->supervisor),
                                [ROLE_COOPERATING] = task->cooperating,
                                [ROLE_OBSERVER] = task->observers};
    uint32_t wanted = 0, found = 0;
    for (int role = 0; role < (int)(sizeof holders / sizeof *holders); role++)
        for (int i = 0; i < WORLD_AGENCIES; i++)
            wanted += (holders[role] >> i & 1) && world_standing(&sim->world, i, sim->model.decided) != i;
    for (uint32_t i = 0; i < shown->successions.count; i++) {
        const struct msg_succession *item = &shown->successions.items[i];
        const int agency = world_agency(item->agency);
        found += item->role > 0 && item->role < (int)(sizeof holders / sizeof *holders) && agency >= 0 &&
                 (holders[item->role] >> agency & 1) &&
                 world_agency(item->successor) == rules_standing(&sim->world, task, agency, sim->model.decided) &&
                 item->since == world_standing_since(&sim->world, agency, sim->model.decided);
    }
    SIM_CHECK(sim, found == wanted && shown->successions.count == wanted,
              "task %llu is shown with %u successions, %u of them so, and has %u", (unsigned long long)task->number,
              shown->successions.count, found, wanted);
    sim->model.successions += wanted;
}

static bool stands(const struct sim *sim, const struct model_task *task, struct text shown, int agency)
{
    return world_agency(shown) == rules_standing(&sim->world, task, agency, sim->model.decided);
}

static bool is_mask(const struct texts *shown, uint32_t agencies)
{
    const uint32_t mask = world_mask(*shown);
    return mask == agencies && shown->count == (uint32_t)__builtin_popcount(mask);
}

/* Who answers is named as who stands for it now. */
void reads_compare_task(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency)
{
    const struct world *world = &sim->world;
    const int64_t now = sim->model.decided;
    SIM_CHECK(sim, shown->version == task->version && shown->state == task->state && shown->record == task->record,
              "task %llu is shown at version %llu, state %d; on disk it is at %llu, %d",
              (unsigned long long)task->number, (unsigned long long)shown->version, shown->state,
              (unsigned long long)task->version, task->state);
    SIM_CHECK(sim,
              stands(sim, task, shown->lead, task->lead) && stands(sim, task, shown->assigner, task->assigner) &&
                  stands(sim, task, shown->supervisor, task->supervisor) &&
                  is_mask(&shown->cooperating, rules_standing_all(world, task, task->cooperating, now)) &&
                  is_mask(&shown->observers, rules_standing_all(world, task, task->observers, now)) &&
                  is_mask(&shown->excluded, world_standing_all(world, task->excluded, now)) &&
                  shown->kind == task->kind && shown->answer == task->answer &&
                  (shown->scope == SCOPE_RESTRICTED) == task->restricted && shown->reporting == task->reporting &&
                  text_equal(shown->reference, text_of(task->reference)),
              "task %llu is shown with other roles or rules", (unsigned long long)task->number);
    SAME_TIME(assigned);
    SAME_TIME(due);
    SAME_TIME(original_due);
    SAME_TIME(accept_due);
    SAME_TIME(report_due);
    SAME_TIME(reported);
    SAME_TIME(submitted);
    SAME_TIME(closed);
    SAME_TIME(suspended);
    SAME_TIME(until);
    SIM_CHECK(sim, (MSG_HAS(shown, task, percent) ? (int)shown->percent : -1) == task->percent,
              "task %llu is shown with another percentage", (unsigned long long)task->number);
    SIM_CHECK(sim, shown->timeliness == ladder_timeliness(sim, task, sim->model.decided),
              "task %llu is shown as %d, and is %d", (unsigned long long)task->number, shown->timeliness,
              ladder_timeliness(sim, task, sim->model.decided));
    parts_compare(sim, task, shown, agency);
    waits_compare(sim, task, shown);
    documents_compare(sim, task, shown);
    targets_compare(sim, task, shown);
    compare_escalations(sim, task, shown);
    compare_successions(sim, task, shown);
    asked_compare(sim, task, shown);
    opinions_compare(sim, task, shown);
    custody_compare(sim, task, shown);
    bounces_compare(sim, task, shown);
}

/* In whose name it is shown: another's where that was asked for, or one's own does not read it. */
static int shown_to(const struct sim *sim, const struct request *request, const struct model_task *task,
                    const struct msg_task_reply *reply, int *by)
{
    const struct world *world = &sim->world;
    const int own = world->keys[request->key].agency;
    const int64_t now = sim->model.decided;
    if (!MSG_HAS(reply, task_reply, stands_in_for)) {
        *by = -1;
        SIM_CHECK(sim, request->name < 0 || request->name == own, "r%zu is shown in one's own name", request->id);
        return own;
    }
    const int name = world_agency(reply->stands_in_for);
    *by = own;
    SIM_CHECK(sim,
              world_stand_in(world, name, now) == own &&
                  (request->name == name || (request->name < 0 && !rules_may_read(world, task, own, now))) &&
                  names_reads_as(world, task, own, name, now),
              "r%zu is shown in the name of %s", request->id, world_agency_ids[name]);
    return name;
}

/* Where nobody is named, what may be done in any name. */
static uint32_t may_in_names(const struct sim *sim, const struct request *request, const struct model_task *task,
                             int by, int agency)
{
    const struct world *world = &sim->world;
    const int64_t now = sim->model.decided;
    if (by >= 0)
        return names_may(world, task, by, agency, now);
    uint32_t may = rules_may(world, task, agency, now);
    for (int i = 0; request->name < 0 && i < WORLD_AGENCIES; i++)
        if (world_stand_in(world, i, now) == agency)
            may |= names_may(world, task, agency, i, now);
    return may;
}

bool reads_contradicts(const struct sim *sim, const struct model_task *task, const struct msg_task_get *asked)
{
    const int named = MSG_HAS(asked, task_get, assigner) ? world_agency(asked->assigner) : task->assigner;
    if (!MSG_HAS(asked, task_get, task))
        return false;
    return (named != task->assigner && named != world_standing(&sim->world, task->assigner, sim->model.decided)) ||
           (MSG_HAS(asked, task_get, reference) && !text_equal(asked->reference, text_of(task->reference)));
}

static void check_task_get(struct sim *sim, const struct request *request, struct text id)
{
    const struct world *world = &sim->world;
    struct msg_task_reply reply;
    int by;
    SIM_READ(sim, id, task_reply, &reply);
    SIM_CHECK(sim, reply.task.task <= sim->model.task_count, "%.*s shows a task that is not on disk", TEXT_ARGS(id));
    const struct model_task *task = &sim->model.tasks[reply.task.task - 1];
    const int agency = shown_to(sim, request, task, &reply, &by);
    SIM_CHECK(sim, rules_may_read(world, task, agency, sim->model.decided),
              "%.*s shows %s a task that is none of its business", TEXT_ARGS(id), world_agency_ids[agency]);
    reads_compare_task(sim, task, &reply.task, agency);
    const bool may_act = world->keys[request->key].rights & TERM_BIT(RIGHT_ACT);
    const uint32_t may = may_act ? may_in_names(sim, request, task, by, agency) : 0;
    SIM_CHECK(sim, reply.may == may, "%.*s: %s may do %x to task %llu, and is told %x", TEXT_ARGS(id),
              world_agency_ids[agency], may, (unsigned long long)task->number, (unsigned)reply.may);
    const struct msg_task_get *asked = &sim->model.asked.task_get;
    SIM_CHECK(sim, !MSG_HAS(asked, task_get, task) || asked->task == task->number, "%.*s shows another task",
              TEXT_ARGS(id));
    SIM_CHECK(sim, !reads_contradicts(sim, task, asked), "%.*s shows a task of which it says what is not so",
              TEXT_ARGS(id));
    const int asks_as = request->name < 0 ? world->keys[request->key].agency : agency;
    const int assigner = MSG_HAS(asked, task_get, assigner) ? world_agency(asked->assigner) : asks_as;
    SIM_CHECK(sim,
              MSG_HAS(asked, task_get, task) || task->assigner == assigner ||
                  world_standing(world, task->assigner, sim->model.decided) == assigner,
              "%.*s shows a task of neither this assigner nor one that it has succeeded", TEXT_ARGS(id));
    sim->model.exact++;
}

void reads_allow_history(struct sim *sim, const struct request *request)
{
    const struct msg_task_history *asked = &sim->model.asked.task_history;
    const bool is_there = asked->task >= 1 && asked->task <= sim->model.task_count;
    const struct model_task *task = is_there ? &sim->model.tasks[asked->task - 1] : NULL;
    const bool reads = is_there && names_may_read(sim, task);
    const uint64_t shown = is_there ? names_shown(sim, task) : 0;
    SIM_CHECK(sim, reads || shown, "r%zu shows the history of a task that is none of its business", request->id);
    sim->model.newest = reads ? task->record : shown;
}

/* The task's records, newest first, each the very bytes that are on disk. */
static void check_history(struct sim *sim, struct text id)
{
    const struct msg_task_history *asked = &sim->model.asked.task_history;
    struct msg_records_reply reply;
    SIM_READ(sim, id, records_reply, &reply);
    const uint64_t limit = MSG_HAS(asked, task_history, limit) ? asked->limit : 100;
    uint32_t found = 0;
    uint64_t seq = sim->model.newest;
    if (MSG_HAS(asked, task_history, before)) {
        const bool is_its_own = asked->before <= sim->model.count &&
                                sim->model.records[asked->before - 1].task == asked->task;
        seq = is_its_own ? asked->before - 1 : 0;
    }
    for (; seq > 0 && found < limit; seq--) {
        uint64_t hash[2];
        if (sim->model.records[seq - 1].task != asked->task)
            continue;
        SIM_CHECK(sim, found < reply.records.count, "%.*s leaves record %llu out", TEXT_ARGS(id),
                  (unsigned long long)seq);
        digest_128(reply.records.items[found].data, reply.records.items[found].size, (uint8_t *)hash);
        SIM_CHECK(sim, memcmp(hash, sim->model.records[seq - 1].hash, sizeof hash) == 0,
                  "%.*s shows another record than %llu", TEXT_ARGS(id), (unsigned long long)seq);
        found++;
    }
    SIM_CHECK(sim, found == reply.records.count, "%.*s shows %u records, which are %u", TEXT_ARGS(id),
              reply.records.count, found);
    sim->model.exact++;
}

static void check_custody(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_task_custody_reply reply;
    SIM_READ(sim, id, task_custody_reply, &reply);
    custody_check(sim, asker(sim, request), &reply);
}

/* ---- days ---- */

static void check_explain(struct sim *sim, struct text id)
{
    const struct msg_calendar_explain *asked = &sim->model.asked.calendar_explain;
    const int number = world_calendar(MSG_HAS(asked, calendar_explain, calendar) ? asked->calendar : TEXT("default"));
    struct msg_explain_reply reply;
    SIM_READ(sim, id, explain_reply, &reply);
    char words[33], from_text[11], day_text[11];
    int64_t from = 0, day = 0, due = 0;
    SIM_CHECK(sim, number >= 0 && sim->world.calendars[number].exists, "%.*s explains no calendar", TEXT_ARGS(id));
    const struct world_calendar *calendar = &sim->world.calendars[number];
    if (!MSG_HAS(asked, calendar_explain, add))
        return; /* a suspension: outcome.c holds those of tasks against the rule */
    snprintf(from_text, sizeof from_text, "%.*s", TEXT_ARGS(asked->from));
    snprintf(words, sizeof words, "%.*s", TEXT_ARGS(asked->add));
    SIM_CHECK(sim, days_read(from_text, &from), "%.*s counts from %s", TEXT_ARGS(id), from_text);
    const bool by_hours = strstr(words, "wh") != NULL; /* which begin at once */
    SIM_CHECK(sim, days_due(calendar, words, days_end(calendar, from - by_hours) - !by_hours, &due) == 0,
              "%.*s counts %s", TEXT_ARGS(id), words);
    day = days_last(calendar, due);
    days_write(day, day_text);
    SIM_CHECK(sim, text_equal(reply.day, text_of(day_text)) && reply.working_days == days_between(calendar, from, day),
              "%.*s: %s and %s make %.*s, %lld working days; by the model %s, %lld", TEXT_ARGS(id), from_text, words,
              TEXT_ARGS(reply.day), (long long)reply.working_days, day_text,
              (long long)days_between(calendar, from, day));
    sim->model.exact++;
}

/* An answer that waited for its connection tells of the clock as it was then. */
static void check_clock(struct sim *sim, struct text id, bool is_doubtful)
{
    SIM_CHECK(sim, sim->model.has_waited || is_doubtful == sim->model.clock.doubted, "%.*s says otherwise of its clock",
              TEXT_ARGS(id));
}

/* Which store it is, which it was, and whether its clock is believed. */
static void check_status(struct sim *sim, struct text id)
{
    const struct model *model = &sim->model;
    const struct text store = {(const char *)model->store, sizeof model->store},
                      ancestor = {(const char *)model->ancestor, sizeof model->ancestor};
    struct msg_status_reply reply;
    SIM_READ(sim, id, status_reply, &reply);
    SIM_CHECK(sim,
              text_equal(reply.store, store) && reply.parted == model->parted &&
                  (model->parted == 0 || text_equal(reply.ancestor, ancestor)),
              "%.*s takes the store for another, or says that it parted at %llu, not %llu", TEXT_ARGS(id),
              (unsigned long long)reply.parted, (unsigned long long)model->parted);
    check_clock(sim, id, reply.clock_doubtful);
    sim->model.exact++;
}

/* Of sums nothing can be said from outside; whose account it is, and whether its clock is believed, can. */
static void check_load(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_load_reply reply;
    SIM_READ(sim, id, load_reply, &reply);
    SIM_CHECK(sim, world_agency(reply.account.agency) == asker(sim, request), "%.*s shows another's account",
              TEXT_ARGS(id));
    check_clock(sim, id, reply.clock_doubtful);
    sim->model.exact++;
}

static void check_hot_spots(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_hot_spots_reply reply;
    SIM_READ(sim, id, hot_spots_reply, &reply);
    hot_spots_check_list(sim, &sim->model.asked.hot_spot_list, &reply, request->key, asker(sim, request));
    sim->model.exact++;
}

static void check_hot_spot(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_hot_spot_reply reply;
    SIM_READ(sim, id, hot_spot_reply, &reply);
    hot_spots_check_get(sim, &reply, request->key, asker(sim, request));
    sim->model.exact++;
}

void reads_check(struct sim *sim, const struct request *request, struct text id)
{
    switch (request->op) {
    case OP_HELLO:
        check_hello(sim, request, id);
        break;
    case OP_TASK_GET:
        check_task_get(sim, request, id);
        break;
    case OP_TASK_HISTORY:
        check_history(sim, id);
        break;
    case OP_TASK_CUSTODY:
        check_custody(sim, request, id);
        break;
    case OP_TASK_EXPLAIN:
        explained_check(sim, id);
        break;
    case OP_HOT_SPOT_LIST:
        check_hot_spots(sim, request, id);
        break;
    case OP_HOT_SPOT_GET:
        check_hot_spot(sim, request, id);
        break;
    case OP_CALENDAR_EXPLAIN:
        check_explain(sim, id);
        break;
    case OP_DOCUMENT_GET:
    case OP_DOCUMENT_LIST:
    case OP_DOCUMENT_COVERAGE:
        documents_check_read(sim, request, id);
        break;
    case OP_TARGET_GET:
    case OP_TARGET_LIST:
        targets_check_read(sim, request, id);
        break;
    case OP_STATUS:
        check_status(sim, id);
        break;
    case OP_LOAD:
        check_load(sim, request, id);
        break;
    default:
        if (schedules_check_read(sim, request, id))
            break;
        lists_check(sim, request, id);
        break;
    }
}
