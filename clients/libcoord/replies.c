/* What becomes of a request: its reply read, its callback run, or a pause before it is sent again. */
#include <stdio.h>

#include "handle.h"

/* Pauses before a refused request is sent again. */
#define RETRY_MAX_MS 5000
/* Where what is refused is room, which others give back within milliseconds: whoever waits longer, with pauses that have
 * grown, is passed by all that come meanwhile. */
#define RETRY_ROOM_MAX_MS 400

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void request_finish(struct coord *coord, struct call *call, int error, const void *reply,
                           const struct problem *problem)
{
    if (call == coord->awaited)
        coord->awaited = NULL;
    calls_remove(&coord->calls, call);
    call->done(coord, call, error, reply, problem);
    call_free(call);
}

void request_tell(struct coord *coord, coord_reply_callback *callback, void *user, int error, const void *reply,
                  const struct problem *problem)
{
    if (!callback || coord->silent)
        return;
    coord->in_callback = true;
    callback(user, error, reply, problem);
    coord->in_callback = false;
    coord->ran++;
}

void request_call_back(struct coord *coord, struct call *call, int error, const void *reply,
                       const struct problem *problem)
{
    request_tell(coord, call->callback, call->user, error, reply, problem);
}

void request_fail(struct coord *coord, struct call *call, const struct problem *problem)
{
    if (call == coord->awaited || coord->dispatching) {
        struct problem copy = *problem; /* it may be the call's own */
        request_finish(coord, call, copy.error, NULL, &copy);
        return;
    }
    call->problem = *problem;
    calls_answer(&coord->calls, call);
}

void request_fail_all(struct coord *coord, const struct problem *problem)
{
    /* What a callback sends meanwhile is younger than the newest of now, and is left alone. */
    struct call *newest = coord->calls.newest;
    bool more = newest != NULL;
    for (struct call *call = coord->calls.oldest, *after; more; call = after) {
        after = call->after;
        more = call != newest;
        if (call->state != CALL_ANSWERED)
            request_fail(coord, call, problem);
    }
}

static int request_bad_reply(const struct op_row *row, const struct problem *cause, struct problem *problem)
{
    if (cause->error == COORD_E_NO_MEMORY)
        return problem_set(problem, COORD_E_NO_MEMORY, "", "The reply to `%s` came, but there is no memory to read it.",
                           row->name);
    return problem_set(problem, COORD_E_BAD_REPLY, cause->field, "The reply to `%s` cannot be read: %s", row->name,
                       cause->message);
}

/* An error's number is taken as it comes, so that a newer broker's errors arrive as what they are. */
static int request_read_error(const struct op_row *row, struct decoder *decoder, struct problem *problem, bool *retry)
{
    struct msg_error error;
    struct problem cause;
    if (decoder_read(decoder, &message_error, &error, &cause))
        return request_bad_reply(row, &cause, problem);
    int number = -(int)error.code;
    if (number <= COORD_E_TIMED_OUT && number >= COORD_E_SYSTEM) {
        problem_set(&cause, COORD_E_BAD_REPLY, "code", "%d is an error that only a library tells.", -number);
        return request_bad_reply(row, &cause, problem);
    }
    char field[sizeof problem->field];
    snprintf(field, sizeof field, "%.*s", TEXT_ARGS(error.field));
    problem_set(problem, error_row(number) ? number : COORD_E_BAD_REPLY, field, "%.*s", TEXT_ARGS(error.message));
    problem->error = number;
    problem->version = MSG_HAS(&error, error, version) ? error.version : 0;
    problem->state = MSG_HAS(&error, error, state) ? error.state : 0;
    *retry = error.retry;
    return number;
}

