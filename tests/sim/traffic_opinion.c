/* What is sent of opinions: a lead asks some agencies by a date, they answer or do not, it takes a question back. */
#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

static void send_consult(struct sim *sim, const struct model_task *task)
{
    struct msg_consult consult = {0};
    struct text ids[4];
    const uint32_t count = 1 + PICK(PICK(4) ? 2 : 4);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = traffic_agency(sim);
    MSG_SET(&consult, consult, task, task->number);
    if (PICK(6) == 0)
        MSG_SET(&consult, consult, expect, task->version);
    MSG_SET(&consult, consult, agencies, ((struct texts){ids, count}));
    MSG_SET(&consult, consult, due, traffic_short_words(sim));
    MSG_SET(&consult, consult, note, reasons_write(sim, "phương án đền bù"));
    const int agency = PICK(12) ? task->lead : traffic_any_agency(sim);
    traffic_submit(sim, traffic_key(sim, world_standing(&sim->world, agency, sim->now)), OP_CONSULT, &consult);
}

/* One that is owed, as a rule. */
static const struct model_opinion *any_opinion(struct sim *sim, const struct model_task *task)
{
    const int from = (int)PICK((uint32_t)task->opinion_count);
    for (int i = 0; PICK(30) && i < task->opinion_count; i++)
        if (task->opinions[(from + i) % task->opinion_count].ended == NO_TIME)
            return &task->opinions[(from + i) % task->opinion_count];
    return &task->opinions[from];
}

static void send_opinion(struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    struct msg_opine opine = {0};
    MSG_SET(&opine, opine, task, task->number);
    MSG_SET(&opine, opine, question, PICK(20) ? opinion->question : 1 + PICK(200));
    MSG_SET(&opine, opine, answer, 1 + (int)PICK(PICK(20) ? 3 : 4));
    MSG_SET(&opine, opine, note, reasons_write(sim, "đề nghị bổ sung"));
    const int agency = PICK(8) ? opinion->agency : traffic_any_agency(sim);
    traffic_submit(sim, traffic_key(sim, world_standing(&sim->world, agency, sim->now)), OP_OPINE, &opine);
}

static void send_recall(struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    struct msg_recall recall = {0};
    const struct text id = text_of(world_agency_ids[world_standing(&sim->world, opinion->agency, sim->now)]);
    MSG_SET(&recall, recall, task, task->number);
    MSG_SET(&recall, recall, question, opinion->question);
    if (PICK(2))
        MSG_SET(&recall, recall, agencies, ((struct texts){&id, 1}));
    const int agency = PICK(12) ? task->lead : traffic_any_agency(sim);
    traffic_submit(sim, traffic_key(sim, world_standing(&sim->world, agency, sim->now)), OP_RECALL, &recall);
}

/* Its assigner excludes who was asked, gives it the task, or an administrator ends it. */
static void send_away(struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    const struct text id = text_of(world_agency_ids[opinion->agency]);
    struct msg_amend amend = {0};
    struct msg_reassign reassign = {0};
    const int assigner = traffic_key(sim, world_standing(&sim->world, task->assigner, sim->now));
    const uint32_t sort = PICK(3);
    if (sort == 0) {
        traffic_end_agency(sim, opinion->agency, PICK(2) ? task->lead : -1);
        return;
    }
    MSG_SET(&reassign, reassign, task, task->number);
    MSG_SET(&reassign, reassign, lead, id);
    MSG_SET(&reassign, reassign, note, reasons_write(sim, "đổi"));
    MSG_SET(&amend, amend, task, task->number);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    if (PICK(2))
        MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    if (sort == 1)
        traffic_submit(sim, assigner, OP_AMEND, &amend);
    else
        traffic_submit(sim, assigner, OP_REASSIGN, &reassign);
}

/* One on which an opinion is owed, when there is any. */
static const struct model_task *waiting(struct sim *sim, const struct model_task *otherwise)
{
    const uint32_t count = (uint32_t)sim->model.task_count, from = PICK(count);
    for (uint32_t i = 0; i < count; i++)
        if (opinions_wait(&sim->model.tasks[(from + i) % count], 0))
            return &sim->model.tasks[(from + i) % count];
    return otherwise;
}

bool traffic_consult(struct sim *sim, const struct model_task *task)
{
    if (PICK(3))
        return false;
    /* In some runs one lead asks again and again, more than may be asked. */
    if (sim->seed % 5 == 0 && PICK(2))
        task = &sim->model.tasks[0];
    else if (PICK(2))
        task = waiting(sim, task);
    if (task->opinion_count == 0 || PICK(3) == 0) {
        send_consult(sim, task);
        return true;
    }
    const struct model_opinion *opinion = any_opinion(sim, task);
    const uint32_t sort = PICK(12);
    if (sort == 0 && sim->seed % 3 == 2)
        send_away(sim, task, opinion);
    else if (sort < 3)
        send_recall(sim, task, opinion);
    else
        send_opinion(sim, task, opinion);
    return true;
}
