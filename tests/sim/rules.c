/* The rules of a task's life and of authority, written a second time, from the words of the design: who may do what in
 * which state, what comes of it, who must know. What the records tell is held against them.
 */
#include "base/xalloc.h"
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

bool rules_gives_lead(const struct msg_record *record)
{
    return record->action == ACTION_GRANT &&
           (record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER);
}

uint32_t rules_let_in(const struct sim *sim, const struct model_task *task, uint32_t excluded, int64_t now)
{
    uint32_t roles = world_one(task->lead) | world_one(task->supervisor) | task->cooperating | task->observers, in = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int stands = world_standing(&sim->world, i, now);
        if ((roles >> i & 1) && rules_standing(&sim->world, task, i, now) != stands && !(excluded >> stands & 1))
            in |= world_one(stands);
    }
    return in;
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
    rules_check_told(sim, record, rules_with_names(record, all), NOTICE_ASSIGNED, SEVERITY_NOTICE);
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
    const uint32_t told = rules_holders(&sim->world, task, rule->told, record->time) |
                          rules_told_besides(sim, task, record);
    /* What was escalated because a task was not accepted is met once it is; what completes it ends all of it. */
    const bool is_met = record->action == ACTION_ACCEPT && task->kind != KIND_CIRCULAR;
    const uint32_t ended = rounds_superseded(
        sim, task, record, rounds_begun(sim, task, record) | (is_met ? TERM_BIT(DEADLINE_ACCEPTANCE) : 0));
    /* Who said it when a document was replaced is told as well, when it comes to that. */
    const uint32_t all = rules_with_names(record, (told | ended) & ~(documents_is_move(record) ? 0 : world_one(actor)));
    const bool was_restricted = task->restricted;
    const uint32_t deciders = rules_holders(&sim->world, task, DECIDER, record->time);
    outcome_action(sim, task, record);
    const uint32_t excused = deciders & ~rules_excluded(&sim->world, task, record->time);
    sim->model.removed = rules_removed_by(sim, task, record, all & ~excused, was_restricted);
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
            rules_learn_removed(sim, task, record);
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
