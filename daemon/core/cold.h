/* Closed tasks out of ordinary memory. A task that was closed for a while is cold: it is moved to memory that the host
 * lends (base/lent.h), with all that it owns, where it is read as any other. What changes it asks task_to_change, which
 * brings it back, for as long again. With the last tasks of a page go what finds them: the page itself, the blocks of
 * who holds them, the links of parts, and the index of references has another for those that are cold.
 *
 * Nothing that is seen depends on it: no record, no row, no digest, no answer; where a lender refuses, tasks stay where they are.
 * Only what it costs to look at one that is old counts more, and that goes by its age.
 */
#ifndef COORDD_CORE_COLD_H
#define COORDD_CORE_COLD_H

#include "base/buckets.h"
#include "base/lent.h"
#include "base/tables.h"
#include "core/state.h"

/* Closed tasks that are not cold, in the order in which they are to be: each once. 8 bytes for each that was closed or
 * changed in the last CORE_COLD_AFTER_MS; as many as there are tasks at most. */
struct cold_entry {
    uint32_t task;
    uint32_t minute; /* since 1970, of when it was closed or brought back */
};

struct cold {
    int64_t after_ms; /* INT64_MAX: none is ever cold */
    struct lent bodies;
    struct tables tables;
    struct buckets references; /* of all that ever were cold: a reference never changes */
    struct cold_entry *waiting;
    size_t first, waiting_count, waiting_capacity; /* those before `first` are done */
    uint64_t count;                                /* tasks that are cold */
};

struct cold *cold_new(void);
void cold_free(struct cold *cold); /* takes NULL */

/* A task was closed. */
void cold_wait(struct core *core, uint64_t number, int64_t time_ms);
/* Out of memory that is lent, which is given back: the caller puts it in its place. */
struct task *cold_bring_back(struct core *core, struct task *cold, int64_t time_ms);
/* While restoring, of a row that was just taken: it goes away at once, if it is old enough. */
void cold_restored(struct core *core, uint64_t number);
/* While all tasks are gone through: this one is done, and what was read so far need not stay in memory. */
void cold_passed(const struct core *core, uint64_t number);
/* When a restore is done: of each task, whether it is waiting, then of all which is the first. */
void cold_waits(struct core *core, const struct task *task);
void cold_build(struct core *core);

/* What it costs to look at a task that is old enough to be cold, in units of step_look; 0 of any other. Where it lies on a disk,
 * the system reads 128 KiB about it in 0.15 ms: some 150 tasks, which were closed at about the same time. Whoever wants every
 * fifth of them pays 5 us for each. */
#define COLD_LOOKS 50
uint64_t cold_looks(const struct core *core, const struct task *task, int64_t now_ms);

/* cold_copy.c: a task and all that it owns in one piece of memory, and back. */
size_t task_copy_size(const struct core *core, const struct task *task);
struct task *task_copy_to(const struct core *core, const struct task *task, void *memory);
struct task *task_copy_back(struct core *core, const struct task *copy);

#endif
