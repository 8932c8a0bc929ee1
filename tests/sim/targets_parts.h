/* What the files on targets need of each other, and no other file uses. */
#ifndef COORDD_SIM_TARGETS_PARTS_H
#define COORDD_SIM_TARGETS_PARTS_H

#include "sim/sim.h"

int64_t targets_thousandths(double number);
bool targets_is_figure(double number);
int64_t targets_period_at(const struct sim *sim, const struct model_task *task, int64_t at);
/* The first day of the period of this name, in or about the year that it begins with. NO_TIME for none. */
int64_t targets_find_named(int period, struct text name);
int targets_place_of(const struct model_task *task, int64_t begin);
int64_t targets_owed_by_date(const struct sim *sim, const struct model_task *task);
int64_t targets_missing_of(const struct model_task *task);
/* Every period that is over, from the first on, has its value or is named: the newest twelve, in their order, and the number of the
 * others. What is over ends before the one that is owed; where none is, with the last that was missed, whatever became of it. */
bool targets_are_named_missing(const struct sim *sim, const struct model_task *task, const struct texts *named,
                               uint64_t more);
int64_t targets_owed_first(const struct sim *sim, const struct model_task *task);
/* Which rule it breaks, as a target; NULL for none. */
const char *targets_broken(const struct model_task *task, const struct model_task *before, bool gives_plan);
bool targets_says_value(const struct msg_progress *asked);
int64_t targets_period_asked(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked,
                             int64_t now);
/* Whether it is a period's turn. */
bool targets_may_come(const struct sim *sim, const struct model_task *task, int64_t begin, int64_t now);
int64_t targets_reached(const struct model_task *task);

#endif
