/* From lead to lead. */
#ifndef COORDD_SIM_BOUNCES_H
#define COORDD_SIM_BOUNCES_H

#include "sim/model_state.h"

struct sim;

void bounces_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record);
/* Whether what is on record next is what has to be. */
void bounces_check_next(struct sim *sim, const struct msg_record *record);
void bounces_learn_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record);
void bounces_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);

#endif
