#include "core/hot_spot.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/deadline.h"
#include "core/notice.h"
#include "core/pack.h"
#include "core/standing.h"
#include "core/task_data.h"

/* ---- the rules ---- */

static void spot_done(struct hot_spot *spot)
{
    free(spot->rule);
    numbers_done(&spot->tasks);
}

void hot_spots_free(struct hot_spots *spots)
{
    if (!spots)
        return;
    for (uint32_t i = 0; i < spots->count; i++)
        spot_done(&spots->items[i]);
    heap_done(&spots->due);
    free(spots);
}

struct hot_spot *hot_spot_find(const struct core *core, struct text rule)
{
    for (uint32_t i = 0; core->hot_spots && i < core->hot_spots->count; i++)
        if (text_equal(core->hot_spots->items[i].rule->rule, rule))
            return &core->hot_spots->items[i];
    return NULL;
}

bool hot_spot_counts(const struct core *core, const struct hot_spot *spot)
{
    return spot->walk || core->hot_spots->walk;
}

uint32_t hot_spot_count(const struct core *core, const struct hot_spot *spot)
{
    return hot_spot_counts(core, spot) ? spot->whole : spot->tasks.count;
}

void hot_spot_told(const struct core *core, const struct hot_spot *spot, uint32_t from, uint32_t to, int64_t now_ms,
                   struct recipients *told)
{
    for (uint32_t i = from; i < to && i < spot->rule->to.count; i++)
        recipients_add(core, told, core_agency_find(core, spot->rule->to.items[i]), NONE, now_ms);
}

void hot_spots_begin(struct core *core)
{
    struct hot_spots *spots = core->hot_spots;
    for (uint32_t i = 0; spots && i < spots->count; i++) {
        struct hot_spot *spot = &spots->items[i];
        spot->whole = hot_spot_count(core, spot);
        spot->walk = 0;
    }
    if (spots)
        spots->walk = 1;
}

void hot_spots_pass(struct core *core, int64_t now_ms)
{
    struct hot_spots *spots = core->hot_spots;
    if (now_ms < spots->seen || now_ms >= spots->tree_changes)
        hot_spots_begin(core);
    spots->seen = now_ms;
}

static void find_agencies(const struct core *core, struct hot_spot *spot)
{
    const struct msg_hot_spot_rule *rule = spot->rule;
    spot->agency = MSG_HAS(rule, hot_spot_rule, agency) ? core_agency_find(core, rule->agency) : NONE;
    spot->by = MSG_HAS(rule, hot_spot_rule, by) ? core_agency_find(core, rule->by) : NONE;
}

bool hot_spot_put(struct core *core, const struct msg_hot_spot_rule *rule)
{
    struct hot_spot *spot = hot_spot_find(core, rule->rule);
    if (!core->hot_spots) {
        core->hot_spots = xcalloc(1, sizeof *core->hot_spots);
        core->hot_spots->tree_changes = INT64_MAX;
        core->hot_spots->walk = 1; /* which finds out when that is */
    }
    if (!spot && core->hot_spots->count == HOT_SPOTS_MAX)
        return false;
    if (!spot) {
        spot = &core->hot_spots->items[core->hot_spots->count++];
        *spot = (struct hot_spot){0};
    }
    struct msg_hot_spot_rule *old = spot->rule; /* what is given may point into it */
    spot->rule = copy_message(&message_hot_spot_rule, rule);
    free(old);
    find_agencies(core, spot);
    spot->raised = spot->last = TIME_NONE;
    spot->told = spot->whole = 0;
    spot->cause = NONE;
    numbers_done(&spot->tasks);
    spot->tasks = (struct numbers){0};
    spot->walk = 1; /* of a walk for all of them that is under way it has missed some */
    return true;
}

