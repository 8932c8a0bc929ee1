/* The bounds of reads, for all of them alike. */
#ifndef COORDD_CORE_QUERY_H
#define COORDD_CORE_QUERY_H

#include "core/step.h"

#define QUERY_SCAN_MAX  20000        /* looked at for one page, in units of step_look: about 2 ms */
#define QUERY_BYTES_MAX (512 * 1024) /* in one page, so that a batch of pages still fits a frame */

/* The page's size that was asked for, or the default. */
uint32_t query_limit(bool has, uint64_t limit);
/* The task that is asked for, if the asker may read it: MISSING_FIELD, TASK_UNKNOWN. */
const struct task *query_task(struct step *step, const struct msg_task_get *get, struct problem *problem);

#endif
