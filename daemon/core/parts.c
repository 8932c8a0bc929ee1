/* Parts hang on their whole in a list, so that nothing is looked for among all tasks: 40 bytes for each task of a page
 * that has a part or a whole in it, and none elsewhere. The lists follow from the tasks, and their order says nothing.
 *
 * What the parts of a whole come to is kept in sums beside it, with what each part has added to them: to read it costs
 * the same of one part and of TASK_PARTS_MAX.
 */
#include "core/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/authority.h"
#include "core/cold.h"
#include "core/pack.h"
#include "core/stand_in.h"
#include "core/standing.h"

#define PAGE 50 /* tasks in one allocation, or in a table that is lent: 2,000 bytes */

struct parts_link {
    uint64_t done;           /* of its own parts: each one's weight × how far it is */
    uint32_t weights;        /* of its own parts, but for those cancelled: 16,384 × 1,000 at most */
    uint32_t open;           /* of its own parts: how many are open */
    uint32_t parent;         /* under which it hangs; 0 for none, as all of these */
    uint32_t first;          /* of its own parts */
    uint32_t next, previous; /* among the parts of its parent */
    uint32_t count;          /* of its own parts */
    uint16_t weight;         /* what it has added to the sums of its parent; 0 for nothing */
    uint8_t percent;
    bool is_open;
};

_Static_assert(PAGE * sizeof(struct parts_link) <= TABLE_SIZE, "a page of them is a table");

struct link_page {
    struct parts_link *links; /* NULL while there are none */
    bool is_lent;
};

static struct parts_link *find(const struct core *core, uint64_t number)
{
    uint64_t page = (number - 1) / PAGE;
    if (number == 0 || page >= core->link_page_count || !core->link_pages[page].links)
        return NULL;
    return &core->link_pages[page].links[(number - 1) % PAGE];
}

static struct parts_link *get(struct core *core, uint64_t number)
{
    uint64_t page = (number - 1) / PAGE;
    if (page >= core->link_page_count) {
        size_t wanted = core->link_page_count ? core->link_page_count : 16;
        while (wanted <= page)
            wanted *= 2;
        core->link_pages = xrealloc(core->link_pages, wanted, sizeof *core->link_pages);
        memset(core->link_pages + core->link_page_count, 0,
               (wanted - core->link_page_count) * sizeof *core->link_pages);
        core->link_page_count = wanted;
    }
    if (!core->link_pages[page].links)
        core->link_pages[page].links = xcalloc(PAGE, sizeof(struct parts_link));
    return &core->link_pages[page].links[(number - 1) % PAGE];
}

/* ---- the sums ---- */

static void take_out(struct parts_link *whole, struct parts_link *link)
{
    whole->weights -= link->weight;
    whole->done -= (uint64_t)link->weight * link->percent;
    whole->open -= link->is_open;
    link->weight = link->percent = 0;
    link->is_open = false;
}

/* A part counts by what its own lead reports, not by its own parts: who answers for it says how far it is. */
static void put_in(struct parts_link *whole, struct parts_link *link, const struct task *task)
{
    const uint64_t weight = pack_u64(task->pack, PACK_WEIGHT),
                   reported = task->course->percent == UINT8_MAX ? 0 : task->course->percent;
    link->is_open = state_is_open(task->state);
    whole->open += link->is_open;
    if (task->state == STATE_CANCELLED)
        return;
    link->weight = weight > 0 && weight <= PARTS_WEIGHT_MAX ? (uint16_t)weight : 1;
    link->percent = task->state == STATE_COMPLETED ? 100 : (uint8_t)reported;
    whole->weights += link->weight;
    whole->done += (uint64_t)link->weight * link->percent;
}

void parts_weigh(struct core *core, const struct task *task)
{
    struct parts_link *link = find(core, task->number);
    if (!link || !link->parent)
        return;
    struct parts_link *whole = find(core, link->parent);
    take_out(whole, link);
    put_in(whole, link, task);
}

struct parts_sum parts_sum(const struct core *core, uint64_t task)
{
    const struct parts_link *whole = find(core, task);
    if (!whole)
        return (struct parts_sum){.percent = -1};
    const uint64_t percent = whole->weights ? whole->done / whole->weights : 0;
    return (struct parts_sum){.percent = whole->weights == 0 ? -1
                                         : percent > 100     ? 100
                                                             : (int)percent,
                              .open = whole->open};
}

