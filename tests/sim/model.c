/* What is known of a run from outside: see model.h. */
#include "sim/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "sim/sim.h"

#define ID_MAX 64

void model_init(struct model *model)
{
    *model = (struct model){.decoder = decoder_new(), .asker = decoder_new(), .missed_until = NO_TIME};
    if (!model->decoder || !model->asker)
        xalloc_failed();
}

void model_done(struct model *model)
{
    for (size_t i = 0; i < model->request_count; i++)
        free(model->requests[i].frame);
    free(model->requests);
    free(model->records);
    free(model->tasks);
    for (size_t i = 0; i < model->kept_count; i++)
        free(model->kept[i]);
    free(model->kept);
    decoder_free(model->decoder);
    decoder_free(model->asker);
}

static void hash_of(const void *bytes, size_t size, uint64_t hash[2])
{
    uint8_t digest[16];
    digest_128(bytes, size, digest);
    memcpy(hash, digest, sizeof digest);
}

/* ---- requests ---- */

/* The field of a dry run as a frame has it, however its key is encoded. */
#define DRY "dry_run\303"

size_t model_request(struct sim *sim, const struct request *request)
{
    struct model *model = &sim->model;
    model->requests = xgrow(model->requests, model->request_count, &model->request_capacity, sizeof *model->requests);
    model->requests[model->request_count] = *request;
    model->requests[model->request_count].is_dry = op_row(request->op) &&
                                                   op_row(request->op)->touches == OP_CLASS_change &&
                                                   memmem(request->frame, request->size, DRY, sizeof DRY - 1);
    return model->request_count++;
}

/* `r17` is request 17; NULL for an id that no client made. */
static struct request *request_of(struct sim *sim, struct text id)
{
    char digits[ID_MAX + 1];
    unsigned long long number;
    snprintf(digits, sizeof digits, "%.*s", TEXT_ARGS(id));
    if (sscanf(digits, "r%llu", &number) != 1 || number >= sim->model.request_count)
        return NULL;
    return &sim->model.requests[number];
}

bool model_ask(struct sim *sim, const struct request *request)
{
    struct model *model = &sim->model;
    struct envelope envelope;
    struct problem problem = {0};
    model->asked.has = 0;
    return request->op != OP_NONE &&
           decoder_open(model->asker, request->frame, request->size, &envelope, &problem) == 0 &&
           decoder_read(model->asker, op_row(request->op)->request, &model->asked, &problem) == 0;
}

/* ---- the clock ---- */

void model_mark(struct sim *sim, bool is_resume, int64_t now)
{
    struct model *model = &sim->model;
    struct core_counts counts;
    core_counts(broker_core(sim->broker), &counts);
    SIM_CHECK(sim, model->mark_count < MODEL_MARKS, "too many marks for this model");
    const bool is_counting = core_next_rung(broker_core(sim->broker)) == CORE_NOW;
    model->marks[model->mark_count++] = (struct model_mark){counts.seq, is_resume, is_counting, now};
}

static int64_t next_of_all(struct sim *sim)
{
    const int64_t rung = ladder_next(sim), period = schedules_next(sim);
    return period < rung ? period : rung;
}

void model_take_marks(struct sim *sim, uint64_t before)
{
    struct model *model = &sim->model;
    size_t taken = 0;
    for (; taken < model->mark_count && model->marks[taken].seq < before; taken++) {
        const struct model_mark *mark = &model->marks[taken];
        const int64_t next = next_of_all(sim);
        if (mark->is_resume)
            model->missed_until = mark->is_counting || next <= mark->now ? mark->now : NO_TIME;
        else if (!mark->is_counting && next > model->missed_until)
            model->missed_until = NO_TIME;
    }
    model->mark_count -= taken;
    memmove(model->marks, model->marks + taken, model->mark_count * sizeof *model->marks);
}

void model_crashed(struct sim *sim)
{
    sim->model.mark_count = 0;
    sim->model.missed_until = NO_TIME;
}

