/* Firing: what is due of tasks becomes records, and the records notices. */
#ifndef COORDD_CORE_DEADLINE_FIRE_H
#define COORDD_CORE_DEADLINE_FIRE_H

#include "core/effect.h"
#include "core/state.h"

/* Fires rungs whose time has come, at most CORE_TICK_RUNGS of them: of the task whose first came earliest all that are due, then
 * of the next. No other task is begun once the effects cost `until`. */
void deadline_fire(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects);

#endif
