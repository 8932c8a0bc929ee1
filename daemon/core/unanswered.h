/* Opinions that are not given, as the clock sees it: past its date an opinion is silent, which frees the lead to go on. One of an
 * agency that has ended with nobody in its place is silent for good, from then on; one of an agency that has become the lead's, or
 * is excluded from the task, is withdrawn. A record says so, once for a date, however late it is come to.
 *
 * That comes with the rungs, as in core/decider.h: each task's is in the schedule, and follows from the tree and the task alone.
 */
#ifndef COORDD_CORE_UNANSWERED_H
#define COORDD_CORE_UNANSWERED_H

#include "core/effect.h"
#include "core/state.h"

/* When the next of a task's opinions is to be put on record so: INT64_MAX for never. */
int64_t unanswered_next(const struct core *core, const struct task *task);
/* Puts those of one question on record; false when there are none. One record; the caller schedules the task. */
bool unanswered_tell(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects);

#endif
