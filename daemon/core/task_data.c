#include "core/task_data.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "core/asks.h"
#include "core/cold.h"
#include "core/course.h"
#include "core/pack.h"
#include "core/questions.h"
#include "core/task_field.h"

/* ---- finding ---- */

#define IS_COLD 1 /* the lowest bit of an address: a task is aligned to 8 bytes */

static uintptr_t *slot_of(const struct core *core, uint64_t number)
{
    const uint64_t index = number - 1, page = index / TASK_PAGE;
    if (number == 0 || page >= core->page_count || !core->pages[page].tasks)
        return NULL;
    return &core->pages[page].tasks[index % TASK_PAGE];
}

static struct task *task_in(uintptr_t slot)
{
    return (struct task *)(slot & ~(uintptr_t)IS_COLD);
}

const struct task *core_task(const struct core *core, uint64_t number)
{
    const uintptr_t *slot = slot_of(core, number);
    const struct task *task = slot ? task_in(*slot) : NULL;
    return task && task->record ? task : NULL;
}

bool core_task_is_cold(const struct core *core, uint64_t number)
{
    const uintptr_t *slot = slot_of(core, number);
    return slot && *slot & IS_COLD;
}

static uint64_t reference_hash(uint32_t assigner, struct text reference)
{
    return digest_index((uint64_t)assigner + 1, reference);
}

uint64_t task_hash(const struct task *task)
{
    return reference_hash(task->assigner, task_reference(task));
}

static const struct task *named(const struct core *core, uint64_t number, uint32_t assigner, struct text reference)
{
    const struct task *task = core_task(core, number);
    return task && task->assigner == assigner && text_equal(task_reference(task), reference) ? task : NULL;
}

const struct task *core_task_by_reference(const struct core *core, uint32_t assigner, struct text reference)
{
    const uint64_t hash = reference_hash(assigner, reference);
    uint32_t probe = MAP_BEGIN, number;
    const struct task *task = NULL;
    while (!task && map_next(&core->reference_index, hash, &probe, &number))
        task = named(core, number, assigner, reference);
    probe = BUCKETS_BEGIN;
    while (!task && buckets_next(&core->cold->references, hash, &probe, &number))
        task = named(core, number, assigner, reference);
    return task;
}

struct text task_reference(const struct task *task)
{
    return pack_text(task->pack, PACK_REFERENCE);
}

struct text task_title(const struct task *task)
{
    return pack_text(task->pack, PACK_TITLE);
}

uint32_t task_cooperating(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX])
{
    return pack_agencies(task->pack, PACK_COOPERATING, agencies);
}

uint32_t task_observers(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX])
{
    return pack_agencies(task->pack, PACK_OBSERVERS, agencies);
}

uint32_t task_excluded(const struct task *task, uint32_t agencies[TASK_AGENCIES_MAX])
{
    return pack_agencies(task->pack, PACK_EXCLUDED, agencies);
}

void task_share(const struct core *core, struct task *task)
{
    const uintptr_t *slot = slot_of(core, task->number - 1);
    struct task *before = slot && !(*slot & IS_COLD) ? task_in(*slot) : NULL;
    if (before && before->pack)
        pack_share(&before->pack, &task->pack);
}

/* ---- being ---- */

static void reserve_page(struct core *core, uint64_t page)
{
    if (page >= core->page_count) {
        size_t wanted = core->page_count ? core->page_count : 16;
        while (wanted <= page)
            wanted *= 2;
        core->pages = xrealloc(core->pages, wanted, sizeof *core->pages);
        memset(core->pages + core->page_count, 0, (wanted - core->page_count) * sizeof *core->pages);
        core->page_count = wanted;
    }
    if (!core->pages[page].tasks)
        core->pages[page].tasks = xcalloc(TASK_PAGE, sizeof *core->pages[page].tasks);
}

