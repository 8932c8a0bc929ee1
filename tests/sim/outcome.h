/* What a change makes of a task. */
#ifndef COORDD_SIM_OUTCOME_H
#define COORDD_SIM_OUTCOME_H

#include "sim/model_state.h"

struct sim;

void outcome_assign(struct sim *sim, struct model_task *task, const struct msg_record *record);
void outcome_action(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* What of a task an amendment takes away that it has, as far as the model knows: not its figure. */
uint32_t outcome_taken(const struct model_task *task, const struct msg_amend *asked);
/* An amendment that the record says changed nothing. */
void outcome_unchanged(struct sim *sim, const struct msg_record *record);

#endif
