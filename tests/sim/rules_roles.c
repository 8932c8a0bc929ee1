/* Who an agency is to a task, and what it may read and do of it. */
#include "sim/sim.h"

#define IN(state) TERM_BIT(STATE_##state)
#define OPEN      (IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(SUSPENDED))
#define ANY       (OPEN | IN(COMPLETED) | IN(CANCELLED))

#define LEAD        TERM_BIT(ROLE_LEAD)
#define ASSIGNER    TERM_BIT(ROLE_ASSIGNER)
#define SUPERVISOR  TERM_BIT(ROLE_SUPERVISOR)
#define COOPERATING TERM_BIT(ROLE_COOPERATING)
#define OBSERVER    TERM_BIT(ROLE_OBSERVER)
#define SUPERIOR    TERM_BIT(ROLE_LEAD_SUPERIOR)
#define ESCALATED   TERM_BIT(ROLE_ESCALATED)
#define DECIDER     TERM_BIT(ROLE_DECIDER)
#define ABOVE_IT    TERM_BIT(ROLE_DECIDER_SUPERIOR)
#define CONSULTED   TERM_BIT(ROLE_CONSULTED)
#define ROLES       (LEAD | ASSIGNER | SUPERVISOR | COOPERATING | OBSERVER)
#define EVERYBODY   (ROLES | SUPERIOR | ESCALATED | DECIDER | CONSULTED)
#define CONCERNED   (LEAD | ASSIGNER | SUPERVISOR | COOPERATING | DECIDER) /* by what the lead asks */

static uint32_t escalated_to(const struct model_task *task, bool only_open)
{
    uint32_t to = 0;
    for (int i = 0; i < task->escalation_count; i++)
        if (!only_open || model_is_open(&task->escalations[i]))
            to |= task->escalations[i].to;
    return to;
}

static uint32_t named(const struct model_task *task, uint32_t role)
{
    switch (role) {
    case LEAD:
        return world_one(task->lead);
    case ASSIGNER:
        return world_one(task->assigner);
    case SUPERVISOR:
        return world_one(task->supervisor);
    case COOPERATING:
        return task->cooperating;
    case OBSERVER:
        return task->observers;
    default:
        return 0;
    }
}

int rules_standing(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const int stands = world_standing(world, agency, now);
    const bool is_kept_out = stands >= 0 && stands != agency && agency != task->assigner &&
                             (world_standing_all(world, task->excluded, now) >> stands & 1);
    return is_kept_out ? world_standing(world, task->assigner, now) : stands;
}

/* The same, of a time that is over: successions are those of then. */
int rules_held(const struct world *world, const struct model_task *task, int agency, int64_t at)
{
    const int held = world_held(world, agency, at);
    bool is_kept_out = false;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        is_kept_out |= (task->excluded >> i & 1) && world_held(world, i, at) == held;
    is_kept_out = is_kept_out && held >= 0 && held != agency && agency != task->assigner;
    return is_kept_out ? world_held(world, task->assigner, at) : held;
}

uint32_t rules_standing_all(const struct world *world, const struct model_task *task, uint32_t mask, int64_t now)
{
    uint32_t all = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (mask >> i & 1)
            all |= world_one(rules_standing(world, task, i, now));
    return all;
}

static bool is_fallen(const struct world *world, const struct model_task *task, int64_t then)
{
    return (OPEN & TERM_BIT(task->state)) &&
           rules_standing(world, task, task->lead, then) != world_standing(world, task->lead, then);
}

void rules_mark_fallen(struct sim *sim, int64_t then)
{
    for (size_t i = 0; i < sim->model.task_count; i++)
        sim->model.tasks[i].is_fallen = is_fallen(&sim->world, &sim->model.tasks[i], then);
}

uint32_t rules_newly_fallen(const struct sim *sim, int ended, int64_t then)
{
    const struct world *world = &sim->world;
    uint32_t to = 0;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        if (!task->is_fallen && is_fallen(world, task, then) &&
            world_standing(world, task->lead, then) == world_standing(world, ended, then))
            to |= world_one(rules_standing(world, task, task->lead, then));
    }
    return to;
}

static uint32_t superior(const struct world *world, const struct model_task *task, int64_t now)
{
    return world_one(world->agencies[rules_standing(world, task, task->lead, now)].parent);
}

/* Who stands above the one that decides what was asked first. */
static uint32_t above_decider(const struct world *world, const struct model_task *task, int64_t now)
{
    const struct model_asked *oldest = asked_oldest(task);
    int at = oldest ? world->agencies[rules_standing(world, task, oldest->decider, now)].parent : -1;
    while (at >= 0 && !asked_may_know(world, task, world_standing(world, at, now), now))
        at = world->agencies[at].parent;
    return world_one(at);
}

/* Whoever asks never decides, whom it may have succeeded since, nor whoever is excluded. Who stands in for it meanwhile has it to
 * decide, later. */
static bool decides(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return asked_may_decide(world, task, agency, now) &&
           (rules_standing_all(world, task, asked_deciders(task), now) >> agency & 1);
}