struct task *task_new(struct core *core, uint64_t number)
{
    reserve_page(core, (number - 1) / TASK_PAGE);
    uintptr_t *slot = slot_of(core, number);
    assert(!(*slot & IS_COLD));
    struct task *task = *slot ? task_in(*slot) : pool_take(&core->tasks);
    *slot = (uintptr_t)task;
    task_begin(task);
    task->number = (uint32_t)number;
    if (number > core->task_count)
        core->task_count = number;
    return task;
}

void task_index(struct core *core, const struct task *task)
{
    map_add(&core->reference_index, task_hash(task), (uint32_t)task->number);
}

/* All that it owns. */
static void release(const struct task *task)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        free(task->rare->escalations->items[i].to);
    free(task->rare->escalations);
    free(task->course->fired);
    free(task->rare->rounds);
    asks_free(task->rare->asks);
    questions_free(task->rare->questions);
    free(task->course->turns);
    pack_free(task->pack);
    course_free(task);
}

void tasks_free(struct core *core)
{
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const uintptr_t *slot = slot_of(core, number);
        if (slot && *slot && !(*slot & IS_COLD))
            release(task_in(*slot));
    }
    for (size_t i = 0; i < core->page_count; i++)
        if (!core->pages[i].is_lent)
            free(core->pages[i].tasks);
    free(core->pages);
    pool_done(&core->tasks);
}

/* ---- being cold ---- */

struct task *task_to_change(struct core *core, uint64_t number, int64_t time_ms)
{
    uintptr_t *slot = slot_of(core, number);
    if (slot && *slot & IS_COLD) {
        struct task *cold = task_in(*slot);
        *slot = (uintptr_t)cold_bring_back(core, cold, time_ms);
        core->pages[(number - 1) / TASK_PAGE].cold--;
    }
    return (struct task *)(uintptr_t)core_task(core, number);
}

void task_put_away(struct core *core, uint64_t number, struct task *copy)
{
    uintptr_t *slot = slot_of(core, number);
    struct task_page *page = &core->pages[(number - 1) / TASK_PAGE];
    assert(!(*slot & IS_COLD));
    release(task_in(*slot));
    const struct task *moved = pool_return(&core->tasks, task_in(*slot));
    if (moved)
        *slot_of(core, moved->number) = (uintptr_t)moved;
    *slot = (uintptr_t)copy | IS_COLD;
    page->cold++;
    if (page->is_lent || page->cold < TASK_PAGE_COLD)
        return;
    void *table = tables_take(&core->cold->tables);
    if (!table)
        return;
    memcpy(table, page->tasks, TASK_PAGE * sizeof *page->tasks);
    free(page->tasks);
    page->tasks = table;
    page->is_lent = true;
}

/* ---- escalations ---- */

struct escalation *task_escalation(const struct task *task, uint64_t id)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (task->rare->escalations->items[i].id == id)
            return &task->rare->escalations->items[i];
    return NULL;
}

uint32_t task_open_escalations(const struct task *task)
{
    uint32_t open = 0;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        open += escalation_is_open(&task->rare->escalations->items[i]);
    return open;
}

static uint32_t oldest_that_ended(const struct escalations *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!escalation_is_open(&list->items[i]))
            return i;
    return 0;
}

static void make_room(struct task *task, uint64_t forgotten)
{
    struct escalations *list = task->rare->escalations;
    const struct escalation *named = forgotten ? task_escalation(task, forgotten) : NULL;
    const uint32_t at = named ? (uint32_t)(named - list->items) : oldest_that_ended(list);
    free(list->items[at].to);
    list->count--;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof list->items[0]);
}

static void grow(struct task *task)
{
    struct escalations *list = task->rare->escalations;
    uint32_t capacity = list ? list->capacity * 2 : 2;
    list = xrealloc(list, 1, sizeof *list + capacity * sizeof list->items[0]);
    if (!task->rare->escalations)
        list->count = 0;
    list->capacity = capacity;
    task_rare(task)->escalations = list;
}

