/* Of two places of one durable consumer, which counts: for the core, and for every keeper that has a table of them.
 *
 * Whoever waits for the answer of one broker may ask another, and each makes a place where its journal ends: then nobody may have been told of
 * the one further on. But what a consumer says that it has dealt with, it was told.
 */
#ifndef COORDD_BASE_PLACE_H
#define COORDD_BASE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a place takes another's place: of two that brokers made the earlier, of two that were said the further, and what was said goes
 * before what was made. */
static inline bool place_goes_before(uint64_t seq, bool made, uint64_t stands, bool stands_made)
{
    if (made != stands_made)
        return stands_made;
    return made ? seq < stands : seq > stands;
}

#endif
