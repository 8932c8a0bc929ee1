#include "core/hot_spot.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/deadline.h"
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

void hot_spots_begin(struct core *core)
{
    if (core->hot_spots)
        core->hot_spots->walk = 1;
}

void hot_spots_pass(struct core *core, int64_t now_ms)
{
    struct hot_spots *spots = core->hot_spots;
    if (now_ms < spots->seen || now_ms >= spots->tree_changes)
        hot_spots_begin(core);
    spots->seen = now_ms;
}

bool hot_spot_put(struct core *core, const struct msg_hot_spot_rule *rule)
{
    struct hot_spot *spot = hot_spot_find(core, rule->rule);
    if (!core->hot_spots) {
        core->hot_spots = xcalloc(1, sizeof *core->hot_spots);
        core->hot_spots->tree_changes = INT64_MAX;
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
    spot->agency = MSG_HAS(rule, hot_spot_rule, agency) ? core_agency_find(core, spot->rule->agency) : NONE;
    spot->raised = TIME_NONE;
    hot_spots_begin(core);
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

bool hot_spot_take(struct core *core, const struct msg_hot_spot *told, int64_t time_ms)
{
    struct hot_spot *spot = hot_spot_find(core, told->rule.rule);
    if (spot)
        spot->raised = MSG_HAS(told, hot_spot, raised) ? time_ms : TIME_NONE;
    return spot;
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

/* By who leads it now; a rule of an agency that has ended is one of who stands in its place. */
static bool is_under(const struct core *core, const struct hot_spot *spot, struct text area, uint32_t lead,
                     int64_t now_ms)
{
    return (!MSG_HAS(spot->rule, hot_spot_rule, area) || text_equal(spot->rule->area, area)) &&
           (spot->agency == NONE || agency_covers(core, agency_effective(core, spot->agency, now_ms), lead));
}

static bool will_be_overdue(const struct task *task)
{
    return state_is_open(task->state) && task->state != STATE_SUBMITTED && task->suspended == TIME_NONE &&
           task->due != TIME_NONE;
}

void hot_spots_look(struct core *core, const struct task *task, int64_t now_ms)
{
    struct hot_spots *spots = core->hot_spots;
    bool overdue, escalated, is_of_any = false;
    const bool is_hot = hot_spots_is_hot(core, task, now_ms, &overdue, &escalated);
    const bool is_open = state_is_open(task->state);
    const struct text area = is_open ? pack_text(task->pack, PACK_AREA) : (struct text){0};
    const uint32_t lead = standing_on(core, task, task->lead, now_ms), number = (uint32_t)task->number;
    for (uint32_t i = 0; i < spots->count; i++) {
        const bool is_its_own = is_open && is_under(core, &spots->items[i], area, lead, now_ms);
        is_of_any = is_of_any || is_its_own;
        if (is_its_own && is_hot)
            numbers_add(&spots->items[i].tasks, number);
        else if (spots->items[i].tasks.count > 0)
            numbers_remove(&spots->items[i].tasks, number);
    }
    if (is_of_any && !overdue && will_be_overdue(task))
        heap_set(&spots->due, number, task->due);
    else
        heap_remove(&spots->due, number);
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
        if (MSG_HAS(one, hot_spot_row, raised))
            hot_spot_find(core, one->rule.rule)->raised = one->raised;
    }
    return true;
}

bool hot_spots_restore_done(struct core *core)
{
    for (uint32_t i = 0; core->hot_spots && i < core->hot_spots->count; i++) {
        struct hot_spot *spot = &core->hot_spots->items[i];
        const bool has_agency = MSG_HAS(spot->rule, hot_spot_rule, agency);
        spot->agency = has_agency ? core_agency_find(core, spot->rule->agency) : NONE;
        if (has_agency && spot->agency == NONE)
            return false;
        for (uint32_t j = 0; j < spot->rule->to.count; j++)
            if (core_agency_find(core, spot->rule->to.items[j]) == NONE)
                return false;
        if (MSG_HAS(spot->rule, hot_spot_rule, by) && core_agency_find(core, spot->rule->by) == NONE)
            return false;
    }
    hot_spots_begin(core);
    return true;
}
