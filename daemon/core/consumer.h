/* Durable consumers' places: whose they are, and how they are restored. The rest is in core.h. */
#ifndef COORDD_CORE_CONSUMER_H
#define COORDD_CORE_CONSUMER_H

#include "core/state.h"

bool consumer_restore(struct core *core, uint64_t number, const struct consumer *consumer); /* copies the name */
void consumer_free(struct core *core);

#endif
