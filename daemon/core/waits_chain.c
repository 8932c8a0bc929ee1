/* By what a task is held up, to the end: see waits.h. */
#include "core/custody.h"
#include "core/waits.h"

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
