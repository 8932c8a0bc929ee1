/* Rules of hot spots are set, removed and shown: by administrators, and by an agency for what is under it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agency.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/hot_spot.h"
#include "core/naming.h"
#include "core/notice.h"
#include "core/query.h"
#include "core/reply.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task.h"

/* ---- who ---- */

static bool administers(const struct step *step)
{
    return step->who.rights & TERM_BIT(RIGHT_ADMINISTER);
}

/* Whether an agency is the asker's, or under it. */
static bool is_its_own(const struct step *step, uint32_t agency)
{
    return agency != NONE &&
           agency_covers(step->core, step->who.agency, agency_effective(step->core, agency, step->now_ms));
}

/* One that was set from above is left to those who set it. */
static bool may_change(const struct step *step, const struct hot_spot *spot)
{
    return administers(step) ||
           (MSG_HAS(spot->rule, hot_spot_rule, by) && is_its_own(step, core_agency_find(step->core, spot->rule->by)));
}

static bool may_see(const struct step *step, const struct hot_spot *spot)
{
    bool is_told = administers(step) || is_its_own(step, spot->agency) || may_change(step, spot);
    for (uint32_t i = 0; !is_told && i < spot->rule->to.count; i++)
        is_told = agency_effective(step->core, core_agency_find(step->core, spot->rule->to.items[i]), step->now_ms) ==
                  step->who.agency;
    return is_told;
}

static int unknown(struct text rule, struct problem *problem)
{
    return problem_set(problem, COORD_E_HOT_SPOT_UNKNOWN, "rule",
                       "There is no rule `%.*s` of hot spots that concerns this agency; hot_spot_list has the ids.",
                       TEXT_ARGS(rule));
}

/* Whoever may not see it learns no more than that the id is taken. */
static int for_others(const struct step *step, const struct hot_spot *spot, const char *field, struct problem *problem)
{
    if (!may_see(step, spot))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, field,
                           "A rule `%.*s` that does not concern this agency is there already: choose another id.",
                           TEXT_ARGS(spot->rule->rule));
    const struct text by = MSG_HAS(spot->rule, hot_spot_rule, by) ? spot->rule->by : (struct text){0};
    return problem_set(problem, COORD_E_NOT_AUTHORISED, field,
                       "The rule `%.*s` was set by %s%.*s: it is not for this agency to change.",
                       TEXT_ARGS(spot->rule->rule), by.size ? "" : "an administrator", TEXT_ARGS(by));
}

/* ---- set ---- */

static int check_place(const struct step *step, const struct msg_hot_spot_rule *rule, struct problem *problem)
{
    uint32_t agency = NONE;
    if (!MSG_HAS(rule, hot_spot_rule, agency)) {
        if (!administers(step))
            return problem_set(problem, COORD_E_MISSING_FIELD, "rule.agency",
                               "Say of which agency: without one, a rule is for an administrator to set.");
        return MSG_HAS(rule, hot_spot_rule, area)
                   ? 0
                   : problem_set(problem, COORD_E_MISSING_FIELD, "rule.agency",
                                 "A rule is of an `area`, of an `agency` and those under it, or of both.");
    }
    if (content_find_agency(step->core, rule->agency, "rule.agency", &agency, problem) ||
        content_check_lasts(step->core, agency, step->now_ms, "rule.agency", problem))
        return problem->error;
    if (!administers(step) && !is_its_own(step, agency))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "rule.agency",
                           "%.*s is not under this agency: a rule for it is for an administrator to set.",
                           TEXT_ARGS(rule->agency));
    return 0;
}

static int check_told(const struct step *step, const struct msg_hot_spot_rule *rule, struct problem *problem)
{
    for (uint32_t i = 0; i < rule->to.count; i++) {
        uint32_t agency = NONE;
        char path[24];
        snprintf(path, sizeof path, "rule.to[%u]", (unsigned)i);
        if (content_find_agency(step->core, rule->to.items[i], path, &agency, problem) ||
            content_check_lasts(step->core, agency, step->now_ms, path, problem))
            return problem->error;
        if (!administers(step) && !is_its_own(step, agency))
            return problem_set(problem, COORD_E_NOT_AUTHORISED, path,
                               "%.*s is not under this agency: only an administrator sets whom else a rule tells.",
                               TEXT_ARGS(rule->to.items[i]));
    }
    return 0;
}

static int check_id(struct step *step, struct text id, struct problem *problem)
{
    const struct hot_spots *spots = step->core->hot_spots;
    int error = naming_check_id(id, "rule.rule", problem);
    for (uint32_t i = 0; !error && spots && i < spots->count; i++)
        if (naming_differs_in_case(id, spots->items[i].rule->rule))
            error = naming_too_near(id, spots->items[i].rule->rule, "rule.rule", problem);
    return error;
}

