/* Lists of tasks, by page. A page looks at a bounded number of tasks, so that no read makes the others wait: it may be short,
 * or empty, and still have a `next`.
 */
#include <string.h>

#include "base/unicode.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/cold.h"
#include "core/deadline.h"
#include "core/decider.h"
#include "core/handlers.h"
#include "core/holdings.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/present.h"
#include "core/query.h"
#include "core/questions.h"
#include "core/reading.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/target.h"
#include "core/waits.h"

#define SEARCH_COST  5 /* units of step_look: to fold a title of few letters… */
#define SEARCH_BYTES 4 /* …and one more for each so many bytes of it: 25 to 60 ns each */

struct filter {
    struct step *step;
    const struct msg_task_list *asked;
    uint32_t agency;    /* NONE when any */
    struct text search; /* folded; empty when any */
    size_t cost;        /* of what was looked at so far, in units of step_look */
};

/* By its own id or by that of who stands for it now: what was a predecessor's is its successor's. */
static bool is_either(const struct filter *filter, uint32_t holder, uint32_t stands)
{
    const struct core *core = filter->step->core;
    if (holder == filter->agency || stands == filter->agency)
        return true;
    return filter->asked->subtree &&
           (agency_covers(core, filter->agency, holder) || agency_covers(core, filter->agency, stands));
}

static bool holds_role(const struct filter *filter, const struct task *task, uint32_t holder)
{
    return is_either(filter, holder, standing_on(filter->step->core, task, holder, filter->step->now_ms));
}

/* Nobody was given the place right above one: it follows from the tree. */
static bool stands_above(const struct filter *filter, const struct task *task, uint32_t holder)
{
    const struct core *core = filter->step->core;
    const int64_t now_ms = filter->step->now_ms;
    const uint32_t superior = agency_superior(core, standing_on(core, task, holder, now_ms), now_ms);
    return superior != NONE && is_either(filter, superior, agency_effective(core, superior, now_ms));
}

static bool any_holds(const struct filter *filter, const struct task *task, const uint32_t *agencies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (holds_role(filter, task, agencies[i]))
            return true;
    return false;
}

static bool any_escalated_holds(const struct filter *filter, const struct task *task)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (any_holds(filter, task, task->rare->escalations->items[i].to, task->rare->escalations->items[i].to_count))
            return true;
    return false;
}

static bool any_decider_holds(const struct filter *filter, const struct task *task)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]) &&
            holds_role(filter, task, asks_decider(filter->step->core, task->rare->asks->items[i])))
            return true;
    return false;
}

static bool any_consulted_holds(const struct filter *filter, const struct task *task)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        if (opinion_is_owed(opinion) && is_either(filter, core_agency_find(filter->step->core, opinion->agency),
                                                  questions_owes(filter->step->core, opinion, filter->step->now_ms)))
            return true;
    }
    return false;
}

static bool above_decider_holds(const struct filter *filter, const struct task *task)
{
    const struct core *core = filter->step->core;
    const uint32_t superior = decider_superior(core, task, filter->step->now_ms);
    return superior != NONE && is_either(filter, superior, agency_effective(core, superior, filter->step->now_ms));
}

