/* How far the parts of a whole are. */
#ifndef COORDD_SIM_PARTS_H
#define COORDD_SIM_PARTS_H

#include "sim/model_state.h"

struct sim;

int parts_open(const struct sim *sim, uint64_t whole);
void parts_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency);

#endif