static int check_room(const struct step *step, struct problem *problem)
{
    const struct hot_spots *spots = step->core->hot_spots;
    uint32_t own = 0, agencies = 0;
    if (spots && spots->count == HOT_SPOTS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "rule", "The broker holds %d rules of hot spots, and no more.",
                           HOT_SPOTS_MAX);
    for (uint32_t i = 0; spots && i < spots->count; i++) {
        const uint32_t by = spots->items[i].by;
        agencies += by != NONE;
        own += by != NONE && agency_effective(step->core, by, step->now_ms) == step->who.agency;
    }
    if (administers(step))
        return 0;
    if (own >= HOT_SPOTS_EACH)
        return problem_set(problem, COORD_E_CAPACITY, "rule", "An agency sets %d rules of hot spots, and no more.",
                           HOT_SPOTS_EACH);
    if (agencies >= HOT_SPOTS_AGENCIES)
        return problem_set(
            problem, COORD_E_CAPACITY, "rule",
            "Agencies have set %d rules of hot spots, and no more: ask an administrator to set this one.",
            HOT_SPOTS_AGENCIES);
    return 0;
}

static bool is_same(struct core *core, const struct msg_hot_spot_rule *a, const struct msg_hot_spot_rule *b)
{
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, &message_hot_spot_rule, a);
    const size_t size = bytes->size;
    message_encode(bytes, "", (struct text){0}, &message_hot_spot_rule, b);
    return bytes->size == 2 * size && memcmp(bytes->data, bytes->data + size, size) == 0;
}

/* Who was told of a hot spot by the rule of before is told that it is over; by the new one it is raised anew. */
static int done(struct step *step, const struct hot_spot *before, const char *became, struct msg_record *record,
                struct text officer)
{
    struct core *core = step->core;
    struct recipients told;
    told.count = 0;
    MSG_SET(record, record, record, RECORD_HOT_SPOT_RULE);
    task_sign(step, record, officer, 0, 1);
    if (before && before->raised != TIME_NONE) {
        hot_spot_told(core, before, 0, before->told, step->now_ms, &told);
        MSG_SET(record, record, notice, NOTICE_HOT_SPOT_CLEARED);
        MSG_SET(record, record, severity, SEVERITY_NOTICE);
        MSG_SET(record, record, reason,
                arena_printf(step->arena, "%.*s has %s the rule `%.*s`, by which there was a hot spot.",
                             TEXT_ARGS(record->actor), became, TEXT_ARGS(before->rule->rule)));
        MSG_SET(record, record, to, recipients_texts(core, &told));
    }
    step_record(step, record);
    reply_changes(step, record->seq, NULL, 0);
    return 0;
}

int handle_hot_spot_set(struct step *step, const struct msg_hot_spot_set *set, struct problem *problem)
{
    const struct hot_spot *before = hot_spot_find(step->core, set->rule.rule);
    struct msg_hot_spot_rule rule = set->rule;
    struct msg_record record = {0};
    rule.has &= ~MSG_BIT(hot_spot_rule, by); /* whatever was asked */
    rule.by = (struct text){0};
    if (!administers(step))
        MSG_SET(&rule, hot_spot_rule, by, core_agency_id(step->core, step->who.agency));
    step_look(step, 1 + (step->core->hot_spots ? step->core->hot_spots->count / 4 : 0));
    if (before && !may_change(step, before))
        return for_others(step, before, "rule.rule", problem);
    if ((!before && check_id(step, rule.rule, problem)) ||
        naming_check_anew(rule.area, before ? before->rule->area : (struct text){0}, "rule.area", problem) ||
        check_place(step, &rule, problem) || check_told(step, &rule, problem))
        return problem->error;
    if (before && is_same(step->core, before->rule, &rule)) {
        task_unchanged(step, set->officer);
        return 0;
    }
    if (!before && check_room(step, problem))
        return problem->error;
    MSG_SET(&record, record, hot_spot_rule, rule);
    return done(step, before, "changed", &record, set->officer);
}

int handle_hot_spot_remove(struct step *step, const struct msg_hot_spot_remove *request, struct problem *problem)
{
    const struct hot_spot *spot = hot_spot_find(step->core, request->rule);
    struct msg_record record = {0};
    if (!spot || !may_see(step, spot))
        return unknown(request->rule, problem);
    if (!may_change(step, spot))
        return for_others(step, spot, "rule", problem);
    MSG_SET(&record, record, hot_spot_rule, *spot->rule);
    MSG_SET(&record, record, rule_removed, true);
    return done(step, spot, "removed", &record, request->officer);
}

