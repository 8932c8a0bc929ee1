/* What the monitor of a connection tells: that it stands, that it is refused, that it is gone. */
#include <string.h>

#include "link.h"
#include "link_parts.h"

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
        link_ended(link, "nobody answers there"); /* coordctl's doctor knows this one by its words: brokers.c */
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
