/* A copy of the store, and what becomes of it when it is put in the store's place: another store. What the model knew when the
 * copy was made is what it knows then; requests that were answered since may be sent again, and are done for the first time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

void model_keep(struct sim *sim)
{
    const struct model *model = &sim->model;
    struct model_copy *copy = &sim->copy;
    free(copy->tasks);
    *copy = (struct model_copy){.is_there = true,
                                .records = model->count,
                                .parted = model->parted,
                                .last_time = model->last_time,
                                .tasks = xcalloc(model->task_count + 1, sizeof *model->tasks),
                                .task_count = model->task_count,
                                .world = sim->world};
    if (model->task_count > 0)
        memcpy(copy->tasks, model->tasks, model->task_count * sizeof *model->tasks);
    memcpy(copy->schedules, model->schedules, sizeof copy->schedules);
    copy->schedule_count = model->schedule_count;
    memcpy(copy->documents, model->documents, sizeof copy->documents);
    copy->document_count = model->document_count;
    memcpy(copy->store, model->store, sizeof copy->store);
    memcpy(copy->ancestor, model->ancestor, sizeof copy->ancestor);
}

static void forget_request(struct request *request, uint64_t after)
{
    if (request->seq <= after)
        return;
    request->seq = request->parts = 0;
    request->is_done = request->changed_nothing = false;
}

void model_put_back(struct sim *sim)
{
    const struct model_copy *copy = &sim->copy;
    struct model *model = &sim->model;
    const struct world now = sim->world;
    model->count = copy->records;
    model->parted = copy->parted;
    memcpy(model->store, copy->store, sizeof model->store);
    memcpy(model->ancestor, copy->ancestor, sizeof model->ancestor);
    model->last_time = copy->last_time;
    model->task_count = copy->task_count;
    if (copy->task_count > 0)
        memcpy(model->tasks, copy->tasks, copy->task_count * sizeof *model->tasks);
    memcpy(model->schedules, copy->schedules, sizeof model->schedules);
    model->schedule_count = copy->schedule_count;
    memcpy(model->documents, copy->documents, sizeof model->documents);
    model->document_count = copy->document_count;
    model->scheduled_made = 0;
    sim->world = copy->world;
    sim->world.policies = now.policies; /* all versions that the copy has come first in it */
    sim->world.policy_capacity = now.policy_capacity;
    for (size_t i = 0; i < model->request_count; i++)
        forget_request(&model->requests[i], model->count);
    if (sim->broker->access > model->count)
        sim->broker->access = model->count;
    model_reckon_all(sim);
    model->is_restored = true;
}

/* Everybody is told who has a key, or whoever stands for it, a store's record after the first. */
void copy_learn_store(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const struct world *world = &sim->world;
    uint32_t told = 0;
    SIM_CHECK(sim, record->digest.size == sizeof model->store, "record %llu names no store",
              (unsigned long long)record->seq);
    if (record->seq == 1) {
        memcpy(model->store, record->digest.data, sizeof model->store);
        return;
    }
    SIM_CHECK(sim, model->is_restored, "record %llu says that the store was restored", (unsigned long long)record->seq);
    SIM_CHECK(sim, memcmp(model->store, record->digest.data, sizeof model->store) != 0,
              "the restored store goes by the name of the one that the copy is of");
    for (int i = 0; i < WORLD_KEYS; i++)
        if (world->keys[i].agency >= 0 && !world->keys[i].revoked)
            told |= world_one(world_standing(world, world->keys[i].agency, record->time));
    rules_check_told(sim, record, told, NOTICE_RESTORED, SEVERITY_WARNING);
    memcpy(model->ancestor, model->store, sizeof model->ancestor);
    memcpy(model->store, record->digest.data, sizeof model->store);
    model->parted = record->seq - 1;
    model->is_restored = false;
    model->restored++;
}
