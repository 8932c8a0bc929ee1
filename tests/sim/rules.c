/* The rules of a task's life and of authority, written a second time, from the words of the design: who may do what in
 * which state, what comes of it, who must know. What the records tell is held against them.
 */
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
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

#define STAYS   0
#define RESUMES (-1)

/* What the lead does moves the work on; what becomes of it is for those who gave or watch it to say. */
static const struct rule {
    uint32_t who;
    uint32_t from;
    int to;
    uint32_t told; /* roles; of the escalated, those whose escalation is open */
    int notice, severity;
} rules[ACTION_END] = {
    [ACTION_ASSIGN] = {0, 0, STATE_ASSIGNED, ROLES, NOTICE_ASSIGNED, SEVERITY_NOTICE},
    [ACTION_ACCEPT] = {LEAD, IN(ASSIGNED), STATE_ACCEPTED, ASSIGNER | SUPERVISOR, NOTICE_ACCEPTED, SEVERITY_INFO},
    [ACTION_START] = {LEAD, IN(ACCEPTED), STATE_IN_PROGRESS, ASSIGNER | SUPERVISOR, NOTICE_STARTED, SEVERITY_INFO},
    [ACTION_REPORT] = {LEAD, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_IN_PROGRESS, ASSIGNER | SUPERVISOR | OBSERVER,
                       NOTICE_REPORTED, SEVERITY_INFO},
    [ACTION_SUBMIT] = {LEAD, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_SUBMITTED, ROLES | ESCALATED, NOTICE_SUBMITTED,
                       SEVERITY_NOTICE},
    [ACTION_CONFIRM] = {ASSIGNER | SUPERVISOR, IN(SUBMITTED), STATE_COMPLETED, ROLES | CONSULTED, NOTICE_CONFIRMED,
                        SEVERITY_INFO},
    [ACTION_REJECT] = {ASSIGNER | SUPERVISOR, IN(SUBMITTED), STATE_IN_PROGRESS, ROLES, NOTICE_REJECTED,
                       SEVERITY_NOTICE},
    [ACTION_SUSPEND] = {ASSIGNER, OPEN & ~IN(SUSPENDED), STATE_SUSPENDED, ROLES | ESCALATED, NOTICE_SUSPENDED,
                        SEVERITY_NOTICE},
    [ACTION_RESUME] = {ASSIGNER, IN(SUSPENDED), RESUMES, ROLES | ESCALATED, NOTICE_RESUMED, SEVERITY_NOTICE},
    [ACTION_REASSIGN] = {ASSIGNER, OPEN, STATE_ASSIGNED, ROLES | ESCALATED, NOTICE_REASSIGNED, SEVERITY_NOTICE},
    [ACTION_AMEND] = {ASSIGNER, OPEN, STAYS, ROLES | CONSULTED, NOTICE_AMENDED, SEVERITY_NOTICE},
    [ACTION_CANCEL] = {ASSIGNER, OPEN, STATE_CANCELLED, ROLES | ESCALATED | CONSULTED, NOTICE_CANCELLED,
                       SEVERITY_NOTICE},
    [ACTION_COMMENT] = {EVERYBODY, ANY, STAYS, ROLES, NOTICE_COMMENTED, SEVERITY_INFO},
    [ACTION_ESCALATE] = {LEAD | ASSIGNER | SUPERVISOR | COOPERATING, OPEN, STAYS, LEAD | ASSIGNER | SUPERVISOR,
                         NOTICE_ESCALATED, SEVERITY_CRITICAL},
    [ACTION_ACKNOWLEDGE] = {ESCALATED, OPEN, STAYS, LEAD | ASSIGNER | SUPERVISOR | COOPERATING | ESCALATED,
                            NOTICE_ACKNOWLEDGED, SEVERITY_INFO},
    [ACTION_ASK] = {LEAD, OPEN & ~IN(SUSPENDED), STAYS, CONCERNED, NOTICE_ASKED, SEVERITY_NOTICE},
    [ACTION_GRANT] = {DECIDER, OPEN, STAYS, ROLES | ESCALATED | DECIDER, NOTICE_GRANTED, SEVERITY_NOTICE},
    [ACTION_DENY] = {DECIDER, OPEN, STAYS, CONCERNED, NOTICE_DENIED, SEVERITY_NOTICE},
    [ACTION_ANSWER] = {LEAD, IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS), STATE_COMPLETED,
                       ROLES | ESCALATED | CONSULTED, NOTICE_ANSWERED, SEVERITY_NOTICE},
    [ACTION_TAKE_BACK] = {LEAD, OPEN, STAYS, CONCERNED, NOTICE_TAKEN_BACK, SEVERITY_INFO},
    [ACTION_CONSULT] = {LEAD, IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS), STAYS,
                        LEAD | ASSIGNER | SUPERVISOR | COOPERATING, NOTICE_CONSULTED, SEVERITY_NOTICE},
    [ACTION_OPINE] = {CONSULTED, OPEN, STAYS, LEAD | ASSIGNER | SUPERVISOR | COOPERATING, NOTICE_OPINED,
                      SEVERITY_NOTICE},
    [ACTION_RECALL] = {LEAD, OPEN, STAYS, LEAD | ASSIGNER | SUPERVISOR | COOPERATING, NOTICE_TAKEN_BACK, SEVERITY_INFO},
};