/* ---- the lists ---- */

static void unhang(struct core *core, struct parts_link *link)
{
    take_out(find(core, link->parent), link);
    if (link->next)
        find(core, link->next)->previous = link->previous;
    if (link->previous)
        find(core, link->previous)->next = link->next;
    else
        find(core, link->parent)->first = link->next;
    find(core, link->parent)->count--;
    link->parent = link->next = link->previous = 0;
}

void parts_follow(struct core *core, const struct task *task)
{
    uint64_t parent = pack_u64(task->pack, PACK_PARENT);
    struct parts_link *link = find(core, task->number);
    if (parent > CORE_TASKS_MAX) /* only damage names such a one */
        parent = 0;
    if (parent == (link ? link->parent : 0)) {
        parts_weigh(core, task);
        return;
    }
    if (link && link->parent)
        unhang(core, link);
    if (parent == 0)
        return;
    link = get(core, task->number);
    struct parts_link *whole = get(core, parent);
    link->parent = (uint32_t)parent;
    link->next = whole->first;
    if (link->next)
        find(core, link->next)->previous = (uint32_t)task->number;
    whole->first = (uint32_t)task->number;
    whole->count++;
    put_in(whole, link, task);
}

void parts_free(struct core *core)
{
    for (size_t i = 0; i < core->link_page_count; i++)
        if (!core->link_pages[i].is_lent)
            free(core->link_pages[i].links);
    free(core->link_pages);
}

/* A page that is not full yet is still written to, for what is new. */
void parts_lend(struct core *core, uint64_t number)
{
    const uint64_t page = (number - 1) / PAGE;
    if (!find(core, number) || core->link_pages[page].is_lent || core->task_count < (page + 1) * PAGE)
        return;
    void *table = tables_take(&core->cold->tables);
    if (!table)
        return;
    memcpy(table, core->link_pages[page].links, PAGE * sizeof(struct parts_link));
    free(core->link_pages[page].links);
    core->link_pages[page] = (struct link_page){table, true};
}

/* ---- walks: at most TASK_PARTS_MAX parts, at 100 ns each when nothing is near: 1.6 ms ---- */

uint64_t parts_next(const struct core *core, uint64_t whole, uint64_t at)
{
    const struct parts_link *link = find(core, at ? at : whole);
    if (!link)
        return 0;
    return at ? link->next : link->first;
}

struct parts_count parts_count(const struct core *core, uint64_t task)
{
    struct parts_count count = {0};
    for (uint64_t at = parts_next(core, task, 0); at; at = parts_next(core, task, at)) {
        count.all++;
        if (core_task_is_cold(core, at)) /* it is closed, and far away */
            continue;
        const struct task *part = core_task(core, at);
        if (!part || !state_is_open(part->state))
            continue;
        count.open++;
        if (!count.first || part->number < count.first->number)
            count.first = part;
    }
    return count;
}

static bool answers_for(const struct core *core, const struct task *whole, uint32_t reader, int64_t now_ms)
{
    return standing_on(core, whole, whole->assigner, now_ms) == reader ||
           standing_on(core, whole, whole->lead, now_ms) == reader;
}

/* The newest hang first, and a reader may have hung as many there as it will: many that it may read hide nothing. */
bool parts_may_tell(const struct core *core, const struct task *whole, uint32_t reader, int64_t now_ms)
{
    uint32_t looked = 0, hidden = 0;
    if (answers_for(core, whole, reader, now_ms))
        return true;
    for (uint64_t at = parts_next(core, whole->number, 0); at && hidden < 2; at = parts_next(core, whole->number, at)) {
        if (looked++ == PARTS_LOOKED_AT)
            return false;
        const struct task *part = find(core, at)->weight > 0 ? core_task(core, at)
                                                             : NULL; /* cancelled: it says nothing */
        hidden += part && !authority_may_read(core, part, reader, now_ms);
    }
    return hidden != 1;
}

#define MAY_READ_LOOKS 20 /* whether an agency may read a task, in each of its roles: 2 us */

