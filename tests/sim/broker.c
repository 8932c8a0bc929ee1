/* The broker of a run: it gathers a batch, appends it, and lets go what waited, as the loop does with sockets and
 * threads. Faults of the disk end in a restart (restart.c) or, when it is full, in waiting.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

#define CHECKPOINT_RECORDS 60 /* a checkpoint begins after so many */
#define CHECKPOINT_ROWS    7  /* with one commit */
#define HISTORY_MAX        1000

/* ---- records and rows of a batch ---- */

static size_t gather_records(struct sim_broker *broker, struct journal_record **records)
{
    size_t count = 0, capacity = 0;
    *records = NULL;
    for (size_t i = 0; i < broker->effects.count; i++) {
        const struct effect *effect = &broker->effects.items[i];
        if (effect->type != EFFECT_RECORD)
            continue;
        *records = xgrow(*records, count, &capacity, sizeof **records);
        (*records)[count++] = (struct journal_record){effect->record.seq, effect->record.task, effect->record.previous,
                                                      effects_bytes(&broker->effects, effect->record.body),
                                                      effect->record.body.size};
    }
    return count;
}

static void add_row(struct sim_broker *broker, const struct journal_row *row)
{
    broker->rows = xgrow(broker->rows, broker->row_count, &broker->row_capacity, sizeof *broker->rows);
    broker->rows[broker->row_count] = *row;
    broker->rows[broker->row_count++].body = xmemdup(row->body, row->size);
}

static void gather_rows(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    for (size_t i = 0; i < broker->effects.count; i++) {
        const struct effect *effect = &broker->effects.items[i];
        if (effect->type == EFFECT_ROW)
            add_row(broker,
                    &(struct journal_row){effect->row.key, effect->row.seq,
                                          effects_bytes(&broker->effects, effect->row.body), effect->row.body.size});
    }
    struct core_counts counts;
    core_counts(broker->core, &counts);
    if (!broker->checkpointing && counts.seq >= broker->checkpoint_seq + CHECKPOINT_RECORDS) {
        broker->checkpoint_seq = core_checkpoint_begin(broker->core);
        broker->checkpointing = true;
    }
    for (int i = 0; broker->checkpointing && i < CHECKPOINT_ROWS; i++) {
        struct journal_row row;
        buffer_clear(&broker->row_bytes);
        if (core_checkpoint_next(broker->core, &broker->row_bytes, &row)) {
            add_row(broker, &row);
        } else {
            broker->checkpoint = broker->checkpoint_seq;
            broker->checkpointing = false;
        }
    }
}

static void clear_rows(struct sim_broker *broker)
{
    while (broker->row_count > 0)
        free((void *)broker->rows[--broker->row_count].body);
    broker->checkpoint = 0;
}

/* ---- what leaves after the sync ---- */

void broker_reply(struct sim *sim, const struct reply_to *to, const void *frame, size_t size)
{
    size_t number = to->peer == UINT64_MAX ? SIZE_MAX : (size_t)to->peer;
    if (to->batch)
        number += 1 + to->slot;
    SIM_CHECK(sim, sim->broker.owed > 0, "a reply that nobody waits for");
    sim->broker.owed--;
    if (number != SIZE_MAX && op_row(sim->model.requests[number].op) &&
        op_row(sim->model.requests[number].op)->touches == OP_CLASS_stream)
        streams_reply(sim, &sim->model.requests[number], frame, size);
    model_reply(sim, number, frame, size);
}

struct collected {
    struct journal_record records[HISTORY_MAX];
    size_t count;
};

static int collect(void *context, const struct journal_record *record)
{
    struct collected *collected = context;
    struct journal_record *kept = &collected->records[collected->count++];
    *kept = *record;
    kept->body = xmemdup(record->body, record->size);
    return 0;
}

static void collected_free(struct collected *collected)
{
    while (collected->count > 0)
        free((void *)collected->records[--collected->count].body);
    free(collected);
}

/* The record says itself how many the request made. */
static uint64_t parts_of(struct sim *sim, const struct journal_record *record)
{
    struct msg_record message;
    struct envelope envelope;
    struct problem problem;
    SIM_CHECK(sim, decoder_open(sim->model.decoder, record->body, record->size, &envelope, &problem) == 0,
              "record %llu cannot be read", (unsigned long long)record->seq);
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_record, &message, &problem) == 0,
              "record %llu cannot be read", (unsigned long long)record->seq);
    return MSG_HAS(&message, record, parts) ? message.parts : 1;
}