uint32_t rules_who(int action)
{
    return rules[action].who;
}

uint32_t rules_states(int action)
{
    return rules[action].from;
}

/* ---- roles ---- */

static uint32_t escalated_to(const struct model_task *task, bool only_open)
{
    uint32_t to = 0;
    for (int i = 0; i < task->escalation_count; i++)
        if (!only_open || model_is_open(&task->escalations[i]))
            to |= task->escalations[i].to;
    return to;
}

static uint32_t named(const struct model_task *task, uint32_t role)
{
    switch (role) {
    case LEAD:
        return world_one(task->lead);
    case ASSIGNER:
        return world_one(task->assigner);
    case SUPERVISOR:
        return world_one(task->supervisor);
    case COOPERATING:
        return task->cooperating;
    case OBSERVER:
        return task->observers;
    default:
        return 0;
    }
}

int rules_standing(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const int stands = world_standing(world, agency, now);
    const bool is_kept_out = stands >= 0 && stands != agency && agency != task->assigner &&
                             (world_standing_all(world, task->excluded, now) >> stands & 1);
    return is_kept_out ? world_standing(world, task->assigner, now) : stands;
}

/* The same, of a time that is over: successions are those of then. */
int rules_held(const struct world *world, const struct model_task *task, int agency, int64_t at)
{
    const int held = world_held(world, agency, at);
    bool is_kept_out = false;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        is_kept_out |= (task->excluded >> i & 1) && world_held(world, i, at) == held;
    is_kept_out = is_kept_out && held >= 0 && held != agency && agency != task->assigner;
    return is_kept_out ? world_held(world, task->assigner, at) : held;
}

uint32_t rules_standing_all(const struct world *world, const struct model_task *task, uint32_t mask, int64_t now)
{
    uint32_t all = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (mask >> i & 1)
            all |= world_one(rules_standing(world, task, i, now));
    return all;
}

static bool is_fallen(const struct world *world, const struct model_task *task, int64_t then)
{
    return (OPEN & TERM_BIT(task->state)) &&
           rules_standing(world, task, task->lead, then) != world_standing(world, task->lead, then);
}

void rules_mark_fallen(struct sim *sim, int64_t then)
{
    for (size_t i = 0; i < sim->model.task_count; i++)
        sim->model.tasks[i].is_fallen = is_fallen(&sim->world, &sim->model.tasks[i], then);
}

uint32_t rules_newly_fallen(const struct sim *sim, int ended, int64_t then)
{
    const struct world *world = &sim->world;
    uint32_t to = 0;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        if (!task->is_fallen && is_fallen(world, task, then) &&
            world_standing(world, task->lead, then) == world_standing(world, ended, then))
            to |= world_one(rules_standing(world, task, task->lead, then));
    }
    return to;
}

static uint32_t superior(const struct world *world, const struct model_task *task, int64_t now)
{
    return world_one(world->agencies[rules_standing(world, task, task->lead, now)].parent);
}

/* Who stands above the one that decides what was asked first. */
static uint32_t above_decider(const struct world *world, const struct model_task *task, int64_t now)
{
    const struct model_asked *oldest = asked_oldest(task);
    int at = oldest ? world->agencies[rules_standing(world, task, oldest->decider, now)].parent : -1;
    while (at >= 0 && !asked_may_know(world, task, world_standing(world, at, now), now))
        at = world->agencies[at].parent;
    return world_one(at);
}

