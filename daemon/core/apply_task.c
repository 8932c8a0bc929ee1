/* Of records: what an action does to a task, and what all of them change of it. */
#include "core/apply_kinds.h"

#include "core/apply_action.h"
#include "core/apply_round.h"
#include "core/asks.h"
#include "core/bounces.h"
#include "core/cold.h"
#include "core/course.h"
#include "core/custody.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/parts.h"
#include "core/questions.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"
#include "core/waits.h"
#include "core/words.h"

static void set_state(struct core *core, struct task *task, int state, int64_t time_ms)
{
    if (state == STATE_SUSPENDED && task->state != STATE_SUSPENDED)
        task_rare(task)->resumes_as = task->state;
    if (state != STATE_SUSPENDED && rare_is_own(task)) {
        struct rare *rare = task_rare(task);
        rare->resumes_as = 0;
        rare->suspended = rare->until = TIME_NONE;
    }
    bool was_open = task->state != 0 && state_is_open(task->state), is_open = state_is_open(state);
    core->open_tasks += (uint64_t)is_open - (uint64_t)was_open;
    task->state = (uint8_t)state;
    if (was_open && !is_open)
        cold_wait(core, task->number, time_ms);
}

static void set_due_stood(struct task *task, uint32_t stood)
{
    if (task->rare->due_stood != stood)
        task_rare(task)->due_stood = stood;
}

/* A due time that comes without its count is a date: a count that was known no longer holds. */
static void set_counted(struct task *task, const struct msg_record *record, int64_t due_before)
{
    struct words words;
    struct problem problem = {0};
    bool is_named = task->due != due_before || MSG_HAS(&record->content, content, due);
    if (!MSG_HAS(record, record, counted) && !is_named)
        return;
    task->due_words = 0;
    task->due_from = TIME_NONE;
    set_due_stood(task, 0);
    if (!MSG_HAS(record, record, counted) || words_read(record->counted.words, "", &words, &problem) ||
        !words_are_count(&words))
        return;
    task->due_words = due_words_number(&words);
    task->due_from = record->counted.from;
    set_due_stood(task, (uint32_t)record->counted.stood);
}

/* The same of the time to accept. */
static void set_accept_counted(struct task *task, const struct msg_record *record, int64_t accept_before)
{
    if (MSG_HAS(record, record, accept_counted))
        task->accept_stood = 1 + (uint32_t)record->accept_counted.stood;
    else if (task->accept_due != accept_before)
        task->accept_stood = 0;
}

static void set_report_counted(struct task *task, const struct msg_record *record, int64_t report_before)
{
    if (!MSG_HAS(record, record, report_counted) && task->course->report_due == report_before)
        return;
    const uint32_t period = due_report_period(record);
    if (task->course->report_period != period)
        task_course(task)->report_period = period;
}

void apply_common(struct core *core, struct task *task, const struct msg_record *record)
{
    int64_t due_before = task->due, accept_before = task->accept_due, report_before = task->course->report_due;
    task->record = record->seq;
    task_take_common(core, task, record);
    set_counted(task, record, due_before);
    set_accept_counted(task, record, accept_before);
    set_report_counted(task, record, report_before);
    set_state(core, task, record->state, record->time);
}

int apply_check_agencies(const struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (MSG_HAS(record, record, content) && !task_content_known(core, &record->content))
        return apply_misfit(record, "content", problem);
    if (core_agency_find(core, record->lead) == NONE)
        return apply_misfit(record, "lead", problem);
    for (uint32_t i = 0; i < record->addressed.count; i++)
        if (core_agency_find(core, record->addressed.items[i]) == NONE)
            return apply_misfit(record, "addressed", problem);
    return 0;
}

/* Whether a record that opens an escalation says which, and how high. */
/* Whether a record on what the lead asks says it, and agencies that are known. */
static bool names_asked(const struct core *core, const struct msg_record *record)
{
    const struct msg_asked *asked = &record->asked;
    const bool asks = record->action == ACTION_ASK;
    if (!asks && record->action != ACTION_GRANT && record->action != ACTION_DENY && record->action != ACTION_TAKE_BACK)
        return true;
    return MSG_HAS(record, record, asked) && (!asks || asked->ask == record->seq) &&
           asks == !MSG_HAS(asked, asked, outcome) && core_agency_find(core, asked->by) != NONE &&
           core_agency_find(core, asked->decider) != NONE;
}

static int apply_assign(struct core *core, const struct msg_record *record, struct problem *problem)
{
    uint32_t assigner = core_agency_find(core, record->assigner);
    if (assigner == NONE)
        return apply_misfit(record, "assigner", problem);
    if (record->task == 0 || record->task > CORE_TASKS_MAX)
        return apply_misfit(record, "task", problem);
    if (!MSG_HAS(record, record, content) || !MSG_HAS(&record->content, content, title) || record->reference.size == 0)
        return apply_misfit(record, "content", problem);
    struct task *task = task_new(core, record->task);
    task->assigner = assigner;
    task->lead = core_agency_find(core, record->lead);
    task->assigned = record->time;
    if (MSG_HAS(record, record, policy))
        task->policy = core_policy_version(core, record->policy, record->policy_version);
    if (MSG_HAS(record, record, calendar))
        task->calendar = core_calendar_find(core, record->calendar);
    task_take_first(core, task, record);
    apply_common(core, task, record);
    task->original_due = task->due;
    task_share(core, task);
    if (!core->restoring) /* then all are at its end */
        task_index(core, task);
    parts_follow(core, task);
    target_follow(core, task);
    waits_follow(core, task, true);
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

int apply_task(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (task && task->record >= record->seq)
        return 0;
    if (apply_check_agencies(core, record, problem))
        return problem->error;
    if (!MSG_HAS(record, record, version) || !MSG_HAS(record, record, state))
        return apply_misfit(record, "state", problem);
    if (record->action == ACTION_ASSIGN)
        return task ? apply_misfit(record, "task", problem) : apply_assign(core, record, problem);
    if (!task || record->action == 0)
        return apply_misfit(record, "task", problem);
    if (record->action == ACTION_ESCALATE && !apply_names_escalation(record))
        return apply_misfit(record, "escalation", problem);
    if (record->action == ACTION_ANSWER && !MSG_HAS(record, record, answer))
        return apply_misfit(record, "answer", problem);
    if (!names_asked(core, record))
        return apply_misfit(record, "asked", problem);
    if (!questions_known(core, task, record))
        return apply_misfit(record, "question", problem);
    if (!custody_known(core, record))
        return apply_misfit(record, "custody", problem);
    const bool was_restricted = task->scope == SCOPE_RESTRICTED;
    custody_take(core, task, record);
    bounces_take(core, task, record);
    apply_action(core, task, record);
    asks_take(task, record); /* before the rounds: the next that is open has its own */
    questions_take(task, record);
    if (was_restricted && task->scope != SCOPE_RESTRICTED)
        core->opened_seq = record->seq;
    if (was_restricted != (task->scope == SCOPE_RESTRICTED))
        questions_restrict(task);
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    words_take(core, task, record);
    apply_common(core, task, record);
    if (MSG_HAS(record, record, content)) {
        parts_follow(core, task);
        target_follow(core, task);
    } else {
        parts_weigh(core, task);
    }
    waits_follow(core, task, MSG_HAS(record, record, content));
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

/* Of what a clock does to a task: false when it is in the state already, and then `problem` says nothing, or does not fit. */