struct escalation *task_add_escalation(struct core *core, struct task *task, uint64_t forgotten, uint32_t to_count,
                                       struct text reason)
{
    assert(to_count <= TASK_AGENCIES_MAX);
    if (task->rare->escalations && task->rare->escalations->count == TASK_ESCALATIONS_MAX)
        make_room(task, forgotten);
    if (!task->rare->escalations || task->rare->escalations->count == task->rare->escalations->capacity)
        grow(task);
    struct escalation *escalation = &task->rare->escalations->items[task->rare->escalations->count++];
    *escalation = (struct escalation){.to_count = (uint8_t)to_count,
                                      .by = NONE,
                                      .step = STEP_BY_HAND,
                                      .round = 1,
                                      .acknowledged_by = NONE,
                                      .reason_size = reason.size,
                                      .acknowledged = TIME_NONE,
                                      .closed = TIME_NONE};
    escalation->to = xmalloc(to_count * sizeof(uint32_t) + reason.size);
    if (reason.size)
        memcpy(escalation->to + to_count, reason.data, reason.size);
    bits_add(&core->escalated, task->number);
    return escalation;
}

struct text escalation_reason(const struct escalation *escalation)
{
    return (struct text){(const char *)(escalation->to + escalation->to_count), escalation->reason_size};
}

void task_end_escalations(struct task *task, int64_t time_ms)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (escalation_is_open(&task->rare->escalations->items[i]))
            task->rare->escalations->items[i].closed = time_ms;
}

void task_readdress(struct escalation *escalation, const uint32_t *to, uint32_t to_count)
{
    struct text reason = escalation_reason(escalation);
    uint32_t *all = xmalloc(to_count * sizeof *to + reason.size);
    memcpy(all, to, to_count * sizeof *to);
    if (reason.size)
        memcpy(all + to_count, reason.data, reason.size);
    free(escalation->to);
    escalation->to = all;
    escalation->to_count = (uint8_t)to_count;
}

/* ---- rounds ---- */

struct round task_round(const struct task *task, int deadline)
{
    struct round round = task->rare->rounds ? task->rare->rounds->of[deadline] : (struct round){1, task->assigned};
    if (round.since < task->assigned)
        round.since = task->assigned; /* nobody missed what lies before the lead was given the task */
    return round;
}

int64_t task_report_missed(const struct task *task)
{
    return task->rare->rounds ? task->rare->rounds->report_missed : TIME_NONE;
}

void task_forget_missed_report(struct task *task)
{
    if (task->rare->rounds)
        task->rare->rounds->report_missed = TIME_NONE;
}

struct rounds *task_rounds(struct task *task)
{
    if (task->rare->rounds)
        return task->rare->rounds;
    task_rare(task)->rounds = xcalloc(1, sizeof *task->rare->rounds);
    task->rare->rounds->report_missed = TIME_NONE;
    for (int deadline = 0; deadline < ROUND_KINDS; deadline++)
        task->rare->rounds->of[deadline] = (struct round){1, 0};
    return task->rare->rounds;
}

void task_begin_round(const struct core *core, struct task *task, int deadline, int64_t since_ms, bool same_date)
{
    struct round *round = &task_rounds(task)->of[deadline];
    round->number++;
    if (same_date)
        return;
    round->since = since_ms;
    task_reset_fired(core, task, deadline);
}

/* ---- what has fired ---- */

void task_reset_fired(const struct core *core, struct task *task, int deadline)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || !task->course->fired)
        return;
    const struct msg_step_items *steps = &policy_message(policy)->steps;
    for (uint32_t i = 0; i < steps->count; i++)
        if (steps->items[i].deadline == deadline)
            task->course->fired[i] = 0;
}

void task_count_fired(const struct core *core, struct task *task, uint64_t step, uint64_t occurrence)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || step >= policy_message(policy)->steps.count)
        return;
    if (!task->course->fired)
        task_course(task)->fired = xcalloc(policy_message(policy)->steps.count, sizeof(uint16_t));
    task->course->fired[step] = (uint16_t)(occurrence + 1);
}
