/* The handle's inside, and what its parts need of each other.
 *
 * handle.c moves it on: it keeps the connection, reads what comes, and lets time pass. requests.c and batch.c make
 * requests and finish them; stream.c keeps the stream. A frame that comes while coord_call waits for another is kept
 * until coord_dispatch, where alone callbacks run.
 */
#ifndef LIBCOORD_HANDLE_H
#define LIBCOORD_HANDLE_H

#include <sys/types.h>
#include <zmq.h>

#include "calls.h"
#include "coord.h"
#include "link.h"
#include "stream.h"
#include "wake.h"

/* A frame and what is decoded from it, which points into both. */
struct inbox {
    zmq_msg_t message;
    struct decoder *decoder;
};

struct coord {
    struct coord_context context;
    struct coord_options options;
    char name[COORD_AGENCY_ID_MAX + 1]; /* the agency in whose name is asked; empty: one's own */
    struct wake wake;
    struct link link;
    struct calls calls;
    struct stream stream;
    struct inbox boxes[2];
    struct inbox *incoming; /* what is being read */
    struct inbox *kept;     /* the reply of the last coord_call, lent to the caller */
    struct decoder *inner;  /* of the replies within a batch's reply */
    struct buffer scratch;  /* frames on their way to a call's copy */
    struct buffer bounded;  /* and on their way out, with how new the answer must be */
    struct call *awaited;   /* coord_call's, while it waits */
    unsigned fork;          /* fork_generation() of the process that opened it; 0 once it is being closed */
    bool silent;            /* no callback runs any more */
    bool dispatching;       /* callbacks may run */
    bool in_callback;       /* one runs */
    bool watched;           /* coord_fd was given out: it tells the truth whenever no call runs */
    bool unrested;          /* not watched, and something was sent since handle_rest: what came may be unknown */
    uint64_t bundles;       /* generation of the connection that was asked for bundles last; 0 for none */
    int ended;              /* why the last stream was ended by the broker or an error, COORD_E_…; 0 when none was */
    int ran;                /* callbacks in this coord_dispatch */
    int64_t look_ms;        /* no request is to be given up as unreachable before; WAKE_NEVER for none */
    /* Where several brokers serve the store. */
    char leader[256];    /* who leads, as the broker of connection `leader_of` said */
    uint64_t leader_of;  /* 0 for none */
    uint64_t seen;       /* newest sequence of its own changes, and that a follower answered as of */
    uint64_t wanted;     /* by coord_at_least; 0 for none */
    uint64_t last_as_of; /* of the answer that was given to the program last; 0 when a leader gave it */
    int64_t last_lag_ms; /* -1 then */
};

/* Frames read, and callbacks run, in one go: some 5 ms of work at 200,000 a second. */
#define HANDLE_BUDGET 1024

/* Callers may pass no problem; within the library there always is one. */
#define PROBLEM_OR_UNUSED(problem) ((problem) ? (problem) : &(struct problem){.error = 0})

/* ---- handle.c ---- */

/* BAD_ARGUMENT after a fork, and, for what waits, inside a callback. */
int handle_enter(const struct coord *coord, bool waits, struct problem *problem);
/* Moves on: reads at most `budget` frames, then lets time pass. 0, or the first error that belongs to nobody's
 * callback: NO_MEMORY, or what a stream's callback returned. */
int handle_step(struct coord *coord, int budget);
/* Makes coord_fd tell the truth. While coord_call waits, what is kept for coord_dispatch does not count. */
void handle_rest(struct coord *coord, bool waiting);
/* Asks for bundles, once a connection: before it carries a stream, or more than one request at a time. */
void handle_ask_bundles(struct coord *coord);
/* After something was sent: rests, unless coord_dispatch will, or nobody watches the descriptor. That saves a look at
 * the socket for each request. */
void handle_sent(struct coord *coord);

/* ---- call.c ---- */

/* Encodes a request into the scratch buffer, having held it against its table. */
int request_encode(struct coord *coord, enum op op, const char *id, const void *request, struct problem *problem);
/* 0 when requests of this weight may begin: BAD_ARGUMENT, IN_FLIGHT_LIMIT. */
int request_admit(const struct coord *coord, uint32_t weight, int timeout_ms, struct problem *problem);
/* An id of the caller's, or a fresh one: BAD_ARGUMENT, SYSTEM. */
int request_name(char out[COORD_REQUEST_ID_MAX + 1], const char *id, struct problem *problem);

