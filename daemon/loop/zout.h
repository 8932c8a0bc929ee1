/* What libzmq holds for one connection until the connection takes it, in bytes. libzmq itself counts messages there, and
 * one may have a MiB. Small frames, as nearly all are, are left to its count: what counts bytes costs more than they do.
 *
 * Large frames are freed by libzmq, in a thread of its own, when it encrypts them or lets go of the connection. So the account
 * outlives the peer, and is told by any thread; once there is room again the loop is woken, for libzmq does not.
 */
#ifndef COORDD_LOOP_ZOUT_H
#define COORDD_LOOP_ZOUT_H

#include <stdbool.h>
#include <uv.h>
#include <zmq.h>

#include "loop/transport.h"

/* Not counted up to this size: SERVER_SEND_HWM of them are 1 MiB. */
#define ZOUT_SMALL 1024
/* A connection that has so much of larger ones before it is full: then it has at most one frame more, 2.5 MiB in all with
 * the small ones, besides what the kernel holds. A tenth of a second for one that takes 40 Mbit/s. */
#define ZOUT_BYTES_MAX (512U << 10)

struct zout;
struct zwake;

/* Wakes a loop from any thread: `callback` runs in the loop. */
typedef void zwake_callback(void *context);
struct zwake *zwake_new(uv_loop_t *loop, zwake_callback *callback, void *context);
void zwake_free(struct zwake *wake); /* from here on nobody is woken. Takes NULL */

struct zout *zout_new(struct zwake *wake);
void zout_free(struct zout *out); /* what libzmq still holds goes on by itself */
/* Whether the connection has as much before it as it may; if so, the loop is woken when half of it has gone. */
bool zout_full(struct zout *out);

struct shared_frame *zframe_new(const void *bytes, size_t size); /* as transport.h has it */
void zframe_free(struct shared_frame *frame);
/* A message with the frame's bytes, which counts, unless it is small, until libzmq lets go of it. */
void zout_message(struct zout *out, const struct shared_frame *frame, zmq_msg_t *message);
/* The same with bytes that are copied. */
void zout_copy(struct zout *out, const void *bytes, size_t size, zmq_msg_t *message);

#endif
