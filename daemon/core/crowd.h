/* A task with as many escalations as it keeps: which of them makes room for one more, and how many agencies may raise. */
#ifndef COORDD_CORE_CROWD_H
#define COORDD_CORE_CROWD_H

#include "core/step.h"

/* Says in a record that opens an escalation, raised by a step of the ladder or by hand (STEP_BY_HAND), which one makes room, if
 * that is not the oldest that ended: never one that is open, nor the newest of another step in its present round, which the
 * ladder goes by and which gives its agencies the right to read. */
void crowd_make_room(const struct core *core, const struct task *task, uint32_t step, struct msg_record *record);

/* CAPACITY when the asking agency, those that work along, or all have raised as many by hand as may be open. */
int crowd_check(const struct step *step, const struct task *task, struct problem *problem);

#endif
