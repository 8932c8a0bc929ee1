/* What a record changes of its task's rounds, and of the escalations in them: a part of apply.c. */
#ifndef COORDD_CORE_APPLY_ROUND_H
#define COORDD_CORE_APPLY_ROUND_H

#include "core/state.h"

/* Of an action: begins the rounds that the record names. The task's due times are still those of before: a date that
 * stays the same keeps what fired for it. */
void apply_rounds(struct core *core, struct task *task, const struct msg_record *record);
/* Ends the escalations that the record supersedes. */
void apply_superseded(struct task *task, const struct msg_record *record);
/* Of a rung: an escalation that is open is told again, to those that it is for by then. */
void apply_told_again(struct core *core, struct task *task, const struct msg_record *record);
/* A period ended and its report never came: the next one is owed all the same. */
void apply_period_end(struct core *core, struct task *task, const struct msg_record *record);

#endif
