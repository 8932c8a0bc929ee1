/* A growing set of numbers in their order, for many sets that are mostly small: which tasks an agency has a role on.
 *
 * Kept in blocks of at most 512 numbers, so that a change moves 2 KiB at most. Costs 4 bytes for a number, half as much
 * again while its block still grows, and 80 bytes for a set. Blocks may lie in tables that are lent (base/tables.h): then
 * a number costs next to nothing, and what is changed in them is changed in place.
 */
#ifndef COORDD_BASE_NUMBERS_H
#define COORDD_BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tables.h"

struct numbers_block {
    uint32_t *items;
    uint32_t last; /* of the items, none of which comes before it */
    uint16_t count, capacity;
};

struct numbers {
    struct numbers_block *blocks; /* none is empty; room for the next power of two */
    uint32_t block_count;
    uint32_t count;        /* numbers in the set */
    struct tables *tables; /* borrowed; NULL while no block was ever lent */
};

void numbers_done(struct numbers *numbers);                 /* all zeroes is an empty set */
void numbers_add(struct numbers *numbers, uint32_t number); /* nothing when it is there */
void numbers_remove(struct numbers *numbers, uint32_t number);
/* Of a number that will hardly ever be looked for: its block and the one before it may lie in tables, but for the last,
 * which still grows. Where there is no room for them they stay where they are. */
void numbers_lend(struct numbers *numbers, uint32_t number, struct tables *tables);

/* A walk in order; the set must not change meanwhile. */
struct numbers_place {
    uint32_t block, index;
};
/* The first number that is `from` or more; false when there is none, and then neither is changed. */
bool numbers_find(const struct numbers *numbers, uint32_t from, struct numbers_place *place, uint32_t *number);
/* The one after it. */
bool numbers_next(const struct numbers *numbers, struct numbers_place *place, uint32_t *number);

#endif
