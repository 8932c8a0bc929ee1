/* Escalations, and the rounds that they are of: each new date of a deadline has one. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* ---- escalations ---- */

/* Whether one that has ended is nothing that the ladder goes by: no longer the newest of its step in the round that runs,
 * or that step's own, which opens another now. */
static bool is_over(const struct sim *sim, const struct model_task *task, const struct model_escalation *escalation,
                    int opens)
{
    if (escalation->step < 0 || escalation->step == opens)
        return true;
    return ladder_raised(sim, task, escalation->step) != escalation;
}

/* With 64 of them the oldest that is over makes room, and the record says which, unless it is the oldest that has ended. */
static void make_room(struct sim *sim, struct model_task *task, const struct msg_record *record, int opens)
{
    int ended = -1, at = -1;
    for (int i = task->escalation_count; i-- > 0;) {
        if (model_is_open(&task->escalations[i]))
            continue;
        ended = i;
        if (is_over(sim, task, &task->escalations[i], opens))
            at = i;
    }
    SIM_CHECK(sim, at >= 0, "task %llu has nothing that could make room", AT(task->number));
    SIM_CHECK(sim, record->forgotten == (at == ended ? 0 : task->escalations[at].id),
              "record %llu forgets escalation %llu, and not %llu", AT(record->seq), AT(record->forgotten),
              AT(task->escalations[at].id));
    task->escalation_count--;
    memmove(&task->escalations[at], &task->escalations[at + 1],
            (size_t)(task->escalation_count - at) * sizeof *task->escalations);
}

void rounds_open_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record, int step)
{
    if (task->escalation_count == MODEL_ESCALATIONS)
        make_room(sim, task, record, step);
    else
        SIM_CHECK(sim, record->forgotten == 0, "record %llu forgets what there is room for", AT(record->seq));
    task->escalations[task->escalation_count++] = (struct model_escalation){
        .by = step == -1 ? world_agency(record->actor) : -1,
        .id = record->escalation,
        .to = world_mask(record->addressed),
        .step = step,
        .level = (int)record->level,
        .round = MSG_HAS(record, record, round) ? (uint32_t)record->round : 1,
        .opened = record->time,
        .told = record->time};
}

void rounds_acknowledge(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int actor = world_agency(record->actor);
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        if (escalation->id != record->escalation || !model_is_open(escalation))
            continue;
        SIM_CHECK(sim, rules_standing_all(&sim->world, task, escalation->to, record->time) >> actor & 1,
                  "record %llu acknowledges an escalation to others", AT(record->seq));
        escalation->acknowledged = true;
        escalation->acknowledged_at = record->time;
        return;
    }
    SIM_CHECK(sim, false, "record %llu acknowledges no open escalation", AT(record->seq));
}

/* Four of its own are open at most, and 20 of those who are neither assigner, lead nor supervisor: 32 in all. */
bool rounds_may_raise(const struct sim *sim, const struct model_task *task, int agency, int64_t now)
{
    const uint32_t three = rules_standing_all(
        &sim->world, task, world_one(task->assigner) | world_one(task->lead) | world_one(task->supervisor), now);
    int own = 0, others = 0, all = 0;
    for (int i = 0; i < task->escalation_count; i++) {
        if (!model_is_open(&task->escalations[i]) || task->escalations[i].step != -1)
            continue;
        const int by = world_standing(&sim->world, task->escalations[i].by, now);
        all++;
        own += by == agency;
        others += !(three >> by & 1);
    }
    return own < 4 && (others < 20 || (three >> agency & 1)) && all < 32;
}

void rounds_check_escalate(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_escalate *asked = &sim->model.asked.escalate;
    const int fallback = task->supervisor >= 0 ? task->supervisor : task->assigner;
    const uint32_t named = asked->to.count ? world_mask(asked->to) : world_one(fallback);
    const uint32_t standing = asked->to.count ? world_standing_all(&sim->world, named, record->time)
                                              : rules_standing_all(&sim->world, task, named, record->time);
    const uint32_t to = standing & ~world_one(world_agency(record->actor));
    SIM_CHECK(sim, to != 0 && to == world_mask(record->addressed) && record->escalation == record->seq,
              "record %llu escalates to others than were named", AT(record->seq));
    for (int i = 0; task->restricted && i < WORLD_AGENCIES; i++)
        SIM_CHECK(sim, !(to >> i & 1) || rules_may_be_told(&sim->world, task, i, record->time),
                  "record %llu lets %s read what is restricted", AT(record->seq), world_agency_ids[i]);
    SIM_CHECK(sim, rounds_may_raise(sim, task, world_agency(record->actor), record->time),
              "record %llu escalates what has been escalated enough", AT(record->seq));
}

