/* See stream.h: the life of a stream, from its first word to its last. */
#include "loop/stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/stream_judge.h"
#include "loop/stream_move.h"

#define EDGE(state) (1U << STREAM_##state)

static const uint32_t stream_edges[STREAM_STATES] = {
    [STREAM_OPENING] = EDGE(LIVE) | EDGE(READY) | EDGE(READING) | EDGE(ENDED),
    [STREAM_LIVE] = EDGE(READY) | EDGE(WAITING) | EDGE(STALLED) | EDGE(DRY) | EDGE(ENDED),
    [STREAM_READY] = EDGE(LIVE) | EDGE(READY) | EDGE(READING) | EDGE(WAITING) | EDGE(STALLED) | EDGE(DRY) | EDGE(ENDED),
    [STREAM_READING] = EDGE(PAGED) | EDGE(STALLED) | EDGE(ENDED),
    [STREAM_PAGED] = EDGE(LIVE) | EDGE(READY) | EDGE(READING) | EDGE(PAGED) | EDGE(WAITING) | EDGE(STALLED) |
                     EDGE(DRY) | EDGE(ENDED),
    [STREAM_WAITING] = EDGE(READY) | EDGE(READING) | EDGE(STALLED) | EDGE(ENDED),
    [STREAM_STALLED] = EDGE(LIVE) | EDGE(READY) | EDGE(READING) | EDGE(ENDED),
    [STREAM_DRY] = EDGE(LIVE) | EDGE(READY) | EDGE(READING) | EDGE(STALLED) | EDGE(ENDED),
    [STREAM_ENDED] = 0,
};

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

void stream_move(struct streams *streams, struct stream *stream, enum stream_state state)
{
    assert(stream_edges[stream->state] & 1U << state);
    stream_leave(streams, stream);
    stream_enter(streams, stream, state);
}

enum stream_state stream_source(const struct streams *streams, const struct stream *stream)
{
    if (stream->next > streams->durable)
        return STREAM_LIVE;
    return stream->next >= recent_first(&streams->recent) ? STREAM_READY : STREAM_READING;
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

void streams_init(struct streams *streams, const struct core *core, struct peers *peers,
                  const struct transport *transport, size_t recent_bytes)
{
    *streams = (struct streams){.core = core, .peers = peers, .now_ms = INT64_MIN, .wire = XMEMORY};
    recent_init(&streams->recent, transport, recent_bytes);
}

void streams_done(struct streams *streams)
{
    for (int state = 0; state < STREAM_ENDED; state++)
        while (streams->states[state])
            stream_free(streams, streams->states[state]);
    streams_reap(streams);
    streams_drop_page(streams);
    recent_done(&streams->recent);
    heap_done(&streams->times);
    buffer_done(&streams->wire);
    free(streams->by_agency);
}

void streams_restored(struct streams *streams, uint64_t seq, bool follows)
{
    streams->durable = streams->sealed = seq;
    streams->on_disk = follows ? 0 : seq;
}

/* ---- who may hear ---- */

/* Looks its key up anew: ENDING_NONE and until when it may hear, or why it may not. */
static enum ending stream_admit(struct streams *streams, struct stream *stream)
{
    static const uint32_t reading = TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ);
    const struct text key = {stream->peer->key->text, PEER_KEY_SIZE};
    struct core_identity identity = {0};
    const int error = core_admit(streams->core, key, streams->now_ms, &identity);
    enum ending ending = ENDING_NONE;
    if (error == COORD_E_KEY_EXPIRED)
        ending = ENDING_KEY_EXPIRED;
    else if (error == COORD_E_AGENCY_CLOSED)
        ending = ENDING_AGENCY_CLOSED;
    else if (error != 0 || identity.agency != stream->agency)
        ending = ENDING_KEY_REVOKED;
    else if ((identity.rights & reading) == 0)
        ending = ENDING_RIGHT_LOST;
    stream->until_ms = ending == ENDING_NONE ? identity.until_ms : INT64_MIN;
    return ending;
}

bool stream_may_hear(struct streams *streams, struct stream *stream)
{
    if (streams->now_ms < stream->until_ms)
        return true;
    const enum ending ending = stream_admit(streams, stream);
    if (ending != ENDING_NONE)
        stream_close(streams, stream, ending);
    return ending == ENDING_NONE;
}

