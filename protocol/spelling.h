/* How far a mistaken word is from a right one, for "did you mean". */
#ifndef COORD_SPELLING_H
#define COORD_SPELLING_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPELLING_SIZE_MAX 64 /* longer words are near to nothing */

/* Letters to add, drop, change or swap with their neighbour to make one of the other; bytes stand for letters.
 * UINT32_MAX when a word is longer than SPELLING_SIZE_MAX. */
uint32_t spelling_distance(struct text a, struct text b);
/* Whether a distance is small enough for a word of this size that its writer may have meant the other. */
static inline bool spelling_near(uint32_t distance, uint32_t size)
{
    return distance <= (size < 3 ? 1 : size / 3 + 1);
}

#ifdef __cplusplus
}
#endif

#endif
