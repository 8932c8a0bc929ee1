/* A task with everybody in it, for tests: huyen gave it to phong, xa1 cooperates, xa2 supervises, xa3 observes. */
#ifndef COORDD_TESTS_UNIT_CORE_CAST_H
#define COORDD_TESTS_UNIT_CORE_CAST_H

#include "unit/core/world.h"

/* Under the policy `cap-tren` where there is one; its number. */
uint64_t cast_assign(struct world *world, const char *reference);
/* The escalation, or 0 when it is refused. */
uint64_t cast_escalate(struct world *world, const char *agency, uint64_t task, const char *to);
/* Brings a task that huyen gave to a lead from ASSIGNED to a state. */
void cast_bring_to(struct world *world, const char *lead, uint64_t task, int state);

#endif