/* The agency's place among the times: the first of its streams' that is to be looked at. */
static void streams_set_time(struct streams *streams, uint32_t agency)
{
    const struct stream *stream;
    int64_t first_ms = INT64_MAX;
    DL_FOREACH2(streams->by_agency[agency], stream, agency_next)
    {
        if (stream->state != STREAM_ENDED && stream->ending == ENDING_NONE && stream->until_ms < first_ms)
            first_ms = stream->until_ms;
    }
    if (first_ms == INT64_MAX)
        heap_remove(&streams->times, agency);
    else
        heap_set(&streams->times, agency, first_ms);
}

void streams_look_at(struct streams *streams, uint32_t agency)
{
    struct stream *stream;
    if (agency >= streams->agencies || !streams->by_agency[agency])
        return;
    DL_FOREACH2(streams->by_agency[agency], stream, agency_next)
    {
        if (stream->state != STREAM_ENDED)
            (void)stream_admit(streams, stream);
    }
    streams_set_time(streams, agency);
}

void streams_look_at_all(struct streams *streams, int64_t now_ms)
{
    streams->now_ms = now_ms;
    for (size_t agency = 0; agency < streams->agencies; agency++)
        streams_look_at(streams, (uint32_t)agency);
}

int64_t streams_next_end(const struct streams *streams)
{
    const struct heap_item *first = heap_first(&streams->times);
    return first ? first->at : INT64_MAX;
}

void streams_end_due(struct streams *streams, int64_t now_ms, int budget)
{
    streams->now_ms = now_ms;
    while (budget > 0 && streams_next_end(streams) <= now_ms) {
        const uint32_t agency = heap_first(&streams->times)->value;
        struct stream *stream;
        DL_FOREACH2(streams->by_agency[agency], stream, agency_next)
        {
            if (budget <= 0)
                break;
            if (stream->state != STREAM_ENDED && stream->ending == ENDING_NONE)
                budget -= !stream_may_hear(streams, stream);
        }
        streams_set_time(streams, agency);
    }
}

/* ---- beginning ---- */

struct stream *streams_consumer(const struct streams *streams, uint32_t agency, struct text consumer)
{
    struct stream wanted = {0}, *found = NULL;
    assert(consumer.size <= STREAM_CONSUMER_MAX);
    wanted.consumer.agency = agency;
    memcpy(wanted.consumer.name, consumer.data, consumer.size);
    HASH_FIND(by_consumer, streams->by_consumer, &wanted.consumer, sizeof agency + consumer.size, found);
    return found;
}

static void stream_name(struct streams *streams, struct stream *stream, struct text consumer)
{
    stream->consumer_size = (uint8_t)consumer.size;
    stream->consumer.agency = stream->agency;
    if (consumer.size == 0)
        return;
    memcpy(stream->consumer.name, consumer.data, consumer.size);
    HASH_ADD_KEYPTR(by_consumer, streams->by_consumer, &stream->consumer, sizeof stream->agency + consumer.size,
                    stream);
    stream->named = true;
}

static void stream_unname(struct streams *streams, struct stream *stream)
{
    if (stream->named)
        HASH_DELETE(by_consumer, streams->by_consumer, stream);
    stream->named = false;
}

struct stream *stream_new(struct streams *streams, struct peer *peer, uint32_t agency, struct text consumer,
                          uint64_t from)
{
    assert(!peer->stream && consumer.size <= STREAM_CONSUMER_MAX);
    struct stream *stream = xcalloc(1, sizeof *stream);
    stream->peer = peer;
    stream->agency = agency;
    stream->from = stream->sent = stream->reached = from;
    stream->next = from + 1;
    stream_name(streams, stream, consumer);
    /* With nobody to read them, recent records are not kept: what came before is the journal's. */
    if (streams->count++ == 0)
        recent_reset(&streams->recent, streams->durable + 1);
    struct stream **list = streams_of_agency(streams, agency);
    DL_APPEND2(*list, stream, agency_previous, agency_next);
    stream_enter(streams, stream, STREAM_OPENING);
    peer->stream = stream;
    peer->account->streams++;
    (void)stream_admit(streams, stream);
    int64_t first_ms = INT64_MAX;
    heap_find(&streams->times, agency, &first_ms);
    if (stream->until_ms < first_ms)
        heap_set(&streams->times, agency, stream->until_ms);
    return stream;
}

