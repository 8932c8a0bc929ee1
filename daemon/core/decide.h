/* A change of a task being decided: what each action puts on record. The functions are those that the table of actions
 * names, so a row without its function does not link.
 */
#ifndef COORDD_CORE_DECIDE_H
#define COORDD_CORE_DECIDE_H

#include "core/actions.def.h"
#include "core/round.h"
#include "core/step.h"

struct decision {
    struct step *step;
    const struct task *task; /* as it was before */
    int action;
    uint32_t roles;      /* of who asks, once it may */
    uint64_t expect;     /* the version that it was decided on; 0 when the request names none */
    struct text officer; /* the request's */
    struct msg_record record;
    struct recipients recipients;
    char day[11];           /* the record's due_day */
    struct round_end ended; /* the record's superseded */
    bool unchanged;         /* all that was asked is so already: nothing is recorded of the task, and nobody told */
};

/* The request of each op by the op's name: request_report is a struct msg_progress. */
#define R(CONSTANT, op, request, right, class, reply, sentence) typedef struct msg_##request request_##op;
COORD_REQUESTS(R)
#undef R

/* Adds to the record and to its readers what this request says, or says why it is refused. */
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply)                                                     \
    int decide_##decide(struct decision *decision, const request_##name *request, struct problem *problem);
CORE_ACTIONS(A)
#undef A

void decision_set_note(struct decision *decision, bool has, struct text note);
/* Begins a new round of each of these deadlines (bit mask): what is open of the last is superseded. */
void decision_begin_rounds(struct decision *decision, uint32_t deadlines);
/* Every deadline moves by the time that a suspended task stood still. */
void decision_run_on(struct decision *decision);

#endif
