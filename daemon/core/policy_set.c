/* Decides that a policy is put, in a new version where there is one; its own room says whether it is sound. */
#include <stddef.h>
#include <stdio.h>

#include "core/admin.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/naming.h"
#include "core/policy_try.h"
#include "core/record.h"
#include "core/settings.h"

static struct text policy_id_at(const struct core *core, uint32_t number)
{
    return core->policies[number].id;
}

static const struct admin_ids policies = {"policy", offsetof(struct core, policy_count), policy_id_at};

static int check_policy_room(const struct core *core, uint32_t newest, struct problem *problem)
{
    uint32_t ids = 0;
    for (uint32_t i = 0; i < core->policy_count; i++)
        ids += core->policies[i].newest;
    if (newest == NONE && ids >= CORE_POLICIES_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "policy", "The broker holds %d policies, and no more.",
                           CORE_POLICIES_MAX);
    if (core->policy_count >= CORE_POLICY_VERSIONS)
        return problem_set(problem, COORD_E_CAPACITY, "policy",
                           "The broker holds %d versions of policies, and no more.", CORE_POLICY_VERSIONS);
    return 0;
}

static int check_step_agencies(const struct step *step, const struct msg_policy *policy, struct problem *problem)
{
    const struct core *core = step->core;
    for (uint32_t i = 0; i < policy->steps.count; i++)
        for (uint32_t j = 0; j < policy->steps.items[i].agencies.count; j++) {
            uint32_t agency;
            char path[64];
            snprintf(path, sizeof path, "policy.steps[%u].agencies[%u]", (unsigned)i, (unsigned)j);
            if (content_find_agency(core, policy->steps.items[i].agencies.items[j], path, &agency, problem) ||
                content_check_lasts(core, agency, step->now_ms, path, problem))
                return problem->error;
        }
    return 0;
}

int handle_policy_set(struct step *step, const struct msg_policy_set *set, struct problem *problem)
{
    struct core *core = step->core;
    struct msg_policy message = set->policy;
    uint32_t newest = core_policy_find(core, message.policy);
    MSG_SET(&message, policy, version, newest == NONE ? 1 : core->policies[newest].version);
    const struct msg_policy *old = newest == NONE ? NULL : policy_message(core->policies[newest].policy);
    if (newest == NONE && (settings_says_none(message.policy) || naming_differs_in_case(message.policy, TEXT("none"))))
        return problem_set(problem, COORD_E_BAD_VALUE, "policy.policy",
                           "`none` is how a task is given without a policy; take another id.");
    const bool stands = newest != NONE &&
                        admin_is_same(core, &message_policy, &message, policy_message(core->policies[newest].policy));
    const bool rehearses = step->dry_run && MSG_HAS(set, policy_set, since);
    if (stands && !rehearses)
        return admin_unchanged(step, set->officer);
    if (admin_check_naming(step, &policies, message.policy, message.name, old ? &old->name : NULL, problem) ||
        naming_check_anew(message.source, old ? old->source : (struct text){0}, "policy.source", problem) ||
        check_step_agencies(step, &message, problem))
        return problem->error;
    struct policy *policy = policy_new(&message, problem);
    if (!policy) {
        problem_within(problem, "policy");
        return problem->error;
    }
    const int error = stands ? 0 : check_policy_room(core, newest, problem);
    if (!error && rehearses)
        policy_try(step, policy, set->since, set->after, stands ? 0 : record_next_seq(core));
    policy_free(policy);
    if (error || rehearses)
        return error;
    if (newest != NONE)
        message.version++;
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_POLICY);
    MSG_SET(&record, record, policy_set, message);
    return admin_done(step, &record, set->officer);
}
