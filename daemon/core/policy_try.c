#include "core/policy_try.h"

#include "core/asks.h"
#include "core/catalogue.h"
#include "core/cold.h"
#include "core/ladder_try.h"
#include "core/query.h"
#include "core/recount.h"
#include "core/stand_in.h"
#include "core/standing.h"

#define PAGE_TASKS  4096 /* looked at for one reply: × 100 ns as a rule, and what those of the policy cost besides */
#define PAGE_SHOWN  256  /* of a reply, as messages.def.h has it */
#define RUNGS_SHOWN (2 * (TASK_ESCALATIONS_MAX + TASK_STEPS_MAX)) /* the same, of one task */
#define TASK_BYTES  512                                           /* in a reply, at most: ids and a reference… */
#define RUNG_BYTES  256                                           /* …a rung, and what it names by id besides */
/* A broker that is busy, or starts again, escalates a little late: such a one is still the same. */
#define LATE_MS (INT64_C(60) * 60 * 1000)

struct comparison {
    struct step *step;
    const struct task *task;
    const struct msg_step_items *old, *new; /* steps */
    int64_t since;
    struct ladder_try *try;
    struct msg_tried_rung *rungs;
    uint32_t count;
};

static struct msg_tried_rung *add(struct comparison *comparison)
{
    comparison->rungs = step_room(comparison->step, comparison->rungs, comparison->count, sizeof *comparison->rungs);
    struct msg_tried_rung *rung = &comparison->rungs[comparison->count++];
    *rung = (struct msg_tried_rung){0};
    return rung;
}

static void set_of(struct msg_tried_rung *rung, const struct msg_step *step)
{
    MSG_SET(rung, tried_rung, deadline, step->deadline);
    MSG_SET(rung, tried_rung, does, step->does);
    if (MSG_HAS(step, step, level))
        MSG_SET(rung, tried_rung, level, step->level);
}

static void set_was(const struct comparison *comparison, struct msg_tried_rung *rung, uint32_t number, int64_t at_ms)
{
    set_of(rung, &comparison->old->items[number]);
    MSG_SET(rung, tried_rung, was_step, number);
    if (at_ms >= 0)
        MSG_SET(rung, tried_rung, was, at_ms);
}

static void set_would(const struct comparison *comparison, struct msg_tried_rung *rung, uint32_t number, int64_t at_ms)
{
    const struct msg_step *step = &comparison->new->items[number];
    set_of(rung, step);
    MSG_SET(rung, tried_rung, step, number);
    if (at_ms >= 0)
        MSG_SET(rung, tried_rung, would, at_ms);
    if (MSG_HAS(step, step, to))
        MSG_SET(rung, tried_rung, to, step->to);
    if (step->agencies.count > 0)
        MSG_SET(rung, tried_rung, agencies, step->agencies);
}

static bool is_alike(const struct msg_step *a, const struct msg_step *b)
{
    return a->deadline == b->deadline && a->does == b->does && a->level == b->level;
}

/* ---- what lies behind ---- */

/* Of the policy's ladder, and where both sides are known. */
static bool is_compared(const struct comparison *comparison, const struct escalation *real)
{
    return real->step < comparison->old->count &&
           real->opened >= comparison->try->start[comparison->old->items[real->step].deadline];
}

/* The first escalation that was opened, is alike, and is nobody's yet; the same moment goes first. NULL when there is none. */
static const struct escalation *find_real(const struct comparison *comparison, const struct ladder_opened *would,
                                          uint64_t taken, bool same, uint32_t *place)
{
    const struct escalations *list = comparison->task->rare->escalations;
    for (uint32_t i = 0; list && i < list->count; i++) {
        const struct escalation *real = &list->items[i];
        const int64_t late = real->opened - would->at;
        if ((taken >> i & 1) || !is_compared(comparison, real) ||
            !is_alike(&comparison->old->items[real->step], &comparison->new->items[would->step]) ||
            (same && (late < 0 || late > LATE_MS)))
            continue;
        *place = i;
        return real;
    }
    return NULL;
}

