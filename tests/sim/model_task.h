/* A task as the model knows it, with all that hangs on it. */
#ifndef COORDD_SIM_MODEL_TASK_H
#define COORDD_SIM_MODEL_TASK_H

#include "message.h"
#include "sim/world.h"
#include <stdbool.h>
#include <stdint.h>

#define MODEL_ESCALATIONS 64

struct model_escalation {
    uint64_t id;
    uint32_t to; /* a mask of agencies */
    int step;    /* MODEL_BOUNCES: the task was passed on too often; −1: by hand… */
    int by;      /* …of this agency */
    int level;
    uint32_t round; /* of its step's deadline */
    int64_t opened, told, acknowledged_at;
    bool acknowledged, closed; /* open: neither */
};

#define MODEL_BOUNCES (-2)
#define MODEL_LED     16 /* leads of before that are shown */

/* What is wanted, or granted. */
struct model_wish {
    int64_t due, until; /* NO_TIME for none */
    int lead;           /* −1 for none */
};

/* Something that the lead has asked for. */
struct model_asked {
    uint64_t id;
    int asking, by, decider, decided_by;
    int outcome; /* 0 while it is open */
    int64_t asked, decided, decide_due;
    int64_t since; /* when it came to whoever is to decide it */
    bool is_count; /* decide_due is what the policy's words come to since it was asked */
    struct model_wish wanted, granted;
};
/* What the lead has asked others their opinion of… */
struct model_question {
    uint64_t id;
    int by;
    int64_t asked, due;
    char words[33]; /* that the date was given as; empty for one that was named */
};
/* …and the opinion of one of them. */
struct model_opinion {
    uint64_t question;
    int agency, state, by, answer;
    int64_t silent, ended; /* NO_TIME while it is not */
    uint64_t shown;        /* the record by which it ended */
};
#define MODEL_QUESTIONS 16
#define MODEL_OPINIONS  64
/* Whose clock ran from then on: −1 for nobody's, of a task that is closed. */
struct model_turn {
    int64_t since;
    int agency, charge;
};
#define MODEL_TURNS     64 /* kept of a task; of one with more, its life as a whole is not checked */
#define MODEL_ASKS      64
#define MODEL_DEADLINES (DEADLINE_DECISION + 1)

static inline bool model_is_open(const struct model_escalation *escalation)
{
    return !escalation->acknowledged && !escalation->closed;
}

/* Of an indicator, by the period's first day, in thousandths. */
struct model_planned {
    int64_t begin, value;
};
struct model_value {
    int64_t begin, value, numerator, denominator, time; /* of what is no rate a denominator of 0 */
};
#define MODEL_PLAN   8
#define MODEL_VALUES 64

#define MODEL_DOCUMENTS 64 /* six that are sent, and what chance makes of them */

struct model_task {
    uint64_t number, version, record;
    int state, resumes_as, kind, reporting;
    int assigner, lead, supervisor; /* −1 for none */
    uint32_t cooperating, observers;
    uint32_t excluded; /* whom no escalation tells */
    bool is_fallen;    /* to its assigner, at the time that was asked for: rules_mark_fallen */
    bool restricted;
    uint32_t hidden_from; /* agencies that at some time might not read it while it was restricted */
    char reference[64];
    uint64_t parent;    /* 0 for none */
    int weight;         /* as a part; 0 for none that was said */
    uint64_t waits[16]; /* what it waits for, as its assigner said */
    uint32_t wait_count;
    struct text document, paragraphs[16]; /* what it cites, in the model's own words; kept for good */
    uint32_t paragraph_count;
    int policy, calendar;                                        /* −1 for none */
    int percent;                                                 /* −1 while none was reported */
    int64_t assigned, due, original_due, accept_due, report_due; /* NO_TIME for none */
    int64_t first_assigned;                                      /* to whoever led it first */
    int64_t reported, submitted, closed, suspended;              /* NO_TIME for never */
    int64_t until;             /* suspended: when its clocks run on by themselves; NO_TIME for not */
    char words[33];            /* the count that the due time was given as; empty for a date that was named */
    bool is_due_given;         /* by the record that is looked at */
    int64_t words_from, stood; /* when it was said; days, of hours minutes, that its clock stood still since */
    bool accept_is_count;      /* accept_due is what the policy's words come to since the assignment… */
    int64_t accept_stood; /* …and as long as this after, for which its clock stood still: days, of hours minutes */
    uint16_t fired[WORLD_STEPS];
    uint32_t round[MODEL_DEADLINES]; /* by deadline, from 1 */
    int64_t since[MODEL_DEADLINES];  /* since when it is in that round; NO_TIME in the first */
    int report_number;               /* report_due is the end of this period since the assignment; 0: not known… */
    int64_t report_stood;            /* …and as many working days after, for which its clock stood still */
    int64_t report_missed;           /* the end of the period before, if its report never came; or NO_TIME */
    struct model_escalation escalations[MODEL_ESCALATIONS]; /* oldest first */
    int escalation_count;
    int area;                            /* −1 for none */
    int bounces, led[MODEL_LED];         /* how often it got another lead; who had it before, in a ring */
    int answer;                          /* ANSWERING_…; 0 for none */
    struct model_asked asks[MODEL_ASKS]; /* oldest first */
    int ask_count;
    struct model_question questions[MODEL_QUESTIONS];
    int question_count;
    struct model_opinion opinions[MODEL_OPINIONS]; /* in the order in which they were asked */
    int opinion_count;
    struct model_turn turns[MODEL_TURNS]; /* oldest first */
    int turn_count;                       /* all that there were */
    struct model_turn held;               /* the last of them that a record said */
    bool is_custody_said;                 /* by a record after the assignment's */
    int dates_granted;                    /* ever */
    bool is_measured;                     /* it has an indicator… */
    int better, counting;
    uint64_t per; /* 0: it is no rate */
    struct model_planned plan[MODEL_PLAN];
    int plan_count;
    struct model_value values[MODEL_VALUES]; /* …and these values */
    int value_count;
    double target;    /* not a number while there is none */
    int64_t missing;  /* the first day of the period whose value was missed last; NO_TIME while that is not known */
    bool is_reckoned; /* `next` is what lies ahead now */
    int64_t next;     /* INT64_MAX for nothing */
};

static inline bool model_task_is_open(const struct model_task *task)
{
    return task->state != STATE_COMPLETED && task->state != STATE_CANCELLED;
}

#endif