/* ---- requests.c ---- */

/* A backup would be begun a second time, and the lead handed over again; everything else is the same when it is done twice, or is done
 * once. */
bool request_repeats(const struct call *call);
/* It was refused here, or answered by a follower where the leader is asked, and `problem` says so: it goes to another broker. */
void request_elsewhere(struct coord *coord, struct call *call, const struct problem *problem);
/* Puts a call into the table, and sends it if there is a connection. */
void request_start(struct coord *coord, struct call *call, int timeout_ms);
/* Puts a call into the table that was part of a batch and is to be sent again, alone, after a pause. */
void request_continue(struct coord *coord, struct call *call, int64_t deadline_ms, const struct problem *problem);
/* A connection began: what waits for one is sent. */
void request_connected(struct coord *coord, int64_t now_ms);
/* A connection is gone: what was sent on it waits for the next. */
void request_lost(struct coord *coord);
/* Resends, and ends what has no time left. */
void request_step(struct coord *coord, int64_t now_ms);

/* ---- replies.c ---- */

/* Reads a reply or error that was opened in a decoder: 0 and a struct of the row's reply in the decoder's arena, or
 * the error with its problem; *retry says what the broker said of it. */
int request_read(const struct op_row *row, const struct envelope *envelope, struct decoder *decoder, const void **reply,
                 struct problem *problem, bool *retry);
/* A reply or error came for a call, opened in the decoder. */
void request_answer(struct coord *coord, struct call *call, const struct envelope *envelope, struct decoder *decoder);
/* Whether an error is one that options.retry sends again. */
bool request_retries(const struct coord *coord, int error, bool retry);
/* Ends a call with a problem: now if callbacks may run, or else when they may. */
void request_fail(struct coord *coord, struct call *call, const struct problem *problem);
/* Ends them all. */
void request_fail_all(struct coord *coord, const struct problem *problem);
/* Runs a callback, which may be NULL. */
void request_tell(struct coord *coord, coord_reply_callback *callback, void *user, int error, const void *reply,
                  const struct problem *problem);
/* The `done` of coord_send's calls: runs the callback. */
void request_call_back(struct coord *coord, struct call *call, int error, const void *reply,
                       const struct problem *problem);
/* Runs callbacks that had to wait, until the budget is used up. */
void request_deliver(struct coord *coord, int budget);

/* ---- leader.c ---- */

/* Asks a new connection's broker who leads, where there are several. */
void leader_ask(struct coord *coord);
/* A reply came that names no request: it is to that. */
void leader_told(struct coord *coord, struct decoder *decoder);
/* Whether another broker is to be asked than the one that gave this answer. */
bool leader_is_meant(const struct coord *coord, const struct call *call, const struct envelope *envelope, int error);
/* Whether the only broker that is known refused it because nobody leads now: it may lead itself before long. */
bool leader_is_awaited(const struct coord *coord, int error);
/* Whether a follower may carry the stream. */
bool leader_streams(const struct coord *coord);
/* Takes in whom an answer names, opened in the decoder, and says in `problem`, which is that of the answer, why another is asked. */
void leader_problem(struct coord *coord, const struct envelope *envelope, struct decoder *decoder,
                    struct problem *problem);
/* The connection moves to the leader or, where it is not known, to the next endpoint. */
void leader_go(struct coord *coord);
/* An answer is given to the program: how new what it says is, and what is to be seen in later ones. */
void leader_heard(struct coord *coord, const struct envelope *envelope, int error);
void leader_saw(struct coord *coord, const struct op_row *row, const struct envelope *envelope, const void *reply);
/* Whether there is memory to put a frame of this size on its way out, however often. */
bool leader_has_room(struct coord *coord, size_t size);
/* Puts a frame on its way out with how new its answer must be; 0 for no bound. False when memory is out. */
bool leader_bounds(struct coord *coord, const void **frame, size_t *size, uint64_t at_least, uint64_t within_ms);
uint64_t leader_at_least(const struct coord *coord);

#endif
