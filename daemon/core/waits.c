/* The index of who waits for whom: each wait is one entry in two lists, of the task that waits and of the one waited for. Where
 * the lists of a task begin stands in a page, 16 bytes for each of its 64 tasks, which is there while one of them has any.
 * The lists follow from the tasks, and their order says nothing.
 */
#include "core/waits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/authority.h"
#include "core/custody.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/task.h"

#define PAGE 64

struct wait {
    uint32_t waiter, awaited;
    uint32_t next_of_waiter; /* places in `all`, + 1; 0 ends a list */
    uint32_t next_of_awaited, previous_of_awaited;
};

struct ends {
    uint32_t waits_for;  /* the first of what it waits for */
    uint32_t awaited_by; /* the first of those that wait for it */
};

struct page {
    uint32_t used; /* lists of its tasks that are not empty */
    struct ends ends[PAGE];
};

struct waits {
    struct wait *all;
    size_t count, capacity; /* those given back are among them */
    uint32_t free;          /* the first of those, + 1; they hang on next_of_waiter */
    uint32_t used;
    struct page **pages; /* NULL of one that has none */
    size_t page_count;
};

struct waits *waits_new(void)
{
    return xcalloc(1, sizeof(struct waits));
}

void waits_free(struct waits *waits)
{
    if (!waits)
        return;
    for (size_t i = 0; i < waits->page_count; i++)
        free(waits->pages[i]);
    free(waits->pages);
    free(waits->all);
    free(waits);
}

/* ---- where lists begin ---- */

static const struct ends *find(const struct waits *waits, uint64_t task)
{
    const uint64_t page = task / PAGE;
    return page < waits->page_count && waits->pages[page] ? &waits->pages[page]->ends[task % PAGE] : NULL;
}

static struct page *page_of(struct waits *waits, uint64_t task)
{
    const uint64_t page = task / PAGE;
    if (page >= waits->page_count) {
        size_t wanted = waits->page_count ? waits->page_count : 16;
        while (wanted <= page)
            wanted *= 2;
        waits->pages = xrealloc(waits->pages, wanted, sizeof *waits->pages);
        memset(waits->pages + waits->page_count, 0, (wanted - waits->page_count) * sizeof *waits->pages);
        waits->page_count = wanted;
    }
    if (!waits->pages[page])
        waits->pages[page] = xcalloc(1, sizeof(struct page));
    return waits->pages[page];
}

static void begin_list(struct waits *waits, uint64_t task, uint32_t *first, uint32_t place)
{
    struct page *page = page_of(waits, task);
    page->used += place != 0;
    page->used -= *first != 0;
    *first = place;
    if (page->used > 0)
        return;
    free(page);
    waits->pages[task / PAGE] = NULL;
}

/* ---- one wait ---- */

static void add(struct waits *waits, uint32_t waiter, uint32_t awaited)
{
    uint32_t place = waits->free;
    if (place) {
        waits->free = waits->all[place - 1].next_of_waiter;
    } else {
        waits->all = xgrow(waits->all, waits->count, &waits->capacity, sizeof *waits->all);
        place = (uint32_t)++waits->count;
    }
    struct ends *from = &page_of(waits, waiter)->ends[waiter % PAGE],
                *to = &page_of(waits, awaited)->ends[awaited % PAGE];
    waits->all[place - 1] = (struct wait){
        .waiter = waiter, .awaited = awaited, .next_of_waiter = from->waits_for, .next_of_awaited = to->awaited_by};
    if (to->awaited_by)
        waits->all[to->awaited_by - 1].previous_of_awaited = place;
    begin_list(waits, waiter, &from->waits_for, place);
    begin_list(waits, awaited, &to->awaited_by, place);
    waits->used++;
}