static uint32_t named_roles(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t roles = 0;
    for (uint32_t role = 1; role <= ROLES; role <<= 1)
        if (rules_standing_all(world, task, named(task, role), now) >> agency & 1)
            roles |= role;
    return roles;
}

uint32_t rules_excluded(const struct world *world, const struct model_task *task, int64_t now)
{
    uint32_t excluded = world_standing_all(world, task->excluded, now);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((excluded >> i & 1) && named_roles(world, task, i, now))
            excluded &= ~world_one(i);
    return excluded;
}

uint32_t rules_unexcluded(const struct world *world, const struct model_task *task, uint32_t to, int64_t now)
{
    const uint32_t excluded = rules_excluded(world, task, now);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((to >> i & 1) && (excluded >> rules_standing(world, task, i, now) & 1))
            to &= ~world_one(i);
    return to;
}

static uint32_t addressed(const struct world *world, const struct model_task *task, bool only_open, int64_t now)
{
    return rules_unexcluded(world, task, escalated_to(task, only_open), now);
}

uint32_t rules_roles(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t roles = named_roles(world, task, agency, now);
    if (world_standing_all(world, superior(world, task, now), now) >> agency & 1)
        roles |= SUPERIOR;
    if (rules_standing_all(world, task, addressed(world, task, false, now), now) >> agency & 1)
        roles |= ESCALATED;
    if (decides(world, task, agency, now))
        roles |= DECIDER;
    if (opinions_owing(world, task, 0, now) >> agency & 1)
        roles |= CONSULTED;
    return roles;
}

uint32_t rules_holders(const struct world *world, const struct model_task *task, uint32_t roles, int64_t now)
{
    uint32_t holders = 0;
    for (uint32_t role = 1; role <= ROLES; role <<= 1)
        if (roles & role)
            holders |= named(task, role);
    if (roles & ESCALATED)
        holders |= addressed(world, task, true, now);
    if (roles & DECIDER)
        holders |= asked_deciders(task);
    const uint32_t above = (roles & SUPERIOR ? superior(world, task, now) : 0) |
                           (roles & ABOVE_IT ? above_decider(world, task, now) : 0);
    return rules_standing_all(world, task, holders, now) | world_standing_all(world, above, now) |
           (roles & CONSULTED ? opinions_owing(world, task, 0, now) : 0);
}

/* Those with a role, and unless it is restricted those above them; who is to decide what is asked or owes an opinion, and nobody
 * above; an agency that is gone is read by those above it and above its successor. */
bool rules_may_read(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const uint32_t holders = world_one(task->lead) | world_one(task->assigner) | world_one(task->supervisor) |
                             task->cooperating | task->observers | addressed(world, task, false, now);
    if (decides(world, task, agency, now) || (opinions_owing(world, task, 0, now) >> agency & 1))
        return true;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int stands = rules_standing(world, task, i, now);
        if (!(holders >> i & 1))
            continue;
        if (stands == agency)
            return true;
        if (!task->restricted && (world_covers(world, agency, stands) || world_covers(world, agency, i)))
            return true;
    }
    return false;
}

bool rules_key_may_read(const struct world *world, const struct model_task *task, int key, int64_t now)
{
    return world_has_right(world, key, RIGHT_READ) && rules_may_read(world, task, world->keys[key].agency, now);
}

bool rules_may_be_told(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const uint32_t holders = world_one(task->lead) | world_one(task->assigner) | world_one(task->supervisor) |
                             task->cooperating | task->observers;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((holders >> i & 1) &&
            (world_covers(world, agency, rules_standing(world, task, i, now)) || world_covers(world, agency, i)))
            return true;
    return rules_may_read(world, task, agency, now);
}

static bool is_addressed(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return rules_standing_all(world, task, addressed(world, task, true, now), now) >> agency & 1;
}

uint32_t rules_may(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t may = 0;
    if (!rules_may_read(world, task, agency, now))
        return 0;
    const uint32_t roles = rules_roles(world, task, agency, now);
    for (int action = 1; action < ACTION_END; action++)
        if ((roles & rules_who(action)) && (rules_states(action) & TERM_BIT(task->state)))
            may |= TERM_BIT(action);
    bool asks = false;
    for (int i = 0; i < task->ask_count; i++)
        asks |= !task->asks[i].outcome;
    may &= asked_decides(world, task, agency, now) ? may : ~(TERM_BIT(ACTION_GRANT) | TERM_BIT(ACTION_DENY));
    may &= is_addressed(world, task, agency, now) ? may : ~TERM_BIT(ACTION_ACKNOWLEDGE);
    may &= task->kind == KIND_RECOMMENDATION ? may : ~TERM_BIT(ACTION_ANSWER);
    may &= opinions_wait(task, 0) ? may : ~TERM_BIT(ACTION_RECALL);
    may &= asked_has_decider(world, task, now) ? may : ~TERM_BIT(ACTION_ASK);
    return asks ? may : may & ~TERM_BIT(ACTION_TAKE_BACK);
}
