/* The public functions: a stream is subscribed, and left. */
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "stream.h"
#include "stream_ask.h"

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
