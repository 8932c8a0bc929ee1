/* Memory that steps, checkpoints and restores use again and again, so that a steady state allocates nothing. */
#ifndef COORDD_CORE_SCRATCH_H
#define COORDD_CORE_SCRATCH_H

#include "core/notice.h"

#define SCRATCH_LATELY 256 /* × 2 × 4 bytes: 2 KiB */

struct scratch {
    struct decoder *outer;  /* the frame that came */
    struct decoder *inner;  /* one request of a batch */
    struct decoder *stored; /* a record or row that is read back */
    struct buffer bytes;
    struct arena arena; /* for one item of a walk */
    /* The agencies and keys that were found lately, by what agency.c reckons of their names; 0 where none was yet. */
    uint32_t agencies[SCRATCH_LATELY], keys[SCRATCH_LATELY];
    struct request_name request;
    struct due *due;         /* of the task that is firing: core/deadline_due.h */
    struct reading *reading; /* of the request: core/reading.h */
    /* Of the newest record: core/stand_in.h. */
    struct text stand_ins[AUDIENCE_MAX];
};
struct scratch *scratch_new(void);
void scratch_free(struct scratch *scratch); /* takes NULL */

/* An empty buffer: its last user is done with it. */
struct buffer *scratch_bytes(struct core *core);

#endif
