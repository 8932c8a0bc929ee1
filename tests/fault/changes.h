/* Changes by one agency, one after the other, and what was acknowledged of them. */
#ifndef COORDD_FAULT_CHANGES_H
#define COORDD_FAULT_CHANGES_H

#include "fault/fault.h"

#define CHANGES_MAX 4096

struct changes {
    struct coord *coord;
    struct coord_context context;
    uint64_t task;
    uint64_t sent;
    uint64_t seqs[CHANGES_MAX]; /* as acknowledged; 0 for not */
};

/* Opens a connection; the member's task is accepted. */
void changes_open(struct changes *changes, const struct member *member);
/* One more report; 0 or its error. A broker that is gone makes TIMED_OUT after so many ms. */
int changes_make(struct changes *changes, int timeout_ms);
/* All that were acknowledged are in the history once, as they were acknowledged; how many there are. */
uint64_t changes_audit(struct changes *changes);
void changes_close(struct changes *changes);

#endif
