/* What time does to hot spots: tasks are looked at anew, some become overdue, and what a rule counts is told when it is enough,
 * and when it is no longer.
 */
#include <string.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/cost.h"
#include "core/effects.h"
#include "core/hot_spot.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/standing.h"

#define PIECE_TASKS   128  /* looked at anew in one piece: × 64 rules × 20 ns and 1 µs = 0.3 ms */
#define PIECE_NUMBERS 8192 /* gone through for them: closed tasks are passed over, 10 ns each */
#define LISTED_LOOKED                                                                                                  \
    500 /* of a hot spot's tasks, to find those that one may read: × 200 ns, or 2 µs of 64 roles, = 1 ms */

/* ---- when ---- */

static bool is_enough(const struct hot_spot *spot)
{
    return spot->tasks.count >= spot->rule->tasks;
}

/* Some of those who are told are still to be, and none of those before stands for all of them. */
static bool is_half_told(const struct core *core, const struct hot_spot *spot, int64_t now_ms)
{
    struct recipients told;
    if (spot->raised == TIME_NONE || spot->told >= spot->rule->to.count)
        return false;
    told.count = 0;
    hot_spot_told(core, spot, 0, spot->told, now_ms, &told);
    const uint32_t before = told.count;
    hot_spot_told(core, spot, spot->told, spot->rule->to.count, now_ms, &told);
    return told.count > before;
}

/* When somebody is to be told of it, as it stands at a time. One that was raised by a clock that has gone back does not rest. */
static int64_t tells_at(const struct core *core, const struct hot_spot *spot, int64_t now_ms)
{
    if (spot->walk || (is_enough(spot) == (spot->raised != TIME_NONE) && !is_half_told(core, spot, now_ms)))
        return INT64_MAX;
    const bool rests = spot->raised == TIME_NONE && spot->last != TIME_NONE && spot->last <= now_ms &&
                       now_ms - spot->last < HOT_SPOT_REST_MS;
    return rests ? spot->last + HOT_SPOT_REST_MS : CORE_NOW;
}

static struct hot_spot *first_to_tell(const struct core *core, int64_t now_ms)
{
    struct hot_spots *spots = core->hot_spots;
    for (uint32_t i = 0; i < spots->count; i++)
        if (tells_at(core, &spots->items[i], now_ms) <= now_ms)
            return &spots->items[i];
    return NULL;
}

/* Of the rules that are looked at anew for themselves, the one whose turn it is: whoever changes one again and again keeps none of the
 * others from coming to its end. */
static struct hot_spot *walks_next(struct hot_spots *spots)
{
    for (uint32_t i = 0; i < spots->count; i++) {
        struct hot_spot *spot = &spots->items[(spots->turn + i) % spots->count];
        if (!spot->walk)
            continue;
        spots->turn = (uint32_t)(spot - spots->items) + 1;
        return spot;
    }
    return NULL;
}

