/* What is asked: one task, its history, lists by page, counts, days. */
#include <stdio.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

static uint64_t any_task(struct sim *sim)
{
    return 1 + PICK((uint32_t)sim->model.task_count + 2);
}

static void read_task(struct sim *sim, int key)
{
    struct msg_task_get get = {0};
    char reference[64];
    const uint64_t task = any_task(sim);
    if (task <= sim->model.task_count && PICK(3) == 0) /* its lead's view of it */
        key = traffic_key(sim, world_standing(&sim->world, sim->model.tasks[task - 1].lead, sim->now));
    const uint32_t number = PICK(600), by = PICK(5);
    snprintf(reference, sizeof reference, "HT-%03u", number);
    if (by)
        MSG_SET(&get, task_get, task, task);
    if (by == 4 && task <= sim->model.task_count && number % 2) /* both, and they fit as a rule */
        snprintf(reference, sizeof reference, "%s", sim->model.tasks[task - 1].reference);
    if (by == 0 || (by == 4 && number % 4))
        MSG_SET(&get, task_get, reference, text_of(reference));
    if (PICK(4) == 0)
        MSG_SET(&get, task_get, assigner, PICK(2) ? text_of(world_agency_ids[0]) : traffic_agency(sim));
    traffic_submit(sim, key, OP_TASK_GET, &get);
}

static void read_history(struct sim *sim, int key)
{
    struct msg_task_history history = {0};
    MSG_SET(&history, task_history, task, any_task(sim));
    if (PICK(2))
        MSG_SET(&history, task_history, before, 1 + PICK((uint32_t)sim->model.count));
    if (PICK(2))
        MSG_SET(&history, task_history, limit, 1 + PICK(5));
    traffic_submit(sim, key, OP_TASK_HISTORY, &history);
}

/* At times one of an agency whose succession was changed: others held it meanwhile. */
static uint64_t held_task(struct sim *sim)
{
    const size_t count = sim->model.task_count, from = count ? PICK((uint32_t)count) : 0;
    for (size_t i = PICK(4) ? 0 : count; i < count; i++) {
        const struct model_task *task = &sim->model.tasks[(from + i) % count];
        if (task->lead >= 0 && sim->world.agencies[task->lead].stood_count > 0)
            return task->number;
    }
    return any_task(sim);
}

static void read_custody(struct sim *sim, int key)
{
    struct msg_task_custody custody = {0};
    MSG_SET(&custody, task_custody, task, held_task(sim));
    traffic_submit(sim, key, OP_TASK_CUSTODY, &custody);
}

static void read_explained(struct sim *sim, int key)
{
    struct msg_task_explain explain = {0};
    MSG_SET(&explain, task_explain, task, any_task(sim));
    traffic_submit(sim, key, OP_TASK_EXPLAIN, &explain);
}

static uint32_t some(struct sim *sim, uint32_t terms)
{
    return (uint32_t)chance_next(&sim->chance) & ((UINT32_C(1) << (terms + 1)) - 2);
}

static void read_tasks(struct sim *sim, int key)
{
    struct msg_task_list list = {0};
    char reference[24];
    snprintf(reference, sizeof reference, "HT-%03u", PICK(600));
    if (PICK(2))
        MSG_SET(&list, task_list, after, PICK((uint32_t)sim->model.task_count + 1));
    if (PICK(2))
        MSG_SET(&list, task_list, limit, 1 + PICK(10));
    if (PICK(3) == 0)
        MSG_SET(&list, task_list, agency, traffic_agency(sim));
    if (PICK(4) == 0)
        MSG_SET(&list, task_list, roles, some(sim, 9));
    if (PICK(3) == 0)
        MSG_SET(&list, task_list, subtree, true);
    if (PICK(10) == 0)
        MSG_SET(&list, task_list, waiting, true);
    if (PICK(4) == 0)
        MSG_SET(&list, task_list, states, some(sim, 7));
    if (PICK(4) == 0)
        MSG_SET(&list, task_list, timeliness, some(sim, 5));
    if (PICK(6) == 0)
        MSG_SET(&list, task_list, kinds, some(sim, 6));
    if (PICK(8) == 0)
        MSG_SET(&list, task_list, due_before, sim->now + (int64_t)PICK(40) * SIM_DAY);
    if (PICK(12) == 0)
        MSG_SET(&list, task_list, reference, text_of(reference));
    /* What has changed since the next task did. */
    if (list.after % 4 == 1 && list.after < sim->model.task_count)
        MSG_SET(&list, task_list, changed_after, sim->model.tasks[list.after].record);
    traffic_submit(sim, key, OP_TASK_LIST, &list);
}

static void read_escalations(struct sim *sim, int key)
{
    struct msg_escalation_list list = {0};
    if (PICK(2))
        MSG_SET(&list, escalation_list, after, PICK((uint32_t)sim->model.task_count + 1));
    if (PICK(2))
        MSG_SET(&list, escalation_list, limit, 1 + PICK(10));
    if (PICK(2))
        MSG_SET(&list, escalation_list, mine, true);
    if (PICK(2))
        MSG_SET(&list, escalation_list, closed, true);
    traffic_submit(sim, key, OP_ESCALATION_LIST, &list);
}

