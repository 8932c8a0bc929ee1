/* One connection to the broker at a time: a DEALER socket that is made for it and thrown away with it.
 *
 * libzmq would reconnect by itself, but without a word, and would then send what had waited for the old connection. A
 * stream belongs to one connection, and what is resent is this library's business: so each connection has a
 * socket of its own, and a monitor that tells when it stands and when it ends. When it has ended, what had come is
 * still read; then the socket is closed, and after a pause the next one is opened.
 *
 * A broker may be at one of several endpoints. They are tried in turn, beginning with the one that last answered, and a pause comes
 * only when all have been.
 */
#ifndef LIBCOORD_LINK_H
#define LIBCOORD_LINK_H

#include <zmq.h>

#include "coord.h"
#include "endpoints.h"
#include "frame.h"
#include "wake.h"

enum link_state {
    LINK_DOWN,    /* no socket; the next is opened at retry_ms, if anybody wants it */
    LINK_OPENING, /* a socket, and no handshake yet; given up at give_up_ms */
    LINK_UP,      /* the broker has proved its key, and taken ours */
    LINK_ENDED,   /* the connection is gone; what had come is still to be read */
};

struct link {
    struct wake *wake;
    const struct coord_context *context;
    const struct coord_options *options;
    void *zmq;
    bool zmq_is_ours;
    struct endpoints endpoints; /* of the context */
    int at;                     /* the one that the connection is to, or that is tried next */
    int tried;                  /* how many were, since a frame came or all were */
    int rounds;                 /* how often all were, since a frame came */
    bool rests;                 /* the next attempt waits for its pause, whoever has not been tried */
    int moves;         /* how often a broker sent us on to another, since one that leads answered, or for a while */
    int64_t moved_ms;  /* the last time */
    int move_pause_ms; /* before the next attempt, for that; frames that came before do not take it away */
    char why[ENDPOINTS_MAX][256]; /* what stood in the way at each since then; "" for nothing */
    enum link_state state;
    void *socket;  /* NULL when down */
    void *monitor; /* NULL when down */
    int socket_fd; /* of the two, as watched; -1 when not */
    int monitor_fd;
    /* A descriptor of ZeroMQ's tells of what is new only, and a send or a look may swallow that. Whether there may be
     * something to read that it does not tell of any more: then ZMQ_EVENTS is asked. */
    bool socket_unsure, monitor_unsure;
    uint64_t generation; /* of the socket: what was sent on an older one is lost */
    int64_t retry_ms;
    int64_t give_up_ms;
    int64_t heard_ms;       /* when the last frame came on this connection, or it came up */
    int64_t frame_ms;       /* when the last frame came on this connection; 0 when none has */
    int pause_ms;           /* before the next attempt after this one; 0 for none */
    struct problem problem; /* what last stood in the way; error 0 when nothing did */
    int64_t down_ms;        /* since when no connection has stood; meaningless while one does */
    uint64_t stood;         /* generation of the newest connection that did; 0 for none */
    bool refused;           /* the broker refused our key: problem is KEY_UNKNOWN, which ends all that waits */
    /* Frames that came as one, and where those of them that were not taken yet begin; none are left of most. */
    zmq_msg_t bundle;
    struct frame_bundle frames;
};

int link_init(struct link *link, struct wake *wake, const struct coord_context *context,
              const struct coord_options *options, struct problem *problem);
void link_done(struct link *link);
/* In a child after fork: the sockets and their threads are the parent's. */
void link_forget(struct link *link);

/* Opens a socket and begins to connect. NO_MEMORY, SYSTEM: then it is tried again after the pause. */
int link_open(struct link *link, int64_t now_ms);
/* Reads what the monitor tells, and the watch on the handshake; changes `state` accordingly. */
void link_step(struct link *link, int64_t now_ms);
/* The connection is of no more use, and why: it ends as if it had broken. */
void link_end(struct link *link, const char *why);
/* The same where what came cannot be read: whoever sends such on every connection, or several that do, are not to be tried in a tight
 * loop. */
void link_reject(struct link *link, const char *why);
/* The broker is not the one to ask: to the endpoint at this place, or the next in turn when that is negative. At once, until each could
 * have been asked; then after pauses, as those before a reconnection. */
void link_move(struct link *link, int place, int64_t now_ms);
/* Who leads has answered. */
void link_settle(struct link *link);
/* The place of an endpoint in the context; -1 when it is none of its. */
int link_place(const struct link *link, const char *endpoint);
/* Closes the socket of a connection that has ended, and sets when the next may be opened. */
void link_close(struct link *link, int64_t now_ms);

/* Sends a frame; false when it could not be: there is no connection, or no memory. */
bool link_send(struct link *link, const void *frame, size_t size);
/* Receives a frame into an initialised message, those of a bundle one after the other: 1, 0 when none is there, BAD_REPLY when
 * what came had several parts or is no whole bundle, in *why, or NO_MEMORY. */
int link_receive(struct link *link, zmq_msg_t *message, int64_t now_ms, const char **why);
/* Whether there is something to read or to close now. */
bool link_waits(struct link *link);
/* When link_step or link_open has something to do; WAKE_NEVER when not before a frame comes. */
int64_t link_due(const struct link *link, bool wanted);

/* The endpoint of the connection, or of the next attempt. */
static inline const char *link_endpoint(const struct link *link)
{
    return link->endpoints.items[link->at];
}

static inline bool link_has_others(const struct link *link)
{
    return link->endpoints.count > 1;
}

/* How long an answer that is not held up by a disk is waited for before the connection is taken for dead. */
static inline int link_silence_ms(const struct link *link)
{
    const int twice_ms = 2 * link->options->resend_ms;
    return link_has_others(link) && twice_ms < link->options->resend_max_ms ? twice_ms : link->options->resend_max_ms;
}

static inline bool link_usable(const struct link *link)
{
    return link->state == LINK_OPENING || link->state == LINK_UP;
}

#endif