uint64_t streams_newest(const struct streams *streams)
{
    const bool all = streams->on_disk == 0 || streams->on_disk > streams->durable;
    return all ? streams->durable : streams->on_disk;
}

/* ---- ending ---- */

/* It hears no more and nobody finds it any more. A walk may be on the lists that it is in: it leaves those when it is
 * reaped. */
static void stream_end(struct streams *streams, struct stream *stream)
{
    stream_unname(streams, stream);
    stream_leave_turns(streams, stream);
    stream->peer->stream = NULL;
    stream->peer->account->streams--;
    stream->peer = NULL;
    streams->count--;
    stream_move(streams, stream, STREAM_ENDED);
}

void streams_reap(struct streams *streams)
{
    if (!streams->states[STREAM_ENDED])
        return;
    while (streams->states[STREAM_ENDED]) {
        struct stream *stream = streams->states[STREAM_ENDED];
        struct stream **list = streams_of_agency(streams, stream->agency);
        DL_DELETE2(*list, stream, agency_previous, agency_next);
        stream_leave(streams, stream);
        stream_left_done(&stream->left);
        stream_wait_done(stream);
        free(stream);
    }
    if (streams->count == 0)
        recent_reset(&streams->recent, streams->durable + 1);
}

void stream_free(struct streams *streams, struct stream *stream)
{
    if (stream)
        stream_end(streams, stream);
}

static void stream_tell_end(struct streams *streams, struct stream *stream, enum ending ending)
{
    struct msg_closed closed = {0};
    struct buffer frame = XMEMORY;
    struct peer *peer = stream->peer;
    (void)peers_push(streams->peers, peer); /* `sent` is what was */
    MSG_SET(&closed, closed, ending, (int)ending);
    MSG_SET(&closed, closed, seq, stream->sent);
    message_encode(&frame, "closed", (struct text){NULL, 0}, &message_closed, &closed);
    stream_end(streams, stream);
    peers_answer(streams->peers, peer, frame.data, frame.size, 0);
    buffer_done(&frame);
}

void stream_close(struct streams *streams, struct stream *stream, enum ending ending)
{
    assert(ending != ENDING_NONE);
    if (stream->state != STREAM_OPENING) {
        stream_tell_end(streams, stream, ending);
        return;
    }
    /* The reply to its subscribe is to leave first. */
    stream_unname(streams, stream);
    if (stream->ending == ENDING_NONE)
        stream->ending = ending;
}

void streams_close_all(struct streams *streams, enum ending ending)
{
    struct stream *stream, *next;
    for (int state = 0; state < STREAM_ENDED; state++)
        DL_FOREACH_SAFE2(streams->states[state], stream, next, state_next)
        {
            stream_close(streams, stream, ending);
        }
}

/* ---- what its subscriber does ---- */

void stream_begin(struct streams *streams, struct stream *stream)
{
    if (stream->state != STREAM_OPENING)
        return;
    if (stream->ending != ENDING_NONE)
        stream_tell_end(streams, stream, stream->ending);
    else
        stream_move(streams, stream, stream_source(streams, stream));
}

void stream_grant(struct streams *streams, struct stream *stream, uint32_t credit)
{
    stream->credit += credit;
    if (stream->state == STREAM_DRY)
        stream_move(streams, stream, stream_source(streams, stream));
}

void stream_take_back(struct streams *streams, struct stream *stream)
{
    if (stream->gathered.count == 0 || stream->gathered.pushes != stream->peer->pushes)
        return;
    stream->credit += stream->gathered.count;
    streams->sent -= stream->gathered.count;
    stream->next = stream->gathered.next;
    stream->sent = stream->gathered.sent;
    stream->reached = stream->gathered.reached;
    stream->gathered.count = 0;
    stream_wait_done(stream);
    stream_move(streams, stream, STREAM_STALLED);
}

void stream_resume(struct streams *streams, struct stream *stream)
{
    if (stream->state == STREAM_STALLED)
        stream_move(streams, stream, stream_source(streams, stream));
}
