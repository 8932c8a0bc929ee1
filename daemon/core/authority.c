/* What the table of actions (actions.def.h) says of roles, and which roles an agency has. What a state allows to anyone
 * stands in the same row; an action needs both.
 */
#include "core/authority.h"

#include "core/actions.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/decider.h"
#include "core/pack.h"
#include "core/questions.h"
#include "core/standing.h"

uint32_t authority_states(int role, int action)
{
    return action_row(action)->may[role];
}

uint32_t authority_states_of(uint32_t roles, int action)
{
    uint32_t states = 0;
    for (uint32_t left = roles; left; left &= left - 1)
        states |= action_row(action)->may[__builtin_ctz(left)];
    return states;
}

/* ---- roles ---- */

/* One question asked of every agency with a role: the walk is the same for roles and for reading. */
typedef bool role_test(const struct core *core, const struct task *task, uint32_t holder, uint32_t agency,
                       int64_t now_ms);

static bool acts_for(const struct core *core, const struct task *task, uint32_t holder, uint32_t agency, int64_t now_ms)
{
    return standing_on(core, task, holder, now_ms) == agency;
}

static bool stands_above(const struct core *core, const struct task *task, uint32_t holder, uint32_t agency,
                         int64_t now_ms)
{
    const uint32_t stands = standing_on(core, task, holder, now_ms);
    return agency_covers(core, agency, stands) || (stands != holder && agency_covers(core, agency, holder));
}

static bool any_in_list(const struct core *core, const struct task *task, const uint32_t *agencies, uint32_t count,
                        role_test *test, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; i < count; i++)
        if (test(core, task, agencies[i], agency, now_ms))
            return true;
    return false;
}

/* The roles that somebody named, but for whom an escalation was addressed to. */
static uint32_t named_roles(const struct core *core, const struct task *task, role_test *test, uint32_t agency,
                            int64_t now_ms)
{
    uint32_t list[TASK_AGENCIES_MAX], roles = 0;
    if (test(core, task, task->assigner, agency, now_ms))
        roles |= TERM_BIT(ROLE_ASSIGNER);
    if (test(core, task, task->lead, agency, now_ms))
        roles |= TERM_BIT(ROLE_LEAD);
    if (task->supervisor != NONE && test(core, task, task->supervisor, agency, now_ms))
        roles |= TERM_BIT(ROLE_SUPERVISOR);
    uint32_t at = 0; /* the observers stand behind those who cooperate */
    uint32_t count = pack_item_agencies(pack_seek(task->pack, &at, PACK_COOPERATING), list);
    if (any_in_list(core, task, list, count, test, agency, now_ms))
        roles |= TERM_BIT(ROLE_COOPERATING);
    count = pack_item_agencies(pack_seek(task->pack, &at, PACK_OBSERVERS), list);
    if (any_in_list(core, task, list, count, test, agency, now_ms))
        roles |= TERM_BIT(ROLE_OBSERVER);
    return roles;
}

bool authority_is_excluded(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return standing_is_listed(core, task, agency, now_ms) && named_roles(core, task, acts_for, agency, now_ms) == 0;
}

/* Whoever stands for one to whom it was addressed, unless the assigner excluded that one since. */
static bool any_escalated(const struct core *core, const struct task *task, role_test *test, uint32_t agency,
                          int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        for (uint32_t j = 0; j < escalation->to_count; j++)
            if (test(core, task, escalation->to[j], agency, now_ms) &&
                !authority_is_excluded(core, task, standing_on(core, task, escalation->to[j], now_ms), now_ms))
                return true;
    }
    return false;
}

/* Whether it stands for one in the tree, if there is that one. */
static bool stands_for_any(const struct core *core, uint32_t one, uint32_t agency, int64_t now_ms)
{
    return one != NONE && agency_effective(core, one, now_ms) == agency;
}

/* The given roles, those that somebody named: all but those that follow from the tree or from what is asked. */
static uint32_t given_roles(const struct core *core, const struct task *task, role_test *test, uint32_t agency,
                            int64_t now_ms)
{
    const uint32_t roles = named_roles(core, task, test, agency, now_ms);
    return any_escalated(core, task, test, agency, now_ms) ? roles | TERM_BIT(ROLE_ESCALATED) : roles;
}

uint32_t authority_roles(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    uint32_t roles = given_roles(core, task, acts_for, agency, now_ms);
    if (asks_waits_for(core, task, agency, now_ms))
        roles |= TERM_BIT(ROLE_DECIDER);
    if (questions_wait_for(core, task, 0, agency, now_ms))
        roles |= TERM_BIT(ROLE_CONSULTED);
    const uint32_t lead = standing_on(core, task, task->lead, now_ms);
    if (stands_for_any(core, decider_superior(core, task, now_ms), agency, now_ms))
        roles |= TERM_BIT(ROLE_DECIDER_SUPERIOR);
    if (stands_for_any(core, agency_superior(core, lead, now_ms), agency, now_ms))
        roles |= TERM_BIT(ROLE_LEAD_SUPERIOR);
    return roles;
}

bool authority_may_read(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    if (acts_for(core, task, task->lead, agency, now_ms) || acts_for(core, task, task->assigner, agency, now_ms))
        return true;
    role_test *test = task->scope == SCOPE_RESTRICTED ? acts_for : stands_above;
    return given_roles(core, task, test, agency, now_ms) != 0 || asks_waits_for(core, task, agency, now_ms) ||
           questions_wait_for(core, task, 0, agency, now_ms);
}

bool authority_may_be_told(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return task->scope != SCOPE_RESTRICTED || named_roles(core, task, stands_above, agency, now_ms) != 0 ||
           authority_may_read(core, task, agency, now_ms);
}

/* ---- giving tasks ---- */

#define GRANTS_MAX 64 /* of MSG_AGENCY */

/* Those that stand: an agency is never removed, so that what was granted is still there. */
static uint32_t grants_of(const struct core *core, uint32_t agency, int64_t now_ms, uint32_t grants[2 * GRANTS_MAX])
{
    const struct texts *ids = &core->agencies[agency]->message->may_task;
    uint32_t count = 0;
    for (uint32_t i = 0; i < ids->count && i < GRANTS_MAX; i++) {
        const uint32_t granted = core_agency_find(core, ids->items[i]);
        if (granted == NONE)
            continue;
        grants[count++] = granted;
        grants[count++] = agency_effective(core, granted, now_ms);
    }
    return count;
}

bool authority_may_task(const struct core *core, uint32_t agency, uint32_t lead, int64_t now_ms)
{
    uint32_t grants[2 * GRANTS_MAX], count = grants_of(core, agency, now_ms, grants);
    for (uint32_t at = lead; at != NONE; at = core->agencies[at]->parent) {
        if (agency_effective(core, at, now_ms) == agency || at == agency)
            return true;
        for (uint32_t i = 0; i < count; i++)
            if (grants[i] == at)
                return true;
    }
    return false;
}
