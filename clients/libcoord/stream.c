/* The stream's life: kept alive, resumed, ended. What is done with each notification is in notices.c, with each answer in
 * stream_answer.c; how it begins and is left, in subscribe.c.
 */
#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "stream_ask.h"

uint64_t stream_ask(struct coord *coord, char letter, enum op op, const void *request)
{
    struct stream *stream = &coord->stream;
    const struct op_row *row = op_row(op);
    char id[COORD_REQUEST_ID_MAX + 1];
    snprintf(id, sizeof id, "%s%c%" PRIu64, stream->prefix, letter, ++stream->serial);
    buffer_clear(&coord->scratch);
    message_encode(&coord->scratch, row->name, text_of(id), row->request, request);
    const void *frame = coord->scratch.data;
    size_t size = coord->scratch.size;
    /* One that has not come so far yet would be taken for another store. */
    const bool resumes = letter == SUBSCRIBE && stream->placed && coord->options.read_from == COORD_READ_ANY;
    if (coord->scratch.failed || !leader_bounds(coord, &frame, &size, resumes ? stream->last : 0, 0) ||
        !link_send(&coord->link, frame, size))
        return 0;
    return stream->serial;
}

static void stream_ask_subscribe(struct coord *coord, int64_t now_ms)
{
    struct stream *stream = &coord->stream;
    struct msg_subscribe request = stream->request;
    MSG_SET(&request, subscribe, credit, coord->options.credit - stream->held_count);
    if (stream->placed)
        MSG_SET(&request, subscribe, from, stream->last);
    MSG_SET(&request, subscribe, reached, true);
    if (stream->known)
        MSG_SET(&request, subscribe, store, (struct text){(const char *)stream->store, sizeof stream->store});
    handle_ask_bundles(coord);
    stream->asked = stream_ask(coord, SUBSCRIBE, OP_SUBSCRIBE, &request);
    if (!stream->asked) {
        stream->retry_ms = now_ms + STREAM_PAUSE_FIRST_MS;
        return;
    }
    stream->asked_ms = now_ms;
    stream->generation = coord->link.generation;
    stream->freed = 0;
    stream->state = STREAM_ASKED;
}

void stream_ask_credit(struct coord *coord)
{
    struct stream *stream = &coord->stream;
    struct msg_credit request = {0};
    if (stream->freed == 0 || stream->freed < coord->options.credit / 2)
        return;
    MSG_SET(&request, credit, credit, stream->freed);
    if (stream_ask(coord, CREDIT, OP_CREDIT, &request))
        stream->freed = 0;
}

/* One `consumed` is on the way at a time: while it is, the next one gathers. */
void stream_ask_consumed(struct coord *coord, int64_t now_ms)
{
    struct stream *stream = &coord->stream;
    struct msg_consumed request = {0};
    if (!stream->consumer[0] || stream->told || stream->consumed <= stream->consumed_told || now_ms < stream->tell_ms)
        return;
    MSG_SET(&request, consumed, seq, stream->consumed);
    stream->told = stream_ask(coord, CONSUMED, OP_CONSUMED, &request);
    stream->consumed_asked = stream->consumed;
    if (!stream->told)
        stream->tell_ms = now_ms + STREAM_PAUSE_FIRST_MS;
}

static void stream_ask_sign_of_life(struct coord *coord, int64_t now_ms)
{
    static const struct msg_hello request;
    struct stream *stream = &coord->stream;
    const struct link *link = &coord->link;
    if (stream->pinged && link->heard_ms > stream->pinged_ms)
        stream->pinged = 0; /* something came, if not the answer */
    if (stream->pinged && now_ms >= stream->pinged_ms + link_silence_ms(&coord->link))
        link_end(&coord->link, "no sign of life comes");
    else if (!stream->pinged && now_ms >= link->heard_ms + coord->options.ping_ms) {
        stream->pinged = stream_ask(coord, PING, OP_HELLO, &request);
        stream->pinged_ms = now_ms;
        if (!stream->pinged)
            link_end(&coord->link, "the program is out of memory");
    }
}

