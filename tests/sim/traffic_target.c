/* What is sent about targets: how they are measured, values in and out of their turn, and reads. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

static double figure(struct sim *sim)
{
    static const double odd[] = {0.0005, 1e13, -12.5, 0, 1e12};
    return PICK(40) == 0 ? odd[PICK(5)] : (double)PICK(200000) / (PICK(2) ? 1000 : 4);
}

/* A period of some kind, some before or after the one that runs. */
static struct text period_name(struct sim *sim, int period, int on, char name[PERIOD_ROOM])
{
    const int64_t today = sim->now / SIM_DAY;
    int64_t begin = periods_first(period, today);
    for (; on < 0; on++)
        begin = periods_first(period, begin - 1);
    for (; on > 0; on--)
        begin = periods_after(period, begin);
    periods_name(period, begin, name);
    return text_of(name);
}

void traffic_measure(struct sim *sim, struct msg_content *content, const struct model_task *old,
                     struct traffic_plan *plan)
{
    struct msg_indicator *indicator = &content->indicator;
    int period = old && old->reporting ? old->reporting : 1 + (int)PICK(5);
    if (!old || old->kind != KIND_TARGET)
        MSG_SET(content, content, kind, PICK(12) ? KIND_TARGET : KIND_DIRECTIVE);
    if (!old || old->reporting == 0 || PICK(8) == 0) {
        period = PICK(4) ? PERIOD_WEEKLY : 1 + (int)PICK(5);
        if (PICK(15))
            MSG_SET(content, content, reporting, period);
    }
    if (PICK(2))
        MSG_SET(content, content, target, figure(sim));
    if (PICK(2))
        MSG_SET(indicator, indicator, better, 1 + (int)PICK(2));
    if (PICK(2))
        MSG_SET(indicator, indicator, counting, 1 + (int)PICK(2));
    if (PICK(indicator->counting == COUNTING_AMOUNT ? 10 : 3) == 0)
        MSG_SET(indicator, indicator, per, PICK(2) ? 100 : 1 + PICK(100000));
    MSG_MARK(content, content, indicator);
    if (PICK(4) == 0)
        return;
    const uint32_t count = PICK(5);
    int on = (int)PICK(3) - 1;
    for (uint32_t i = 0; i < count; i++, on += PICK(15) ? 1 : 0) {
        const int of = PICK(40) ? period : 1 + (int)PICK(5);
        plan->items[i] = (struct msg_planned){0};
        MSG_SET(&plan->items[i], planned, period, period_name(sim, of, on, plan->names[i]));
        MSG_SET(&plan->items[i], planned, value, figure(sim));
    }
    MSG_SET(content, content, plan, ((struct msg_planned_items){plan->items, count}));
    if (PICK(old && old->is_measured ? 2 : 30) == 0)
        content->has &= ~MSG_BIT(content, indicator);
}

/* Of what is no target too, at times; mostly of the period that runs, or as it comes. */
void traffic_value(struct sim *sim, struct msg_progress *progress, const struct model_task *task,
                   struct traffic_plan *plan)
{
    const int period = task->reporting ? task->reporting : PERIOD_MONTHLY;
    if (!task->is_measured && PICK(25))
        return;
    if (task->is_measured && PICK(6) == 0)
        return;
    const bool is_rate = PICK(20) ? task->per > 0 : PICK(2);
    if (PICK(3) == 0)
        MSG_SET(progress, progress, period,
                period_name(sim, PICK(20) ? period : 1 + (int)PICK(5), PICK(4) ? 0 - (int)PICK(3) : 1, plan->names[0]));
    if (!is_rate && PICK(30))
        MSG_SET(progress, progress, value, figure(sim));
    if (is_rate && PICK(30))
        MSG_SET(progress, progress, numerator, figure(sim));
    if (is_rate && PICK(30))
        MSG_SET(progress, progress, denominator, figure(sim));
}

static void read_one(struct sim *sim, int key)
{
    struct msg_task_get get = {0};
    uint64_t number = 1 + PICK((uint32_t)sim->model.task_count + 1);
    for (uint32_t i = 0; i < 200 && sim->model.task_count && PICK(20); i++) {
        const struct model_task *task = &sim->model.tasks[PICK((uint32_t)sim->model.task_count)];
        if (!task->is_measured || (task->value_count < 2 && i < 100))
            continue;
        number = task->number;
        if (PICK(3))
            key = traffic_key(sim, world_standing(&sim->world, PICK(2) ? task->lead : task->assigner, sim->now));
        break;
    }
    MSG_SET(&get, task_get, task, number);
    traffic_submit(sim, key, OP_TARGET_GET, &get);
}

void traffic_read_target(struct sim *sim, int key)
{
    struct msg_target_list list = {0};
    if (PICK(2)) {
        read_one(sim, key);
        return;
    }
    if (PICK(2))
        MSG_SET(&list, target_list, after, PICK((uint32_t)sim->model.task_count + 1));
    if (PICK(2))
        MSG_SET(&list, target_list, limit, 1 + PICK(10));
    if (PICK(3) == 0)
        MSG_SET(&list, target_list, agency, text_of(world_agency_ids[PICK(WORLD_AGENCIES)]));
    if (PICK(3) == 0)
        MSG_SET(&list, target_list, open, true);
    if (PICK(4) == 0)
        MSG_SET(&list, target_list, behind, true);
    traffic_submit(sim, key, OP_TARGET_LIST, &list);
}
