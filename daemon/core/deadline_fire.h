/* Firing: what is due of one task becomes records, and the records notices. */
#ifndef COORDD_CORE_DEADLINE_FIRE_H
#define COORDD_CORE_DEADLINE_FIRE_H

#include "core/deadline_due.h"
#include "core/effect.h"

/* Fires what is due of a task: all of it, or `room` of it when that is too much for one tick and it `may_split`. Returns
 * how many records it made; 0 when there was no room. */
uint32_t deadline_fire_task(struct core *core, const struct task *task, int64_t now_ms, uint32_t room, bool may_split,
                            struct effects *effects);

#endif
