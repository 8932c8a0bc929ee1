/* What the broker answers to the stream's own requests. */
#include <string.h>

#include "handle.h"
#include "stream.h"
#include "stream_ask.h"

/* Another store has other sequences, and so has one that was put back to an older copy: resuming there would leave out,
 * or give again, without a word. */
static void stream_fail_other_store(struct coord *coord, const char *what)
{
    struct problem problem;
    problem_set(&problem, COORD_E_OTHER_STORE, "store",
                "The broker at %s %s; subscribe anew, from a sequence of its own.", link_endpoint(&coord->link), what);
    stream_fail(coord, &problem);
}

/* Whether the broker has the store that it had. One of 1.0.0 does not say which in the reply to `subscribe`. */
static bool stream_knows(struct coord *coord, struct text store)
{
    struct stream *stream = &coord->stream;
    if (store.size != sizeof stream->store)
        return true;
    if (stream->known && memcmp(stream->store, store.data, sizeof stream->store) != 0) {
        stream_fail_other_store(coord, "has another store than it had");
        return false;
    }
    memcpy(stream->store, store.data, sizeof stream->store);
    stream->known = true;
    return true;
}

static void stream_subscribed(struct coord *coord, const struct msg_stream_reply *reply)
{
    struct stream *stream = &coord->stream;
    if (!stream_knows(coord, reply->store))
        return;
    if (stream->opened && reply->seq < stream->last) {
        stream_fail_other_store(coord, "has fewer records than it had");
        return;
    }
    if (!stream->placed) {
        stream->placed = true;
        stream->last = reply->from;
    }
    stream->opened = true;
    stream->state = STREAM_OPEN;
    stream->pause_ms = STREAM_PAUSE_FIRST_MS;
}

/* Refused: for good, for a while, or because this side and the broker do not mean the same stream. */
static void stream_refused(struct coord *coord, char letter, const struct envelope *envelope,
                           const struct problem *problem, bool retry)
{
    struct stream *stream = &coord->stream;
    int64_t now_ms = clock_ms();
    /* Who leads has all records: when it has not come so far, some are gone. */
    const bool lost_some = problem->error == COORD_E_BEHIND && envelope->as_of == ENVELOPE_ABSENT;
    const bool behind = letter == SUBSCRIBE && stream->opened && (problem->error == COORD_E_OUT_OF_RANGE || lost_some);
    if (problem->error == COORD_E_NO_MEMORY || problem->error == COORD_E_STREAM_UNKNOWN ||
        problem->error == COORD_E_ALREADY_SUBSCRIBED || problem->error == COORD_E_CREDIT_LIMIT) {
        link_end(&coord->link, problem->message);
    } else if (behind) {
        stream_fail_other_store(coord, "has fewer records than it had");
    } else if (!retry || lost_some) {
        stream_fail(coord, problem);
    } else if (letter == SUBSCRIBE) {
        stream->state = STREAM_WAITING;
        stream->retry_ms = now_ms + stream->pause_ms;
        stream->pause_ms = stream->pause_ms * 2 < STREAM_PAUSE_MAX_MS ? stream->pause_ms * 2 : STREAM_PAUSE_MAX_MS;
    } else if (letter == CREDIT) {
        link_end(&coord->link, problem->message); /* credit that was not taken would be missing for good */
    } else if (letter == CONSUMED) {
        stream->tell_ms = now_ms + STREAM_PAUSE_MAX_MS;
    }
}

static enum op stream_op(char letter)
{
    switch (letter) {
    case SUBSCRIBE:
        return OP_SUBSCRIBE;
    case UNSUBSCRIBE:
        return OP_UNSUBSCRIBE;
    case CREDIT:
        return OP_CREDIT;
    case CONSUMED:
        return OP_CONSUMED;
    default:
        return OP_HELLO;
    }
}

/* Whether an answer is to what is asked now, and if so, marks it as answered. */
static bool stream_expects(struct stream *stream, char letter, uint64_t serial)
{
    switch (letter) {
    case SUBSCRIBE:
        return stream->state == STREAM_ASKED && serial == stream->asked;
    case UNSUBSCRIBE:
        return stream->state == STREAM_LEAVING && serial == stream->asked;
    case CONSUMED:
        if (serial != stream->told)
            return false;
        stream->told = 0;
        return true;
    case PING:
        if (serial != stream->pinged)
            return false;
        stream->pinged = 0;
        return stream->state == STREAM_OPEN;
    default:
        return stream->state == STREAM_OPEN;
    }
}

static uint64_t stream_serial(struct text id)
{
    uint64_t serial = 0;
    for (uint32_t i = RANDOM_ID_SIZE + 1; i < id.size && id.data[i] >= '0' && id.data[i] <= '9'; i++)
        serial = serial * 10 + (uint64_t)(id.data[i] - '0');
    return serial;
}

void stream_answer(struct coord *coord, const struct envelope *envelope, struct decoder *decoder)
{
    struct stream *stream = &coord->stream;
    char letter = envelope->id.data[RANDOM_ID_SIZE];
    if (!stream_expects(stream, letter, stream_serial(envelope->id)))
        return;
    struct problem problem;
    const void *reply;
    bool retry;
    int error = request_read(op_row(stream_op(letter)), envelope, decoder, &reply, &problem, &retry);
    if (letter == UNSUBSCRIBE)
        stream->parted = true;
    else if (letter != PING &&
             leader_takes_stream(coord, envelope, decoder, error, letter == SUBSCRIBE && !error ? reply : NULL))
        return;
    else if (error)
        stream_refused(coord, letter, envelope, &problem, retry);
    else if (letter == SUBSCRIBE)
        stream_subscribed(coord, reply);
    else if (letter == PING)
        (void)stream_knows(coord, ((const struct msg_hello_reply *)reply)->store);
    else if (letter == CONSUMED && stream->consumed_asked > stream->consumed_told)
        stream->consumed_told = stream->consumed_asked;
    /* Replies may overtake each other: that to `consumed` waits for the disk, and this does not. */
    if (stream->state == STREAM_LEAVING && stream->parted && !stream->told)
        stream->state = STREAM_LEFT;
}
