/* What is sent of requests of a task's lead: asking for each kind, granting it as asked or otherwise, denying, taking back. */
#include <stdio.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

/* ---- policies ---- */

void traffic_fill_deciding(struct sim *sim, struct msg_policy *policy)
{
    if (PICK(12)) {
        MSG_SET(policy, policy, decide_within, 1 + PICK(6));
        if (PICK(3) == 0)
            MSG_SET(policy, policy, decide_unit, 1 + (int)PICK(5));
    }
    if (PICK(4) == 0)
        MSG_SET(policy, policy, ask_before, PICK(5));
    if (PICK(2))
        MSG_SET(policy, policy, ordinary, PICK(3));
    if (PICK(3) == 0)
        MSG_SET(policy, policy, bounces_max, PICK(3));
    if (MSG_HAS(policy, policy, bounces_max) ? PICK(4) : PICK(30) == 0)
        MSG_SET(policy, policy, bounces_level, 1 + PICK(3));
}

/* ---- words ---- */

struct text traffic_short_words(struct sim *sim)
{
    static const char *const words[] = {"1wd", "2wd", "3wd", "2d", "16wh", "9d", "2024-03-29T16:30", "2099-12-31"};
    static const char *const wrong[] = {"0d", "2023-12-29", "không"};
    return text_of(PICK(20) ? words[PICK(8)] : wrong[PICK(3)]);
}

/* Later than most tasks are due. */
static struct text late_words(struct sim *sim)
{
    static const char *const words[] = {"15wd", "30d", "60wd", "90d", "2024-12-31", "2025-02-28", "80wh", "9d"};
    return PICK(12) ? text_of(words[PICK(8)]) : traffic_short_words(sim);
}

/* ---- asking ---- */

static void send_ask(struct sim *sim, const struct model_task *task)
{
    struct msg_ask ask = {0};
    int asking = task->state == STATE_SUBMITTED ? ASKING_WITHDRAWAL : ASKING_EXTENSION + (int)PICK(4);
    if (PICK(12) == 0)
        asking = ASKING_EXTENSION + (int)PICK(5);
    MSG_SET(&ask, ask, task, task->number);
    if (PICK(6) == 0)
        MSG_SET(&ask, ask, expect, task->version);
    MSG_SET(&ask, ask, asking, asking);
    MSG_SET(&ask, ask, note, reasons_write(sim, "vướng mắc"));
    if (asking == ASKING_EXTENSION || PICK(40) == 0)
        MSG_SET(&ask, ask, due, late_words(sim));
    if (asking == ASKING_TRANSFER || (asking == ASKING_RETURN && PICK(2)) || PICK(40) == 0)
        MSG_SET(&ask, ask, lead, traffic_agency(sim));
    if (asking == ASKING_SUSPENSION || PICK(40) == 0)
        MSG_SET(&ask, ask, until, traffic_short_words(sim));
    const int agency = PICK(12) ? task->lead : traffic_any_agency(sim);
    traffic_submit(sim, traffic_key(sim, world_standing(&sim->world, agency, sim->now)), OP_ASK, &ask);
}

/* ---- deciding ---- */

/* One that is open as a rule; NULL when nothing was ever asked. */
static const struct model_asked *any_asked(struct sim *sim, const struct model_task *task)
{
    if (task->ask_count == 0)
        return NULL;
    const int from = (int)PICK((uint32_t)task->ask_count);
    for (int i = 0; PICK(30) && i < task->ask_count; i++)
        if (!task->asks[(from + i) % task->ask_count].outcome)
            return &task->asks[(from + i) % task->ask_count];
    return &task->asks[from];
}

static struct msg_grant grant_of(struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    struct msg_grant grant = {0};
    const bool to_lead = asked->asking == ASKING_RETURN || asked->asking == ASKING_TRANSFER;
    MSG_SET(&grant, grant, task, task->number);
    if (PICK(6) == 0)
        MSG_SET(&grant, grant, expect, task->version);
    MSG_SET(&grant, grant, ask, asked->id);
    if (PICK(2))
        MSG_SET(&grant, grant, note, TEXT("đồng ý"));
    if ((asked->asking == ASKING_EXTENSION || to_lead) ? PICK(3) == 0 : PICK(40) == 0)
        MSG_SET(&grant, grant, due, late_words(sim));
    if (to_lead ? PICK(3) == 0 : PICK(40) == 0)
        MSG_SET(&grant, grant, lead, traffic_agency(sim));
    if (asked->asking == ASKING_SUSPENSION ? PICK(3) == 0 : PICK(40) == 0)
        MSG_SET(&grant, grant, until, traffic_short_words(sim));
    return grant;
}

