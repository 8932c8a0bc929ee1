/* Durable consumers' places: the part that restores them. The rest is in core.h. */
#ifndef COORDD_CORE_CONSUMER_H
#define COORDD_CORE_CONSUMER_H

#include "core/state.h"

bool consumer_restore(struct core *core, uint64_t number, uint32_t agency, struct text name, uint64_t seq);
void consumer_free(struct core *core);

#endif
