/* A dry run of policy_set since a day: what the policy would make of the tasks that have it, and would have made of what lies behind. */
#ifndef COORDD_CORE_POLICY_TRY_H
#define COORDD_CORE_POLICY_TRY_H

#include "core/step.h"

/* Replies with a page of the tasks after `after`: those that are open, or were closed since. `seq` is what the reply says of the record. */
void policy_try(struct step *step, struct policy *tried, int64_t since_ms, uint64_t after, uint64_t seq);

#endif
