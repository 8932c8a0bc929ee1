/* Requests that wait for their reply: found by id, in the order in which they were made, and by when something is due.
 *
 * A call is in the table from calls_add to calls_remove; in the heap as long as it is in the table and not ANSWERED.
 * The heap's memory is taken once, so that nothing but making a call can run out of memory.
 */
#ifndef LIBCOORD_CALLS_H
#define LIBCOORD_CALLS_H

#include <zmq.h>

#include "coord.h"

struct call;

/* What becomes of a call, once: error 0 and the reply, or an error and a problem. */
typedef void call_done(struct coord *coord, struct call *call, int error, const void *reply,
                       const struct problem *problem);

enum call_state {
    CALL_WAITING,  /* to be sent: by the next connection, or when its pause is over (due_ms) */
    CALL_SENT,     /* on connection `generation`; sent again at due_ms */
    CALL_ANSWERED, /* its reply came while callbacks could not run, or its time ran out: see `reply`, `problem` */
};

struct call {
    struct call *chained;        /* of the same bucket */
    struct call *before, *after; /* by age */
    struct call *answered;       /* the next one answered */
    const struct op_row *row;
    call_done *done;
    coord_reply_callback *callback; /* of coord_send; may be NULL */
    void *user;
    enum call_state state;
    uint32_t weight;       /* requests that it stands for */
    bool reads;            /* it changes nothing, and any broker of the store may answer it */
    bool elsewhere;        /* while WAITING: it was refused here, and another broker is asked; `problem` says why */
    size_t place;          /* in the heap */
    int64_t due_ms;        /* when it is sent again, expires, or is sent after its pause */
    int64_t deadline_ms;   /* WAKE_NEVER when it has none */
    int64_t patient_ms;    /* until then, and while the broker can be reached, it is not given up before its deadline */
    int64_t first_sent_ms; /* on the connection of `generation` */
    uint64_t generation;   /* 0 when it was never sent */
    int sends;             /* on that connection */
    bool reached;          /* it was sent on a connection that stood, and has ended: the broker may have it */
    int resend_ms;         /* pause to the next resend */
    int retry_ms;          /* pause after the next refusal */
    struct problem problem; /* the last refusal that was to be retried; or, when answered, why without a reply */
    bool has_reply;
    zmq_msg_t reply; /* when has_reply */
    char id[COORD_REQUEST_ID_MAX + 1];
    size_t size;
    char frame[];
};

struct calls {
    struct call **buckets;
    uint32_t bucket_mask;
    struct call **heap;
    size_t heap_count;
    size_t heap_capacity;
    struct call *oldest, *newest;
    struct call *answered_first, *answered_last;
    uint32_t weight; /* of all in the table */
};

/* Room for `window` requests, and a few of the library's own. */
int calls_init(struct calls *calls, uint32_t window);
void calls_done(struct calls *calls); /* the table must be empty */

/* A call with a copy of its frame, in no table yet; NULL when memory ran out. */
struct call *call_new(const struct op_row *row, const char *id, const void *frame, size_t size);
void call_free(struct call *call);

void calls_add(struct calls *calls, struct call *call, int64_t due_ms);
void calls_remove(struct calls *calls, struct call *call);
struct call *calls_find(const struct calls *calls, struct text id); /* NULL when there is none */
struct call *calls_first_due(const struct calls *calls);            /* NULL when nothing is due, ever */
void calls_set_due(struct calls *calls, struct call *call, int64_t due_ms);
/* It has its answer, but the callback has to wait: out of the heap and into the queue. */
void calls_answer(struct calls *calls, struct call *call);
/* The answer turned out to be none: taken from the queue, it waits again. */
void calls_wait_again(struct calls *calls, struct call *call, int64_t due_ms);
/* Out of the queue; NULL when it is empty. It stays in the table. */
struct call *calls_next_answered(struct calls *calls);

#endif
