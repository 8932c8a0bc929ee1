/* The broker of a run: it gathers a batch, appends it, and lets go what waited, as the loop does with sockets and
 * threads. Faults of the disk end in a restart or, when it is full, in waiting.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

#define CHECKPOINT_RECORDS 60 /* a checkpoint begins after so many */
#define CHECKPOINT_ROWS    7  /* with one commit */
#define START_ATTEMPTS     20 /* ordered faults may strike while it starts, but not for ever */
#define HISTORY_MAX        1000

static struct event event_of(const struct sim *sim, enum event_type type)
{
    return (struct event){.type = type, .now_ms = sim->now};
}

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

static void send_reply(struct sim *sim, uint64_t peer, const void *frame, size_t size)
{
    model_reply(sim, frame, size);
    network_send(&sim->network, &(struct packet){.agency = (int)peer, .frame = (void *)frame, .size = (uint32_t)size});
}

struct collected {
    struct journal_record records[HISTORY_MAX];
    size_t count;
    size_t wanted;
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
    send_reply(sim, effect->resend.to.peer, frame.data, frame.size);
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
    send_reply(sim, effect->history.to.peer, frame.data, frame.size);
    buffer_done(&frame);
    collected_free(collected);
}

/* In the order in which the core made them: a request may be refused first and, sent again, be done in the same batch. */
static void release(struct sim *sim, const struct journal_record *records)
{
    struct sim_broker *broker = &sim->broker;
    for (size_t i = 0; i < broker->effects.count; i++) {
        const struct effect *effect = &broker->effects.items[i];
        if (effect->type == EFFECT_RECORD)
            model_learn(sim, records++);
        else if (effect->type == EFFECT_REPLY)
            send_reply(sim, effect->reply.to.peer, effects_bytes(&broker->effects, effect->reply.body),
                       effect->reply.body.size);
        else if (effect->type == EFFECT_RESEND)
            answer_again(sim, effect);
        else if (effect->type == EFFECT_HISTORY)
            answer_history(sim, effect);
    }
    for (int i = 0; i < SIM_AGENCIES; i++)
        if (sim->agencies[i].claimed > sim->agencies[i].place)
            sim->agencies[i].place = sim->agencies[i].claimed;
}

/* ---- commit ---- */

static void finish_commit(struct sim *sim, const struct journal_record *records)
{
    struct sim_broker *broker = &sim->broker;
    broker->commits++;
    broker->stuck = false;
    release(sim, records);
    effects_clear(&broker->effects);
    clear_rows(broker);
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
    const int result = needed ? journal_append(broker->journal, &batch) : JOURNAL_OK;
    sim_trace(sim, "commit %zu records, %zu rows, checkpoint %llu: %d %s", count, batch.row_count,
              (unsigned long long)batch.checkpoint, result, result ? journal_failure(broker->journal) : "");
    if (result == JOURNAL_OK) {
        finish_commit(sim, records);
    } else if (result == JOURNAL_FULL) {
        broker->stuck = broker->read_only = true;
    } else {
        SIM_CHECK(sim, result == JOURNAL_FAILED, "an append gave %d: %s", result, journal_failure(broker->journal));
        free(records);
        broker_crash(sim);
        broker_start(sim);
        return;
    }
    free(records);
}

/* ---- start and stop ---- */

struct restoring {
    struct sim *sim;
    struct core *core;
    struct problem problem;
    uint64_t known; /* records that the model knew when it began */
    bool compare;   /* hold them against the model */
};

static int restore_row(void *context, const struct journal_row *row)
{
    struct restoring *restoring = context;
    return core_restore_row(restoring->core, row, &restoring->problem);
}

static int restore_record(void *context, const struct journal_record *record)
{
    struct restoring *restoring = context;
    if (restoring->compare && record->seq <= restoring->known)
        model_expect(restoring->sim, record);
    else if (restoring->compare)
        model_learn(restoring->sim, record);
    return core_restore_record(restoring->core, record, &restoring->problem);
}

/* A core as a start makes it: from the rows and the records after them; or from record 1, which must come to the same. */
static struct core *restore(struct sim *sim, bool from_rows, uint8_t digest[32])
{
    struct journal *journal = sim->broker.journal;
    struct restoring restoring = {.sim = sim, .core = core_new(), .known = sim->model.count, .compare = !from_rows};
    struct journal_info info;
    int result = 0;
    journal_info(journal, &info);
    SIM_CHECK(sim, info.last_seq >= sim->model.count, "%llu records are on disk, %zu were acknowledged",
              (unsigned long long)info.last_seq, sim->model.count);
    if (from_rows)
        result = journal_rows(journal, restore_row, &restoring);
    const uint64_t from = from_rows ? info.checkpoint + 1 : 1;
    if (result == 0)
        result = journal_read(journal, from, SIZE_MAX, restore_record, &restoring);
    if (result == 0)
        result = core_restore_done(restoring.core, info.last_seq, &restoring.problem);
    SIM_CHECK(sim, result == 0, "restore %s: %d %s %s %s", from_rows ? "from rows" : "from record 1", result,
              restoring.problem.field, restoring.problem.message, journal_failure(journal));
    core_digest(restoring.core, digest);
    return restoring.core;
}

