/* The index of who waits for whom: each wait is one entry in two lists, of the task that waits and of the one waited for. Where
 * the lists of a task begin stands in a page, 16 bytes for each of its 64 tasks, which is there while one of them has any.
 * The lists follow from the tasks, and their order says nothing.
 */
#include "core/waits.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/pack.h"

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

bool waits_may_hold(const struct core *core, uint64_t number)
{
    const struct task *task = core_task_is_cold(core, number) ? NULL : core_task(core, number);
    return task && state_is_open(task->state);
}

uint32_t waits_open(const struct core *core, const struct task *task, uint64_t numbers[TASK_WAITS_MAX])
{
    const uint32_t named = state_is_open(task->state) ? waits_named(task, numbers) : 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < named; i++)
        if (waits_may_hold(core, numbers[i]))
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

/* ---- going back over them ---- */

bool waits_are_any(const struct core *core)
{
    return core->waits->used > 0;
}

bool waits_next_waiter(const struct core *core, uint64_t awaited, uint32_t *place, uint64_t *waiter)
{
    const struct waits *waits = core->waits;
    const struct ends *ends = find(waits, awaited);
    const uint32_t next = *place ? waits->all[*place - 1].next_of_awaited : ends ? ends->awaited_by : 0;
    if (next == 0)
        return false;
    *place = next;
    *waiter = waits->all[next - 1].waiter;
    return true;
}
