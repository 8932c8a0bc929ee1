#include "core/cold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/cites.h"
#include "core/core.h"
#include "core/holdings.h"
#include "core/parts.h"
#include "core/task_data.h"

#define MINUTE_MS    60000
#define WAITING_MIN  64
#define PASSED_TASKS 16384 /* some 16 MiB */

struct cold *cold_new(void)
{
    struct cold *cold = xcalloc(1, sizeof *cold);
    cold->after_ms = INT64_MAX;
    buckets_init(&cold->references, &cold->tables);
    return cold;
}

void cold_free(struct cold *cold)
{
    if (!cold)
        return;
    buckets_done(&cold->references);
    tables_done(&cold->tables);
    lent_done(&cold->bodies);
    free(cold->waiting);
    free(cold);
}

void core_lend(struct core *core, struct lender *lender, int64_t after_ms)
{
    struct cold *cold = core->cold;
    assert(core->task_count == 0 && after_ms > 0);
    lent_init(&cold->bodies, lender);
    tables_init(&cold->tables, lender);
    cold->after_ms = after_ms;
}

uint64_t core_cold_count(const struct core *core)
{
    return core->cold->count;
}

/* ---- which ---- */

static bool is_past(const struct core *core, int64_t since_ms, int64_t now_ms)
{
    return core->cold->after_ms != INT64_MAX && now_ms - since_ms >= core->cold->after_ms;
}

static bool is_old(const struct core *core, const struct task *task, int64_t now_ms)
{
    return !state_is_open(task->state) && task->course->closed != TIME_NONE &&
           is_past(core, task->course->closed, now_ms);
}

uint64_t cold_looks(const struct core *core, const struct task *task, int64_t now_ms)
{
    return is_old(core, task, now_ms) ? COLD_LOOKS : 0;
}

/* Once half of them are done, the others move up, and what is not needed any more is given back. */
static void close_up(struct cold *cold)
{
    const size_t left = cold->waiting_count - cold->first;
    if (cold->first < left || cold->first < WAITING_MIN)
        return;
    memmove(cold->waiting, cold->waiting + cold->first, left * sizeof *cold->waiting);
    cold->waiting_count = left;
    cold->first = 0;
    if (cold->waiting_capacity <= WAITING_MIN || left > cold->waiting_capacity / 4)
        return;
    cold->waiting_capacity /= 2;
    cold->waiting = xrealloc(cold->waiting, cold->waiting_capacity, sizeof *cold->waiting);
}

void cold_wait(struct core *core, uint64_t number, int64_t time_ms)
{
    struct cold *cold = core->cold;
    if (core->restoring || cold->after_ms == INT64_MAX)
        return;
    cold->waiting = xgrow(cold->waiting, cold->waiting_count, &cold->waiting_capacity, sizeof *cold->waiting);
    cold->waiting[cold->waiting_count++] = (struct cold_entry){(uint32_t)number, (uint32_t)(time_ms / MINUTE_MS)};
}

/* ---- away, and back ---- */

static bool put_away(struct core *core, const struct task *task)
{
    struct cold *cold = core->cold;
    const uint64_t number = task->number, hash = task_hash(task);
    void *memory = lent_take(&cold->bodies, task_copy_size(core, task), (uint32_t)number);
    if (!memory)
        return false;
    if (!buckets_add(&cold->references, hash, (uint32_t)number)) {
        lent_return(&cold->bodies, memory);
        return false;
    }
    map_remove(&core->reference_index, hash, (uint32_t)number);
    task_put_away(core, number, task_copy_to(core, task, memory));
    cold->count++;
    return true;
}

struct task *cold_bring_back(struct core *core, struct task *copy, int64_t time_ms)
{
    struct task *task = task_copy_back(core, copy);
    lent_return(&core->cold->bodies, copy);
    core->cold->count--;
    cold_wait(core, task->number, time_ms);
    return task;
}

/* What finds it follows. While restoring, the one is not there yet. */
static bool cool(struct core *core, uint64_t number)
{
    if (!put_away(core, core_task(core, number)))
        return false;
    if (!core->restoring)
        holdings_lend(core, core_task(core, number));
    parts_lend(core, number);
    if (!core->restoring)
        cites_lend(core, core_task(core, number));
    return true;
}

/* The last pieces of a region that is nearly empty: a task is taken back and put away again. */
static bool move_one(struct core *core)
{
    const uint32_t number = lent_to_move(&core->cold->bodies);
    if (number == 0)
        return false;
    if (!put_away(core, task_to_change(core, number, core->time)))
        return false;
    core->cold->waiting_count--; /* it was the last that came back, and waits no more */
    return true;
}

/* The next that is due, or else one that moves. */
static bool cool_next(struct core *core, int64_t now_ms)
{
    struct cold *cold = core->cold;
    if (cold->first == cold->waiting_count)
        return move_one(core);
    const struct cold_entry entry = cold->waiting[cold->first];
    if (!is_past(core, (int64_t)entry.minute * MINUTE_MS, now_ms))
        return move_one(core);
    if (!cool(core, entry.task))
        return false;
    cold->first++;
    close_up(cold);
    return true;
}

bool core_cool(struct core *core, int64_t now_ms)
{
    int done = 0;
    while (done < CORE_COOL_TASKS && cool_next(core, now_ms))
        done++;
    return done == CORE_COOL_TASKS;
}

/* ---- restoring ---- */

/* The counters' row comes before those of tasks, and says the time; where it does not, all wait for core_cool. */
void cold_restored(struct core *core, uint64_t number)
{
    if (is_old(core, core_task(core, number), core->time))
        (void)cool(core, number);
}

void cold_passed(const struct core *core, uint64_t number)
{
    struct lender *lender = core->cold->bodies.lender;
    if (lender && number % PASSED_TASKS == 0)
        lender->rest(lender);
}

static int compare(const void *a, const void *b)
{
    const struct cold_entry *one = a, *other = b;
    if (one->minute != other->minute)
        return one->minute < other->minute ? -1 : 1;
    return one->task < other->task ? -1 : one->task > other->task;
}

void cold_waits(struct core *core, const struct task *task)
{
    if (!core_task_is_cold(core, task->number) && !state_is_open(task->state))
        cold_wait(core, task->number, task->course->closed == TIME_NONE ? core->time : task->course->closed);
}

void cold_build(struct core *core)
{
    struct cold *cold = core->cold;
    if (cold->waiting_count > 0)
        qsort(cold->waiting, cold->waiting_count, sizeof *cold->waiting, compare);
}
