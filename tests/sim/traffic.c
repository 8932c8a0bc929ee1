/* What agencies send: sound requests, requests that are not theirs to make, and noise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

const char *const sim_agency_ids[SIM_AGENCIES] = {"tinh", "huyen", "xa.1", "xa.12", "so", "phong", "ban", "ngoai"};
const int sim_agency_parents[SIM_AGENCIES] = {-1, 0, 1, 1, 0, 4, 0, -1};

void sim_key(int agency, char key[41])
{
    memset(key, '0', 40);
    key[0] = (char)('a' + agency);
    key[40] = '\0';
}

static struct text agency_text(int agency)
{
    return text_of(sim_agency_ids[agency]);
}

static uint32_t pick(struct sim *sim, uint32_t bound)
{
    return chance_below(&sim->chance, bound);
}

/* ---- making a request ---- */

/* Encodes it under the next id, keeps it, and puts it on the network. */
static void submit(struct sim *sim, int agency, enum op op, const void *message, uint64_t task)
{
    char id[24];
    struct buffer frame = {0};
    snprintf(id, sizeof id, "r%zu", sim->model.request_count);
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, message);
    const bool known = task >= 1 && task <= sim->model.task_count;
    const size_t number = model_request(sim,
                                        &(struct request){.agency = (uint32_t)agency,
                                                          .op = op,
                                                          .frame = xmemdup(frame.data, frame.size),
                                                          .size = (uint32_t)frame.size,
                                                          .task = task,
                                                          .version = known ? sim->model.tasks[task - 1].version : 0});
    sim_trace(sim, "send %s %s from %s", id, op_row(op)->name, sim_agency_ids[agency]);
    network_send(
        &sim->network,
        &(struct packet){
            .to_broker = true, .agency = agency, .request = number, .frame = frame.data, .size = (uint32_t)frame.size});
    buffer_done(&frame);
}

/* ---- setting up: straight to the broker, in order ---- */

static void now(struct sim *sim, enum op op, const void *message)
{
    struct packet packet;
    submit(sim, 0, op, message, 0);
    network_take(&sim->network, &sim->chance, &packet);
    broker_take(sim, 0, packet.frame, packet.size);
    free(packet.frame);
    broker_commit(sim);
    while (network_take(&sim->network, &sim->chance, &packet))
        free(packet.frame);
}

static struct msg_agency agency_message(const struct sim *sim, int agency)
{
    struct msg_agency message = {0};
    const struct sim_agency *known = &sim->agencies[agency];
    MSG_SET(&message, agency, agency, agency_text(agency));
    MSG_SET(&message, agency, name, agency_text(agency));
    if (known->parent >= 0)
        MSG_SET(&message, agency, parent, agency_text(known->parent));
    if (known->until != INT64_MAX)
        MSG_SET(&message, agency, valid_until, known->until);
    if (known->successor >= 0)
        MSG_SET(&message, agency, successor, agency_text(known->successor));
    return message;
}

static void set_up_agency(struct sim *sim, int agency)
{
    char public_key[41];
    struct msg_agency_set set = {0};
    struct msg_key_set key_set = {0};
    struct msg_key key = {0};
    sim_key(agency, public_key);
    MSG_SET(&set, agency_set, agency, agency_message(sim, agency));
    now(sim, OP_AGENCY_SET, &set);
    if (agency == 0)
        return;
    MSG_SET(&key, key, public_key, text_of(public_key));
    MSG_SET(&key, key, label, TEXT("máy"));
    MSG_SET(&key, key, rights, TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ));
    MSG_SET(&key_set, key_set, agency, agency_text(agency));
    MSG_SET(&key_set, key_set, key, key);
    now(sim, OP_KEY_SET, &key_set);
}

