/* What must be true of every run, kept apart from the program that is tested: the records that are known to be on disk,
 * the requests that clients made, and a second opinion of each task, written from the rules and not from the code.
 *
 * Invariants, held after every step: sequences have no gap; nothing acknowledged is lost and nothing happens twice; a
 * rung fires once and never early; nobody does what is not theirs to do; a reply never tells of what is not on disk.
 */
#ifndef COORDD_SIM_MODEL_H
#define COORDD_SIM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/effect.h"
#include "message.h"

struct sim;

/* A request that a client made, under whatever number of copies of it are on their way. */
struct request {
    uint32_t agency; /* index of the sender */
    enum op op;
    void *frame;
    uint32_t size;
    bool answered;     /* its first sound reply was seen */
    bool done;         /* that reply was no refusal */
    uint64_t reply[2]; /* hash of that reply */
    uint64_t seq;      /* of its first record, 0 while it has none */
    uint64_t parts;
    uint64_t task;    /* reads: the task that was asked for */
    uint64_t version; /* reads: the version that the model knew when the request was sent */
};

#define MODEL_ESCALATIONS 64

struct model_escalation {
    uint64_t id;
    uint32_t to; /* bit mask of agencies, as all sets here */
};

struct model_task {
    uint64_t number, version, record;
    int state, resumes_as;
    int assigner, lead, supervisor; /* indexes of agencies, −1 for none */
    uint32_t cooperating, observers;
    uint32_t escalated; /* whom any escalation was ever addressed to */
    bool restricted;
    bool ladder; /* it has the policy, and its clock ran from assignment to now */
    int64_t assigned;
    int64_t due;                                            /* INT64_MIN for none */
    uint16_t fired[32];                                     /* how often each step has fired on its present clock */
    struct model_escalation escalations[MODEL_ESCALATIONS]; /* open ones */
    int escalation_count;
};

struct model_record {
    uint64_t hash[2];
    uint64_t task;
};

struct model {
    struct model_record *records; /* record n is at n − 1 */
    size_t count, capacity;
    struct request *requests;
    size_t request_count, request_capacity;
    struct model_task *tasks; /* task n is at n − 1 */
    size_t task_count, task_capacity;
    struct decoder *decoder;
    uint64_t acknowledged, refused, resent, rungs, missed;
    uint64_t errors[256]; /* refusals by wire number */
};

void model_init(struct model *model);
void model_done(struct model *model);

/* A record that is on disk now. */
void model_learn(struct sim *sim, const struct journal_record *record);
/* A record that was on disk before: it must be the same still. */
void model_expect(struct sim *sim, const struct journal_record *record);
/* A reply that a client received. */
void model_reply(struct sim *sim, const void *frame, size_t size);
/* All rungs that had to fire by now have. */
void model_check_ladders(struct sim *sim);

/* Keeps a request and gives it its number, which its id tells: `r17`. */
size_t model_request(struct sim *sim, const struct request *request);

#endif
