/* All that the model knows: what is on disk, what is asked, what is to come; and what a copy of the store knew. */
#ifndef COORDD_SIM_MODEL_STATE_H
#define COORDD_SIM_MODEL_STATE_H

#include "core/effect.h"
#include "message.h"
#include "sim/model_request.h"
#include "sim/model_task.h"
#include "sim/world.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    bool revokes; /* a key */
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

#endif
