/* See stream.h: what streams are sent, as records become durable and from what lies behind. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/stream.h"
#include "loop/stream_judge.h"
#include "loop/stream_move.h"

#define STREAM_SLICE 128 /* records one stream looks at before the next one's turn */
/* Notifications sent at once when a batch becomes durable, about 2 ms: a large batch with a thousand live subscribers
 * would else hold the loop for seconds. */
#define STREAM_FAN_OUT 4096

/* ---- sending ---- */

/* It is about to be sent a record: where it stands is kept, for the record may come back with all that is gathered. */
static void stream_mark(struct stream *stream, uint64_t seq)
{
    const uint64_t pushes = stream->peer->pushes;
    if (stream->gathered.count == 0 || stream->gathered.pushes != pushes) {
        stream->gathered.pushes = pushes;
        stream->gathered.next = seq;
        stream->gathered.sent = stream->sent;
        stream->gathered.reached = stream->reached;
        stream->gathered.count = 0;
    }
    stream->gathered.count++;
}

/* Sends a record that the stream wants. false when the stream cannot go on: it then waits with this record as its
 * next, or one that came back, or has ended. */
static bool stream_send(struct streams *streams, struct stream *stream, struct recent_record *record)
{
    if (!stream_may_hear(streams, stream))
        return false;
    stream->next = record->seq;
    if (stream->credit == 0) {
        stream_move(streams, stream, STREAM_DRY);
        return false;
    }
    if (peers_share(streams->peers, stream->peer, record->body) != 0) {
        if (stream->state != STREAM_STALLED)
            stream_move(streams, stream, STREAM_STALLED);
        return false;
    }
    if (stream->peer->gathered.count > 0)
        stream_mark(stream, record->seq);
    stream->credit--;
    stream->sent = stream->reached = record->seq;
    stream->next = record->seq + 1;
    streams->sent++;
    return true;
}

/* ---- as records become durable ---- */

#define ITSELF UINT64_MAX

/* `later`: who may read the task is not on disk yet, or it itself is not known to stand. `below`: the record since when it stands above the one that is told,
 * ITSELF when it is that one. */
