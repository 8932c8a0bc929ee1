/* The handle as programs see it: opened, dispatched, closed; versions and errors. */
#include "coord.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "endpoints.h"
#include "fork.h"
#include "handle.h"

#define WINDOW_MAX      65536 /* calls of 800 bytes and their frames: some 100 MB when all are full */
#define CREDIT_MAX      65536 /* what a stream may hold: the bound of `credit` in messages.def.h */
#define INTERVAL_MAX_MS 3600000
#define HURRY_MAX_MS    1000 /* reconnect_max_ms of a context with several endpoints */

/* ---- version and errors ---- */

const char *coord_version(void)
{
    return COORD_VERSION;
}

const char *coord_strerror(int error)
{
    const struct error_row *row = error_row(error);
    return row ? row->sentence : error == COORD_OK ? "No error." : "An error that this library does not know.";
}

const char *coord_error_name(int error)
{
    const struct error_row *row = error_row(error);
    return row ? row->name : error == COORD_OK ? "ok" : "unknown";
}

int coord_error_retry(int error)
{
    const struct error_row *row = error_row(error);
    return row && row->retry;
}

/* ---- options ---- */

struct interval {
    const char *name;
    size_t offset;
    int otherwise_ms;
};

#define INTERVAL(name, otherwise_ms)                                                                                   \
    {                                                                                                                  \
#name, offsetof(struct coord_options, name), otherwise_ms                                                      \
    }
static const struct interval intervals[] = {
    INTERVAL(timeout_ms, 30000),      INTERVAL(connect_ms, 5000),     INTERVAL(heartbeat_ms, 5000),
    INTERVAL(resend_ms, 2000),        INTERVAL(resend_max_ms, 10000), INTERVAL(reconnect_ms, 100),
    INTERVAL(reconnect_max_ms, 5000), INTERVAL(ping_ms, 5000),        INTERVAL(unreachable_ms, 5000),
};

static int options_complete_intervals(struct coord_options *options, struct problem *problem)
{
    for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++) {
        int value;
        memcpy(&value, (char *)options + intervals[i].offset, sizeof value);
        if (value < 0 || value > INTERVAL_MAX_MS)
            return problem_set(problem, COORD_E_BAD_ARGUMENT, intervals[i].name,
                               "1 to %d milliseconds, or 0 for the default of %d.", INTERVAL_MAX_MS,
                               intervals[i].otherwise_ms);
        if (value == 0)
            memcpy((char *)options + intervals[i].offset, &intervals[i].otherwise_ms, sizeof value);
    }
    return 0;
}

static int options_complete(struct coord_options *options, const struct coord_options *given, struct problem *problem)
{
    static const struct coord_options defaults;
    *options = given ? *given : defaults;
    if (memcmp(options->reserved, defaults.reserved, sizeof options->reserved) != 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "reserved", "Set the whole struct to zeroes first.");
    if (options->window > WINDOW_MAX)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "window", "1 to %d requests, or 0 for 1024.", WINDOW_MAX);
    if (options->credit > CREDIT_MAX)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "credit", "1 to %d notifications, or 0 for 1024.",
                           CREDIT_MAX);
    if ((unsigned)options->retry > COORD_RETRY_ALL)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "retry", "One of enum coord_retry.");
    if ((unsigned)options->read_from > COORD_READ_ANY)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "read_from", "One of enum coord_read_from.");
    if (options->within_ms < 0 || options->within_ms > INTERVAL_MAX_MS)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "within_ms", "1 to %d milliseconds, or 0 for no bound.",
                           INTERVAL_MAX_MS);
    if (options->unreachable_ms == 0)
        options->unreachable_ms = options->timeout_ms;
    options->window = options->window ? options->window : 1024;
    options->credit = options->credit ? options->credit : 1024;
    int error = options_complete_intervals(options, problem);
    if (options->resend_max_ms < options->resend_ms)
        options->resend_max_ms = options->resend_ms;
    if (options->reconnect_max_ms < options->reconnect_ms)
        options->reconnect_max_ms = options->reconnect_ms;
    return error;
}

/* Where there are several endpoints somebody leads again within seconds, and one more attempt costs each of them little. */
static void options_hurry(struct coord_options *options, const struct coord_context *context)
{
    struct endpoints endpoints;
    struct problem unused;
    if (endpoints_read(&endpoints, context->endpoint, &unused) || endpoints.count < 2)
        return;
    options->reconnect_max_ms = options->reconnect_ms > HURRY_MAX_MS ? options->reconnect_ms : HURRY_MAX_MS;
}

/* ---- opening and closing ---- */

static void coord_destroy(struct coord *coord)
{
    stream_done(&coord->stream);
    if (coord->link.wake)
        link_done(&coord->link);
    calls_done(&coord->calls);
    for (size_t i = 0; i < 2; i++) {
        zmq_msg_close(&coord->boxes[i].message);
        decoder_free(coord->boxes[i].decoder);
    }
    decoder_free(coord->inner);
    buffer_done(&coord->scratch);
    buffer_done(&coord->bounded);
    wake_done(&coord->wake);
    explicit_bzero(coord, sizeof *coord);
    free(coord);
}

static int coord_allocate(struct coord *coord, struct problem *problem)
{
    bool enough = (coord->inner = decoder_new()) != NULL;
    for (size_t i = 0; i < 2; i++)
        enough = (coord->boxes[i].decoder = decoder_new()) && enough;
    /* The broker may be newer, and have words that this library does not. */
    struct decoder *const decoders[] = {coord->inner, coord->boxes[0].decoder, coord->boxes[1].decoder};
    for (size_t i = 0; enough && i < sizeof decoders / sizeof *decoders; i++)
        decoder_take_any_term(decoders[i]);
    if (!enough || calls_init(&coord->calls, coord->options.window))
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    return 0;
}

