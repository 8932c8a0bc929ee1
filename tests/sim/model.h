/* What must be true of every run, kept apart from the program that is tested: the records that are known to be on disk,
 * the requests that clients made, and a second opinion of each task, written from the rules and not from the code.
 *
 * The model learns a record when it is on disk, in the order in which the core made records and replies: so when a reply
 * leaves, the model stands where the core stood when it decided, and what the reply says must be what the model says.
 */
#ifndef COORDD_SIM_MODEL_H
#define COORDD_SIM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/effect.h"
#include "message.h"
#include "sim/world.h"

struct event;
struct sim;

/* A request that a client made, under whatever number of copies of it are on their way. */
struct request {
    int key; /* that it is sent with */
    enum op op;
    void *frame;
    uint32_t size;
    size_t id;            /* of `r17`: its own number, or that of the request whose id it reuses */
    bool is_scrambled;    /* chance filled it in: what it is refused for is not held against the model */
    bool is_dry;          /* a change that is only tried */
    bool is_done;         /* its reply was no refusal */
    uint64_t reply[2];    /* hash of that reply */
    uint64_t seq;         /* of its first record, 0 while it has none */
    bool changed_nothing; /* as that record says */
    uint64_t parts;
    uint32_t count;      /* batch: its requests, which are those right after it */
    uint64_t connection; /* of a subscriber's: on which it is sent; 0 on any */
    int name;            /* the agency that it says `for`; −1: none */
};

#define MODEL_ESCALATIONS 64

/* Any request, decoded. */
union asked {
    msg_bits has;
#define R(CONSTANT, op, request, right, class, reply, sentence) struct msg_##request op;
    COORD_REQUESTS(R)
#undef R
};

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

/* A recurring task. */
struct model_schedule {
    uint64_t number, periods, made;
    int assigner, calendar;
    int64_t next, last;               /* first days of periods; NO_TIME: it has ended, none came */
    const struct msg_schedule *asked; /* as it was set last; the model's for good */
};
#define MODEL_SCHEDULES     256
#define MODEL_LEADS         64
#define DATE_FIRST_OF_MODEL 10957 /* 2000-01-01 */
#define DATE_LAST_OF_MODEL  47481 /* 2099-12-31 */

struct model_rung {
    int step; /* −1 for none */
    uint32_t occurrence;
    int64_t due, instant;
    int64_t fires; /* later than its instant while an acknowledgement holds it back */
    bool comes_again;
};

/* A record that is to come: of all that is due of a task at one moment. */
struct model_due {
    struct model_rung rung;
    bool is_shared;       /* it is told along with others; else for itself, or to nobody */
    bool passes_on;       /* an open escalation, told to those above a new lead */
    bool is_highest;      /* of its deadline, among what is told along with others */
    uint32_t named, told; /* agencies */
    uint32_t holder;      /* of those named, who is told as the holder of the chain alone */
    bool is_held_up;      /* it tells what the task waits for */
    uint32_t stands_for;  /* steps, bit by bit */
};
#define MODEL_DUE 16384

struct model_record {
    uint64_t stored[2]; /* of its bytes in the journal… */
    uint64_t hash[2];   /* …and of those that are told */
    uint64_t task;
    uint32_t told; /* whom it notifies */
    uint32_t also; /* and who stands in for one of these */
    bool restricted;
    bool removes; /* it tells agencies that they are off the task, and nothing else */
    int notice, severity;
};

/* What happened to the broker's clock, and after which record. */
struct model_mark {
    uint64_t seq;
    bool is_resume;   /* else a tick went through */
    bool is_counting; /* dates were still to be counted anew: what is due is known when that is through */
    int64_t now;
};
#define MODEL_MARKS 4096

struct model_clock {
    int64_t newest;       /* when the newest record was made, on disk or not yet */
    int64_t believed;     /* the last time that was taken for right… */
    uint64_t believed_at; /* …and when that was, of sim.lived */
    bool doubted;
};

