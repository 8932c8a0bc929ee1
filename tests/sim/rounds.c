/* Escalations, and the rounds that they are of: each new date of a deadline has one. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* ---- escalations ---- */

/* With 64 of them the oldest that has ended makes room, or else the oldest. */
static void make_room(struct model_task *task)
{
    int at = 0;
    while (at < task->escalation_count && model_is_open(&task->escalations[at]))
        at++;
    if (at == task->escalation_count)
        at = 0;
    task->escalation_count--;
    memmove(&task->escalations[at], &task->escalations[at + 1],
            (size_t)(task->escalation_count - at) * sizeof *task->escalations);
}

void rounds_open_escalation(struct model_task *task, const struct msg_record *record, int step)
{
    if (task->escalation_count == MODEL_ESCALATIONS)
        make_room(task);
    task->escalations[task->escalation_count++] = (struct model_escalation){
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
        SIM_CHECK(sim, world_standing_all(&sim->world, escalation->to, record->time) >> actor & 1,
                  "record %llu acknowledges an escalation to others", AT(record->seq));
        escalation->acknowledged = true;
        escalation->acknowledged_at = record->time;
        return;
    }
    SIM_CHECK(sim, false, "record %llu acknowledges no open escalation", AT(record->seq));
}

void rounds_check_escalate(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_escalate *asked = &sim->model.asked.escalate;
    const int fallback = task->supervisor >= 0 ? task->supervisor : task->assigner;
    const uint32_t named = asked->to.count ? world_mask(asked->to) : world_one(fallback);
    const uint32_t to = world_standing_all(&sim->world, named, record->time) & ~world_one(world_agency(record->actor));
    int open = 0;
    for (int i = 0; i < task->escalation_count; i++)
        open += model_is_open(&task->escalations[i]);
    SIM_CHECK(sim, to != 0 && to == world_mask(record->addressed) && record->escalation == record->seq && open < 32,
              "record %llu escalates to others than were named", AT(record->seq));
}

void rounds_end(struct model_task *task)
{
    for (int i = 0; i < task->escalation_count; i++)
        task->escalations[i].closed = task->escalations[i].closed || !task->escalations[i].acknowledged;
}

/* ---- rounds: each new date has one ---- */

uint32_t rounds_begun(const struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const uint32_t acceptance = TERM_BIT(DEADLINE_ACCEPTANCE), completion = TERM_BIT(DEADLINE_COMPLETION),
                   report = TERM_BIT(DEADLINE_REPORT);
    const struct msg_content *asked = &sim->model.asked.amend.content;
    uint32_t rounds = 0;
    if (record->action == ACTION_REPORT)
        rounds = report;
    if (record->action == ACTION_REASSIGN)
        rounds = acceptance | report;
    if (record->action == ACTION_REASSIGN && MSG_HAS(&sim->model.asked.reassign, reassign, due) &&
        record->due != task->due)
        rounds |= completion;
    if (record->action == ACTION_REJECT)
        rounds = completion |
                 (task->reporting && task->report_due != NO_TIME && task->report_due <= record->time ? report : 0);
    if (record->action != ACTION_AMEND)
        return rounds;
    if (MSG_HAS(asked, content, due) && record->due != task->due)
        rounds |= completion;
    if (MSG_HAS(asked, content, reporting) && asked->reporting != task->reporting)
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
    return world_standing_all(&sim->world, rules_unexcluded(&sim->world, task, told, record->time), record->time);
}