/* Whoever asks never decides, whom it may have succeeded since, nor whoever is excluded. Who stands in for it meanwhile has it to
 * decide, later. */
static bool decides(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return asked_may_decide(world, task, agency, now) &&
           (rules_standing_all(world, task, asked_deciders(task), now) >> agency & 1);
}

static uint32_t named_roles(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t roles = 0;
    for (uint32_t role = 1; role <= ROLES; role <<= 1)
        if (rules_standing_all(world, task, named(task, role), now) >> agency & 1)
            roles |= role;
    return roles;
}

uint32_t rules_excluded(const struct world *world, const struct model_task *task, int64_t now)
{
    uint32_t excluded = world_standing_all(world, task->excluded, now);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((excluded >> i & 1) && named_roles(world, task, i, now))
            excluded &= ~world_one(i);
    return excluded;
}

uint32_t rules_unexcluded(const struct world *world, const struct model_task *task, uint32_t to, int64_t now)
{
    const uint32_t excluded = rules_excluded(world, task, now);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((to >> i & 1) && (excluded >> rules_standing(world, task, i, now) & 1))
            to &= ~world_one(i);
    return to;
}

static uint32_t addressed(const struct world *world, const struct model_task *task, bool only_open, int64_t now)
{
    return rules_unexcluded(world, task, escalated_to(task, only_open), now);
}

uint32_t rules_roles(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t roles = named_roles(world, task, agency, now);
    if (world_standing_all(world, superior(world, task, now), now) >> agency & 1)
        roles |= SUPERIOR;
    if (rules_standing_all(world, task, addressed(world, task, false, now), now) >> agency & 1)
        roles |= ESCALATED;
    if (decides(world, task, agency, now))
        roles |= DECIDER;
    if (opinions_owing(world, task, 0, now) >> agency & 1)
        roles |= CONSULTED;
    return roles;
}

uint32_t rules_holders(const struct world *world, const struct model_task *task, uint32_t roles, int64_t now)
{
    uint32_t holders = 0;
    for (uint32_t role = 1; role <= ROLES; role <<= 1)
        if (roles & role)
            holders |= named(task, role);
    if (roles & ESCALATED)
        holders |= addressed(world, task, true, now);
    if (roles & DECIDER)
        holders |= asked_deciders(task);
    const uint32_t above = (roles & SUPERIOR ? superior(world, task, now) : 0) |
                           (roles & ABOVE_IT ? above_decider(world, task, now) : 0);
    return rules_standing_all(world, task, holders, now) | world_standing_all(world, above, now) |
           (roles & CONSULTED ? opinions_owing(world, task, 0, now) : 0);
}

/* Those with a role, and unless it is restricted those above them; who is to decide what is asked or owes an opinion, and nobody above; an agency that is gone is read by those above it and
 * above its successor. */
bool rules_may_read(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const uint32_t holders = world_one(task->lead) | world_one(task->assigner) | world_one(task->supervisor) |
                             task->cooperating | task->observers | addressed(world, task, false, now);
    if (decides(world, task, agency, now) || (opinions_owing(world, task, 0, now) >> agency & 1))
        return true;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int stands = rules_standing(world, task, i, now);
        if (!(holders >> i & 1))
            continue;
        if (stands == agency)
            return true;
        if (!task->restricted && (world_covers(world, agency, stands) || world_covers(world, agency, i)))
            return true;
    }
    return false;
}

bool rules_key_may_read(const struct world *world, const struct model_task *task, int key, int64_t now)
{
    return world_has_right(world, key, RIGHT_READ) && rules_may_read(world, task, world->keys[key].agency, now);
}

bool rules_may_be_told(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    const uint32_t holders = world_one(task->lead) | world_one(task->assigner) | world_one(task->supervisor) |
                             task->cooperating | task->observers;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((holders >> i & 1) &&
            (world_covers(world, agency, rules_standing(world, task, i, now)) || world_covers(world, agency, i)))
            return true;
    return rules_may_read(world, task, agency, now);
}

static bool is_addressed(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return rules_standing_all(world, task, addressed(world, task, true, now), now) >> agency & 1;
}

