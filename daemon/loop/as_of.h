/* How new what is told is: of a follower, which says so with each answer. */
#ifndef COORDD_LOOP_AS_OF_H
#define COORDD_LOOP_AS_OF_H

#include <stdbool.h>
#include <stdint.h>

struct as_of {
    bool is_told;     /* a follower's; else the rest says nothing */
    uint64_t seq;     /* the newest record that was applied */
    int64_t fresh_ms; /* all that was acknowledged before then had been; by the monotonic clock */
};

#endif
