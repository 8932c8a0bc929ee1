/* What lists show, page by page: every task, escalation, agency, key, calendar and policy that was asked for and may be
 * read, once, in order, and no other.
 */
#include <string.h>

#include "sim/sim.h"

static int asker(const struct sim *sim, const struct request *request)
{
    (void)request;
    return sim->model.name;
}

/* ---- tasks ---- */

static bool holds(const struct sim *sim, const struct msg_task_list *asked, int agency, uint32_t holders)
{
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((holders >> i & 1) && (i == agency || (asked->subtree && world_covers(&sim->world, agency, i))))
            return true;
    return false;
}

/* By its own reference, or by what those of several leads have before the lead's id. */
static bool is_called(const struct model_task *task, struct text reference)
{
    const char *lead = strrchr(task->reference, '/');
    return text_equal(reference, text_of(task->reference)) ||
           (lead && text_equal(reference, (struct text){task->reference, (uint32_t)(lead - task->reference)}) &&
            world_agency(text_of(lead + 1)) >= 0);
}

/* By the roles that were given; that of the superior only when it is asked for. */
static bool matches_role(const struct sim *sim, const struct msg_task_list *asked, const struct model_task *task,
                         int agency)
{
    const uint32_t roles = asked->roles ? (uint32_t)asked->roles : UINT32_MAX; /* an empty list restricts nothing */
    const bool superior = asked->roles && (roles & TERM_BIT(ROLE_LEAD_SUPERIOR));
    uint32_t holders = 0, above = 0;
    if (roles & TERM_BIT(ROLE_LEAD))
        holders |= world_one(task->lead);
    if (roles & TERM_BIT(ROLE_ASSIGNER))
        holders |= world_one(task->assigner);
    if (roles & TERM_BIT(ROLE_SUPERVISOR))
        holders |= world_one(task->supervisor);
    if (roles & TERM_BIT(ROLE_COOPERATING))
        holders |= task->cooperating;
    if (roles & TERM_BIT(ROLE_OBSERVER))
        holders |= task->observers;
    if (superior)
        above |= world_one(
            sim->world.agencies[rules_standing(&sim->world, task, task->lead, sim->model.decided)].parent);
    for (int i = 0; (roles & TERM_BIT(ROLE_ESCALATED)) && i < task->escalation_count; i++)
        holders |= task->escalations[i].to;
    if (roles & TERM_BIT(ROLE_DECIDER))
        holders |= asked_deciders(task);
    const uint32_t asked_of = roles & TERM_BIT(ROLE_CONSULTED) ? opinions_asked(task) : 0;
    above |= asked_of; /* an opinion is owed by whoever stands for one in the tree */
    if (asked->roles && (roles & TERM_BIT(ROLE_DECIDER_SUPERIOR)) && asked_oldest(task))
        above |= rules_holders(&sim->world, task, TERM_BIT(ROLE_DECIDER_SUPERIOR), sim->model.decided);
    /* Whoever has succeeded one that was given a role has what was that one's. */
    return holds(sim, asked, agency,
                 holders | rules_standing_all(&sim->world, task, holders, sim->model.decided) | above |
                     world_standing_all(&sim->world, above, sim->model.decided));
}

static bool wants_task(const struct sim *sim, const struct request *request, const struct model_task *task)
{
    const struct msg_task_list *asked = &sim->model.asked.task_list;
    const int who = asker(sim, request);
    const bool by_role = MSG_HAS(asked, task_list, agency) || asked->roles || asked->subtree;
    const int agency = MSG_HAS(asked, task_list, agency) ? world_agency(asked->agency) : who;
    if (MSG_HAS(asked, task_list, changed_after) && task->record <= asked->changed_after)
        return false;
    if (asked->states && !(asked->states & TERM_BIT(task->state)))
        return false;
    if (asked->kinds && !(asked->kinds & TERM_BIT(task->kind)))
        return false;
    if (MSG_HAS(asked, task_list, due_before) && (task->due == NO_TIME || task->due >= asked->due_before))
        return false;
    if (MSG_HAS(asked, task_list, reference) && !is_called(task, asked->reference))
        return false;
    if (asked->waiting && !waits_is_held_up(sim, task))
        return false;
    if (asked->timeliness && !(asked->timeliness & TERM_BIT(ladder_timeliness(sim, task, sim->model.decided))))
        return false;
    return (!by_role || matches_role(sim, asked, task, agency)) && names_may_read(sim, task);
}