int request_read(const struct op_row *row, const struct envelope *envelope, struct decoder *decoder, const void **reply,
                 struct problem *problem, bool *retry)
{
    *retry = false;
    if (text_equal(envelope->op, TEXT("error")))
        return request_read_error(row, decoder, problem, retry);
    struct problem cause;
    if (!text_equal(envelope->op, TEXT("reply"))) {
        problem_set(&cause, COORD_E_BAD_REPLY, "op", "`%.*s` is neither `reply` nor `error`.", TEXT_ARGS(envelope->op));
        return request_bad_reply(row, &cause, problem);
    }
    void *into = arena_alloc(decoder_arena(decoder), row->reply->size);
    if (!into)
        problem_plain(&cause, COORD_E_NO_MEMORY, "");
    if (!into || decoder_read(decoder, row->reply, into, &cause))
        return request_bad_reply(row, &cause, problem);
    *reply = into;
    return 0;
}

bool request_retries(const struct coord *coord, int error, bool retry)
{
    switch (coord->options.retry) {
    case COORD_RETRY_NONE:
        return false;
    case COORD_RETRY_ALL:
        return retry;
    default:
        if (error == COORD_E_NOT_LEADER && link_has_others(&coord->link))
            return true; /* of a batch: alone, it goes where it belongs */
        return error == COORD_E_STOPPING || error == COORD_E_RATE_LIMITED || error == COORD_E_IN_FLIGHT_LIMIT ||
               error == COORD_E_COST_LIMITED || error == COORD_E_BATCH_FULL;
    }
}

static void request_pause(struct coord *coord, struct call *call, const struct problem *problem)
{
    int64_t now_ms = clock_ms();
    uint32_t spread = (uint32_t)call->retry_ms / 4 + 1; /* clients refused together should not come back together */
    int64_t due_ms = earlier(call->deadline_ms, now_ms + call->retry_ms + random_below(spread));
    const bool is_room = problem->error == COORD_E_COST_LIMITED || problem->error == COORD_E_IN_FLIGHT_LIMIT;
    call->retry_ms = (int)earlier(call->retry_ms * INT64_C(2), is_room ? RETRY_ROOM_MAX_MS : RETRY_MAX_MS);
    call->problem = *problem;
    if (call->state == CALL_ANSWERED) {
        calls_wait_again(&coord->calls, call, due_ms);
        return;
    }
    call->state = CALL_WAITING;
    calls_set_due(&coord->calls, call, due_ms);
}

void request_answer(struct coord *coord, struct call *call, const struct envelope *envelope, struct decoder *decoder)
{
    struct problem problem;
    const void *reply = NULL;
    bool retry;
    int error = request_read(call->row, envelope, decoder, &reply, &problem, &retry);
    if (leader_is_meant(coord, call, envelope, error)) {
        problem.error = error;
        leader_problem(coord, envelope, decoder, &problem);
        request_elsewhere(coord, call, &problem);
        return;
    }
    if (error == COORD_E_NOT_LEADER)
        leader_problem(coord, envelope, decoder, &problem);
    if (error && (request_retries(coord, error, retry) || leader_is_awaited(coord, error))) {
        request_pause(coord, call, &problem);
        return;
    }
    leader_heard(coord, envelope, error);
    leader_saw(coord, call->row, envelope, reply);
    request_finish(coord, call, error, reply, error ? &problem : NULL);
}

static void request_deliver_one(struct coord *coord, struct call *call)
{
    if (!call->has_reply) {
        request_finish(coord, call, call->problem.error, NULL, &call->problem);
        return;
    }
    struct envelope envelope;
    struct problem problem, cause;
    struct decoder *decoder = coord->incoming->decoder;
    if (decoder_open(decoder, zmq_msg_data(&call->reply), zmq_msg_size(&call->reply), &envelope, &cause))
        request_finish(coord, call, request_bad_reply(call->row, &cause, &problem), NULL, &problem);
    else
        request_answer(coord, call, &envelope, decoder);
}

void request_deliver(struct coord *coord, int budget)
{
    struct call *call;
    while (coord->ran < budget && (call = calls_next_answered(&coord->calls)))
        request_deliver_one(coord, call);
}
