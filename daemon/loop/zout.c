/* See zout.h. */
#include "loop/zout.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* ---- waking the loop ---- */

struct zwake {
    pthread_mutex_t mutex;
    uv_async_t *async; /* under the mutex; NULL once the loop wants to hear no more */
    zwake_callback *callback;
    void *context;
    atomic_uint owners; /* the loop, and each account */
};

static void zwake_release(struct zwake *wake)
{
    if (atomic_fetch_sub(&wake->owners, 1) != 1)
        return;
    pthread_mutex_destroy(&wake->mutex);
    free(wake);
}

static void zwake_on_async(uv_async_t *async)
{
    const struct zwake *wake = async->data;
    if (wake)
        wake->callback(wake->context);
}

struct zwake *zwake_new(uv_loop_t *loop, zwake_callback *callback, void *context)
{
    struct zwake *wake = xcalloc(1, sizeof *wake);
    wake->callback = callback;
    wake->context = context;
    wake->async = xcalloc(1, sizeof *wake->async);
    atomic_init(&wake->owners, 1);
    pthread_mutex_init(&wake->mutex, NULL);
    if (uv_async_init(loop, wake->async, zwake_on_async) != 0)
        xalloc_failed();
    wake->async->data = wake;
    return wake;
}

static void zwake_on_close(uv_handle_t *handle)
{
    free(handle);
}

void zwake_free(struct zwake *wake)
{
    if (!wake)
        return;
    pthread_mutex_lock(&wake->mutex);
    wake->async->data = NULL;
    uv_close((uv_handle_t *)wake->async, zwake_on_close);
    wake->async = NULL;
    pthread_mutex_unlock(&wake->mutex);
    zwake_release(wake);
}

static void zwake_up(struct zwake *wake)
{
    pthread_mutex_lock(&wake->mutex);
    if (wake->async)
        uv_async_send(wake->async);
    pthread_mutex_unlock(&wake->mutex);
}

/* ---- the account ---- */

struct zout {
    struct zwake *wake;
    atomic_size_t bytes;
    atomic_bool awaited;  /* the loop is to be woken when there is room */
    atomic_size_t owners; /* the peer, and each message */
};

struct zout *zout_new(struct zwake *wake)
{
    struct zout *out = xcalloc(1, sizeof *out);
    out->wake = wake;
    atomic_fetch_add(&wake->owners, 1);
    atomic_init(&out->owners, 1);
    return out;
}

void zout_free(struct zout *out)
{
    if (atomic_fetch_sub(&out->owners, 1) != 1)
        return;
    zwake_release(out->wake);
    free(out);
}

static bool zout_has_room(struct zout *out)
{
    return atomic_load(&out->bytes) <= ZOUT_BYTES_MAX / 2;
}

bool zout_full(struct zout *out)
{
    if (atomic_load(&out->bytes) < ZOUT_BYTES_MAX)
        return false;
    atomic_store(&out->awaited, true);
    /* What went before the loop began to wait woke nobody. */
    return !zout_has_room(out);
}

/* ---- frames ---- */

/* A small one is a message of libzmq's, of which each that is sent is a copy: libzmq counts who has the bytes. */
struct zframe {
    struct shared_frame shared; /* first: a shared frame of ours is one of these */
    atomic_uint owners;         /* of a large one: whoever made it, and each message */
    zmq_msg_t small;
    char bytes[];
};

static bool is_small(size_t size)
{
    return size <= ZOUT_SMALL;
}

static void copy_small(const void *bytes, size_t size, zmq_msg_t *message)
{
    if (zmq_msg_init_size(message, size) != 0)
        xalloc_failed();
    memcpy(zmq_msg_data(message), bytes, size);
}

struct shared_frame *zframe_new(const void *bytes, size_t size)
{
    struct zframe *frame = xmalloc(sizeof *frame + (is_small(size) ? 0 : size));
    atomic_init(&frame->owners, 1);
    if (is_small(size)) {
        copy_small(bytes, size, &frame->small);
        frame->shared = (struct shared_frame){zmq_msg_data(&frame->small), size};
    } else {
        memcpy(frame->bytes, bytes, size);
        frame->shared = (struct shared_frame){frame->bytes, size};
    }
    return &frame->shared;
}

void zframe_free(struct shared_frame *shared)
{
    struct zframe *frame = (struct zframe *)shared;
    if (!frame || atomic_fetch_sub(&frame->owners, 1) != 1)
        return;
    if (is_small(frame->shared.size))
        zmq_msg_close(&frame->small);
    free(frame);
}

/* libzmq lets go of a message's bytes: in any of its threads, or in ours. */
static void zout_on_free(void *data, void *hint)
{
    struct zout *out = hint;
    struct zframe *frame = (struct zframe *)((char *)data - offsetof(struct zframe, bytes));
    atomic_fetch_sub(&out->bytes, frame->shared.size);
    zframe_free(&frame->shared);
    if (atomic_load(&out->awaited) && zout_has_room(out) && atomic_exchange(&out->awaited, false))
        zwake_up(out->wake);
    zout_free(out);
}

void zout_message(struct zout *out, const struct shared_frame *shared, zmq_msg_t *message)
{
    struct zframe *frame = (struct zframe *)(uintptr_t)shared;
    if (is_small(shared->size)) {
        zmq_msg_init(message);
        zmq_msg_copy(message, &frame->small);
        return;
    }
    atomic_fetch_add(&frame->owners, 1);
    atomic_fetch_add(&out->owners, 1);
    atomic_fetch_add(&out->bytes, shared->size);
    if (zmq_msg_init_data(message, frame->bytes, shared->size, zout_on_free, out) != 0)
        xalloc_failed();
}

void zout_copy(struct zout *out, const void *bytes, size_t size, zmq_msg_t *message)
{
    if (is_small(size)) {
        copy_small(bytes, size, message);
        return;
    }
    struct shared_frame *frame = zframe_new(bytes, size);
    zout_message(out, frame, message);
    zframe_free(frame);
}
