/* Frames that cost as much as their senders can make them cost, from a generator that knows what does: letters with many marks,
 * lists that look through much, tasks for all children, parts of a whole that has many, ids beside all that there are; alone,
 * and in batches of up to 1 MiB.
 */
#ifndef COORDD_TESTS_UNIT_CORE_COSTLY_H
#define COORDD_TESTS_UNIT_CORE_COSTLY_H

#include "unit/core/world.h"

/* A world in which much can be gone through. */
struct costly_size {
    unsigned agencies, parts, tasks;
};

struct costly {
    struct world *world;
    uint64_t whole;   /* a task of many parts */
    uint64_t crowded; /* one with the longest of texts, lists and escalations */
    uint64_t number;  /* of requests so far: each has an id of its own */
    uint32_t seed;
    const uint8_t *choices; /* a fuzzer's, for as long as there are any; NULL: the seed's */
    size_t choices_left;
    uint32_t batches; /* one frame in so many is a batch */
    const char *only; /* the kind of requests; NULL: of all kinds */
    char text[17000], note[4200];
};

/* What a frame of the generator came to: the costliest of its steps, and the longest. */
struct costly_outcome {
    const char *kind; /* of its request, or of the first of its batch */
    bool batch, refused;
    uint32_t requests; /* how many were answered */
    uint64_t cost;     /* units of the costliest step */
    int64_t took_ns;   /* of this thread's processor, the longest step */
    uint64_t all_cost; /* of all its steps */
    int64_t all_ns;
};

void costly_begin(struct costly *costly, const struct costly_size *size);
void costly_done(struct costly *costly);
/* Makes a frame, steps it to its end. */
struct costly_outcome costly_try(struct costly *costly);
/* The kinds of requests, one by one: NULL at the end. */
const char *costly_kind(unsigned number);

#endif
