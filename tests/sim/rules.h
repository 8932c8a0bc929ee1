/* The rules of a task's life and of authority, written a second time, from the words of the design: who may do what in
 * which state, what comes of it, when a rung may fire. What the records tell is held against them.
 */
#ifndef COORDD_SIM_RULES_H
#define COORDD_SIM_RULES_H

#include <stdbool.h>

#include "message.h"
#include "sim/model.h"

/* A record of a task, of an agency or of a key. */
void rules_learn(struct sim *sim, const struct msg_record *record);
/* Whether an agency may read a task now. */
bool rules_may_read(const struct sim *sim, const struct model_task *task, int agency);

#endif