void model_compare(struct sim *sim)
{
    const struct model *model = &sim->model;
    const struct world *world = &sim->world;
    struct core_counts counts;
    uint64_t open = 0, agencies = 0, keys = 0;
    core_counts(broker_core(sim->broker), &counts);
    for (size_t i = 0; i < model->task_count; i++)
        open += model_task_is_open(&model->tasks[i]);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        agencies += world->agencies[i].exists;
    for (int i = 0; i < WORLD_KEYS; i++)
        keys += world->keys[i].agency >= 0 && !world->keys[i].revoked;
    SIM_CHECK(sim,
              counts.seq == model->count && counts.tasks == model->task_count && counts.open_tasks == open &&
                  counts.agencies == agencies && counts.keys == keys,
              "the core counts %llu records, %llu tasks, %llu open, %llu agencies, %llu keys; the model has %zu, %zu, "
              "%llu, %llu, %llu",
              (unsigned long long)counts.seq, (unsigned long long)counts.tasks, (unsigned long long)counts.open_tasks,
              (unsigned long long)counts.agencies, (unsigned long long)counts.keys, model->count, model->task_count,
              (unsigned long long)open, (unsigned long long)agencies, (unsigned long long)keys);
    SIM_CHECK(sim, !documents_pending(sim) || core_next_deadline(broker_core(sim->broker)) == CORE_NOW,
              "tasks still cite what was replaced, and are not taken along");
    if (core_next_rung(broker_core(sim->broker)) == CORE_NOW)
        return; /* what was counted is being counted anew */
    for (size_t i = 0; i < model->task_count; i++) {
        const struct model_task *task = &model->tasks[i];
        const int64_t due = dates_counted(sim, task);
        SIM_CHECK(sim, due == NO_TIME || !model_task_is_open(task) || due <= task->due,
                  "task %zu is due before what its count comes to", i + 1);
        SIM_CHECK(sim,
                  dates_accept_counted(sim, task) == NO_TIME || dates_accept_counted(sim, task) <= task->accept_due,
                  "task %zu is to be accepted before what the policy's count comes to", i + 1);
        SIM_CHECK(sim, !model_task_is_open(task) || dates_report_counted(sim, task) <= task->report_due,
                  "task %zu is to report before its period ends", i + 1);
    }
    for (size_t i = 0; i < model->task_count; i++)
        for (int j = 0; j < model->tasks[i].ask_count; j++)
            SIM_CHECK(sim,
                      !model_task_is_open(&model->tasks[i]) ||
                          !dates_ask_is_early(sim, &model->tasks[i], &model->tasks[i].asks[j]),
                      "task %zu has a request that is to be decided before what the policy's count comes to", i + 1);
    for (size_t i = 0; i < model->task_count; i++)
        SIM_CHECK(sim, !model_task_is_open(&model->tasks[i]) || !opinions_are_early(sim, &model->tasks[i]),
                  "task %zu has a question whose date is before what its count comes to", i + 1);
    const int64_t next = next_of_all(sim);
    SIM_CHECK(sim, core_next_rung(broker_core(sim->broker)) == next,
              "the next rung is due at %lld, by the model at %lld", (long long)core_next_rung(broker_core(sim->broker)),
              (long long)next);
    hot_spots_compare(sim);
}

/* ---- records ---- */

static void read_record(struct sim *sim, const struct journal_record *stored, struct msg_record *record)
{
    struct problem problem = {0};
    const int failed = core_read_record(sim->model.decoder, stored, record, &problem);
    SIM_CHECK(sim, !failed, "record %llu cannot be read: %s %s", (unsigned long long)stored->seq, problem.field,
              problem.message);
    SIM_CHECK(sim, record->seq == stored->seq && record->task == stored->task && record->previous == stored->previous,
              "record %llu says otherwise than its row", (unsigned long long)stored->seq);
}

/* The request's key could speak then, and had the right. */
static void check_key(struct sim *sim, const struct msg_record *record, const struct request *request)
{
    const struct world *world = &sim->world;
    const struct world_key *key = &world->keys[request->key];
    SIM_CHECK(sim,
              world_admit(world, request->key, record->time) == 0 &&
                  world_has_right(world, request->key, op_row(request->op)->right),
              "record %llu was done with key %d, which may not", (unsigned long long)record->seq, request->key);
    SIM_CHECK(sim, text_equal(record->key, text_of(key->label)), "record %llu was done with another key than %d",
              (unsigned long long)record->seq, request->key);
}

