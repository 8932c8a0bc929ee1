#include "sim/rules.h"

#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

#define IN(state) (UINT32_C(1) << STATE_##state)
#define OPEN      (IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(SUSPENDED))
#define ANY       (OPEN | IN(COMPLETED) | IN(CANCELLED))

enum may { LEAD = 1, ASSIGNER = 2, SUPERVISOR = 4, COOPERATING = 8, OBSERVER = 16, SUPERIOR = 32, ESCALATED = 64 };
#define EVERYBODY (LEAD | ASSIGNER | SUPERVISOR | COOPERATING | OBSERVER | SUPERIOR | ESCALATED)

/* What the lead does moves the work on; what becomes of it is for those who gave or watch it to say. 0: it stays. */
static const struct rule {
    unsigned who;
    uint32_t from;
    int to;
} rules[] = {
    [ACTION_ACCEPT] = {LEAD, IN(ASSIGNED), STATE_ACCEPTED},
    [ACTION_START] = {LEAD, IN(ACCEPTED), STATE_IN_PROGRESS},
    [ACTION_REPORT] = {LEAD, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_IN_PROGRESS},
    [ACTION_SUBMIT] = {LEAD, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_SUBMITTED},
    [ACTION_CONFIRM] = {ASSIGNER | SUPERVISOR, IN(SUBMITTED), STATE_COMPLETED},
    [ACTION_REJECT] = {ASSIGNER | SUPERVISOR, IN(SUBMITTED), STATE_IN_PROGRESS},
    [ACTION_SUSPEND] = {ASSIGNER, OPEN & ~IN(SUSPENDED), STATE_SUSPENDED},
    [ACTION_RESUME] = {ASSIGNER, IN(SUSPENDED), -1},
    [ACTION_REASSIGN] = {ASSIGNER, OPEN, STATE_ASSIGNED},
    [ACTION_AMEND] = {ASSIGNER, OPEN, 0},
    [ACTION_CANCEL] = {ASSIGNER, OPEN, STATE_CANCELLED},
    [ACTION_COMMENT] = {EVERYBODY, ANY, 0},
    [ACTION_ESCALATE] = {LEAD | ASSIGNER | SUPERVISOR | COOPERATING, OPEN, 0},
    [ACTION_ACKNOWLEDGE] = {ESCALATED, OPEN, 0},
};

/* ---- agencies ---- */

static int agency_named(struct text id)
{
    for (int i = 0; i < SIM_AGENCIES; i++)
        if (text_equal(id, text_of(sim_agency_ids[i])))
            return i;
    return -1;
}

/* Who stands for an agency: its successor, once it is gone. */
static int standing(const struct sim *sim, int agency, int64_t now)
{
    for (int steps = 0; agency >= 0 && steps < SIM_AGENCIES; steps++) {
        const struct sim_agency *here = &sim->agencies[agency];
        if (now < here->until || here->successor < 0)
            return agency;
        agency = here->successor;
    }
    return agency;
}

static bool stands_above(const struct sim *sim, int above, int below)
{
    for (; below >= 0; below = sim->agencies[below].parent)
        if (below == above)
            return true;
    return false;
}

static uint32_t mask_of(struct texts ids)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < ids.count; i++)
        mask |= UINT32_C(1) << agency_named(ids.items[i]);
    return mask;
}

static bool any(const struct sim *sim, uint32_t mask, int agency, bool above, int64_t now)
{
    for (int i = 0; i < SIM_AGENCIES; i++) {
        const int stands = standing(sim, i, now);
        if (!(mask >> i & 1))
            continue;
        if (stands == agency || (above && (stands_above(sim, agency, stands) || stands_above(sim, agency, i))))
            return true;
    }
    return false;
}

static uint32_t one(int agency)
{
    return agency < 0 ? 0 : UINT32_C(1) << agency;
}

static unsigned roles_of(const struct sim *sim, const struct model_task *task, int agency, int64_t now)
{
    const int lead = standing(sim, task->lead, now);
    const uint32_t superior = one(sim->agencies[lead].parent);
    return (any(sim, one(task->lead), agency, false, now) ? LEAD : 0u) |
           (any(sim, one(task->assigner), agency, false, now) ? ASSIGNER : 0u) |
           (any(sim, one(task->supervisor), agency, false, now) ? SUPERVISOR : 0u) |
           (any(sim, task->cooperating, agency, false, now) ? COOPERATING : 0u) |
           (any(sim, task->observers, agency, false, now) ? OBSERVER : 0u) |
           (any(sim, superior, agency, false, now) ? SUPERIOR : 0u) |
           (any(sim, task->escalated, agency, false, now) ? ESCALATED : 0u);
}

bool rules_may_read(const struct sim *sim, const struct model_task *task, int agency)
{
    const uint32_t holders = one(task->lead) | one(task->assigner) | one(task->supervisor) | task->cooperating |
                             task->observers | task->escalated;
    return any(sim, holders, agency, !task->restricted, sim->broker.decided);
}