/* The first of what a task waits for. */
static void drop(struct waits *waits, uint32_t place)
{
    struct wait *wait = &waits->all[place - 1];
    if (wait->next_of_awaited)
        waits->all[wait->next_of_awaited - 1].previous_of_awaited = wait->previous_of_awaited;
    if (wait->previous_of_awaited)
        waits->all[wait->previous_of_awaited - 1].next_of_awaited = wait->next_of_awaited;
    else
        begin_list(waits, wait->awaited, &page_of(waits, wait->awaited)->ends[wait->awaited % PAGE].awaited_by,
                   wait->next_of_awaited);
    begin_list(waits, wait->waiter, &page_of(waits, wait->waiter)->ends[wait->waiter % PAGE].waits_for,
               wait->next_of_waiter);
    *wait = (struct wait){.next_of_waiter = waits->free};
    waits->free = place;
    waits->used--;
}

/* ---- following the tasks ---- */

uint32_t waits_named(const struct task *task, uint64_t numbers[TASK_WAITS_MAX])
{
    uint32_t at = 0, count = 0;
    int tag;
    struct text value;
    while (count < TASK_WAITS_MAX && pack_next(task->pack, &at, &tag, &value) && tag <= PACK_WAITS_FOR)
        if (tag == PACK_WAITS_FOR && value.size == 8)
            numbers[count++] = pack_item_u64(value);
    return count;
}

static bool is_open(const struct core *core, uint64_t number)
{
    const struct task *task = core_task_is_cold(core, number) ? NULL : core_task(core, number);
    return task && state_is_open(task->state);
}

uint32_t waits_open(const struct core *core, const struct task *task, uint64_t numbers[TASK_WAITS_MAX])
{
    const uint32_t named = state_is_open(task->state) ? waits_named(task, numbers) : 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < named; i++)
        if (is_open(core, numbers[i]))
            numbers[count++] = numbers[i];
    return count;
}

void waits_follow(struct core *core, const struct task *task, bool is_asked)
{
    struct waits *waits = core->waits;
    uint64_t numbers[TASK_WAITS_MAX];
    const struct ends *ends = find(waits, task->number);
    if (!is_asked && (!ends || !ends->waits_for || state_is_open(task->state)))
        return;
    const uint32_t count = state_is_open(task->state) ? waits_named(task, numbers) : 0;
    while ((ends = find(waits, task->number)) && ends->waits_for)
        drop(waits, ends->waits_for);
    for (uint32_t i = 0; i < count; i++)
        if (numbers[i] > 0 && numbers[i] <= CORE_TASKS_MAX) /* only damage names another */
            add(waits, (uint32_t)task->number, (uint32_t)numbers[i]);
}

/* ---- what may be named ---- */

