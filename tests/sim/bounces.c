/* A task that is given from one lead to another, in the words of the design: each time is counted, and past the policy's limit
 * the very next thing that is on record is that it is escalated, to whom the policy's steps of that level tell.
 */
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static bool gives_lead(const struct msg_record *record)
{
    return record->action == ACTION_REASSIGN ||
           (record->action == ACTION_GRANT &&
            (record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER));
}

void bounces_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record)
{
    const struct world_policy *policy = task_policy(sim, task);
    SIM_CHECK(sim, record->bounces == (gives_lead(record) ? (uint64_t)task->bounces + 1 : 0),
              "record %llu counts %llu bounces, after %d", AT(record->seq), AT(record->bounces), task->bounces);
    if (!gives_lead(record))
        return;
    task->led[task->bounces++ % MODEL_LED] = lead;
    if (policy && policy->bounces_max >= 0 && task->bounces > policy->bounces_max)
        sim->model.bounced = task->number;
}

/* Nothing but that some are off the task comes in between. */
void bounces_check_next(struct sim *sim, const struct msg_record *record)
{
    const uint64_t bounced = sim->model.bounced;
    const bool is_told = record->record == RECORD_RUNG && MSG_HAS(record, record, bounces);
    SIM_CHECK(sim,
              is_told == (bounced != 0 && record->record != RECORD_REMOVED) && (!bounced || record->task == bounced),
              "record %llu comes %s a task is escalated that was passed on too often", AT(record->seq),
              is_told ? "and" : "before");
}

static struct model_escalation *open_one(struct model_task *task)
{
    for (int i = 0; i < task->escalation_count; i++)
        if (task->escalations[i].step == MODEL_BOUNCES && model_is_open(&task->escalations[i]))
            return &task->escalations[i];
    return NULL;
}

void bounces_learn_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct world_policy *policy = task_policy(sim, task);
    const uint32_t lead = world_one(rules_standing(&sim->world, task, task->lead, record->time));
    struct model_escalation *open = open_one(task);
    uint32_t told = 0;
    for (uint32_t i = 0; i < policy->step_count; i++) {
        const struct world_step *step = &policy->steps[i];
        if (step->does == RUNG_ESCALATE && step->level == policy->bounces_level && step->deadline != DEADLINE_DECISION)
            told |= rules_holders(&sim->world, task, step->to, record->time) |
                    world_standing_all(&sim->world, step->agencies, record->time);
    }
    told &= ~rules_excluded(&sim->world, task, record->time);
    if ((told & ~lead) == 0)
        told |= world_one(world_standing(&sim->world, task->assigner, record->time));
    const uint32_t to = told & ~lead ? told & ~lead : lead;
    SIM_CHECK(sim,
              record->level == (uint64_t)policy->bounces_level && world_mask(record->addressed) == to &&
                  record->bounces == (uint64_t)task->bounces && !MSG_HAS(record, record, step) &&
                  record->escalation == (open ? open->id : record->seq),
              "record %llu escalates to level %llu and %x, which was to be %d and %x", AT(record->seq),
              AT(record->level), world_mask(record->addressed), policy->bounces_level, to);
    rules_check_told(sim, record, told, NOTICE_ESCALATED, SEVERITY_CRITICAL);
    if (open) {
        open->to = to;
        open->told = record->time;
    } else {
        rounds_open_escalation(sim, task, record, MODEL_BOUNCES);
    }
    sim->model.bounced = 0;
    sim->model.bounces++;
}

void bounces_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    const int kept = task->bounces < MODEL_LED ? task->bounces : MODEL_LED;
    SIM_CHECK(sim, shown->bounces == (uint64_t)task->bounces && shown->led.count == (uint32_t)kept,
              "task %llu is shown with %llu bounces, of %u leads; it had %d", AT(task->number), AT(shown->bounces),
              shown->led.count, task->bounces);
    for (int i = 0; i < kept; i++) {
        const int led = task->led[(task->bounces - kept + i) % MODEL_LED];
        SIM_CHECK(sim, world_agency(shown->led.items[i]) == led, "task %llu is shown as led by another before",
                  AT(task->number));
    }
}