/* ---- list, get ---- */

static struct msg_hot_spot show(const struct core *core, const struct hot_spot *spot)
{
    struct msg_hot_spot out = {0};
    MSG_SET(&out, hot_spot, rule, *spot->rule);
    MSG_SET(&out, hot_spot, count, hot_spot_count(core, spot));
    if (hot_spot_counts(core, spot))
        MSG_SET(&out, hot_spot, counting, true);
    if (spot->raised != TIME_NONE)
        MSG_SET(&out, hot_spot, raised, spot->raised);
    return out;
}

static int by_id(const void *a, const void *b)
{
    return text_compare(((const struct msg_hot_spot *)a)->rule.rule, ((const struct msg_hot_spot *)b)->rule.rule);
}

int handle_hot_spot_list(struct step *step, const struct msg_list *asked, struct problem *problem)
{
    const struct hot_spots *spots = step->core->hot_spots;
    const uint32_t limit = query_limit(MSG_HAS(asked, list, limit), asked->limit);
    struct msg_hot_spots_reply reply = {0};
    struct msg_hot_spot *items = step_alloc(step, HOT_SPOTS_MAX, sizeof *items);
    uint32_t count = 0;
    (void)problem;
    for (uint32_t i = 0; spots && i < spots->count; i++) {
        const struct text id = spots->items[i].rule->rule;
        const bool is_meant = asked->name.size ? text_equal(id, asked->name)
                                               : asked->after.size == 0 || text_compare(id, asked->after) > 0;
        if (is_meant && may_see(step, &spots->items[i]))
            items[count++] = show(step->core, &spots->items[i]);
    }
    step_look(step, 1 + (spots ? spots->count : 0)); /* 16 who are told each: some 100 ns */
    if (count > 0)
        qsort(items, count, sizeof *items, by_id);
    const uint32_t shown = count < limit ? count : limit;
    MSG_SET(&reply, hot_spots_reply, hot_spots, (struct msg_hot_spot_items){items, shown});
    if (shown < count)
        MSG_SET(&reply, hot_spots_reply, next, items[shown - 1].rule.rule);
    step_reply(step, &message_hot_spots_reply, &reply);
    return 0;
}

struct msg_hot_task hot_spots_show(const struct core *core, const struct task *task, int64_t now_ms)
{
    struct msg_hot_task out = {0};
    bool overdue, escalated;
    hot_spots_is_hot(core, task, now_ms, &overdue, &escalated);
    MSG_SET(&out, hot_task, task, task->number);
    MSG_SET(&out, hot_task, reference, task_reference(task));
    MSG_SET(&out, hot_task, lead, standing_id_on(core, task, task->lead, now_ms));
    if (overdue)
        MSG_SET(&out, hot_task, overdue, true);
    if (escalated)
        MSG_SET(&out, hot_task, escalated, true);
    return out;
}

int handle_hot_spot_get(struct step *step, const struct msg_hot_spot_get *asked, struct problem *problem)
{
    const struct hot_spot *spot = hot_spot_find(step->core, asked->rule);
    if (!spot || !may_see(step, spot))
        return unknown(asked->rule, problem);
    const uint32_t limit = query_limit(MSG_HAS(asked, hot_spot_get, limit), asked->limit);
    struct msg_hot_task *items = NULL;
    struct msg_hot_spot_reply reply = {.hot_spot = show(step->core, spot)};
    struct numbers_place place;
    uint32_t number = 0, count = 0, looked = 0, last = 0;
    bool more = asked->after < UINT32_MAX && numbers_find(&spot->tasks, (uint32_t)asked->after + 1, &place, &number);
    for (; more && count < limit && HOT_LOOKS * looked < QUERY_SCAN_MAX;
         more = numbers_next(&spot->tasks, &place, &number), looked++) {
        const struct task *task = core_task(step->core, number);
        last = number;
        if (!step_may_read(step, task))
            continue;
        items = step_room(step, items, count, sizeof *items);
        items[count++] = hot_spots_show(step->core, task, step->now_ms);
    }
    step_look(step, HOT_LOOKS * (uint64_t)looked);
    MSG_SET(&reply.hot_spot, hot_spot, tasks, ((struct msg_hot_task_items){items, count}));
    MSG_MARK(&reply, hot_spot_reply, hot_spot);
    if (more)
        MSG_SET(&reply, hot_spot_reply, next, last);
    step_reply(step, &message_hot_spot_reply, &reply);
    return 0;
}
