/* Parts for tests, to xa2 by huyen, and what becomes of them. */
#ifndef COORDD_TESTS_UNIT_CORE_PART_H
#define COORDD_TESTS_UNIT_CORE_PART_H

#include "unit/core/world.h"

/* A part of a whole, due at a date or (NULL) at none: 0 or its error; and its number, of one that must be allowed. */
int part_assign(struct world *world, uint64_t whole, const char *reference, const char *due);
uint64_t part_new(struct world *world, uint64_t whole, const char *reference, const char *due);
/* Gives a task another date (unless NULL), and hangs it on another whole (unless 0): 0 or its error. */
int part_amend(struct world *world, uint64_t task, const char *due, uint64_t parent);
/* Its lead accepts and submits it, as must be allowed; and huyen confirms it, with a note or (NULL) without: 0 or its error. */
void part_submit(struct world *world, const char *lead, uint64_t task);
int part_confirm(struct world *world, uint64_t task, const char *note);

#endif
