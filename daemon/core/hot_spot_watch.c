/* What time does to hot spots: tasks are looked at anew, some become overdue, and what a rule counts is told when it is enough,
 * and when it is no longer.
 */
#include <string.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/cost.h"
#include "core/hot_spot.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/standing.h"

#define STEP_TASKS   256  /* looked at anew in a step: × 64 rules × 20 ns and 1 µs = 0.6 ms */
#define STEP_NUMBERS 8192 /* gone through for them: closed tasks are passed over, 10 ns each */
#define LISTED_LOOKED                                                                                                  \
    500 /* of a hot spot's tasks, to find those that one may read: × 16 who are told × 200 ns = 1.6 ms */

/* ---- when ---- */

static bool is_undecided(const struct hot_spot *spot)
{
    return (spot->tasks.count >= spot->rule->tasks) != (spot->raised != TIME_NONE);
}

static struct hot_spot *first_undecided(struct hot_spots *spots)
{
    for (uint32_t i = 0; i < spots->count; i++)
        if (is_undecided(&spots->items[i]))
            return &spots->items[i];
    return NULL;
}

int64_t hot_spots_next(const struct core *core)
{
    struct hot_spots *spots = core->hot_spots;
    if (!spots)
        return INT64_MAX;
    if (spots->walk || first_undecided(spots))
        return CORE_NOW;
    const struct heap_item *first = heap_first(&spots->due);
    return first && first->at < spots->tree_changes ? first->at : spots->tree_changes;
}

/* ---- looking anew ---- */

static int64_t next_change(const struct core *core, int64_t now_ms)
{
    int64_t next = INT64_MAX;
    for (uint32_t i = 0; i < core->agency_count; i++) {
        const struct agency *agency = core_agency(core, i);
        if (agency->valid_from > now_ms && agency->valid_from < next)
            next = agency->valid_from;
        if (agency->valid_until > now_ms && agency->valid_until < next)
            next = agency->valid_until;
    }
    return next;
}

static void walk(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    uint32_t looked = 0, passed = 0;
    if (spots->walk == 1) {
        spots->tree_changes = next_change(core, now_ms);
        cost_add(effects, core->agency_count / 32);
    }
    for (; spots->walk <= core->task_count && looked < STEP_TASKS && passed < STEP_NUMBERS; spots->walk++, passed++)
        if (!core_task_is_cold(core, spots->walk)) {
            hot_spots_look(core, core_task(core, spots->walk), now_ms);
            looked++;
        }
    if (spots->walk > core->task_count)
        spots->walk = 0;
    cost_add(effects, looked * (10 + spots->count / 4) + passed / 10);
}

static void look_at_due(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    const struct heap_item *first;
    uint32_t looked = 0;
    for (; looked < STEP_TASKS && (first = heap_first(&spots->due)) && first->at <= now_ms; looked++)
        hot_spots_look(core, core_task(core, first->value), now_ms);
    cost_add(effects, looked * (10 + spots->count / 4));
}

/* ---- telling ---- */

/* An area or an id of 64 bytes each, the rule's of 64, and words of 160. */
static struct text reason_of(const struct core *core, const struct hot_spot *spot, bool raises)
{
    const struct msg_hot_spot_rule *rule = spot->rule;
    const bool has_area = MSG_HAS(rule, hot_spot_rule, area), has_agency = MSG_HAS(rule, hot_spot_rule, agency);
    return arena_printf(
        &core->scratch->arena,
        "%u task%s%s%.*s%s%.*s%s %s overdue or escalated without an acknowledgement: by the rule `%.*s` "
        "%llu make a hot spot%s.",
        (unsigned)spot->tasks.count, spot->tasks.count == 1 ? "" : "s", has_area ? " of the area " : "",
        TEXT_ARGS(rule->area), has_agency ? " led by " : "", TEXT_ARGS(rule->agency), has_agency ? " or under it" : "",
        spot->tasks.count == 1 ? "is" : "are", TEXT_ARGS(rule->rule), (unsigned long long)rule->tasks,
        raises ? "" : ", which it is no more");
}

/* The first that an agency may read, and whether one of them is restricted. */
static struct msg_hot_task_items list_for(struct core *core, const struct hot_spot *spot, uint32_t agency,
                                          int64_t now_ms, bool *restricted, struct effects *effects)
{
    struct msg_hot_task *items = arena_alloc(&core->scratch->arena, HOT_SPOTS_LISTED * sizeof *items);
    struct numbers_place place;
    uint32_t number, count = 0, looked = 0;
    *restricted = false;
    for (bool more = numbers_find(&spot->tasks, 1, &place, &number);
         more && count < HOT_SPOTS_LISTED && looked < LISTED_LOOKED;
         more = numbers_next(&spot->tasks, &place, &number), looked++) {
        const struct task *task = core_task(core, number);
        if (!authority_may_read(core, task, agency, now_ms))
            continue;
        items[count++] = hot_spots_show(core, task, now_ms);
        *restricted = *restricted || task->scope == SCOPE_RESTRICTED;
    }
    cost_add(effects, 2 * (uint64_t)looked);
    return (struct msg_hot_task_items){items, count};
}

static void emit(struct core *core, const struct hot_spot *spot, bool raises, int64_t now_ms, struct texts to,
                 const struct msg_hot_task_items *tasks, bool restricted, struct effects *effects)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_HOT_SPOT);
    MSG_SET(&record.hot_spot, hot_spot, rule, *spot->rule);
    MSG_SET(&record.hot_spot, hot_spot, count, spot->tasks.count);
    if (raises)
        MSG_SET(&record.hot_spot, hot_spot, raised, now_ms);
    if (tasks && tasks->count > 0)
        MSG_SET(&record.hot_spot, hot_spot, tasks, *tasks);
    MSG_MARK(&record, record, hot_spot);
    if (restricted)
        MSG_SET(&record, record, scope, SCOPE_RESTRICTED);
    MSG_SET(&record, record, notice, raises ? NOTICE_HOT_SPOT : NOTICE_HOT_SPOT_CLEARED);
    MSG_SET(&record, record, severity, raises ? SEVERITY_CRITICAL : SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(core, spot, raises));
    MSG_SET(&record, record, to, to);
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

/* To each its own list: so one record each. All of them come in one step, and so are on disk together. */
static void tell(struct core *core, const struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    const bool raises = spot->raised == TIME_NONE;
    struct recipients told;
    told.count = 0;
    for (uint32_t i = 0; i < spot->rule->to.count; i++)
        recipients_add(core, &told, core_agency_find(core, spot->rule->to.items[i]), NONE, now_ms);
    struct texts to = recipients_texts(core, &told);
    arena_clear(&core->scratch->arena);
    if (!raises) {
        emit(core, spot, false, now_ms, to, NULL, false, effects);
        return;
    }
    for (uint32_t i = 0; i < to.count; i++) {
        bool restricted;
        arena_clear(&core->scratch->arena);
        const struct msg_hot_task_items tasks = list_for(core, spot, told.agencies[i], now_ms, &restricted, effects);
        emit(core, spot, true, now_ms, (struct texts){&to.items[i], 1}, &tasks, restricted, effects);
    }
}

void hot_spots_step(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    const struct heap_item *first = heap_first(&spots->due);
    const struct hot_spot *undecided;
    hot_spots_pass(core, now_ms);
    if (spots->walk)
        walk(core, now_ms, effects);
    else if (first && first->at <= now_ms)
        look_at_due(core, now_ms, effects);
    else if ((undecided = first_undecided(spots)))
        tell(core, undecided, now_ms, effects);
}