uint32_t rules_may(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint32_t may = 0;
    if (!rules_may_read(world, task, agency, now))
        return 0;
    const uint32_t roles = rules_roles(world, task, agency, now);
    for (int action = 1; action < ACTION_END; action++)
        if ((roles & rules[action].who) && (rules[action].from & TERM_BIT(task->state)))
            may |= TERM_BIT(action);
    bool asks = false;
    for (int i = 0; i < task->ask_count; i++)
        asks |= !task->asks[i].outcome;
    may &= asked_decides(world, task, agency, now) ? may : ~(TERM_BIT(ACTION_GRANT) | TERM_BIT(ACTION_DENY));
    may &= is_addressed(world, task, agency, now) ? may : ~TERM_BIT(ACTION_ACKNOWLEDGE);
    may &= task->kind == KIND_RECOMMENDATION ? may : ~TERM_BIT(ACTION_ANSWER);
    may &= opinions_wait(task, 0) ? may : ~TERM_BIT(ACTION_RECALL);
    may &= asked_has_decider(world, task, now) ? may : ~TERM_BIT(ACTION_ASK);
    return asks ? may : may & ~TERM_BIT(ACTION_TAKE_BACK);
}

/* ---- what agencies do ---- */

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

static bool gives_lead(const struct msg_record *record)
{
    return record->action == ACTION_GRANT &&
           (record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER);
}

/* Whoever has succeeded to a role that was the assigner's meanwhile, and is not excluded any more. */
static uint32_t let_in(const struct sim *sim, const struct model_task *task, uint32_t excluded, int64_t now)
{
    uint32_t roles = world_one(task->lead) | world_one(task->supervisor) | task->cooperating | task->observers, in = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int stands = world_standing(&sim->world, i, now);
        if ((roles >> i & 1) && rules_standing(&sim->world, task, i, now) != stands && !(excluded >> stands & 1))
            in |= world_one(stands);
    }
    return in;
}

/* Those whom a request itself names, and those who need not wait any more. */
static uint32_t told_besides(const struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *content = &record->content;
    uint32_t told = 0;
    if (record->action == ACTION_REASSIGN || record->action == ACTION_AMEND || gives_lead(record))
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
        told |= let_in(sim, task, excluded, record->time);
    const bool is_read = record->action == ACTION_ACCEPT && task->kind == KIND_CIRCULAR; /* which is the end of it */
    return world_standing_all(&sim->world, told, record->time) |
           (is_read ? rules_holders(&sim->world, task, ESCALATED | CONSULTED, record->time) : 0) |
           rules_standing_all(&sim->world, task, asked_of_ended(task, record), record->time);
}

/* What is done in an agency's name it hears, and who did it does not. */
static uint32_t with_names(const struct msg_record *record, uint32_t told)
{
    if (!MSG_HAS(record, record, stand_in))
        return told;
    return (told & ~world_one(world_agency(record->stand_in))) | world_one(world_agency(record->actor));
}

static void learn_assign(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    SIM_CHECK(sim, record->task == model->task_count + 1, "task %llu comes after task %zu",
              (unsigned long long)record->task, model->task_count);
    const bool is_scheduled = MSG_HAS(record, record, scheduled);
    if (is_scheduled)
        schedules_begin_task(sim, record);
    SIM_CHECK(sim,
              (is_scheduled ? record->actor.size == 0 : text_equal(record->actor, record->assigner)) &&
                  record->version == 1 && record->previous == 0 && record->state == STATE_ASSIGNED,
              "task %llu begins oddly", (unsigned long long)record->task);
    model->tasks = xgrow(model->tasks, model->task_count, &model->task_capacity, sizeof *model->tasks);
    struct model_task *task = &model->tasks[model->task_count];
    outcome_assign(sim, task, record);
    model->task_count++;
    model->scheduled_made += is_scheduled;
    /* Whoever has it made by a schedule is told as little as who gives it by hand; but for what else it is to the task. */
    const uint32_t roles = rules[ACTION_ASSIGN].told & ~(is_scheduled ? TERM_BIT(ROLE_ASSIGNER) : 0);
    const uint32_t told = rules_holders(&sim->world, task, roles, record->time);
    const uint32_t all = told & ~(is_scheduled ? 0 : world_one(world_agency(record->actor)));
    rules_check_told(sim, record, with_names(record, all), NOTICE_ASSIGNED, SEVERITY_NOTICE);
}

