#include "link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "random.h"

/* A context has six descriptors and a socket with its monitor and a connection some six more; libzmq aborts when it
 * cannot open one, so that is asked before. */
#define LINK_DESCRIPTORS 16

/* Longer than any handle waits between two looks at its monitor: libzmq is never to reconnect by itself. It adds a
 * random part of up to the same length, which has to stay below 2^31. */
#define LINK_NEVER_MS 1000000000

/* After that long without being sent on, the endpoints may be asked in turn without a pause again. */
#define LINK_MOVES_FORGOTTEN_MS 10000

/* Of several endpoints, how long one is given at least: for a name to be looked up, and for a broker that many join at once. */
#define LINK_PART_MS 1000

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

static void link_forget_bundle(struct link *link)
{
    zmq_msg_close(&link->bundle);
    zmq_msg_init(&link->bundle);
    link->frames = (struct frame_bundle){0};
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

/* ---- several endpoints ---- */

static void link_turn(struct link *link)
{
    link->at = (link->at + 1) % link->endpoints.count;
}

/* A machine that is switched off says nothing: of several, each has a part of the time, and all of it only when none answers. */
static int link_patience_ms(const struct link *link)
{
    const int whole_ms = link->options->connect_ms, part_ms = whole_ms / link->endpoints.count;
    int64_t patience_ms = part_ms > LINK_PART_MS || part_ms == whole_ms ? part_ms : LINK_PART_MS;
    for (int i = 0; i < link->rounds && patience_ms < whole_ms; i++)
        patience_ms *= 2;
    return patience_ms < whole_ms ? (int)patience_ms : whole_ms;
}

/* What stands in the way at all of them, by name. */
static void link_tell(struct link *link)
{
    char words[sizeof link->problem.message] = "";
    size_t size = 0;
    bool same = true;
    for (int i = 0; i < link->endpoints.count; i++) {
        same = same && strcmp(link->why[i], link->why[link->at]) == 0;
        if (link->why[i][0] && size < sizeof words)
            size += (size_t)snprintf(words + size, sizeof words - size, "%s%s: %s", size ? "; " : "",
                                     link->endpoints.items[i], link->why[i]);
    }
    if (same)
        problem_set(&link->problem, COORD_E_TIMED_OUT, "", "%s: %s.", link->context->endpoint, link->why[link->at]);
    else
        problem_set(&link->problem, COORD_E_TIMED_OUT, "", "%s.", words);
}

/* ---- opening and ending ---- */

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

static void link_ended(struct link *link, const char *why)
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

int link_place(const struct link *link, const char *endpoint)
{
    for (int i = 0; i < link->endpoints.count; i++)
        if (strcmp(link->endpoints.items[i], endpoint) == 0)
            return i;
    return -1;
}

/* Brokers may name each other while the lead goes over, or someone who is gone. */
static int link_move_pause_ms(const struct link *link)
{
    int64_t pause_ms = link->options->reconnect_ms;
    for (int i = link->endpoints.count + 1; i < link->moves && pause_ms < link->options->reconnect_max_ms; i++)
        pause_ms *= 2;
    return pause_ms < link->options->reconnect_max_ms ? (int)pause_ms : link->options->reconnect_max_ms;
}

void link_move(struct link *link, int place, int64_t now_ms)
{
    if (!link_usable(link))
        return;
    if (now_ms - link->moved_ms > LINK_MOVES_FORGOTTEN_MS)
        link->moves = 0;
    link->moves++;
    link->moved_ms = now_ms;
    /* Whoever is named may be gone, which whoever names it has not heard: then the third is to be asked too. */
    const bool in_turn = place < 0 || (link->moves > link->endpoints.count && link->moves % 2 == 1);
    const int next = in_turn ? (link->at + 1) % link->endpoints.count : place;
    link_ended(link, "it follows another that leads");
    link->at = next;
    link->rests = link->moves > link->endpoints.count;
    link->move_pause_ms = link->rests ? link_move_pause_ms(link) : 0;
}

void link_settle(struct link *link)
{
    link->moves = 0;
}

static void link_came_up(struct link *link, int64_t now_ms)
{
    if (link->state != LINK_OPENING)
        return;
    link->state = LINK_UP;
    link->stood = link->generation;
    link->heard_ms = now_ms;
    link->problem.error = 0;
}

static void link_was_refused(struct link *link)
{
    const int at = link->at;
    link_ended(link, "the broker refused the key");
    problem_set(&link->problem, COORD_E_KEY_UNKNOWN, "public_key",
                "The broker at %s refused the key %.40s; ask the administrator to add it.", link->endpoints.items[at],
                link->context->public_key);
    link->refused = true;
}

static void link_note(struct link *link, unsigned event, uint32_t value, int64_t now_ms)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        link_came_up(link, now_ms);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        /* 300 and 500 are troubles of the broker's own: those pass. */
        if (value == 400)
            link_was_refused(link);
        else
            link_ended(link, "the broker could not check the key now");
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        link_ended(link, "the handshake failed; is server_key the broker's, and is it coordd that listens there?");
        break;
    case ZMQ_EVENT_DISCONNECTED:
        link_ended(link, link->state == LINK_UP ? "the connection was lost" : "the connection was closed unanswered");
        break;
    default:
        link_ended(link, "nobody answers there");
    }
}