/* Which of the parts are old is seen by reading them alone: as many as are closed may be, as far as is looked. */
uint64_t parts_looks(const struct core *core, const struct task *whole, uint32_t reader, int64_t now_ms)
{
    const struct parts_link *link = find(core, whole->number);
    const uint32_t count = link ? link->count : 0, closed = link ? count - link->open : 0;
    const uint32_t looked = count < PARTS_LOOKED_AT ? count : PARTS_LOOKED_AT;
    if (count == 0 || answers_for(core, whole, reader, now_ms))
        return 0;
    return MAY_READ_LOOKS * (uint64_t)looked + COLD_LOOKS * (uint64_t)(closed < looked ? closed : looked);
}

/* What is refused for a task that the asker may not read does not say which. */
static bool is_readable(const struct step *step, const struct task *task)
{
    return step_may_read(step, task);
}

int parts_check_due(struct step *step, uint64_t parent, int64_t due_ms, const char *field, struct problem *problem)
{
    const struct core *core = step->core;
    const struct task *whole = core_task(core, parent);
    char day[11] = "";
    if (!whole || due_ms == TIME_NONE || whole->due == TIME_NONE || due_ms <= whole->due)
        return 0;
    if (!is_readable(step, whole))
        return problem_set(
            problem, COORD_E_DUE_AFTER_PARENT, field,
            "The task that it is a part of, which this agency may not read, is due earlier; name an earlier "
            "day, or ask who gave the whole.");
    if (whole->calendar != NONE)
        calendar_day_text(core_calendar_of(core, whole), whole->due, day);
    return problem_set(
        problem, COORD_E_DUE_AFTER_PARENT, field,
        "The task that it is a part of, `%.*s`, is due earlier%s%s; name that day or one before, or have "
        "the whole amended first.",
        TEXT_ARGS(task_reference(whole)), day[0] ? ": " : "", day);
}

/* Parts that stand in the way of an earlier date, the lowest numbers first: as many as a refusal may name. */
#define LATE_NAMED 16
struct late {
    const struct task *parts[LATE_NAMED];
    uint32_t named, readable, all;
};

static void add_late(struct step *step, const struct task *part, struct late *late)
{
    late->all++;
    if (!is_readable(step, part))
        return;
    late->readable++;
    if (late->named == LATE_NAMED && part->number > late->parts[LATE_NAMED - 1]->number)
        return;
    uint32_t at = late->named < LATE_NAMED ? late->named++ : LATE_NAMED - 1;
    for (; at > 0 && late->parts[at - 1]->number > part->number; at--)
        late->parts[at] = late->parts[at - 1];
    late->parts[at] = part;
}

#define LATE_ROOM 150 /* of the 256 bytes of a refusal, beside its other words and two numbers */

/* As many as there is room for, each by its reference, its number and its last day; how many were named. */
static uint32_t name_late(const struct core *core, const struct late *late, char names[LATE_ROOM])
{
    size_t size = 0;
    for (uint32_t i = 0; i < late->named; i++) {
        const struct task *part = late->parts[i];
        char one[256], day[11] = "";
        if (part->calendar != NONE)
            calendar_day_text(core_calendar_of(core, part), part->due, day);
        const int wants = snprintf(one, sizeof one, "%s`%.*s` (task %llu%s%s)", i ? ", " : "",
                                   TEXT_ARGS(task_reference(part)), (unsigned long long)part->number,
                                   day[0] ? ", due " : "", day);
        if (size + (size_t)wants >= LATE_ROOM)
            return i;
        memcpy(names + size, one, (size_t)wants + 1);
        size += (size_t)wants;
    }
    return late->named;
}

static int refuse_late(const struct step *step, const struct late *late, const char *field, struct problem *problem)
{
    char names[LATE_ROOM] = "", others[32] = "";
    if (late->all == 1 && late->readable == 1)
        return problem_set(problem, COORD_E_DUE_AFTER_PARENT, field,
                           "A part of it, `%.*s` (task %llu), would be due after it; amend the part first.",
                           TEXT_ARGS(task_reference(late->parts[0])), (unsigned long long)late->parts[0]->number);
    if (late->readable == 0)
        return problem_set(
            problem, COORD_E_DUE_AFTER_PARENT, field,
            "%s of it, which this agency may not read, would be due after it; ask who gave %s to amend that first.",
            late->all == 1 ? "A part" : "Parts", late->all == 1 ? "the part" : "them");
    const uint32_t named = name_late(step->core, late, names);
    if (named < late->all)
        snprintf(others, sizeof others, "%s%u %s", named ? " and " : "", (unsigned)(late->all - named),
                 named ? "more" : "parts");
    return problem_set(problem, COORD_E_DUE_AFTER_PARENT, field,
                       "Parts of it would be due after it: %s%s; amend those first, or name a later day.", names,
                       others);
}

