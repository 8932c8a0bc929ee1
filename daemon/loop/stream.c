/* See stream.h. How a stream moves:
 *
 *     OPENING ──▶ LIVE ◀──▶ DRY, STALLED        a live one that cannot take a record falls behind with it,
 *                  ▲          │                  and READY once it can
 *                  └─ READY ◀─┘
 *                       │  ▲
 *                       ▼  │
 *                 READING ─▶ PAGED              further behind than the recent records reach
 */
#include "loop/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"

#define STREAM_SLICE 128 /* records one stream looks at before the next one's turn */
/* Notifications sent at once when a batch becomes durable, about 2 ms: a large batch with a thousand live subscribers
 * would else hold the loop for seconds. */
#define STREAM_FAN_OUT 4096

/* ---- states and places in the lists ---- */

static void stream_enter(struct streams *streams, struct stream *stream, enum stream_state state)
{
    stream->state = state;
    streams->in_state[state]++;
    DL_APPEND2(streams->states[state], stream, state_previous, state_next);
}

static void stream_leave(struct streams *streams, struct stream *stream)
{
    streams->in_state[stream->state]--;
    DL_DELETE2(streams->states[stream->state], stream, state_previous, state_next);
}

static void stream_move(struct streams *streams, struct stream *stream, enum stream_state state)
{
    stream_leave(streams, stream);
    stream_enter(streams, stream, state);
}

static struct stream **streams_of_agency(struct streams *streams, uint32_t agency)
{
    if (agency >= streams->agencies) {
        const size_t wanted = (size_t)agency + agency / 2 + 64;
        streams->by_agency = xrealloc(streams->by_agency, wanted, sizeof(struct stream *));
        memset(streams->by_agency + streams->agencies, 0, (wanted - streams->agencies) * sizeof(struct stream *));
        streams->agencies = wanted;
    }
    return &streams->by_agency[agency];
}

void streams_init(struct streams *streams, const struct core *core, const struct clock *clock, struct peers *peers,
                  size_t recent_bytes)
{
    *streams = (struct streams){.core = core, .clock = clock, .peers = peers};
    recent_init(&streams->recent, recent_bytes);
}

static void streams_drop_page(struct streams *streams)
{
    for (size_t i = 0; i < streams->page_count; i++)
        recent_record_done(&streams->page[i]);
    free(streams->page);
    streams->page = NULL;
    streams->page_count = 0;
    streams->page_from = 1;
    streams->page_through = 0;
}

void streams_done(struct streams *streams)
{
    for (int state = 0; state < STREAM_STATES; state++)
        while (streams->states[state])
            stream_free(streams, streams->states[state]);
    streams_drop_page(streams);
    recent_done(&streams->recent);
    free(streams->by_agency);
}

/* ---- what a stream wants ---- */

static bool stream_filters(const struct stream *stream, const struct recent_audience *audience)
{
    return (stream->notices == 0 || (stream->notices & TERM_BIT(audience->notice)) != 0) &&
           audience->severity >= stream->severity;
}

static bool stream_above(const struct streams *streams, const struct stream *stream, uint32_t agency)
{
    while (agency != CORE_NO_AGENCY && agency != stream->agency)
        agency = core_agency_parent(streams->core, agency);
    return agency == stream->agency;
}

static bool stream_wants(const struct streams *streams, const struct stream *stream,
                         const struct recent_audience *audience)
{
    if (audience->count == 0 || !stream_filters(stream, audience))
        return false;
    const bool climb = stream->subtree && !audience->restricted;
    for (uint32_t i = 0; i < audience->count; i++)
        if (audience->agencies[i] == stream->agency || (climb && stream_above(streams, stream, audience->agencies[i])))
            return true;
    return false;
}