int64_t hot_spots_next(const struct core *core)
{
    const struct hot_spots *spots = core->hot_spots;
    if (!spots)
        return INT64_MAX;
    if (spots->walk)
        return CORE_NOW;
    const struct heap_item *first = heap_first(&spots->due);
    int64_t next = first && first->at < spots->tree_changes ? first->at : spots->tree_changes;
    for (uint32_t i = 0; i < spots->count; i++) {
        const struct hot_spot *spot = &spots->items[i];
        const int64_t at = spot->walk ? CORE_NOW : tells_at(core, spot, spots->seen);
        next = at < next ? at : next;
    }
    return next;
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

/* For one rule, or (NULL) for all. */
static void walk_piece(struct core *core, struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    uint64_t *walk = spot ? &spot->walk : &core->hot_spots->walk;
    uint32_t looked = 0, passed = 0;
    for (; *walk <= core->task_count && looked < PIECE_TASKS && passed < PIECE_NUMBERS; ++*walk, passed++) {
        if (core_task_is_cold(core, *walk))
            continue;
        if (spot)
            hot_spot_look(core, spot, core_task(core, *walk), now_ms);
        else
            hot_spots_look(core, core_task(core, *walk), NONE, now_ms);
        looked++;
    }
    if (*walk > core->task_count)
        *walk = 0;
    cost_add(effects, looked * (spot ? 12 : 10 + core->hot_spots->count / 4) + passed / 10);
}

static void walk_all(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    if (spots->walk == 1) {
        spots->tree_changes = next_change(core, now_ms);
        cost_add(effects, core->agency_count / 32);
    }
    walk_piece(core, NULL, now_ms, effects);
}

/* For the agency that set it. */
static void walk_one(struct core *core, struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    const struct effects_mark began = effects_here(effects);
    cost_add(effects, 1);
    walk_piece(core, spot, now_ms, effects);
    effects_charge(effects, began, spot->by == NONE ? NONE : agency_effective(core, spot->by, now_ms));
}

static void look_at_due(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    const struct heap_item *first;
    uint32_t looked = 0;
    for (; looked < PIECE_TASKS && (first = heap_first(&spots->due)) && first->at <= now_ms; looked++)
        hot_spots_look(core, core_task(core, first->value), NONE, now_ms);
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

/* Of one that is raised: to whom is told what, and how many of all who are told have been then. */
struct raising {
    struct msg_hot_task_items tasks;
    bool restricted;
    uint32_t told;
};

static void emit(struct core *core, const struct hot_spot *spot, const struct raising *raising, int64_t now_ms,
                 struct texts to, struct effects *effects)
{
    const bool raises = raising != NULL;
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_HOT_SPOT);
    MSG_SET(&record.hot_spot, hot_spot, rule, *spot->rule);
    MSG_SET(&record.hot_spot, hot_spot, count, spot->tasks.count);
    if (raises)
        MSG_SET(&record.hot_spot, hot_spot, raised, spot->raised == TIME_NONE ? now_ms : spot->raised);
    if (raises && raising->tasks.count > 0)
        MSG_SET(&record.hot_spot, hot_spot, tasks, raising->tasks);
    if (raises && raising->told < spot->rule->to.count)
        MSG_SET(&record.hot_spot, hot_spot, told, raising->told);
    MSG_MARK(&record, record, hot_spot);
    if (raises && raising->restricted)
        MSG_SET(&record, record, scope, SCOPE_RESTRICTED);
    MSG_SET(&record, record, notice, raises ? NOTICE_HOT_SPOT : NOTICE_HOT_SPOT_CLEARED);
    MSG_SET(&record, record, severity, raises ? SEVERITY_CRITICAL : SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(core, spot, raises));
    MSG_SET(&record, record, to, to);
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

/* To those who were told that there was one. */
static void tell_cleared(struct core *core, const struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    struct recipients told;
    told.count = 0;
    hot_spot_told(core, spot, 0, spot->told, now_ms, &told);
    struct texts to = recipients_texts(core, &told);
    arena_clear(&core->scratch->arena);
    emit(core, spot, NULL, now_ms, to, effects);
}

/* To the next who is to be told its own list, by a record of its own; with it go those after that are told by it, or by one before.
 * The others follow, each in a piece of work of its own: the record says how many have been told, so that it goes on after a
 * restart. */
static void tell_raised(struct core *core, const struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    struct recipients told;
    struct raising raising = {.told = spot->raised == TIME_NONE ? 0 : spot->told};
    told.count = 0;
    hot_spot_told(core, spot, 0, raising.told, now_ms, &told);
    const uint32_t before = told.count; /* there is one more: a rule tells somebody */
    for (; raising.told < spot->rule->to.count; raising.told++) {
        hot_spot_told(core, spot, raising.told, raising.told + 1, now_ms, &told);
        if (told.count > before + 1)
            break;
    }
    const uint32_t agency = told.agencies[before];
    struct text to = core_agency_id(core, agency);
    arena_clear(&core->scratch->arena);
    raising.tasks = list_for(core, spot, agency, now_ms, &raising.restricted, effects);
    emit(core, spot, &raising, now_ms, (struct texts){&to, 1}, effects);
}

static void tell(struct core *core, const struct hot_spot *spot, int64_t now_ms, struct effects *effects)
{
    const struct effects_mark began = effects_here(effects);
    const uint32_t cause = spot->cause;
    if (is_enough(spot))
        tell_raised(core, spot, now_ms, effects);
    else
        tell_cleared(core, spot, now_ms, effects);
    effects_charge(effects, began, cause == NONE ? NONE : agency_effective(core, cause, now_ms));
}

/* ---- piece by piece ---- */

/* What must be counted before anything is told: what is told is true at its instant. */
static bool count_first(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spots *spots = core->hot_spots;
    const struct heap_item *first = heap_first(&spots->due);
    if (spots->walk)
        walk_all(core, now_ms, effects);
    else if (first && first->at <= now_ms)
        look_at_due(core, now_ms, effects);
    else
        return false;
    return true;
}

static bool count_last(struct core *core, int64_t now_ms, struct effects *effects)
{
    struct hot_spot *spot = walks_next(core->hot_spots);
    if (spot)
        walk_one(core, spot, now_ms, effects);
    return spot != NULL;
}

static bool tell_one(struct core *core, int64_t now_ms, struct effects *effects)
{
    const struct hot_spot *spot = first_to_tell(core, now_ms);
    if (spot)
        tell(core, spot, now_ms, effects);
    return spot != NULL;
}

void hot_spots_step(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects)
{
    bool more = true;
    hot_spots_pass(core, now_ms);
    while (effects->cost < until && more)
        more = count_first(core, now_ms, effects) || tell_one(core, now_ms, effects) ||
               count_last(core, now_ms, effects);
}

bool hot_spots_count_on(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects)
{
    bool more = true;
    if (now_ms >= core->hot_spots->tree_changes)
        hot_spots_begin(core);
    while (effects->cost < until && more)
        more = count_first(core, now_ms, effects) || count_last(core, now_ms, effects);
    return more;
}
