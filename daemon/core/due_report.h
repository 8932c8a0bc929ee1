/* By when a report is owed: the end of a period, counted from the assignment, and with what its task stood still since. */
#ifndef COORDD_CORE_DUE_REPORT_H
#define COORDD_CORE_DUE_REPORT_H

#include "core/state.h"

/* An instant, and of which period it is the end: a task's report_due and report_period. */
struct report_end {
    int64_t due_ms;  /* TIME_NONE when no report is owed */
    uint32_t period; /* 65536 × how many working days its clock stood still + which period, from 1; 0: not known */
};

/* What a task's periods go by. */
struct report_rule {
    uint32_t calendar; /* NONE: none is owed */
    int period;        /* PERIOD_…; 0: none is owed */
    int64_t assigned_ms;
    bool is_civil; /* of a target with an indicator: weeks, months, quarters as people name them, the first the one that
                               * it was assigned in; else they are counted from the assignment */
    const struct task *valued; /* a target: what it has a value of is owed no more; NULL for none */
};
struct report_rule due_report_rule(const struct task *task);
/* The end of a period of a task that reports, by its number, from 1; CALENDAR_NEVER past the tables. What it stood still is not in it. */
int64_t due_period_end(const struct task *task, const struct calendar *calendar, uint32_t number);
/* The end of the first period after an instant. */
struct report_end due_to_report(const struct core *core, const struct report_rule *rule, int64_t after_ms);
/* What follows when the task's period ends without a report. */
struct report_end due_next_report(const struct core *core, const struct task *task);
/* What a report now makes of it: a late one leaves the period under way owed; one in time meets it. */
struct report_end due_after_report(const struct core *core, const struct task *task, int64_t now_ms);
/* What it is after its task stood still until now. */
struct report_end due_report_run_on(const struct core *core, const struct task *task, int64_t now_ms);
/* What the end of the task's period comes to in a calendar; false when it is not known which it is, or past the tables. */
bool due_report_recounted(const struct task *task, const struct calendar *calendar, int64_t *due_ms);

/* Sets `report_due` and `report_counted`, or takes both away. */
void due_set_report(struct msg_record *record, int period, int64_t assigned_ms, struct report_end end);
/* How the task's own was counted; false when that is not known. */
bool due_report_counted(const struct task *task, struct msg_counted *counted);
/* A record's `report_counted` as report_period: 0 when it does not say. */
uint32_t due_report_period(const struct msg_record *record);

#endif
