/* What is known of a run from outside: see model.h. What a task record may do to a task is in rules.c. */
#include "sim/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "sim/rules.h"
#include "sim/sim.h"

void model_init(struct model *model)
{
    *model = (struct model){.decoder = decoder_new()};
    if (!model->decoder)
        xalloc_failed();
}

void model_done(struct model *model)
{
    for (size_t i = 0; i < model->request_count; i++)
        free(model->requests[i].frame);
    free(model->requests);
    free(model->records);
    free(model->tasks);
    decoder_free(model->decoder);
}

static void hash_of(const void *bytes, size_t size, uint64_t hash[2])
{
    uint8_t digest[16];
    digest_128(bytes, size, digest);
    memcpy(hash, digest, sizeof digest);
}

/* ---- requests ---- */

size_t model_request(struct sim *sim, const struct request *request)
{
    struct model *model = &sim->model;
    model->requests = xgrow(model->requests, model->request_count, &model->request_capacity, sizeof *model->requests);
    model->requests[model->request_count] = *request;
    return model->request_count++;
}

/* `r17` is request 17; NULL for an id that no client made. */
static struct request *request_of(struct sim *sim, struct text id)
{
    char digits[COORD_REQUEST_ID_MAX + 1];
    unsigned long long number;
    snprintf(digits, sizeof digits, "%.*s", TEXT_ARGS(id));
    if (sscanf(digits, "r%llu", &number) != 1 || number >= sim->model.request_count)
        return NULL;
    return &sim->model.requests[number];
}

/* ---- records ---- */

static void read_record(struct sim *sim, const struct journal_record *stored, struct msg_record *record)
{
    struct envelope envelope;
    struct problem problem = {0};
    const int failed = decoder_open(sim->model.decoder, stored->body, stored->size, &envelope, &problem) ||
                       decoder_read(sim->model.decoder, &message_record, record, &problem);
    SIM_CHECK(sim, !failed, "record %llu cannot be read: %s %s", (unsigned long long)stored->seq, problem.field,
              problem.message);
    SIM_CHECK(sim, record->seq == stored->seq && record->task == stored->task && record->previous == stored->previous,
              "record %llu says otherwise than its row", (unsigned long long)stored->seq);
}

/* One request makes its records once, one after the other. */
static void learn_request(struct sim *sim, const struct msg_record *record)
{
    struct request *request = request_of(sim, record->request);
    SIM_CHECK(sim, request, "record %llu is of a request that nobody made", (unsigned long long)record->seq);
    const uint64_t part = MSG_HAS(record, record, part) ? record->part : 0;
    SIM_CHECK(sim, text_equal(record->actor, text_of(sim_agency_ids[request->agency])),
              "record %llu was done by %.*s, whose request it is not", (unsigned long long)record->seq,
              TEXT_ARGS(record->actor));
    if (part == 0) {
        SIM_CHECK(sim, request->seq == 0, "request %.*s was done at %llu and again at %llu", TEXT_ARGS(record->request),
                  (unsigned long long)request->seq, (unsigned long long)record->seq);
        request->seq = record->seq;
        request->parts = MSG_HAS(record, record, parts) ? record->parts : 1;
    }
    SIM_CHECK(sim, record->seq == request->seq + part && part < request->parts,
              "part %llu of request %.*s stands at %llu", (unsigned long long)part, TEXT_ARGS(record->request),
              (unsigned long long)record->seq);
}

static void trace_record(const struct sim *sim, const struct msg_record *record)
{
    sim_trace(sim, "  record %llu: %s %s task %llu by %.*s%s%s", (unsigned long long)record->seq,
              term_name(&vocabulary_record, record->record),
              MSG_HAS(record, record, action) ? term_name(&vocabulary_action, record->action) : "",
              (unsigned long long)record->task, TEXT_ARGS(record->actor), MSG_HAS(record, record, step) ? " step" : "",
              MSG_HAS(record, record, missed) ? " missed" : "");
}

void model_learn(struct sim *sim, const struct journal_record *stored)
{
    struct model *model = &sim->model;
    struct msg_record record;
    SIM_CHECK(sim, stored->seq == model->count + 1, "record %llu comes after record %zu",
              (unsigned long long)stored->seq, model->count);
    read_record(sim, stored, &record);
    trace_record(sim, &record);
    if (MSG_HAS(&record, record, request))
        learn_request(sim, &record);
    rules_learn(sim, &record);
    model->records = xgrow(model->records, model->count, &model->capacity, sizeof *model->records);
    struct model_record *kept = &model->records[model->count++];
    kept->task = stored->task;
    hash_of(stored->body, stored->size, kept->hash);
}

