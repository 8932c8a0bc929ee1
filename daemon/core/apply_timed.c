/* Of records: what befalls a task without an action: rungs, dates that move, requests that are handed on or not answered. */
#include "core/apply_kinds.h"

#include "core/apply_action.h"
#include "core/apply_round.h"
#include "core/asks.h"
#include "core/custody.h"
#include "core/questions.h"
#include "core/task_data.h"

static bool is_news(const struct core *core, const struct task *task, const struct msg_record *record,
                    struct problem *problem)
{
    problem->error = 0;
    if (!task) {
        (void)apply_misfit(record, "task", problem);
        return false;
    }
    return task->record < record->seq && apply_check_agencies(core, record, problem) == 0;
}

/* Where nothing but what befell it is changed of the task. */
static int comes_to(struct core *core, struct task *task, const struct msg_record *record)
{
    task->record = record->seq;
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

int apply_due_moved(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (!MSG_HAS(record, record, version) || !MSG_HAS(record, record, state) ||
        !(MSG_HAS(record, record, counted) || MSG_HAS(record, record, accept_counted) ||
          MSG_HAS(record, record, report_counted) || MSG_HAS(record, record, asked) ||
          MSG_HAS(record, record, question)))
        return apply_misfit(record, "counted", problem);
    if (!questions_known(core, task, record))
        return apply_misfit(record, "question", problem);
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    asks_take(task, record);
    questions_take(task, record);
    apply_common(core, task, record);
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

int apply_unanswered(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (!questions_known(core, task, record))
        return apply_misfit(record, "question", problem);
    questions_take(task, record);
    return comes_to(core, task, record);
}

int apply_handed_on(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    const bool goes_on = MSG_HAS(record, record, asked);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (goes_on ? core_agency_find(core, record->asked.decider) == NONE ||
                      core_agency_find(core, record->asked.by) == NONE || MSG_HAS(&record->asked, asked, outcome)
                : record->ended.count == 0)
        return apply_misfit(record, "asked", problem);
    if (!custody_known(core, record))
        return apply_misfit(record, "custody", problem);
    custody_take(core, task, record);
    asks_take(task, record); /* before the rounds: the next that is open has its own */
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    return comes_to(core, task, record);
}

int apply_rung(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (MSG_HAS(record, record, addressed) && !apply_names_escalation(record))
        return apply_misfit(record, "escalation", problem);
    if (MSG_HAS(record, record, step))
        task_count_fired(core, task, record->step, record->occurrence);
    else if (MSG_HAS(record, record, report_due) && !MSG_HAS(record, record, escalation))
        apply_period_end(core, task, record);
    if (MSG_HAS(record, record, addressed) && record->escalation == record->seq)
        apply_escalation(core, task, record, NONE,
                         MSG_HAS(record, record, bounces) ? STEP_OF_BOUNCES : (uint8_t)record->step, record->reason);
    else if (MSG_HAS(record, record, addressed))
        apply_told_again(core, task, record);
    apply_superseded(task, record);
    return comes_to(core, task, record);
}

/* It follows the change that it tells of, and changes nothing but the chain of the task's records. */
int apply_removed(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!task)
        return apply_misfit(record, "task", problem);
    if (task->record >= record->seq)
        return 0;
    return comes_to(core, task, record);
}
