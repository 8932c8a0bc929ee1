/* The broker's sockets: one ROUTER behind CURVE on every endpoint, and the monitor that tells of its connections.
 *
 * Invariants: messages are taken only from connections whose key ZAP admitted; no frame much above FRAME_SIZE_MAX is
 * ever read into memory; every queue has a bound.
 */
#ifndef COORDD_LOOP_SERVER_H
#define COORDD_LOOP_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "loop/silent.h"
#include "loop/unfinished.h"
#include "loop/zpeer.h"
#include "loop/zwatch.h"

/* Messages in a connection's pipes. In: with the largest frames 136 MiB a connection; a hostile key could fill that,
 * and no more. Out: bytes are bounded besides (ZOUT_BYTES_MAX); what goes beyond waits with peers and streams, where it
 * has bounds of its own. */
#define SERVER_RECEIVE_HWM 128
#define SERVER_SEND_HWM    1024
#define SERVER_BACKLOG     4096 /* connections that wait to be accepted: all subscribers of a province, at once */
#define SERVER_LINGER_MS   1000

struct server_handlers {
    /* One frame of a peer; `parts` counts the frames that came with it, 1 unless the sender is mistaken. */
    void (*request)(void *context, struct peer *peer, const void *frame, size_t size, int parts);
    /* After a run of requests, or when the socket woke the loop for another reason. */
    void (*settled)(void *context);
    void *context;
};

struct server {
    void *zmq; /* context; borrowed */
    void *socket;
    void *monitor;
    struct zwatch *watch;
    struct zwatch *monitor_watch;
    struct zwake *wake;
    struct silent silent;
    struct unfinished unfinished;
    uv_timer_t look; /* at the unfinished */
    struct zpeers zpeers;
    struct server_handlers handlers;
};

struct problem;

/* Makes the sockets, not yet bound. 0 or an error with the cause. */
int server_open(struct server *server, void *zmq, uv_loop_t *loop, struct peers *peers, const char *secret_key,
                int handshake_ms, const struct server_handlers *handlers, struct problem *problem);
/* Binds an endpoint; `descriptor` is a listening socket that systemd passed, or -1. `bound` gets the endpoint as it
 * came to be, at most 256 bytes. */
int server_bind(struct server *server, const char *endpoint, int descriptor, char bound[256], struct problem *problem);
/* Reads what the monitor has to tell: of a connection that is gone before of another that takes its descriptor. */
void server_monitor(struct server *server);
bool server_readable(const struct server *server); /* whether requests wait */
void server_close(struct server *server);          /* the peers are done with, too */

#endif
