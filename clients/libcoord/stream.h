/* The handle's stream of notifications: one subscription that outlives connections.
 *
 * Invariants: `last` only grows, and a notification is given to the callback only if its sequence is greater: whatever
 * the broker sends twice after a resumption is dropped. A notification that could not be kept (no memory) ends the
 * connection, and nothing later of that connection is given: the next one resumes after `last`, so nothing is left out.
 */
#ifndef LIBCOORD_STREAM_H
#define LIBCOORD_STREAM_H

#include <zmq.h>

#include "coord.h"
#include "random.h"

enum stream_state {
    STREAM_NONE,
    STREAM_WAITING, /* to be subscribed, by the next connection or after a pause: at retry_ms */
    STREAM_ASKED,   /* subscribe was sent */
    STREAM_OPEN,    /* and answered */
    STREAM_LEAVING, /* unsubscribe was sent, and coord_unsubscribe waits for the answer */
    STREAM_LEFT,    /* and it has come, or cannot come any more */
    STREAM_ENDED,   /* the callback is still to be told so */
};

/* A notification, kept until callbacks may run. */
struct stream_frame {
    struct stream_frame *next;
    zmq_msg_t message;
};

struct stream {
    enum stream_state state;
    coord_event_callback *callback;
    void *user;
    struct msg_subscribe request;
    char consumer[65];               /* what request.consumer points to */
    char prefix[RANDOM_ID_SIZE + 1]; /* of the ids of the stream's own requests: prefix, letter, serial */
    uint64_t serial;
    uint64_t asked;  /* serial of the subscribe or unsubscribe that waits for its answer */
    uint64_t pinged; /* of the ping that does; 0 for none */
    uint64_t told;   /* of the `consumed` that does; 0 for none */
    int64_t asked_ms, pinged_ms;
    int64_t retry_ms;        /* while WAITING */
    int64_t tell_ms;         /* not before: `consumed` was refused */
    int pause_ms;            /* after the next refusal */
    bool opened;             /* the broker has answered a subscribe */
    bool parted;             /* and the unsubscribe */
    bool placed;             /* `last` is known */
    uint64_t last;           /* newest sequence given to the callback or passed over, or where the stream began */
    uint64_t passed;         /* all up to this one that is for the subscriber was given to the callback */
    uint64_t generation;     /* of the connection that it was subscribed on */
    uint64_t skipped;        /* nothing of this connection, or an older one, is given any more */
    uint64_t consumed;       /* newest sequence dealt with; 0 for none */
    uint64_t consumed_told;  /* newest that the broker has agreed to keep */
    uint64_t consumed_asked; /* what `told` says */
    uint32_t freed;          /* credit to give back */
    bool known;              /* `store` is */
    uint8_t store[16];
    uint64_t *held; /* ring of options.credit: what was given and is not dealt with, or waits behind such */
    uint32_t held_first, held_count;
    struct stream_frame *first, *newest; /* kept, all of one connection */
    int ending;                          /* once ENDED */
    struct problem problem;
};

void stream_done(struct stream *stream);
/* Ends it without a word to the callback. */
void stream_stop(struct coord *coord);
/* Subscribes, asks for signs of life, grants credit, tells what was dealt with; ends the connection if all is silent.
 */
void stream_step(struct coord *coord, int64_t now_ms);
int64_t stream_due(const struct coord *coord); /* when stream_step has something to do */
/* Whether an id is of the stream's own requests; and an answer to one of them, opened in the decoder. */
bool stream_owns(const struct stream *stream, struct text id);
void stream_answer(struct coord *coord, const struct envelope *envelope, struct decoder *decoder);
/* The broker ended the stream: a frame opened in the decoder. */
void stream_closed(struct coord *coord, struct decoder *decoder);
/* The connection is gone. */
void stream_lost(struct coord *coord, int64_t now_ms);
/* Ends it with a problem that the callback is told. */
void stream_fail(struct coord *coord, const struct problem *problem);
/* Gives credit back by halves, so that the broker always has some and few words are made of it. */
void stream_ask_credit(struct coord *coord);

/* ---- notices.c ---- */

/* A record came, or how far the stream has come, into the incoming box: it is given to the callback, or kept. NO_MEMORY,
 * or what the callback returned. */
int stream_take(struct coord *coord, const struct envelope *envelope);
/* Gives what was kept, and then the end, until the budget is used up. */
int stream_deliver(struct coord *coord, int budget);
bool stream_kept(const struct stream *stream); /* there is something for the callback */
void stream_forget_frames(struct stream *stream);

static inline bool stream_active(const struct stream *stream)
{
    return stream->state != STREAM_NONE && stream->state != STREAM_ENDED && stream->state != STREAM_LEFT;
}

#endif
