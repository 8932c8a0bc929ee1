/* The stream's life: subscribed, kept alive, resumed, ended. What is done with each notification is in notices.c. */
#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

/* Pauses before subscribing again after a refusal that may pass. */
#define STREAM_PAUSE_FIRST_MS 100
#define STREAM_PAUSE_MAX_MS   5000

/* The letters of the stream's own requests, in their ids. */
enum { SUBSCRIBE = 's', UNSUBSCRIBE = 'u', CREDIT = 'c', CONSUMED = 'k', PING = 'p' };

/* ---- asking ---- */

/* Sends one of the stream's own requests: its serial, or 0 when it could not be sent. They belong to one connection, so
 * none is ever sent again. */
static uint64_t stream_ask(struct coord *coord, char letter, enum op op, const void *request)
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
static void stream_ask_consumed(struct coord *coord, int64_t now_ms)
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

/* ---- ending ---- */

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

/* ---- answers ---- */

bool stream_owns(const struct stream *stream, struct text id)
{
    return stream->prefix[0] && id.size > RANDOM_ID_SIZE && memcmp(id.data, stream->prefix, RANDOM_ID_SIZE) == 0;
}

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

/* Whether the broker follows, and another is to carry the stream: the leader, or one that has come as far as the stream has. */
static bool stream_is_elsewhere(const struct coord *coord, char letter, const struct envelope *envelope, int error,
                                const void *reply)
{
    const struct stream *stream = &coord->stream;
    const bool follows = envelope->as_of != ENVELOPE_ABSENT;
    if (letter == PING || !link_has_others(&coord->link))
        return false;
    if (error)
        return error == COORD_E_NOT_LEADER || (follows && (error == COORD_E_BEHIND || error == COORD_E_OUT_OF_RANGE));
    return letter == SUBSCRIBE && follows &&
           (!leader_streams(coord) || ((const struct msg_stream_reply *)reply)->seq < stream->last);
}

static void stream_elsewhere(struct coord *coord, const struct envelope *envelope, struct decoder *decoder)
{
    struct problem why = {0};
    leader_problem(coord, envelope, decoder, &why);
    coord->stream.state = STREAM_WAITING;
    coord->stream.retry_ms = clock_ms();
    leader_go(coord);
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
    else if (stream_is_elsewhere(coord, letter, envelope, error, error ? NULL : reply))
        stream_elsewhere(coord, envelope, decoder);
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

/* ---- the public functions ---- */

static int stream_check_request(const struct coord *coord, const struct msg_subscribe *subscribe,
                                coord_event_callback *callback, struct problem *problem)
{
    if (!callback || !subscribe)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, callback ? "subscribe" : "callback",
                           "It is needed, and may not be NULL.");
    if (coord->stream.state != STREAM_NONE)
        return problem_set(problem, COORD_E_ALREADY_SUBSCRIBED, "", "The handle has a stream; open another handle.");
    struct msg_subscribe request = *subscribe;
    MSG_SET(&request, subscribe, credit, coord->options.credit);
    return message_check(&message_subscribe, &request, problem);
}

int coord_subscribe(struct coord *coord, const struct msg_subscribe *subscribe, coord_event_callback *callback,
                    void *user, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    int error = handle_enter(coord, true, problem);
    if (!error)
        error = stream_check_request(coord, subscribe, callback, problem);
    char prefix[RANDOM_ID_SIZE + 1];
    if (!error)
        error = random_id(prefix, problem);
    if (error)
        return error;
    uint64_t *held = calloc(coord->options.credit, sizeof *held);
    if (!held)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    struct stream *stream = &coord->stream;
    *stream = (struct stream){.state = STREAM_WAITING,
                              .callback = callback,
                              .user = user,
                              .request = *subscribe,
                              .pause_ms = STREAM_PAUSE_FIRST_MS,
                              .skipped = stream->skipped,
                              .held = held};
    coord->ended = 0;
    memcpy(stream->prefix, prefix, sizeof prefix);
    if (MSG_HAS(subscribe, subscribe, consumer)) {
        memcpy(stream->consumer, subscribe->consumer.data, subscribe->consumer.size);
        stream->request.consumer.data = stream->consumer;
    }
    if (MSG_HAS(subscribe, subscribe, from)) {
        stream->placed = true;
        stream->last = subscribe->from;
    }
    if (MSG_HAS(subscribe, subscribe, store) && subscribe->store.size == sizeof stream->store) {
        memcpy(stream->store, subscribe->store.data, sizeof stream->store);
        stream->known = true;
    }
    link_step(&coord->link, clock_ms());
    stream_step(coord, clock_ms());
    handle_rest(coord, false);
    return 0;
}

static bool stream_untold(const struct stream *stream)
{
    return stream->consumer[0] && stream->consumed > stream->consumed_told;
}

static void stream_leave(struct coord *coord, int64_t now_ms)
{
    static const struct msg_empty request;
    struct stream *stream = &coord->stream;
    if (stream->state == STREAM_OPEN) {
        stream->told = 0; /* what is on its way may be older */
        stream->tell_ms = now_ms;
        stream_ask_consumed(coord, now_ms);
    }
    stream->asked = stream->state == STREAM_WAITING ? 0 : stream_ask(coord, UNSUBSCRIBE, OP_UNSUBSCRIBE, &request);
    stream->state = stream->asked ? STREAM_LEAVING : STREAM_LEFT;
}

/* Until the broker has answered, or nothing more can come of waiting. If there is something to tell it and no
 * subscription to tell it by, the stream is first resumed. */
static int stream_part(struct coord *coord, int64_t until_ms)
{
    struct stream *stream = &coord->stream;
    int64_t now_ms;
    int error = 0;
    while (!error && (now_ms = clock_ms()) < until_ms) {
        if (stream->state == STREAM_OPEN || (stream->state != STREAM_LEAVING && !stream_untold(stream)))
            stream_leave(coord, now_ms);
        if (!stream_active(stream))
            break;
        error = handle_step(coord, HANDLE_BUDGET);
        if (!stream_active(stream))
            break;
        handle_rest(coord, true);
        wake_at(&coord->wake, until_ms);
        wake_wait(&coord->wake, -1);
    }
    return error;
}

int coord_unsubscribe(struct coord *coord, int timeout_ms, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    int error = handle_enter(coord, true, problem);
    if (error)
        return error;
    struct stream *stream = &coord->stream;
    if (stream->state == STREAM_NONE)
        return problem_plain(problem, COORD_E_STREAM_UNKNOWN, "");
    int wait_ms = timeout_ms == COORD_TIMEOUT_DEFAULT ? coord->options.timeout_ms : timeout_ms;
    if (stream_active(stream))
        (void)stream_part(coord, wait_ms < 0 ? WAKE_NEVER : clock_ms() + wait_ms);
    bool untold = stream_untold(stream);
    stream_stop(coord);
    handle_rest(coord, false);
    if (untold)
        return problem_set(problem, COORD_E_TIMED_OUT, "",
                           "The stream has ended, but the broker may not know what was dealt with.");
    return 0;
}