static struct coord *coord_new(const struct coord_context *context, const struct coord_options *options)
{
    struct coord *coord = calloc(1, sizeof *coord);
    if (!coord)
        return NULL;
    coord->context = *context;
    coord->options = *options;
    coord->fork = fork_generation();
    coord->wake = (struct wake){.epoll = -1, .event = -1, .timer = -1};
    for (size_t i = 0; i < 2; i++)
        zmq_msg_init(&coord->boxes[i].message);
    coord->incoming = &coord->boxes[0];
    coord->kept = &coord->boxes[1];
    coord->look_ms = WAKE_NEVER;
    coord->last_lag_ms = -1;
    buffer_init(&coord->scratch);
    buffer_init(&coord->bounded);
    return coord;
}

int coord_open(struct coord **out, const struct coord_context *context, const struct coord_options *options,
               struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    struct coord_options complete;
    if (!out || !context)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, out ? "context" : "coord",
                           "It is needed, and may not be NULL.");
    int error = options_complete(&complete, options, problem);
    if (!error)
        error = coord_context_check(context, problem);
    if (error)
        return error;
    if (!options || options->reconnect_max_ms == 0)
        options_hurry(&complete, context);
    struct coord *coord = coord_new(context, &complete);
    if (!coord)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    error = coord_allocate(coord, problem);
    if (!error)
        error = wake_init(&coord->wake, problem);
    if (!error)
        error = link_init(&coord->link, &coord->wake, &coord->context, &coord->options, problem);
    if (!error && (error = link_open(&coord->link, clock_ms())))
        *problem = coord->link.problem;
    if (error) {
        coord_destroy(coord);
        return error;
    }
    leader_ask(coord);
    handle_rest(coord, false);
    *out = coord;
    return 0;
}

/* Every callback is told, those whose reply has come and was not dispatched too. In a child after a fork none is: the
 * requests are the parent's. */
static void coord_cancel(struct coord *coord, bool ours)
{
    struct problem problem;
    problem_set(&problem, COORD_E_TIMED_OUT, "",
                "The handle was closed before the reply came; it may be done all the same: resend its id.");
    coord->fork = 0; /* a callback that uses the handle now is refused */
    coord->silent = !ours;
    for (struct call *call; (call = coord->calls.oldest);) {
        calls_remove(&coord->calls, call);
        call->done(coord, call, problem.error, NULL, &problem);
        call_free(call);
    }
}

int coord_close(struct coord *coord)
{
    if (!coord)
        return 0;
    if (coord->in_callback)
        return COORD_E_BAD_ARGUMENT;
    bool ours = coord->fork == fork_generation();
    if (!ours)
        link_forget(&coord->link);
    coord_cancel(coord, ours);
    coord_destroy(coord);
    return 0;
}

int coord_connected(const struct coord *coord, struct problem *problem)
{
    bool stands = coord && coord->link.state == LINK_UP;
    if (stands || !problem)
        return stands;
    if (!coord || coord->link.problem.error == 0)
        problem_set(problem, COORD_E_TIMED_OUT, "", "Not connected yet.");
    else
        *problem = coord->link.problem;
    return stands;
}

const char *coord_endpoint(const struct coord *coord)
{
    return coord ? link_endpoint(&coord->link) : "";
}

/* ---- event loops ---- */

int coord_fd(struct coord *coord)
{
    if (!coord)
        return COORD_E_BAD_ARGUMENT;
    coord->watched = true;
    if (coord->unrested && !coord->dispatching)
        handle_rest(coord, false);
    return coord->wake.epoll;
}

static int dispatch_once(struct coord *coord)
{
    coord->dispatching = true;
    int error = stream_deliver(coord, HANDLE_BUDGET);
    request_deliver(coord, HANDLE_BUDGET);
    if (!error && coord->ran < HANDLE_BUDGET)
        error = handle_step(coord, HANDLE_BUDGET);
    if (!error)
        error = stream_deliver(coord, HANDLE_BUDGET);
    stream_step(coord, clock_ms()); /* callbacks have freed credit, and dealt with notifications */
    coord->dispatching = false;
    return error;
}

int coord_dispatch(struct coord *coord, int timeout_ms)
{
    struct problem unused;
    int error = handle_enter(coord, true, &unused);
    if (error)
        return error;
    coord->ran = 0;
    if (timeout_ms != 0 && coord->ended && coord->calls.weight == 0 && coord->stream.state == STREAM_NONE)
        return coord->ended; /* nothing can come any more */
    int64_t until_ms = timeout_ms < 0 ? WAKE_NEVER : clock_ms() + timeout_ms;
    /* A handle at rest tells by its descriptor whether there is something to do. */
    for (int left_ms = timeout_ms; coord->unrested || wake_wait(&coord->wake, left_ms) > 0;) {
        error = dispatch_once(coord);
        handle_rest(coord, false);
        if (error || coord->ran)
            break;
        const int64_t now_ms = timeout_ms < 0 ? 0 : clock_ms();
        left_ms = timeout_ms < 0 ? -1 : (int)(until_ms > now_ms ? until_ms - now_ms : 0);
    }
    return error ? error : coord->ran;
}

int coord_request_id(char id[COORD_REQUEST_ID_MAX + 1], struct problem *problem)
{
    return random_id(id, PROBLEM_OR_UNUSED(problem));
}
