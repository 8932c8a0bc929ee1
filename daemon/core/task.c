/* What an agency does to a task that is there: which record it makes, or why not. The table of actions stands in
 * actions.def.h, what each request adds in decide.c and decide_content.c, what a record does in apply.c.
 */
#include "core/task.h"

#include <stdio.h>
#include <string.h>

#include "core/actions.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/authority.h"
#include "core/bounces.h"
#include "core/custody.h"
#include "core/decide.h"
#include "core/decider.h"
#include "core/handlers.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/removal.h"
#include "core/reply.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task_data.h"
#include "core/words.h"

static int state_after(int action, const struct task *task)
{
    int to = action_row(action)->to;
    if (to == ACTION_STAYS)
        return task->state;
    return to == ACTION_RESUMES ? task->rare->resumes_as : to;
}

/* ---- may it? ---- */

bool task_is_addressed(const struct core *core, const struct task *task, const struct escalation *escalation,
                       uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; i < escalation->to_count; i++)
        if (standing_on(core, task, escalation->to[i], now_ms) == agency)
            return true;
    return false;
}

static bool may_acknowledge(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (escalation_is_open(&task->rare->escalations->items[i]) &&
            task_is_addressed(core, task, &task->rare->escalations->items[i], agency, now_ms))
            return true;
    return false;
}

int task_for_others(const struct step *step, const struct task *task, const struct escalation *escalation,
                    struct problem *problem)
{
    const struct core *core = step->core;
    struct recipients recipients = {.count = 0};
    char names[160] = ""; /* two ids of 64 bytes, or many short ones */
    size_t used = 0;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *open = &task->rare->escalations->items[i];
        for (uint32_t j = 0; escalation_is_open(open) && (!escalation || open == escalation) && j < open->to_count; j++)
            recipients_add(core, &recipients, standing_on(core, task, open->to[j], step->now_ms), NONE, step->now_ms);
    }
    for (uint32_t i = 0; i < recipients.count; i++) {
        const struct text id = core_agency_id(core, recipients.agencies[i]);
        const bool fits = used + id.size + sizeof ", , …" < sizeof names;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.*s", used ? ", " : "", fits ? (int)id.size : 3,
                                 fits ? id.data : "…");
        if (!fits)
            break;
    }
    return problem_set(problem, COORD_E_NOT_AUTHORISED, escalation ? "escalation" : "task",
                       "The escalation is addressed to others: %s; one of these is to acknowledge it.", names);
}

/* Whoever gave a task to itself, with nobody above, has nobody to ask. */
static bool may_ask(const struct core *core, const struct task *task, int64_t now_ms)
{
    const uint32_t assigner = agency_effective(core, task->assigner, now_ms);
    return decider_find(core, task, assigner, now_ms) != NONE;
}

/* Who has a request of the lead, and stands in for it, has to wait. */
static bool may_decide(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return asks_oldest(task) && decider_decides(core, task, agency, now_ms);
}

/* What there is nothing to do about now, whatever the role and the state. */
static uint32_t idle_actions(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return (may_acknowledge(core, task, agency, now_ms) ? 0 : TERM_BIT(ACTION_ACKNOWLEDGE)) |
           (asks_oldest(task) ? 0 : TERM_BIT(ACTION_TAKE_BACK)) |
           (may_decide(core, task, agency, now_ms) ? 0 : TERM_BIT(ACTION_GRANT) | TERM_BIT(ACTION_DENY)) |
           (questions_wait(task, 0) ? 0 : TERM_BIT(ACTION_RECALL)) |
           (may_ask(core, task, now_ms) ? 0 : TERM_BIT(ACTION_ASK)) |
           (task->kind == KIND_RECOMMENDATION ? 0 : TERM_BIT(ACTION_ANSWER));
}

uint32_t task_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    if (!authority_may_read(core, task, agency, now_ms))
        return 0;
    uint32_t roles = authority_roles(core, task, agency, now_ms), may = 0;
    for (int action = 1; action < ACTION_END; action++)
        if (authority_states_of(roles, action) & action_row(action)->from & TERM_BIT(task->state))
            may |= TERM_BIT(action);
    return may & ~idle_actions(core, task, agency, now_ms);
}

const struct task *task_readable(const struct step *step, uint64_t number, const char *field, struct problem *problem)
{
    const struct task *task = core_task(step->core, number);
    if (task && step_may_read(step, task))
        return task;
    problem_set(problem, COORD_E_TASK_UNKNOWN, field, "There is no task %llu that this agency may read.",
                (unsigned long long)number);
    return NULL;
}

/* ---- may it be done now? ---- */

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

static int check_allowed(struct decision *decision, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    decision->roles = authority_roles(step->core, task, step->who.agency, step->now_ms);
    uint32_t states = authority_states_of(decision->roles, decision->action);
    if (states == 0 && decision->action == ACTION_ACKNOWLEDGE && task_open_escalations(task) > 0)
        return task_for_others(step, task, NULL, problem);
    if (states == 0 &&
        (decision->action == ACTION_GRANT || decision->action == ACTION_DENY || decision->action == ACTION_TAKE_BACK))
        return decision_for_others(decision, problem);
    if (states == 0)
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "task", "%.*s has no role on task %llu that allows `%s`.",
                           TEXT_ARGS(core_agency_id(step->core, step->who.agency)), (unsigned long long)task->number,
                           term_name(&vocabulary_action, decision->action));
    if (decision->expect != 0 && decision->expect != task->version)
        return stale(task, decision->expect, problem);
    if (!(states & action_row(decision->action)->from & TERM_BIT(task->state)))
        return wrong_state(task, decision->action, problem);
    return 0;
}

