/* What a task waits for, in the words of the design: those that its assigner named and that have not ended, and a whole for its
 * parts. Nothing waits for itself. Who is overdue and waits tells whose turn it is, at the end of the chain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

void waits_take(struct model_task *task, const struct msg_content *content)
{
    if (!MSG_HAS(content, content, waits_for))
        return;
    task->wait_count = content->waits_for.count;
    for (uint32_t i = 0; i < task->wait_count; i++)
        task->waits[i] = content->waits_for.items[i];
}

bool waits_same(const struct model_task *a, const struct model_task *b)
{
    return a->wait_count == b->wait_count && memcmp(a->waits, b->waits, a->wait_count * sizeof *a->waits) == 0;
}

/* ---- circles: forward, from the task over what it waits for and over its parts ---- */

static bool leads_to(const struct sim *sim, const struct model_task *as, uint64_t number, uint64_t wanted, bool *met);

static bool one_leads_to(const struct sim *sim, const struct model_task *as, uint64_t number, uint64_t wanted,
                         bool *met)
{
    if (number == 0 || number > sim->model.task_count)
        return false;
    if (number == wanted)
        return true;
    if (met[number - 1] || !model_task_is_open(&sim->model.tasks[number - 1]))
        return false;
    met[number - 1] = true;
    return leads_to(sim, as, number, wanted, met);
}

static bool leads_to(const struct sim *sim, const struct model_task *as, uint64_t number, uint64_t wanted, bool *met)
{
    const struct model_task *task = number == as->number ? as : &sim->model.tasks[number - 1];
    for (uint32_t i = 0; i < task->wait_count; i++)
        if (one_leads_to(sim, as, task->waits[i], wanted, met))
            return true;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *part = i + 1 == as->number ? as : &sim->model.tasks[i];
        if (part->parent == number && one_leads_to(sim, as, i + 1, wanted, met))
            return true;
    }
    /* One that is new is among no tasks yet. */
    return as->number > sim->model.task_count && as->parent == number && as->parent != 0 &&
           (wanted == as->number || leads_to(sim, as, as->number, wanted, met));
}

bool waits_for_itself(const struct sim *sim, const struct model_task *as)
{
    bool *met = calloc(sim->model.task_count + 1, sizeof *met);
    bool found = false;
    if (!met)
        abort();
    for (uint32_t i = 0; !found && i < as->wait_count; i++)
        found = as->waits[i] == as->number || (as->waits[i] >= 1 && as->waits[i] <= sim->model.task_count &&
                                               model_task_is_open(&sim->model.tasks[as->waits[i] - 1]) &&
                                               leads_to(sim, as, as->waits[i], as->number, met));
    for (size_t i = 0; !found && i < sim->model.task_count; i++)
        if (sim->model.tasks[i].parent == as->number && i + 1 != as->number && model_task_is_open(&sim->model.tasks[i]))
            found = leads_to(sim, as, i + 1, as->number, met);
    free(met);
    return found;
}

/* ---- chains ---- */

static bool comes_before(const struct model_task *a, const struct model_task *b)
{
    if (a->due == b->due)
        return a->number < b->number;
    return b->due == NO_TIME || (a->due != NO_TIME && a->due < b->due);
}

static const struct model_task *first_open(const struct sim *sim, const struct model_task *task)
{
    const struct model_task *first = NULL;
    for (uint32_t i = 0; i < task->wait_count; i++) {
        const struct model_task *one = &sim->model.tasks[task->waits[i] - 1];
        if (model_task_is_open(one) && (!first || comes_before(one, first)))
            first = one;
    }
    return first;
}

bool waits_is_held_up(const struct sim *sim, const struct model_task *task)
{
    return model_task_is_open(task) && first_open(sim, task);
}

/* The agency whose clock runs at the end; -1 where that is not told, for one that is restricted comes before it. */
int waits_holder(const struct sim *sim, const struct model_task *task, int64_t now, uint64_t chain[16], int *count)
{
    const struct model_task *at = task, *next;
    *count = 0;
    while (*count < 16 && (next = first_open(sim, at))) {
        chain[(*count)++] = next->number;
        at = next;
        if (at->restricted)
            return -1;
    }
    return at == task ? -1 : custody_charged(sim, at, now);
}

void waits_check_record(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                        bool is_held_up)
{
    uint64_t chain[16];
    int count = 0;
    const int holder = is_held_up ? waits_holder(sim, task, record->time, chain, &count) : -1;
    SIM_CHECK(sim,
              (int)record->chain.count == count &&
                  (MSG_HAS(record, record, holder) ? world_agency(record->holder) : -1) == holder,
              "record %llu tells a chain of %u to %.*s, and it is of %d to agency %d", (unsigned long long)record->seq,
              record->chain.count, TEXT_ARGS(record->holder), count, holder);
    for (int i = 0; i < count; i++) {
        const struct model_task *one = &sim->model.tasks[chain[i] - 1];
        char name[64];
        if (one->restricted)
            snprintf(name, sizeof name, "#%llu", (unsigned long long)one->number);
        else
            snprintf(name, sizeof name, "%s", one->reference);
        SIM_CHECK(sim, text_equal(record->chain.items[i], text_of(name)), "record %llu: %.*s is in the chain for %s",
                  (unsigned long long)record->seq, TEXT_ARGS(record->chain.items[i]), name);
    }
}

/* ---- what is shown ---- */

void waits_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    uint32_t held = 0;
    SIM_CHECK(sim,
              shown->waits_for.count == task->wait_count &&
                  (task->wait_count == 0 ||
                   memcmp(shown->waits_for.items, task->waits, task->wait_count * sizeof *task->waits) == 0),
              "task %llu is shown to wait for %u others, and waits for %u", (unsigned long long)task->number,
              shown->waits_for.count, task->wait_count);
    for (uint32_t i = 0; i < task->wait_count && model_task_is_open(task); i++) {
        if (!model_task_is_open(&sim->model.tasks[task->waits[i] - 1]))
            continue;
        SIM_CHECK(sim, held < shown->held_up.count && shown->held_up.items[held] == task->waits[i],
                  "task %llu is not shown to be held up by task %llu", (unsigned long long)task->number,
                  (unsigned long long)task->waits[i]);
        held++;
    }
    SIM_CHECK(sim, held == shown->held_up.count, "task %llu is shown to be held up by %u others, and is by %u",
              (unsigned long long)task->number, shown->held_up.count, held);
}