/* With the last one all that is derived from them goes as well. */
bool hot_spot_drop(struct core *core, struct text rule)
{
    struct hot_spots *spots = core->hot_spots;
    struct hot_spot *spot = hot_spot_find(core, rule);
    if (!spot)
        return false;
    const uint32_t after = (uint32_t)(&spots->items[spots->count] - spot) - 1;
    spot_done(spot);
    memmove(spot, spot + 1, after * sizeof *spot);
    if (--spots->count > 0)
        return true;
    hot_spots_free(spots);
    core->hot_spots = NULL;
    return true;
}

bool hot_spot_take(struct core *core, const struct msg_hot_spot *told)
{
    struct hot_spot *spot = hot_spot_find(core, told->rule.rule);
    if (!spot)
        return false;
    spot->raised = MSG_HAS(told, hot_spot, raised) ? told->raised : TIME_NONE;
    if (spot->raised == TIME_NONE) {
        spot->told = 0;
        return true;
    }
    spot->last = spot->raised;
    spot->told = MSG_HAS(told, hot_spot, told) ? (uint32_t)told->told : spot->rule->to.count;
    return true;
}

/* ---- which tasks ---- */

bool hot_spots_is_hot(const struct core *core, const struct task *task, int64_t now_ms, bool *overdue, bool *escalated)
{
    *overdue = *escalated = false;
    if (!state_is_open(task->state))
        return false;
    *overdue = deadline_timeliness(core, task, now_ms) == TIMELINESS_OVERDUE;
    *escalated = task_open_escalations(task) > 0;
    return *overdue || *escalated;
}

/* A task as rules go by it. */
struct looked {
    const struct task *task;
    struct text area;
    uint32_t lead; /* by who leads it now */
    int64_t now_ms;
    bool is_open, is_hot, is_overdue;
};

static struct looked look_at(const struct core *core, const struct task *task, int64_t now_ms)
{
    struct looked looked = {.task = task, .now_ms = now_ms, .is_open = state_is_open(task->state)};
    bool escalated;
    looked.is_hot = hot_spots_is_hot(core, task, now_ms, &looked.is_overdue, &escalated);
    looked.area = looked.is_open ? pack_text(task->pack, PACK_AREA) : (struct text){0};
    looked.lead = standing_on(core, task, task->lead, now_ms);
    return looked;
}

/* What the agency that set the rule may read: as a rule what is not restricted, for it stands above. */
static bool may_count(const struct core *core, const struct hot_spot *spot, const struct looked *looked)
{
    if (spot->by == NONE)
        return true;
    const uint32_t by = agency_effective(core, spot->by, looked->now_ms);
    return (looked->task->scope != SCOPE_RESTRICTED && agency_covers(core, by, looked->lead)) ||
           authority_may_read(core, looked->task, by, looked->now_ms);
}

/* A rule of an agency that has ended is one of who stands in its place. */
static bool is_under(const struct core *core, const struct hot_spot *spot, const struct looked *looked)
{
    return looked->is_open &&
           (!MSG_HAS(spot->rule, hot_spot_rule, area) || text_equal(spot->rule->area, looked->area)) &&
           (spot->agency == NONE ||
            agency_covers(core, agency_effective(core, spot->agency, looked->now_ms), looked->lead));
}

static bool will_be_overdue(const struct task *task)
{
    return state_is_open(task->state) && task->state != STATE_SUBMITTED && task->rare->suspended == TIME_NONE &&
           task->due != TIME_NONE;
}

/* Whether it is of the rule, hot or not. */
static bool count(const struct core *core, struct hot_spot *spot, const struct looked *looked, uint32_t cause)
{
    const uint32_t number = (uint32_t)looked->task->number, before = spot->tasks.count;
    const bool is_its_own = is_under(core, spot, looked);
    if (is_its_own && looked->is_hot && may_count(core, spot, looked))
        numbers_add(&spot->tasks, number);
    else if (before > 0)
        numbers_remove(&spot->tasks, number);
    if (spot->tasks.count != before)
        spot->cause = cause;
    return is_its_own;
}

