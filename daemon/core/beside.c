#include "core/beside.h"

/* What a follower does not do. */
static bool is_leaders(const struct op_row *op)
{
    return op->touches == OP_CLASS_change || op->op == OP_HAND_OVER;
}

int beside_leads(const struct step *step, struct problem *problem)
{
    if (step->beside->role != BROKER_ROLE_FOLLOWER || !is_leaders(step->op))
        return 0;
    problem_plain(problem, COORD_E_NOT_LEADER, "");
    problem->leader = step->beside->leader;
    return problem->error;
}

/* Whether what the core has is as new as the answer must be. */
int beside_is_new(const struct step *step, const struct envelope *envelope, struct problem *problem)
{
    const struct event_beside *beside = step->beside;
    const bool tells_state = (step->op->touches == OP_CLASS_read && step->op->op != OP_HELLO) ||
                             step->op->op == OP_SUBSCRIBE || step->op->op == OP_BACKUP; /* of all that there is */
    if (envelope->at_least != ENVELOPE_ABSENT && envelope->at_least > step->core->seq)
        return problem_set(
            problem, COORD_E_BEHIND, "at_least",
            "The newest record here is %llu; record %llu has not come yet: ask again, or ask the leader.",
            (unsigned long long)step->core->seq, (unsigned long long)envelope->at_least);
    if (envelope->within_ms != ENVELOPE_ABSENT && envelope->within_ms < beside->lag_ms)
        return problem_set(problem, COORD_E_BEHIND, "within_ms",
                           "What is known here may be %llu ms old, and is to be %llu at most: ask again, or ask the "
                           "leader.",
                           (unsigned long long)beside->lag_ms, (unsigned long long)envelope->within_ms);
    if (beside->stale && tells_state)
        return problem_set(
            problem, COORD_E_BEHIND, "",
            "This broker has heard of nothing newer for %llu ms, which is more than it answers from: ask "
            "again, or ask the leader.",
            (unsigned long long)beside->lag_ms);
    return 0;
}
