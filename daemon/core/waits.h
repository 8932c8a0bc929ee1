/* What a task waits for: others that must end before it can, named by its assigner in `waits_for`. A whole cannot end before
 * its parts, so that it waits for these as well. Nothing waits for itself, through whatever others: such a circle is refused.
 *
 * Who waits for a task is kept in an index, for the open tasks alone: one that has ended waits for nothing, and holds nobody up.
 */
#ifndef COORDD_CORE_WAITS_H
#define COORDD_CORE_WAITS_H

#include "core/step.h"

#define TASK_WAITS_MAX 16 /* that one task names; messages.def.h says so as well */
/* Steps from a task to one that waits for it, to find a circle, and then as many the other way: 2 × 2 units = 1.6 ms. A request that
 * takes long beside it has less: by so many for each lead (with 256, whose tasks cost 35,300 units, 2 × 2,048 are left, 8,200 units), and
 * where a task is hung on another, and its parts were gone through (PARTS_WALK_MAX, TASK_PARTS_MAX: 24,600 units). */
#define WAITS_WALK_MAX  4096
#define WAITS_WALK_LEAD 8
#define WAITS_WALK_HUNG 2048
#define WAITS_CHAIN_MAX                                                                                                \
    16 /* tasks of a chain that is told: × 16 that each may wait for, 100 ns to look at one: 26 us */

struct waits *waits_new(void);
void waits_free(struct waits *waits); /* takes NULL */

/* The index says what a task says by now. `is_asked`: its content may have changed, and not only its state. */
void waits_follow(struct core *core, const struct task *task, bool is_asked);

/* What it names; how many. */
uint32_t waits_named(const struct task *task, uint64_t numbers[TASK_WAITS_MAX]);
/* Those of them that have not ended; none of a task that has. */
uint32_t waits_open(const struct core *core, const struct task *task, uint64_t numbers[TASK_WAITS_MAX]);

/* Whether a task of this number is there and has not ended. */
bool waits_may_hold(const struct core *core, uint64_t number);

/* Whether any open task waits for another. */
bool waits_are_any(const struct core *core);
/* Goes through those that wait for a task: *place begins at 0; false at the end. The index must not change between calls. */
bool waits_next_waiter(const struct core *core, uint64_t awaited, uint32_t *place, uint64_t *waiter);

/* What a content names: each is read by whoever names it, but for one that `old` (NULL for a new task) names already. */
int waits_check_named(const struct step *step, const struct msg_content *content, const struct task *old,
                      struct problem *problem);
/* WAITS_FOR_ITSELF when a task would with this content, as a part of `whole` (0 for none). `old` is NULL for a new task.
 * CAPACITY when too many wait for it, and it would wait for too many, to know. `leads`: how many tasks the request makes. */
int waits_check_circle(struct step *step, const struct msg_content *content, const struct task *old, uint64_t whole,
                       uint32_t leads, struct problem *problem);

/* WAITS_FOR_ITSELF of a task that would be a part of itself: the task is to hang on `whole`, which hangs on it, at once or over
 * others, however many of these have ended; `whole` is the task itself when it names that. PARENTS_MAX of them at most. */
int waits_refuse_own_part(struct step *step, const struct task *task, const struct task *whole,
                          struct problem *problem);

/* By what a task is held up, and that by what, to the end: of several the one that is due first, one without a date last, then
 * the lowest number. A task that is restricted ends a chain: it is told by its number, and nothing of it beyond that. */
struct waits_chain {
    uint32_t count; /* 0 when nothing holds it up */
    uint64_t tasks[WAITS_CHAIN_MAX];
    uint32_t holder; /* whose clock runs at the end; NONE when that is not told */
    uint32_t looked; /* tasks that were looked at to find it */
};
void waits_find_chain(const struct core *core, const struct task *task, int64_t now_ms, struct waits_chain *chain);
/* Their references, or `#12` of one that is restricted. In the arena. */
struct texts waits_names(const struct core *core, const struct waits_chain *chain, struct arena *arena);

#endif
