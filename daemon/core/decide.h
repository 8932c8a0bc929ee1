/* A change of a task being decided: what each action puts on record. The functions are those that the table of actions
 * names, so a row without its function does not link.
 */
#ifndef COORDD_CORE_DECIDE_H
#define COORDD_CORE_DECIDE_H

#include "core/actions.def.h"
#include "core/due.h"
#include "core/round.h"
#include "core/step.h"

struct decision {
    struct step *step;
    const struct task *task; /* as it was before */
    int action;
    const void *request; /* a request_… of the action */
    uint32_t roles;      /* of who asks, once it may */
    uint64_t expect;     /* the version that it was decided on; 0 when the request names none */
    struct text officer; /* the request's */
    struct msg_record record;
    struct recipients recipients;
    char day[11];                 /* the record's due_day */
    struct round_end ended;       /* the record's superseded */
    uint64_t settled[ASKING_END]; /* the record's ended */
    bool unchanged; /* all that was asked is so already: nothing is recorded of the task, and nobody told */
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

/* OPEN_PARTS when parts of the task are open and no reason is given; with one the record says how many. */
int decision_over_parts(struct decision *decision, struct text note, struct problem *problem);
void decision_set_note(struct decision *decision, bool has, struct text note);
/* Begins a new round of each of these deadlines (bit mask): what is open of the last is superseded. */
void decision_begin_rounds(struct decision *decision, uint32_t deadlines);
/* Every deadline moves by the time that a suspended task stood still. */
void decision_run_on(struct decision *decision);

/* ---- what several actions do ---- */

/* Words for a due time, as an instant in the calendar that the task has, or would get with its first date: as due_asked. */
int decision_read_due(const struct decision *decision, struct text words, const char *field, enum due_past past,
                      int64_t *due_ms, struct problem *problem);
/* A new due time, in a new round; `words` are what was said, empty for a date that is known. Refused past the whole's, or before
 * a part's, with `field`. */
int decision_give_due(struct decision *decision, int64_t due_ms, struct text words, const char *field,
                      struct problem *problem);
/* A new lead, that owes its own acceptance and reports: whether it may be, and then what the record says. Before that the clocks
 * run on, and a new due time is given. */
int decision_check_lead(const struct decision *decision, uint32_t lead, const char *field, struct problem *problem);
int decision_give_lead(struct decision *decision, uint32_t lead, struct problem *problem);
/* Why nobody of these roles grants, denies or takes back what the request names: there is none open, or who does it is another. */
int decision_for_others(const struct decision *decision, struct problem *problem);
/* A submitted task is worked on again. */
void decision_work_goes_on(struct decision *decision);
/* What the lead asked for and this record settles; the next that is open begins a round of its own. Once the record is whole. */
void decision_settle_asks(struct decision *decision);

#endif
