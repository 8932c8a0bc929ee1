/* What an agency may do to a task, and what all that changes one has in common. */
#ifndef COORDD_CORE_TASK_H
#define COORDD_CORE_TASK_H

#include "core/notice.h"
#include "core/step.h"

/* The actions (bit mask) that an agency may do to a task now. */
uint32_t task_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether an escalation is addressed to an agency, or to one that it stands for. */
bool task_is_addressed(const struct core *core, const struct task *task, const struct escalation *escalation,
                       uint32_t agency, int64_t now_ms);

/* NOT_AUTHORISED, which names those to whom an escalation, or every open one of the task when it is NULL, is addressed. */
int task_for_others(const struct step *step, const struct task *task, const struct escalation *escalation,
                    struct problem *problem);

/* The task, if the asker may read it; else NULL and TASK_UNKNOWN, so that nothing leaks. */
const struct task *task_readable(const struct step *step, uint64_t number, const char *field, struct problem *problem);

/* Who did it, and by which request: the same in every record of a step. `officer` is empty for none. */
void task_sign(const struct step *step, struct msg_record *record, struct text officer, uint64_t part, uint64_t parts);
/* Nothing was to be done, and it is remembered all the same: sent again later, it must not undo what came after it. */
void task_unchanged(struct step *step, struct text officer);
/* Sets notice, severity, reason and `to`; nothing of it when nobody must know. */
void task_notify(struct step *step, struct msg_record *record, struct recipients *recipients);

#endif