static void check_tasks(struct sim *sim, const struct request *request, struct text id)
{
    const struct msg_task_list *asked = &sim->model.asked.task_list;
    const uint64_t limit = MSG_HAS(asked, task_list, limit) ? asked->limit : 100;
    struct msg_tasks_reply reply;
    uint32_t found = 0, escalations = 0;
    uint64_t at = asked->after;
    SIM_READ(sim, id, tasks_reply, &reply);
    const uint64_t end = MSG_HAS(&reply, tasks_reply, next) ? reply.next : sim->model.task_count;
    SIM_CHECK(sim, end <= sim->model.task_count && (end > at || !MSG_HAS(&reply, tasks_reply, next)),
              "%.*s goes on after %llu", TEXT_ARGS(id), (unsigned long long)end);
    for (; at < end; at++) {
        const struct model_task *task = &sim->model.tasks[at];
        if (!wants_task(sim, request, task))
            continue;
        SIM_CHECK(sim, found < reply.tasks.count && reply.tasks.items[found].task == task->number,
                  "%.*s leaves task %llu out", TEXT_ARGS(id), (unsigned long long)task->number);
        const struct msg_task *shown = &reply.tasks.items[found++];
        reads_compare_task(sim, task, shown, asker(sim, request));
        escalations += (uint32_t)(task->escalation_count + task->ask_count + task->opinion_count);
    }
    /* A page ends when it is full: of tasks, or of bytes, which only escalations, and what is asked, make many. */
    SIM_CHECK(sim, found == reply.tasks.count && found <= limit, "%.*s shows %u tasks, which are %u", TEXT_ARGS(id),
              reply.tasks.count, found);
    SIM_CHECK(sim, end == sim->model.task_count || found == limit || escalations > 200, "%.*s ends early",
              TEXT_ARGS(id));
}

/* ---- escalations ---- */

static bool wants_escalation(const struct sim *sim, const struct request *request, const struct model_task *task,
                             const struct model_escalation *escalation)
{
    const struct msg_escalation_list *asked = &sim->model.asked.escalation_list;
    const uint32_t to = rules_standing_all(&sim->world, task, escalation->to, sim->model.decided);
    return (asked->closed || model_is_open(escalation)) && (!asked->mine || (to >> asker(sim, request) & 1));
}

static void check_escalations(struct sim *sim, const struct request *request, struct text id)
{
    const struct msg_escalation_list *asked = &sim->model.asked.escalation_list;
    const uint64_t limit = MSG_HAS(asked, escalation_list, limit) ? asked->limit : 100;
    struct msg_escalations_reply reply;
    uint32_t found = 0, looked = 0;
    SIM_READ(sim, id, escalations_reply, &reply);
    /* In the middle of a task a place has bit 52, the task's number and how many of its escalations were gone past. */
    const uint64_t next = MSG_HAS(&reply, escalations_reply, next) ? reply.next : sim->model.task_count;
    const uint64_t begin = asked->after >> 52 ? (asked->after << 12 >> 19) - 1 : asked->after;
    const uint64_t end = next >> 52 ? next << 12 >> 19 : next;
    const uint64_t past = asked->after >> 52 ? asked->after & 127 : 0, up_to = next >> 52 ? next & 127 : UINT64_MAX;
    SIM_CHECK(sim, end <= sim->model.task_count && (next > asked->after || !MSG_HAS(&reply, escalations_reply, next)),
              "%.*s goes on after %llu", TEXT_ARGS(id), (unsigned long long)next);
    for (uint64_t at = begin; at < end; at++) {
        const struct model_task *task = &sim->model.tasks[at];
        looked += (uint32_t)task->escalation_count;
        for (int i = at == begin ? (int)past : 0; i < task->escalation_count && (at + 1 < end || (uint64_t)i < up_to);
             i++) {
            if (!names_may_read(sim, task) || !wants_escalation(sim, request, task, &task->escalations[i]))
                continue;
            SIM_CHECK(sim,
                      found < reply.escalations.count && reply.escalations.items[found].task == task->number &&
                          reply.escalations.items[found].escalation.escalation == task->escalations[i].id,
                      "%.*s leaves escalation %llu out", TEXT_ARGS(id), (unsigned long long)task->escalations[i].id);
            SIM_CHECK(sim,
                      world_agency(reply.escalations.items[found].lead) ==
                          rules_standing(&sim->world, task, task->lead, sim->model.decided),
                      "%.*s names another lead of task %llu", TEXT_ARGS(id), (unsigned long long)task->number);
            found++;
        }
    }
    /* A page breaks when it is full: of escalations, or of bytes. */
    SIM_CHECK(sim, found == reply.escalations.count, "%.*s shows %u escalations, which are %u", TEXT_ARGS(id),
              reply.escalations.count, found);
    SIM_CHECK(sim, found <= limit, "%.*s has %u of at most %llu", TEXT_ARGS(id), found, (unsigned long long)limit);
    SIM_CHECK(sim, !MSG_HAS(&reply, escalations_reply, next) || found == limit || looked > 200, "%.*s ends early",
              TEXT_ARGS(id));
}

