#include "core/apply_action.h"

#include <assert.h>

#include "core/actions.def.h"
#include "core/agency.h"
#include "core/course.h"
#include "core/exclude.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"

/* A row of the table without its function does not compile, and a function without a row is unused. */
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply)                                                     \
    static void apply_##apply(struct core *core, struct task *task, const struct msg_record *record);
CORE_ACTIONS(A)
#undef A

static void apply_nothing(struct core *core, struct task *task, const struct msg_record *record)
{
    (void)core, (void)task, (void)record;
}

static void apply_report(struct core *core, struct task *task, const struct msg_record *record)
{
    task_take_progress(core, task, record);
    target_take(core, task, record);
    if (target_is(task) && !(record->rounds & TERM_BIT(DEADLINE_REPORT)))
        return; /* words alone, or a value that was not the one owed */
    task_course(task)->reported = record->time;
    task_forget_missed_report(task);
    task_reset_fired(core, task, DEADLINE_REPORT);
}

static void apply_submit(struct core *core, struct task *task, const struct msg_record *record)
{
    task_take_progress(core, task, record);
    task_course(task)->submitted = record->time;
    task_end_escalations(task, record->time);
}

static void apply_close(struct core *core, struct task *task, const struct msg_record *record)
{
    (void)core;
    task_course(task)->closed = record->time;
    task_end_escalations(task, record->time);
}

/* Of a circular, which is done by that. */
static void apply_accept(struct core *core, struct task *task, const struct msg_record *record)
{
    if (record->state != STATE_COMPLETED)
        return;
    task_course(task)->submitted = record->time;
    apply_close(core, task, record);
}

static void apply_answer(struct core *core, struct task *task, const struct msg_record *record)
{
    task_course(task)->answer = (uint8_t)record->answer;
    task_course(task)->submitted = record->time;
    apply_close(core, task, record);
}

static void apply_suspend(struct core *core, struct task *task, const struct msg_record *record)
{
    (void)core;
    task_rare(task)->suspended = record->time;
    task_rare(task)->until = MSG_HAS(record, record, until) ? record->until : TIME_NONE;
}

static void apply_reassign(struct core *core, struct task *task, const struct msg_record *record)
{
    uint32_t lead = core_agency_find(core, record->lead);
    if (lead != NONE)
        task->lead = lead;
    task->assigned = record->time;
    if (MSG_HAS(record, record, calendar))
        task->calendar = core_calendar_find(core, record->calendar);
    if (task->original_due == TIME_NONE && MSG_HAS(record, record, due))
        task->original_due = record->due;
    if (MSG_HAS(record, record, content))
        task_take_content(core, task, &record->content);
    task_reset_fired(core, task, DEADLINE_ACCEPTANCE);
    task_reset_fired(core, task, DEADLINE_REPORT); /* it owes its own reports, from now on */
    task_forget_missed_report(task);
}

static void apply_amend(struct core *core, struct task *task, const struct msg_record *record)
{
    uint8_t reporting = task->course->reporting;
    if (MSG_HAS(record, record, content))
        task_take_content(core, task, &record->content);
    if (record->cleared)
        task_take_away(core, task, record->cleared);
    if (record->cleared & TERM_BIT(CLEARABLE_INDICATOR))
        target_take_away(core, task);
    if (MSG_HAS(&record->content, content, excluded))
        exclude_apply(core, task, record);
    if (MSG_HAS(record, record, calendar))
        task->calendar = core_calendar_find(core, record->calendar);
    if (task->rare->suspended != TIME_NONE && MSG_HAS(&record->content, content, due))
        task_rare(task)->suspended = record->time; /* the clocks ran on to here, and stand still again */
    if (task->original_due == TIME_NONE && MSG_HAS(record, record, due))
        task->original_due = record->due;
    if (task->course->reporting == reporting)
        return;
    task_reset_fired(core, task, DEADLINE_REPORT);
    task_forget_missed_report(task);
}

static void apply_extension(struct task *task, const struct msg_record *record)
{
    if (task->rare->suspended != TIME_NONE)
        task_rare(task)->suspended = record->time; /* as in an amendment */
}

/* Its date and its state are said by the record as every record says them. */
static void apply_grant(struct core *core, struct task *task, const struct msg_record *record)
{
    switch ((enum asking)record->asked.asking) {
    case ASKING_EXTENSION:
        apply_extension(task, record);
        break;
    case ASKING_RETURN:
    case ASKING_TRANSFER:
        apply_reassign(core, task, record);
        break;
    case ASKING_SUSPENSION:
        apply_suspend(core, task, record);
        break;
    case ASKING_WITHDRAWAL:
    case ASKING_NONE:
        break;
    }
}

void apply_escalation(struct core *core, struct task *task, const struct msg_record *record, uint32_t by, uint8_t step,
                      struct text reason)
{
    uint32_t count = record->addressed.count < TASK_AGENCIES_MAX ? record->addressed.count : TASK_AGENCIES_MAX;
    struct escalation *escalation = task_add_escalation(core, task, record->forgotten, count, reason);
    escalation->id = record->escalation;
    escalation->level = (uint8_t)record->level;
    escalation->by = by;
    escalation->step = step;
    escalation->opened = escalation->told = record->time;
    if (MSG_HAS(record, record, round))
        escalation->round = (uint32_t)record->round;
    for (uint32_t i = 0; i < count; i++)
        escalation->to[i] = core_agency_find(core, record->addressed.items[i]);
}

static void apply_escalate(struct core *core, struct task *task, const struct msg_record *record)
{
    apply_escalation(core, task, record, core_agency_find(core, record->actor), STEP_BY_HAND, record->note);
}

static void apply_acknowledge(struct core *core, struct task *task, const struct msg_record *record)
{
    struct escalation *escalation = task_escalation(task, record->escalation);
    if (!escalation)
        return;
    escalation->acknowledged = record->time;
    escalation->acknowledged_by = core_agency_find(core, record->actor);
}

void apply_action(struct core *core, struct task *task, const struct msg_record *record)
{
    switch ((enum action)record->action) {
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply)                                                     \
    case ACTION_##CONSTANT:                                                                                            \
        apply_##apply(core, task, record);                                                                             \
        break;
        CORE_ACTIONS(A)
#undef A
    case ACTION_NONE:
    case ACTION_ASSIGN:
        assert(false); /* the one is no action, the other has no task that is there */
        break;
    }
}
