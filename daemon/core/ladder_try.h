/* A task's ladder as it would be under another policy: what of it would have been escalated so far, and what would come next. The
 * rungs are those of deadline_rung.h and deadline_due.h, over a copy of the task.
 *
 * What lies behind is reckoned from what a task keeps: the dates of its present rounds, whose clock ran, and which escalations were
 * acknowledged. So it goes back to where the present run of a clock began, when its date was given or it stood still last, and no
 * further. It is as if the broker had never been down, with the roles and agencies of now; an acknowledgement counts for the
 * escalation of the same deadline and level.
 */
#ifndef COORDD_CORE_LADDER_TRY_H
#define COORDD_CORE_LADDER_TRY_H

#include "core/course.h"
#include "core/deadline_due.h"
#include "core/step.h"

#define LADDER_TRY_ESCALATIONS TASK_ESCALATIONS_MAX

/* An escalation that would have been opened. */
struct ladder_opened {
    int64_t at;
    uint32_t step;
};

struct ladder_try {
    struct shadow shadow; /* as it would be; what it owns is the arena's or the task's */
    struct rounds rounds;
    struct asks asks;
    struct msg_asked asked; /* the oldest that is open, with another time to be decided by */
    uint16_t fired[TASK_STEPS_MAX];
    int64_t start[ROUND_KINDS]; /* since when a deadline's past is known: now of one of which nothing is */
    int64_t end[ROUND_KINDS];   /* until when its clock ran, or runs: past now */
    uint32_t partly;            /* deadlines that had a past before that, as bits */
    struct ladder_opened opened[LADDER_TRY_ESCALATIONS];
    uint32_t opened_count;
    bool is_cut; /* there would have been more: what came after the last is not known */
    uint64_t looked;
    struct escalations *room; /* for what would be open: as large as a task's may be */
};

/* One serves many tasks, one after the other; the step's. */
struct ladder_try *ladder_try_new(struct step *step);

/* Goes through what lies behind, up to now, under the policy of that number (catalogue_lend_policy). Then the next rungs of `shadow` are
 * what would come, unless it was cut. */
void ladder_try(struct core *core, const struct task *task, uint32_t policy, int64_t now_ms, struct arena *arena,
                struct ladder_try *try);

#endif
