#include "loop/stream_judge.h"

#include <stdlib.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/stream_move.h"

/* ---- what it wants, as the core stands ---- */

bool stream_filters(const struct stream *stream, const struct recent_audience *audience)
{
    return (stream->notices == 0 || (stream->notices & TERM_BIT(audience->notice)) != 0) &&
           audience->severity >= stream->severity;
}

/* Whether it stands above an agency; `since` is the record since when, 0 for always. */
static bool stream_above(const struct streams *streams, const struct stream *stream, uint32_t agency, uint64_t *since)
{
    *since = 0;
    while (agency != CORE_NO_AGENCY && agency != stream->agency) {
        const uint64_t placed = core_agency_placed(streams->core, agency);
        *since = placed > *since ? placed : *since;
        agency = core_agency_parent(streams->core, agency);
    }
    return agency == stream->agency;
}

/* Its own, or that of an agency that is gone and that it stands for. */
static bool stream_is_for(const struct streams *streams, const struct stream *stream, uint32_t agency, uint64_t seq)
{
    if (agency == stream->agency)
        return seq > stream->left.own;
    return core_agency_stands(streams->core, agency, streams->now_ms) == stream->agency &&
           stream_left_wants(&stream->left, agency, seq);
}

/* As what a record comes to a stream. */
enum stream_share {
    SHARE_NONE,
    SHARE_BEFORE, /* through the tree alone, and from before its agency stood above: what it may read now, and no more */
    SHARE_WHOLE,
};

static enum stream_share stream_share(const struct streams *streams, const struct stream *stream,
                                      const struct recent_audience *audience, uint64_t seq)
{
    const bool climb = stream->subtree && !audience->restricted && seq > stream->left.own;
    enum stream_share share = SHARE_NONE;
    uint64_t since;
    for (uint32_t i = 0; i < audience->count; i++) {
        if (i < audience->told ? stream_is_for(streams, stream, audience->agencies[i], seq)
                               : audience->agencies[i] == stream->agency && seq > stream->left.own)
            return SHARE_WHOLE;
        if (!climb || i >= audience->told || !stream_above(streams, stream, audience->agencies[i], &since))
            continue;
        if (seq > since)
            return SHARE_WHOLE;
        share = SHARE_BEFORE;
    }
    return share;
}

static bool stream_wants(const struct streams *streams, const struct stream *stream,
                         const struct recent_audience *audience, uint64_t seq, enum stream_share share)
{
    switch (share) {
    case SHARE_WHOLE:
        return core_may_hear(streams->core, audience->task, seq, stream->agency, streams->now_ms);
    case SHARE_BEFORE: /* whom somebody took off a task was none of its business */
        return audience->notice != NOTICE_REMOVED &&
               core_may_read(streams->core, audience->task, stream->agency, streams->now_ms);
    case SHARE_NONE:
        break;
    }
    return false;
}

/* ---- what of that is on disk ---- */

/* It is addressed itself: neither the tree nor a succession has a say in that. */
static bool stream_is_addressed(const struct stream *stream, const struct recent_audience *audience, uint64_t seq)
{
    for (uint32_t i = 0; i < audience->count; i++)
        if (audience->agencies[i] == stream->agency)
            return seq > stream->left.own;
    return false;
}

static bool streams_are_certain(const struct streams *streams, const struct stream *stream,
                                const struct recent_audience *audience, uint64_t seq, enum stream_share share)
{
    return core_readers_seq(streams->core, audience->task, share == SHARE_BEFORE) <= streams->on_disk &&
           (core_tree_seq(streams->core) <= streams->on_disk || stream_is_addressed(stream, audience, seq));
}

enum stream_hearing stream_judge(const struct streams *streams, const struct stream *stream,
                                 const struct recent_audience *audience, uint64_t seq)
{
    const struct stream_wait *wait = stream->wait;
    if (audience->count == 0 || !stream_filters(stream, audience))
        return STREAM_HEARS_NOT;
    if (wait && wait->seq == seq && wait->judged_at == streams->on_disk)
        return wait->hears ? STREAM_HEARS : STREAM_HEARS_NOT;
    if (seq > streams->on_disk)
        return STREAM_HEARS_LATER;
    const enum stream_share share = stream_share(streams, stream, audience, seq);
    if (!streams_are_certain(streams, stream, audience, seq, share))
        return STREAM_HEARS_LATER;
    return stream_wants(streams, stream, audience, seq, share) ? STREAM_HEARS : STREAM_HEARS_NOT;
}

/* ---- waiting ---- */

void stream_wait_done(struct stream *stream)
{
    if (stream->wait)
        free(stream->wait->audience);
    free(stream->wait);
    stream->wait = NULL;
}

void stream_wait_for(struct streams *streams, struct stream *stream, const struct recent_audience *audience,
                     uint64_t seq)
{
    const size_t size = sizeof *audience + audience->count * sizeof audience->agencies[0];
    stream_wait_done(stream);
    stream->wait = xcalloc(1, sizeof *stream->wait);
    stream->wait->seq = stream->next = seq;
    stream->wait->audience = xmemdup(audience, size);
    stream_move(streams, stream, STREAM_WAITING);
}

void streams_seal(struct streams *streams, int64_t now_ms, uint64_t seq)
{
    struct stream *stream;
    streams->now_ms = now_ms;
    streams->sealed = seq;
    DL_FOREACH2(streams->states[STREAM_WAITING], stream, state_next)
    {
        stream->wait->judged_at = seq;
        const struct recent_audience *audience = stream->wait->audience;
        stream->wait->hears = stream_wants(streams, stream, audience, stream->wait->seq,
                                           stream_share(streams, stream, audience, stream->wait->seq));
    }
}

void streams_wake(struct streams *streams)
{
    streams->on_disk = streams->sealed;
    while (streams->states[STREAM_WAITING]) {
        struct stream *stream = streams->states[STREAM_WAITING];
        stream_move(streams, stream, stream_source(streams, stream));
    }
}

void streams_follow(struct streams *streams, int64_t now_ms, uint64_t applied, uint64_t safe)
{
    if (applied <= safe) {
        streams_seal(streams, now_ms, applied);
        streams_wake(streams);
        return;
    }
    if (streams->sealed <= safe && streams->sealed > streams->on_disk)
        streams_wake(streams);
    if (streams->sealed <= streams->on_disk)
        streams_seal(streams, now_ms, applied);
}
