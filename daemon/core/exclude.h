/* Agencies that an assigner keeps a task from: no escalation is addressed to them, no step of the ladder tells them, and the right
 * to read that an escalation gave them is gone. They succeed to nothing on it (standing.h). A role that somebody named them for
 * stays theirs, and so does what they may read because they stand above one that has a role: a task that these are not to read is restricted.
 */
#ifndef COORDD_CORE_EXCLUDE_H
#define COORDD_CORE_EXCLUDE_H

#include "core/decide.h"

/* Leaves those out that are excluded at a time: authority_is_excluded. */
void exclude_from(const struct core *core, const struct task *task, int64_t now_ms, struct recipients *recipients);

/* Whether those that a content excludes may be: BAD_VALUE for the assigner. Who leads the task, or is named in its content, is
 * refused by content_check. */
int exclude_check(const struct step *step, const struct msg_content *content, uint32_t assigner,
                  struct problem *problem);
/* Decide: of an amendment, whom it excludes. Those that they stand for, and an escalation is addressed to, are put beside them, so
 * that the record says all; and those of them who could read the task are told of it. What is open, or was acknowledged, and to
 * nobody else, goes to the assigner. */
void exclude_decide(struct decision *decision, struct msg_content *content);

/* Apply: those that the task's content excludes are addressed by none of its escalations; one that nobody is left of goes to the
 * assigner where the record says so, or else is gone. */
void exclude_apply(struct core *core, struct task *task, const struct msg_record *record);
/* The same of a task that is only looked at: its escalations are copied, and freed by exclude_forget. */
void exclude_try(struct task *task, const struct msg_record *record);
void exclude_forget(struct task *task);

#endif