/* What lies before the day asked for on both sides is left out. */
static void add_past(struct comparison *comparison, const struct ladder_opened *would, const struct escalation *real)
{
    if ((!would || would->at < comparison->since) && (!real || real->opened < comparison->since))
        return;
    struct msg_tried_rung *rung = add(comparison);
    if (real) {
        set_was(comparison, rung, real->step, real->opened);
        MSG_SET(rung, tried_rung, escalation, real->id);
    }
    if (would)
        set_would(comparison, rung, would->step, would->at);
    MSG_SET(rung, tried_rung, past, true);
}

/* What was opened and has nobody beside it may have somebody after a cut, if the new ladder has a step like it at all. */
static bool may_come_yet(const struct comparison *comparison, const struct escalation *real)
{
    if (!comparison->try->is_cut)
        return false;
    for (uint32_t i = 0; i < comparison->new->count; i++)
        if (is_alike(&comparison->old->items[real->step], &comparison->new->items[i]))
            return true;
    return false;
}

static void compare_past(struct comparison *comparison)
{
    const struct ladder_try *try = comparison->try;
    const struct escalations *list = comparison->task->rare->escalations;
    uint64_t taken = 0, matched = 0;
    uint32_t place;
    for (uint32_t i = 0; i < try->opened_count; i++)
        if (find_real(comparison, &try->opened[i], taken, true, &place)) {
            taken |= UINT64_C(1) << place;
            matched |= UINT64_C(1) << i;
        }
    for (uint32_t i = 0; i < try->opened_count; i++) {
        if (matched >> i & 1)
            continue;
        const struct escalation *real = find_real(comparison, &try->opened[i], taken, false, &place);
        taken |= real ? UINT64_C(1) << place : 0;
        add_past(comparison, &try->opened[i], real);
    }
    for (uint32_t i = 0; list && i < list->count; i++)
        if (!(taken >> i & 1) && is_compared(comparison, &list->items[i]) && !may_come_yet(comparison, &list->items[i]))
            add_past(comparison, NULL, &list->items[i]);
}

/* ---- what lies ahead ---- */

static bool tells_the_same(const struct msg_step *a, const struct msg_step *b)
{
    bool same = a->to == b->to && a->agencies.count == b->agencies.count;
    for (uint32_t i = 0; same && i < a->agencies.count; i++)
        same = text_equal(a->agencies.items[i], b->agencies.items[i]);
    return same;
}

/* The next of each step; `fires` is INT64_MIN where none is. */
static void find_next(const struct core *core, const struct task *task, uint32_t count, int64_t fires[TASK_STEPS_MAX])
{
    for (uint32_t i = 0; i < count; i++) {
        struct task_rung rung;
        fires[i] = rung_of_step(core, task, i, &rung) ? rung.fires : INT64_MIN;
    }
}

/* The step that is alike, is nobody's yet, and comes nearest; UINT32_MAX when there is none. */
static uint32_t find_old(const struct comparison *comparison, const int64_t was[], uint32_t taken, uint32_t number,
                         int64_t would)
{
    uint32_t found = UINT32_MAX;
    uint64_t nearest = UINT64_MAX;
    for (uint32_t i = 0; i < comparison->old->count; i++) {
        if (was[i] == INT64_MIN || (taken >> i & 1) ||
            !is_alike(&comparison->old->items[i], &comparison->new->items[number]))
            continue;
        const uint64_t apart = (uint64_t)(was[i] < would ? would - was[i] : was[i] - would);
        if (apart >= nearest)
            continue;
        found = i;
        nearest = apart;
    }
    return found;
}

