/* An agency that ends, for tests of what becomes of what it had. */
#ifndef COORDD_TESTS_UNIT_CORE_AGENCY_ENDS_H
#define COORDD_TESTS_UNIT_CORE_AGENCY_ENDS_H

#include "unit/core/world.h"

/* With a successor or (NULL) without, even when it is the last that may administer. */
void agency_ends(struct world *world, const char *id, const char *parent, const char *successor, int64_t when);

#endif
