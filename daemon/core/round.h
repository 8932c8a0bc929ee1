/* The end of a deadline's round: what of it is open is superseded, and those that it was addressed to are told so. */
#ifndef COORDD_CORE_ROUND_H
#define COORDD_CORE_ROUND_H

#include "core/notice.h"
#include "core/task_data.h"

/* What a record's `superseded` points to. */
struct round_end {
    uint64_t escalations[TASK_ESCALATIONS_MAX];
};

/* Sets the record's `superseded` to the open escalations of these deadlines (bit mask), and adds those that they are
 * addressed to, but for `except`. The lists are the caller's, until the record was emitted. */
void round_end(const struct core *core, const struct task *task, uint32_t deadlines, uint32_t except, int64_t now_ms,
               struct msg_record *record, struct round_end *ended, struct recipients *told);

#endif