/* The key is looked up anew each second, so that one past its validity gets no more than that. */
static bool stream_admitted(struct streams *streams, struct stream *stream)
{
    struct core_identity identity;
    if (stream->admitted_s == streams->second)
        return true;
    stream->admitted_s = streams->second;
    if (core_admit(streams->core, (struct text){stream->peer->key->text, PEER_KEY_SIZE}, clock_now_ms(streams->clock),
                   &identity) != 0 ||
        identity.agency != stream->agency)
        return false;
    const uint32_t reading = TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ);
    return (stream->rights & reading) == 0 || (identity.rights & reading) != 0;
}

/* ---- sending ---- */

/* Sends a record that the stream wants. false when the stream cannot go on: it then waits with this record as its
 * next, or has ended. */
static bool stream_send(struct streams *streams, struct stream *stream, struct recent_record *record)
{
    if (!stream_admitted(streams, stream)) {
        stream_close(streams, stream, ENDING_KEY_REVOKED);
        return false;
    }
    stream->next = record->seq;
    if (stream->credit == 0) {
        stream_move(streams, stream, STREAM_DRY);
        return false;
    }
    zmq_msg_t message;
    zmq_msg_init(&message);
    zmq_msg_copy(&message, &record->body);
    if (peers_send(streams->peers, stream->peer, &message) != 0) {
        zmq_msg_close(&message);
        stream_move(streams, stream, STREAM_STALLED);
        return false;
    }
    stream->credit--;
    stream->sent = record->seq;
    stream->next = record->seq + 1;
    streams->sent++;
    return true;
}

/* ---- as records become durable ---- */

static void streams_offer(struct streams *streams, uint32_t agency, bool from_below, struct recent_record *record)
{
    struct stream *stream, *next;
    if (agency >= streams->agencies)
        return;
    DL_FOREACH_SAFE2(streams->by_agency[agency], stream, next, agency_next)
    {
        /* `next` is past the record when an agency before this one brought it already. */
        if (stream->state != STREAM_LIVE || record->seq < stream->next || (from_below && !stream->subtree) ||
            !stream_filters(stream, record->audience))
            continue;
        if (streams->fan_out_left-- > 0) {
            stream_send(streams, stream, record);
        } else {
            stream->next = record->seq;
            stream_move(streams, stream, STREAM_READY);
        }
    }
}

static void streams_fan_out(struct streams *streams, struct recent_record *record)
{
    const struct recent_audience *audience = recent_audience(record, streams->core);
    for (uint32_t i = 0; i < audience->count; i++) {
        uint32_t agency = audience->agencies[i];
        streams_offer(streams, agency, false, record);
        while (!audience->restricted && (agency = core_agency_parent(streams->core, agency)) != CORE_NO_AGENCY)
            streams_offer(streams, agency, true, record);
    }
}

void streams_begin_batch(struct streams *streams)
{
    streams->fan_out_left = STREAM_FAN_OUT;
}

void streams_publish(struct streams *streams, uint64_t seq, const void *body, size_t size,
                     const struct audience *audience)
{
    assert(seq == streams->durable + 1);
    streams->durable = seq;
    if (!audience || streams->count == 0)
        return;
    struct recent_record *record = recent_add(&streams->recent, seq, body, size);
    recent_tell_audience(record, audience);
    if (streams->in_state[STREAM_LIVE] > 0)
        streams_fan_out(streams, record);
}

/* ---- for those behind ---- */

/* Where a stream that is behind, and could take more, belongs. */
static enum stream_state stream_source(const struct streams *streams, const struct stream *stream)
{
    if (stream->next > streams->durable)
        return STREAM_LIVE;
    return stream->next >= recent_first(&streams->recent) ? STREAM_READY : STREAM_READING;
}

/* Goes through records in order; false when the stream left its state on the way. */
static bool stream_take(struct streams *streams, struct stream *stream, struct recent_record *record)
{
    const struct recent_audience *audience = recent_audience(record, streams->core);
    if (record->seq >= stream->next && stream_wants(streams, stream, audience))
        return stream_send(streams, stream, record);
    if (record->seq >= stream->next)
        stream->next = record->seq + 1;
    return true;
}

