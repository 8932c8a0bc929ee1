/* What the record of an action changes of its task, beyond what every record of a task does: a part of apply.c. */
#ifndef COORDD_CORE_APPLY_ACTION_H
#define COORDD_CORE_APPLY_ACTION_H

#include "core/state.h"

/* The action is any but ASSIGN. */
void apply_action(struct core *core, struct task *task, const struct msg_record *record);

/* Opens the record's escalation. `by` is NONE when the policy's step did, which is STEP_BY_HAND when an agency did. */
void apply_escalation(struct core *core, struct task *task, const struct msg_record *record, uint32_t by, uint8_t step,
                      struct text reason);

#endif
