/* What is sent about tasks: giving them, and all that may be done to one. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

/* ---- what is asked ---- */

struct lists {
    uint64_t waits[4];
    struct text paragraphs[2];
    struct text cooperating[3], observers[3], excluded[3];
    struct traffic_plan plan;
};

static void fill_roles(struct sim *sim, struct msg_content *content, struct lists *lists)
{
    for (uint32_t i = 0; i < 3; i++) {
        lists->cooperating[i] = traffic_agency(sim);
        lists->observers[i] = traffic_agency(sim);
        lists->excluded[i] = traffic_agency(sim);
    }
    if (PICK(4) == 0)
        MSG_SET(content, content, cooperating, ((struct texts){lists->cooperating, PICK(3)}));
    if (PICK(4) == 0)
        MSG_SET(content, content, supervisor, PICK(8) ? traffic_agency(sim) : TEXT(""));
    if (PICK(5) == 0)
        MSG_SET(content, content, observers, ((struct texts){lists->observers, PICK(3)}));
    if (PICK(5) == 0)
        MSG_SET(content, content, excluded, ((struct texts){lists->excluded, PICK(3)}));
    if (PICK(4) == 0)
        MSG_SET(content, content, scope, PICK(3) ? SCOPE_RESTRICTED : SCOPE_NORMAL);
}

static struct text due_words(struct sim *sim)
{
    static const char *const words[] = {"1wd",
                                        "3wd",
                                        "7wd",
                                        "2d",
                                        "30d",
                                        "16wh",
                                        "60wh",
                                        "1d",
                                        "15wd",
                                        "2024-06-28",
                                        "2025-02-28",
                                        "2024-03-29T16:30",
                                        "60wd",
                                        "90d",
                                        "9d",
                                        "2099-12-31",
                                        "2099-12-31T23:30"};
    static const char *const wrong[] = {"2025-02-30", "không", "0d", "99999d", "2100-01-01", "2023-12-29"};
    return text_of(PICK(12) ? words[PICK(17)] : wrong[PICK(6)]);
}

/* Some wait for none any more; others for one twice, or for one that is not there. */
static void fill_waits(struct sim *sim, struct msg_content *content, uint64_t waits[4])
{
    const uint32_t count = PICK(5);
    for (uint32_t i = 0; i < count; i++)
        waits[i] = 1 + PICK((uint32_t)sim->model.task_count + 1);
    MSG_SET(content, content, waits_for, ((struct u64s){waits, count}));
}

static void fill_rules(struct sim *sim, struct msg_content *content, uint64_t waits[4])
{
    if (PICK(3) == 0)
        MSG_SET(content, content, kind, 1 + (int)PICK(7));
    if (PICK(4) == 0)
        MSG_SET(content, content, priority, 1 + (int)PICK(4));
    if (PICK(3))
        MSG_SET(content, content, area, PICK(12) ? text_of(world_areas[PICK(WORLD_AREAS)]) : TEXT(""));
    if (PICK(3) == 0)
        MSG_SET(content, content, reporting, 1 + (int)PICK(5));
    if (PICK(12) == 0)
        MSG_SET(content, content, parent, 1 + PICK((uint32_t)sim->model.task_count + 2));
    if (PICK(MSG_HAS(content, content, parent) ? 2 : 12) == 0)
        MSG_SET(content, content, weight, PICK(12) ? 1 + PICK(9) : PICK(1002));
    if (PICK(8) == 0)
        fill_waits(sim, content, waits);
}

/* ---- assign ---- */

/* Who was granted others, and the one that stands for one of those; false where nobody was. */
static bool find_grant(struct sim *sim, int *agency, int *lead)
{
    const int from = (int)PICK(WORLD_AGENCIES);
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        *agency = (from + i) % WORLD_AGENCIES;
        for (int other = 0; other < WORLD_AGENCIES; other++) {
            *lead = world_standing(&sim->world, other, sim->now);
            if ((sim->world.agencies[*agency].may_task >> other & 1) && *lead != other)
                return true;
        }
    }
    return false;
}

