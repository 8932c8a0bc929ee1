/* Days off that are decreed, for tests of what moves then. */
#ifndef COORDD_TESTS_UNIT_CORE_DECREE_H
#define COORDD_TESTS_UNIT_CORE_DECREE_H

#include "unit/core/world.h"

/* A calendar with these days off, separated by spaces, set or (`dry_run`) only tried. */
void decree_for(struct world *world, const char *calendar, const char *days, bool dry_run);
/* The world's `default`; and that it is set. */
void decree(struct world *world, const char *days, bool dry_run);
void decree_off(struct world *world, const char *days);

#endif
