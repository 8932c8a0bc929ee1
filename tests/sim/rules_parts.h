/* What the files on rules need of each other, and no other file uses. */
#ifndef COORDD_SIM_RULES_PARTS_H
#define COORDD_SIM_RULES_PARTS_H

#include "sim/sim.h"

bool rules_gives_lead(const struct msg_record *record);
/* Whoever has succeeded to a role that was the assigner's meanwhile, and is not excluded any more. */
uint32_t rules_let_in(const struct sim *sim, const struct model_task *task, uint32_t excluded, int64_t now);
/* Those whom a request itself names, and those who need not wait any more. */
uint32_t rules_told_besides(const struct sim *sim, const struct model_task *task, const struct msg_record *record);
/* What is done in an agency's name it hears, and who did it does not. */
uint32_t rules_with_names(const struct msg_record *record, uint32_t told);
/* Of those who were to be told, whom the change leaves without the right to read: one that an amendment takes off a task, and
 * the former lead of a restricted one. Who was to decide what it settles hears of that, unless it is excluded. */
uint32_t rules_removed_by(const struct sim *sim, const struct model_task *task, const struct msg_record *record,
                          uint32_t told, bool was_restricted);
/* The record that tells them says which task it was, and nothing that changed. */
void rules_learn_removed(struct sim *sim, const struct model_task *task, const struct msg_record *record);

#endif