struct model {
    struct model_record *records; /* record n is at n − 1 */
    size_t count, capacity;
    struct request *requests;
    size_t request_count, request_capacity;
    struct model_task *tasks; /* task n is at n − 1 */
    size_t task_count, task_capacity;
    struct model_schedule schedules[MODEL_SCHEDULES]; /* schedule n is at n − 1 */
    size_t schedule_count;
    const struct msg_document *documents[MODEL_DOCUMENTS]; /* as they stand */
    size_t document_count;
    uint64_t documents_ended, documents_moved; /* replaced or withdrawn; tasks that went along, or ended with one */
    void **kept; /* what schedules were set to, and documents, and what is cited of them */
    size_t kept_count, kept_capacity;
    struct text today[6][MODEL_LEADS]; /* of a schedule: who stands for whom when its period comes */
    int64_t scheduled_from,
        scheduled_due;       /* of a task that one makes: when its period begins; when it ends, if it is due then */
    uint32_t scheduled_made; /* tasks of a period whose record is to come */
    uint64_t periods_made, periods_over, periods_refused;
    struct decoder *decoder, *asker;
    union asked asked;     /* the request whose record or reply is looked at; has nothing when there is none */
    int name, by;          /* of that request: in whose name it is, and who asks when that is another; −1 */
    bool could_be_several; /* it does not say in whose name, and several would do */
    bool is_stand_in;      /* it says who stands in for an agency */
    uint32_t kept_out;     /* of the record that is looked at: whom its task excludes */
    uint64_t in_names;     /* requests that were done in another's name */
    struct model_mark marks[MODEL_MARKS];
    size_t mark_count;
    uint8_t store[16];    /* which store it is */
    bool is_restored;     /* a copy was put in its place, and the next record is to say so */
    uint64_t parted;      /* the last record that it has in common with the store before it; 0: it is the first */
    uint8_t ancestor[16]; /* which was that */
    uint64_t restored;    /* how often */
    struct model_clock clock;
    int64_t last_time;        /* of the newest record that is on disk */
    int64_t missed_until;     /* rungs due at or before this were missed */
    int64_t decided;          /* when the replies that leave now were */
    bool read_only, doubtful; /* what the core was told then… */
    bool is_stale;       /* the answer that leaves now is of a broker that the model did not follow when it was made */
    bool has_waited;     /* the answer that leaves now was made a while ago: its connection took no more */
    uint64_t tasks_most; /* …and how many tasks an agency may have given */
    uint64_t newest;     /* of a history: the task's newest record when it was asked */
    struct model_due due[MODEL_DUE];
    size_t due_count, due_at;
    uint64_t due_task;         /* whose */
    int64_t due_time;          /* when */
    uint64_t found_out;        /* by subscribers: that their store is another one */
    uint64_t doubts, accepted; /* how often the clock was doubted, and taken for right by an administrator */
    uint32_t removed;          /* agencies that the newest record leaves without the right to read… */
    uint64_t removed_of;       /* …this task: the next record tells them */
    bool removed_alone;        /* and nobody above them */
    uint64_t acknowledged, resent, tried, tried_moves, explained, rehearsed, rungs, missed, told, exact;
    uint64_t asks, decisions, ended, asks_shown; /* of leads: asked, decided or taken back, settled otherwise, shown */
    uint64_t bounced;         /* task that was passed on too often: the next record of a task escalates it; 0: none */
    uint64_t bounces;         /* escalated */
    uint64_t raised, cleared; /* hot spots, ever */
    uint64_t decision_rungs, decisions_moved; /* of the deadline of a decision */
    uint64_t handed_on, lapsed;               /* requests that went to another decider, or ended as nobody was left */
    uint64_t consulted, opined, opined_late, silent, questions_moved; /* questions and opinions */
    uint64_t values, values_corrected, values_missed, forecasts;      /* of targets */
    uint64_t resumed;                                                 /* suspensions that ended by themselves */
    uint64_t stood;          /* successions in force that were changed, and are kept */
    uint64_t successions;    /* roles of a task that were shown as their successor's */
    uint64_t errors[256];    /* refusals by wire number */
    uint64_t done[OP_COUNT]; /* replies that were no refusals, by op */
    uint64_t refused[OP_COUNT];
};