/* A monitor tells in two frames: number and value of the event, and the address. */
static bool link_read_event(void *monitor, unsigned *event, uint32_t *value)
{
    unsigned char bytes[6];
    if (zmq_recv(monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != (int)sizeof bytes)
        return false;
    uint16_t number;
    memcpy(&number, bytes, sizeof number);
    memcpy(value, bytes + sizeof number, sizeof *value);
    *event = number;
    char address[8];
    (void)zmq_recv(monitor, address, sizeof address, ZMQ_DONTWAIT);
    return true;
}

void link_step(struct link *link, int64_t now_ms)
{
    unsigned event;
    uint32_t value;
    const bool told = link->monitor && (link->monitor_unsure || wake_fired(link->wake, link->monitor_fd));
    while (told && link_usable(link)) {
        link->monitor_unsure = link_read_event(link->monitor, &event, &value);
        if (!link->monitor_unsure)
            break;
        link_note(link, event, value, now_ms);
    }
    if (link->state == LINK_OPENING && now_ms >= link->give_up_ms)
        link_end(link, "nobody answers there in time");
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

/* The next frame of a bundle, as if it had come alone: what is kept of it outlives the others. */
static int link_take(struct link *link, zmq_msg_t *message, const char **why)
{
    const char *bytes = zmq_msg_data(&link->bundle);
    const size_t size = frame_bundle_next(&link->frames, bytes, zmq_msg_size(&link->bundle));
    int result = 1;
    zmq_msg_close(message);
    if (size == 0) {
        zmq_msg_init(message);
        *why = "A bundle is not whole, or holds more than it says.";
        result = COORD_E_BAD_REPLY;
    } else if (zmq_msg_init_size(message, size)) {
        zmq_msg_init(message);
        result = COORD_E_NO_MEMORY;
    } else {
        memcpy(zmq_msg_data(message), bytes + link->frames.at, size);
    }
    link->frames.at += size;
    if (--link->frames.left == 0 || result < 0)
        link_forget_bundle(link);
    return result;
}

/* What came is an array of frames: from here on they are taken one by one. */
static int link_open_bundle(struct link *link, zmq_msg_t *message, const char **why)
{
    if (frame_bundle_open(&link->frames, zmq_msg_data(message), zmq_msg_size(message))) {
        *why = "A bundle holds no frame, or not as many as it says.";
        return COORD_E_BAD_REPLY;
    }
    zmq_msg_move(&link->bundle, message);
    return link_take(link, message, why);
}

int link_receive(struct link *link, zmq_msg_t *message, int64_t now_ms, const char **why)
{
    if (link->frames.left > 0)
        return link_take(link, message, why);
    link->socket_unsure = link->socket && zmq_msg_recv(message, link->socket, ZMQ_DONTWAIT) >= 0;
    if (!link->socket_unsure)
        return 0;
    link->heard_ms = link->frame_ms = now_ms;
    link->tried = link->rounds = 0;
    memset(link->why, 0, sizeof link->why);
    link->pause_ms = 0; /* not before: a broker that cuts each new connection is not to be asked in a tight loop */
    if (!zmq_msg_more(message))
        return frame_is_bundle(zmq_msg_data(message), zmq_msg_size(message)) ? link_open_bundle(link, message, why) : 1;
    *why = "A message has several parts.";
    /* The parts of one message arrive together. */
    while (zmq_msg_more(message) && zmq_msg_recv(message, link->socket, ZMQ_DONTWAIT) >= 0)
        ;
    return COORD_E_BAD_REPLY;
}

static bool link_readable(void *socket)
{
    int events = 0;
    size_t size = sizeof events;
    return socket && zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

bool link_waits(struct link *link)
{
    link->socket_unsure = link->socket_unsure && link_readable(link->socket);
    link->monitor_unsure = link->monitor_unsure && link_readable(link->monitor);
    return link->state == LINK_ENDED || link->frames.left > 0 || link->socket_unsure || link->monitor_unsure;
}

int64_t link_due(const struct link *link, bool wanted)
{
    if (link->state == LINK_DOWN)
        return wanted ? link->retry_ms : WAKE_NEVER;
    return link->state == LINK_OPENING ? link->give_up_ms : WAKE_NEVER;
}
