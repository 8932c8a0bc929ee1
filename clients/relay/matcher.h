/* What a route, a silence or an inhibition is about. All that a matcher names must hold; of what is a list, one item is
 * enough. One that names nothing matches all.
 */
#ifndef RELAY_MATCHER_H
#define RELAY_MATCHER_H

#include "notification.h"
#include "reader.h"

struct matcher {
    struct names agency;  /* whom it tells */
    struct names subtree; /* whom it tells, or an agency above that one */
    struct names area, tag;
    uint32_t kinds, notices; /* bits; 0 for any */
    int severity;            /* this one and above; 0 for any */
};

extern const struct key matcher_keys[];
reader_take take_matcher;

bool matcher_holds(const struct matcher *matcher, const struct notification *notification);
/* What stands in the way, for people: `severity is notice`; NULL when it holds. Static, until the next call. */
const char *matcher_why_not(const struct matcher *matcher, const struct notification *notification);

#endif
