/* Whom an agency may task, what it may impose on those that it may only ask, and whose task it may make parts of. */
#include <stdio.h>

#include "sim/sim.h"

static bool administers(const struct world *world, int key, int name)
{
    return name == world->keys[key].agency && world_has_right(world, key, RIGHT_ADMINISTER);
}

bool tasking_is_outside(const struct world *world, int key, int name, int lead, int64_t now)
{
    return world->by_tree && !world_may_task(world, name, lead, now) && !administers(world, key, name);
}

bool tasking_goes_to_any(int kind)
{
    return kind == KIND_RECOMMENDATION || kind == KIND_REPORT;
}

bool tasking_may_hang(const struct sim *sim, int key, int name, uint64_t whole, int64_t now)
{
    const uint32_t needed = TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_COOPERATING);
    const struct world *world = &sim->world;
    return administers(world, key, name) || (rules_roles(world, &sim->model.tasks[whole - 1], name, now) & needed);
}

static int key_of(const struct sim *sim, const struct msg_record *record)
{
    const struct text sender = MSG_HAS(record, record, stand_in) ? record->stand_in : record->actor;
    return world_labelled(&sim->world, world_agency(sender), record->key);
}

/* What a schedule makes is made with no key: no right of an administrator helps. */
static bool is_outside(const struct sim *sim, const struct msg_record *record, int lead)
{
    const int assigner = world_agency(record->assigner);
    if (MSG_HAS(record, record, scheduled))
        return sim->world.by_tree && !world_may_task(&sim->world, assigner, lead, record->time);
    return tasking_is_outside(&sim->world, key_of(sim, record), world_agency(record->actor), lead, record->time);
}

/* Down the tree, where the store says so: only recommendations and reports go to any, and who administers could grant itself
 * the rest. */
void tasking_check(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    SIM_CHECK(sim, tasking_goes_to_any(task->kind) || !is_outside(sim, record, task->lead),
              "record %llu: %s tasks %s, which is not its to task", (unsigned long long)record->seq,
              world_agency_ids[world_agency(record->assigner)], world_agency_ids[task->lead]);
}

/* Whoever grants lends nobody its right to task. */
void tasking_check_assigner(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const int assigner = world_standing(&sim->world, task->assigner, record->time);
    SIM_CHECK(sim,
              tasking_goes_to_any(task->kind) || !sim->world.by_tree ||
                  world_may_task(&sim->world, assigner, task->lead, record->time),
              "record %llu gives %s a lead that is not its to task", (unsigned long long)record->seq,
              world_agency_ids[assigner]);
}

/* Who may only be asked gets no date that has passed, no ladder but the store's own, and no reports to make. */
void tasking_check_imposed(struct sim *sim, const struct model_task *task, const struct msg_record *record, bool dates,
                           bool reports)
{
    if (!tasking_goes_to_any(task->kind) || !is_outside(sim, record, task->lead))
        return;
    SIM_CHECK(sim, !dates || task->due == NO_TIME || task->due > record->time, "record %llu imposes a date",
              (unsigned long long)record->seq);
    SIM_CHECK(sim, !reports, "record %llu imposes reports", (unsigned long long)record->seq);
    SIM_CHECK(sim,
              record->action == ACTION_AMEND || task->policy < 0 ||
                  task_policy(sim, task)->name == sim->world.usual_policy,
              "record %llu imposes a ladder", (unsigned long long)record->seq);
}

bool tasking_is_over(const struct sim *sim, uint64_t number)
{
    const struct model_task *task = number && number <= sim->model.task_count ? &sim->model.tasks[number - 1] : NULL;
    return task && !model_task_is_open(task);
}

bool tasking_is_soon(const struct world *world, const struct world_calendar *calendar, int64_t due, int64_t now)
{
    char words[16];
    int64_t least;
    const int usual = world->usual_policy < 0 ? -1 : world_newest(world, world->usual_policy);
    const uint64_t days = usual < 0 ? 1 : world->policies[usual].answer_at_least;
    if (due == NO_TIME || days == 0)
        return false;
    snprintf(words, sizeof words, "%lluwd", (unsigned long long)days);
    return days_due(calendar, words, now, &least) == 0 && due < least;
}

/* Who may only be asked has time to answer: of a date that is put off, more than it had. */
void tasking_check_time(struct sim *sim, const struct model_task *task, int64_t was, const struct msg_record *record)
{
    SIM_CHECK(sim,
              !tasking_goes_to_any(task->kind) || !is_outside(sim, record, task->lead) ||
                  (was != NO_TIME && task->due >= was) ||
                  !tasking_is_soon(&sim->world, dates_calendar(sim, task), task->due, record->time),
              "record %llu leaves %s too little time to answer", (unsigned long long)record->seq,
              world_agency_ids[task->lead]);
}

/* Nor are parts given to what has ended. */
void tasking_check_hanging(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    SIM_CHECK(sim, !tasking_is_over(sim, task->parent), "record %llu hangs task %llu on task %llu, which has ended",
              (unsigned long long)record->seq, (unsigned long long)task->number, (unsigned long long)task->parent);
    if (MSG_HAS(record, record, scheduled))
        return; /* only chance fills that in, and a part of a task is seldom made again */
    SIM_CHECK(sim,
              task->parent == 0 ||
                  tasking_may_hang(sim, key_of(sim, record), world_agency(record->actor), task->parent, record->time),
              "record %llu hangs task %llu on task %llu, of which %s only reads", (unsigned long long)record->seq,
              (unsigned long long)task->number, (unsigned long long)task->parent,
              world_agency_ids[world_agency(record->actor)]);
}