/* One request makes its records once, one after the other. */
static void learn_request(struct sim *sim, const struct msg_record *record)
{
    struct request *request = request_of(sim, record->request);
    uint64_t digest[2] = {0};
    SIM_CHECK(sim, request, "record %llu is of a request that nobody made", (unsigned long long)record->seq);
    SIM_CHECK(sim, !request->is_dry, "record %llu is of a dry run", (unsigned long long)record->seq);
    const uint64_t part = MSG_HAS(record, record, part) ? record->part : 0;
    hash_of(request->frame, request->size, digest);
    SIM_CHECK(sim, record->digest.size == 16 && memcmp(digest, record->digest.data, 16) == 0,
              "record %llu is of another request than %.*s was", (unsigned long long)record->seq,
              TEXT_ARGS(record->request));
    check_key(sim, record, request);
    if (part == 0) {
        SIM_CHECK(sim, request->seq == 0, "request %.*s was done at %llu and again at %llu", TEXT_ARGS(record->request),
                  (unsigned long long)request->seq, (unsigned long long)record->seq);
        request->seq = record->seq;
        request->changed_nothing = record->record == RECORD_UNCHANGED;
        request->parts = MSG_HAS(record, record, parts) ? record->parts : 1;
    }
    SIM_CHECK(sim, record->seq == request->seq + part && part < request->parts,
              "part %llu of request %.*s stands at %llu", (unsigned long long)part, TEXT_ARGS(record->request),
              (unsigned long long)record->seq);
    SIM_CHECK(sim, model_ask(sim, request), "record %llu is of a request that cannot be read",
              (unsigned long long)record->seq);
    names_check_record(sim, record, request);
    sim->model.is_stand_in = request->op == OP_AGENCY_STAND_IN;
    SIM_CHECK(sim, !reasons_are_missing(request->op, &sim->model.asked),
              "record %llu is of what needs a reason, and has none", (unsigned long long)record->seq);
}

static void trace_record(const struct sim *sim, const struct msg_record *record)
{
    sim_trace(sim, "  record %llu: %s %s task %llu by %.*s%s%s", (unsigned long long)record->seq,
              term_name(&vocabulary_record, record->record),
              MSG_HAS(record, record, action) ? term_name(&vocabulary_action, record->action) : "",
              (unsigned long long)record->task, TEXT_ARGS(record->actor), MSG_HAS(record, record, step) ? " step" : "",
              MSG_HAS(record, record, missed) ? " missed" : "");
}

/* What whoever is told of it must get, now and whenever it is read back. */
static void hash_wire(struct sim *sim, const struct journal_record *stored, uint64_t hash[2])
{
    struct buffer frame = XMEMORY;
    struct problem problem = {0};
    SIM_CHECK(sim, core_record_wire(sim->model.decoder, stored, &frame, &problem) == 0,
              "record %llu cannot be told: %s", (unsigned long long)stored->seq, problem.message);
    hash_of(frame.data, frame.size, hash);
    buffer_done(&frame);
}

static void keep(struct sim *sim, const struct journal_record *stored, const struct msg_record *record)
{
    struct model *model = &sim->model;
    model->records = xgrow(model->records, model->count, &model->capacity, sizeof *model->records);
    struct model_record *kept = &model->records[model->count++];
    *kept = (struct model_record){.task = stored->task,
                                  .told = world_mask(record->to),
                                  .also = world_mask(record->stand_ins),
                                  .restricted = MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED,
                                  .removes = record->record == RECORD_REMOVED,
                                  .revokes = record->record == RECORD_KEY && MSG_HAS(&record->entry, key, revoked),
                                  .notice = record->notice,
                                  .severity = record->severity};
    hash_of(stored->body, stored->size, kept->stored);
    hash_wire(sim, stored, kept->hash);
}

