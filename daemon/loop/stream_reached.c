/* See stream.h: subscribers are told how far their streams have come. Without that, the place of a consumer whose filter
 * lets nothing through would stay where it was, and each restart of its program would read all the journal since.
 */
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/stream.h"
#include "loop/stream_move.h"

static void stream_take_turn(struct streams *streams, struct stream *stream)
{
    stream->turn = streams->second + STREAM_REACHED_SECONDS;
    DL_APPEND2(streams->turns, stream, turn_previous, turn_next);
}

void stream_leave_turns(struct streams *streams, struct stream *stream)
{
    if (stream->turns)
        DL_DELETE2(streams->turns, stream, turn_previous, turn_next);
    stream->turns = false;
}

void stream_tells_reached(struct streams *streams, struct stream *stream)
{
    stream->turns = true;
    stream_take_turn(streams, stream);
}

/* All up to here was sent to it, or is not for it. */
static uint64_t stream_position(const struct streams *streams, const struct stream *stream)
{
    const uint64_t passed = stream->state == STREAM_LIVE ? streams->durable : stream->next - 1;
    return passed < streams->on_disk ? passed : streams->on_disk;
}

static void stream_tell_reached(struct streams *streams, struct stream *stream)
{
    struct msg_reached reached = {0};
    if (peers_push(streams->peers, stream->peer) != 0) /* what comes back was not reached */
        return;
    const uint64_t position = stream_position(streams, stream);
    if (stream->state == STREAM_OPENING || position <= stream->reached || !stream_may_hear(streams, stream))
        return;
    struct buffer frame = XMEMORY;
    MSG_SET(&reached, reached, seq, position);
    message_encode(&frame, "reached", (struct text){NULL, 0}, &message_reached, &reached);
    if (peers_mention(streams->peers, stream->peer, frame.data, frame.size) == 0)
        stream->reached = position;
    buffer_done(&frame);
}

bool stream_passes(struct streams *streams, struct stream *stream)
{
    if (stream->turns && stream->next - 1 - stream->reached >= STREAM_REACHED_RECORDS)
        stream_tell_reached(streams, stream);
    return stream->state != STREAM_ENDED && stream->state != STREAM_STALLED;
}

/* They stand in the order of their turns: whoever has had one goes behind the others. */
void streams_tell_reached(struct streams *streams, int64_t now_ms, uint64_t second, int budget)
{
    streams->now_ms = now_ms;
    streams->second = second;
    for (; budget > 0 && streams->turns && streams->turns->turn <= second; budget--) {
        struct stream *stream = streams->turns;
        DL_DELETE2(streams->turns, stream, turn_previous, turn_next);
        stream_take_turn(streams, stream);
        stream_tell_reached(streams, stream);
    }
}