void stream_step(struct coord *coord, int64_t now_ms)
{
    struct stream *stream = &coord->stream;
    if (!link_usable(&coord->link))
        return;
    switch (stream->state) {
    case STREAM_WAITING:
        if (now_ms >= stream->retry_ms)
            stream_ask_subscribe(coord, now_ms);
        break;
    case STREAM_ASKED:
        if (now_ms >= stream->asked_ms + link_silence_ms(&coord->link))
            link_end(&coord->link, "no answer to `subscribe` comes");
        break;
    case STREAM_OPEN:
        stream_ask_credit(coord);
        stream_ask_consumed(coord, now_ms);
        stream_ask_sign_of_life(coord, now_ms);
        break;
    default:
        break;
    }
}

int64_t stream_due(const struct coord *coord)
{
    const struct stream *stream = &coord->stream;
    const struct link *link = &coord->link;
    if (!link_usable(link))
        return WAKE_NEVER;
    if (stream->state == STREAM_WAITING)
        return stream->retry_ms;
    if (stream->state == STREAM_ASKED)
        return stream->asked_ms + link_silence_ms(&coord->link);
    if (stream->state != STREAM_OPEN)
        return WAKE_NEVER;
    int64_t due = stream->pinged && link->heard_ms <= stream->pinged_ms
                      ? stream->pinged_ms + link_silence_ms(&coord->link)
                      : link->heard_ms + coord->options.ping_ms;
    bool tells = stream->consumer[0] && !stream->told && stream->consumed > stream->consumed_told;
    return tells && stream->tell_ms < due ? stream->tell_ms : due;
}

static void stream_end(struct coord *coord, int ending, const struct problem *problem)
{
    struct stream *stream = &coord->stream;
    if (stream->state == STREAM_LEAVING)
        stream->state = STREAM_LEFT;
    if (!stream_active(stream))
        return;
    stream->state = STREAM_ENDED;
    stream->ending = ending;
    stream->problem.error = 0;
    if (problem)
        stream->problem = *problem;
}

void stream_fail(struct coord *coord, const struct problem *problem)
{
    stream_end(coord, ENDING_NONE, problem);
}

void stream_lost(struct coord *coord, int64_t now_ms)
{
    struct stream *stream = &coord->stream;
    stream->pinged = stream->told = 0;
    if (stream->state == STREAM_LEAVING)
        stream->state = STREAM_LEFT;
    if (!stream_active(stream))
        return;
    stream_forget_frames(stream); /* the next connection brings them again */
    stream->state = STREAM_WAITING;
    stream->retry_ms = now_ms;
}

void stream_stop(struct coord *coord)
{
    struct stream *stream = &coord->stream;
    if (!stream->parted) {
        /* Notifications may still be on their way: they are not to be taken for those of a later stream. */
        link_end(&coord->link, "the stream was left without a word");
        stream->skipped = coord->link.generation;
    }
    stream_done(stream);
}

void stream_done(struct stream *stream)
{
    stream_forget_frames(stream);
    free(stream->held);
    *stream = (struct stream){.state = STREAM_NONE, .skipped = stream->skipped};
}

void stream_closed(struct coord *coord, struct decoder *decoder)
{
    struct msg_closed closed;
    struct problem cause, problem;
    if (decoder_read(decoder, &message_closed, &closed, &cause)) {
        problem_set(&problem, COORD_E_BAD_REPLY, cause.field, "The end of the stream cannot be read: %s",
                    cause.message);
        stream_fail(coord, &problem);
    } else if (closed.ending == ENDING_NONE) {
        problem_set(&problem, COORD_E_STREAM_UNKNOWN, "ending",
                    "The broker ended the stream, for a reason that this version of the library does not know.");
        stream_fail(coord, &problem);
    } else if (closed.ending == ENDING_STOPPING) {
        link_end(&coord->link, "the broker is stopping");
    } else if (closed.ending != ENDING_UNSUBSCRIBED) {
        stream_end(coord, closed.ending, NULL);
    }
    /* `unsubscribed` is the echo of what was asked. */
}

bool stream_owns(const struct stream *stream, struct text id)
{
    return stream->prefix[0] && id.size > RANDOM_ID_SIZE && memcmp(id.data, stream->prefix, RANDOM_ID_SIZE) == 0;
}