void model_learn(struct sim *sim, const struct journal_record *stored)
{
    struct model *model = &sim->model;
    struct msg_record record;
    SIM_CHECK(sim, stored->seq == model->count + 1, "record %llu comes after record %zu",
              (unsigned long long)stored->seq, model->count);
    model_take_marks(sim, stored->seq);
    read_record(sim, stored, &record);
    trace_record(sim, &record);
    model->last_time = record.time;
    model->asked.has = 0;
    model->is_stand_in = false;
    model->kept_out = 0;
    if (MSG_HAS(&record, record, request))
        learn_request(sim, &record);
    else
        SIM_CHECK(sim,
                  record.record == RECORD_RUNG || record.record == RECORD_DUE_MOVED ||
                      record.record == RECORD_HANDED_ON || record.record == RECORD_REMOVED ||
                      record.record == RECORD_UNANSWERED || record.record == RECORD_STORE ||
                      record.record == RECORD_HOT_SPOT || stored->seq <= 3 || record.record == RECORD_PERIOD ||
                      documents_is_move(&record) ||
                      (record.record == RECORD_TASK && MSG_HAS(&record, record, scheduled)) ||
                      (record.record == RECORD_TASK && record.action == ACTION_RESUME),
                  "record %llu comes from nobody", (unsigned long long)stored->seq);
    SIM_CHECK(sim, model->removed == 0 || (record.record == RECORD_REMOVED && record.task == model->removed_of),
              "record %llu comes before those are told who are off task %llu", (unsigned long long)stored->seq,
              (unsigned long long)model->removed_of);
    bounces_check_next(sim, &record);
    if (record.record == RECORD_TASK || record.record == RECORD_RUNG || record.record == RECORD_DUE_MOVED ||
        record.record == RECORD_REMOVED || record.record == RECORD_HANDED_ON || record.record == RECORD_UNANSWERED)
        rules_learn(sim, &record);
    else if (record.record == RECORD_SCHEDULE)
        schedules_learn_set(sim, &record);
    else if (record.record == RECORD_PERIOD)
        schedules_learn_period(sim, &record);
    else if (record.record == RECORD_DOCUMENT)
        documents_learn(sim, &record, (int)request_of(sim, record.request)->op);
    else if (record.record == RECORD_STORE)
        copy_learn_store(sim, &record);
    else if (record.record == RECORD_UNCHANGED && request_of(sim, record.request)->op == OP_AMEND)
        outcome_unchanged(sim, &record);
    else
        world_learn(sim, &record);
    keep(sim, stored, &record);
}

void model_expect(struct sim *sim, const struct journal_record *stored)
{
    uint64_t hash[2];
    const struct model_record *kept = &sim->model.records[stored->seq - 1];
    hash_of(stored->body, stored->size, hash);
    SIM_CHECK(sim, memcmp(hash, kept->stored, sizeof hash) == 0, "record %llu is not what was written",
              (unsigned long long)stored->seq);
}

/* ---- replies ---- */

static void check_change(struct sim *sim, struct request *request, struct text id, const void *frame, size_t size)
{
    struct msg_change_reply reply;
    struct problem problem = {0};
    uint64_t hash[2];
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_change_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    /* Sequence 0: it was so already, and nothing was to be done; its record says so, for a copy that comes later. */
    SIM_CHECK(sim, request->seq != 0, "%.*s is answered, and has no record", TEXT_ARGS(id));
    SIM_CHECK(sim, reply.seq == (request->changed_nothing ? 0 : request->seq),
              "the reply to %.*s tells of record %llu, on disk is %llu", TEXT_ARGS(id), (unsigned long long)reply.seq,
              (unsigned long long)request->seq);
    hash_of(frame, size, hash);
    SIM_CHECK(sim, !request->is_done || memcmp(hash, request->reply, sizeof hash) == 0,
              "%.*s was sent twice and got two answers", TEXT_ARGS(id));
    sim->model.acknowledged += !request->is_done;
    memcpy(request->reply, hash, sizeof hash);
}

/* What was only tried is answered as such, and has no record. */
static void check_dry(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_change_reply reply;
    struct problem problem = {0};
    const bool may_change = !sim->model.read_only && (!sim->model.doubtful || request->op == OP_CLOCK_ACCEPT);
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_change_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    SIM_CHECK(sim, reply.dry_run && request->seq == 0, "%.*s was a dry run, and was done", TEXT_ARGS(id));
    SIM_CHECK(sim, may_change, "%.*s was taken for possible where no change is", TEXT_ARGS(id));
    if (request->op == OP_CALENDAR_SET && model_ask(sim, request))
        tried_check_calendar(sim, request, id, &reply);
    if (request->op == OP_POLICY_SET && model_ask(sim, request))
        explained_check_policy(sim, request, id, &reply);
    SIM_CHECK(sim, request->op != OP_AGENCY_SET || !model_ask(sim, request) || !refusals_locks_out(sim),
              "%.*s would leave nobody who administers", TEXT_ARGS(id));
    sim->model.tried++;
}