static void read_names(struct sim *sim, int key)
{
    static const enum op ops[] = {OP_AGENCY_LIST, OP_CALENDAR_LIST, OP_POLICY_LIST};
    struct msg_list list = {0};
    const enum op op = ops[PICK(3)];
    struct text some_id = traffic_agency(sim);
    if (op == OP_CALENDAR_LIST)
        some_id = text_of(world_calendar_ids[PICK(WORLD_CALENDARS)]);
    if (op == OP_POLICY_LIST)
        some_id = text_of(world_policy_ids[PICK(WORLD_POLICIES)]);
    if (PICK(4) == 0)
        MSG_SET(&list, list, name, some_id);
    else if (PICK(2))
        MSG_SET(&list, list, after, some_id);
    if (PICK(2))
        MSG_SET(&list, list, limit, 1 + PICK(6));
    traffic_submit(sim, key, op, &list);
}

static void read_keys(struct sim *sim, int key)
{
    struct msg_key_list list = {0};
    char after[41];
    world_key_text((int)PICK(WORLD_KEYS), after);
    if (PICK(3) == 0)
        MSG_SET(&list, key_list, agency, traffic_agency(sim));
    if (PICK(2))
        MSG_SET(&list, key_list, after, text_of(after));
    if (PICK(2))
        MSG_SET(&list, key_list, limit, 1 + PICK(6));
    traffic_submit(sim, PICK(2) ? key : traffic_administrator(sim), OP_KEY_LIST, &list);
}

static void read_days(struct sim *sim, int key)
{
    static const char *const adds[] = {"1wd",        "10wd",       "30d",     "0wd",  "mai",
                                       "2024-09-02", "2023-01-02", "99999wd", "16wh", "400wh"};
    struct msg_calendar_explain explain = {0};
    char from[11];
    days_write(10957 + 8766 + (int64_t)PICK(900), from);
    if (PICK(3) == 0)
        MSG_SET(&explain, calendar_explain, calendar, text_of(world_calendar_ids[PICK(WORLD_CALENDARS)]));
    MSG_SET(&explain, calendar_explain, from, text_of(from));
    MSG_SET(&explain, calendar_explain, add, text_of(adds[PICK(10)]));
    traffic_submit(sim, key, OP_CALENDAR_EXPLAIN, &explain);
}

void traffic_read_much(struct sim *sim)
{
    const int key = traffic_key(sim, PICK(3) ? 0 : traffic_any_agency(sim));
    struct msg_task_history history = {0};
    struct msg_task_list tasks = {0};
    struct msg_escalation_list escalations = {0};
    switch (PICK(4)) {
    case 0:
        MSG_SET(&history, task_history, task, any_task(sim));
        traffic_submit(sim, key, OP_TASK_HISTORY, &history);
        break;
    case 1:
        MSG_SET(&escalations, escalation_list, closed, true);
        traffic_submit(sim, key, OP_ESCALATION_LIST, &escalations);
        break;
    default:
        if (PICK(3) == 0)
            MSG_SET(&tasks, task_list, agency, traffic_agency(sim));
        traffic_submit(sim, key, OP_TASK_LIST, &tasks);
        break;
    }
}

/* Who says nothing of bundles leaves them as they are. */
static void read_hello(struct sim *sim, int key)
{
    struct msg_hello hello = {0};
    if (PICK(3))
        MSG_SET(&hello, hello, bundles, PICK(4) > 0);
    traffic_submit(sim, key, OP_HELLO, &hello);
}

void traffic_nag(struct sim *sim, int key)
{
    struct msg_task_list tasks = {0};
    MSG_SET(&tasks, task_list, limit, 1 + PICK(4));
    MSG_SET(&tasks, task_list, after, PICK((uint32_t)sim->model.task_count + 1));
    if (PICK(2))
        traffic_submit(sim, key, OP_TASK_LIST, &tasks);
    else
        read_hello(sim, key);
}

void traffic_read(struct sim *sim)
{
    struct msg_summary summary = {0};
    const int key = traffic_key(sim, PICK(3) ? (int)PICK(3) : traffic_any_agency(sim));
    const uint32_t sort = PICK(23);
    if (sort > 20)
        (PICK(2) ? read_explained : traffic_read_target)(sim, key);
    else if (sort == 20)
        traffic_read_hot_spots(sim, PICK(3) ? key : traffic_administrator(sim));
    else if (sort < 7)
        read_task(sim, key);
    else if (sort < 9)
        read_history(sim, key);
    else if (sort < 10)
        read_custody(sim, key);
    else if (sort < 13)
        read_tasks(sim, key);
    else if (sort < 15)
        read_escalations(sim, key);
    else if (sort < 16)
        traffic_submit(sim, key, OP_SUMMARY, &summary);
    else if (sort < 17)
        read_names(sim, key);
    else if (sort < 18)
        read_keys(sim, key);
    else if (sort < 19)
        read_days(sim, key);
    else
        read_hello(sim, key);
}
