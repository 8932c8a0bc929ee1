/* What is asked of a task, and whether it may be: the content of an assignment or an amendment, its roles, whom it excludes. */
#include <stdio.h>

#include "sim/outcome_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

void outcome_copy_text(char *to, size_t size, struct text text)
{
    snprintf(to, size, "%.*s", TEXT_ARGS(text));
}

/* Whether it had ended before the record; what the record ends itself is handed on first. */
static bool had_ended(const struct model_escalation *escalation, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->superseded.count; i++)
        if (record->superseded.items[i] == escalation->id)
            return false;
    return escalation->closed;
}

/* No escalation is addressed to them any more, nor to one that they stand for. One that is to nobody else is the assigner's
 * from now on, and gone when it has ended. */
static void exclude(struct sim *sim, struct model_task *task, uint32_t agencies, const struct msg_record *record)
{
    const int64_t now = record->time;
    uint32_t readdressed = 0;
    int kept = 0;
    task->excluded = agencies;
    for (int i = 0; i < task->escalation_count; i++)
        for (int j = 0; j < WORLD_AGENCIES; j++)
            if ((task->escalations[i].to >> j & 1) && (agencies >> world_standing(&sim->world, j, now) & 1))
                task->excluded |= world_one(j);
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        escalation->to &= ~task->excluded;
        if (!escalation->to && !had_ended(escalation, record)) {
            SIM_CHECK(sim,
                      readdressed < record->readdressed.count &&
                          record->readdressed.items[readdressed] == escalation->id,
                      "record %llu leaves escalation %llu to nobody", AT(record->seq), AT(escalation->id));
            readdressed++;
            escalation->to = world_one(task->assigner);
            escalation->told = now;
        }
        if (escalation->to)
            task->escalations[kept++] = *escalation;
    }
    task->escalation_count = kept;
    SIM_CHECK(sim, readdressed == record->readdressed.count, "record %llu gives the assigner %u escalations, not %u",
              AT(record->seq), record->readdressed.count, readdressed);
}

void outcome_take_content(struct sim *sim, struct model_task *task, const struct msg_content *content,
                          const struct msg_record *record)
{
    if (MSG_HAS(content, content, cooperating))
        task->cooperating = world_mask(content->cooperating);
    if (MSG_HAS(content, content, observers))
        task->observers = world_mask(content->observers);
    if (MSG_HAS(content, content, supervisor))
        task->supervisor = world_agency(content->supervisor);
    if (MSG_HAS(content, content, excluded))
        exclude(sim, task, world_mask(content->excluded), record);
    if (MSG_HAS(content, content, scope))
        opinions_restrict(task, content->scope == SCOPE_RESTRICTED);
    if (MSG_HAS(content, content, kind))
        task->kind = content->kind;
    if (MSG_HAS(content, content, reporting))
        task->reporting = content->reporting;
    if (MSG_HAS(content, content, parent))
        task->parent = content->parent;
    if (MSG_HAS(content, content, weight))
        task->weight = (int)content->weight;
    waits_take(task, content);
    documents_take(sim, task, content);
    targets_take(task, content);
}

void outcome_check_roles(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const uint32_t sets[] = {world_one(task->lead), world_one(task->supervisor), task->cooperating, task->observers};
    uint32_t all = 0;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        SIM_CHECK(sim, (all & sets[i]) == 0, "record %llu gives an agency two roles", AT(record->seq));
        all |= sets[i];
    }
    SIM_CHECK(sim,
              task->kind == KIND_RECOMMENDATION || task->kind == KIND_REPORT || task->lead == task->assigner ||
                  !MSG_HAS(&record->content, content, kind) || !world_covers(&sim->world, task->lead, task->assigner),
              "record %llu orders upward", AT(record->seq));
}

void outcome_check_named(struct sim *sim, const struct model_task *task, const struct msg_content *content,
                         const struct msg_record *record)
{
    const struct world *world = &sim->world;
    const uint32_t roles[] = {world_one(task->lead), world_one(task->supervisor), task->cooperating, task->observers};
    const uint32_t given = world_mask(content->cooperating) | world_mask(content->observers) |
                           (content->supervisor.size ? world_one(world_agency(content->supervisor)) : 0);
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        int count = 0;
        for (int j = 0; (given >> i & 1) && j < 4 * WORLD_AGENCIES; j++)
            count += (roles[j % 4] >> (j / 4) & 1) && world_standing(world, j / 4, record->time) == i;
        SIM_CHECK(sim, count <= 1, "record %llu gives %s %d roles", AT(record->seq), world_agency_ids[i], count);
        SIM_CHECK(sim, !(given >> i & 1) || world_is_valid(world, i, record->time),
                  "record %llu names %s, which is not there", AT(record->seq), world_agency_ids[i]);
    }
}

void outcome_check_new_lead(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    SIM_CHECK(sim, sim->world.agencies[task->lead].assignable && world_is_valid(&sim->world, task->lead, record->time),
              "record %llu gives a task to %s, which takes none", AT(record->seq), world_agency_ids[task->lead]);
    SIM_CHECK(sim,
              task->kind == KIND_RECOMMENDATION || task->kind == KIND_REPORT || task->lead == task->assigner ||
                  !world_covers(&sim->world, task->lead, task->assigner),
              "record %llu orders upward", AT(record->seq));
}