static int state_after(const struct model_task *task, int action, int asking)
{
    const int to = rules[action].to;
    if (action == ACTION_ACCEPT && task->kind == KIND_CIRCULAR)
        return STATE_COMPLETED;
    if (action == ACTION_GRANT && asking == ASKING_SUSPENSION)
        return STATE_SUSPENDED;
    if (action == ACTION_GRANT && asking == ASKING_WITHDRAWAL)
        return STATE_IN_PROGRESS;
    if (action == ACTION_GRANT && asking != ASKING_EXTENSION)
        return STATE_ASSIGNED;
    return to == STAYS ? task->state : to == RESUMES ? task->resumes_as : to;
}

static void check_may(struct sim *sim, const struct model_task *task, const struct msg_record *record, int actor)
{
    const struct rule *rule = &rules[record->action];
    const uint32_t roles = rules_roles(&sim->world, task, actor, record->time);
    SIM_CHECK(sim, roles & rule->who && rules_may_read(&sim->world, task, actor, record->time),
              "record %llu: %s may not %s", (unsigned long long)record->seq, world_agency_ids[actor],
              term_name(&vocabulary_action, record->action));
    SIM_CHECK(sim, rule->from & TERM_BIT(task->state), "record %llu: %s in state %s", (unsigned long long)record->seq,
              term_name(&vocabulary_action, record->action), term_name(&vocabulary_state, task->state));
    SIM_CHECK(sim,
              !MSG_HAS(&sim->model.asked.accept, change, expect) || sim->model.asked.accept.expect == task->version,
              "record %llu was decided on version %llu, and the task is at %llu", (unsigned long long)record->seq,
              (unsigned long long)sim->model.asked.accept.expect, (unsigned long long)task->version);
}

/* Of those who were to be told, whom the change leaves without the right to read: one that an amendment takes off a task, and
 * the former lead of a restricted one. Who was to decide what it settles hears of that, unless it is excluded. */
