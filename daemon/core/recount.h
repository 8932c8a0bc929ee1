/* A calendar has changed: due times that were given as a count, and the times to accept that a policy gives as one, are counted
 * anew, and the tasks' next rungs with them.
 *
 * A pass walks over the tasks a few at a time, at ticks, and nothing fires before it is through: no rung comes by the old
 * calendar. It begins with the calendar's record, and counting again what was counted changes nothing; so the place that
 * a checkpoint keeps may lie behind, and whoever restores from records alone begins it again.
 *
 * A date that was named stays. So does one that would come to lie in the past: nobody is late by decree.
 */
#ifndef COORDD_CORE_RECOUNT_H
#define COORDD_CORE_RECOUNT_H

#include "core/effect.h"
#include "core/state.h"

/* Goes on, for a few ms; some pass must be under way (recount_places.h). */
void recount_step(struct core *core, int64_t now_ms, struct effects *effects);

/* A deadline (DEADLINE_COMPLETION or DEADLINE_ACCEPTANCE) of an open task in a calendar that its own may become; false when it
 * stays. */
bool recount_moves(const struct core *core, const struct task *task, int deadline, const struct calendar *calendar,
                   int64_t now_ms, int64_t *due_ms);

#endif
