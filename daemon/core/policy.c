#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/calendar_date.h"

#define ACKNOWLEDGED_FOR 3 /* working days; messages.def.h says so as well */
#define ANSWER_AT_LEAST  1 /* the same */
#define BOUNCES_LEVEL    3 /* the same */
#define BOUNCES_STEPS    31 /* at most, beside bounces: as one more step they may have an escalation open (core/crowd.c) */

struct policy {
    struct msg_policy *message;
};

/* ---- whether it is sound ---- */

static int check_due(const struct msg_policy *message, struct problem *problem)
{
    struct words words;
    if (!MSG_HAS(message, policy, due))
        return 0;
    int error = words_read(message->due, "due", &words, problem);
    if (!error && !words_are_count(&words))
        error = problem_set(problem, COORD_E_BAD_DATE, "due",
                            "`%.*s` is one day, and a policy serves many tasks: write a period, 10wd, 16wh or 30d.",
                            TEXT_ARGS(message->due));
    return error;
}

static int check_level(const struct msg_step *step, struct problem *problem)
{
    if (step->does == RUNG_ESCALATE && !MSG_HAS(step, step, level))
        return problem_set(problem, COORD_E_MISSING_FIELD, "level",
                           "A step that escalates says at which level, 1 to 9.");
    if (step->does != RUNG_ESCALATE && MSG_HAS(step, step, level))
        return problem_set(problem, COORD_E_BAD_VALUE, "level", "Only a step that escalates has a level.");
    return 0;
}

static int check_repeat(const struct msg_step *step, struct problem *problem)
{
    bool repeats = MSG_HAS(step, step, repeat);
    if (repeats && !MSG_HAS(step, step, repeat_unit))
        return problem_set(problem, COORD_E_MISSING_FIELD, "repeat_unit", "`repeat` counts in a unit; say which.");
    if (!repeats && MSG_HAS(step, step, repeat_unit))
        return problem_set(problem, COORD_E_BAD_VALUE, "repeat_unit", "It has no meaning without `repeat`.");
    if (!repeats && MSG_HAS(step, step, repeat_max))
        return problem_set(problem, COORD_E_BAD_VALUE, "repeat_max", "It has no meaning without `repeat`.");
    return 0;
}

static int check_working_time(const struct msg_step *step, struct problem *problem)
{
    if (!step->in_working_time || !unit_is_days(step->unit) ||
        (MSG_HAS(step, step, repeat_unit) && !unit_is_days(step->repeat_unit)))
        return 0;
    return problem_set(problem, COORD_E_BAD_VALUE, "in_working_time",
                       "Only hours and minutes are counted by the clock or in working time, and this step has none.");
}

static int check_step(const struct msg_policy *message, const struct msg_step *step, struct problem *problem)
{
    if (step->deadline == DEADLINE_ACCEPTANCE && !MSG_HAS(message, policy, accept_within))
        return problem_set(problem, COORD_E_BAD_VALUE, "deadline",
                           "The policy gives no `accept_within`, so that this step would never come.");
    if (step->deadline == DEADLINE_DECISION && !MSG_HAS(message, policy, decide_within))
        return problem_set(problem, COORD_E_BAD_VALUE, "deadline",
                           "The policy gives no `decide_within`, so that this step would never come.");
    if (step->to == 0 && step->agencies.count == 0)
        return problem_set(problem, COORD_E_BAD_VALUE, "to", "It tells nobody: name roles in `to`, or `agencies`.");
    int error = check_level(step, problem);
    if (!error)
        error = check_working_time(step, problem);
    return error ? error : check_repeat(step, problem);
}

/* Who is told is said by its steps. */
static int check_bounces(const struct msg_policy *message, struct problem *problem)
{
    const unsigned level = (unsigned)policy_bounces_level(message);
    if (!MSG_HAS(message, policy, bounces_max))
        return MSG_HAS(message, policy, bounces_level) ? problem_set(problem, COORD_E_BAD_VALUE, "bounces_level",
                                                                     "It has no meaning without `bounces_max`.")
                                                       : 0;
    if (message->steps.count > BOUNCES_STEPS)
        return problem_set(problem, COORD_E_BAD_VALUE, "bounces_max", "With it a policy has %d steps at most.",
                           BOUNCES_STEPS);
    for (uint32_t i = 0; i < message->steps.count; i++)
        if (policy_step_escalates(&message->steps.items[i], level))
            return 0;
    return problem_set(problem, COORD_E_BAD_VALUE, "bounces_level",
                       "No step escalates at level %u but for decisions, so that nobody would be told: name a level "
                       "that one does, or add such a step.",
                       level);
}

static int check_policy(const struct msg_policy *message, struct problem *problem)
{
    if (MSG_HAS(message, policy, accept_unit) && !MSG_HAS(message, policy, accept_within))
        return problem_set(problem, COORD_E_BAD_VALUE, "accept_unit", "It has no meaning without `accept_within`.");
    if (MSG_HAS(message, policy, decide_unit) && !MSG_HAS(message, policy, decide_within))
        return problem_set(problem, COORD_E_BAD_VALUE, "decide_unit", "It has no meaning without `decide_within`.");
    for (uint32_t i = 0; i < message->steps.count; i++) {
        char parent[24];
        snprintf(parent, sizeof parent, "steps[%u]", (unsigned)i);
        if (check_step(message, &message->steps.items[i], problem)) {
            problem_within(problem, parent);
            return problem->error;
        }
    }
    return check_bounces(message, problem) ? problem->error : check_due(message, problem);
}

/* ---- being ---- */

struct policy *policy_new(const struct msg_policy *message, struct problem *problem)
{
    if (check_policy(message, problem))
        return NULL;
    struct policy *policy = xcalloc(1, sizeof *policy);
    policy->message = copy_message(&message_policy, message);
    return policy;
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    free(policy->message);
    free(policy);
}

const struct msg_policy *policy_message(const struct policy *policy)
{
    return policy->message;
}

uint32_t policy_step_repeats(const struct msg_step *step)
{
    if (!MSG_HAS(step, step, repeat))
        return 0;
    return MSG_HAS(step, step, repeat_max) ? (uint32_t)step->repeat_max : POLICY_REPEATS_MAX;
}

int policy_step_catchup(const struct msg_step *step)
{
    return MSG_HAS(step, step, catchup) ? step->catchup : CATCHUP_MERGE;
}

uint32_t policy_answer_at_least(const struct msg_policy *message)
{
    return message && MSG_HAS(message, policy, answer_at_least) ? (uint32_t)message->answer_at_least : ANSWER_AT_LEAST;
}

uint64_t policy_bounces_level(const struct msg_policy *message)
{
    return MSG_HAS(message, policy, bounces_level) ? message->bounces_level : BOUNCES_LEVEL;
}

bool policy_step_escalates(const struct msg_step *step, uint64_t level)
{
    return step->does == RUNG_ESCALATE && step->level == level && step->deadline != DEADLINE_DECISION;
}

uint32_t policy_acknowledged_for(const struct msg_policy *message)
{
    return MSG_HAS(message, policy, acknowledged_for) ? (uint32_t)message->acknowledged_for : ACKNOWLEDGED_FOR;
}
