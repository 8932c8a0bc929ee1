/* What a tick does. First what rungs follow from is settled: after a calendar or the tree has changed, which an administrator
 * does, nothing fires by what was before. Then each kind of work that there is gets its part of the tick, rungs first: whatever
 * one agency sets going, it keeps no rung, and nobody else's work, waiting. What an agency set going is charged to it
 * (EFFECT_CHARGE); what time does to a task is charged to nobody: it was paid for when the task was given.
 */
#include "core/tick.h"

#include "core/cost.h"
#include "core/deadline.h"
#include "core/deadline_fire.h"
#include "core/decider.h"
#include "core/document_move.h"
#include "core/hot_spot.h"
#include "core/recount.h"
#include "core/recount_places.h"
#include "core/schedule.h"
#include "core/schedule_fire.h"

bool tick_settles(const struct core *core)
{
    return recount_pending(core) || decider_pending(core);
}

/* ---- the kinds of work ---- */

static bool rungs_due(const struct core *core, int64_t now_ms)
{
    return deadline_first(core) <= now_ms;
}

static void fire_rungs(struct core *core, const struct event *event, uint64_t until, struct effects *effects)
{
    deadline_fire(core, event->now_ms, until, effects);
}

static bool periods_due(const struct core *core, int64_t now_ms)
{
    return schedule_first(core) <= now_ms;
}

/* What is due of a task that is made fires with the rest, at a tick to come. */
static void make_periods(struct core *core, const struct event *event, uint64_t until, struct effects *effects)
{
    for (uint32_t made = 0; made < CORE_TICK_RUNGS && effects->cost < until && periods_due(core, event->now_ms);)
        made += schedule_fire(core, event, effects);
}

static bool moves_due(const struct core *core, int64_t now_ms)
{
    (void)now_ms;
    return document_move_pending(core);
}

static void move_tasks(struct core *core, const struct event *event, uint64_t until, struct effects *effects)
{
    document_move_step(core, event->now_ms, until, effects);
}

static bool hot_spots_due(const struct core *core, int64_t now_ms)
{
    return hot_spots_next(core) <= now_ms;
}

static void count_hot_spots(struct core *core, const struct event *event, uint64_t until, struct effects *effects)
{
    hot_spots_step(core, event->now_ms, until, effects);
}

/* In the order in which they come. When all of them wait each has its share, and a share that nobody needs goes to those before; the
 * last piece of one may go beyond its share, and then takes from those after it, the first of them first: each begins while what is owed
 * to those after it is untouched. What has no instant of its own is in the background, and has its share and no more of any tick: requests
 * wait for each, and of a long rush of them there is one in every turn of the loop. */
static const struct work {
    bool (*is_due)(const struct core *core, int64_t now_ms);
    void (*run)(struct core *core, const struct event *event, uint64_t until, struct effects *effects);
    uint32_t share; /* units of core/cost.h */
    bool is_background;
} works[] = {
#define SHARE_RUNGS     12000 /* some 340 rungs */
#define SHARE_PERIODS   8000  /* some 75 tasks; one period may have 256, and goes beyond by 22,300 */
#define SHARE_MOVES     6000  /* some 40 tasks */
#define SHARE_HOT_SPOTS 4000  /* a telling, or 128 tasks that are looked at anew */
    {rungs_due, fire_rungs, SHARE_RUNGS, false},
    {periods_due, make_periods, SHARE_PERIODS, false},
    {moves_due, move_tasks, SHARE_MOVES, true},
    {hot_spots_due, count_hot_spots, SHARE_HOT_SPOTS, true},
};
#define WORKS (sizeof works / sizeof *works)
_Static_assert(SHARE_RUNGS + SHARE_PERIODS + SHARE_MOVES + SHARE_HOT_SPOTS == COST_TICK, "the shares are a tick");

/* What those after it are owed. */
static uint32_t owed_after(const struct core *core, size_t at, int64_t now_ms)
{
    uint32_t owed = 0;
    for (size_t i = at + 1; i < WORKS; i++)
        owed += works[i].is_due(core, now_ms) ? works[i].share : 0;
    return owed;
}

static void share_out(struct core *core, const struct event *event, struct effects *effects)
{
    const uint64_t ends = effects->cost + COST_TICK;
    for (size_t i = 0; i < WORKS; i++) {
        const uint64_t shared = ends - owed_after(core, i, event->now_ms), own = effects->cost + works[i].share;
        const uint64_t until = works[i].is_background && own < shared ? own : shared;
        if (works[i].is_due(core, event->now_ms) && effects->cost < until)
            works[i].run(core, event, until, effects);
    }
}

void tick_step(struct core *core, const struct event *event, struct effects *effects)
{
    if (recount_pending(core))
        recount_step(core, event->now_ms, effects);
    else if (decider_pending(core))
        decider_step(core, event->now_ms);
    else
        share_out(core, event, effects);
    if (!tick_settles(core))
        deadline_settle(core);
}