static void compare_next(struct comparison *comparison)
{
    const struct core *core = comparison->step->core;
    int64_t was[TASK_STEPS_MAX], would[TASK_STEPS_MAX];
    uint32_t taken = 0;
    if (!state_is_open(comparison->task->state) || comparison->try->is_cut)
        return;
    find_next(core, comparison->task, comparison->old->count, was);
    find_next(core, &comparison->try->shadow.task, comparison->new->count, would);
    for (uint32_t i = 0; i < comparison->new->count; i++) {
        const uint32_t old = would[i] == INT64_MIN ? UINT32_MAX : find_old(comparison, was, taken, i, would[i]);
        if (would[i] == INT64_MIN)
            continue;
        taken |= old == UINT32_MAX ? 0 : UINT32_C(1) << old;
        if (old != UINT32_MAX && was[old] == would[i] &&
            tells_the_same(&comparison->old->items[old], &comparison->new->items[i]))
            continue;
        struct msg_tried_rung *rung = add(comparison);
        if (old != UINT32_MAX)
            set_was(comparison, rung, old, was[old]);
        set_would(comparison, rung, i, would[i]);
    }
    for (uint32_t i = 0; i < comparison->old->count; i++)
        if (was[i] != INT64_MIN && !(taken >> i & 1))
            set_was(comparison, add(comparison), i, was[i]);
}

/* ---- one task ---- */

static void set_dates(const struct comparison *comparison, struct msg_rehearsed *rehearsed)
{
    const struct task *task = comparison->task, *shadow = &comparison->try->shadow.task;
    if (recount_waits_for_acceptance(task) && shadow->accept_due != task->accept_due && shadow->accept_due != TIME_NONE)
        MSG_SET(rehearsed, rehearsed, accept_due, shadow->accept_due);
    if (state_is_open(task->state) && asks_due(shadow) != asks_due(task) && asks_due(shadow) != TIME_NONE)
        MSG_SET(rehearsed, rehearsed, decide_due, asks_due(shadow));
}

static uint32_t escalating(const struct msg_step_items *steps)
{
    uint32_t deadlines = 0;
    for (uint32_t i = 0; i < steps->count; i++)
        deadlines |= steps->items[i].does == RUNG_ESCALATE ? TERM_BIT(steps->items[i].deadline) : 0;
    return deadlines;
}

/* Deadlines of which steps of either side escalate, and that had a past before it is known. */
static uint32_t unknown_of(const struct comparison *comparison, int64_t *from)
{
    const struct ladder_try *try = comparison->try;
    uint32_t unknown = try->partly & (escalating(comparison->old) | escalating(comparison->new));
    *from = INT64_MIN;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        if (try->start[deadline] <= comparison->since)
            unknown &= ~TERM_BIT(deadline);
        if ((unknown & TERM_BIT(deadline)) && try->start[deadline] > *from)
            *from = try->start[deadline];
    }
    return unknown;
}

/* Whether there is anything to show, and whether not all is known. */
static bool rehearse(struct comparison *comparison, uint32_t number, bool *is_unknown, struct msg_rehearsed *rehearsed)
{
    struct step *step = comparison->step;
    struct core *core = step->core;
    const struct task *task = comparison->task;
    int64_t from;
    ladder_try(core, task, number, step->now_ms, step->arena, comparison->try);
    step_look(step, comparison->try->looked + comparison->old->count + comparison->new->count);
    compare_past(comparison);
    compare_next(comparison);
    set_dates(comparison, rehearsed);
    const uint32_t unknown = unknown_of(comparison, &from);
    *is_unknown = unknown != 0;
    if (comparison->count == 0 && !rehearsed->has && !comparison->try->is_cut)
        return false;
    MSG_SET(rehearsed, rehearsed, task, task->number);
    MSG_SET(rehearsed, rehearsed, reference, task_reference(task));
    MSG_SET(rehearsed, rehearsed, lead, standing_id_on(core, task, task->lead, step->now_ms));
    MSG_SET(rehearsed, rehearsed, state, task->state);
    MSG_SET(rehearsed, rehearsed, policy_version, core->policies[task->policy].version);
    if (unknown) {
        MSG_SET(rehearsed, rehearsed, unknown, unknown);
        MSG_SET(rehearsed, rehearsed, from, from);
    }
    if (comparison->try->is_cut)
        MSG_SET(rehearsed, rehearsed, cut, true);
    const uint32_t shown = comparison->count < RUNGS_SHOWN ? comparison->count : RUNGS_SHOWN;
    MSG_SET(rehearsed, rehearsed, rungs, ((struct msg_tried_rung_items){comparison->rungs, shown}));
    return true;
}

