/* How much one key may ask of the broker: a bucket of tokens for its rate, and a count of what is unanswered.
 *
 * A quota belongs to a key, not to a connection: more connections give no more, and to connect again refills nothing.
 */
#ifndef COORDD_LOOP_QUOTA_H
#define COORDD_LOOP_QUOTA_H

#include <stdint.h>

#include "config.h"

/* Its limits: requests_per_second, requests_burst, requests_in_flight. */
struct quota {
    double tokens;
    uint64_t filled_ns; /* when the tokens were last counted; 0 before the first request */
    uint64_t in_flight;
};

/* Takes one request in: 0, RATE_LIMITED or IN_FLIGHT_LIMIT. What is refused costs neither a token nor a place. */
int quota_take(struct quota *quota, const struct limits *limits, uint64_t now_ns);
/* A batch turned out to carry so many more requests. They count against the next ones. */
void quota_add(struct quota *quota, const struct limits *limits, uint64_t more);
/* So many requests were answered, or their connection is gone. */
void quota_return(struct quota *quota, uint64_t answered);

#endif