static uint32_t removed_by(const struct sim *sim, const struct model_task *task, const struct msg_record *record,
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

/* The record that tells them says which task it was, and nothing that changed. */
static void learn_removed(struct sim *sim, const struct model_task *task, const struct msg_record *record)
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

static void hide(const struct sim *sim, struct model_task *task, int64_t now)
{
    for (int i = 0; task->restricted && i < WORLD_AGENCIES; i++)
        if (!rules_may_read(&sim->world, task, i, now))
            task->hidden_from |= world_one(i);
}

static void learn_action(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct rule *rule = &rules[record->action];
    const int actor = world_agency(record->actor);
    check_may(sim, task, record, actor);
    SIM_CHECK(sim, record->version == task->version + 1, "record %llu makes version %llu of %llu",
              (unsigned long long)record->seq, (unsigned long long)record->version, (unsigned long long)task->version);
    SIM_CHECK(sim, record->state == state_after(task, record->action, record->asked.asking),
              "record %llu: %s makes %s of %s", (unsigned long long)record->seq,
              term_name(&vocabulary_action, record->action), term_name(&vocabulary_state, record->state),
              term_name(&vocabulary_state, task->state));
    const uint32_t told = rules_holders(&sim->world, task, rule->told, record->time) | told_besides(sim, task, record);
    /* What was escalated because a task was not accepted is met once it is; what completes it ends all of it. */
    const bool is_met = record->action == ACTION_ACCEPT && task->kind != KIND_CIRCULAR;
    const uint32_t ended = rounds_superseded(
        sim, task, record, rounds_begun(sim, task, record) | (is_met ? TERM_BIT(DEADLINE_ACCEPTANCE) : 0));
    /* Who said it when a document was replaced is told as well, when it comes to that. */
    const uint32_t all = with_names(record, (told | ended) & ~(documents_is_move(record) ? 0 : world_one(actor)));
    const bool was_restricted = task->restricted;
    const uint32_t deciders = rules_holders(&sim->world, task, DECIDER, record->time);
    outcome_action(sim, task, record);
    const uint32_t excused = deciders & ~rules_excluded(&sim->world, task, record->time);
    sim->model.removed = removed_by(sim, task, record, all & ~excused, was_restricted);
    sim->model.removed_of = task->number;
    sim->model.removed_alone = was_restricted || task->restricted;
    rules_check_told(sim, record, all & ~sim->model.removed, rule->notice, rule->severity);
    task->version++;
}

/* Its document was replaced, and it goes along. */
static void learn_moved(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct rule *rule = &rules[ACTION_AMEND];
    const uint32_t told = rules_holders(&sim->world, task, rule->told, record->time);
    SIM_CHECK(sim, record->version == task->version + 1 && record->state == task->state && record->rounds == 0,
              "record %llu changes more of task %llu than what it cites", (unsigned long long)record->seq,
              (unsigned long long)task->number);
    custody_begin(task);
    documents_move(sim, task, record);
    custody_learn(sim, task, record);
    rules_check_told(sim, record, told, rule->notice, rule->severity);
    task->version++;
}

/* A suspension that was until a day is over. */
static void learn_own_resume(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct rule *rule = &rules[ACTION_RESUME];
    const uint32_t told = rules_holders(&sim->world, task, rule->told, record->time);
    SIM_CHECK(sim, record->action == ACTION_RESUME && record->version == task->version + 1,
              "record %llu is an action of nobody's", (unsigned long long)record->seq);
    custody_begin(task);
    asked_resumed(sim, task, record);
    custody_learn(sim, task, record);
    rules_check_told(sim, record, told, rule->notice, rule->severity);
    task->version++;
}

static void learn_handed_on(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    custody_begin(task);
    asked_handed_on(sim, task, record);
    custody_learn(sim, task, record);
}

void rules_learn(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    if (record->record == RECORD_TASK && record->action == ACTION_ASSIGN) {
        learn_assign(sim, record);
    } else {
        SIM_CHECK(sim, record->task >= 1 && record->task <= model->task_count, "record %llu is of no task",
                  (unsigned long long)record->seq);
        struct model_task *task = &model->tasks[record->task - 1];
        model->kept_out = rules_excluded(&sim->world, task, record->time);
        SIM_CHECK(sim, record->previous == task->record, "record %llu names %llu before it, not %llu",
                  (unsigned long long)record->seq, (unsigned long long)record->previous,
                  (unsigned long long)task->record);
        if (documents_is_move(record))
            documents_check_move(sim, task, record);
        if (record->record == RECORD_RUNG && MSG_HAS(record, record, bounces))
            bounces_learn_escalation(sim, task, record);
        else if (record->record == RECORD_RUNG)
            ladder_learn(sim, record);
        else if (record->record == RECORD_HANDED_ON)
            learn_handed_on(sim, task, record);
        else if (record->record == RECORD_UNANSWERED)
            opinions_unanswered(sim, task, record);
        else if (record->record == RECORD_DUE_MOVED && MSG_HAS(record, record, question))
            opinions_moved(sim, task, record);
        else if (record->record == RECORD_DUE_MOVED)
            dates_due_moved(sim, task, record);
        else if (record->record == RECORD_REMOVED)
            learn_removed(sim, task, record);
        else if (!MSG_HAS(record, record, actor) && record->action == ACTION_AMEND)
            learn_moved(sim, task, record);
        else if (!MSG_HAS(record, record, actor))
            learn_own_resume(sim, task, record);
        else
            learn_action(sim, task, record);
    }
    struct model_task *task = &model->tasks[record->task - 1];
    SIM_CHECK(sim,
              record->record == RECORD_REMOVED ||
                  (MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED) == task->restricted,
              "record %llu says otherwise of its scope", (unsigned long long)record->seq);
    SIM_CHECK(sim,
              record->record == RECORD_REMOVED ||
                  (world_agency(record->lead) == rules_standing(&sim->world, task, task->lead, record->time) &&
                   world_agency(record->assigner) == world_standing(&sim->world, task->assigner, record->time)),
              "record %llu names another lead or assigner than those of its time", (unsigned long long)record->seq);
    SIM_CHECK(sim, task->lead >= 0 && sim->world.agencies[task->lead].exists, "record %llu leaves task %llu to nobody",
              (unsigned long long)record->seq, (unsigned long long)task->number);
    if (record->action == ACTION_ASSIGN)
        task->area = -1;
    if (MSG_HAS(record, record, content) && MSG_HAS(&record->content, content, area))
        task->area = world_area(record->content.area);
    hide(sim, task, record->time);
    task->record = record->seq;
    task->is_reckoned = false;
}
