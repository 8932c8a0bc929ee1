/* Who reads what, for tests: tasks that are given and read, and agencies that are dissolved. */
#ifndef COORDD_TESTS_UNIT_CORE_READINGS_H
#define COORDD_TESTS_UNIT_CORE_READINGS_H

#include "unit/core/world.h"

/* Its number. `cooperating` may be NULL, `scope` 0. */
uint64_t readings_assign(struct world *world, const char *assigner, const char *lead, const char *cooperating,
                         int scope);
/* One under tinh, and the other takes its place. */
void readings_dissolve(struct world *world, const char *agency, const char *successor);
/* How many tasks an agency finds that another has in these roles, or (0) in any. */
uint64_t readings_found(struct world *world, const char *asker, const char *agency, uint32_t roles);
/* All pages of it, from `after` on: how many tasks, and the sum of their numbers. */
uint64_t readings_list(struct world *world, const char *agency, struct msg_task_list *request, uint64_t *sum);

#endif