int parts_check_whole(struct step *step, const struct task *whole, int64_t due_ms, const char *field,
                      struct problem *problem)
{
    const struct core *core = step->core;
    struct late late = {.all = 0};
    /* What is put off leaves no part behind that was not before. */
    const bool is_brought_forward = due_ms != TIME_NONE && (whole->due == TIME_NONE || due_ms < whole->due);
    for (uint64_t at = parts_next(core, whole->number, 0); is_brought_forward && at;
         at = parts_next(core, whole->number, at)) {
        step_look(step, 1);
        const struct task *part = core_task_is_cold(core, at) ? NULL : core_task(core, at);
        if (part && state_is_open(part->state) && part->due != TIME_NONE && part->due > due_ms)
            add_late(step, part, &late);
    }
    return late.all == 0 ? 0 : refuse_late(step, &late, field, problem);
}

int parts_check_over(struct step *step, const struct task *whole, bool has_reason, struct problem *problem)
{
    if (has_reason || parts_sum(step->core, whole->number).open == 0)
        return 0;
    struct parts_count count = parts_count(step->core, whole->number);
    step_look(step, count.all);
    if (!is_readable(step, count.first))
        return problem_set(
            problem, COORD_E_OPEN_PARTS, "note",
            "Parts of it that this agency may not read are open; say in `note` why it is done without them.");
    return problem_set(problem, COORD_E_OPEN_PARTS, "note",
                       "Parts of it are open, `%.*s` (task %llu) first; end them, or say in `note` why it is done "
                       "without them.",
                       TEXT_ARGS(task_reference(count.first)), (unsigned long long)count.first->number);
}

int parts_check_room(struct step *step, uint64_t parent, uint32_t more, struct problem *problem)
{
    const struct parts_link *whole = find(step->core, parent);
    const uint32_t all = whole ? whole->count : 0;
    if (all + more <= TASK_PARTS_MAX)
        return 0;
    return problem_set(problem, COORD_E_CAPACITY, "content.parent", "A task has %d parts at most; make parts of parts.",
                       TASK_PARTS_MAX);
}

/* Down to the first part while there is one, else on to the next, or to that of the nearest whole above that has one. */
int parts_check_levels(struct step *step, uint64_t task, int levels, struct problem *problem)
{
    const struct core *core = step->core;
    uint64_t at = task;
    uint32_t looked = 0;
    int level = 1;
    while (level <= levels && looked < PARTS_WALK_MAX) {
        looked++;
        const struct parts_link *link = find(core, at);
        if (link && link->first) {
            at = link->first;
            level++;
            continue;
        }
        for (; at != task && !(link = find(core, at))->next; level--)
            at = link->parent;
        if (at == task)
            break;
        at = link->next;
    }
    step_look(step, looked);
    if (level > levels)
        return problem_set(problem, COORD_E_BAD_VALUE, "content.parent",
                           "Tasks within tasks go %d deep at most, those that hang on this one counted.", PARENTS_MAX);
    if (looked < PARTS_WALK_MAX)
        return 0;
    return problem_set(
        problem, COORD_E_CAPACITY, "content.parent",
        "%d tasks or more are this one and its parts, and theirs, which is too many to hang it on another; "
        "a task is hung there before it has so many.",
        PARTS_WALK_MAX);
}

int parts_check_weight(const struct msg_content *content, uint64_t whole, struct problem *problem)
{
    if (!MSG_HAS(content, content, weight) || whole)
        return 0;
    return problem_set(problem, COORD_E_BAD_VALUE, "content.weight",
                       "Only a part has a weight: name its whole in `content.parent`, or leave the weight out.");
}