static void answer_again(struct sim *sim, const struct effect *effect)
{
    struct sim_broker *broker = &sim->broker;
    struct collected *collected = xcalloc(1, sizeof *collected);
    struct buffer frame = {0};
    const struct effect_span id = effect->resend.id;
    int result = journal_read(broker->journal, effect->resend.seq, 1, collect, collected);
    SIM_CHECK(sim, result == JOURNAL_OK && collected->count == 1, "record %llu of a request is not there",
              (unsigned long long)effect->resend.seq);
    const uint64_t parts = parts_of(sim, &collected->records[0]);
    if (parts > 1)
        result = journal_read(broker->journal, effect->resend.seq + 1, parts - 1, collect, collected);
    SIM_CHECK(sim, result == JOURNAL_OK && collected->count == parts, "a request's records are not all there");
    core_reply_again((struct text){effects_bytes(&broker->effects, id), id.size}, effect->resend.digest,
                     collected->records, collected->count, &frame);
    sim->model.resent++;
    broker_reply(sim, &effect->resend.to, frame.data, frame.size);
    buffer_done(&frame);
    collected_free(collected);
}

static void answer_history(struct sim *sim, const struct effect *effect)
{
    struct sim_broker *broker = &sim->broker;
    struct collected *collected = xcalloc(1, sizeof *collected);
    struct buffer frame = {0};
    const struct effect_span id = effect->history.id;
    const int result = journal_read_task(broker->journal, effect->history.task, effect->history.newest,
                                         effect->history.before, effect->history.limit, collect, collected);
    SIM_CHECK(sim, result == JOURNAL_OK || result == JOURNAL_SEQUENCE, "a history cannot be read: %s",
              journal_failure(broker->journal));
    const bool more = collected->count > 0 && collected->records[collected->count - 1].previous != 0;
    core_reply_history((struct text){effects_bytes(&broker->effects, id), id.size}, collected->records,
                       collected->count, more, &frame);
    broker_reply(sim, &effect->history.to, frame.data, frame.size);
    buffer_done(&frame);
    collected_free(collected);
}

/* Live streams go by what the effect says of the record, and read it no more. */
static void check_audience(struct sim *sim, const struct effect *effect)
{
    const struct model_record *record = &sim->model.records[effect->record.seq - 1];
    const char *bytes = effects_bytes(&sim->broker.effects, effect->record.audience);
    uint32_t agency, told = 0;
    SIM_CHECK(sim, effect->record.notifies == (record->told != 0), "record %llu is%s to be told",
              (unsigned long long)effect->record.seq, effect->record.notifies ? "" : " not");
    if (!effect->record.notifies)
        return;
    for (uint32_t at = 0; at < effect->record.audience.size; at += sizeof agency) {
        memcpy(&agency, bytes + at, sizeof agency);
        told |= world_one(world_agency(core_agency_id(sim->broker.core, agency)));
    }
    SIM_CHECK(sim,
              told == record->told && effect->record.restricted == record->restricted &&
                  effect->record.notice == record->notice && effect->record.severity == record->severity,
              "record %llu goes out to %x%s as %d, %d, and is for %x%s as %d, %d",
              (unsigned long long)effect->record.seq, told, effect->record.restricted ? " alone" : "",
              effect->record.notice, effect->record.severity, record->told, record->restricted ? " alone" : "",
              record->notice, record->severity);
}

static void release_one(struct sim *sim, const struct effect *effect, const struct journal_record **records)
{
    const struct effects *effects = &sim->broker.effects;
    switch (effect->type) {
    case EFFECT_RECORD:
        model_learn(sim, (*records)++);
        check_audience(sim, effect);
        break;
    case EFFECT_REPLY:
        broker_reply(sim, &effect->reply.to, effects_bytes(effects, effect->reply.body), effect->reply.body.size);
        break;
    case EFFECT_RESEND:
        answer_again(sim, effect);
        break;
    case EFFECT_HISTORY:
        answer_history(sim, effect);
        break;
    case EFFECT_STREAM:
        streams_take(sim, effects, effect);
        break;
    case EFFECT_BROKER: /* the loop's to answer: status, backup */
        sim->broker.owed--;
        sim->model.done[effect->broker.op]++;
        break;
    case EFFECT_CUT:
        sim->world.revoked--;
        streams_cut(sim, world_key(text_of(effect->cut.public_key)));
        break;
    case EFFECT_BATCH:
        sim->model.done[OP_BATCH]++;
        break;
    case EFFECT_ROW:
        break;
    }
}