void traffic_assign(struct sim *sim)
{
    struct msg_assign assign = {0};
    struct text leads[3];
    struct lists lists;
    char reference[24];
    int agency = PICK(3) ? (int)PICK(3) : traffic_any_agency(sim), lead;
    const bool granted = PICK(8) == 0 && find_grant(sim, &agency, &lead);
    const bool bare = PICK(25) == 0; /* no date, and so no calendar: until it gets one */
    snprintf(reference, sizeof reference, "HT-%03u", PICK(600));
    for (uint32_t i = 0; i < 3; i++)
        leads[i] = traffic_agency(sim);
    if (granted)
        leads[0] = text_of(world_agency_ids[lead]);
    MSG_SET(&assign, assign, reference, text_of(reference));
    if (granted || PICK(12))
        MSG_SET(&assign, assign, leads, ((struct texts){leads, PICK(8) ? 1 : 1 + PICK(3)}));
    else
        MSG_SET(&assign, assign, children_of, leads[0]);
    if (bare)
        MSG_SET(&assign, assign, policy, TEXT("none"));
    else if (PICK(5))
        MSG_SET(&assign, assign, policy, text_of(world_policy_ids[PICK(10) ? 0 : PICK(WORLD_POLICIES)]));
    else if (PICK(4) == 0)
        MSG_SET(&assign, assign, policy, TEXT("none"));
    if (!bare && PICK(6) == 0)
        MSG_SET(&assign, assign, calendar, text_of(world_calendar_ids[PICK(WORLD_CALENDARS)]));
    if (PICK(60))
        MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    if (!bare && PICK(5))
        MSG_SET(&assign.content, content, due, due_words(sim));
    if (PICK(10) == 0)
        MSG_SET(&assign, assign, backdated, true);
    fill_roles(sim, &assign.content, &lists);
    fill_rules(sim, &assign.content, lists.waits);
    if (PICK(4) == 0)
        traffic_cite(sim, &assign.content, lists.paragraphs);
    MSG_MARK(&assign, assign, content);
    if (PICK(6) == 0)
        traffic_measure(sim, &assign.content, NULL, &lists.plan);
    if (bare && !MSG_HAS(&assign.content, content, reporting))
        MSG_SET(&assign.content, content, reporting, 1 + (int)PICK(5));
    traffic_submit(sim, granted ? agency : traffic_key(sim, agency), OP_ASSIGN, &assign);
}

/* ---- acting on a task ---- */

/* Every one of these requests begins with task, expect and officer. */
union request_body {
    struct msg_change change;
    struct msg_reason reason;
    struct msg_suspend suspend;
    struct msg_progress progress;
    struct msg_reassign reassign;
    struct msg_amend amend;
    struct msg_comment comment;
    struct msg_escalate escalate;
    struct msg_acknowledge acknowledge;
    struct msg_answer answer;
};

static void fill_amend(struct sim *sim, struct msg_amend *amend, const struct model_task *task, struct lists *lists)
{
    if (PICK(3))
        MSG_SET(&amend->content, content, due, due_words(sim));
    if (PICK(3) == 0)
        fill_roles(sim, &amend->content, lists);
    if (PICK(3) == 0)
        fill_rules(sim, &amend->content, lists->waits);
    if (PICK(6) == 0)
        traffic_cite(sim, &amend->content, lists->paragraphs);
    if (PICK(task->is_measured ? 4 : 20) == 0)
        traffic_measure(sim, &amend->content, task, &lists->plan);
    if (PICK(5) == 0)
        MSG_SET(&amend->content, content, title, TEXT("Rà soát lại"));
    if (PICK(10) == 0)
        MSG_SET(amend, amend, backdated, true);
    if (PICK(6) == 0) {
        const uint32_t given = (MSG_HAS(&amend->content, content, due) ? TERM_BIT(CLEARABLE_DUE) : 0) |
                               (MSG_HAS(&amend->content, content, parent) ? TERM_BIT(CLEARABLE_PARENT) : 0) |
                               (MSG_HAS(&amend->content, content, reporting) ? TERM_BIT(CLEARABLE_REPORTING) : 0);
        MSG_SET(amend, amend, clear, (1 + PICK(15)) << 1 & (PICK(10) ? ~given : ~0U));
    }
    if (task->is_measured && PICK(task->value_count ? 12 : 4) == 0)
        MSG_SET(amend, amend, clear, amend->clear | TERM_BIT(CLEARABLE_INDICATOR));
    MSG_MARK(amend, amend, content);
}

