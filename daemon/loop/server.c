/* See server.h. */
#include "loop/server.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SERVER_MONITOR "inproc://coordd.monitor"
/* Requests received in one turn of the loop, about half a millisecond: they are copied, and wait for their agency's turn.
 * A large one counts for as many as would have its bytes. */
#define SERVER_BUDGET       512
#define SERVER_BUDGET_BYTES 4096

static int server_set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

/* ---- the monitor ---- */

/* One event: two frames, the first a 16-bit event and a 32-bit value. */
static bool server_monitor_read(struct server *server, uint16_t *event, int32_t *value)
{
    uint8_t frame[6];
    int size;
    do
        size = zmq_recv(server->monitor, frame, sizeof frame, ZMQ_DONTWAIT);
    while (size < 0 && errno == EINTR);
    if (size != (int)sizeof frame)
        return false;
    char address[1];
    (void)zmq_recv(server->monitor, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(event, frame, sizeof *event);
    memcpy(value, frame + sizeof *event, sizeof *value);
    return true;
}

static void server_opened(struct server *server, int descriptor)
{
    const char *why;
    const int victim = silent_opened(&server->silent, descriptor, server->zpeers.peers->connections, &why);
    if (victim >= 0)
        zpeers_cut(&server->zpeers, victim, why);
}

void server_monitor(struct server *server)
{
    struct peers *peers = server->zpeers.peers;
    uint16_t event;
    int32_t value;
    while (server_monitor_read(server, &event, &value)) {
        if (event == ZMQ_EVENT_ACCEPTED) {
            peers->connections++;
            unfinished_opened(&server->unfinished, value);
            server_opened(server, value);
        }
        if (event != ZMQ_EVENT_DISCONNECTED)
            continue;
        if (peers->connections > 0)
            peers->connections--;
        silent_spoke(&server->silent, value);
        unfinished_closed(&server->unfinished, value);
        zpeers_disconnected(&server->zpeers, value);
    }
    peers->silent = server->silent.count;
}

static void server_on_monitor(void *context)
{
    struct server *server = context;
    server_monitor(server);
    server->handlers.settled(server->handlers.context);
}

static int server_open_monitor(struct server *server, uv_loop_t *loop)
{
    if (zmq_socket_monitor(server->socket, SERVER_MONITOR, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) != 0)
        return -1;
    server->monitor = zmq_socket(server->zmq, ZMQ_PAIR);
    if (!server->monitor)
        return -1;
    /* No bound here: libzmq's own thread writes these events, and would stand still at one. They are 32 bytes each,
     * and as many as connections come and go in one turn of the loop. */
    if (server_set(server->monitor, ZMQ_RCVHWM, 0) != 0 || server_set(server->monitor, ZMQ_LINGER, 0) != 0 ||
        zmq_connect(server->monitor, SERVER_MONITOR) != 0)
        return -1;
    server->monitor_watch = zwatch_new(loop, server->monitor, ZWATCH_OWN, server_on_monitor, server);
    return server->monitor_watch ? 0 : -1;
}

/* ---- requests ---- */

static bool server_more(zmq_msg_t *message)
{
    return zmq_msg_more(message) != 0;
}

/* Receives one request: how much it counts, or 0 when none waits. Frames after the first are counted and dropped. */
static int server_receive(struct server *server)
{
    zmq_msg_t id, frame, rest;
    zmq_msg_init(&id);
    if (zmq_msg_recv(&id, server->socket, ZMQ_DONTWAIT) < 0) {
        if (errno == EAGAIN)
            unfinished_drained(&server->unfinished);
        return errno == EINTR ? 1 : 0;
    }
    zmq_msg_init(&frame);
    int parts = 0;
    size_t received = 0;
    /* The frames of one message arrive together: after the first there is no waiting for the others. */
    if (server_more(&id) && zmq_msg_recv(&frame, server->socket, ZMQ_DONTWAIT) >= 0)
        parts = 1;
    for (bool more = parts && server_more(&frame); more; parts++) {
        zmq_msg_init(&rest);
        more = zmq_msg_recv(&rest, server->socket, ZMQ_DONTWAIT) >= 0 && server_more(&rest);
        received += unfinished_part(zmq_msg_size(&rest));
        zmq_msg_close(&rest);
    }
    /* libzmq looks it up by a name, and reads it as a number, each time that it is asked. */
    const int descriptor = parts ? zmq_msg_get(&frame, ZMQ_SRCFD) : -1;
    /* It was accepted before it said this, and since we last looked: that comes first. */
    if (parts && !unfinished_knows(&server->unfinished, descriptor))
        server_monitor(server);
    if (parts) {
        silent_spoke(&server->silent, descriptor);
        unfinished_whole(&server->unfinished, descriptor, received + unfinished_part(zmq_msg_size(&frame)));
    }
    struct peer *peer = parts ? zpeers_meet(&server->zpeers, &id, &frame, descriptor) : NULL;
    if (peer)
        server->handlers.request(server->handlers.context, peer, zmq_msg_data(&frame), zmq_msg_size(&frame), parts);
    const int counts = 1 + (int)(zmq_msg_size(&frame) / SERVER_BUDGET_BYTES);
    zmq_msg_close(&frame);
    zmq_msg_close(&id);
    return counts;
}

static void server_on_messages(void *context)
{
    struct server *server = context;
    void *handler = server->handlers.context;
    /* What is gone must be known before what came after it is read. */
    server_monitor(server);
    for (int budget = SERVER_BUDGET, counts = 1; budget > 0 && counts > 0; budget -= counts)
        counts = server_receive(server);
    server->handlers.settled(handler);
}

static void server_on_endless(void *context, int descriptor)
{
    struct server *server = context;
    zpeers_cut(&server->zpeers, descriptor, "message_unfinished");
}

static uint64_t server_whose(void *context, int descriptor)
{
    const struct server *server = context;
    return zpeers_whose(&server->zpeers, descriptor);
}

static void server_on_look(uv_timer_t *look)
{
    struct server *server = look->data;
    server_monitor(server);
    if (!server_readable(server))
        unfinished_drained(&server->unfinished);
    unfinished_look(&server->unfinished, server->zpeers.peers->limits->agency_waiting_bytes, server_whose,
                    server_on_endless, server);
    server->handlers.settled(server->handlers.context);
}

/* A connection has room again. */
static void server_on_room(void *context)
{
    const struct server *server = context;
    server->handlers.settled(server->handlers.context);
}

/* ---- opening and closing ---- */

static const struct {
    int option;
    int value;
} server_options[] = {
    {ZMQ_CURVE_SERVER, 1},
    {ZMQ_ROUTER_MANDATORY, 1},
    {ZMQ_RCVHWM, SERVER_RECEIVE_HWM},
    {ZMQ_SNDHWM, SERVER_SEND_HWM},
    {ZMQ_LINGER, SERVER_LINGER_MS},
    {ZMQ_BACKLOG, SERVER_BACKLOG},
    /* A machine that vanished is found out by the kernel, about two minutes later, at no cost to the others. */
    {ZMQ_TCP_KEEPALIVE, 1},
    {ZMQ_TCP_KEEPALIVE_IDLE, 60},
    {ZMQ_TCP_KEEPALIVE_INTVL, 15},
    {ZMQ_TCP_KEEPALIVE_CNT, 4},
    {ZMQ_TCP_MAXRT, 120000},
};

static int server_configure(struct server *server, const char *secret_key, int handshake_ms)
{
    const int64_t size_max = UNFINISHED_FRAME_MAX;
    for (size_t i = 0; i < sizeof server_options / sizeof server_options[0]; i++)
        if (server_set(server->socket, server_options[i].option, server_options[i].value) != 0)
            return -1;
    if (zmq_setsockopt(server->socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max) != 0 ||
        zmq_setsockopt(server->socket, ZMQ_ZAP_DOMAIN, "coordd", 6) != 0 ||
        zmq_setsockopt(server->socket, ZMQ_CURVE_SECRETKEY, secret_key, strlen(secret_key) + 1) != 0)
        return -1;
    return server_set(server->socket, ZMQ_HANDSHAKE_IVL, handshake_ms);
}

int server_open(struct server *server, void *zmq, uv_loop_t *loop, struct peers *peers, const char *secret_key,
                int handshake_ms, const struct server_handlers *handlers, struct problem *problem)
{
    *server = (struct server){.zmq = zmq, .handlers = *handlers};
    server->socket = zmq_socket(zmq, ZMQ_ROUTER);
    if (!server->socket)
        return problem_set(problem, COORD_E_SYSTEM, "", "cannot make the socket: %s", zmq_strerror(errno));
    if (server_configure(server, secret_key, handshake_ms) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "cannot configure the socket: %s", zmq_strerror(errno));
    silent_init(&server->silent, peers->limits);
    unfinished_init(&server->unfinished, (uint64_t)SERVER_RECEIVE_HWM * UNFINISHED_FRAME_MAX);
    uv_timer_init(loop, &server->look);
    server->look.data = server;
    uv_timer_start(&server->look, server_on_look, UNFINISHED_LOOK_MS, UNFINISHED_LOOK_MS);
    server->wake = zwake_new(loop, server_on_room, server);
    zpeers_init(&server->zpeers, peers, server->socket, server->wake);
    server->watch = zwatch_new(loop, server->socket, ZWATCH_SHARED, server_on_messages, server);
    if (!server->watch || server_open_monitor(server, loop) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "cannot watch the socket: %s", zmq_strerror(errno));
    return 0;
}

int server_bind(struct server *server, const char *endpoint, int descriptor, char bound[256], struct problem *problem)
{
    size_t size = 256;
    /* An IPv4 address is bound as such: mapped into IPv6 it would read strangely in every log. */
    const int both = strchr(endpoint, '[') != NULL || strstr(endpoint, "//*") != NULL;
    if (server_set(server->socket, ZMQ_IPV6, both) != 0 || server_set(server->socket, ZMQ_USE_FD, descriptor) != 0 ||
        zmq_bind(server->socket, endpoint) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "listen", "cannot listen on %s: %s", endpoint, zmq_strerror(errno));
    if (zmq_getsockopt(server->socket, ZMQ_LAST_ENDPOINT, bound, &size) != 0)
        snprintf(bound, 256, "%s", endpoint);
    server_set(server->socket, ZMQ_USE_FD, -1);
    return 0;
}

bool server_readable(const struct server *server)
{
    int events = 0;
    size_t size = sizeof events;
    return zmq_getsockopt(server->socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN) != 0;
}

void server_close(struct server *server)
{
    zwatch_free(server->watch);
    zwatch_free(server->monitor_watch);
    server->watch = server->monitor_watch = NULL;
    zwake_free(server->wake);
    if (server->wake)
        uv_close((uv_handle_t *)&server->look, NULL);
    server->wake = NULL;
    if (!server->socket)
        return;
    peers_done(server->zpeers.peers);
    zpeers_done(&server->zpeers);
    unfinished_done(&server->unfinished);
    silent_done(&server->silent);
    zmq_socket_monitor(server->socket, NULL, 0);
    zmq_close(server->monitor);
    zmq_close(server->socket);
    server->socket = server->monitor = NULL;
}
