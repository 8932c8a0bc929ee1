/* Which rungs a task has ahead, and when: nothing but arithmetic on the task, its policy and its calendar.
 *
 * By days, a rung comes when work begins on a day counted from the last day in time; by hours or minutes, so long from
 * the deadline itself, by the clock or in working time. An occurrence comes so much after the first as the step's repeat says. What lies before the
 * round's beginning is passed over: nobody missed it.
 *
 * An acknowledgement holds back what escalates in its round, for as many working days as the policy says. What was held
 * back fires then. When nothing is left to climb, the step that was acknowledged comes once more: nothing that was
 * acknowledged is forgotten. Where nothing was acknowledged and nothing is open either, though the date has not been met, the
 * highest step that had fired comes once more: a submission ends what is open, and what was submitted may be sent back.
 *
 * Of a report, steps before the end of a period are of the period under way, and steps after it of the one before, if its
 * report never came: so every period is reminded of, and each that was missed is told.
 */
#ifndef COORDD_CORE_DEADLINE_RUNG_H
#define COORDD_CORE_DEADLINE_RUNG_H

#include "core/due_report.h"
#include "core/state.h"

struct task_rung {
    const struct msg_step *step; /* the policy's */
    uint32_t number;             /* of the step */
    uint32_t occurrence;
    uint32_t round;
    int64_t due;      /* the deadline that it is counted from */
    int64_t instant;  /* when it is to fire, as the policy says */
    int64_t fires;    /* when it fires: later while an acknowledgement holds it back */
    bool comes_again; /* past its repeats, because what was acknowledged came to nothing, or nothing is open any more */
};

/* A task's deadline, of the acceptance, of completion, of a report or of a decision: TIME_NONE when it has none, when it was met,
 * or while the task is suspended, but for a decision's. */
int64_t rung_due(const struct task *task, int deadline);
/* The next rung of one step, that is, one that has not fired; false when it has none. */
bool rung_of_step(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung);
/* Moves a rung on to the next occurrence of its step, or to the last that is due at an instant; it must have one. */
void rung_move_on(const struct core *core, const struct task *task, struct task_rung *rung);
void rung_move_to_last(const struct core *core, const struct task *task, int64_t now_ms, struct task_rung *rung);
/* The rung at which a step escalated, if the lead changed since that was told: those who are above it now are to know. */
bool rung_of_new_lead(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung);
/* When a period ends without its report, and the next one ends; false when none is owed. */
bool rung_report_end(const struct core *core, const struct task *task, int64_t *end, struct report_end *next);
/* Whether of two that are due at once the other tells those whom both name. */
bool rung_is_lower(const struct task_rung *a, const struct task_rung *b);
/* When the first of all that comes: false when nothing does. */
bool rung_next(const struct core *core, const struct task *task, int64_t *at);

/* The next rung of a step that has one, and what is said of it. */
struct deadline_next {
    struct task_rung rung;
    uint32_t told_by; /* the step that comes with it and tells those whom both name; NONE */
    struct text text;
};
/* How many steps have one; in the order of the steps, in the arena. */
uint32_t deadline_next(const struct core *core, const struct task *task, struct arena *arena,
                       struct deadline_next next[TASK_STEPS_MAX]);

/* The newest escalation of the rung's step in its round; NULL when there is none. */
const struct escalation *rung_escalation(const struct task *task, const struct task_rung *rung);
/* Whether an escalation is that newest one of its step in the step's present round: what the ladder goes by. */
bool rung_is_raised_by(const struct core *core, const struct task *task, const struct escalation *escalation);
/* Until when an acknowledgement of an escalation holds back what climbs with it: TIME_NONE when it holds nothing, or its date was
 * met or is another by now. */
int64_t rung_held_until(const struct core *core, const struct task *task, const struct escalation *escalation);
/* The newest acknowledgement in the rung's round, and until when it holds back what escalates (TIME_NONE: it does not);
 * NULL when there is none. */
const struct escalation *rung_acknowledged(const struct core *core, const struct task *task,
                                           const struct task_rung *rung, int64_t *until);

#endif
