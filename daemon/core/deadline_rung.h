/* Which rungs a task has ahead, and when: nothing but arithmetic on the task, its policy and its calendar.
 *
 * By days, a rung comes when work begins on a day counted from the last day in time; by hours or minutes, so long from
 * the deadline itself, by the clock or in working time. An occurrence comes so much after the first as the step's repeat says. What lies before the lead
 * was given the task is passed over: nobody missed it. A step that escalates repeats until it was acknowledged.
 */
#ifndef COORDD_CORE_DEADLINE_RUNG_H
#define COORDD_CORE_DEADLINE_RUNG_H

#include "core/state.h"

struct task_rung {
    const struct msg_step *step; /* the policy's */
    uint32_t number;             /* of the step */
    uint32_t occurrence;
    int64_t due;     /* the deadline that it is counted from */
    int64_t instant; /* when it is to fire */
};

/* A task's deadline, of the acceptance, of completion or of a report: TIME_NONE when it has none, when it was met, or
 * while the task is suspended. */
int64_t rung_due(const struct task *task, int deadline);
/* The next rung of one step, that is, one that has not fired; false when it has none. */
bool rung_of_step(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung);
/* The one after it of the same step. */
bool rung_after(const struct core *core, const struct task *task, const struct task_rung *rung,
                struct task_rung *after);
/* The next rung of all, by instant and then by step. */
bool rung_next(const struct core *core, const struct task *task, struct task_rung *rung);
/* Whether one comes before the other. */
bool rung_is_before(const struct task_rung *a, const struct task_rung *b);
/* The newest escalation that a step raised since its deadline's clock began; NULL when there is none. */
const struct escalation *rung_escalation(const struct task *task, int deadline, uint32_t number);

#endif