void model_expect(struct sim *sim, const struct journal_record *stored)
{
    uint64_t hash[2];
    const struct model_record *kept = &sim->model.records[stored->seq - 1];
    hash_of(stored->body, stored->size, hash);
    SIM_CHECK(sim, memcmp(hash, kept->hash, sizeof hash) == 0, "record %llu is not what was written",
              (unsigned long long)stored->seq);
}

/* ---- replies ---- */

static void check_change(struct sim *sim, struct request *request, struct text id)
{
    struct msg_change_reply reply;
    struct problem problem = {0};
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_change_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    /* Sequence 0: it was so already, and nothing was to be done. */
    SIM_CHECK(sim, reply.seq == request->seq, "the reply to %.*s tells of record %llu, on disk is %llu", TEXT_ARGS(id),
              (unsigned long long)reply.seq, (unsigned long long)request->seq);
}

static void check_read(struct sim *sim, struct request *request, struct text id)
{
    struct msg_task_reply reply;
    struct problem problem = {0};
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_task_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    SIM_CHECK(sim, reply.task.task <= sim->model.task_count, "%.*s shows a task that is not on disk", TEXT_ARGS(id));
    const struct model_task *task = &sim->model.tasks[reply.task.task - 1];
    SIM_CHECK(sim, reply.task.version >= request->version && reply.task.version <= task->version,
              "%.*s shows version %llu of task %llu, on disk is %llu", TEXT_ARGS(id),
              (unsigned long long)reply.task.version, (unsigned long long)task->number,
              (unsigned long long)task->version);
    SIM_CHECK(sim, reply.task.version < task->version || reply.task.state == task->state,
              "%.*s shows task %llu in state %d, which is in %d", TEXT_ARGS(id), (unsigned long long)task->number,
              reply.task.state, task->state);
    SIM_CHECK(sim, reply.task.version < task->version || rules_may_read(sim, task, (int)request->agency),
              "%.*s shows %s a task that is none of its business", TEXT_ARGS(id), sim_agency_ids[request->agency]);
}

static void check_refusal(struct sim *sim, struct request *request, struct text id)
{
    struct msg_error error;
    struct problem problem = {0};
    struct model *model = &sim->model;
    SIM_CHECK(sim, decoder_read(model->decoder, &message_error, &error, &problem) == 0,
              "the refusal of %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    model->refused++;
    const struct error_row *row = error_row_named(error.error.data, error.error.size);
    SIM_CHECK(sim, row, "an error has no row: %.*s", TEXT_ARGS(error.error));
    model->errors[-row->error % 256]++;
    sim_trace(sim, "  %.*s refused: %.*s: %.*s", TEXT_ARGS(id), TEXT_ARGS(error.error), TEXT_ARGS(error.message));
    /* A key may be refused, and a rate; but what was done once is not refused as undone. */
    SIM_CHECK(sim,
              !request || request->seq == 0 || row->error == COORD_E_KEY_REVOKED || row->error == COORD_E_AGENCY_CLOSED,
              "%.*s was done at %llu and is refused now: %.*s", TEXT_ARGS(id), (unsigned long long)request->seq,
              TEXT_ARGS(error.error));
}

static void check_same(struct sim *sim, struct request *request, struct text id, const void *frame, size_t size)
{
    uint64_t hash[2];
    hash_of(frame, size, hash);
    SIM_CHECK(sim, !request->done || memcmp(hash, request->reply, sizeof hash) == 0,
              "%.*s was sent twice and got two answers", TEXT_ARGS(id));
    if (!request->done)
        sim->model.acknowledged++;
    request->done = true;
    memcpy(request->reply, hash, sizeof hash);
}

void model_reply(struct sim *sim, const void *frame, size_t size)
{
    struct envelope envelope;
    struct problem problem = {0};
    SIM_CHECK(sim, decoder_open(sim->model.decoder, frame, size, &envelope, &problem) == 0, "a reply is no frame: %s",
              problem.message);
    struct request *request = request_of(sim, envelope.id);
    if (text_equal(envelope.op, TEXT("error"))) {
        check_refusal(sim, request, envelope.id);
        return;
    }
    SIM_CHECK(sim, request, "a reply to nobody's request: %.*s", TEXT_ARGS(envelope.id));
    const struct op_row *op = op_row(request->op);
    if (op->class == OP_CLASS_change) {
        check_change(sim, request, envelope.id);
        if (request->seq != 0)
            check_same(sim, request, envelope.id, frame, size);
    } else if (request->op == OP_TASK_GET) {
        check_read(sim, request, envelope.id);
    }
}