void hot_spots_look(struct core *core, const struct task *task, uint32_t cause, int64_t now_ms)
{
    struct hot_spots *spots = core->hot_spots;
    const struct looked looked = look_at(core, task, now_ms);
    bool is_of_any = false;
    for (uint32_t i = 0; i < spots->count; i++)
        is_of_any |= count(core, &spots->items[i], &looked, cause);
    if (is_of_any && !looked.is_overdue && will_be_overdue(task))
        heap_set(&spots->due, (uint32_t)task->number, task->due);
    else
        heap_remove(&spots->due, (uint32_t)task->number);
}

/* What is of no rule any more leaves the heap when its time comes. */
void hot_spot_look(struct core *core, struct hot_spot *spot, const struct task *task, int64_t now_ms)
{
    const struct looked looked = look_at(core, task, now_ms);
    if (count(core, spot, &looked, spot->by) && !looked.is_overdue && will_be_overdue(task))
        heap_set(&core->hot_spots->due, (uint32_t)task->number, task->due);
}

/* ---- in the row ---- */

struct msg_hot_spots_row *hot_spots_row(const struct core *core)
{
    struct msg_hot_spot_row rows[HOT_SPOTS_MAX];
    struct msg_hot_spots_row row = {0};
    const struct hot_spots *spots = core->hot_spots;
    if (!spots)
        return NULL;
    for (uint32_t i = 0; i < spots->count; i++) {
        rows[i] = (struct msg_hot_spot_row){0};
        MSG_SET(&rows[i], hot_spot_row, rule, *spots->items[i].rule);
        if (spots->items[i].raised != TIME_NONE)
            MSG_SET(&rows[i], hot_spot_row, raised, spots->items[i].raised);
        if (spots->items[i].last != TIME_NONE)
            MSG_SET(&rows[i], hot_spot_row, last, spots->items[i].last);
        if (spots->items[i].raised != TIME_NONE && spots->items[i].told < spots->items[i].rule->to.count)
            MSG_SET(&rows[i], hot_spot_row, told, spots->items[i].told);
    }
    MSG_SET(&row, hot_spots_row, spots, ((struct msg_hot_spot_row_items){rows, spots->count}));
    return copy_message(&message_hot_spots_row, &row);
}

/* Agencies come in any order: which one a rule is of is looked up at the end. */
bool hot_spots_restore(struct core *core, const struct msg_hot_spots_row *row)
{
    for (uint32_t i = 0; i < row->spots.count; i++) {
        const struct msg_hot_spot_row *one = &row->spots.items[i];
        if (hot_spot_find(core, one->rule.rule) || !hot_spot_put(core, &one->rule))
            return false;
        struct hot_spot *spot = hot_spot_find(core, one->rule.rule);
        if (MSG_HAS(one, hot_spot_row, raised))
            spot->raised = one->raised;
        if (MSG_HAS(one, hot_spot_row, last))
            spot->last = one->last;
        if (spot->raised != TIME_NONE)
            spot->told = MSG_HAS(one, hot_spot_row, told) ? (uint32_t)one->told : spot->rule->to.count;
    }
    return true;
}

bool hot_spots_restore_done(struct core *core)
{
    for (uint32_t i = 0; core->hot_spots && i < core->hot_spots->count; i++) {
        struct hot_spot *spot = &core->hot_spots->items[i];
        find_agencies(core, spot);
        if (MSG_HAS(spot->rule, hot_spot_rule, agency) && spot->agency == NONE)
            return false;
        for (uint32_t j = 0; j < spot->rule->to.count; j++)
            if (core_agency_find(core, spot->rule->to.items[j]) == NONE)
                return false;
        if (MSG_HAS(spot->rule, hot_spot_rule, by) && spot->by == NONE)
            return false;
    }
    hot_spots_begin(core);
    return true;
}
