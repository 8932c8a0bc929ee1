/* What leads ask of their assigners, in the words of the design: who may ask for what and when, who decides it by when, what
 * settles it without a decision. What a grant does is outcome_grant.c's; here stands what became of what was asked.
 */
#include "sim/asks_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

#define IN(state) TERM_BIT(STATE_##state)
#define NO_WISH   ((struct model_wish){NO_TIME, NO_TIME, -1})

struct model_asked *asked_open(struct model_task *task, uint64_t id)
{
    for (int i = 0; i < task->ask_count; i++)
        if (task->asks[i].id == id && !task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

const struct model_asked *asked_oldest(const struct model_task *task)
{
    for (int i = 0; i < task->ask_count; i++)
        if (!task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

const struct model_asked *asked_open_of(const struct model_task *task, int asking)
{
    for (int i = 0; i < task->ask_count; i++)
        if (task->asks[i].asking == asking && !task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

uint32_t asked_deciders(const struct model_task *task)
{
    uint32_t deciders = 0;
    for (int i = 0; i < task->ask_count; i++)
        if (!task->asks[i].outcome)
            deciders |= world_one(task->asks[i].decider);
    return deciders;
}

int64_t asked_due(const struct model_task *task)
{
    const struct model_asked *oldest = asked_oldest(task);
    return oldest ? oldest->decide_due : NO_TIME;
}

bool asked_fits(const struct model_task *task, int asking)
{
    const uint32_t states = asking == ASKING_WITHDRAWAL ? IN(SUBMITTED) : IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS);
    return states & TERM_BIT(task->state);
}

bool asked_is_in_time(const struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_calendar *calendar = task_calendar(sim, task);
    int64_t last;
    if (!policy || policy->ask_before < 0 || task->due == NO_TIME ||
        !days_add(calendar, days_last(calendar, task->due), UNIT_WORKING_DAYS, -policy->ask_before, &last))
        return true;
    return days_of(calendar, now) <= last;
}

bool asked_may_know(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return now < world->agencies[agency].until && !(rules_excluded(world, task, now) >> agency & 1);
}

bool asked_may_decide(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return agency != rules_standing(world, task, task->lead, now) && asked_may_know(world, task, agency, now);
}

bool asked_decides(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return asked_may_decide(world, task, agency, now) &&
           world_stand_in(world, rules_standing(world, task, task->lead, now), now) != agency;
}

int asked_next_decider(const struct world *world, const struct model_task *task, int from, int64_t now)
{
    int waits = -1;
    for (int at = from; at >= 0; at = world->agencies[at].parent) {
        const int stands = world_standing(world, at, now);
        if (asked_decides(world, task, stands, now))
            return stands;
        if (waits < 0 && asked_may_decide(world, task, stands, now))
            waits = stands;
    }
    const int assigner = world_standing(world, task->assigner, now);
    if (asked_decides(world, task, assigner, now))
        return assigner;
    return waits < 0 && asked_may_decide(world, task, assigner, now) ? assigner : waits;
}

bool asked_has_decider(const struct world *world, const struct model_task *task, int64_t now)
{
    return asked_next_decider(world, task, world_standing(world, task->assigner, now), now) >= 0;
}

int asked_who_decides(const struct sim *sim, const struct model_task *task, int asking, int64_t now)
{
    const struct world *world = &sim->world;
    const struct world_policy *policy = task_policy(sim, task);
    const int assigner = world_standing(world, task->assigner, now);
    int granted = 0;
    for (int i = 0; i < task->ask_count; i++)
        granted += task->asks[i].asking == asking && task->asks[i].outcome == SETTLEMENT_GRANTED;
    const bool is_ordinary = !policy || policy->ordinary < 0 || granted < policy->ordinary;
    return asked_next_decider(world, task, is_ordinary ? assigner : world->agencies[assigner].parent, now);
}

/* Who stands in for the one that asks keeps what nobody else may decide, until it does no more. */
static bool is_right(const struct world *world, const struct model_task *task, const struct model_asked *asked,
                     int64_t at)
{
    const int decider = rules_standing(world, task, asked->decider, at);
    return asked_decides(world, task, decider, at) || (asked_may_decide(world, task, decider, at) &&
                                                       asked_next_decider(world, task, asked->decider, at) == decider);
}

int64_t asked_one_gone(const struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    const struct world *world = &sim->world;
    int64_t first = INT64_MAX;
    if (!is_right(world, task, asked, asked->since))
        return asked->since;
    for (int i = 0; i < 4 * WORLD_AGENCIES; i++) {
        const struct world_agency *agency = &world->agencies[i / 4];
        const int64_t turns[] = {agency->until, agency->from, agency->stand_from, agency->stand_until};
        const int64_t turn = agency->exists && (i % 4 < 2 || agency->stand_in >= 0) ? turns[i % 4] : INT64_MAX;
        if (turn > asked->since && turn < first && !is_right(world, task, asked, turn))
            first = turn;
    }
    return first;
}

int64_t asked_gone(const struct sim *sim, const struct model_task *task)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < task->ask_count; i++) {
        const int64_t since = task->asks[i].outcome ? INT64_MAX : asked_one_gone(sim, task, &task->asks[i]);
        first = since < first ? since : first;
    }
    return first;
}

uint32_t asked_granted_lead(const struct sim *sim, const struct model_task *task, const struct msg_grant *given)
{
    for (int i = 0; i < task->ask_count; i++) {
        const struct model_asked *asked = &task->asks[i];
        if (asked->id != given->ask || (asked->asking != ASKING_RETURN && asked->asking != ASKING_TRANSFER))
            continue;
        if (MSG_HAS(given, grant, lead))
            return world_one(world_agency(given->lead));
        return world_one(asked->wanted.lead >= 0 ? asked->wanted.lead
                                                 : world_standing(&sim->world, task->assigner, sim->model.decided));
    }
    return 0;
}

/* Who hands in asks for nothing more but to have it back; a new lead and an end leave nothing to ask for; else what is done is
 * at least what was asked for. */
static bool is_settled(const struct model_asked *asked, const struct msg_record *record)
{
    const bool new_lead = record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER;
    switch (record->action) {
    case ACTION_SUBMIT:
        return asked->asking != ASKING_WITHDRAWAL;
    case ACTION_REJECT:
        return asked->asking == ASKING_WITHDRAWAL;
    case ACTION_SUSPEND:
        return asked->asking == ASKING_SUSPENSION &&
               (!MSG_HAS(record, record, until) || record->until >= asked->wanted.until);
    case ACTION_AMEND:
        return asked->asking == ASKING_EXTENSION &&
               ((record->cleared & TERM_BIT(CLEARABLE_DUE)) ||
                (MSG_HAS(&record->content, content, due) && record->due >= asked->wanted.due));
    case ACTION_GRANT:
        return new_lead;
    case ACTION_ACCEPT: /* of a circular, which is completed by it */
        return record->state == STATE_COMPLETED;
    case ACTION_REASSIGN:
    case ACTION_ANSWER:
    case ACTION_CONFIRM:
    case ACTION_CANCEL:
        return true;
    default:
        return false;
    }
}

static bool is_decided(const struct model_asked *asked, const struct msg_record *record)
{
    return record->action != ACTION_ASK && MSG_HAS(record, record, asked) && record->asked.ask == asked->id;
}

bool asked_is_ended(const struct model_asked *asked, const struct msg_record *record)
{
    return !asked->outcome && !is_decided(asked, record) && is_settled(asked, record);
}

bool asked_turns(const struct model_task *task, const struct msg_record *record)
{
    const struct model_asked *oldest = asked_oldest(task);
    return oldest ? is_decided(oldest, record) || asked_is_ended(oldest, record) : record->action == ACTION_ASK;
}

uint32_t asked_of_ended(const struct model_task *task, const struct msg_record *record)
{
    uint32_t askers = 0;
    for (int i = 0; i < task->ask_count; i++)
        if (asked_is_ended(&task->asks[i], record))
            askers |= world_one(task->asks[i].by) | world_one(task->asks[i].decider);
    return askers;
}