static void check_refusal(struct sim *sim, const struct request *request, struct text id)
{
    struct msg_error error;
    struct problem problem = {0};
    struct model *model = &sim->model;
    SIM_CHECK(sim, decoder_read(model->decoder, &message_error, &error, &problem) == 0,
              "the refusal of %.*s cannot be read: %s", TEXT_ARGS(id), problem.message);
    const struct error_row *row = error_row_named(error.error.data, error.error.size);
    SIM_CHECK(sim, row, "an error has no row: %.*s", TEXT_ARGS(error.error));
    model->errors[-row->error % 256]++;
    model->refused[request ? request->op : OP_NONE]++;
    sim_trace(sim, "  %.*s refused: %.*s: %.*s", TEXT_ARGS(id), TEXT_ARGS(error.error), TEXT_ARGS(error.message));
    if (request)
        refusals_check(sim, request, id, row->error);
}

/* Opens the frame: false when it was no reply but a refusal. */
static bool open_reply(struct sim *sim, const struct request *request, const void *frame, size_t size,
                       struct envelope *envelope)
{
    struct problem problem = {0};
    char id[ID_MAX] = "";
    SIM_CHECK(sim, decoder_open(sim->model.decoder, frame, size, envelope, &problem) == 0, "a reply is no frame: %s",
              problem.message);
    const bool is_error = text_equal(envelope->op, TEXT("error"));
    if (request)
        snprintf(id, sizeof id, "r%zu", request->id);
    SIM_CHECK(sim, is_error || request, "noise was taken for a request");
    SIM_CHECK(sim, !request || text_equal(envelope->id, text_of(id)) || (is_error && envelope->id.size == 0),
              "the reply to %s is one to %.*s", id, TEXT_ARGS(envelope->id));
    return !is_error;
}

void model_allow(struct sim *sim, size_t number)
{
    const struct request *request = &sim->model.requests[number];
    if (several_is_stale(sim))
        return;
    const int admitted = world_admit(&sim->world, request->key, sim->model.decided);
    SIM_CHECK(sim, admitted == 0 && world_has_right(&sim->world, request->key, op_row(request->op)->right),
              "r%zu is answered, and key %d may not ask: %d", request->id, request->key, admitted);
    if (request->op == OP_TASK_HISTORY && model_ask(sim, request)) {
        names_settle(sim, request, sim->model.decided);
        reads_allow_history(sim, request);
    }
}

static void take_reply(struct sim *sim, size_t number, const struct envelope *envelope, const void *frame, size_t size)
{
    struct model *model = &sim->model;
    struct request *request = &model->requests[number];
    const struct op_row *op = op_row(request->op);
    const bool changes = op->touches == OP_CLASS_change && !request->is_dry;
    SIM_CHECK(sim, request->id == number || !changes, "r%zu was used twice, and both were done", request->id);
    if (request->is_dry) {
        check_dry(sim, request, envelope->id);
    } else if (changes) {
        check_change(sim, request, envelope->id, frame, size);
    } else if ((op->touches == OP_CLASS_read || request->op == OP_STATUS || request->op == OP_LOAD) &&
               !request->is_scrambled) {
        SIM_CHECK(sim, model_ask(sim, request), "r%zu was answered, and cannot be read", request->id);
        names_settle(sim, request, model->decided);
        reads_check(sim, request, envelope->id);
    }
    request->is_done = !changes || request->seq > 0;
    model->done[request->op]++;
}

/* Of who was overtaken: what it says of a change is so, or it says nothing of one. Of anything else the model knows more by now. */
static void stale_reply(struct sim *sim, size_t number, const void *frame, size_t size)
{
    struct envelope envelope;
    struct request *request = number == SIZE_MAX ? NULL : &sim->model.requests[number];
    if (!open_reply(sim, request, frame, size, &envelope) || op_row(request->op)->touches != OP_CLASS_change ||
        request->is_dry)
        return;
    if (envelope.as_of == ENVELOPE_ABSENT) {
        check_change(sim, request, envelope.id, frame, size);
        request->is_done = true;
        return;
    }
    struct msg_change_reply reply;
    SIM_READ(sim, envelope.id, change_reply, &reply);
    SIM_CHECK(sim, request->seq != 0 && reply.seq == (request->changed_nothing ? 0 : request->seq),
              "a follower says that %.*s was done by record %llu, on disk is %llu", TEXT_ARGS(envelope.id),
              (unsigned long long)reply.seq, (unsigned long long)request->seq);
}

