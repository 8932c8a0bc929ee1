/* Tasks of huyen's that wait for others, for tests. */
#ifndef COORDD_TESTS_UNIT_CORE_WAIT_FOR_H
#define COORDD_TESTS_UNIT_CORE_WAIT_FOR_H

#include "unit/core/world.h"

/* For up to two; 0 for none: 0 or its error. */
int wait_for(struct world *world, uint64_t task, uint64_t first, uint64_t second);

#endif
