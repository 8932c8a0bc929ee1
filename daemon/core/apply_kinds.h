/* The kinds of records, one function for each, named after it: parts of apply.c, which takes the record of a task through what follows
 * from it. Each is 0, or the problem that the record has with the state, which it leaves as it is then.
 */
#ifndef COORDD_CORE_APPLY_KINDS_H
#define COORDD_CORE_APPLY_KINDS_H

#include "core/state.h"

typedef int apply_function(struct core *core, const struct msg_record *record, struct problem *problem);

/* apply_store.c */
apply_function apply_store, apply_settings, apply_agency, apply_key, apply_calendar, apply_policy, apply_document,
    apply_hot_spot_rule, apply_hot_spot;
/* apply_task.c */
apply_function apply_task;
/* apply_timed.c */
apply_function apply_rung, apply_due_moved, apply_handed_on, apply_unanswered, apply_removed;

/* apply_task.c: what any record of a task may change of it, and whether the agencies that it names are known. */
void apply_common(struct core *core, struct task *task, const struct msg_record *record);
int apply_check_agencies(const struct core *core, const struct msg_record *record, struct problem *problem);
/* Whether it has what an escalation is opened with. */
static inline bool apply_names_escalation(const struct msg_record *record)
{
    return MSG_HAS(record, record, escalation) && MSG_HAS(record, record, level);
}

/* BAD_VALUE at a field that does not fit. */
int apply_misfit(const struct msg_record *record, const char *field, struct problem *problem);

#endif
