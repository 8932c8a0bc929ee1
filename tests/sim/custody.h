/* Whose clock runs. */
#ifndef COORDD_SIM_CUSTODY_H
#define COORDD_SIM_CUSTODY_H

#include "sim/model_state.h"

struct sim;

/* Around what an action does to a task. */
void custody_begin(struct model_task *task);
/* Whose clock runs. */
int custody_charged(const struct sim *sim, const struct model_task *task, int64_t now);
void custody_learn(struct sim *sim, struct model_task *task, const struct msg_record *record);
void custody_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
/* The life of a task, as an agency was shown it. */
void custody_check(struct sim *sim, int agency, const struct msg_task_custody_reply *reply);

#endif
