/* See zwatch.h; flux-framework's zwatcher is the model. */
#include "loop/zwatch.h"

#include <assert.h>
#include <stdlib.h>
#include <zmq.h>

#include "base/xalloc.h"

struct zwatch {
    uv_poll_t poll;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle; /* active while messages wait: the loop then polls without sleeping */
    void *socket;
    zwatch_callback *callback;
    void *context;
    enum zwatch_use use;
    bool woken;   /* the poll callback ran in this turn */
    bool waiting; /* as `prepare` found it */
    bool called;  /* since it was asked */
    int closing;  /* handles whose closing callback is still to come */
};

static bool zwatch_readable(const struct zwatch *zwatch)
{
    int events = 0;
    size_t size = sizeof events;
    const int failed = zmq_getsockopt(zwatch->socket, ZMQ_EVENTS, &events, &size);
    return failed == 0 && (events & ZMQ_POLLIN) != 0;
}

static void zwatch_on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    ((struct zwatch *)poll->data)->woken = true;
}

static void zwatch_on_idle(uv_idle_t *idle)
{
    (void)idle; /* Being active is all it does. */
}

static void zwatch_on_prepare(uv_prepare_t *prepare)
{
    struct zwatch *zwatch = prepare->data;
    if (zwatch->use == ZWATCH_OWN && !zwatch->called)
        return;
    zwatch->called = false;
    zwatch->waiting = zwatch_readable(zwatch);
    if (zwatch->waiting)
        uv_idle_start(&zwatch->idle, zwatch_on_idle);
    else
        uv_idle_stop(&zwatch->idle);
}

static void zwatch_on_check(uv_check_t *check)
{
    struct zwatch *zwatch = check->data;
    if (!zwatch->woken && !zwatch->waiting)
        return;
    zwatch->woken = false;
    zwatch->called = true;
    zwatch->callback(zwatch->context);
}

static void zwatch_on_close(uv_handle_t *handle)
{
    struct zwatch *zwatch = handle->data;
    if (--zwatch->closing == 0)
        free(zwatch);
}

static uv_handle_t *zwatch_handle(struct zwatch *zwatch, int which)
{
    uv_handle_t *const handles[] = {(uv_handle_t *)&zwatch->poll, (uv_handle_t *)&zwatch->prepare,
                                    (uv_handle_t *)&zwatch->check, (uv_handle_t *)&zwatch->idle};
    return handles[which];
}

struct zwatch *zwatch_new(uv_loop_t *loop, void *socket, enum zwatch_use use, zwatch_callback *callback, void *context)
{
    int descriptor = -1;
    size_t size = sizeof descriptor;
    if (zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size) != 0)
        return NULL;
    struct zwatch *zwatch = xcalloc(1, sizeof *zwatch);
    if (uv_poll_init(loop, &zwatch->poll, descriptor) != 0) {
        free(zwatch);
        return NULL;
    }
    zwatch->socket = socket;
    zwatch->use = use;
    zwatch->called = true; /* something may be there already */
    zwatch->callback = callback;
    zwatch->context = context;
    uv_prepare_init(loop, &zwatch->prepare);
    uv_check_init(loop, &zwatch->check);
    uv_idle_init(loop, &zwatch->idle);
    for (int i = 0; i < 4; i++)
        zwatch_handle(zwatch, i)->data = zwatch;
    uv_poll_start(&zwatch->poll, UV_READABLE, zwatch_on_poll);
    uv_prepare_start(&zwatch->prepare, zwatch_on_prepare);
    uv_check_start(&zwatch->check, zwatch_on_check);
    return zwatch;
}

void zwatch_free(struct zwatch *zwatch)
{
    if (!zwatch)
        return;
    assert(zwatch->closing == 0);
    zwatch->closing = 4;
    for (int i = 0; i < 4; i++)
        uv_close(zwatch_handle(zwatch, i), zwatch_on_close);
}
