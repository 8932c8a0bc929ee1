/* Calendars and policies by number and by id. */
#ifndef COORDD_CORE_CATALOGUE_H
#define COORDD_CORE_CATALOGUE_H

#include "core/state.h"

/* Apply: takes what was built. A calendar replaces the one of its id; a policy is a new version. */
void catalogue_put_calendar(struct core *core, struct calendar *calendar, uint64_t seq);
void catalogue_put_policy(struct core *core, struct policy *policy, uint64_t seq);
/* The number by which a policy that is only tried is found, as if it were one more version: it counts for nothing else, and its
 * place is another's once the step is over. The policy stays the caller's. */
uint32_t catalogue_lend_policy(struct core *core, struct policy *policy);
/* The same at the number that a row says; false when another id holds it. */
bool catalogue_restore_calendar(struct core *core, uint32_t number, struct calendar *calendar, uint64_t seq);
bool catalogue_restore_policy(struct core *core, uint32_t number, struct policy *policy, uint64_t seq);
/* After restoring: which version follows which. False when a number is missing. */
bool catalogue_restore_done(struct core *core);
void catalogue_free(struct core *core);

#endif
