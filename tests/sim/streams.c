/* The broker's streams, as daemon/loop has them but for sockets: what is on disk goes to whom the core says it is for,
 * within credit, from the batch or from the journal. Whom the core names must be whom the model names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "sim/sim.h"

#define PAGE 32 /* records read for one that is behind, at a time */

static struct subscriber *subscriber_of(struct sim *sim, const struct request *request)
{
    struct subscriber *subscriber = &sim->subscribers[request->subscriber];
    return request->connection && subscriber->connection == request->connection ? subscriber : NULL;
}

/* ---- answers ---- */

static void encode_reply(const struct sim *sim, const struct subscriber *subscriber, struct text id,
                         struct buffer *frame)
{
    struct msg_stream_reply reply = {0};
    MSG_SET(&reply, stream_reply, from, subscriber->from);
    MSG_SET(&reply, stream_reply, seq, sim->model.count);
    MSG_SET(&reply, stream_reply, credit, subscriber->credit);
    message_encode(frame, "reply", id, &message_stream_reply, &reply);
}

static void answer(struct sim *sim, const struct effect *effect, const struct subscriber *subscriber, struct text id,
                   int error)
{
    struct buffer frame = {0};
    struct problem problem = {0};
    if (error) {
        problem_set(&problem, error, "", "%s", error_row(error)->sentence);
        message_encode_problem(&frame, id, &problem);
    } else {
        encode_reply(sim, subscriber, id, &frame);
    }
    broker_reply(sim, &effect->stream.to, frame.data, frame.size);
    buffer_done(&frame);
}

/* Keeps a consumer's place with the next batch, and answers when that is on disk. */
static void keep(struct sim *sim, const struct effect *effect, struct subscriber *subscriber, struct text id,
                 uint64_t place)
{
    struct effects *after = &sim->broker.after;
    const int error = core_consumer_keep(sim->broker.core, effect->stream.agency, text_of(subscriber->consumer), place,
                                         after);
    SIM_CHECK(sim, error == 0, "a consumer's place cannot be kept: %d", error);
    if (place > subscriber->claimed)
        subscriber->claimed = place;
    const size_t offset = after->bytes.size;
    encode_reply(sim, subscriber, id, &after->bytes);
    after->items = xgrow(after->items, after->count, &after->capacity, sizeof *after->items);
    struct effect *reply = &after->items[after->count++];
    *reply = (struct effect){.type = EFFECT_REPLY};
    reply->reply.to = effect->stream.to;
    reply->reply.body = (struct effect_span){offset, (uint32_t)(after->bytes.size - offset)};
    sim->broker.owed--; /* it is owed by the next batch now */
}

/* ---- what is asked ---- */

static void subscribe(struct sim *sim, const struct effect *effect, struct subscriber *subscriber, struct text id)
{
    uint64_t place = sim->model.count;
    const bool is_durable = subscriber->consumer[0] != '\0';
    if (subscriber->stream == subscriber->connection) {
        answer(sim, effect, subscriber, id, COORD_E_ALREADY_SUBSCRIBED);
        return;
    }
    const bool is_kept = !is_durable || core_consumer_place(sim->broker.core, effect->stream.agency,
                                                            text_of(subscriber->consumer), &place);
    subscriber->from = effect->stream.from_given ? effect->stream.from : place;
    subscriber->next = subscriber->from + 1;
    subscriber->credit = effect->stream.credit;
    subscriber->stream = subscriber->connection;
    subscriber->is_opening = !is_kept;
    if (is_kept)
        answer(sim, effect, subscriber, id, 0);
    else
        keep(sim, effect, subscriber, id, subscriber->from);
}

void streams_take(struct sim *sim, const struct effects *effects, const struct effect *effect)
{
    const struct request *request = &sim->model.requests[effect->stream.to.peer];
    struct subscriber *subscriber = subscriber_of(sim, request);
    const struct text id = {effects_bytes(effects, effect->stream.id), effect->stream.id.size};
    if (!subscriber) {
        sim->broker.owed--; /* the connection is gone */
        return;
    }
    SIM_CHECK(sim,
              world_admit(&sim->world, request->key, sim->model.decided) == 0 &&
                  world_has_right(&sim->world, request->key, RIGHT_READ),
              "key %d may not subscribe, and does", request->key);
    if (effect->stream.op == OP_SUBSCRIBE) {
        subscribe(sim, effect, subscriber, id);
    } else if (subscriber->stream != subscriber->connection) {
        answer(sim, effect, subscriber, id, COORD_E_STREAM_UNKNOWN);
    } else if (effect->stream.op == OP_CREDIT) {
        const uint64_t credit = (uint64_t)subscriber->credit + effect->stream.credit;
        subscriber->credit = credit > 65536 ? subscriber->credit : (uint32_t)credit;
        answer(sim, effect, subscriber, id, credit > 65536 ? COORD_E_CREDIT_LIMIT : 0);
    } else if (effect->stream.op == OP_CONSUMED) {
        if (effect->stream.seq > sim->model.count)
            answer(sim, effect, subscriber, id, COORD_E_OUT_OF_RANGE);
        else if (subscriber->consumer[0])
            keep(sim, effect, subscriber, id, effect->stream.seq);
        else
            answer(sim, effect, subscriber, id, 0);
    } else {
        answer(sim, effect, subscriber, id, 0);
        subscriber->stream = 0;
    }
}

