/* Client processes that begin together, are measured for a while, and end together. */
#ifndef COORDD_RIG_STAGE_H
#define COORDD_RIG_STAGE_H

#include <sys/types.h>

#include "rig/histogram.h"
#include "rig/rig.h"

#define CLIENTS_MAX 256

/* What clients and parent share. A client adds itself to `ready`, and counts from `go` until `stop`. */
struct stage {
    volatile int ready, go, stop;
    struct histogram histograms[CLIENTS_MAX];
};

/* Waits until all are ready, lets them warm up, measures, and ends them. */
struct loaded stage_run(struct stage *stage, const pid_t *children, int clients, double seconds);

#endif
