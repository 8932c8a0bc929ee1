/* How far a whole's parts are, in the words of the design: each counts by its weight (1, where none was said) with what its own
 * lead reports, one that is completed as done, and one that is cancelled not at all.
 */
#include "sim/sim.h"

int parts_open(const struct sim *sim, uint64_t whole)
{
    int open = 0;
    for (size_t i = 0; i < sim->model.task_count; i++)
        open += sim->model.tasks[i].parent == whole && model_task_is_open(&sim->model.tasks[i]);
    return open;
}

static int how_far(const struct model_task *part)
{
    if (part->state == STATE_COMPLETED)
        return 100;
    return part->percent < 0 ? 0 : part->percent;
}

/* -1 where there is nothing to count. */
static int percent_of(const struct sim *sim, uint64_t whole)
{
    int64_t weights = 0, sum = 0;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *part = &sim->model.tasks[i];
        const int weight = part->weight ? part->weight : 1;
        if (part->parent != whole || part->state == STATE_CANCELLED)
            continue;
        weights += weight;
        sum += (int64_t)weight * how_far(part);
    }
    return weights ? (int)(sum / weights) : -1;
}

/* Parts that are looked at; of more, others than these two may be told where two are hidden, and never else. */
#define MANY 64

/* Who gave the whole and who leads it may know; of others those whom it does not tell what one part says that they may not read. */
static bool may_know(const struct sim *sim, const struct model_task *task, int agency, bool is_told)
{
    const struct world *world = &sim->world;
    const int64_t now = sim->model.decided;
    int hidden = 0, parts = 0;
    if (rules_standing(world, task, task->assigner, now) == agency ||
        rules_standing(world, task, task->lead, now) == agency)
        return true;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *part = &sim->model.tasks[i];
        parts += part->parent == task->number;
        hidden += part->parent == task->number && part->state != STATE_CANCELLED &&
                  !rules_may_read(world, part, agency, now);
    }
    return parts > MANY ? hidden > 1 && is_told : hidden != 1;
}

void parts_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency)
{
    const bool is_told = MSG_HAS(shown, task, parts_percent);
    const int percent = may_know(sim, task, agency, is_told) ? percent_of(sim, task->number) : -1,
              open = parts_open(sim, task->number);
    SIM_CHECK(sim, (int)shown->weight == task->weight, "task %llu is shown with the weight %llu, and has %d",
              (unsigned long long)task->number, (unsigned long long)shown->weight, task->weight);
    SIM_CHECK(sim, (MSG_HAS(shown, task, parts_percent) ? (int)shown->parts_percent : -1) == percent,
              "task %llu: its parts are shown at %llu %%, and are at %d", (unsigned long long)task->number,
              (unsigned long long)shown->parts_percent, percent);
    SIM_CHECK(sim, (int)shown->open_parts == open, "task %llu is shown with %llu open parts, and has %d",
              (unsigned long long)task->number, (unsigned long long)shown->open_parts, open);
}
