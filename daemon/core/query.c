/* What reads have in common: how large a page is, and which task is meant. */
#include "core/query.h"

#include <stdlib.h>

#include "core/agency.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task.h"

#define AGENCIES_A_LOOK 16 /* whether one is succeeded is seen in a few ns */
#define PAGE_DEFAULT    100

uint32_t query_limit(bool has, uint64_t limit)
{
    return has ? (uint32_t)limit : PAGE_DEFAULT;
}

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
