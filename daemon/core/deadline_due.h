/* What is due of one task at one moment, and who is told of what: each agency of one thing, the highest. What is to be decided is
 * another's duty than the work, and told beside it: neither stands for the other.
 *
 * Of each step only the last occurrence that is due can tell; those before it are told by it. Of steps the one that
 * escalates stands above one that notifies, and that above a reminder; of escalations the higher level, else the later.
 * A step whose catch-up is `fire` takes no part: each of its occurrences is told for itself.
 */
#ifndef COORDD_CORE_DEADLINE_DUE_H
#define COORDD_CORE_DEADLINE_DUE_H

#include "core/deadline_rung.h"
#include "core/notice.h"
#include "core/waits.h"

#define POLICY_STEPS_MAX 32 /* messages.def.h says so as well */

struct due_step {
    struct task_rung first, last; /* occurrences that are due, and have not fired */
    bool is_due;
    bool is_told; /* `last` is told with the others; false: each for itself, or nobody of any */
    bool
        is_highest; /* of what is told of its deadline and escalates: an escalation is open from then on, whoever is told */
    bool passes_on; /* no rung, but an open escalation that a new lead's superior is to know; is_told, not is_due */
    uint32_t stands[ROUND_KINDS]; /* how many rungs its notice stands for, by deadline, and of which steps (bit mask) */
    uint32_t stands_for;
    uint32_t to_count; /* whom it tells, when is_told */
    uint32_t to[AUDIENCE_MAX];
    bool is_held_up; /* what the task waits for is told with it: `chain` of the due */
    uint32_t
        holder; /* of those named, one who is told as the holder of the chain alone, and owes nothing for it; or NONE */
    uint32_t named_count; /* whom it would tell alone */
    uint32_t named[AUDIENCE_MAX];
};

/* 32 × 2.3 KiB: on the heap, one for the core. */
struct due {
    struct due_step steps[POLICY_STEPS_MAX];
    uint32_t step_count;
    uint32_t rung_count;
    uint8_t told[POLICY_STEPS_MAX]; /* steps that are told, the lowest first */
    uint32_t told_count;
    struct waits_chain chain; /* by what the task is held up: valid when one of the steps says so */
};

/* Whether a rung was missed while the broker was down. One that comes again tells how things stand now. */
static inline bool due_was_missed(const struct core *core, const struct task_rung *rung)
{
    return rung->fires <= core->missed_until && !rung->comes_again;
}

/* Whether rungs of these two deadlines that are due at once are told by one notice. */
static inline bool due_told_together(int a, int b)
{
    return (a == DEADLINE_DECISION) == (b == DEADLINE_DECISION);
}

/* Whether what is told of a step opens an escalation, unless one of it is open: one that passes on, or comes again, is open from now
 * on whoever is told of something higher; and so is the highest of its deadline. */
static inline bool due_escalates(const struct due_step *step)
{
    return step->last.step->does == RUNG_ESCALATE &&
           (step->to_count > 0 || step->is_highest || step->passes_on || step->last.comes_again);
}

void due_find(const struct core *core, const struct task *task, int64_t now_ms, struct due *due);

/* Whom one rung would tell alone, by who holds which role at a time: in `named` of the due's first step. */
const struct due_step *due_named(const struct core *core, const struct task *task, const struct task_rung *rung,
                                 int64_t now_ms, struct due *due);

/* Whose acknowledgement is wanted: of those named all but the lead, whose delay it is, or of a decision but who has to decide; or
 * else the assigner's; its own only when it is the assigner, or the assigner asks. */
void due_addressed(const struct core *core, const struct task *task, const struct due_step *step, int64_t now_ms,
                   struct recipients *addressed);

#endif