static void fill_escalate(struct sim *sim, struct msg_escalate *escalate, struct lists *lists)
{
    MSG_SET(escalate, escalate, note, reasons_write(sim, "chậm"));
    for (uint32_t i = 0; i < 3; i++)
        lists->cooperating[i] = traffic_agency(sim);
    if (PICK(2))
        MSG_SET(escalate, escalate, to, ((struct texts){lists->cooperating, 1 + PICK(3)}));
    if (PICK(2))
        MSG_SET(escalate, escalate, level, 1 + PICK(9));
}

/* Most say where the proof is, in pieces or as one. */
static void fill_progress(struct msg_progress *progress, uint32_t percent)
{
    static const struct msg_evidence_file pieces[] = {{.has = 1, .name = {"bb.pdf", 6}},
                                                      {.has = 1, .name = {"a.jpg", 5}}};
    MSG_SET(progress, progress, percent, percent);
    if (percent % 8 > 4)
        MSG_SET(progress, progress, evidence, TEXT("bb.pdf"));
    else if (percent % 8 > 0)
        MSG_SET(progress, progress, evidence_files, ((struct msg_evidence_file_items){pieces, percent % 3}));
}

static void fill_answer(struct sim *sim, struct msg_answer *answer)
{
    MSG_SET(answer, answer, answer, 1 + (int)PICK(4));
    MSG_SET(answer, answer, note, reasons_write(sim, "đã xem xét"));
    if (PICK(12) ? answer->answer == ANSWERING_PASSED_ON : PICK(2) == 0)
        MSG_SET(answer, answer, to, traffic_agency(sim));
}

static void fill(struct sim *sim, enum op op, const struct model_task *task, int at, union request_body *body,
                 struct lists *lists)
{
    MSG_SET(&body->change, change, task, task->number);
    if (PICK(3) == 0)
        MSG_SET(&body->change, change, expect, task->version + (PICK(4) == 0));
    if (PICK(6) == 0)
        MSG_SET(&body->change, change, officer, TEXT("Nguyễn Văn A"));
    if (op == OP_REPORT || op == OP_SUBMIT)
        fill_progress(&body->progress, PICK(104));
    if (op == OP_REPORT || (op == OP_SUBMIT && PICK(8) == 0))
        traffic_value(sim, &body->progress, task, &lists->plan);
    if (op == OP_SUBMIT && PICK(2))
        MSG_SET(&body->progress, progress, note, reasons_write(sim, "phần còn lại chuyển sang quý III"));
    else if (op == OP_REASSIGN)
        MSG_SET(&body->reassign, reassign, lead, traffic_agency(sim));
    else if (op == OP_AMEND)
        fill_amend(sim, &body->amend, task, lists);
    if (op == OP_REASSIGN) {
        MSG_SET(&body->reassign, reassign, note, reasons_write(sim, "chuyển"));
        if (PICK(task->calendar < 0 ? 2 : 4) == 0)
            MSG_SET(&body->reassign, reassign, due, PICK(2) ? TEXT("4wd") : TEXT("9d"));
        if (PICK(10) == 0)
            MSG_SET(&body->reassign, reassign, backdated, true);
    }
    if (op == OP_REJECT || op == OP_SUSPEND || op == OP_CANCEL || op == OP_COMMENT)
        MSG_SET(&body->reason, reason, note, reasons_write(sim, "lý do"));
    if (op == OP_SUSPEND && PICK(2))
        MSG_SET(&body->suspend, suspend, until, traffic_short_words(sim));
    if (op == OP_ESCALATE)
        fill_escalate(sim, &body->escalate, lists);
    if (op == OP_ANSWER)
        fill_answer(sim, &body->answer);
    if (op == OP_ACKNOWLEDGE)
        MSG_SET(&body->acknowledge, acknowledge, escalation, at < 0 ? 1 + PICK(500) : task->escalations[at].id);
}

