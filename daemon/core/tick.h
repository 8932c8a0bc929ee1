/* What a tick does: see tick.c. */
#ifndef COORDD_CORE_TICK_H
#define COORDD_CORE_TICK_H

#include "core/effect.h"
#include "core/state.h"

void tick_step(struct core *core, const struct event *event, struct effects *effects);

/* Whether what rungs follow from is being looked for anew, and none fires before that is through. */
bool tick_settles(const struct core *core);

#endif
