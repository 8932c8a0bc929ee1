/* Requests of a lead, for tests: under which policy they are made, what was asked last, what is granted. */
#ifndef COORDD_TESTS_UNIT_CORE_ASK_H
#define COORDD_TESTS_UNIT_CORE_ASK_H

#include "unit/core/world.h"

/* What the policy `thang` says of requests, each unless ASK_NOT_SAID: how long a decision may take (with steps that say who hears of
 * one that does not come), how early it is asked, how many are ordinary. */
struct ask_rules {
    uint64_t decide_within, ask_before, ordinary;
};
#define ASK_NOT_SAID UINT64_MAX
void ask_set_rules(struct world *world, const struct ask_rules *rules);

/* From huyen to xa1, due on 28 June, under a policy that gives three working days to decide. */
struct world *ask_begin(uint64_t *task);
/* The newest request of a task, as huyen is shown it. */
const struct msg_asked *ask_last(struct world *world, uint64_t task);
/* With another date or lead than was asked for, unless NULL: 0 or its error. */
int ask_grant(struct world *world, const char *agency, uint64_t task, uint64_t ask, const char *due, const char *lead);

#endif
