/* What an assignment makes: a task, under its reference, for its leads. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/outcome_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static uint64_t children(const struct sim *sim, int parent, int64_t now)
{
    uint64_t children = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        children += sim->world.agencies[i].parent == parent && sim->world.agencies[i].assignable &&
                    world_is_valid(&sim->world, i, now);
    return children;
}

/* How many tasks the assignment makes, and which of them a record is. */
static uint64_t parts_of(const struct sim *sim, const struct msg_record *record)
{
    const struct msg_assign *asked = &sim->model.asked.assign;
    if (MSG_HAS(record, record, scheduled))
        return asked->leads.count > 0 ? asked->leads.count
                                      : children(sim, world_agency(asked->children_of), record->time);
    return MSG_HAS(record, record, parts) ? record->parts : 1;
}

static uint64_t part_of(const struct sim *sim, const struct msg_record *record)
{
    return MSG_HAS(record, record, scheduled) ? sim->model.scheduled_made : record->part;
}

static void check_reference(struct sim *sim, const struct model_task *task, const struct msg_assign *asked,
                            const struct msg_record *record)
{
    char wanted[64];
    const char *lead = parts_of(sim, record) > 1 ? world_agency_ids[task->lead] : "";
    snprintf(wanted, sizeof wanted, "%.*s%s%s", TEXT_ARGS(asked->reference), *lead ? "/" : "", lead);
    SIM_CHECK(sim, strcmp(wanted, task->reference) == 0, "task %llu is called %s, and was to be %s", AT(task->number),
              task->reference, wanted);
    for (size_t i = 0; i < sim->model.task_count; i++)
        SIM_CHECK(sim,
                  sim->model.tasks[i].assigner != task->assigner ||
                      strcmp(sim->model.tasks[i].reference, task->reference) != 0,
                  "task %llu has the reference %s, as task %zu has", AT(task->number), task->reference, i + 1);
}

static void check_leads(struct sim *sim, const struct model_task *task, const struct msg_assign *asked,
                        const struct msg_record *record)
{
    if (asked->leads.count > 0) {
        SIM_CHECK(sim,
                  parts_of(sim, record) == asked->leads.count && part_of(sim, record) < parts_of(sim, record) &&
                      task->lead == world_agency(asked->leads.items[part_of(sim, record)]),
                  "record %llu is not for the lead that was named", AT(record->seq));
        return;
    }
    const int parent = world_agency(asked->children_of);
    const uint64_t wanted = children(sim, parent, record->time);
    SIM_CHECK(sim, parts_of(sim, record) == wanted && sim->world.agencies[task->lead].parent == parent,
              "record %llu is part of %llu for %llu children", AT(record->seq), AT(parts_of(sim, record)), AT(wanted));
}

void outcome_assign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_assign *asked = &sim->model.asked.assign;
    *task = (struct model_task){.number = record->task, .version = 1, .supervisor = -1, .percent = -1, .policy = -1};
    task->missing = NO_TIME;
    task->target = NAN;
    task->state = STATE_ASSIGNED;
    task->assigner = world_agency(record->assigner);
    task->lead = world_agency(record->lead);
    task->kind = KIND_DIRECTIVE;
    outcome_copy_text(task->reference, sizeof task->reference, record->reference);
    task->calendar = world_calendar(MSG_HAS(asked, assign, calendar) ? asked->calendar : TEXT("default"));
    if (task->calendar >= 0 && !sim->world.calendars[task->calendar].exists)
        task->calendar = -1;
    if (!MSG_HAS(asked, assign, policy))
        task->policy = sim->world.usual_policy < 0 ? -1 : world_newest(&sim->world, sim->world.usual_policy);
    else if (!text_equal(asked->policy, TEXT("none")))
        task->policy = world_newest(&sim->world, world_policy_name(asked->policy));
    const struct world_policy *policy = task_policy(sim, task);
    SIM_CHECK(sim,
              task->calendar == (MSG_HAS(record, record, calendar) ? world_calendar(record->calendar) : -1) &&
                  MSG_HAS(record, record, policy) == (policy != NULL) &&
                  (!policy || policy->version == record->policy_version),
              "task %llu is under other rules than were asked for", AT(task->number));
    outcome_take_content(sim, task, &asked->content, record);
    task->assigned = task->first_assigned = record->time;
    task->reported = task->submitted = task->closed = task->suspended = task->until = task->report_missed = NO_TIME;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < MODEL_DEADLINES; deadline++) {
        task->round[deadline] = 1;
        task->since[deadline] = NO_TIME;
    }
    const bool names_due = MSG_HAS(&asked->content, content, due), is_scheduled = MSG_HAS(record, record, scheduled);
    const int64_t from = is_scheduled ? sim->model.scheduled_from : record->time;
    const bool ends = is_scheduled && sim->model.scheduled_due != NO_TIME;
    const struct text words = names_due         ? asked->content.due
                              : policy && !ends ? text_of(policy->due)
                                                : (struct text){0};
    dates_learn_words(task, words, from);
    task->due = ends ? sim->model.scheduled_due : dates_of_words(sim, task, words, from, asked->backdated);
    task->original_due = task->due;
    task->is_due_given = task->due != NO_TIME;
    task->assigned = record->time;
    task->accept_due = NO_TIME;
    dates_give_accept(sim, task, record->time);
    dates_owe_report(sim, task, record->time);
    SIM_CHECK(sim, MSG_HAS(record, record, accept_due) == (task->accept_due != NO_TIME),
              "record %llu: by when to accept?", AT(record->seq));
    dates_check(sim, task, record);
    outcome_check_roles(sim, task, record);
    tasking_check(sim, task, record);
    outcome_check_named(sim, task, &asked->content, record);
    outcome_check_new_lead(sim, task, record);
    tasking_check_imposed(sim, task, record, true, task->reporting != 0);
    if (names_due || ends)
        tasking_check_time(sim, task, NO_TIME, record);
    tasking_check_hanging(sim, task, record);
    check_reference(sim, task, asked, record);
    check_leads(sim, task, asked, record);
    documents_check_cited(sim, task, &(struct model_cited){0}, &asked->content, record);
    targets_check(sim, task, NULL, record);
    SIM_CHECK(sim, !waits_for_itself(sim, task), "task %llu waits for itself", AT(task->number));
    SIM_CHECK(sim, task->parent || !task->weight, "task %llu has a weight, and is a part of none", AT(task->number));
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    SIM_CHECK(sim, !whole || task->due == NO_TIME || whole->due == NO_TIME || task->due <= whole->due,
              "task %llu is due after its whole %llu", AT(task->number), AT(task->parent));
}
