/* The parts of a task: which tasks name it as their parent, how far they are together, and what holds between them and the
 * whole. A part is due no later than the whole; the whole is neither handed in nor confirmed over open parts without a reason.
 */
#ifndef COORDD_CORE_PARTS_H
#define COORDD_CORE_PARTS_H

#include "core/step.h"

/* Puts a task among the parts of the parent that it names now, and of no other. */
void parts_follow(struct core *core, const struct task *task);
/* The same of one whose whole has not changed, but perhaps how far it is. */
void parts_weigh(struct core *core, const struct task *task);
void parts_free(struct core *core);
/* Of a task that is cold: where its page lies may be lent as well. */
void parts_lend(struct core *core, uint64_t number);
/* How many parts a task has, and of these how many are open, and the open one with the lowest number (NULL for none). */
struct parts_count {
    uint32_t all, open;
    const struct task *first;
};
/* The part after this one, open or not: 0 begins, and ends. */
uint64_t parts_next(const struct core *core, uint64_t whole, uint64_t at);
struct parts_count parts_count(const struct core *core, uint64_t task);

/* How far they are together, each by its weight: one that is completed counts as done, one that is cancelled not at all, any
 * other by what its lead reports. And how many are open. At no cost. */
#define PARTS_WEIGHT_MAX 1000 /* messages.def.h says so as well */
struct parts_sum {
    int percent; /* rounded down; −1 when none counts */
    uint32_t open;
};
struct parts_sum parts_sum(const struct core *core, uint64_t task);
/* Whether a reader of the whole may know that percentage: its assigner and its lead do; any other, unless exactly one of the parts that
 * count is one that it may not read, for then it would know what that one reports. PARTS_LOOKED_AT parts are looked at: where
 * there are more, two of these must be hidden. And what that takes, in units of step_look, those that are closed being far away. */
#define PARTS_LOOKED_AT 64
bool parts_may_tell(const struct core *core, const struct task *whole, uint32_t reader, int64_t now_ms);
uint64_t parts_looks(const struct core *core, const struct task *whole, uint32_t reader, int64_t now_ms);

/* What these refuse for a task that the asker may not read names no task. Each part that is gone through is looked at. */

/* DUE_AFTER_PARENT when a task due then would be due after its whole (number 0 for none). */
int parts_check_due(struct step *step, uint64_t parent, int64_t due_ms, const char *field, struct problem *problem);
/* DUE_AFTER_PARENT when open parts are due after the whole's new due time, and that is earlier than the one it has: names which. */
int parts_check_whole(struct step *step, const struct task *whole, int64_t due_ms, const char *field,
                      struct problem *problem);
/* OPEN_PARTS when a task has open parts and no reason was given to hand it in, or to confirm it, over them. */
int parts_check_over(struct step *step, const struct task *whole, bool has_reason, struct problem *problem);
/* CAPACITY when a task has as many parts as it may and is to get so many more. */
int parts_check_room(struct step *step, uint64_t parent, uint32_t more, struct problem *problem);
#define PARENTS_MAX 64 /* tasks within tasks; also ends the walk of a chain */
/* BAD_VALUE when a task and what hangs on it, to the last part of a part, are more than so many levels; CAPACITY when these are more
 * than PARTS_WALK_MAX tasks. In one request that may also bring the task forward, and its parts are gone through for that again
 * (TASK_PARTS_MAX units), and have it wait for others (waits.h). */
#define PARTS_WALK_MAX 8192 /* × 100 ns = 0.8 ms */
int parts_check_levels(struct step *step, uint64_t task, int levels, struct problem *problem);
/* BAD_VALUE when a weight is given to a task that is a part of none (number 0). */
int parts_check_weight(const struct msg_content *content, uint64_t whole, struct problem *problem);

#endif