/* What was known when a copy of the store was made. */
struct model_copy {
    bool is_there;
    size_t records;
    uint64_t parted;
    uint8_t store[16], ancestor[16];
    int64_t last_time;
    struct model_task *tasks;
    size_t task_count;
    struct model_schedule schedules[MODEL_SCHEDULES];
    size_t schedule_count;
    const struct msg_document *documents[MODEL_DOCUMENTS];
    size_t document_count;
    struct world world;
};

void model_init(struct model *model);
void model_done(struct model *model);

/* A record that is on disk now. */
void model_learn(struct sim *sim, const struct journal_record *record);
/* A record that was on disk before: it must be the same still. */
void model_expect(struct sim *sim, const struct journal_record *record);
/* The clock jumped, or a tick went through, after the core's newest record of now. */
void model_mark(struct sim *sim, bool is_resume, int64_t now);
/* What was marked after all records that are known. */
void model_take_marks(struct sim *sim, uint64_t before);
/* A reply as the core made it, to request number `number`; SIZE_MAX to noise. The model stands where the core stood. */
void model_reply(struct sim *sim, size_t number, const void *frame, size_t size);
/* The core let a request through whose reply is made later, from the journal or by the loop. */
void model_allow(struct sim *sim, size_t number);
/* That reply, when the model has gone on. */
void model_reply_late(struct sim *sim, size_t number, const void *frame, size_t size);
/* Memory is gone, and with it what was marked and not yet on disk. */
void model_crashed(struct sim *sim);
/* The core stands where the model stands: its counts and its next deadline must be the model's. */
void model_compare(struct sim *sim);
/* A copy of the store is made; and put in the store's place: what came after it never was. */
void model_keep(struct sim *sim);
void model_put_back(struct sim *sim);
void copy_learn_store(struct sim *sim, const struct msg_record *record);
/* Keeps a request and gives it its number. */
size_t model_request(struct sim *sim, const struct request *request);
/* Decodes what was asked into model.asked; false when it cannot be decoded. */
bool model_ask(struct sim *sim, const struct request *request);

/* ---- clock.c: whether the broker's clock can be right ---- */

/* The loop is about to look at its clock; or it starts, over the records that are known. */
void clock_look(struct sim *sim);
void clock_started(struct sim *sim);
/* What the core is to be told of the time; and what streams go by. */
int64_t clock_reading(const struct sim *sim);
int64_t clock_believed(const struct sim *sim);
/* The core took an event, and made so many records. */
void clock_check_event(struct sim *sim, const struct event *event, uint32_t records);

/* ---- rules.c: the life of a task, who may, who must know ---- */

