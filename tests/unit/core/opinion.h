/* Questions and opinions on a task of huyen's that xa1 leads, for tests. */
#ifndef COORDD_TESTS_UNIT_CORE_OPINION_H
#define COORDD_TESTS_UNIT_CORE_OPINION_H

#include "unit/core/world.h"

/* The task is due on 28 June; it is Monday, 10 June, 9 o'clock, when the test goes on. */
struct world *opinion_begin(uint64_t *task);

/* xa1 asks several: 0 or its error. */
int opinion_consult(struct world *world, uint64_t task, const char *const *ids, uint32_t count, const char *due);
/* One of those that xa1 is shown, from 0. */
struct msg_opinion opinion_at(struct world *world, uint64_t task, uint32_t at);
/* On how many tasks an agency owes one, by its list. */
uint32_t opinion_owed(struct world *world, const char *agency);
/* The newest record of a task that an agency is shown in its history; 0 when it is refused. */
uint64_t opinion_newest_shown(struct world *world, const char *agency, uint64_t task);

/* Excludes one from a task. */
void opinion_exclude(struct world *world, uint64_t task, const char *agency);

#endif
