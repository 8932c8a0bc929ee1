/* What was said about a task and still matters: the last word of each side, why a submission was sent back, and how many
 * comments a side has not answered by anything that it did.
 *
 * There are three sides: the lead; the assigner with the supervisor; all others. Which one an agency speaks for follows
 * from its role at that moment, so the record says it: records of before it did leave all of this alone.
 */
#ifndef COORDD_CORE_WORDS_H
#define COORDD_CORE_WORDS_H

#include "core/state.h"

/* Sets the record's `role`, one of those that its actor has, where the task's words change by it: it says something, or
 * answers comments. */
void words_sign(const struct task *task, uint32_t roles, struct msg_record *record);
/* What a record of an action makes of them. The task is as it was before the record, but for what its action did. */
void words_take(struct core *core, struct task *task, const struct msg_record *record);

#endif
