/* The life of a task: what each action makes of each state. */
#ifndef COORDD_CORE_TASK_H
#define COORDD_CORE_TASK_H

#include "core/notice.h"
#include "core/step.h"

#define STATE_STAYS   0    /* in a transition's `to` */
#define STATE_RESUMES (-1) /* back to what it was before it was suspended */

struct transition {
    int action;
    uint32_t from; /* bit mask of states */
    int to;
};
/* The row of an action; not for ASSIGN, which has no task to begin from. */
const struct transition *transition_of(int action);

/* The actions (bit mask) that an agency may do to a task now. */
uint32_t task_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether an escalation is addressed to an agency, or to one that it stands for. */
bool task_is_addressed(const struct core *core, const struct escalation *escalation, uint32_t agency, int64_t now_ms);

/* The task, if the asker may read it; else NULL and TASK_UNKNOWN, so that nothing leaks. */
struct task *task_readable(const struct step *step, uint64_t number, const char *field, struct problem *problem);

/* ---- a change being decided ---- */

/* What all requests about one task begin with. */
struct on_task {
    uint64_t has;
    coord_u64 task;
    coord_u64 expect;
    coord_text officer;
};

struct decision {
    struct step *step;
    const struct on_task *on;
    struct task *task; /* as it was before */
    int action;
    struct msg_record record;
    struct recipients recipients;
    char day[11]; /* the record's due_day */
};

/* What one sort of request adds to the record and to its readers, or why it is refused. */
typedef int particular(struct decision *decision, const void *request, struct problem *problem);
/* decide.c */
particular change_resume, change_reassign, change_amend, change_escalate, change_acknowledge;

void decision_set_note(struct decision *decision, bool has, struct text note);
/* Sets report_due, or takes it away with TIME_NONE. */
void decision_owe_report(struct decision *decision, int64_t report_due);

/* Who did it, and by which request: the same in every record of a step. `officer` is empty for none. */
void task_sign(const struct step *step, struct msg_record *record, struct text officer, uint64_t part, uint64_t parts);
/* Sets notice, severity, reason and `to`; nothing of it when nobody must know. */
void task_notify(struct step *step, struct msg_record *record, struct recipients *recipients);

#endif