/* ---- counts ---- */

static void count(const struct sim *sim, const struct model_task *task, struct msg_tally *tally)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    const int timeliness = ladder_timeliness(sim, task, sim->model.decided);
    const bool is_done = task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED;
    int64_t until = is_done ? task->submitted : sim->model.decided;
    if (task->state == STATE_SUSPENDED && until > task->suspended)
        until = task->suspended;
    tally->assigned++;
    tally->open += !is_done;
    tally->late += is_done && timeliness == TIMELINESS_LATE;
    tally->on_time += is_done && timeliness != TIMELINESS_LATE;
    tally->overdue += timeliness == TIMELINESS_OVERDUE;
    for (int i = 0; i < task->escalation_count; i++)
        tally->open_escalations += model_is_open(&task->escalations[i]);
    if (timeliness != TIMELINESS_LATE && timeliness != TIMELINESS_OVERDUE)
        return;
    const int64_t delay = days_between(calendar, days_last(calendar, task->due), days_of(calendar, until));
    if (delay > (int64_t)tally->worst_delay)
        tally->worst_delay = (uint64_t)delay;
}

/* Silence counts against whoever had to decide, or owed an opinion. */
static void count_undecided(const struct sim *sim, const struct model_task *task, struct msg_tally *tallies)
{
    for (int i = 0; i < task->ask_count; i++) {
        const struct model_asked *asked = &task->asks[i];
        const int64_t until = asked->outcome ? asked->decided : sim->model.decided;
        if (asked->decide_due != NO_TIME && asked->decide_due <= until)
            tallies[rules_standing(&sim->world, task, asked->decider, sim->model.decided)].undecided++;
    }
    for (int i = 0; i < task->opinion_count; i++)
        if (task->opinions[i].silent != NO_TIME)
            tallies[world_standing(&sim->world, task->opinions[i].agency, sim->model.decided)].silent++;
}

/* Asked without a limit, so that all tasks come in one page. */
static void check_summary(struct sim *sim, struct text id)
{
    struct msg_tally tallies[WORLD_AGENCIES] = {0};
    struct msg_summary_reply reply;
    uint32_t leads = 0;
    SIM_READ(sim, id, summary_reply, &reply);
    for (uint64_t at = sim->model.asked.summary.after; at < sim->model.task_count; at++) {
        const struct model_task *task = &sim->model.tasks[at];
        if (task->state == STATE_CANCELLED || !names_may_read(sim, task))
            continue;
        count(sim, task, &tallies[rules_standing(&sim->world, task, task->lead, sim->model.decided)]);
        count_undecided(sim, task, tallies);
    }
    for (int i = 0; i < WORLD_AGENCIES; i++)
        leads += tallies[i].assigned > 0 || tallies[i].undecided > 0 || tallies[i].silent > 0;
    SIM_CHECK(sim, leads == reply.tallies.count, "%.*s sums %u leads, which are %u", TEXT_ARGS(id), reply.tallies.count,
              leads);
    for (uint32_t i = 0; i < reply.tallies.count; i++) {
        const struct msg_tally *shown = &reply.tallies.items[i], *own = &tallies[world_agency(shown->lead)];
        SIM_CHECK(sim,
                  shown->assigned == own->assigned && shown->open == own->open && shown->late == own->late &&
                      shown->on_time == own->on_time && shown->overdue == own->overdue &&
                      shown->open_escalations == own->open_escalations && shown->worst_delay == own->worst_delay &&
                      shown->undecided == own->undecided && shown->silent == own->silent,
                  "%.*s sums the tasks of %.*s up otherwise", TEXT_ARGS(id), TEXT_ARGS(shown->lead));
    }
}

/* ---- lists by id ---- */

struct listed {
    struct text ids[WORLD_KEYS];
    uint32_t count;
    char keys[WORLD_KEYS][41];
};

static void list(struct listed *listed, struct text id, struct text after, struct text name)
{
    if ((name.size && !text_equal(name, id)) || (!name.size && after.size && text_compare(id, after) <= 0))
        return;
    uint32_t at = listed->count++;
    for (; at > 0 && text_compare(listed->ids[at - 1], id) > 0; at--)
        listed->ids[at] = listed->ids[at - 1];
    listed->ids[at] = id;
}