/* ---- what agencies do ---- */

static struct model_task *task_of(struct sim *sim, const struct msg_record *record)
{
    SIM_CHECK(sim, record->task >= 1 && record->task <= sim->model.task_count, "record %llu is of no task",
              (unsigned long long)record->seq);
    return &sim->model.tasks[record->task - 1];
}

static void learn_content(struct model_task *task, const struct msg_content *content)
{
    if (MSG_HAS(content, content, cooperating))
        task->cooperating = mask_of(content->cooperating);
    if (MSG_HAS(content, content, observers))
        task->observers = mask_of(content->observers);
    if (MSG_HAS(content, content, supervisor))
        task->supervisor = agency_named(content->supervisor);
    if (MSG_HAS(content, content, scope))
        task->restricted = content->scope == SCOPE_RESTRICTED;
}

static void learn_assign(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    SIM_CHECK(sim, record->task == model->task_count + 1, "task %llu comes after task %zu",
              (unsigned long long)record->task, model->task_count);
    model->tasks = xgrow(model->tasks, model->task_count, &model->task_capacity, sizeof *model->tasks);
    struct model_task *task = &model->tasks[model->task_count++];
    *task = (struct model_task){.number = record->task, .supervisor = -1};
    task->assigner = agency_named(record->assigner);
    task->lead = agency_named(record->lead);
    task->state = STATE_ASSIGNED;
    task->version = 1;
    task->assigned = record->time;
    task->due = MSG_HAS(record, record, due) ? record->due : INT64_MIN;
    task->ladder = MSG_HAS(record, record, policy) && MSG_HAS(record, record, due);
    learn_content(task, &record->content);
    SIM_CHECK(sim, text_equal(record->actor, record->assigner) && record->version == 1, "task %llu begins oddly",
              (unsigned long long)record->task);
}

static void open_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    if (!MSG_HAS(record, record, addressed) || record->escalation != record->seq)
        return;
    SIM_CHECK(sim, task->escalation_count < MODEL_ESCALATIONS, "task %llu has too many escalations for this model",
              (unsigned long long)task->number);
    task->escalations[task->escalation_count++] = (struct model_escalation){record->escalation,
                                                                            mask_of(record->addressed)};
    task->escalated |= mask_of(record->addressed);
}

static void acknowledge(struct sim *sim, struct model_task *task, const struct msg_record *record, int actor)
{
    for (int i = 0; i < task->escalation_count; i++) {
        if (task->escalations[i].id != record->escalation)
            continue;
        SIM_CHECK(sim, any(sim, task->escalations[i].to, actor, false, record->time),
                  "record %llu acknowledges an escalation to others", (unsigned long long)record->seq);
        task->escalations[i] = task->escalations[--task->escalation_count];
        return;
    }
    SIM_CHECK(sim, false, "record %llu acknowledges no open escalation", (unsigned long long)record->seq);
}

/* A clock that begins anew may fire its rungs anew. */
static void reset_clock(struct sim *sim, struct model_task *task, int deadline)
{
    for (uint32_t i = 0; i < sim->policy.steps.count; i++)
        if (sim->policy.steps.items[i].deadline == deadline)
            task->fired[i] = 0;
}

static void learn_effects(struct sim *sim, struct model_task *task, const struct msg_record *record, int actor)
{
    const bool touched = record->action == ACTION_SUSPEND || record->action == ACTION_RESUME ||
                         record->action == ACTION_AMEND || record->action == ACTION_REASSIGN ||
                         record->action == ACTION_SUBMIT;
    if (record->action == ACTION_REASSIGN) {
        task->lead = agency_named(record->lead);
        reset_clock(sim, task, DEADLINE_ACCEPTANCE);
    }
    if (record->action == ACTION_REASSIGN || record->action == ACTION_AMEND)
        learn_content(task, &record->content);
    if (record->action == ACTION_REPORT || record->action == ACTION_AMEND || record->action == ACTION_RESUME)
        reset_clock(sim, task, DEADLINE_REPORT);
    if (record->action == ACTION_ESCALATE)
        open_escalation(sim, task, record);
    if (record->action == ACTION_ACKNOWLEDGE)
        acknowledge(sim, task, record, actor);
    if (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED || task->state == STATE_CANCELLED)
        task->escalation_count = 0;
    if (MSG_HAS(record, record, due))
        task->due = record->due;
    if (touched)
        task->ladder = false;
}