static size_t bytes_of(const struct msg_rehearsed *rehearsed)
{
    size_t bytes = TASK_BYTES + (size_t)rehearsed->rungs.count * RUNG_BYTES;
    for (uint32_t i = 0; i < rehearsed->rungs.count; i++)
        for (uint32_t n = 0; n < rehearsed->rungs.items[i].agencies.count; n++)
            bytes += rehearsed->rungs.items[i].agencies.items[n].size + 2;
    return bytes;
}

/* ---- a page ---- */

struct page {
    struct msg_rehearsed *rehearsed;
    uint32_t found;
    size_t bytes;
    uint64_t hidden, compared, unknown, at;
};

static bool is_meant(const struct core *core, const struct task *task, struct text policy, int64_t since_ms)
{
    return task && task->policy != NONE && task->calendar != NONE &&
           text_equal(core->policies[task->policy].id, policy) &&
           (state_is_open(task->state) || (task->course->closed != TIME_NONE && task->course->closed >= since_ms));
}

static void take(struct step *step, const struct task *task, uint32_t number, int64_t since_ms, struct ladder_try *try,
                 struct page *page)
{
    struct core *core = step->core;
    struct comparison comparison = {.step = step,
                                    .task = task,
                                    .old = &policy_message(core_policy_of(core, task))->steps,
                                    .new = &policy_message(core->policies[number].policy)->steps,
                                    .since = since_ms,
                                    .try = try};
    struct msg_rehearsed rehearsed = {0};
    bool is_unknown;
    const bool differs = rehearse(&comparison, number, &is_unknown, &rehearsed);
    page->compared++;
    page->unknown += is_unknown;
    if (!differs)
        return;
    if (!step_may_read(step, task)) {
        page->hidden++;
        return;
    }
    page->rehearsed = step_room(step, page->rehearsed, page->found, sizeof *page->rehearsed);
    page->rehearsed[page->found++] = rehearsed;
    page->bytes += bytes_of(&rehearsed);
}

static struct page go_through(struct step *step, struct text policy, uint32_t number, int64_t since_ms, uint64_t after)
{
    const struct core *core = step->core;
    struct page page = {.at = after};
    struct ladder_try *try = ladder_try_new(step);
    const uint64_t until = *step->looked + QUERY_SCAN_MAX;
    for (uint32_t looked = 0; page.at < core->task_count && looked < PAGE_TASKS && page.found < PAGE_SHOWN &&
                              page.bytes < QUERY_BYTES_MAX / 2 && *step->looked < until;
         page.at++, looked++) {
        const struct task *task = core_task(core, page.at + 1);
        step_look(step, 1 + (task ? cold_looks(core, task, step->now_ms) : 0));
        if (is_meant(core, task, policy, since_ms))
            take(step, task, number, since_ms, try, &page);
    }
    return page;
}

void policy_try(struct step *step, struct policy *tried, int64_t since_ms, uint64_t after, uint64_t seq)
{
    struct core *core = step->core;
    struct msg_change_reply reply = {0};
    const int64_t missed_until = core->missed_until;
    core->missed_until = INT64_MIN; /* as if the broker had never been down */
    const uint32_t number = catalogue_lend_policy(core, tried);
    const struct page page = go_through(step, policy_message(tried)->policy, number, since_ms, after);
    core->missed_until = missed_until;
    MSG_SET(&reply, change_reply, seq, seq);
    MSG_SET(&reply, change_reply, time, step->now_ms);
    if (page.at < core->task_count)
        MSG_SET(&reply, change_reply, next, page.at);
    MSG_SET(&reply, change_reply, dry_run, true);
    if (page.hidden > 0)
        MSG_SET(&reply, change_reply, hidden, page.hidden);
    if (page.found > 0)
        MSG_SET(&reply, change_reply, rehearsed, ((struct msg_rehearsed_items){page.rehearsed, page.found}));
    MSG_SET(&reply, change_reply, compared, page.compared);
    if (page.unknown > 0)
        MSG_SET(&reply, change_reply, unknown, page.unknown);
    step_reply(step, &message_change_reply, &reply);
}
