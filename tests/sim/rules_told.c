/* Who must know of a change, and what those are told who may read a task no more. */
#include "sim/rules_parts.h"
#include "sim/sim.h"

#define IN(state) TERM_BIT(STATE_##state)
#define OPEN      (IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(SUSPENDED))
#define ANY       (OPEN | IN(COMPLETED) | IN(CANCELLED))

#define LEAD        TERM_BIT(ROLE_LEAD)
#define ASSIGNER    TERM_BIT(ROLE_ASSIGNER)
#define SUPERVISOR  TERM_BIT(ROLE_SUPERVISOR)
#define COOPERATING TERM_BIT(ROLE_COOPERATING)
#define OBSERVER    TERM_BIT(ROLE_OBSERVER)
#define SUPERIOR    TERM_BIT(ROLE_LEAD_SUPERIOR)
#define ESCALATED   TERM_BIT(ROLE_ESCALATED)
#define DECIDER     TERM_BIT(ROLE_DECIDER)
#define ABOVE_IT    TERM_BIT(ROLE_DECIDER_SUPERIOR)
#define CONSULTED   TERM_BIT(ROLE_CONSULTED)
#define ROLES       (LEAD | ASSIGNER | SUPERVISOR | COOPERATING | OBSERVER)
#define EVERYBODY   (ROLES | SUPERIOR | ESCALATED | DECIDER | CONSULTED)
#define CONCERNED   (LEAD | ASSIGNER | SUPERVISOR | COOPERATING | DECIDER) /* by what the lead asks */

void rules_check_told(struct sim *sim, const struct msg_record *record, uint32_t told, int notice, int severity)
{
    const uint32_t to = world_mask(record->to);
    SIM_CHECK(sim, to == told && record->to.count == (uint32_t)__builtin_popcount(to),
              "record %llu tells %x, and those who must know are %x", (unsigned long long)record->seq, to, told);
    const uint32_t excluded = world_standing_all(&sim->world, world_mask(record->content.excluded), record->time);
    const uint32_t also = names_also_told(sim, record, told, sim->model.kept_out | excluded);
    SIM_CHECK(sim, world_mask(record->stand_ins) == also, "record %llu is told to %x besides, who should be %x",
              (unsigned long long)record->seq, world_mask(record->stand_ins), also);
    SIM_CHECK(sim, told == 0 || (record->notice == notice && record->severity == severity),
              "record %llu is told as notice %d, severity %d", (unsigned long long)record->seq, record->notice,
              record->severity);
}

uint32_t rules_told_besides(const struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *content = &record->content;
    uint32_t told = 0;
    if (record->action == ACTION_REASSIGN || record->action == ACTION_AMEND || rules_gives_lead(record))
        told |= world_one(world_agency(record->lead));
    if (record->action == ACTION_AMEND)
        told |= world_mask(content->cooperating) | world_mask(content->observers) |
                (content->supervisor.size ? world_one(world_agency(content->supervisor)) : 0);
    const uint32_t excluded = world_standing_all(&sim->world, world_mask(content->excluded), record->time);
    for (int i = 0; record->action == ACTION_AMEND && i < WORLD_AGENCIES; i++)
        if ((excluded >> i & 1) && rules_may_read(&sim->world, task, i, record->time))
            told |= world_one(i);
    if (record->action == ACTION_ESCALATE)
        told |= world_mask(record->addressed);
    if (record->action == ACTION_ASK)
        told |= world_one(world_agency(record->asked.decider));
    if (record->action == ACTION_CONSULT)
        told |= world_mask(sim->model.asked.consult.agencies);
    if (record->action == ACTION_RECALL)
        told |= opinions_recalled(sim, task, record->time);
    if (record->action == ACTION_AMEND && MSG_HAS(content, content, excluded))
        told |= rules_let_in(sim, task, excluded, record->time);
    const bool is_read = record->action == ACTION_ACCEPT && task->kind == KIND_CIRCULAR; /* which is the end of it */
    return world_standing_all(&sim->world, told, record->time) |
           (is_read ? rules_holders(&sim->world, task, ESCALATED | CONSULTED, record->time) : 0) |
           rules_standing_all(&sim->world, task, asked_of_ended(task, record), record->time);
}

uint32_t rules_with_names(const struct msg_record *record, uint32_t told)
{
    if (!MSG_HAS(record, record, stand_in))
        return told;
    return (told & ~world_one(world_agency(record->stand_in))) | world_one(world_agency(record->actor));
}

uint32_t rules_removed_by(const struct sim *sim, const struct model_task *task, const struct msg_record *record,
                          uint32_t told, bool was_restricted)
{
    uint32_t removed = 0;
    const bool changes_lead = record->action == ACTION_REASSIGN || record->action == ACTION_GRANT;
    if (record->action != ACTION_AMEND && !(changes_lead && (was_restricted || task->restricted)))
        return 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((told >> i & 1) && !rules_may_read(&sim->world, task, i, record->time))
            removed |= world_one(i);
    return removed;
}

void rules_learn_removed(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const msg_bits allowed = MSG_BIT(record, seq) | MSG_BIT(record, time) | MSG_BIT(record, record) |
                             MSG_BIT(record, actor) | MSG_BIT(record, task) | MSG_BIT(record, previous) |
                             MSG_BIT(record, reference) | MSG_BIT(record, title) | MSG_BIT(record, notice) |
                             MSG_BIT(record, severity) | MSG_BIT(record, reason) | MSG_BIT(record, to) |
                             MSG_BIT(record, scope) | MSG_BIT(record, stand_in) | MSG_BIT(record, stand_ins);
    SIM_CHECK(sim, model->removed != 0 && (record->has & ~allowed) == 0,
              "record %llu takes somebody off task %llu, or says more than that", (unsigned long long)record->seq,
              (unsigned long long)task->number);
    SIM_CHECK(sim, text_equal(record->reference, text_of(task->reference)), "record %llu names task %llu otherwise",
              (unsigned long long)record->seq, (unsigned long long)task->number);
    SIM_CHECK(sim, (MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED) == model->removed_alone,
              "record %llu says otherwise of its scope", (unsigned long long)record->seq);
    rules_check_told(sim, record, model->removed, NOTICE_REMOVED, SEVERITY_NOTICE);
    model->removed = 0;
}
