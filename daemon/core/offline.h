/* What the operator of the machine does to a store while no broker serves it: makes it, restores it, gives it a key. */
#ifndef COORDD_CORE_OFFLINE_H
#define COORDD_CORE_OFFLINE_H

#include "core/event.h"
#include "core/state.h"

/* EVENT_STORE: the records of a new store, or a refusal. */
void offline_store(struct core *core, const struct event *event, struct effects *effects);
/* EVENT_RESTORED: every agency that can read is told. */
void offline_restored(struct core *core, const struct event *event, struct effects *effects);
/* EVENT_KEY: the same, or a refusal that names `agency` or a field of the key. */
void offline_key(struct core *core, const struct event *event, struct effects *effects);
/* EVENT_REVOKED: the key's record, or a refusal when there is none that could still be revoked. */
void offline_revoked(struct core *core, const struct event *event, struct effects *effects);

#endif
