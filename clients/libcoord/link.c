/* A connection's life: opened, ended, closed, and what is sent on it. What its monitor tells is in link_monitor.c, what comes in
 * link_receive.c, and to which endpoint it goes in link_endpoint.c.
 */
#include "link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "link_parts.h"
#include "random.h"

/* A context has six descriptors and a socket with its monitor and a connection some six more; libzmq aborts when it
 * cannot open one, so that is asked before. */
#define LINK_DESCRIPTORS 16

/* Longer than any handle waits between two looks at its monitor: libzmq is never to reconnect by itself. It adds a
 * random part of up to the same length, which has to stay below 2^31. */
#define LINK_NEVER_MS 1000000000

#define LINK_EVENTS                                                                                                    \
    (ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |           \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

int link_init(struct link *link, struct wake *wake, const struct coord_context *context,
              const struct coord_options *options, struct problem *problem)
{
    *link = (struct link){.wake = wake, .context = context, .options = options, .socket_fd = -1, .monitor_fd = -1};
    link->down_ms = clock_ms();
    zmq_msg_init(&link->bundle);
    int error = endpoints_read(&link->endpoints, context->endpoint, problem);
    if (error)
        return error;
    /* Whoever may be asked is, so that not all programs begin with the same. */
    if (options->read_from == COORD_READ_ANY)
        link->at = (int)random_below((uint32_t)link->endpoints.count);
    if (options->zmq_context) {
        link->zmq = options->zmq_context;
        return 0;
    }
    if (!wake_room(wake, LINK_DESCRIPTORS))
        return problem_set(problem, COORD_E_SYSTEM, "",
                           "The process may not open %d more descriptors; raise its limit.", LINK_DESCRIPTORS);
    link->zmq = zmq_ctx_new();
    if (!link->zmq)
        return problem_set(problem, errno == ENOMEM ? COORD_E_NO_MEMORY : COORD_E_SYSTEM, "",
                           "A ZeroMQ context cannot be made: %s.", zmq_strerror(errno));
    link->zmq_is_ours = true;
    return 0;
}

static void link_release(struct link *link)
{
    link_forget_bundle(link);
    if (link->socket_fd >= 0)
        wake_unwatch(link->wake, link->socket_fd);
    if (link->monitor_fd >= 0)
        wake_unwatch(link->wake, link->monitor_fd);
    /* The monitor stops before its reader closes: without a reader it would block libzmq's thread. */
    if (link->socket)
        zmq_socket_monitor(link->socket, NULL, 0);
    if (link->monitor)
        zmq_close(link->monitor);
    if (link->socket)
        zmq_close(link->socket);
    link->socket = link->monitor = NULL;
    link->socket_fd = link->monitor_fd = -1;
    link->state = LINK_DOWN;
}

void link_done(struct link *link)
{
    link_release(link);
    if (link->zmq_is_ours)
        while (zmq_ctx_term(link->zmq) && errno == EINTR)
            ;
    link->zmq = NULL;
}

void link_forget(struct link *link)
{
    link->socket = link->monitor = link->zmq = NULL;
    link->socket_fd = link->monitor_fd = -1;
    link->zmq_is_ours = false;
    link->state = LINK_DOWN;
    link_forget_bundle(link);
}

static bool link_set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool link_configure(struct link *link)
{
    const struct coord_context *context = link->context;
    const struct coord_options *options = link->options;
    const struct {
        int option, value;
    } settings[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_SNDHWM, 0}, /* options.window bounds what is sent */
        {ZMQ_RCVHWM, (int)(options->window + options->credit) + 16},
        {ZMQ_RECONNECT_IVL, LINK_NEVER_MS},
        {ZMQ_CONNECT_TIMEOUT, options->connect_ms},
        {ZMQ_HANDSHAKE_IVL, options->connect_ms},
        {ZMQ_HEARTBEAT_IVL, options->heartbeat_ms},
        {ZMQ_HEARTBEAT_TIMEOUT, options->heartbeat_ms * 3},
        /* Only for a literal address: a name that resolves to both kinds would be tried as IPv6 alone. */
        {ZMQ_IPV6, strchr(link_endpoint(link), '[') != NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (!link_set(link->socket, settings[i].option, settings[i].value))
            return false;
    int64_t size_max = FRAME_SIZE_MAX;
    return zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max) == 0 &&
           zmq_setsockopt(link->socket, ZMQ_CURVE_SERVERKEY, context->server_key, sizeof context->server_key) == 0 &&
           zmq_setsockopt(link->socket, ZMQ_CURVE_PUBLICKEY, context->public_key, sizeof context->public_key) == 0 &&
           zmq_setsockopt(link->socket, ZMQ_CURVE_SECRETKEY, context->secret_key, sizeof context->secret_key) == 0;
}

static bool link_watch(struct link *link, void *socket, int *fd)
{
    int found;
    size_t size = sizeof found;
    if (zmq_getsockopt(socket, ZMQ_FD, &found, &size) || wake_watch(link->wake, found))
        return false;
    *fd = found;
    return true;
}

static bool link_start(struct link *link)
{
    char name[64];
    snprintf(name, sizeof name, "inproc://coord-monitor-%p-%" PRIu64, (void *)link, link->generation);
    return (link->socket = zmq_socket(link->zmq, ZMQ_DEALER)) && link_configure(link) &&
           zmq_socket_monitor(link->socket, name, LINK_EVENTS) == 0 &&
           (link->monitor = zmq_socket(link->zmq, ZMQ_PAIR)) && link_set(link->monitor, ZMQ_LINGER, 0) &&
           zmq_connect(link->monitor, name) == 0 && link_watch(link, link->monitor, &link->monitor_fd) &&
           link_watch(link, link->socket, &link->socket_fd) && zmq_connect(link->socket, link_endpoint(link)) == 0;
}

/* The pause doubles with every attempt that comes to nothing; a random quarter keeps clients from coming in step. */
static void link_schedule(struct link *link, int64_t now_ms)
{
    int pause = link->pause_ms > link->move_pause_ms ? link->pause_ms : link->move_pause_ms;
    link->move_pause_ms = 0;
    if (link->endpoints.count > 1 && link->tried < link->endpoints.count && !link->rests) {
        link->retry_ms = now_ms;
        if (pause == 0)
            link->pause_ms = link->options->reconnect_ms;
        return;
    }
    link->tried = 0;
    link->rests = false;
    link->rounds++;
    if (pause > 0)
        pause += (int)(random_below((uint32_t)pause / 2 + 1)) - pause / 4;
    link->retry_ms = now_ms + pause;
    int next = link->pause_ms ? link->pause_ms * 2 : link->options->reconnect_ms;
    link->pause_ms = next < link->options->reconnect_max_ms ? next : link->options->reconnect_max_ms;
}

int link_open(struct link *link, int64_t now_ms)
{
    link->generation++;
    link->tried++;
    int failure = ENFILE;
    if (wake_room(link->wake, LINK_DESCRIPTORS)) {
        errno = 0;
        if (link_start(link)) {
            link->state = LINK_OPENING;
            link->socket_unsure = link->monitor_unsure = true;
            link->heard_ms = now_ms;
            link->frame_ms = 0;
            link->give_up_ms = now_ms + link_patience_ms(link);
            return 0;
        }
        failure = errno;
    }
    link_release(link);
    if (link->pause_ms == 0)
        link->pause_ms = link->options->reconnect_ms;
    problem_set(&link->problem, failure == ENOMEM ? COORD_E_NO_MEMORY : COORD_E_SYSTEM, "",
                "A socket for %s cannot be opened: %s.", link_endpoint(link), zmq_strerror(failure));
    link_turn(link);
    link_schedule(link, now_ms);
    return link->problem.error;
}

void link_ended(struct link *link, const char *why)
{
    if (!link_usable(link))
        return;
    snprintf(link->why[link->at], sizeof link->why[0], "%s", why);
    link_tell(link);
    if (link->state == LINK_UP)
        link->down_ms = clock_ms();
    /* One that answered may be back at once; where nothing came it is another's turn. */
    if (link->frame_ms == 0)
        link_turn(link);
    link->state = LINK_ENDED;
}

void link_end(struct link *link, const char *why)
{
    /* A broker that misbehaves on every connection is not to be tried in a tight loop. */
    if (link_usable(link) && link->pause_ms < link->options->reconnect_ms)
        link->pause_ms = link->options->reconnect_ms;
    const bool answered = link_usable(link) && link->frame_ms != 0;
    link_ended(link, why);
    if (answered) /* it is silent, stops or talks nonsense: another may lead by now */
        link_turn(link);
}

void link_reject(struct link *link, const char *why)
{
    link->rests = true;
    link_end(link, why);
}

void link_close(struct link *link, int64_t now_ms)
{
    link_release(link);
    link_schedule(link, now_ms);
}

bool link_send(struct link *link, const void *frame, size_t size)
{
    link->socket_unsure = true;
    return link_usable(link) && zmq_send(link->socket, frame, size, ZMQ_DONTWAIT) == (int)size;
}

int64_t link_due(const struct link *link, bool wanted)
{
    if (link->state == LINK_DOWN)
        return wanted ? link->retry_ms : WAKE_NEVER;
    return link->state == LINK_OPENING ? link->give_up_ms : WAKE_NEVER;
}