static void check_consumers(struct sim *sim)
{
    for (int i = 0; i < SIM_AGENCIES; i++) {
        struct sim_agency *agency = &sim->agencies[i];
        uint64_t place = 0;
        const uint32_t number = core_agency_find(sim->broker.core, text_of(agency->id));
        if (number == CORE_NO_AGENCY)
            continue;
        (void)core_consumer_place(sim->broker.core, number, TEXT("sim"), &place);
        SIM_CHECK(sim, place >= agency->place && place <= agency->claimed,
                  "the consumer of %s is at %llu, was told %llu and had asked for %llu", agency->id,
                  (unsigned long long)place, (unsigned long long)agency->place, (unsigned long long)agency->claimed);
        agency->place = agency->claimed = place;
    }
}

static bool open_store(struct sim *sim)
{
    const struct journal_options options = {.directory = "/sim", .vfs = DISK_VFS};
    struct problem problem = {0};
    const int result = journal_open_sqlite(&sim->broker.journal, &options, &problem);
    sim_trace(sim, "open: %d %s", result, problem.message);
    SIM_CHECK(sim, result == JOURNAL_OK || result == JOURNAL_FAILED || result == JOURNAL_FULL,
              "the store cannot be opened: %d %s", result, problem.message);
    return result == JOURNAL_OK;
}

void broker_start(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    uint8_t from_rows[32], from_records[32];
    int attempts = 0;
    while (!open_store(sim)) {
        SIM_CHECK(sim, ++attempts < START_ATTEMPTS, "the store cannot be opened after %d attempts", attempts);
        disk_has_room(sim->disk);
        disk_power_on(sim->disk);
    }
    core_free(restore(sim, false, from_records));
    broker->core = restore(sim, true, from_rows);
    SIM_CHECK(sim, memcmp(from_rows, from_records, 32) == 0, "the checkpoint and the records come to different states");
    struct journal_info info;
    journal_info(broker->journal, &info);
    broker->checkpoint_seq = info.checkpoint;
    broker->checkpointing = broker->stuck = broker->read_only = false;
    broker->restarts++;
    check_consumers(sim);
    broker_clock_jumped(sim);
}

static void let_go(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    effects_clear(&broker->effects);
    clear_rows(broker);
    core_free(broker->core);
    journal_close(broker->journal);
    broker->core = NULL;
    broker->journal = NULL;
}

void broker_crash(struct sim *sim)
{
    sim_trace(sim, "crash");
    sim->broker.crashes++;
    let_go(sim);
    disk_has_room(sim->disk);
    disk_power_on(sim->disk);
}

void broker_stop(struct sim *sim)
{
    sim_trace(sim, "stop");
    let_go(sim);
}

void broker_make_store(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    struct journal_options options = {.directory = "/sim", .create = true, .vfs = DISK_VFS};
    struct problem problem = {0};
    char key[41];
    sim_key(0, key);
    memset(options.identity, 7, sizeof options.identity);
    const int result = journal_open_sqlite(&broker->journal, &options, &problem);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store cannot be made: %s", problem.message);
    broker->core = core_new();
    struct event event = event_of(sim, EVENT_STORE);
    memcpy(event.store.identity, options.identity, sizeof options.identity);
    event.store.agency = text_of(sim->agencies[0].id);
    event.store.name = TEXT("Tỉnh");
    event.store.key = text_of(key);
    event.store.label = TEXT("quản trị");
    core_step(broker->core, &event, &broker->effects);
    broker_commit(sim);
}

void broker_done(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    if (broker->core)
        let_go(sim);
    effects_done(&broker->effects);
    buffer_done(&broker->row_bytes);
    free(broker->rows);
}

/* ---- events ---- */

void broker_take(struct sim *sim, int agency, const void *frame, size_t size)
{
    char key[41];
    struct event event = event_of(sim, EVENT_REQUEST);
    sim_key(agency, key);
    event.request.peer = (uint64_t)agency;
    event.request.key = text_of(key);
    event.request.frame = frame;
    event.request.size = size;
    event.request.read_only = sim->broker.read_only;
    sim->broker.decided = sim->now;
    core_step(sim->broker.core, &event, &sim->broker.effects);
}

void broker_tick(struct sim *sim)
{
    while (core_next_deadline(sim->broker.core) <= sim->now) {
        const struct event event = event_of(sim, EVENT_TICK);
        core_step(sim->broker.core, &event, &sim->broker.effects);
    }
}

void broker_clock_jumped(struct sim *sim)
{
    const struct event event = event_of(sim, EVENT_RESUME);
    core_step(sim->broker.core, &event, &sim->broker.effects);
    sim_trace(sim, "resume at %lld", (long long)sim->now);
}