static bool matches_role(const struct filter *filter, const struct task *task)
{
    uint32_t list[TASK_AGENCIES_MAX];
    uint32_t roles = filter->asked->roles ? filter->asked->roles : UINT32_MAX;
    if (filter->agency == NONE)
        return true;
    if ((roles & TERM_BIT(ROLE_LEAD)) && holds_role(filter, task, task->lead))
        return true;
    if ((roles & TERM_BIT(ROLE_ASSIGNER)) && holds_role(filter, task, task->assigner))
        return true;
    if ((roles & TERM_BIT(ROLE_SUPERVISOR)) && task->supervisor != NONE && holds_role(filter, task, task->supervisor))
        return true;
    if ((roles & TERM_BIT(ROLE_COOPERATING)) && any_holds(filter, task, list, task_cooperating(task, list)))
        return true;
    if ((roles & TERM_BIT(ROLE_OBSERVER)) && any_holds(filter, task, list, task_observers(task, list)))
        return true;
    /* Standing above is no role that one was given: it counts only when asked for. */
    if (filter->asked->roles && (roles & TERM_BIT(ROLE_LEAD_SUPERIOR)) && stands_above(filter, task, task->lead))
        return true;
    return ((roles & TERM_BIT(ROLE_ESCALATED)) && any_escalated_holds(filter, task)) ||
           ((roles & TERM_BIT(ROLE_DECIDER)) && any_decider_holds(filter, task)) ||
           ((roles & TERM_BIT(ROLE_CONSULTED)) && any_consulted_holds(filter, task)) ||
           (filter->asked->roles && (roles & TERM_BIT(ROLE_DECIDER_SUPERIOR)) && above_decider_holds(filter, task));
}

static bool has_tag(const struct task *task, struct text wanted)
{
    uint32_t at = 0;
    int tag;
    struct text value;
    while (pack_next(task->pack, &at, &tag, &value) && tag <= PACK_TAG)
        if (tag == PACK_TAG && text_equal(value, wanted))
            return true;
    return false;
}

/* A task that went to several leads is there once for each, as REFERENCE/LEAD: it is found by what they have in common. */
static bool matches_reference(const struct filter *filter, const struct task *task)
{
    const struct text wanted = filter->asked->reference, whole = task_reference(task);
    if (!MSG_HAS(filter->asked, task_list, reference) || text_equal(wanted, whole))
        return true;
    if (whole.size <= wanted.size || whole.data[wanted.size] != '/' ||
        !text_equal(wanted, (struct text){whole.data, wanted.size}))
        return false;
    const struct text lead = {whole.data + wanted.size + 1, whole.size - wanted.size - 1};
    return core_agency_find(filter->step->core, lead) != NONE;
}

static bool matches_search(struct filter *filter, const struct task *task)
{
    struct arena *arena = &filter->step->core->scratch->arena;
    if (filter->search.size == 0)
        return true;
    arena_clear(arena);
    filter->cost += SEARCH_COST + task_title(task).size / SEARCH_BYTES;
    struct text title = unicode_fold(arena, task_title(task));
    return memmem(title.data, title.size, filter->search.data, filter->search.size) != NULL;
}

/* Whether an optional set of terms, if given, holds a number. An empty one restricts nothing, as if it were absent. */
#define IN_SET(field, number) (asked->field == 0 || (asked->field & TERM_BIT(number)))
#define IS_TEXT(field, tag)   (!MSG_HAS(asked, task_list, field) || text_equal(asked->field, pack_text(task->pack, tag)))

static bool is_held_up(struct filter *filter, const struct task *task)
{
    uint64_t numbers[TASK_WAITS_MAX];
    filter->cost += waits_named(task, numbers);
    return waits_open(filter->step->core, task, numbers) > 0;
}

static bool matches(struct filter *filter, const struct task *task)
{
    const struct msg_task_list *asked = filter->asked;
    const struct step *step = filter->step;
    if (MSG_HAS(asked, task_list, changed_after) && task->record <= asked->changed_after)
        return false;
    filter->cost += asks_looks(task) + questions_looks(task);
    if (!IN_SET(states, task->state) || !IN_SET(kinds, task->kind))
        return false;
    if (MSG_HAS(asked, task_list, due_before) && (task->due == TIME_NONE || task->due >= asked->due_before))
        return false;
    if (!matches_reference(filter, task) || !IS_TEXT(area, PACK_AREA) || !IS_TEXT(document, PACK_DOCUMENT))
        return false;
    if (MSG_HAS(asked, task_list, parent) && pack_u64(task->pack, PACK_PARENT) != asked->parent)
        return false;
    if (MSG_HAS(asked, task_list, tag) && !has_tag(task, asked->tag))
        return false;
    if (asked->waiting && !is_held_up(filter, task))
        return false;
    if (!matches_role(filter, task) || !step_may_read(step, task))
        return false;
    if (asked->timeliness && !IN_SET(timeliness, deadline_timeliness(step->core, task, step->now_ms)))
        return false;
    return matches_search(filter, task);
}

