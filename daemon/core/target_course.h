/* How a target stands: its values against its plan, how they change, and what they come to by its due date. The last three
 * values count, or two when there are no more: of levels the straight line through the first and the last of them goes on, of
 * amounts their mean goes on. Three levels one period apart have the same line by least squares.
 */
#ifndef COORDD_CORE_TARGET_COURSE_H
#define COORDD_CORE_TARGET_COURSE_H

#include "core/target.h"

#define COURSE_LAST 3

/* What it says is in the arena or the task's. */
struct msg_course target_course(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena);
/* Whether it is below plan, is not to be met by the forecast, or has a value missing. */
bool target_is_behind(const struct msg_course *course);
/* Every period with a plan or a value, the first first. */
struct msg_course_period_items target_series(const struct core *core, const struct task *task, int64_t now_ms,
                                             struct arena *arena);

#endif
