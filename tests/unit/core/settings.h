/* What administrators set, for tests: to change before it is sent; and what was refused. */
#ifndef COORDD_TESTS_UNIT_CORE_SETTINGS_H
#define COORDD_TESTS_UNIT_CORE_SETTINGS_H

#include "unit/core/world.h"

/* With one step, or (NULL) none. */
struct msg_policy_set settings_policy(const char *id, struct msg_step *step);
/* That works on Mondays, by hours which it fills in. */
struct msg_calendar_set settings_calendar(const char *id, struct msg_hours *hours);
/* The last request was refused so, for this field. */
void settings_refused(struct world *world, int error, const char *field);
/* To one lead. */
struct msg_assign settings_assign(const struct text *lead, const char *reference);

#endif
