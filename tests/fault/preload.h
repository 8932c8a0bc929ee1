/* What a test and the library preloaded into its broker share: a page of memory, a file that COORD_FAULT names. */
#ifndef COORDD_FAULT_PRELOAD_H
#define COORDD_FAULT_PRELOAD_H

#include <stdint.h>

enum preload_fault {
    PRELOAD_NONE,
    PRELOAD_EIO,   /* a write, sync or truncation fails */
    PRELOAD_FULL,  /* ENOSPC from a write */
    PRELOAD_SHORT, /* a write takes half */
    PRELOAD_EINTR, /* a write is interrupted before it began */
    PRELOAD_READ,  /* EIO from a read */
    PRELOAD_FAULTS
};

enum preload_call { PRELOAD_A_WRITE = 1, PRELOAD_A_SYNC, PRELOAD_A_TRUNCATION, PRELOAD_A_READ };

struct preload {
    /* An error at the n-th call from the start on a file of the store, once. */
    volatile int fault;
    volatile uint64_t at, calls;
    volatile int struck;       /* enum preload_call, 0 for not yet… */
    volatile double struck_at; /* …and when, as rig_now */
    volatile int full;         /* no file of the store may grow, but for what the reserve has left */
    volatile int64_t clock_ms; /* added to the wall clock */
    volatile int synchronised; /* whether the kernel says so: 1 yes, -1 no, 0 as it does */
    /* The audit: the newest record that a sync has covered, and the frames that left and name one. */
    volatile uint64_t covered, frames, replies, uncovered;
};

#endif
