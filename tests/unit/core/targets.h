/* Targets, for tests: two of the programme's, what their lead reports, and how they stand. */
#ifndef COORDD_TESTS_UNIT_CORE_TARGETS_H
#define COORDD_TESTS_UNIT_CORE_TARGETS_H

#include "unit/core/world.h"
#include "unit/test.h"

/* A text is this. */
#define IS(text, wanted) assert_true(text_equal(text, TEXT(wanted)))

/* HT-036 of the programme: the rate of land records that are late, each week, the fewer the better. */
struct msg_assign targets_rate(void);
/* HT-055: what the budget takes in, month by month, in tỷ đồng. */
struct msg_assign targets_revenue(void);
/* What is planned of one period. */
struct msg_planned targets_plan_of(const char *period, double value);
/* Given, accepted and begun. */
uint64_t targets_give(struct world *world, const struct msg_assign *assign);
/* Of a period, or (NULL) of none that is named. */
struct msg_progress targets_report_of(uint64_t task, const char *period);
/* xa1 says it: 0 or its error. */
int targets_report_rate(struct world *world, uint64_t task, const char *period, double numerator, double denominator);
int targets_report(struct world *world, uint64_t task, const char *period, double value);
/* As huyen is shown it, and how it stands. Valid until the next request. */
const struct msg_task *targets_get(struct world *world, uint64_t task);
const struct msg_target_reply *targets_course(struct world *world, uint64_t task);
/* To eight in the morning. */
void targets_run_until(struct world *world, const char *day);
/* Doubles that are the same. */
void targets_same(double is, double wanted);
/* huyen amends it. */
void targets_set_plan(struct world *world, uint64_t task, struct msg_planned *plan, uint32_t count);
/* These periods, in this order, and no others. */
void targets_names(const struct texts *missing, const char *const *periods, uint32_t count);

#endif