void model_reply(struct sim *sim, size_t number, const void *frame, size_t size)
{
    struct model *model = &sim->model;
    struct envelope envelope;
    const struct request *request = number == SIZE_MAX ? NULL : &model->requests[number];
    if (several_is_stale(sim)) {
        stale_reply(sim, number, frame, size);
        return;
    }
    if (!open_reply(sim, request, frame, size, &envelope)) {
        check_refusal(sim, request, envelope.id);
        return;
    }
    /* Its record was looked at, and it may have revoked the very key. */
    const bool is_new = !request->is_done && request->seq > 0 && request->seq + request->parts - 1 == model->count;
    if (!is_new)
        model_allow(sim, number);
    SIM_CHECK(sim, !is_new || !model->read_only, "r%zu was done while the store could take no changes", request->id);
    SIM_CHECK(sim, !is_new || refusals_may_have_assigned(sim, request), "r%zu gave more tasks than its agency may give",
              request->id);
    SIM_CHECK(sim, !is_new || !model->doubtful || request->op == OP_CLOCK_ACCEPT,
              "r%zu was done while nobody knew what time it was", request->id);
    SIM_CHECK(sim, decoder_open(model->decoder, frame, size, &envelope, &(struct problem){0}) == 0,
              "it was one before");
    take_reply(sim, number, &envelope, frame, size);
}

/* What may be refused after the core let it through, by sort of request. */
static bool is_late_error(const struct sim *sim, const struct request *request, int error)
{
    const enum op_class class = op_row(request->op)->touches;
    if (error == COORD_E_STOPPING || error == COORD_E_BATCH_FULL)
        return true;                      /* batches.c has an opinion of the latter */
    if (error == COORD_E_IN_FLIGHT_LIMIT) /* its connection leaves too much unread by now: unread.c */
        return class == OP_CLASS_change || request->op == OP_TASK_HISTORY;
    if (class == OP_CLASS_change)
        return error == COORD_E_REQUEST_REUSED && request->seq != 0;
    if (class == OP_CLASS_stream)
        return error == COORD_E_ALREADY_SUBSCRIBED || error == COORD_E_STREAM_UNKNOWN ||
               error == COORD_E_STREAM_LIMIT || error == COORD_E_CREDIT_LIMIT || error == COORD_E_OUT_OF_RANGE;
    if (request->op == OP_HAND_OVER)
        return sim->several.is_on ? error == COORD_E_HAND_OVER_FAILED || error == COORD_E_BAD_VALUE
                                  : error == COORD_E_NOT_SEVERAL;
    if (class == OP_CLASS_broker)
        return error == COORD_E_BACKUP_FAILED || error == COORD_E_BACKUP_RUNNING;
    return request->op == OP_TASK_HISTORY && error == COORD_E_OUT_OF_RANGE;
}

void model_reply_late(struct sim *sim, size_t number, const void *frame, size_t size)
{
    struct envelope envelope;
    struct msg_error error;
    struct problem problem = {0};
    const struct request *request = &sim->model.requests[number];
    if (sim->model.is_stale) {
        stale_reply(sim, number, frame, size);
        return;
    }
    if (open_reply(sim, request, frame, size, &envelope)) {
        sim->model.resent += op_row(request->op)->touches == OP_CLASS_change;
        take_reply(sim, number, &envelope, frame, size);
        return;
    }
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_error, &error, &problem) == 0,
              "the refusal of r%zu cannot be read: %s", request->id, problem.message);
    const struct error_row *row = error_row_named(error.error.data, error.error.size);
    const size_t first = request->id;
    SIM_CHECK(sim, row && is_late_error(sim, &sim->model.requests[first], row->error),
              "r%zu was let through, and is told %.*s", request->id, TEXT_ARGS(error.error));
    sim->model.errors[-row->error % 256]++;
    sim->model.refused[request->op]++;
    sim_trace(sim, "  r%zu refused: %.*s: %.*s", request->id, TEXT_ARGS(error.error), TEXT_ARGS(error.message));
}