static bool is_among(const uint64_t *numbers, uint32_t count, uint64_t number)
{
    for (uint32_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

int waits_check_named(const struct step *step, const struct msg_content *content, const struct task *old,
                      struct problem *problem)
{
    uint64_t kept[TASK_WAITS_MAX];
    const uint32_t kept_count = old ? waits_named(old, kept) : 0;
    const struct u64s *named = &content->waits_for;
    for (uint32_t i = 0; i < named->count; i++) {
        char path[32];
        snprintf(path, sizeof path, "content.waits_for[%u]", (unsigned)i);
        if (is_among(named->items, i, named->items[i]))
            return problem_set(problem, COORD_E_BAD_VALUE, path, "Task %llu is named twice; name each once.",
                               (unsigned long long)named->items[i]);
        if (!is_among(kept, kept_count, named->items[i]) && !task_readable(step, named->items[i], path, problem))
            return problem->error;
    }
    return 0;
}

/* ---- circles: back from the task, over those that wait for it, which are few, and never over the parts of a whole ---- */

/* Found on the way: it waits for the one that `next` is the place of. */
struct met {
    uint32_t task, next;
};

struct walk {
    struct step *step;
    uint64_t number;           /* of the task itself; 0 of a new one */
    const struct u64s *wanted; /* what it is to wait for */
    struct met *met;
    uint32_t count;
    uint32_t *slots;    /* those met, by number: a hash of twice as many */
    uint32_t looked;    /* steps from one to another */
    uint32_t end;       /* of a circle: the place of the one that the task itself waits for… */
    uint32_t wanted_at; /* …as what it names there; NO_PLACE: as its part */
};

#define SLOTS    (2 * WAITS_WALK_MAX)
#define NO_PLACE UINT32_MAX

/* False when it was met before. */
static bool meet(struct walk *walk, uint32_t task, uint32_t next)
{
    uint32_t slot = task * UINT32_C(2654435761) % SLOTS;
    for (; walk->slots[slot]; slot = (slot + 1) % SLOTS)
        if (walk->slots[slot] == task)
            return false;
    walk->slots[slot] = task;
    walk->met[walk->count++] = (struct met){task, next};
    return true;
}

/* Of one that waits for the task at a place: true when the task itself waits for it. */
static bool closes_circle(struct walk *walk, uint64_t waiter, uint32_t place)
{
    walk->looked += waiter != 0;
    if (waiter == 0 || waiter == walk->number || !is_open(walk->step->core, waiter) ||
        !meet(walk, (uint32_t)waiter, place))
        return false;
    for (uint32_t i = 0; i < walk->wanted->count; i++)
        if (walk->wanted->items[i] == waiter) {
            walk->end = walk->count - 1;
            walk->wanted_at = i;
            return true;
        }
    return false;
}

static bool closes_from(struct walk *walk, uint32_t place, uint64_t whole)
{
    const struct waits *waits = walk->step->core->waits;
    const uint64_t at = place == NO_PLACE ? walk->number : walk->met[place].task;
    const struct ends *ends = find(waits, at);
    if (place != NO_PLACE && whole == walk->number && whole != 0) { /* it waits for its own part */
        walk->end = place;
        return true;
    }
    if (closes_circle(walk, whole, place))
        return true;
    for (uint32_t i = ends ? ends->awaited_by : 0; i && walk->looked < WAITS_WALK_MAX;
         i = waits->all[i - 1].next_of_awaited)
        if (closes_circle(walk, waits->all[i - 1].waiter, place))
            return true;
    return false;
}

static bool find_circle(struct walk *walk, uint64_t whole)
{
    bool found = closes_from(walk, NO_PLACE, whole);
    for (uint32_t place = 0; !found && place < walk->count && walk->looked < WAITS_WALK_MAX; place++) {
        const struct task *task = core_task(walk->step->core, walk->met[place].task);
        found = closes_from(walk, place, pack_u64(task->pack, PACK_PARENT));
    }
    return found;
}

#define NAMES_ROOM 170 /* of the 256 bytes of a refusal, beside its other words */

/* "it → `A` → `B` → it": as many as there is room for; one that the asker may not read is not named. */
static void name_circle(const struct walk *walk, char names[NAMES_ROOM])
{
    const char *rest = " → … → it";
    size_t size = (size_t)snprintf(names, NAMES_ROOM, "it");
    for (uint32_t place = walk->end; place != NO_PLACE; place = walk->met[place].next) {
        const struct task *task = core_task(walk->step->core, walk->met[place].task);
        const bool is_named = authority_may_read(walk->step->core, task, walk->step->who.agency, walk->step->now_ms);
        const struct text reference = task_reference(task);
        const size_t wants = is_named ? reference.size + sizeof " → ``" : sizeof " → one that it may not read";
        if (size + wants + strlen(rest) >= NAMES_ROOM) {
            snprintf(names + size, NAMES_ROOM - size, "%s", rest);
            return;
        }
        size += (size_t)(is_named ? snprintf(names + size, NAMES_ROOM - size, " → `%.*s`", TEXT_ARGS(reference))
                                  : snprintf(names + size, NAMES_ROOM - size, " → one that it may not read"));
    }
    snprintf(names + size, NAMES_ROOM - size, " → it");
}

static int refuse_circle(const struct walk *walk, bool is_given, struct problem *problem)
{
    char names[NAMES_ROOM], path[32] = "content.parent";
    name_circle(walk, names);
    if (is_given && walk->wanted_at != NO_PLACE)
        snprintf(path, sizeof path, "content.waits_for[%u]", (unsigned)walk->wanted_at);
    return problem_set(problem, COORD_E_WAITS_FOR_ITSELF, path,
                       "It would wait for itself: %s; leave out one. A whole waits for its parts.", names);
}

int waits_check_circle(struct step *step, const struct msg_content *content, const struct task *old, uint64_t whole,
                       struct problem *problem)
{
    const bool is_given = MSG_HAS(content, content, waits_for);
    const bool is_hung = MSG_HAS(content, content, parent) && whole;
    uint64_t kept[TASK_WAITS_MAX];
    struct u64s wanted = content->waits_for;
    if (!is_given)
        wanted = (struct u64s){kept, old ? waits_named(old, kept) : 0};
    const bool waits = wanted.count > 0 || (old && parts_sum(step->core, old->number).open > 0);
    if (!waits || !(is_given ? wanted.count > 0 || is_hung : is_hung && step->core->waits->used > 0))
        return 0;
    struct walk walk = {.step = step, .number = old ? old->number : 0, .wanted = &wanted};
    walk.wanted_at = walk.end = NO_PLACE;
    if (is_given && old && is_among(wanted.items, wanted.count, old->number))
        return problem_set(problem, COORD_E_WAITS_FOR_ITSELF, "content.waits_for",
                           "A task does not wait for itself; leave it out.");
    walk.met = step_alloc(step, WAITS_WALK_MAX + 2, sizeof *walk.met);
    walk.slots = step_alloc(step, SLOTS, sizeof *walk.slots);
    const bool found = find_circle(&walk, whole);
    step_look(step, 2 * walk.looked);
    if (found)
        return refuse_circle(&walk, is_given, problem);
    if (walk.looked < WAITS_WALK_MAX)
        return 0;
    return problem_set(
        problem, COORD_E_CAPACITY, is_given ? "content.waits_for" : "content.parent",
        "So many tasks wait for it, %d or more, that a circle cannot be ruled out; let fewer wait for it, or "
        "for what it is a part of.",
        WAITS_WALK_MAX);
}

/* ---- chains ---- */

static bool is_before(const struct task *a, const struct task *b)
{
    if (a->due != b->due)
        return a->due != TIME_NONE && (b->due == TIME_NONE || a->due < b->due);
    return a->number < b->number;
}

static const struct task *holds_up(const struct core *core, const struct task *task, uint32_t *looked)
{
    uint64_t numbers[TASK_WAITS_MAX];
    *looked += 1 + waits_named(task, numbers);
    const uint32_t count = waits_open(core, task, numbers);
    const struct task *first = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct task *one = core_task(core, numbers[i]);
        if (!first || is_before(one, first))
            first = one;
    }
    return first;
}

void waits_find_chain(const struct core *core, const struct task *task, int64_t now_ms, struct waits_chain *chain)
{
    const struct task *at = task, *next;
    chain->count = chain->looked = 0;
    chain->holder = NONE;
    while (chain->count < WAITS_CHAIN_MAX && (next = holds_up(core, at, &chain->looked))) {
        chain->tasks[chain->count++] = next->number;
        at = next;
        if (at->scope == SCOPE_RESTRICTED)
            return;
    }
    if (at != task)
        chain->holder = custody_now(core, at, now_ms).agency;
}

struct texts waits_names(const struct core *core, const struct waits_chain *chain, struct arena *arena)
{
    struct text *names = arena_alloc(arena, (chain->count + 1) * sizeof *names);
    for (uint32_t i = 0; i < chain->count; i++) {
        const struct task *task = core_task(core, chain->tasks[i]);
        names[i] = task->scope == SCOPE_RESTRICTED ? arena_printf(arena, "#%llu", (unsigned long long)task->number)
                                                   : task_reference(task);
    }
    return (struct texts){names, chain->count};
}
