#include "core/apply_round.h"

#include "core/agency.h"
#include "core/asks.h"
#include "core/course.h"
#include "core/due_report.h"
#include "core/target.h"
#include "core/task_data.h"

/* A decision that is made leaves the next one, whose clock has run since that was asked for: what of it was passed over
 * meanwhile is told at once. */
static int64_t round_since(const struct task *task, int deadline, const struct msg_record *record)
{
    const struct msg_asked *oldest = asks_oldest(task);
    const bool is_next = deadline == DEADLINE_DECISION && record->record != RECORD_DUE_MOVED && oldest;
    return is_next ? asks_begun(oldest) : record->time;
}

void apply_rounds(struct core *core, struct task *task, const struct msg_record *record)
{
    int64_t due = MSG_HAS(record, record, due) ? record->due : TIME_NONE;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        if (record->rounds & TERM_BIT(deadline))
            task_begin_round(core, task, deadline, round_since(task, deadline, record),
                             deadline == DEADLINE_COMPLETION && due == task->due);
    if (record->rounds & TERM_BIT(DEADLINE_REPORT))
        task_forget_missed_report(task);
}

void apply_superseded(struct task *task, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->superseded.count; i++) {
        struct escalation *escalation = task_escalation(task, record->superseded.items[i]);
        if (!escalation || !escalation_is_open(escalation))
            continue;
        escalation->closed = record->time;
        escalation->superseded = true;
    }
}

void apply_told_again(struct core *core, struct task *task, const struct msg_record *record)
{
    struct escalation *escalation = task_escalation(task, record->escalation);
    uint32_t to[TASK_AGENCIES_MAX];
    if (!escalation)
        return;
    for (uint32_t i = 0; i < record->addressed.count; i++)
        to[i] = core_agency_find(core, record->addressed.items[i]);
    task_readdress(escalation, to, record->addressed.count);
    escalation->told = record->time;
}

void apply_period_end(struct core *core, struct task *task, const struct msg_record *record)
{
    task_begin_round(core, task, DEADLINE_REPORT, record->instant, false);
    target_take_missing(core, task, record);
    task->rare->rounds->report_missed = record->instant;
    task_course(task)->report_due = record->report_due;
    task_course(task)->report_period = due_report_period(record);
}
