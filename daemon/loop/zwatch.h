/* A ZeroMQ socket as a watcher of a libuv loop, without a stall.
 *
 * ZMQ_FD is edge-triggered, and any send, receive or getsockopt may swallow the edge. So its poll callback only wakes
 * the loop; `prepare` asks ZMQ_EVENTS, and keeps the loop from sleeping while messages wait; `check` calls back. The callback
 * receives up to a budget of its own and may leave the rest: it is called again in the next turn. Invariant: no send or receive
 * happens between `prepare` and `poll`, so whatever else a callback does with the socket, the next `prepare` sees what it left.
 *
 * Asking is two system calls. Where the callback alone uses the socket, there is nothing to ask before it was called again.
 */
#ifndef COORDD_LOOP_ZWATCH_H
#define COORDD_LOOP_ZWATCH_H

#include <stdbool.h>
#include <uv.h>

struct zwatch;

enum zwatch_use {
    ZWATCH_SHARED, /* others than the callback send and receive, too */
    ZWATCH_OWN,    /* the callback alone does; or who else receives goes on until nothing is there */
};

/* Called when messages may wait, and whenever the socket woke the loop for another reason: a full pipe may have room again. */
typedef void zwatch_callback(void *context);

/* NULL when the socket or the loop refuses. The socket is borrowed until zwatch_free has returned. */
struct zwatch *zwatch_new(uv_loop_t *loop, void *socket, enum zwatch_use use, zwatch_callback *callback, void *context);
/* Stops at once; the memory goes when the loop has run its closing callbacks. Takes NULL. */
void zwatch_free(struct zwatch *zwatch);

#endif
