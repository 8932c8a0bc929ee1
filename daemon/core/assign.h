/* What an assignment comes to: checked whole, then made, a task for each lead. An agency's request does both at once
 * (assign.c); a schedule is checked when it is set, and makes its tasks when a period begins (schedule_fire.c).
 */
#ifndef COORDD_CORE_ASSIGN_H
#define COORDD_CORE_ASSIGN_H

#include "core/step.h"

#define REFERENCE_MAX 128 /* bytes, as messages.def.h has it */

/* Of a schedule's tasks: what dates are counted from, and what the period's end is when they are due with it. */
struct assign_period {
    const struct msg_scheduled *scheduled;
    int64_t from_ms, due_ms; /* due_ms is TIME_NONE unless it is due with the period's end */
};

struct assignment {
    struct step *step;
    const struct msg_assign *request;
    const struct assign_period *period; /* NULL: an agency asks for it */
    struct msg_content content;         /* with the defaults filled in */
    uint32_t *leads;
    struct text *references;
    uint32_t count;
    uint64_t task; /* number of the first */
    uint32_t policy, calendar;
    int64_t due;
    struct text due_words; /* that it comes from, the request's or the policy's; empty when there is none */
};

/* Everything that can be refused; fills in the rest from `step`, `request` and `period`. */
int assign_check(struct assignment *assignment, struct problem *problem);
/* A record for each lead, of an assignment that was checked in this step. What became of them, `count` of them. */
struct msg_changed *assign_make(struct assignment *assignment);

#endif
