/* Records of what time did: steps of ladders, periods that ended, dates that a calendar moved. */
#include "fill.h"
#include "given.h"
#include "notices.h"

static void deadline(struct msg_record *record, int which)
{
    MSG_SET(record, record, record, RECORD_RUNG);
    MSG_SET(record, record, deadline, which);
    MSG_SET(record, record, step, 0);
    MSG_SET(record, record, instant, at(MORNING));
}

static void acceptance(struct msg_record *record, struct msg_task *task, const char *day)
{
    deadline(record, DEADLINE_ACCEPTANCE);
    MSG_SET(record, record, state, STATE_ASSIGNED);
    MSG_SET(task, task, accept_due, fill_end_of(day));
}

void fill_accept_soon(struct msg_record *record, struct msg_task *task)
{
    acceptance(record, task, "2024-06-21");
}

void fill_accept_late(struct msg_record *record, struct msg_task *task)
{
    acceptance(record, task, "2024-06-19");
}

void fill_finish(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_COMPLETION);
    (void)task;
}

void fill_finish_late(struct msg_record *record, struct msg_task *task)
{
    fill_finish(record, task);
    MSG_SET(record, record, due, fill_end_of("2024-06-18"));
    MSG_SET(record, record, due_day, TEXT("2024-06-18"));
}

void fill_answer_soon(struct msg_record *record, struct msg_task *task)
{
    fill_finish(record, task);
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

void fill_answer_late(struct msg_record *record, struct msg_task *task)
{
    fill_finish_late(record, task);
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

void fill_report_soon(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    MSG_SET(record, record, report_due, fill_end_of("2024-06-21"));
    (void)task;
}

void fill_report_ended(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    record->has &= ~MSG_BIT(record, step);
    MSG_SET(record, record, instant, fill_end_of("2024-06-19"));
    MSG_SET(record, record, report_due, fill_end_of("2024-06-26"));
    (void)task;
}

void fill_report_late(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    MSG_SET(record, record, report_due, fill_end_of("2024-06-26"));
    (void)task;
}

/* ---- values of a target ---- */

static void a_target(struct msg_task *task)
{
    MSG_SET(task, task, kind, KIND_TARGET);
    MSG_SET(task, task, unit, TEXT("%"));
}

void fill_measured(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_REPORT, STATE_IN_PROGRESS);
    MSG_SET(&record->measured, measured, period, TEXT("2024-W24"));
    MSG_SET(&record->measured, measured, value, 7.75);
    MSG_SET(&record->measured, measured, was, 8.1);
    MSG_MARK(record, record, measured);
    MSG_SET(record, record, value, 7.75);
    a_target(task);
}

/* Of amounts the sum is told as well. */
void fill_measured_amount(struct msg_record *record, struct msg_task *task)
{
    fill_measured(record, task);
    record->measured.has &= ~MSG_BIT(measured, was);
    MSG_SET(record, record, value, 999999999999.999);
    MSG_SET(task, task, unit, TEXT("đồng"));
}

void fill_figure_reached(struct msg_record *record, struct msg_task *task)
{
    fill_reported(record, task);
    MSG_SET(record, record, value, 12.5);
    MSG_SET(task, task, unit, TEXT("km"));
}

void fill_value_soon(struct msg_record *record, struct msg_task *task)
{
    fill_report_soon(record, task);
    MSG_SET(task, task, value_owed, TEXT("2024-W25"));
    a_target(task);
}

void fill_value_ended(struct msg_record *record, struct msg_task *task)
{
    fill_report_ended(record, task);
    MSG_SET(record, record, value_missing, TEXT("2024-W24"));
    MSG_SET(task, task, value_owed, TEXT("2024-W25"));
    a_target(task);
}

/* A step of the ladder names no period: the task does. */
void fill_value_late(struct msg_record *record, struct msg_task *task)
{
    fill_report_late(record, task);
    MSG_SET(task, task, value_missing, TEXT("2024-W24"));
    a_target(task);
}

/* ---- what was not decided, and what was escalated ---- */

static void decision(struct msg_record *record, struct msg_task *task, const char *day)
{
    static struct msg_asked asks[2];
    deadline(record, DEADLINE_DECISION);
    asks[0] = asks[1] = fill_an_extension(fill_end_of(day));
    MSG_SET(&asks[0], asked, outcome, SETTLEMENT_DENIED); /* one of before */
    MSG_SET(task, task, asks, ((struct msg_asked_items){asks, 2}));
}

void fill_decide_soon(struct msg_record *record, struct msg_task *task)
{
    decision(record, task, "2024-06-21");
}

void fill_decide_late(struct msg_record *record, struct msg_task *task)
{
    decision(record, task, "2024-06-19");
}

static void escalates(struct msg_record *record)
{
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 1);
    MSG_SET(record, record, addressed, fill_names("huyen", NULL));
}

void fill_escalated_late(struct msg_record *record, struct msg_task *task)
{
    fill_finish_late(record, task);
    escalates(record);
    MSG_SET(record, record, chain, fill_names("HT-2", "HT-3"));
    MSG_SET(record, record, holder, TEXT("xa"));
}

void fill_escalated_value(struct msg_record *record, struct msg_task *task)
{
    fill_value_late(record, task);
    escalates(record);
}

void fill_escalated_undecided(struct msg_record *record, struct msg_task *task)
{
    fill_decide_late(record, task);
    escalates(record);
}

void fill_bounced(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_RUNG);
    escalates(record);
    MSG_SET(record, record, bounces, 4);
    (void)task;
}

/* ---- dates that a calendar moved ---- */

void fill_due_moved(struct msg_record *record, struct msg_task *task)
{
    struct msg_asked asked = fill_an_extension(fill_end_of("2024-06-26"));
    MSG_SET(record, record, record, RECORD_DUE_MOVED);
    MSG_SET(record, record, counted, fill_counted("10wd", "2024-06-27"));
    MSG_SET(record, record, accept_due, fill_end_of("2024-06-21"));
    MSG_SET(record, record, accept_counted, fill_counted("1wd", "2024-06-20"));
    MSG_SET(record, record, report_due, fill_end_of("2024-06-25"));
    MSG_SET(record, record, report_counted, fill_counted("weekly", "2024-06-24"));
    MSG_SET(&asked, asked, counted, fill_counted("3wd", "2024-06-25"));
    MSG_SET(record, record, asked, asked);
    (void)task;
}
