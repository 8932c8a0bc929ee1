/* Durable consumers' places: whose they are, and how they are restored. The rest is in core.h. */
#ifndef COORDD_CORE_CONSUMER_H
#define COORDD_CORE_CONSUMER_H

#include "core/state.h"

/* Whether a key may move the place of this name. One that may only read leaves alone what another key of the agency has
 * made, as long as that one may speak. NOT_AUTHORISED. */
int consumer_check(const struct core *core, const struct core_identity *who, struct text name, int64_t now_ms,
                   struct problem *problem);
bool consumer_restore(struct core *core, uint64_t number, const struct consumer *consumer); /* copies the name */
void consumer_free(struct core *core);

#endif