void rules_learn(struct sim *sim, const struct msg_record *record);
uint32_t rules_roles(const struct world *world, const struct model_task *task, int agency, int64_t now);
bool rules_may_read(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* The same of its agency, with the rights that a key has. */
bool rules_key_may_read(const struct world *world, const struct model_task *task, int key, int64_t now);
/* Whether a restricted task may be escalated to it by hand: it has a role, or stands above one that was named for one. */
bool rules_may_be_told(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* The actions that an agency may do to a task now. */
uint32_t rules_may(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Those whom no escalation tells of the task, nor a step of its ladder. */
/* Who has what was given to an agency on a task: what an excluded one would succeed to there is the assigner's. */
int rules_standing(const struct world *world, const struct model_task *task, int agency, int64_t now);
uint32_t rules_standing_all(const struct world *world, const struct model_task *task, uint32_t mask, int64_t now);
/* Of an agency that is set: which tasks would be their assigners' at a time, and then to whom more of them fall with its end. */
void rules_mark_fallen(struct sim *sim, int64_t then);
uint32_t rules_newly_fallen(const struct sim *sim, int ended, int64_t then);
uint32_t rules_excluded(const struct world *world, const struct model_task *task, int64_t now);
int rules_held(const struct world *world, const struct model_task *task, int agency, int64_t at); /* who had then */
/* Of those to whom something was escalated, those who are neither excluded since nor succeeded by one who is. */
uint32_t rules_unexcluded(const struct world *world, const struct model_task *task, uint32_t to, int64_t now);
/* Agencies that have one of these roles (bit mask of ROLE_…). */
uint32_t rules_holders(const struct world *world, const struct model_task *task, uint32_t roles, int64_t now);
/* The roles that may do an action, and the states that allow it. */
uint32_t rules_who(int action);
uint32_t rules_states(int action);
/* Whether a record notifies those in the mask, all of them, and nobody else. */
void rules_check_told(struct sim *sim, const struct msg_record *record, uint32_t told, int notice, int severity);

/* ---- names.c: in whose name ---- */

/* Of a request that is looked at (model.asked has it): sets model.name and model.by. */
void names_settle(struct sim *sim, const struct request *request, int64_t now);
/* Whether that one may read a task so. */
bool names_may_read(const struct sim *sim, const struct model_task *task);
/* Up to which record it reads the history of one on which an opinion was owed; 0: not at all. */
uint64_t names_shown(const struct sim *sim, const struct model_task *task);
/* What one may do to a task in the name of another; whether it reads it so; whether it leads it, or stands in for who does. */
uint32_t names_may(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
bool names_reads_as(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
bool names_leads(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
/* True when the refusal is all that there is to say of it. */
bool names_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);
void names_check_record(struct sim *sim, const struct msg_record *record, struct request *request);
/* An agency's record; whom it tells when it says who stands in. */
uint32_t names_learn(struct sim *sim, const struct msg_record *record, int agency, bool is_request);
/* Who hears besides those who are told. */
uint32_t names_also_told(const struct sim *sim, const struct msg_record *record, uint32_t told, uint32_t kept_out);

/* ---- tasking.c: whom an agency may task, what it may impose, and whose task it may make parts of ---- */

/* `name` is the agency in whose name it is asked: what a key may as an administrator's it may in its own. */
bool tasking_is_outside(const struct world *world, int key, int name, int lead, int64_t now);
bool tasking_goes_to_any(int kind);
bool tasking_may_hang(const struct sim *sim, int key, int name, uint64_t whole, int64_t now);
void tasking_check(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void tasking_check_assigner(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void tasking_check_imposed(struct sim *sim, const struct model_task *task, const struct msg_record *record, bool dates,
                           bool reports);
/* Whether a task of this number has ended. */
bool tasking_is_over(const struct sim *sim, uint64_t number);
bool tasking_is_soon(const struct world *world, const struct world_calendar *calendar, int64_t due, int64_t now);
void tasking_check_time(struct sim *sim, const struct model_task *task, int64_t was, const struct msg_record *record);
void tasking_check_hanging(struct sim *sim, const struct model_task *task, const struct msg_record *record);

/* ---- waits.c: what a task waits for ---- */

void waits_take(struct model_task *task, const struct msg_content *content);
bool waits_same(const struct model_task *a, const struct model_task *b);
/* Whether a task would wait for itself, if this one were as it is said here. */
bool waits_for_itself(const struct sim *sim, const struct model_task *as);
/* What holds it up, and that, and so on to the end. */
int waits_holder(const struct sim *sim, const struct model_task *task, int64_t now, uint64_t chain[16], int *count);
void waits_check_record(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                        bool is_held_up);
bool waits_is_held_up(const struct sim *sim, const struct model_task *task);
void waits_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);

/* ---- parts.c: how far the parts of a whole are ---- */

int parts_open(const struct sim *sim, uint64_t whole);
void parts_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency);

/* ---- asks.c: what leads ask of their assigners ---- */

struct model_asked *asked_open(struct model_task *task, uint64_t id); /* NULL for none */
const struct model_asked *asked_oldest(const struct model_task *task);
uint32_t asked_deciders(const struct model_task *task); /* of all that are open, by their names of then */
int64_t asked_due(const struct model_task *task);       /* by when the oldest is to be decided; NO_TIME for never */
/* When the first that is open comes to one that may not decide it: INT64_MAX for never. */
int64_t asked_gone(const struct sim *sim, const struct model_task *task);
/* One that goes on to the next above, or ends. */
void asked_handed_on(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* Whether there is anybody to ask. */
bool asked_has_decider(const struct world *world, const struct model_task *task, int64_t now);
/* Whether an agency may decide what the lead asks; whether it may know of it. */
bool asked_may_decide(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* And does not stand in for that lead. */
bool asked_decides(const struct world *world, const struct model_task *task, int agency, int64_t now);
bool asked_may_know(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Whether a record leaves another one as the oldest: then the decision's deadline has a new round. */
bool asked_turns(const struct model_task *task, const struct msg_record *record);
/* Those who asked for what a record settles without deciding it. */
uint32_t asked_of_ended(const struct model_task *task, const struct msg_record *record);
/* What a record makes of them; `lead` had the task before it. What is granted is done: outcome.c. */
void asked_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record);
/* To whom a grant would give the task: a mask; 0 for none. */
uint32_t asked_granted_lead(const struct sim *sim, const struct model_task *task, const struct msg_grant *given);
/* A suspension ends by itself. */
void asked_resumed(struct sim *sim, struct model_task *task, const struct msg_record *record);
void asked_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
/* A refusal of a request that asks, grants, denies or takes back. */
void asked_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

/* ---- bounces.c: from lead to lead ---- */

void bounces_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record);
/* Whether what is on record next is what has to be. */
void bounces_check_next(struct sim *sim, const struct msg_record *record);
void bounces_learn_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record);
void bounces_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);

/* ---- hot_spots.c ---- */

void hot_spots_learn_rule(struct sim *sim, const struct msg_record *record);
void hot_spots_learn(struct sim *sim, const struct msg_record *record);
void hot_spots_compare(struct sim *sim);
void hot_spots_check_list(struct sim *sim, const struct msg_list *asked, const struct msg_hot_spots_reply *reply,
                          int key, int agency);
void hot_spots_check_get(struct sim *sim, const struct msg_hot_spot_reply *reply, int key, int agency);

/* ---- opinions.c: what leads ask others their opinion of ---- */

/* Whether anybody owes an opinion on a question (0: on any). */
bool opinions_wait(const struct model_task *task, uint64_t question);
/* Those who owe one and may give it; and those that were asked, by their names of then. */
uint32_t opinions_owing(const struct world *world, const struct model_task *task, uint64_t question, int64_t now);
uint32_t opinions_asked(const struct model_task *task);
/* A task that becomes restricted, or is no more: whoever owes none is shown nothing of it then. */
void opinions_restrict(struct model_task *task, bool restricted);
/* Up to which record one that owes none any more reads the history; 0: not at all. */
uint64_t opinions_shown(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Whether it hears by this record that it owes one no more. */
bool opinions_ended_by(const struct world *world, const struct model_task *task, uint64_t seq, int agency, int64_t now);
/* Of whom the request that is looked at takes its question back. */
uint32_t opinions_recalled(const struct sim *sim, const struct model_task *task, int64_t now);
/* When the next is silent, or owed by nobody who may give it: INT64_MAX for never. */
int64_t opinions_next(const struct sim *sim, const struct model_task *task);
void opinions_learn(struct sim *sim, struct model_task *task, const struct msg_record *record);
void opinions_unanswered(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* The calendar has changed: a question's date moves; and whether one is before what its count comes to. */
void opinions_moved(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* What a question's date comes to by the calendar as it is (NO_TIME when it was never counted), and whether it moves to that. */
int64_t opinions_counted(const struct sim *sim, const struct model_task *task, const struct model_question *question);
bool opinions_question_moves(const struct sim *sim, const struct model_task *task,
                             const struct model_question *question);
bool opinions_are_early(const struct sim *sim, const struct model_task *task);
void opinions_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void opinions_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

/* ---- custody.c: whose clock runs ---- */

/* Around what an action does to a task. */
void custody_begin(struct model_task *task);
/* Whose clock runs. */
int custody_charged(const struct sim *sim, const struct model_task *task, int64_t now);
void custody_learn(struct sim *sim, struct model_task *task, const struct msg_record *record);
void custody_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
/* The life of a task, as an agency was shown it. */
void custody_check(struct sim *sim, int agency, const struct msg_task_custody_reply *reply);

/* ---- reasons.c ---- */

/* Whether a text says anything; and whether a request lacks the reason that it needs. */
bool reasons_is_said(struct text reason);
bool reasons_are_missing(enum op op, const union asked *asked);

/* ---- outcome.c: what a change makes of a task ---- */

void outcome_assign(struct sim *sim, struct model_task *task, const struct msg_record *record);
void outcome_action(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* What of a task an amendment takes away that it has, as far as the model knows: not its figure. */
uint32_t outcome_taken(const struct model_task *task, const struct msg_amend *asked);
/* An amendment that the record says changed nothing. */
void outcome_unchanged(struct sim *sim, const struct msg_record *record);

/* ---- dates.c: a task's dates, reckoned anew ---- */

/* What words of a request come to; NO_TIME when there are none. */
int64_t dates_of_words(struct sim *sim, const struct model_task *task, struct text words, int64_t now, bool backdated);
void dates_learn_words(struct model_task *task, struct text words, int64_t now);
/* A lead is given the task now. */
void dates_give_accept(const struct sim *sim, struct model_task *task, int64_t now);
/* The end of a period of reports by its number; NO_TIME where days have no names. */
int64_t dates_period(const struct sim *sim, const struct model_task *task, int number);
/* The first period that ends after an instant is the one whose report is owed. */
void dates_owe_report(const struct sim *sim, struct model_task *task, int64_t after);
void dates_reported(const struct sim *sim, struct model_task *task, int64_t now);
/* What follows a period that ends without its report; false when none does. */
bool dates_next_report(const struct sim *sim, const struct model_task *task, int64_t *end, int *number);
/* The clocks of a suspended task run on, each deadline moved by the time that it stood still. */
void dates_run_on(struct sim *sim, struct model_task *task, int64_t now);
/* The record says the dates that the task has. */
void dates_check(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* Whether an open request is to be decided before what the policy's count comes to. */
bool dates_ask_is_early(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
/* A calendar has changed, and with it what was counted. */
void dates_due_moved(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* So long from an instant on, as a policy gives it; NO_TIME when that has no name. */
int64_t dates_within(const struct sim *sim, const struct model_task *task, uint64_t count, int unit, int64_t from);
/* By when what is asked now is to be decided; NO_TIME for never. */
int64_t dates_to_decide(const struct sim *sim, const struct model_task *task, int64_t asked);
/* The calendar that a task's dates are counted in, or would be if it got one; NULL for none. */
const struct world_calendar *dates_calendar(const struct sim *sim, const struct model_task *task);
/* What a deadline, or the decision on a request, comes to by the calendar as it is; NO_TIME when it was never counted. And whether the
 * decision moves to that. */
int64_t dates_counted_now(const struct sim *sim, const struct model_task *task, int deadline);
int64_t dates_ask_counted(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
bool dates_ask_moves(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
/* What time it was for a deadline when its calendar was changed. */
int64_t dates_clock_of(const struct sim *sim, const struct model_task *task, int deadline);
/* What a task's count comes to; NO_TIME when it has none, or that is past all calendars. */
int64_t dates_counted(const struct sim *sim, const struct model_task *task);
/* The same of the time to accept; NO_TIME also when nobody is waited for. */
int64_t dates_accept_counted(const struct sim *sim, const struct model_task *task);
/* The same of the report that is owed. */
int64_t dates_report_counted(const struct sim *sim, const struct model_task *task);

/* ---- rounds.c: escalations, and the rounds that they are of ---- */

/* What every change that gives a deadline a new date does: see the design on rounds. */
uint32_t rounds_begun(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void rounds_begin(const struct sim *sim, struct model_task *task, int deadline, int64_t since);
/* Ends the open escalations of these deadlines, holds the record against that, and says whom they were addressed to. */
uint32_t rounds_superseded(struct sim *sim, struct model_task *task, const struct msg_record *record,
                           uint32_t deadlines);
void rounds_open_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record, int step);
/* Whether an agency may raise one more by hand. */
bool rounds_may_raise(const struct sim *sim, const struct model_task *task, int agency, int64_t now);
void rounds_acknowledge(struct sim *sim, struct model_task *task, const struct msg_record *record);
void rounds_check_escalate(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void rounds_end(struct model_task *task); /* the task is done: what is open ends */

/* ---- schedules.c: tasks that come again ---- */

/* The first day of the period that a day lies in, and of the next; what one is called. */
#define PERIOD_ROOM 32
int64_t periods_first(int period, int64_t day);
int64_t periods_after(int period, int64_t day);
void periods_name(int period, int64_t begin, char name[PERIOD_ROOM]);
/* When the next period of all begins; INT64_MAX for never. */
int64_t schedules_next(const struct sim *sim);
void schedules_learn_set(struct sim *sim, const struct msg_record *record);
/* A task that a period makes: what is asked of it stands in model.asked.assign then. */
void schedules_begin_task(struct sim *sim, const struct msg_record *record);
void schedules_learn_period(struct sim *sim, const struct msg_record *record);
/* A reply, and a refusal: false when the request is none about schedules. */
bool schedules_check_read(struct sim *sim, const struct request *request, struct text id);
bool schedules_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

/* ---- explained.c: what is said of a task's dates and ladder, and of a policy that is tried ---- */

void explained_check(struct sim *sim, struct text id);
void explained_check_policy(struct sim *sim, const struct request *request, struct text id,
                            const struct msg_change_reply *reply);

/* ---- tried.c: what is only tried ---- */

/* Of each schedule that is counted in a calendar, by index: when its next period begins, and by when its tasks are due (NO_TIME when
 * that cannot be said). And what a tried calendar, which stands now, makes of those. */
struct tried_period {
    int64_t begins, due;
};
void tried_periods(const struct sim *sim, int calendar, struct tried_period periods[MODEL_SCHEDULES]);
void tried_check_periods(struct sim *sim, int calendar, int key, struct text id,
                         const struct tried_period was[MODEL_SCHEDULES], const struct msg_change_reply *reply);
void tried_check_calendar(struct sim *sim, const struct request *request, struct text id,
                          const struct msg_change_reply *reply);

/* ---- documents.c: what tasks come from ---- */

void documents_take(struct sim *sim, struct model_task *task, const struct msg_content *content);
/* What a task cites from a request on, and what it cited before. */
struct model_cited {
    struct text document, paragraphs[16];
    uint32_t paragraph_count;
};
struct model_cited documents_cited(const struct model_task *task);
void documents_check_cited(struct sim *sim, const struct model_task *task, const struct model_cited *before,
                           const struct msg_content *asked, const struct msg_record *record);
/* What an agency asks for today, of a content of before: what was replaced since is cited by what took its place. */
void documents_follow(struct sim *sim, struct msg_content *content, int agency, int64_t now);
/* Whether a content is rightly refused with such an error. */
bool documents_refuse(const struct sim *sim, const struct msg_content *content, int error);
void documents_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void documents_learn(struct sim *sim, const struct msg_record *record, int op);
/* Whether open tasks still cite what was replaced, and whether this one does; a record that takes one along, or ends it, and what
 * it cites then. */
bool documents_leave(const struct sim *sim, const struct model_task *task);
bool documents_pending(const struct sim *sim);
bool documents_is_move(const struct msg_record *record);
void documents_check_move(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void documents_move(struct sim *sim, struct model_task *task, const struct msg_record *record);
void documents_check_read(struct sim *sim, const struct request *request, struct text id);
void documents_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

/* ---- targets.c: values period by period ---- */

void targets_take(struct model_task *task, const struct msg_content *content);
/* What is asked of a target from a record on; `before` it, NULL of a new task. */
void targets_check(struct sim *sim, const struct model_task *task, const struct model_task *before,
                   const struct msg_record *record);
/* The end of the first period after an instant, past so many, that has no value. */
int64_t targets_period_end(const struct sim *sim, const struct model_task *task, int64_t after, int past, int *number);
/* The end of a period by its number. */
int64_t targets_period(const struct sim *sim, const struct model_task *task, int number);
/* Whether a report is the one that was owed; and what it makes of the task. */
bool targets_counts(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked,
                    int64_t now);
void targets_report(struct sim *sim, struct model_task *task, const struct msg_record *record);
void targets_check_submission(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void targets_miss(struct sim *sim, struct model_task *task, const struct msg_record *record);
void targets_take_away(struct model_task *task);
bool targets_same(const struct model_task *a, const struct model_task *b); /* what is asked */
void targets_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void targets_check_read(struct sim *sim, const struct request *request, struct text id);
void targets_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

/* ---- ladder.c: which rung comes when ---- */

/* Of all tasks, the earliest instant ahead; INT64_MAX for none. */
int64_t ladder_next(struct sim *sim);
void model_reckon_all(struct sim *sim);
int ladder_timeliness(const struct sim *sim, const struct model_task *task, int64_t now);
const struct world_calendar *task_calendar(const struct sim *sim, const struct model_task *task);
const struct world_policy *task_policy(const struct sim *sim, const struct model_task *task);

/* The next rung of a step; its `step` is −1 for none. */
struct model_rung ladder_rung(const struct sim *sim, const struct model_task *task, int number);
/* Whom a step would tell alone at a time: a mask. */
uint32_t ladder_named(const struct sim *sim, const struct model_task *task, int number, int64_t now);
/* When an occurrence comes, of a step that counts from a due time; false outside the days that have names. */
bool ladder_instant(const struct world_calendar *calendar, const struct world_step *step, int64_t due,
                    uint32_t occurrence, int64_t *instant);
/* The due time and the round that a step is of now. */
int64_t ladder_due(const struct model_task *task, const struct world_step *step);
uint32_t ladder_round(const struct model_task *task, const struct world_step *step);
/* The newest escalation of a step, if it is of the step's round; and one that was last told before the lead changed. */
const struct model_escalation *ladder_raised(const struct sim *sim, const struct model_task *task, int step);
const struct model_escalation *ladder_left_to_tell(const struct sim *sim, const struct model_task *task, int number);
/* A period that is owed ends; what follows it. */
bool ladder_period_ends(const struct sim *sim, const struct model_task *task, int64_t *next, int *number);
int64_t ladder_first(struct sim *sim, struct model_task *task);
/* The turn of this task has come, by its first instant ahead, with a record that is no step's. */
void ladder_take_turn(struct sim *sim, struct model_task *task, const struct msg_record *record);

/* ---- ladder_fire.c: what is due at one moment ---- */

void ladder_learn(struct sim *sim, const struct msg_record *record);

/* ---- reads.c, lists.c, refusals.c: what replies may say ---- */

void reads_check(struct sim *sim, const struct request *request, struct text id);
/* A history may be shown; which is its newest record stands in model.newest then. */
/* Whether it says of the task that it has by its number what is not so. */
bool reads_contradicts(const struct sim *sim, const struct model_task *task, const struct msg_task_get *asked);
void reads_allow_history(struct sim *sim, const struct request *request);
/* A task, as it was shown to an agency by one read or another. */
void reads_compare_task(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency);
void lists_check(struct sim *sim, const struct request *request, struct text id);
void refusals_check(struct sim *sim, const struct request *request, struct text id, int error);
/* Whether the request that is looked at ends the top, and nobody else administers; one that says so is none. */
bool refusals_locks_out(const struct sim *sim);
/* Whether an assignment that was just done leaves its agency with no more tasks than it may have given. */
bool refusals_may_have_assigned(const struct sim *sim, const struct request *request);

#endif
