/* Whose clock runs on a task, as it is shown and told, for tests. */
#ifndef COORDD_TESTS_UNIT_CORE_CHARGE_H
#define COORDD_TESTS_UNIT_CORE_CHARGE_H

#include "unit/core/world.h"

/* What a task and its newest record say; the record only when it changed something. */
void charge_is(struct world *world, uint64_t task, const char *agency, int charge);
void charge_told(struct world *world, const char *agency, int charge);
/* The turns of a task, as an agency is told them. */
const struct msg_task_custody_reply *charge_turns(struct world *world, const char *agency, uint64_t task);
/* 0 or its error. */
int charge_reassign(struct world *world, const char *assigner, uint64_t task, const char *lead);

#endif