/* ---- whom a record is for ---- */

/* By the core, as the loop asks it. */
static bool core_wants(struct sim *sim, const struct subscriber *subscriber, const struct journal_record *record)
{
    const struct core *core = sim->broker.core;
    struct audience audience;
    const int error = core_audience(core, record->body, record->size, &audience);
    const uint32_t agency = core_agency_find(core, text_of(world_agency_ids[sim->world.keys[subscriber->key].agency]));
    SIM_CHECK(sim, error == 0, "record %llu has no audience: %d", (unsigned long long)record->seq, error);
    if ((subscriber->notices && !(subscriber->notices & TERM_BIT(audience.notice))) ||
        audience.severity < subscriber->severity)
        return false;
    for (uint32_t i = 0; i < audience.count; i++) {
        uint32_t at = audience.agencies[i];
        while (at != agency && subscriber->subtree && !audience.restricted && at != CORE_NO_AGENCY)
            at = core_agency_parent(core, at);
        if (at == agency)
            return true;
    }
    return false;
}

bool streams_wants(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq)
{
    const struct model_record *record = &sim->model.records[seq - 1];
    const int agency = sim->world.keys[subscriber->key].agency;
    if ((subscriber->notices && !(subscriber->notices & TERM_BIT(record->notice))) ||
        record->severity < subscriber->severity)
        return false;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((record->told >> i & 1) &&
            (i == agency || (subscriber->subtree && !record->restricted && world_covers(&sim->world, agency, i))))
            return true;
    return false;
}

/* ---- sending ---- */

/* False when it can take no more. */
static bool offer(struct sim *sim, struct subscriber *subscriber, const struct journal_record *record)
{
    uint64_t hash[2];
    if (record->seq < subscriber->next)
        return true;
    SIM_CHECK(sim, record->seq == subscriber->next, "record %llu comes to a stream that is at %llu",
              (unsigned long long)record->seq, (unsigned long long)subscriber->next);
    const bool wanted = streams_wants(sim, subscriber, record->seq);
    SIM_CHECK(sim, core_wants(sim, subscriber, record) == wanted, "record %llu %s for key %d",
              (unsigned long long)record->seq, wanted ? "is, and is not taken to be," : "is taken to be",
              subscriber->key);
    if (wanted && (subscriber->credit == 0 || subscriber->queued == SUBSCRIBER_QUEUE))
        return false;
    subscriber->next++;
    if (!wanted)
        return true;
    digest_128(record->body, record->size, (uint8_t *)hash);
    SIM_CHECK(sim, memcmp(hash, sim->model.records[record->seq - 1].hash, sizeof hash) == 0,
              "record %llu goes out as it is not on disk", (unsigned long long)record->seq);
    subscriber->credit--;
    subscriber->queue[subscriber->queued++] = record->seq;
    return true;
}

/* A key that may not read any more has no stream. */
static bool is_admitted(struct sim *sim, struct subscriber *subscriber)
{
    char key[41];
    struct core_identity identity = {0};
    world_key_text(subscriber->key, key);
    const int error = core_admit(sim->broker.core, text_of(key), sim->now, &identity);
    const int by_model = world_admit(&sim->world, subscriber->key, sim->now);
    const uint32_t reading = TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ);
    SIM_CHECK(sim, error == by_model, "key %d is admitted with %d, by the model with %d", subscriber->key, error,
              by_model);
    SIM_CHECK(sim, error || identity.rights == sim->world.keys[subscriber->key].rights, "key %d has other rights",
              subscriber->key);
    if (error == 0 && (identity.rights & reading))
        return true;
    subscriber->stream = subscriber->connection = 0;
    return false;
}

struct page {
    struct sim *sim;
    struct subscriber *subscriber;
};

static int offer_page(void *context, const struct journal_record *record)
{
    struct page *page = context;
    return offer(page->sim, page->subscriber, record) ? 0 : 1;
}

void streams_release(struct sim *sim, const struct journal_record *records, size_t count)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &sim->subscribers[i];
        if (!subscriber->stream || subscriber->stream != subscriber->connection || subscriber->is_opening ||
            !is_admitted(sim, subscriber))
            continue;
        for (size_t r = 0; r < count && records[r].seq <= subscriber->next; r++)
            if (!offer(sim, subscriber, &records[r]))
                break;
        struct page page = {sim, subscriber};
        if (subscriber->next <= sim->model.count && chance_percent(&sim->chance, 60)) {
            const int result = journal_read(sim->broker.journal, subscriber->next, PAGE, offer_page, &page);
            SIM_CHECK(sim, result >= 0, "a page cannot be read: %s", journal_failure(sim->broker.journal));
        }
    }
}

void streams_cut(struct sim *sim, int key)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        if (sim->subscribers[i].key == key)
            sim->subscribers[i].stream = sim->subscribers[i].connection = 0;
}
