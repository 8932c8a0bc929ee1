/* A growing set of small numbers, one bit each: which objects changed, which tasks have escalations. */
#ifndef COORDD_BASE_BITS_H
#define COORDD_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bits {
    uint64_t *words;
    size_t word_count;
    uint64_t count; /* numbers in the set */
};

void bits_done(struct bits *bits); /* all zeroes is an empty set */
void bits_add(struct bits *bits, uint64_t number);
void bits_remove(struct bits *bits, uint64_t number);
bool bits_has(const struct bits *bits, uint64_t number);
/* The smallest number in the set that is `from` or more; UINT64_MAX when there is none. */
uint64_t bits_next(const struct bits *bits, uint64_t from);

#endif