/* Who decides it, as a rule; else the assigner, or the very one that asks. */
static int decider(struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    const uint32_t sort = PICK(12);
    return sort == 0 ? task->assigner : sort == 1 ? task->lead : sort == 2 ? traffic_any_agency(sim) : asked->decider;
}

static void send_decision(struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    struct msg_deny deny = {0};
    struct msg_take_back take_back = {0};
    const uint32_t sort = PICK(6);
    int agency = decider(sim, task, asked);
    if (sort == 0) {
        agency = PICK(8) ? task->lead : asked->decider;
        MSG_SET(&take_back, take_back, task, task->number);
        MSG_SET(&take_back, take_back, ask, asked->id);
    }
    MSG_SET(&deny, deny, task, task->number);
    MSG_SET(&deny, deny, ask, asked->id);
    MSG_SET(&deny, deny, note, reasons_write(sim, "không có lý do chính đáng"));
    const struct msg_grant grant = grant_of(sim, task, asked);
    const int key = traffic_key(sim, world_standing(&sim->world, agency, sim->now));
    if (sort == 0)
        traffic_submit(sim, key, OP_TAKE_BACK, &take_back);
    else if (sort == 1)
        traffic_submit(sim, key, OP_DENY, &deny);
    else
        traffic_submit(sim, key, OP_GRANT, &grant);
}

/* Its assigner excludes whoever is to decide, or an administrator ends that one: merged into who asks, or with nobody in its place. */
static void send_away(struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    const struct text id = text_of(world_agency_ids[asked->decider]);
    struct msg_amend amend = {0};
    if (PICK(2)) {
        traffic_end_agency(sim, asked->decider, PICK(2) ? task->lead : -1);
        return;
    }
    MSG_SET(&amend, amend, task, task->number);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    if (PICK(2))
        MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    traffic_submit(sim, traffic_key(sim, world_standing(&sim->world, task->assigner, sim->now)), OP_AMEND, &amend);
}

/* One that has something open, when there is any. */
static const struct model_task *waiting(struct sim *sim, const struct model_task *otherwise)
{
    const uint32_t count = (uint32_t)sim->model.task_count, from = PICK(count);
    for (uint32_t i = 0; i < count; i++)
        if (asked_oldest(&sim->model.tasks[(from + i) % count]))
            return &sim->model.tasks[(from + i) % count];
    return otherwise;
}

/* In some runs one lead asks for the same again and again, and takes it back. */
static bool pester(struct sim *sim)
{
    const struct model_task *task = &sim->model.tasks[0];
    const struct model_asked *open = asked_oldest(task);
    const int key = traffic_key(sim, world_standing(&sim->world, task->lead, sim->now));
    if (sim->seed % 3 != 0 || PICK(3))
        return false;
    if (open) {
        struct msg_take_back take_back = {0};
        MSG_SET(&take_back, take_back, task, task->number);
        MSG_SET(&take_back, take_back, ask, open->id);
        traffic_submit(sim, key, OP_TAKE_BACK, &take_back);
        return true;
    }
    struct msg_ask ask = {0};
    MSG_SET(&ask, ask, task, task->number);
    MSG_SET(&ask, ask, asking, ASKING_RETURN);
    MSG_SET(&ask, ask, note, reasons_write(sim, "vướng mắc"));
    traffic_submit(sim, key, OP_ASK, &ask);
    return true;
}

bool traffic_plead(struct sim *sim, const struct model_task *task)
{
    if (pester(sim))
        return true;
    if (PICK(4) == 0)
        task = waiting(sim, task);
    const struct model_asked *asked = any_asked(sim, task);
    const bool is_open = asked && !asked->outcome;
    if (is_open && sim->seed % 3 == 1 && PICK(5) == 0) {
        send_away(sim, task, asked);
        return true;
    }
    if (PICK(is_open ? 2 : 12) == 0 && asked) {
        send_decision(sim, task, asked);
        return true;
    }
    if (PICK(is_open ? 8 : task->state == STATE_SUBMITTED ? 3 : 5) > 0)
        return false;
    send_ask(sim, task);
    return true;
}
