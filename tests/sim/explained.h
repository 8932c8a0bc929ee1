/* What is said of a task's dates and ladder, and of a policy that is tried. */
#ifndef COORDD_SIM_EXPLAINED_H
#define COORDD_SIM_EXPLAINED_H

#include "sim/model_state.h"

struct sim;

void explained_check(struct sim *sim, struct text id);
void explained_check_policy(struct sim *sim, const struct request *request, struct text id,
                            const struct msg_change_reply *reply);

#endif