static int make_filter(struct step *step, const struct msg_task_list *asked, struct filter *filter,
                       struct problem *problem)
{
    *filter = (struct filter){.step = step, .asked = asked, .agency = NONE};
    if (MSG_HAS(asked, task_list, agency)) {
        filter->agency = core_agency_find(step->core, asked->agency);
        if (filter->agency == NONE)
            return problem_set(problem, COORD_E_AGENCY_UNKNOWN, "agency",
                               "There is no agency `%.*s`; agency_list has the ids.", TEXT_ARGS(asked->agency));
    } else if (asked->roles || asked->subtree) {
        filter->agency = step->who.agency;
    }
    if (MSG_HAS(asked, task_list, search))
        filter->search = unicode_fold(step->arena, asked->search);
    return 0;
}

/* The groups of states that a listed task may be in. */
static uint32_t wanted_groups(const struct msg_task_list *asked)
{
    const uint32_t open_only = TERM_BIT(TIMELINESS_OVERDUE) | TERM_BIT(TIMELINESS_DUE_SOON);
    uint32_t groups = asked->states ? 0 : GROUPS_ALL;
    for (uint32_t left = (uint32_t)asked->states; left; left &= left - 1)
        groups |= 1U << holdings_group(__builtin_ctz(left));
    if (asked->timeliness && !(asked->timeliness & ~open_only))
        groups &= 1U << GROUP_WORKING; /* what is submitted is in time or late, and so is what is over */
    return groups;
}

int handle_task_list(struct step *step, const struct msg_task_list *asked, struct problem *problem)
{
    struct filter filter;
    if (make_filter(step, asked, &filter, problem))
        return problem->error;
    const struct core *core = step->core;
    uint32_t limit = query_limit(MSG_HAS(asked, task_list, limit), asked->limit), found = 0;
    uint64_t done = asked->after, number;
    struct msg_task *tasks = NULL;
    struct reading *reading = reading_begin(step, &(struct reading_wanted){.agency = filter.agency,
                                                                           .subtree = asked->subtree,
                                                                           .roles = (uint32_t)asked->roles,
                                                                           .groups = wanted_groups(asked),
                                                                           .after = done});
    size_t bytes = 0;
    for (; found < limit && filter.cost + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading));
         done = number) {
        const struct task *task = core_task(core, number);
        filter.cost += task ? cold_looks(core, task, step->now_ms) : 0;
        if (!task || !matches(&filter, task))
            continue;
        bytes += present_task_size(core, task, step->now_ms);
        filter.cost += target_cost(task);
        filter.cost += waits_named(task, (uint64_t[TASK_WAITS_MAX]){0}); /* each is looked at, whether it has ended */
        filter.cost += parts_looks(core, task, step->who.agency, step->now_ms);
        if (found > 0 && bytes > QUERY_BYTES_MAX)
            break;
        tasks = step_room(step, tasks, found, sizeof *tasks);
        tasks[found++] = present_task(core, task, step->who.agency, step->now_ms, step->arena);
    }
    step_look(step, filter.cost + reading_cost(reading));
    const uint64_t next = reading_rest(reading, done);
    struct msg_tasks_reply reply = {0};
    MSG_SET(&reply, tasks_reply, tasks, (struct msg_task_items){tasks, found});
    if (next)
        MSG_SET(&reply, tasks_reply, next, next);
    step_reply(step, &message_tasks_reply, &reply);
    return 0;
}
