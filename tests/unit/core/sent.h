/* What tests send, and which effect it had. */
#ifndef COORDD_TESTS_UNIT_CORE_SENT_H
#define COORDD_TESTS_UNIT_CORE_SENT_H

#include "unit/core/world.h"

struct msg_change sent_change(uint64_t task, const char *note);
/* A request as an element of a batch, in the arena. */
struct text sent_element(struct arena *arena, enum op op, const char *id, const void *request);
/* The first of a type that the last event had; NULL when it had none. */
const struct effect *sent_effect(const struct world *world, enum effect_type type);

#endif
