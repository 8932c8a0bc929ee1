/* Escalations, and the rounds that they are of. */
#ifndef COORDD_SIM_ROUNDS_H
#define COORDD_SIM_ROUNDS_H

#include "sim/model_state.h"

struct sim;

/* What every change that gives a deadline a new date does: see the design on rounds. */
uint32_t rounds_begun(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void rounds_begin(const struct sim *sim, struct model_task *task, int deadline, int64_t since);
/* Ends the open escalations of these deadlines, holds the record against that, and says whom they were addressed to. */
uint32_t rounds_superseded(struct sim *sim, struct model_task *task, const struct msg_record *record,
                           uint32_t deadlines);
void rounds_open_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record, int step);
/* Whether an agency may raise one more by hand. */
bool rounds_may_raise(const struct sim *sim, const struct model_task *task, int agency, int64_t now);
void rounds_acknowledge(struct sim *sim, struct model_task *task, const struct msg_record *record);
void rounds_check_escalate(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void rounds_end(struct model_task *task); /* the task is done: what is open ends */

#endif
