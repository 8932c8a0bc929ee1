/* Decides what an agency does to a task that is there: which record it makes, or why not. The one table of transitions
 * stands here; who may is in authority.c, who must know in notice.c, what each request adds in decide.c, and what a
 * record does in apply.c.
 */
#include "core/task.h"

#include <string.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/due.h"
#include "core/handlers.h"
#include "core/record.h"
#include "core/reply.h"

#define IN(state) TERM_BIT(STATE_##state)
#define RUNNING   (IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED))

/* T(action, from, to) */
#define TRANSITIONS(T)                                                                                                 \
    T(ACCEPT, IN(ASSIGNED), STATE_ACCEPTED)                                                                            \
    T(START, IN(ACCEPTED), STATE_IN_PROGRESS)                                                                          \
    T(REPORT, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_IN_PROGRESS)                                                       \
    T(SUBMIT, IN(ACCEPTED) | IN(IN_PROGRESS), STATE_SUBMITTED)                                                         \
    T(CONFIRM, IN(SUBMITTED), STATE_COMPLETED)                                                                         \
    T(REJECT, IN(SUBMITTED), STATE_IN_PROGRESS)                                                                        \
    T(SUSPEND, RUNNING, STATE_SUSPENDED)                                                                               \
    T(RESUME, IN(SUSPENDED), STATE_RESUMES)                                                                            \
    T(REASSIGN, STATES_OPEN, STATE_ASSIGNED)                                                                           \
    T(AMEND, STATES_OPEN, STATE_STAYS)                                                                                 \
    T(CANCEL, STATES_OPEN, STATE_CANCELLED)                                                                            \
    T(COMMENT, STATES_ALL, STATE_STAYS)                                                                                \
    T(ESCALATE, STATES_OPEN, STATE_STAYS)                                                                              \
    T(ACKNOWLEDGE, STATES_OPEN, STATE_STAYS)

static const struct transition transitions[] = {
#define T(action_, from_, to_) [ACTION_##action_] = {ACTION_##action_, (from_), (to_)},
    TRANSITIONS(T)
#undef T
};

const struct transition *transition_of(int action)
{
    return &transitions[action];
}

static int state_after(int action, const struct task *task)
{
    int to = transitions[action].to;
    if (to == STATE_STAYS)
        return task->state;
    return to == STATE_RESUMES ? task->resumes_as : to;
}

/* ---- may it? ---- */

bool task_is_addressed(const struct core *core, const struct escalation *escalation, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; i < escalation->to_count; i++)
        if (agency_effective(core, escalation->to[i], now_ms) == agency)
            return true;
    return false;
}

static bool may_acknowledge(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; task->escalations && i < task->escalations->count; i++)
        if (escalation_is_open(&task->escalations->items[i]) &&
            task_is_addressed(core, &task->escalations->items[i], agency, now_ms))
            return true;
    return false;
}

uint32_t task_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    if (!authority_may_read(core, task, agency, now_ms))
        return 0;
    uint32_t roles = authority_roles(core, task, agency, now_ms), may = 0;
    for (int action = ACTION_ACCEPT; action <= ACTION_ACKNOWLEDGE; action++)
        if (authority_states_of(roles, action) & transitions[action].from & TERM_BIT(task->state))
            may |= TERM_BIT(action);
    if (!may_acknowledge(core, task, agency, now_ms))
        may &= ~TERM_BIT(ACTION_ACKNOWLEDGE);
    return may;
}

struct task *task_readable(const struct step *step, uint64_t number, const char *field, struct problem *problem)
{
    struct task *task = core_task(step->core, number);
    if (task && authority_may_read(step->core, task, step->who.agency, step->now_ms))
        return task;
    problem_set(problem, COORD_E_TASK_UNKNOWN, field, "There is no task %llu that this agency may read.",
                (unsigned long long)number);
    return NULL;
}

/* ---- all requests about a task begin alike ---- */

