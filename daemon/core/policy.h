/* A policy version: by when a task must be accepted and done when nobody names a date, and the steps of its ladders. */
#ifndef COORDD_CORE_POLICY_H
#define COORDD_CORE_POLICY_H

#include "errors.h"
#include "message.h"

#define POLICY_REPEATS_MAX 1000 /* of one step, when it does not say how many */

struct policy;

/* Copies the message. NULL and a problem when it contradicts itself: BAD_VALUE, MISSING_FIELD, BAD_DATE,
 * CALENDAR_RANGE. That its agencies are known is for the caller to check. */
struct policy *policy_new(const struct msg_policy *message, struct problem *problem);
void policy_free(struct policy *policy); /* takes NULL */
/* The policy's own copy: lives as long as the policy. */
const struct msg_policy *policy_message(const struct policy *policy);

/* ---- a step, with what it leaves out filled in ---- */

static inline bool unit_is_days(int unit)
{
    return unit == UNIT_WORKING_DAYS || unit == UNIT_CALENDAR_DAYS;
}
/* How often it fires again after the first time. */
uint32_t policy_step_repeats(const struct msg_step *step);
int policy_step_catchup(const struct msg_step *step);
/* For how many working days an acknowledgement holds back what escalates; 0: it does not. */
uint32_t policy_acknowledged_for(const struct msg_policy *message);
/* At which level a task that was passed on too often is escalated. */
uint64_t policy_bounces_level(const struct msg_policy *message);
/* Whether a step is one whose addressees those of such a level are: not of a decision, which has people of its own. */
bool policy_step_escalates(const struct msg_step *step, uint64_t level);
/* How many working days whoever may not be tasked has to answer at least; of NULL, what holds without a policy. */
uint32_t policy_answer_at_least(const struct msg_policy *message);

#endif
