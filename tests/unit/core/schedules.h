/* Schedules for tests: to change before they are sent, what huyen sends of them, and what came of it. */
#ifndef COORDD_TESTS_UNIT_CORE_SCHEDULES_H
#define COORDD_TESTS_UNIT_CORE_SCHEDULES_H

#include "unit/core/world.h"

/* A weekly one, to xa1, due 4 working days after its Monday. */
struct msg_schedule_set weekly(const char *id);

/* Sets it, huyen or another agency, as must be allowed; and ends it: 0 or its error. */
void schedules_set(struct world *world, const struct msg_schedule_set *set);
void schedules_set_by(struct world *world, const char *agency, const struct msg_schedule_set *set);
int schedules_end(struct world *world, const char *agency, const char *id);
/* As huyen is shown it; and whether a line of what lies ahead of it, in that reply, has these words. */
const struct msg_schedule *schedules_get(struct world *world, const char *id);
bool schedules_says(struct world *world, uint32_t line, const char *words);
/* What came since a record: `made`, its references separated by spaces; of periods that made nothing `-W23` when they were passed
 * over, and `!W23` when there was trouble. Valid until the next call. */
const char *schedules_came(struct world *world, uint64_t since);
/* To the begin of a day. */
void schedules_run_until(struct world *world, const char *day);

#endif