static void streams_offer(struct streams *streams, uint32_t agency, uint64_t below, bool later,
                          struct recent_record *record)
{
    struct stream *stream;
    if (agency >= streams->agencies)
        return;
    DL_FOREACH2(streams->by_agency[agency], stream, agency_next)
    {
        /* `next` is past the record when an agency before this one brought it already. */
        if (stream->state != STREAM_LIVE || record->seq < stream->next || (below != ITSELF && !stream->subtree) ||
            !stream_filters(stream, record->audience))
            continue;
        if (later)
            stream_wait_for(streams, stream, record->audience, record->seq);
        else if (below != ITSELF && record->seq <= below) { /* of before: it looks for itself */
            stream->next = record->seq;
            stream_move(streams, stream, STREAM_READY);
        } else if (!core_may_hear(streams->core, record->audience->task, record->seq, stream->agency, streams->now_ms))
            continue;
        else if (streams->fan_out_left-- > 0) {
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
    const bool stands = record->seq <= streams->on_disk;
    const bool later = core_readers_seq(streams->core, audience->task, false) > streams->on_disk;
    for (uint32_t i = 0; i < audience->count; i++) {
        uint32_t agency = audience->agencies[i];
        uint64_t below = 0;
        streams_offer(streams, agency, ITSELF, later || !stands, record);
        while (!audience->restricted && i < audience->told &&
               core_agency_parent(streams->core, agency) != CORE_NO_AGENCY) {
            const uint64_t placed = core_agency_placed(streams->core, agency);
            below = placed > below ? placed : below;
            agency = core_agency_parent(streams->core, agency);
            streams_offer(streams, agency, below, later || !stands, record);
        }
    }
}

/* Whose it is does not follow from the tree as the core has it: each of them looks for itself. */
static void streams_fall_behind(struct streams *streams, const struct recent_record *record)
{
    while (streams->states[STREAM_LIVE]) {
        struct stream *stream = streams->states[STREAM_LIVE];
        if (stream->next < record->seq)
            stream->next = record->seq;
        stream_move(streams, stream, STREAM_READY);
    }
}

void streams_begin_slice(struct streams *streams, int64_t now_ms)
{
    streams->now_ms = now_ms;
    streams->fan_out_left = STREAM_FAN_OUT;
    streams->lent = 0;
}

void streams_begin_batch(struct streams *streams, int64_t now_ms)
{
    streams_begin_slice(streams, now_ms);
    streams_wake(streams);
}

/* The first stream came after the record was made, and before it was on disk. */
static struct text streams_wire(struct streams *streams, const struct journal_record *record)
{
    buffer_clear(&streams->wire);
    const int error = core_wire(streams->core, record, &streams->wire);
    assert(!error); /* this program has just written it */
    (void)error;
    return (struct text){streams->wire.data, (uint32_t)streams->wire.size};
}

void streams_publish(struct streams *streams, const struct journal_record *stored, struct text wire,
                     const struct audience *audience)
{
    assert(stored->seq == streams->durable + 1);
    streams->durable = stored->seq;
    if (!audience || streams->count == 0)
        return;
    if (wire.size == 0)
        wire = streams_wire(streams, stored);
    /* None of those that were gathered since the batch began may be let go of for it. */
    if (recent_lets_go(&streams->recent, &streams->lent, wire.size))
        peers_push_all(streams->peers);
    struct recent_record *record = recent_add(&streams->recent, stored->seq, wire.data, wire.size);
    recent_tell_audience(record, audience);
    if (streams->in_state[STREAM_LIVE] == 0)
        return;
    if (core_tree_seq(streams->core) > streams->on_disk)
        streams_fall_behind(streams, record);
    else
        streams_fan_out(streams, record);
}

/* ---- for those behind ---- */

/* Goes through records in order; false when the stream left its state on the way. */
static bool stream_take(struct streams *streams, struct stream *stream, struct recent_record *record)
{
    const struct recent_audience *audience = recent_audience(record, streams->core);
    if (record->seq < stream->next)
        return true;
    const enum stream_hearing hearing = stream_judge(streams, stream, audience, record->seq);
    if (hearing == STREAM_HEARS_LATER) {
        stream_wait_for(streams, stream, audience, record->seq);
        return false;
    }
    stream_wait_done(stream);
    if (hearing == STREAM_HEARS)
        return stream_send(streams, stream, record);
    stream->next = record->seq + 1;
    return stream_passes(streams, stream);
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

void streams_drop_page(struct streams *streams)
{
    for (size_t i = 0; i < streams->page_count; i++)
        recent_record_done(&streams->page[i], streams->recent.transport);
    free(streams->page);
    streams->page = NULL;
    streams->page_count = 0;
    streams->page_from = 1;
    streams->page_through = 0;
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

void streams_pump(struct streams *streams, int64_t now_ms, int budget)
{
    streams->now_ms = now_ms;
    while (budget > 0 && streams_pending(streams)) {
        if (streams->states[STREAM_PAGED])
            budget -= stream_serve_page(streams, streams->states[STREAM_PAGED]);
        if (streams->states[STREAM_READY])
            budget -= stream_serve_recent(streams, streams->states[STREAM_READY]);
    }
    if (!streams->states[STREAM_PAGED] && streams->page) {
        peers_push_all(streams->peers); /* the page is lent */
        streams_drop_page(streams);
    }
}

bool streams_pending(const struct streams *streams)
{
    return streams->states[STREAM_READY] || streams->states[STREAM_PAGED];
}

bool streams_want(const struct streams *streams)
{
    return streams->states[STREAM_READING] && !streams->page_asked && !streams->states[STREAM_PAGED];
}

struct read *streams_want_page(struct streams *streams)
{
    const struct stream *stream = streams->states[STREAM_READING];
    if (!streams_want(streams))
        return NULL;
    struct read *read = read_new(READ_PAGE);
    read->from = stream->next;
    if (read->wanted > streams->durable + 1 - stream->next) /* the core knows of no more */
        read->wanted = streams->durable + 1 - stream->next;
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
        recent_record_init(&streams->page[i], streams->recent.transport, read->records[i].seq, read->records[i].body,
                           read->records[i].size);
    }
    streams->page_count = read->count;
    DL_FOREACH_SAFE2(streams->states[STREAM_READING], stream, next, state_next)
    {
        if (stream->next >= streams->page_from && stream->next <= streams->page_through)
            stream_move(streams, stream, STREAM_PAGED);
    }
}

uint64_t streams_behind(const struct streams *streams)
{
    return streams->in_state[STREAM_READING] + streams->in_state[STREAM_PAGED];
}