static void list_known(struct sim *sim, const struct request *request, struct listed *listed)
{
    const struct world *world = &sim->world;
    const struct msg_list *asked = &sim->model.asked.agency_list;
    for (int i = 0; request->op == OP_AGENCY_LIST && i < WORLD_AGENCIES; i++)
        if (world->agencies[i].exists)
            list(listed, text_of(world_agency_ids[i]), asked->after, asked->name);
    for (int i = 0; request->op == OP_CALENDAR_LIST && i < WORLD_CALENDARS; i++)
        if (world->calendars[i].exists)
            list(listed, text_of(world_calendar_ids[i]), asked->after, asked->name);
    for (int i = 0; request->op == OP_POLICY_LIST && i < WORLD_POLICIES; i++)
        if (world_newest(world, i) >= 0)
            list(listed, text_of(world_policy_ids[i]), asked->after, asked->name);
}

/* One's own agency's keys; an administrator's are all. */
static void list_keys(struct sim *sim, const struct request *request, struct listed *listed)
{
    const struct world *world = &sim->world;
    const struct msg_key_list *asked = &sim->model.asked.key_list;
    const bool all = world->keys[request->key].rights & TERM_BIT(RIGHT_ADMINISTER);
    int whose = all ? -1 : asker(sim, request);
    if (MSG_HAS(asked, key_list, agency))
        whose = world_agency(asked->agency);
    SIM_CHECK(sim, all || whose == asker(sim, request), "%s sees the keys of another", world_agency_ids[whose]);
    for (int i = 0; i < WORLD_KEYS; i++) {
        world_key_text(i, listed->keys[i]);
        if (world->keys[i].agency >= 0 && (whose < 0 || world->keys[i].agency == whose))
            list(listed, text_of(listed->keys[i]), asked->after, (struct text){0});
    }
}

/* What a reply lists, whatever it is of. */
static uint32_t shown_ids(struct sim *sim, enum op op, struct text id, struct text ids[WORLD_KEYS], struct text *next)
{
    union {
        struct msg_agencies_reply agencies;
        struct msg_keys_reply keys;
        struct msg_calendars_reply calendars;
        struct msg_policies_reply policies;
    } reply;
    struct problem problem = {0};
    SIM_CHECK(sim, decoder_read(sim->model.decoder, op_row(op)->reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    const uint32_t count = reply.agencies.agencies.count;
    SIM_CHECK(sim, count <= WORLD_KEYS, "%.*s lists more than there are", TEXT_ARGS(id));
    for (uint32_t i = 0; i < count; i++) {
        if (op == OP_AGENCY_LIST)
            ids[i] = reply.agencies.agencies.items[i].agency;
        else if (op == OP_KEY_LIST)
            ids[i] = reply.keys.keys.items[i].key.public_key;
        else if (op == OP_CALENDAR_LIST)
            ids[i] = reply.calendars.calendars.items[i].calendar;
        else
            ids[i] = reply.policies.policies.items[i].policy;
    }
    *next = reply.agencies.next;
    return count;
}

static void check_list(struct sim *sim, const struct request *request, struct text id)
{
    const union asked *asked = &sim->model.asked;
    const bool keys = request->op == OP_KEY_LIST;
    const uint64_t limit = keys ? asked->key_list.limit : asked->agency_list.limit;
    struct listed listed = {0};
    struct text ids[WORLD_KEYS], next;
    if (keys)
        list_keys(sim, request, &listed);
    else
        list_known(sim, request, &listed);
    const uint32_t count = shown_ids(sim, request->op, id, ids, &next);
    const uint32_t wanted = limit && listed.count > limit ? (uint32_t)limit : listed.count;
    SIM_CHECK(sim, count == wanted, "%.*s lists %u, which are %u", TEXT_ARGS(id), count, wanted);
    for (uint32_t i = 0; i < count; i++)
        SIM_CHECK(sim, text_equal(ids[i], listed.ids[i]), "%.*s lists %.*s, where %.*s was to be", TEXT_ARGS(id),
                  TEXT_ARGS(ids[i]), TEXT_ARGS(listed.ids[i]));
    SIM_CHECK(sim, (next.size > 0) == (wanted < listed.count) && (next.size == 0 || text_equal(next, ids[count - 1])),
              "%.*s goes on after %.*s", TEXT_ARGS(id), TEXT_ARGS(next));
}

void lists_check(struct sim *sim, const struct request *request, struct text id)
{
    if (request->op == OP_TASK_LIST)
        check_tasks(sim, request, id);
    else if (request->op == OP_ESCALATION_LIST)
        check_escalations(sim, request, id);
    else if (request->op == OP_SUMMARY)
        check_summary(sim, id);
    else
        check_list(sim, request, id);
    sim->model.exact++;
}
