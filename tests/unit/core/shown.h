/* What an agency is shown of a task, and what is to be shown again after a restart: alike in many tests. */
#ifndef COORDD_TESTS_UNIT_CORE_SHOWN_H
#define COORDD_TESTS_UNIT_CORE_SHOWN_H

#include "unit/core/world.h"

/* It must be shown; and NULL when it is not. Valid until the next request, as the rest of the reply is. */
const struct msg_task *shown_task(struct world *world, const char *agency, uint64_t task);
const struct msg_task *shown_if_read(struct world *world, const char *agency, uint64_t task);

/* Rows and records alike bring the state back; then the world is freed. */
void shown_comes_back(struct world *world);

#endif
