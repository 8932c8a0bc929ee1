/* What the files of a world need of each other, and no test uses. */
#ifndef COORDD_TESTS_UNIT_CORE_WORLD_PARTS_H
#define COORDD_TESTS_UNIT_CORE_WORLD_PARTS_H

#include "unit/core/world.h"

/* The reply frame of the last event, whichever effect it came by; empty when it is the loop's to make. */
struct text world_find_reply(struct world *world, struct buffer *made);
void world_read_reply(struct world *world, struct text frame, const struct message *message);
int world_step(struct world *world, const char *public_key, const void *frame, size_t size,
               const struct message *reply);
void world_encode(const struct world *world, enum op op, const char *id, const void *request, struct buffer *frame);
void world_must(struct world *world, int error);

#endif