static void learn_action(struct sim *sim, const struct msg_record *record)
{
    struct model_task *task = task_of(sim, record);
    const struct rule *rule = &rules[record->action];
    const int actor = agency_named(record->actor), before = task->state;
    const unsigned roles = roles_of(sim, task, actor, record->time);
    SIM_CHECK(sim, roles & rule->who, "record %llu: %s may not %s", (unsigned long long)record->seq,
              sim_agency_ids[actor], term_name(&vocabulary_action, record->action));
    SIM_CHECK(sim, rule->from >> before & 1, "record %llu: %s in state %s", (unsigned long long)record->seq,
              term_name(&vocabulary_action, record->action), term_name(&vocabulary_state, before));
    SIM_CHECK(sim, record->version == task->version + 1, "record %llu makes version %llu of %llu",
              (unsigned long long)record->seq, (unsigned long long)record->version, (unsigned long long)task->version);
    SIM_CHECK(sim, record->previous == task->record, "record %llu names %llu before it, not %llu",
              (unsigned long long)record->seq, (unsigned long long)record->previous, (unsigned long long)task->record);
    if (rule->to > 0)
        task->state = rule->to;
    else if (rule->to < 0)
        task->state = task->resumes_as;
    if (record->action == ACTION_SUSPEND)
        task->resumes_as = before;
    else if (record->action == ACTION_REASSIGN)
        task->state = STATE_ASSIGNED;
    SIM_CHECK(sim, record->state == task->state, "record %llu: %s makes %s of %s", (unsigned long long)record->seq,
              term_name(&vocabulary_action, record->action), term_name(&vocabulary_state, record->state),
              term_name(&vocabulary_state, before));
    task->version++;
    learn_effects(sim, task, record, actor);
}

/* ---- what time does ---- */

static int64_t unit_ms(int unit)
{
    return unit == UNIT_HOURS ? SIM_HOUR : unit == UNIT_MINUTES ? SIM_MINUTE : 0;
}

static void learn_rung(struct sim *sim, const struct msg_record *record)
{
    struct model_task *task = task_of(sim, record);
    SIM_CHECK(sim, record->step < sim->policy.steps.count, "record %llu fires a step that is none",
              (unsigned long long)record->seq);
    const struct msg_step *step = &sim->policy.steps.items[record->step];
    const uint64_t occurrence = record->occurrence;
    SIM_CHECK(sim, record->time >= record->instant, "record %llu fires %lld ms early", (unsigned long long)record->seq,
              (long long)(record->instant - record->time));
    SIM_CHECK(sim, occurrence >= task->fired[record->step], "record %llu fires occurrence %llu of step %llu again",
              (unsigned long long)record->seq, (unsigned long long)occurrence, (unsigned long long)record->step);
    SIM_CHECK(sim, OPEN >> task->state & 1 && task->state != STATE_SUSPENDED, "record %llu fires while %s",
              (unsigned long long)record->seq, term_name(&vocabulary_state, task->state));
    SIM_CHECK(sim, step->deadline != DEADLINE_COMPLETION || task->state != STATE_SUBMITTED,
              "record %llu presses for what was submitted", (unsigned long long)record->seq);
    SIM_CHECK(sim, step->deadline != DEADLINE_ACCEPTANCE || task->state == STATE_ASSIGNED,
              "record %llu presses for an acceptance of what was accepted", (unsigned long long)record->seq);
    if (step->deadline == DEADLINE_COMPLETION && unit_ms(step->unit) && occurrence == 0)
        SIM_CHECK(sim, record->instant == task->due + step->offset * unit_ms(step->unit),
                  "record %llu was to fire at another time", (unsigned long long)record->seq);
    task->fired[record->step] = (uint16_t)(occurrence + 1);
    if (MSG_HAS(record, record, missed))
        sim->model.missed++;
    sim->model.rungs++;
    if (step->does == RUNG_ESCALATE)
        open_escalation(sim, task, record);
}

void rules_learn(struct sim *sim, const struct msg_record *record)
{
    if (record->record == RECORD_AGENCY) {
        const int number = agency_named(record->agency.agency);
        struct sim_agency *agency = &sim->agencies[number];
        agency->until = MSG_HAS(&record->agency, agency, valid_until) ? record->agency.valid_until : INT64_MAX;
        agency->successor = MSG_HAS(&record->agency, agency, successor) ? agency_named(record->agency.successor) : -1;
    } else if (record->record == RECORD_RUNG) {
        learn_rung(sim, record);
        task_of(sim, record)->record = record->seq;
    } else if (record->record == RECORD_TASK) {
        if (record->action == ACTION_ASSIGN)
            learn_assign(sim, record);
        else
            learn_action(sim, record);
        task_of(sim, record)->record = record->seq;
    }
}

void model_check_ladders(struct sim *sim)
{
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        const uint32_t working = IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS);
        if (!task->ladder || !(working >> task->state & 1))
            continue;
        for (uint32_t s = 0; s < sim->policy.steps.count; s++) {
            const struct msg_step *step = &sim->policy.steps.items[s];
            if (step->deadline != DEADLINE_COMPLETION || unit_ms(step->unit) == 0)
                continue;
            const int64_t instant = task->due + step->offset * unit_ms(step->unit);
            SIM_CHECK(sim, task->fired[s] > 0 || instant > sim->now || instant <= task->assigned,
                      "step %u of task %llu should have fired by now", s, (unsigned long long)task->number);
        }
    }
}
