/* Reads: a task, lists of tasks and escalations, by page. A page looks at a bounded number of tasks, so that no read
 * makes the others wait: it may be short, or empty, and still have a `next`.
 */
#include "core/query.h"
#include "core/scratch.h"

#include <stdlib.h>
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
#include "core/questions.h"
#include "core/reading.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/target.h"
#include "core/task.h"
#include "core/task_data.h"
#include "core/waits.h"
#include "frame.h"

#define SEARCH_COST     5   /* units of step_look: to fold a title of few letters… */
#define SEARCH_BYTES    4   /* …and one more for each so many bytes of it: 25 to 60 ns each */
#define TASK_COST       50  /* units: to show one task whole… */
#define LINE_COST       20  /* …and each line of what lies ahead of it */
#define AGENCIES_A_LOOK 16  /* whether one is succeeded is seen in a few ns */
#define BATCH_MAX       256 /* as messages.def.h has them */
#define PAGE_MAX        1000
#define CREDIT_MAX      65536
#define PAGE_DEFAULT    100

uint32_t query_limit(bool has, uint64_t limit)
{
    return has ? (uint32_t)limit : PAGE_DEFAULT;
}

static struct texts stood_for(const struct step *step)
{
    uint32_t stood[STAND_INS_MAX];
    const uint32_t count = stand_in_stood(step->core, step->who.agency, step->now_ms, stood);
    struct text *ids = count ? arena_alloc(step->arena, count * sizeof *ids) : NULL;
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(step->core, stood[i]);
    return (struct texts){ids, count};
}

int handle_hello(struct step *step, const struct msg_hello *request, struct problem *problem)
{
    (void)problem;
    const bool bundles = MSG_HAS(request, hello, bundles) && step->to.batch == 0;
    const struct core *core = step->core;
    struct msg_hello_reply reply = {0};
    MSG_SET(&reply, hello_reply, agency, core_agency_id(core, step->who.agency));
    MSG_SET(&reply, hello_reply, key, step->key_label);
    MSG_SET(&reply, hello_reply, rights, step->who.rights);
    MSG_SET(&reply, hello_reply, time, step->now_ms);
    MSG_SET(&reply, hello_reply, version, TEXT(COORDD_VERSION));
    MSG_SET(&reply, hello_reply, store, (struct text){(const char *)core->identity, sizeof core->identity});
    MSG_SET(&reply, hello_reply, seq, core->seq);
    MSG_SET(&reply, hello_reply, rehearsal, core->rehearsal);
    MSG_SET(&reply, hello_reply, frame_max, FRAME_SIZE_MAX);
    MSG_SET(&reply, hello_reply, batch_max, BATCH_MAX);
    MSG_SET(&reply, hello_reply, page_max, PAGE_MAX);
    MSG_SET(&reply, hello_reply, credit_max, CREDIT_MAX);
    if (core->parted > 0) {
        MSG_SET(&reply, hello_reply, ancestor, (struct text){(const char *)core->ancestor, sizeof core->ancestor});
        MSG_SET(&reply, hello_reply, parted, core->parted);
    }
    const struct msg_store_settings settings = core_store_settings(core);
    MSG_SET(&reply, hello_reply, tasking, settings.tasking);
    if (MSG_HAS(&settings, store_settings, default_policy))
        MSG_SET(&reply, hello_reply, default_policy, settings.default_policy);
    MSG_SET(&reply, hello_reply, dry_runs, true);
    if (bundles)
        MSG_SET(&reply, hello_reply, bundles, request->bundles);
    const struct texts stood = stood_for(step);
    if (stood.count > 0)
        MSG_SET(&reply, hello_reply, stands_in_for, stood);
    if (step->beside->role)
        MSG_SET(&reply, hello_reply, role, step->beside->role);
    if (step->beside->leader && step->beside->leader[0])
        MSG_SET(&reply, hello_reply, leader, text_of(step->beside->leader));
    struct effect *effect = step_reply(step, &message_hello_reply, &reply);
    if (bundles)
        effect->reply.bundles = request->bundles ? BUNDLES_ON : BUNDLES_OFF;
    return 0;
}

/* ---- one task ---- */

/* One that may not be read, in whoever's name, is as one that is not there: it hides no other of the same reference. */
static const struct task *find_readable(struct step *step, uint32_t assigner, struct text reference)
{
    const struct task *task = core_task_by_reference(step->core, assigner, reference);
    if (task)
        (void)stand_in_choose(step, task, 0, NULL);
    return task && step_may_read(step, task) ? task : NULL;
}

/* A task of those that the assigner has succeeded: of the first that has it and that may be read. */
static const struct task *find_left(struct step *step, uint32_t assigner, struct text reference)
{
    const struct core *core = step->core;
    const struct task *found = NULL;
    uint32_t count;
    step_look(step, core->agency_count / AGENCIES_A_LOOK);
    uint32_t *gone = agency_predecessors(core, assigner, step->now_ms, &count);
    for (uint32_t i = 0; !found && i < count; i++)
        found = find_readable(step, gone[i], reference);
    free(gone);
    return found;
}