/* In the order in which the core made them: a request may be refused first and, sent again, be done in the same batch. */
static void release(struct sim *sim, const struct journal_record *records, size_t count)
{
    struct sim_broker *broker = &sim->broker;
    const struct journal_record *next = records;
    for (size_t i = 0; i < broker->effects.count; i++)
        release_one(sim, &broker->effects.items[i], &next);
    model_take_marks(sim, UINT64_MAX);
    SIM_CHECK(sim, broker->owed == 0, "%llu requests were not answered", (unsigned long long)broker->owed);
    SIM_CHECK(sim, sim->world.revoked == 0, "a key was revoked, and its connections were not cut");
    model_compare(sim);
    streams_release(sim, records, count);
}

/* ---- commit ---- */

static void finish_commit(struct sim *sim, const struct journal_record *records, size_t count)
{
    struct sim_broker *broker = &sim->broker;
    broker->commits++;
    broker->stuck = false;
    release(sim, records, count);
    effects_clear(&broker->effects);
    clear_rows(broker);
    const struct effects swap = broker->effects;
    broker->effects = broker->after;
    broker->after = swap;
    for (size_t i = 0; i < broker->effects.count; i++)
        broker->owed += broker->effects.items[i].type == EFFECT_REPLY;
}

void broker_commit(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    struct journal_record *records;
    const size_t count = gather_records(broker, &records);
    if (!broker->stuck)
        gather_rows(sim);
    const struct journal_batch batch = {records, count, broker->rows, broker->row_count, broker->checkpoint};
    const bool needed = count > 0 || batch.row_count > 0 || batch.checkpoint > 0;
    int result = needed ? journal_append(broker->journal, &batch) : JOURNAL_OK;
    if (needed)
        sim_trace(sim, "commit %zu records, %zu rows, checkpoint %llu: %s", count, batch.row_count,
                  (unsigned long long)batch.checkpoint, result ? journal_failure(broker->journal) : "on disk");
    if (result == JOURNAL_OK) {
        finish_commit(sim, records, count);
        result = journal_write_back(broker->journal);
    } else if (result == JOURNAL_FULL) {
        broker->stuck = broker->read_only = true;
    }
    free(records);
    if (result == JOURNAL_OK || result == JOURNAL_FULL)
        return;
    SIM_CHECK(sim, result == JOURNAL_FAILED && disk_failures(sim->disk) > broker->failures,
              "a commit gave %d, and the disk is sound: %s", result, journal_failure(broker->journal));
    broker_crash(sim);
    broker_start(sim);
}

/* ---- events ---- */

static struct event event_of(const struct sim *sim, enum event_type type)
{
    return (struct event){.type = type, .now_ms = sim->now};
}

void broker_take(struct sim *sim, const struct packet *packet)
{
    char key[41];
    struct sim_broker *broker = &sim->broker;
    struct event event = event_of(sim, EVENT_REQUEST);
    const struct request *request = packet->request == SIZE_MAX ? NULL : &sim->model.requests[packet->request];
    if (request && request->connection && sim->subscribers[request->subscriber].connection != request->connection)
        return; /* what was on its way on a connection that is gone */
    world_key_text(packet->key, key);
    event.request.peer = packet->request == SIZE_MAX ? UINT64_MAX : packet->request;
    event.request.key = text_of(key);
    event.request.frame = packet->frame;
    event.request.size = packet->size;
    event.request.read_only = broker->read_only;
    sim->model.decided = sim->now;
    sim->model.read_only = broker->read_only;
    const uint32_t batches = broker->effects.batches;
    core_step(broker->core, &event, &broker->effects);
    broker->owed += broker->effects.batches > batches ? request->count : 1;
}

void broker_tick(struct sim *sim)
{
    if (core_next_deadline(sim->broker.core) > sim->now)
        return;
    while (core_next_deadline(sim->broker.core) <= sim->now) {
        const struct event event = event_of(sim, EVENT_TICK);
        core_step(sim->broker.core, &event, &sim->broker.effects);
    }
    model_mark(sim, false);
}

void broker_clock_jumped(struct sim *sim)
{
    const struct event event = event_of(sim, EVENT_RESUME);
    core_step(sim->broker.core, &event, &sim->broker.effects);
    model_mark(sim, true);
    sim_trace(sim, "resume at %lld", (long long)sim->now);
}