#define SAME(m)                                                                                                        \
    _Static_assert(offsetof(struct msg_##m, task) == offsetof(struct on_task, task) &&                                 \
                       offsetof(struct msg_##m, expect) == offsetof(struct on_task, expect) &&                         \
                       offsetof(struct msg_##m, officer) == offsetof(struct on_task, officer) &&                       \
                       MSG_FIELD(m, task) == 0 && MSG_FIELD(m, expect) == 1 && MSG_FIELD(m, officer) == 2,             \
                   "requests about a task begin alike");
SAME(change)
SAME(reason)
SAME(progress)
SAME(reassign)
SAME(amend)
SAME(comment)
SAME(escalate)
SAME(acknowledge)
#define HAS_EXPECT UINT64_C(2)

static int wrong_state(const struct task *task, int action, struct problem *problem)
{
    problem_set(problem, COORD_E_WRONG_STATE, "task",
                "`%s` is not for a task that is %s; task_get says what may be done to it.",
                term_name(&vocabulary_action, action), term_name(&vocabulary_state, task->state));
    problem->state = task->state;
    return problem->error;
}

static int stale(const struct task *task, uint64_t expect, struct problem *problem)
{
    problem_set(problem, COORD_E_CONFLICT, "expect",
                "The task is at version %u, not %llu; read it again and decide on what it is now.",
                (unsigned)task->version, (unsigned long long)expect);
    problem->version = task->version;
    problem->state = task->state;
    return problem->error;
}

static int check_allowed(const struct decision *decision, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    uint32_t roles = authority_roles(step->core, task, step->who.agency, step->now_ms);
    uint32_t states = authority_states_of(roles, decision->action);
    if (states == 0)
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "task", "%.*s has no role on task %llu that allows `%s`.",
                           TEXT_ARGS(core_agency_id(step->core, step->who.agency)), (unsigned long long)task->number,
                           term_name(&vocabulary_action, decision->action));
    if ((decision->on->has & HAS_EXPECT) && decision->on->expect != task->version)
        return stale(task, decision->on->expect, problem);
    if (!(states & transitions[decision->action].from & TERM_BIT(task->state)))
        return wrong_state(task, decision->action, problem);
    return 0;
}

/* ---- what the simple requests add ---- */

void decision_set_note(struct decision *decision, bool has, struct text note)
{
    if (has)
        MSG_SET(&decision->record, record, note, note);
}

void decision_owe_report(struct decision *decision, int64_t report_due)
{
    if (report_due == TIME_NONE)
        decision->record.has &= ~(UINT64_C(1) << MSG_FIELD(record, report_due));
    else
        MSG_SET(&decision->record, record, report_due, report_due);
}

static int take_change(struct decision *decision, const void *request, struct problem *problem)
{
    const struct msg_change *change = request;
    (void)problem;
    decision_set_note(decision, MSG_HAS(change, change, note), change->note);
    return 0;
}

static int take_reason(struct decision *decision, const void *request, struct problem *problem)
{
    (void)problem;
    decision_set_note(decision, true, ((const struct msg_reason *)request)->note);
    return 0;
}

static int take_comment(struct decision *decision, const void *request, struct problem *problem)
{
    (void)problem;
    decision_set_note(decision, true, ((const struct msg_comment *)request)->note);
    return 0;
}

/* A closed task owes no reports. */
static int take_confirm(struct decision *decision, const void *request, struct problem *problem)
{
    decision_owe_report(decision, TIME_NONE);
    return take_change(decision, request, problem);
}

static int take_cancel(struct decision *decision, const void *request, struct problem *problem)
{
    decision_owe_report(decision, TIME_NONE);
    return take_reason(decision, request, problem);
}

static int take_progress(struct decision *decision, const void *request, struct problem *problem)
{
    const struct msg_progress *progress = request;
    struct msg_record *record = &decision->record;
    (void)problem;
    if (MSG_HAS(progress, progress, percent))
        MSG_SET(record, record, percent, progress->percent);
    if (MSG_HAS(progress, progress, value))
        MSG_SET(record, record, value, progress->value);
    decision_set_note(decision, MSG_HAS(progress, progress, note), progress->note);
    if (MSG_HAS(progress, progress, evidence))
        MSG_SET(record, record, evidence, progress->evidence);
    if (MSG_HAS(progress, progress, evidence_sha256))
        MSG_SET(record, record, evidence_sha256, progress->evidence_sha256);
    return 0;
}

static int take_report(struct decision *decision, const void *request, struct problem *problem)
{
    decision_owe_report(decision, due_after_report(decision->step->core, decision->task, decision->step->now_ms));
    return take_progress(decision, request, problem);
}

/* By op: its action, and what its request adds. */
static const struct {
    int action;
    particular *take;
} changes[OP_COUNT] = {
    [OP_ACCEPT] = {ACTION_ACCEPT, take_change},         [OP_START] = {ACTION_START, take_change},
    [OP_REPORT] = {ACTION_REPORT, take_report},         [OP_SUBMIT] = {ACTION_SUBMIT, take_progress},
    [OP_CONFIRM] = {ACTION_CONFIRM, take_confirm},      [OP_REJECT] = {ACTION_REJECT, take_reason},
    [OP_SUSPEND] = {ACTION_SUSPEND, take_reason},       [OP_RESUME] = {ACTION_RESUME, change_resume},
    [OP_REASSIGN] = {ACTION_REASSIGN, change_reassign}, [OP_AMEND] = {ACTION_AMEND, change_amend},
    [OP_CANCEL] = {ACTION_CANCEL, take_cancel},         [OP_COMMENT] = {ACTION_COMMENT, take_comment},
    [OP_ESCALATE] = {ACTION_ESCALATE, change_escalate}, [OP_ACKNOWLEDGE] = {ACTION_ACKNOWLEDGE, change_acknowledge},
};

/* ---- the record ---- */

void task_sign(const struct step *step, struct msg_record *record, struct text officer, uint64_t part, uint64_t parts)
{
    MSG_SET(record, record, actor, core_agency_id(step->core, step->who.agency));
    MSG_SET(record, record, key, step->key_label);
    if (officer.size > 0)
        MSG_SET(record, record, officer, officer);
    MSG_SET(record, record, request, step->id);
    MSG_SET(record, record, digest, (struct text){(const char *)step->digest, sizeof(step->digest)});
    MSG_SET(record, record, part, part);
    MSG_SET(record, record, parts, parts);
}

void task_notify(struct step *step, struct msg_record *record, struct recipients *recipients)
{
    if (recipients->count == 0)
        return;
    const struct notice_row *row = notice_row(record->action);
    MSG_SET(record, record, notice, row->notice);
    MSG_SET(record, record, severity, row->severity);
    MSG_SET(record, record, reason, notice_reason(step->arena, record));
    MSG_SET(record, record, to, recipients_texts(step->core, recipients));
}

static void begin(struct decision *decision)
{
    struct msg_record *record = &decision->record;
    record_begin_task(decision->step->core, decision->task, RECORD_TASK, record, decision->day);
    task_sign(decision->step, record, decision->on->officer, 0, 1);
    MSG_SET(record, record, action, decision->action);
    MSG_SET(record, record, version, decision->task->version + 1);
    MSG_SET(record, record, state, state_after(decision->action, decision->task));
}

static void finish(struct decision *decision)
{
    struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    recipients_add_roles(step->core, &decision->recipients, decision->task, notice_row(decision->action)->roles,
                         step->who.agency, step->now_ms);
    task_notify(step, record, &decision->recipients);
    record_emit(step->core, step->now_ms, record, step->effects);
    record->reference = task_reference(decision->task); /* the text that it had may be gone */
    struct msg_changed changed = reply_changed(record);
    reply_changes(step, record->seq, &changed, 1);
}

int task_handle(struct step *step, const void *request, struct problem *problem)
{
    struct decision decision;
    decision.step = step;
    decision.on = request;
    decision.action = changes[step->op->op].action;
    decision.recipients.count = 0;
    decision.task = task_readable(step, decision.on->task, "task", problem);
    if (!decision.task || check_allowed(&decision, problem))
        return problem->error;
    begin(&decision);
    int error = changes[step->op->op].take(&decision, request, problem);
    if (!error)
        finish(&decision);
    return error;
}