static int stream_serve_recent(struct streams *streams, struct stream *stream)
{
    int looked = 0;
    /* While it waited for its turn, the ring may have let go of what it wants. */
    if (stream->next < recent_first(&streams->recent)) {
        stream_move(streams, stream, STREAM_READING);
        return 1;
    }
    for (uint64_t at = recent_seek(&streams->recent, stream->next); looked < STREAM_SLICE; at++, looked++) {
        struct recent_record *record = recent_get(&streams->recent, at);
        if (!record) {
            stream->next = streams->durable + 1;
            stream_move(streams, stream, STREAM_LIVE);
            return looked + 1;
        }
        if (!stream_take(streams, stream, record))
            return looked + 1;
    }
    stream_move(streams, stream, STREAM_READY); /* behind the others */
    return looked;
}

static size_t streams_page_seek(const struct streams *streams, uint64_t seq)
{
    return seq <= streams->page_from ? 0 : (size_t)(seq - streams->page_from); /* the journal has no gaps */
}

static int stream_serve_page(struct streams *streams, struct stream *stream)
{
    int looked = 0;
    for (size_t i = streams_page_seek(streams, stream->next); looked < STREAM_SLICE; i++, looked++) {
        if (i >= streams->page_count) {
            stream_move(streams, stream, stream_source(streams, stream));
            return looked + 1;
        }
        if (!stream_take(streams, stream, &streams->page[i]))
            return looked + 1;
    }
    stream_move(streams, stream, STREAM_PAGED);
    return looked;
}

void streams_pump(struct streams *streams, int budget)
{
    while (budget > 0 && streams_pending(streams)) {
        if (streams->states[STREAM_PAGED])
            budget -= stream_serve_page(streams, streams->states[STREAM_PAGED]);
        if (streams->states[STREAM_READY])
            budget -= stream_serve_recent(streams, streams->states[STREAM_READY]);
    }
    if (!streams->states[STREAM_PAGED] && streams->page)
        streams_drop_page(streams);
}

bool streams_pending(const struct streams *streams)
{
    return streams->states[STREAM_READY] || streams->states[STREAM_PAGED];
}

struct read *streams_want_page(struct streams *streams)
{
    const struct stream *stream = streams->states[STREAM_READING];
    if (!stream || streams->page_asked || streams->states[STREAM_PAGED])
        return NULL;
    struct read *read = read_new(READ_PAGE);
    read->from = stream->next;
    streams->page_asked = true;
    return read;
}

void streams_take_page(struct streams *streams, const struct read *read)
{
    struct stream *stream, *next;
    streams->page_asked = false;
    streams_drop_page(streams);
    streams->page_from = read->from;
    streams->page_through = read->through;
    streams->page = xcalloc(read->count ? read->count : 1, sizeof *streams->page);
    for (size_t i = 0; i < read->count; i++) {
        assert(read->records[i].seq == read->from + i);
        recent_record_init(&streams->page[i], read->records[i].seq, read->records[i].body, read->records[i].size);
    }
    streams->page_count = read->count;
    DL_FOREACH_SAFE2(streams->states[STREAM_READING], stream, next, state_next)
    {
        if (stream->next >= streams->page_from && stream->next <= streams->page_through)
            stream_move(streams, stream, STREAM_PAGED);
    }
}

/* ---- the life of one ---- */

struct stream *streams_consumer(const struct streams *streams, uint32_t agency, struct text consumer)
{
    struct stream wanted = {0}, *found = NULL;
    assert(consumer.size <= STREAM_CONSUMER_MAX);
    wanted.consumer.agency = agency;
    memcpy(wanted.consumer.name, consumer.data, consumer.size);
    HASH_FIND(by_consumer, streams->by_consumer, &wanted.consumer, sizeof agency + consumer.size, found);
    return found;
}