/* One of its escalations, as a rule an open one; −1 when it never had any. */
static int any_escalation(struct sim *sim, const struct model_task *task)
{
    if (task->escalation_count == 0)
        return -1;
    const int from = (int)PICK((uint32_t)task->escalation_count);
    for (int i = 0; PICK(8) && i < task->escalation_count; i++)
        if (model_is_open(&task->escalations[(from + i) % task->escalation_count]))
            return (from + i) % task->escalation_count;
    return from;
}

/* One that has another role on it, or none. */
static int other(struct sim *sim, const struct model_task *task)
{
    const uint32_t others = task->cooperating | task->observers | world_one(task->supervisor);
    switch (PICK(4)) {
    case 0:
        return task->lead;
    case 1:
        return task->assigner;
    case 2:
        return others ? __builtin_ctz(others) : traffic_any_agency(sim);
    default:
        return traffic_any_agency(sim);
    }
}

/* Who may do it, as a rule: else most of what is sent would be refused. */
static int actor(struct sim *sim, enum op op, const struct model_task *task, int at)
{
    int agency = task->assigner;
    if (op == OP_ACCEPT || op == OP_START || op == OP_REPORT || op == OP_SUBMIT || op == OP_ANSWER)
        agency = task->lead;
    if ((op == OP_CONFIRM || op == OP_REJECT || op == OP_ESCALATE) && task->supervisor >= 0 && PICK(2))
        agency = task->supervisor;
    if (op == OP_ACKNOWLEDGE && at >= 0)
        agency = __builtin_ctz(task->escalations[at].to);
    if (PICK(6) == 0)
        agency = other(sim, task);
    return world_standing(&sim->world, agency, sim->now);
}

/* What fits the state, as a rule. */
static enum op fitting(struct sim *sim, const struct model_task *task)
{
    static const enum op any[] = {OP_ACCEPT,   OP_START,   OP_REPORT,   OP_SUBMIT,      OP_CONFIRM,
                                  OP_REJECT,   OP_SUSPEND, OP_RESUME,   OP_AMEND,       OP_CANCEL,
                                  OP_REASSIGN, OP_COMMENT, OP_ESCALATE, OP_ACKNOWLEDGE, OP_ANSWER};
    static const enum op sides[] = {OP_AMEND,   OP_REASSIGN,    OP_COMMENT,     OP_ESCALATE,    OP_SUSPEND,
                                    OP_SUSPEND, OP_ACKNOWLEDGE, OP_ACKNOWLEDGE, OP_ACKNOWLEDGE, OP_AMEND};
    static const enum op works[] = {OP_START, OP_REPORT, OP_REPORT, OP_SUBMIT};
    const uint32_t sort = PICK(10);
    if (task->calendar < 0 && task->reporting && PICK(3) == 0)
        return OP_REASSIGN;
    if (sort == 0)
        return any[PICK(15)];
    if (sort < 5)
        return sides[PICK(10)];
    if (task->kind == KIND_RECOMMENDATION && PICK(6) == 0)
        return OP_ANSWER;
    switch (task->state) {
    case STATE_ASSIGNED:
        return OP_ACCEPT;
    case STATE_SUBMITTED:
        return PICK(2) ? OP_CONFIRM : OP_REJECT;
    case STATE_SUSPENDED:
        return OP_RESUME;
    default:
        return task->is_measured && PICK(3) ? OP_REPORT : works[PICK(4)];
    }
}

