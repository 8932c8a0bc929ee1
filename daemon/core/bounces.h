/* Bounces (đùn đẩy): how often a task was given to another lead, and past which leads it went. Each is said by the record of
 * the change that gives it, so that a broker that did not count them leaves none behind, and one that does replays the same.
 *
 * Past as many as the policy's `bounces_max` each one is escalated at once: to whom escalations of that level go. Whoever
 * succeeds to a lead is given nothing: a succession is no bounce.
 */
#ifndef COORDD_CORE_BOUNCES_H
#define COORDD_CORE_BOUNCES_H

#include "core/step.h"

/* The newest leads of before that a task keeps: 4 bytes each, and only of one that was passed on. */
#define BOUNCES_LED_MAX 16

/* How often a task was given to another lead. */
uint64_t bounces_of(const struct task *task);
/* Says in the record of a change that gives another lead how many these are with it. */
void bounces_count(const struct task *task, struct msg_record *record);
/* What a record makes of them, while the task has the lead of before. */
void bounces_take(struct core *core, struct task *task, const struct msg_record *record);
/* After the change: the record that escalates it, if it was one too many. */
void bounces_escalate(struct step *step, const struct task *task, const struct msg_record *record);

#endif