void rounds_end(struct model_task *task)
{
    for (int i = 0; i < task->escalation_count; i++)
        task->escalations[i].closed = task->escalations[i].closed || !task->escalations[i].acknowledged;
}

/* ---- rounds: each new date has one ---- */

static uint32_t by_date(const struct model_task *task, const struct msg_record *record)
{
    return record->due != task->due ? TERM_BIT(DEADLINE_COMPLETION) : 0;
}

/* The work goes on after a submission: what fell due meanwhile is told once. */
static uint32_t by_going_on(const struct model_task *task, int64_t now)
{
    const bool owes = task->reporting && task->report_due != NO_TIME && task->report_due <= now;
    return TERM_BIT(DEADLINE_COMPLETION) | (owes ? TERM_BIT(DEADLINE_REPORT) : 0);
}

/* What was submitted may have been suspended since, which puts a report off. */
static uint32_t by_withdrawal(struct sim *sim, const struct model_task *task, int64_t now)
{
    struct model_task moved = *task;
    dates_run_on(sim, &moved, now);
    return by_going_on(&moved, now);
}

static uint32_t by_grant(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const bool has_due = MSG_HAS(&sim->model.asked.grant, grant, due);
    switch (record->asked.asking) {
    case ASKING_EXTENSION:
        return TERM_BIT(DEADLINE_COMPLETION);
    case ASKING_RETURN:
    case ASKING_TRANSFER:
        return TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_REPORT) | (has_due ? by_date(task, record) : 0);
    case ASKING_WITHDRAWAL:
        return by_withdrawal(sim, task, record->time);
    default:
        return 0;
    }
}

uint32_t rounds_begun(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const uint32_t acceptance = TERM_BIT(DEADLINE_ACCEPTANCE), report = TERM_BIT(DEADLINE_REPORT);
    const struct msg_content *asked = &sim->model.asked.amend.content;
    uint32_t rounds = asked_turns(task, record) ? TERM_BIT(DEADLINE_DECISION) : 0;
    if (record->action == ACTION_REPORT && task->reporting &&
        targets_counts(sim, task, &sim->model.asked.report, record->time))
        rounds |= report;
    if (record->action == ACTION_REASSIGN)
        rounds |= acceptance | report;
    if (record->action == ACTION_REASSIGN && MSG_HAS(&sim->model.asked.reassign, reassign, due))
        rounds |= by_date(task, record);
    if (record->action == ACTION_REJECT)
        rounds |= by_going_on(task, record->time);
    if (record->action == ACTION_GRANT)
        rounds |= by_grant(sim, task, record);
    if (record->action != ACTION_AMEND)
        return rounds;
    if (MSG_HAS(asked, content, due))
        rounds |= by_date(task, record);
    if ((MSG_HAS(asked, content, reporting) && asked->reporting != task->reporting) ||
        (MSG_HAS(asked, content, indicator) && !task->is_measured))
        rounds |= report;
    const uint32_t taken = outcome_taken(task, &sim->model.asked.amend);
    if (taken & TERM_BIT(CLEARABLE_DUE))
        rounds |= TERM_BIT(DEADLINE_COMPLETION);
    if (taken & (TERM_BIT(CLEARABLE_REPORTING) | TERM_BIT(CLEARABLE_INDICATOR)))
        rounds |= report;
    return rounds;
}

static void reset_fired(const struct sim *sim, struct model_task *task, int deadline)
{
    const struct world_policy *policy = task_policy(sim, task);
    for (uint32_t i = 0; policy && i < policy->step_count; i++)
        if (policy->steps[i].deadline == deadline)
            task->fired[i] = 0;
}

void rounds_begin(const struct sim *sim, struct model_task *task, int deadline, int64_t since)
{
    task->round[deadline]++;
    task->since[deadline] = since;
    reset_fired(sim, task, deadline);
}

uint32_t rounds_superseded(struct sim *sim, struct model_task *task, const struct msg_record *record,
                           uint32_t deadlines)
{
    uint32_t told = 0, ended = 0;
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        if (!model_is_open(escalation) || escalation->step < 0 ||
            !(deadlines & TERM_BIT(task_policy(sim, task)->steps[escalation->step].deadline)))
            continue;
        SIM_CHECK(sim, ended < record->superseded.count && record->superseded.items[ended] == escalation->id,
                  "record %llu leaves escalation %llu, whose round is over", AT(record->seq), AT(escalation->id));
        ended++;
        escalation->closed = true;
        told |= escalation->to;
    }
    SIM_CHECK(sim, record->superseded.count == ended, "record %llu ends %u escalations, not %u", AT(record->seq),
              record->superseded.count, ended);
    return rules_standing_all(&sim->world, task, rules_unexcluded(&sim->world, task, told, record->time), record->time);
}
