/* What comes on a connection: frames, alone or in bundles. */
#include <string.h>

#include "frame.h"
#include "link.h"
#include "link_parts.h"

void link_forget_bundle(struct link *link)
{
    zmq_msg_close(&link->bundle);
    zmq_msg_init(&link->bundle);
    link->frames = (struct frame_bundle){0};
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