static const struct model_task *any_task(struct sim *sim)
{
    const uint32_t count = (uint32_t)sim->model.task_count;
    const uint32_t recent = count < 40 || PICK(4) == 0 ? count : 40; /* or else little of it comes far */
    return &sim->model.tasks[count - 1 - PICK(recent)];
}

void traffic_act(struct sim *sim)
{
    union request_body body = {0};
    struct lists lists;
    if (sim->model.task_count == 0)
        return;
    const struct model_task *task = any_task(sim);
    if (PICK(4) == 0 && (traffic_consult(sim, task) || traffic_plead(sim, task)))
        return;
    const enum op op = fitting(sim, task);
    if (op == OP_CANCEL && PICK(5))
        return; /* or else little is left to go on with */
    const int at = any_escalation(sim, task);
    if (op == OP_ACKNOWLEDGE && at < 0 && PICK(20))
        return;
    fill(sim, op, task, at, &body, &lists);
    traffic_submit(sim, traffic_key(sim, actor(sim, op, task, at)), op, &body);
}

void traffic_pester(struct sim *sim, uint64_t task)
{
    struct msg_escalate escalate = {0};
    struct text to = traffic_agency(sim);
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, reasons_write(sim, "chậm"));
    MSG_SET(&escalate, escalate, to, ((struct texts){&to, 1}));
    traffic_submit(sim, 0, OP_ESCALATE, &escalate);
}

/* ---- so much by hand that what the ladder raised would have to make room ---- */

/* Of the tasks of late, one with something open, or acknowledged, that its ladder goes by. */
static uint64_t find_crowded(struct sim *sim)
{
    const uint32_t count = (uint32_t)sim->model.task_count;
    for (uint32_t i = 0; i < count && i < 60; i++) {
        const struct model_task *task = &sim->model.tasks[count - 1 - i];
        for (int j = 0; j < task->escalation_count; j++)
            if (task->escalations[j].step >= 0 && !task->escalations[j].closed &&
                ladder_raised(sim, task, task->escalations[j].step) == &task->escalations[j])
                return task->number;
    }
    return 0;
}

static void escalate_once(struct sim *sim, const struct model_task *task, int agency)
{
    struct msg_escalate escalate = {0};
    const int to = agency == task->assigner ? task->lead : task->assigner;
    struct text id = text_of(world_agency_ids[world_standing(&sim->world, to, sim->now)]);
    MSG_SET(&escalate, escalate, task, task->number);
    MSG_SET(&escalate, escalate, note, reasons_write(sim, "nữa"));
    MSG_SET(&escalate, escalate, to, ((struct texts){&id, 1}));
    traffic_submit(sim, world_standing(&sim->world, agency, sim->now), OP_ESCALATE, &escalate);
}

void traffic_crowd(struct sim *sim)
{
    struct msg_acknowledge acknowledge = {0};
    if (sim->crowding == 0) {
        sim->crowded = find_crowded(sim);
        sim->crowding = 60;
    }
    sim->crowding--;
    if (sim->crowded == 0 || sim->crowded > sim->model.task_count)
        sim->crowding = 0;
    if (sim->crowding == 0)
        return;
    const struct model_task *task = &sim->model.tasks[sim->crowded - 1];
    MSG_SET(&acknowledge, acknowledge, task, task->number);
    bool is_open = false;
    for (int i = 0; i < task->escalation_count; i++) {
        if (!model_is_open(&task->escalations[i]))
            continue;
        is_open = true;
        MSG_SET(&acknowledge, acknowledge, escalation, task->escalations[i].id);
        traffic_submit(sim, world_standing(&sim->world, __builtin_ctz(task->escalations[i].to), sim->now),
                       OP_ACKNOWLEDGE, &acknowledge);
    }
    for (int i = 0; !is_open && i < 8; i++)
        escalate_once(sim, task, i % 2 ? task->lead : task->assigner);
}