static const struct task *find_by_reference(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    const struct core *core = step->core;
    bool is_named = MSG_HAS(get, task_get, assigner);
    uint32_t assigner = is_named ? core_agency_find(core, get->assigner) : step->who.agency;
    const struct task *task = assigner == NONE ? NULL : find_readable(step, assigner, get->reference);
    if (!task && assigner != NONE)
        task = find_left(step, assigner, get->reference);
    if (task)
        return task;
    problem_set(problem, COORD_E_TASK_UNKNOWN, "reference",
                "There is no task `%.*s` of that assigner that this agency may read; one of several leads is "
                "`REFERENCE/LEAD`, and task_list finds them all.",
                TEXT_ARGS(get->reference));
    return NULL;
}

/* The agency that gave it, or who stands in its place. */
static bool is_assigner(const struct step *step, const struct task *task, struct text agency)
{
    const struct core *core = step->core;
    return text_equal(agency, core_agency_id(core, task->assigner)) ||
           text_equal(agency, standing_id_on(core, task, task->assigner, step->now_ms));
}

/* By its number; what is said of it beside that has to be so. */
static const struct task *find_by_number(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    const struct task *task = task_readable(step, get->task, "task", problem);
    const char *field = NULL;
    if (!task)
        return NULL;
    if (MSG_HAS(get, task_get, reference) && !text_equal(get->reference, task_reference(task)))
        field = "reference";
    else if (MSG_HAS(get, task_get, assigner) && !is_assigner(step, task, get->assigner))
        field = "assigner";
    if (!field)
        return task;
    problem_set(problem, COORD_E_BAD_VALUE, field,
                "Task %llu is `%.*s` of %.*s; ask for it by its number alone, or for another by its reference.",
                (unsigned long long)task->number, TEXT_ARGS(task_reference(task)),
                TEXT_ARGS(standing_id_on(step->core, task, task->assigner, step->now_ms)));
    return NULL;
}

const struct task *query_task(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    if (MSG_HAS(get, task_get, task))
        return find_by_number(step, get, problem);
    if (MSG_HAS(get, task_get, reference))
        return find_by_reference(step, get, problem);
    problem_set(problem, COORD_E_MISSING_FIELD, "task", "`task` is required, or `reference` in its place.");
    return NULL;
}

int handle_task_get(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    const struct task *task = query_task(step, get, problem);
    if (!task)
        return problem->error;
    bool may_act = step->who.rights & TERM_BIT(RIGHT_ACT);
    struct msg_task_reply reply = {0};
    MSG_SET(&reply, task_reply, task, present_task(step->core, task, step->who.agency, step->now_ms, step->arena));
    MSG_SET(&reply, task_reply, may, may_act ? stand_in_may(step, task) : 0);
    if (step->stand_in)
        MSG_SET(&reply, task_reply, stands_in_for, core_agency_id(step->core, step->who.agency));
    struct msg_line_items ahead = {0};
    deadline_ahead(step->core, task, step->now_ms, step->arena, &ahead);
    step_look(step, TASK_COST + LINE_COST * (uint64_t)ahead.count + cold_looks(step->core, task, step->now_ms) +
                        parts_looks(step->core, task, step->who.agency, step->now_ms) + target_cost(task));
    MSG_SET(&reply, task_reply, ahead, ahead);
    step_reply(step, &message_task_reply, &reply);
    return 0;
}

/* Whoever gave an opinion, or was asked for one, reads on up to where it was shown the task; not of one that is restricted. */
static const struct task *task_shown(const struct step *step, uint64_t number, uint64_t *newest,
                                     struct problem *problem)
{
    const struct task *task = core_task(step->core, number);
    const uint64_t shown = task ? step_shown(step, task) : 0;
    if (!shown || step_may_read(step, task)) {
        task = task_readable(step, number, "task", problem);
        *newest = task ? task->record : 0;
        return task;
    }
    *newest = shown;
    return task;
}

int handle_task_history(struct step *step, const struct msg_task_history *asked, struct problem *problem)
{
    uint64_t newest;
    const struct task *task = task_shown(step, asked->task, &newest, problem);
    if (!task)
        return problem->error;
    if (MSG_HAS(asked, task_history, before) &&
        asked->before > newest) /* in the journal's words: it may be one, or not */
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "before",
                           "%llu is no record of this task; give the `next` of the page before.",
                           (unsigned long long)asked->before);
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_HISTORY);
    effect->history.to = step->to;
    effect->history.id = id;
    effect->history.agency = step_sender(step);
    effect->history.task = task->number;
    effect->history.newest = newest;
    effect->history.before = MSG_HAS(asked, task_history, before) ? asked->before : 0;
    effect->history.limit = query_limit(MSG_HAS(asked, task_history, limit), asked->limit);
    return 0;
}

