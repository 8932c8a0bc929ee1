/* What is stored: records and rows, as the core makes them and a journal keeps them. */
#ifndef COORDD_BASE_STORED_H
#define COORDD_BASE_STORED_H

#include <stdint.h>

/* A fact of the journal: the body is a whole MSG_RECORD frame, the very bytes that subscribers get. */
struct journal_record {
    uint64_t seq;
    uint64_t task;     /* 0 when it is of no task */
    uint64_t previous; /* the task's record before it; 0 when none */
    const void *body;
    uint32_t size;
};

/* A piece of state as the checkpoint keeps it. Rows are independent: each says up to which record it has seen, so a
 * replay over newer rows skips what they know already. */
struct journal_row {
    uint64_t key; /* the core's: which object it is of (core/effect.h) */
    uint64_t seq; /* newest record that the row has seen */
    const void *body;
    uint32_t size;
};

#endif