struct stream *stream_new(struct streams *streams, struct peer *peer, uint32_t agency, struct text consumer,
                          uint64_t from)
{
    struct core_identity identity = {0};
    assert(!peer->stream && consumer.size <= STREAM_CONSUMER_MAX);
    struct stream *stream = xcalloc(1, sizeof *stream);
    stream->peer = peer;
    stream->agency = agency;
    stream->from = stream->sent = from;
    stream->next = from + 1;
    if (core_admit(streams->core, (struct text){peer->key->text, PEER_KEY_SIZE}, clock_now_ms(streams->clock),
                   &identity) == 0)
        stream->rights = identity.rights;
    stream->admitted_s = streams->second;
    stream->consumer_size = (uint8_t)consumer.size;
    stream->consumer.agency = agency;
    if (consumer.size > 0) {
        memcpy(stream->consumer.name, consumer.data, consumer.size);
        HASH_ADD_KEYPTR(by_consumer, streams->by_consumer, &stream->consumer, sizeof agency + consumer.size, stream);
    }
    /* With nobody to read them, recent records are not kept: what came before is the journal's. */
    if (streams->count++ == 0)
        recent_reset(&streams->recent, streams->durable + 1);
    struct stream **list = streams_of_agency(streams, agency);
    DL_APPEND2(*list, stream, agency_previous, agency_next);
    stream_enter(streams, stream, STREAM_OPENING);
    peer->stream = stream;
    return stream;
}

void stream_begin(struct streams *streams, struct stream *stream)
{
    if (stream->state == STREAM_OPENING)
        stream_move(streams, stream, stream_source(streams, stream));
}

void stream_grant(struct streams *streams, struct stream *stream, uint32_t credit)
{
    stream->credit += credit;
    if (stream->state == STREAM_DRY)
        stream_move(streams, stream, stream_source(streams, stream));
}

void stream_resume(struct streams *streams, struct stream *stream)
{
    if (stream->state == STREAM_STALLED)
        stream_move(streams, stream, stream_source(streams, stream));
}

void stream_free(struct streams *streams, struct stream *stream)
{
    if (!stream)
        return;
    stream_leave(streams, stream);
    struct stream **list = streams_of_agency(streams, stream->agency);
    DL_DELETE2(*list, stream, agency_previous, agency_next);
    if (stream->consumer_size > 0)
        HASH_DELETE(by_consumer, streams->by_consumer, stream);
    if (--streams->count == 0)
        recent_reset(&streams->recent, streams->durable + 1);
    stream->peer->stream = NULL;
    free(stream);
}

void stream_close(struct streams *streams, struct stream *stream, enum ending ending)
{
    struct msg_closed closed = {0};
    struct buffer frame = XMEMORY;
    struct peer *peer = stream->peer;
    MSG_SET(&closed, closed, ending, (int)ending);
    MSG_SET(&closed, closed, seq, stream->sent);
    message_encode(&frame, "closed", (struct text){NULL, 0}, &message_closed, &closed);
    stream_free(streams, stream);
    peers_answer(streams->peers, peer, frame.data, frame.size, 0);
    buffer_done(&frame);
}

void streams_close_all(struct streams *streams, enum ending ending)
{
    for (int state = 0; state < STREAM_STATES; state++)
        while (streams->states[state])
            stream_close(streams, streams->states[state], ending);
}

void streams_sweep(struct streams *streams)
{
    for (int state = 0; state < STREAM_STATES; state++) {
        struct stream *stream, *next;
        DL_FOREACH_SAFE2(streams->states[state], stream, next, state_next)
        {
            if (!stream_admitted(streams, stream))
                stream_close(streams, stream, ENDING_KEY_REVOKED);
        }
    }
}

uint64_t streams_behind(const struct streams *streams)
{
    return streams->in_state[STREAM_READING] + streams->in_state[STREAM_PAGED];
}