/* ---- the record ---- */

void task_sign(const struct step *step, struct msg_record *record, struct text officer, uint64_t part, uint64_t parts)
{
    MSG_SET(record, record, actor, core_agency_id(step->core, step->who.agency));
    if (step->stand_in)
        MSG_SET(record, record, stand_in, step->stand_in->id);
    MSG_SET(record, record, key, step->key_label);
    if (officer.size > 0)
        MSG_SET(record, record, officer, officer);
    MSG_SET(record, record, request, step->id);
    MSG_SET(record, record, digest, (struct text){(const char *)step->digest, sizeof step->digest});
    if (parts == 1) /* as nearly all are: each reader of each record is spared what says nothing */
        return;
    MSG_SET(record, record, part, part);
    MSG_SET(record, record, parts, parts);
}

void task_notify(struct step *step, struct msg_record *record, struct recipients *recipients)
{
    if (recipients->count == 0)
        return;
    const struct action_row *row = action_row(record->action);
    MSG_SET(record, record, notice, row->notice);
    MSG_SET(record, record, severity, row->severity);
    MSG_SET(record, record, reason, RECORD_REASON_FOLLOWS);
    MSG_SET(record, record, to, recipients_texts(step->core, recipients));
}

void task_unchanged(struct step *step, struct text officer)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_UNCHANGED);
    task_sign(step, &record, officer, 0, 1);
    step_record(step, &record);
    reply_changes(step, 0, NULL, 0);
}

static void begin(struct decision *decision)
{
    struct msg_record *record = &decision->record;
    record_begin_task(decision->step->core, decision->task, decision->step->now_ms, RECORD_TASK, record, decision->day);
    task_sign(decision->step, record, decision->officer, 0, 1);
    MSG_SET(record, record, action, decision->action);
    MSG_SET(record, record, version, decision->task->version + 1);
    MSG_SET(record, record, state, state_after(decision->action, decision->task));
}

static void finish(struct decision *decision)
{
    struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    struct removal removal;
    if (decision->unchanged) {
        task_unchanged(step, decision->officer);
        return;
    }
    recipients_add_roles(step->core, &decision->recipients, decision->task, action_row(decision->action)->told,
                         step->who.agency, step->now_ms);
    decision_settle_asks(decision);
    stand_in_tell(step, &decision->recipients);
    custody_tell(step->core, decision->task, step->now_ms, record);
    bounces_count(decision->task, record);
    removal_find(step, decision->task, record, &decision->recipients, &removal);
    task_notify(step, record, &decision->recipients);
    words_sign(decision->task, decision->roles, record);
    step_record(step, record);
    record->reference = task_reference(decision->task); /* the text that it had may be gone */
    struct msg_changed changed = reply_changed(record);
    removal_tell(step, decision->task, &removal);
    bounces_escalate(step, decision->task, record);
    reply_changes(step, record->seq, &changed, 1);
}

/* ---- the handlers, one for each row of the table ---- */

/* Who gave an opinion does not read the task any more, and is told why: that it was asked and owes none now, it knows. */
static void say_opined(const struct decision *decision, uint64_t number, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = core_task(step->core, number);
    if (decision->action == ACTION_OPINE && task && step_shown(step, task) > 0)
        problem_set(
            problem, COORD_E_TASK_UNKNOWN, "task",
            "This agency owes no opinion on task %llu any more: it was given or withdrawn, once and for all, and "
            "the task is not its to read since; task_history has what it was shown.",
            (unsigned long long)number);
}

/* False, and says why not, when the agency may not do it to this task now. */
static bool is_open_to(struct decision *decision, uint64_t task, struct problem *problem)
{
    decision->recipients.count = 0;
    decision->unchanged = false;
    decision->task = task_readable(decision->step, task, "task", problem);
    if (!decision->task)
        say_opined(decision, task, problem);
    if (!decision->task || stand_in_check(decision->step, decision->task, problem) ||
        check_allowed(decision, problem) || custody_check_room(decision->task, decision->action, problem))
        return false;
    /* Now, for it is still looked at once it has changed. */
    decision->task = task_to_change(decision->step->core, task, decision->step->now_ms);
    begin(decision);
    return true;
}

/* Every request about a task has `task`, `expect` (0 when absent) and `officer`. */
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply)                                                     \
    int handle_##name(struct step *step, const request_##name *request, struct problem *problem)                       \
    {                                                                                                                  \
        struct decision decision;                                                                                      \
        decision.step = step;                                                                                          \
        decision.action = ACTION_##CONSTANT;                                                                           \
        decision.request = request;                                                                                    \
        decision.expect = request->expect;                                                                             \
        decision.officer = request->officer;                                                                           \
        if (!is_open_to(&decision, request->task, problem))                                                            \
            return problem->error;                                                                                     \
        int error = decide_##decide(&decision, request, problem);                                                      \
        if (!error)                                                                                                    \
            finish(&decision);                                                                                         \
        return error;                                                                                                  \
    }
CORE_ACTIONS(A)
#undef A