static void set_up_calendar(struct sim *sim)
{
    struct msg_hours hours[5];
    struct msg_exception exception = {0};
    struct msg_calendar calendar = {0};
    struct msg_calendar_set set = {0};
    for (uint64_t i = 0; i < 5; i++) {
        hours[i] = (struct msg_hours){0};
        MSG_SET(&hours[i], hours, weekday, i + 1);
        MSG_SET(&hours[i], hours, open, 450);
        MSG_SET(&hours[i], hours, close, 1020);
    }
    MSG_SET(&exception, exception, day, TEXT("2024-02-08"));
    MSG_SET(&exception, exception, working, false);
    MSG_SET(&calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&calendar, calendar, utc_offset, 420);
    MSG_SET(&calendar, calendar, hours, ((struct msg_hours_items){hours, 5}));
    MSG_SET(&calendar, calendar, exceptions, ((struct msg_exception_items){&exception, 1}));
    MSG_SET(&set, calendar_set, calendar, calendar);
    now(sim, OP_CALENDAR_SET, &set);
}

static void set_step(struct sim *sim, uint32_t at, int deadline, int64_t offset, int unit, int does)
{
    static const int catchups[] = {CATCHUP_FIRE, CATCHUP_MERGE, CATCHUP_RECORD};
    struct msg_step *step = &sim->steps[at];
    *step = (struct msg_step){0};
    MSG_SET(step, step, deadline, deadline);
    MSG_SET(step, step, offset, offset);
    MSG_SET(step, step, unit, unit);
    MSG_SET(step, step, does, does);
    MSG_SET(step, step, to, TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(step, step, catchup, catchups[pick(sim, 3)]);
    if (does == RUNG_ESCALATE)
        MSG_SET(step, step, level, 1 + pick(sim, 3));
    if (pick(sim, 2)) {
        MSG_SET(step, step, repeat, 1 + pick(sim, 20));
        MSG_SET(step, step, repeat_unit, 1 + (int)pick(sim, 4));
        MSG_SET(step, step, repeat_max, 1 + pick(sim, 5));
    }
}

static void set_up_policy(struct sim *sim)
{
    struct msg_policy_set set = {0};
    struct msg_policy *policy = &sim->policy;
    set_step(sim, 0, DEADLINE_ACCEPTANCE, 0, UNIT_HOURS, RUNG_REMIND);
    set_step(sim, 1, DEADLINE_ACCEPTANCE, 1 + (int64_t)pick(sim, 5), UNIT_WORKING_DAYS, RUNG_ESCALATE);
    set_step(sim, 2, DEADLINE_COMPLETION, -1 - (int64_t)pick(sim, 5), UNIT_WORKING_DAYS, RUNG_REMIND);
    set_step(sim, 3, DEADLINE_COMPLETION, -1 - (int64_t)pick(sim, 30), UNIT_HOURS, RUNG_REMIND);
    set_step(sim, 4, DEADLINE_COMPLETION, 0, UNIT_MINUTES, RUNG_NOTIFY);
    set_step(sim, 5, DEADLINE_COMPLETION, 1 + (int64_t)pick(sim, 9), UNIT_HOURS, RUNG_ESCALATE);
    set_step(sim, 6, DEADLINE_COMPLETION, 1 + (int64_t)pick(sim, 9), UNIT_CALENDAR_DAYS, RUNG_ESCALATE);
    set_step(sim, 7, DEADLINE_REPORT, 0, UNIT_WORKING_DAYS, RUNG_NOTIFY);
    *policy = (struct msg_policy){0};
    MSG_SET(policy, policy, policy, TEXT("sim"));
    MSG_SET(policy, policy, accept_within, 1 + pick(sim, 30));
    MSG_SET(policy, policy, accept_unit, 1 + (int)pick(sim, 4));
    MSG_SET(policy, policy, due, TEXT("3wd"));
    MSG_SET(policy, policy, steps, ((struct msg_step_items){sim->steps, 8}));
    MSG_SET(&set, policy_set, policy, *policy);
    now(sim, OP_POLICY_SET, &set);
}

void traffic_set_up(struct sim *sim)
{
    for (int i = 0; i < SIM_AGENCIES; i++)
        set_up_agency(sim, i);
    set_up_calendar(sim);
    set_up_policy(sim);
}

/* ---- assigning ---- */

static void send_assign(struct sim *sim)
{
    static const char *const dues[] = {"1wd", "3wd", "7wd", "2d", "30d", "2024-06-28", "2025-02-30", "không"};
    struct msg_assign assign = {0};
    struct text leads[3], cooperating[2];
    char reference[24];
    const uint32_t lead_count = pick(sim, 8) ? 1 : 1 + pick(sim, 3);
    snprintf(reference, sizeof reference, "HT-%03u", pick(sim, 400));
    for (uint32_t i = 0; i < 3; i++)
        leads[i] = agency_text((int)pick(sim, SIM_AGENCIES));
    for (uint32_t i = 0; i < 2; i++)
        cooperating[i] = agency_text((int)pick(sim, SIM_AGENCIES));
    MSG_SET(&assign, assign, reference, text_of(reference));
    if (pick(sim, 12))
        MSG_SET(&assign, assign, leads, ((struct texts){leads, lead_count}));
    else
        MSG_SET(&assign, assign, children_of, leads[0]);
    if (pick(sim, 4))
        MSG_SET(&assign, assign, policy, TEXT("sim"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    if (pick(sim, 5))
        MSG_SET(&assign.content, content, due, text_of(dues[pick(sim, 8)]));
    if (pick(sim, 2))
        MSG_SET(&assign.content, content, kind, 1 + (int)pick(sim, 6));
    if (pick(sim, 3) == 0)
        MSG_SET(&assign.content, content, cooperating, ((struct texts){cooperating, 1 + pick(sim, 2)}));
    if (pick(sim, 3) == 0)
        MSG_SET(&assign.content, content, supervisor, agency_text((int)pick(sim, SIM_AGENCIES)));
    if (pick(sim, 4) == 0)
        MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    if (pick(sim, 3) == 0)
        MSG_SET(&assign.content, content, reporting, 1 + (int)pick(sim, 5));
    MSG_MARK(&assign, assign, content);
    submit(sim, pick(sim, 3) ? 0 : (int)pick(sim, SIM_AGENCIES), OP_ASSIGN, &assign, 0);
}

/* ---- acting on a task ---- */

/* Every one of these requests begins with task, expect and officer. */
union request_body {
    struct msg_change change;
    struct msg_reason reason;
    struct msg_progress progress;
    struct msg_reassign reassign;
    struct msg_amend amend;
    struct msg_comment comment;
    struct msg_escalate escalate;
    struct msg_acknowledge acknowledge;
};

static void fill_action(struct sim *sim, enum op op, const struct model_task *task, union request_body *action)
{
    static const char *const dues[] = {"1wd", "5wd", "20d", ""};
    MSG_SET(&action->change, change, task, task->number);
    if (pick(sim, 3) == 0)
        MSG_SET(&action->change, change, expect, task->version + (pick(sim, 3) == 0));
    if (op == OP_REPORT || op == OP_SUBMIT)
        MSG_SET(&action->progress, progress, percent, pick(sim, 110));
    else if (op == OP_REASSIGN)
        MSG_SET(&action->reassign, reassign, lead, agency_text((int)pick(sim, SIM_AGENCIES)));
    else if (op == OP_AMEND)
        MSG_SET(&action->amend.content, content, due, text_of(dues[pick(sim, 4)]));
    if (op == OP_AMEND)
        MSG_MARK(&action->amend, amend, content);
    if (op == OP_REASSIGN)
        MSG_SET(&action->reassign, reassign, note, TEXT("chuyển"));
    if (op == OP_REJECT || op == OP_SUSPEND || op == OP_CANCEL || op == OP_COMMENT)
        MSG_SET(&action->reason, reason, note, TEXT("lý do"));
    if (op == OP_ESCALATE)
        MSG_SET(&action->escalate, escalate, note, TEXT("chậm"));
    if (op == OP_ACKNOWLEDGE)
        MSG_SET(&action->acknowledge, acknowledge, escalation,
                task->escalation_count ? task->escalations[pick(sim, (uint32_t)task->escalation_count)].id
                                       : 1 + pick(sim, 500));
}

static void send_action(struct sim *sim)
{
    static const enum op ops[] = {OP_ACCEPT,   OP_START,    OP_REPORT,      OP_SUBMIT,     OP_CONFIRM,
                                  OP_REJECT,   OP_SUSPEND,  OP_RESUME,      OP_AMEND,      OP_CANCEL,
                                  OP_REASSIGN, OP_ESCALATE, OP_COMMENT,     OP_ACCEPT,     OP_REPORT,
                                  OP_SUBMIT,   OP_CONFIRM,  OP_ACKNOWLEDGE, OP_ACKNOWLEDGE};
    union request_body action = {0};
    if (sim->model.task_count == 0)
        return;
    const struct model_task *task = &sim->model.tasks[pick(sim, (uint32_t)sim->model.task_count)];
    const enum op op = ops[pick(sim, sizeof ops / sizeof *ops)];
    if (op == OP_CANCEL && pick(sim, 5))
        return; /* or else little is left to go on with */
    int agency = (int)pick(sim, SIM_AGENCIES);
    if (pick(sim, 5))
        agency = op == OP_ACCEPT || op == OP_START || op == OP_REPORT || op == OP_SUBMIT ? task->lead : task->assigner;
    fill_action(sim, op, task, &action);
    submit(sim, agency, op, &action, task->number);
}

/* ---- reading ---- */

static void send_read(struct sim *sim)
{
    const int agency = (int)pick(sim, SIM_AGENCIES);
    const uint64_t task = 1 + pick(sim, (uint32_t)sim->model.task_count + 2);
    struct msg_task_get get = {0};
    struct msg_task_history history = {0};
    struct msg_task_list list = {0};
    struct msg_summary summary = {0};
    switch (pick(sim, 6)) {
    case 0:
        MSG_SET(&history, task_history, task, task);
        submit(sim, agency, OP_TASK_HISTORY, &history, task);
        break;
    case 1:
        submit(sim, agency, OP_TASK_LIST, &list, 0);
        break;
    case 2:
        submit(sim, agency, OP_SUMMARY, &summary, 0);
        break;
    default:
        MSG_SET(&get, task_get, task, task);
        submit(sim, agency, OP_TASK_GET, &get, task);
        break;
    }
}

/* ---- administering ---- */

static void send_administration(struct sim *sim)
{
    struct msg_agency_set set = {0};
    struct msg_key_revoke revoke = {0};
    char key[41];
    const int agency = 1 + (int)pick(sim, SIM_AGENCIES - 1);
    struct msg_agency message = agency_message(sim, agency);
    switch (pick(sim, 8)) {
    case 0: /* merged into another: this is how agencies end */
        MSG_SET(&message, agency, valid_until, sim->now + (int64_t)pick(sim, 40) * SIM_DAY);
        MSG_SET(&message, agency, successor, agency_text((int)pick(sim, SIM_AGENCIES)));
        break;
    case 1:
        sim_key(SIM_AGENCIES - 1, key);
        MSG_SET(&revoke, key_revoke, public_key, text_of(key));
        submit(sim, pick(sim, 3) ? 0 : agency, OP_KEY_REVOKE, &revoke, 0);
        return;
    default:
        MSG_SET(&message, agency, name_en, TEXT("renamed"));
        break;
    }
    MSG_SET(&set, agency_set, agency, message);
    submit(sim, pick(sim, 4) ? 0 : agency, OP_AGENCY_SET, &set, 0);
}

/* ---- noise ---- */

/* A sound frame of before with some of its bytes changed. Its id may still be sound, and then it is that request that
 * it repeats or reuses: so the id is broken for sure. */
static void send_noise(struct sim *sim)
{
    if (sim->model.request_count == 0)
        return;
    const struct request *old = &sim->model.requests[pick(sim, (uint32_t)sim->model.request_count)];
    char *frame = xmemdup(old->frame, old->size);
    char *id = memmem(frame, old->size, "\242id", 3);
    for (uint32_t i = 0; i < 1 + pick(sim, 4); i++)
        frame[pick(sim, old->size)] = (char)chance_next(&sim->chance);
    if (id)
        id[0] = '\xc1'; /* no msgpack begins so */
    network_send(&sim->network, &(struct packet){.to_broker = true,
                                                 .agency = (int)pick(sim, SIM_AGENCIES),
                                                 .request = SIZE_MAX,
                                                 .frame = frame,
                                                 .size = 1 + pick(sim, old->size)});
    free(frame);
}

void traffic_send(struct sim *sim)
{
    const uint32_t sort = pick(sim, 100);
    if (sort < 18)
        send_assign(sim);
    else if (sort < 70)
        send_action(sim);
    else if (sort < 88)
        send_read(sim);
    else if (sort < 92)
        send_administration(sim);
    else
        send_noise(sim);
}