/* ---- lists of tasks ---- */

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

/* ---- escalations ---- */

static struct msg_open_escalation present_open(struct step *step, const struct task *task,
                                               const struct escalation *escalation)
{
    const struct core *core = step->core;
    struct msg_open_escalation out = {0};
    struct text day = present_day(core, task, step->arena);
    MSG_SET(&out, open_escalation, task, task->number);
    MSG_SET(&out, open_escalation, reference, task_reference(task));
    MSG_SET(&out, open_escalation, title, task_title(task));
    MSG_SET(&out, open_escalation, lead, standing_id_on(core, task, task->lead, step->now_ms));
    MSG_SET(&out, open_escalation, state, task->state);
    if (task->due != TIME_NONE)
        MSG_SET(&out, open_escalation, due, task->due);
    if (day.size > 0)
        MSG_SET(&out, open_escalation, due_day, day);
    MSG_SET(&out, open_escalation, escalation, present_escalation(core, task, escalation, step->now_ms, step->arena));
    return out;
}

static bool is_wanted(const struct step *step, const struct msg_escalation_list *asked, const struct task *task,
                      const struct escalation *escalation)
{
    if (!asked->closed && !escalation_is_open(escalation))
        return false;
    return !asked->mine || task_is_addressed(step->core, task, escalation, step->who.agency, step->now_ms);
}

/* Where a page of escalations goes on: after a task, or within one that has more of them than the page holds. As `next`
 * and `after` the first is the task's number, the second has this bit, the number and how many of its escalations are
 * gone past: 27 + 7 bits, and all of it below 2^53, which every client's numbers hold. When one of 64 makes room for
 * another meanwhile, the next is passed over or comes twice. */
#define WITHIN_TASK (UINT64_C(1) << 52)

struct place {
    uint64_t task;  /* the first to be looked at */
    uint32_t index; /* of its escalations */
};
_Static_assert(CORE_TASKS_MAX < WITHIN_TASK >> 7 && TASK_ESCALATIONS_MAX < 128, "a place fits below 2^52");

static struct place place_after(uint64_t after)
{
    if (after & WITHIN_TASK)
        return (struct place){(after & (WITHIN_TASK - 1)) >> 7, after & 127};
    return (struct place){after + 1, 0};
}

/* The wanted escalations of one task from a place on, as many as there is room for; returns where among them it ended. */
static uint32_t take_escalations(struct step *step, const struct msg_escalation_list *asked, const struct task *task,
                                 uint32_t index, struct msg_open_escalation **out, uint32_t *found, uint32_t limit)
{
    for (; index < task->rare->escalations->count && *found < limit; index++) {
        if (!is_wanted(step, asked, task, &task->rare->escalations->items[index]))
            continue;
        *out = step_room(step, *out, *found, sizeof **out);
        (*out)[(*found)++] = present_open(step, task, &task->rare->escalations->items[index]);
    }
    return index;
}

int handle_escalation_list(struct step *step, const struct msg_escalation_list *asked, struct problem *problem)
{
    const struct core *core = step->core;
    (void)problem;
    uint32_t limit = query_limit(MSG_HAS(asked, escalation_list, limit), asked->limit), found = 0;
    struct msg_open_escalation *out = NULL;
    const struct place from = place_after(asked->after);
    uint64_t done = from.task - 1, number, within = 0;
    struct reading *reading = reading_begin(
        step, &(struct reading_wanted){.agency = NONE, .groups = GROUPS_ALL, .escalations = true, .after = done});
    size_t bytes = 0;
    uint64_t far = 0; /* what those cost that lie far away */
    for (; found < limit && far + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading));
         done = number) {
        const struct task *task = core_task(core, number);
        far += task ? cold_looks(core, task, step->now_ms) : 0;
        if (!task || !step_may_read(step, task))
            continue;
        bytes += present_task_size(core, task, step->now_ms) +
                 (size_t)task->rare->escalations->count * (task_title(task).size + 400);
        if (found > 0 && bytes > QUERY_BYTES_MAX)
            break;
        const uint32_t index = take_escalations(step, asked, task, number == from.task ? from.index : 0, &out, &found,
                                                limit);
        if (index < task->rare->escalations->count) {
            within = WITHIN_TASK | number << 7 | index;
            break;
        }
    }
    step_look(step, far + reading_cost(reading));
    const uint64_t next = within ? within : reading_rest(reading, done);
    struct msg_escalations_reply reply = {0};
    MSG_SET(&reply, escalations_reply, escalations, (struct msg_open_escalation_items){out, found});
    if (next)
        MSG_SET(&reply, escalations_reply, next, next);
    step_reply(step, &message_escalations_reply, &reply);
    return 0;
}
