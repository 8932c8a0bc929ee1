/* The client library of coordd: what an agency's program needs to assign, report, ask and be told.
 *
 * Requests and replies are the structs of message.h; errors are those of errors.h. A request is filled in with
 * MSG_SET(&request, assign, reference, TEXT("HT-036")), so that the library knows which fields are present.
 *
 * Results    Every function that can fail returns 0 or a negative COORD_E_…, and has then changed nothing and left its
 *            outputs untouched, but for `problem`, which (unless NULL) says what is wrong and what would be right. The
 *            library never aborts, never logs, and writes to no stream. (libzmq itself may abort when memory runs out.)
 * Threads    One handle is used by one thread at a time. Different handles in different threads need no care.
 * Fork       A handle belongs to the process that opened it: in a child every call gives BAD_ARGUMENT, and coord_close
 *            frees what is the child's.
 * Signals    No signal is raised or caught; SIGPIPE never arises. A call that waits goes on after a signal handler has
 *            run, but for coord_dispatch, which returns 0.
 * Callbacks  They run inside coord_dispatch alone, and when the handle goes inside coord_close. In one, coord_send,
 *            coord_batch_… and coord_consumed are allowed on the same handle; what waits, subscribes or closes gives
 *            BAD_ARGUMENT.
 */
#ifndef COORD_H
#define COORD_H

#include <stddef.h>
#include <stdint.h>

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COORD_MUST_CHECK __attribute__((warn_unused_result))

/* ---- version and errors ---- */

#define COORD_VERSION "1.0.0"

const char *coord_version(void); /* of the library that runs, as COORD_VERSION is that of this header. Static. */

/* Of a COORD_E_…, all static: the sentence, the wire name ("unknown" when there is no such error), and whether the same
 * request may succeed later. */
const char *coord_strerror(int error);
const char *coord_error_name(int error);
int coord_error_retry(int error);

/* ---- contexts: which broker, as whom ---- */

#define COORD_PATH_MAX 4096

/* A store may be served by several machines, of which one leads: then the endpoint names them all, by commas, 8 at most. They are tried
 * in turn, from the one that last answered, and one that follows says who leads. */
struct coord_context {
    char endpoint[200];  /* tcp://host:5670 or ipc:///path; an IPv6 address stands in brackets */
    char server_key[41]; /* the broker's public key, Z85 */
    char agency[65];     /* whose program this is; the broker goes by the key alone */
    char public_key[41]; /* Z85 */
    char secret_key[41]; /* Z85 */
};

/* Reads a context file: `key = value` lines with the names of the fields above. BAD_CONTEXT names the setting, or the
 * file's mode when it lets others read it (0600 and 0640 do not). */
COORD_MUST_CHECK int coord_context_load(struct coord_context *context, const char *path, struct problem *problem);

/* Finds a context by name and reads it. A name with a slash is a path. NULL takes $COORD_CONTEXT, or else `default`.
 * NAME is looked for as $XDG_CONFIG_HOME/coord/contexts/NAME.context ($HOME/.config without it), then as
 * /etc/coord/contexts/NAME.context. */
COORD_MUST_CHECK int coord_context_find(struct coord_context *context, const char *name, struct problem *problem);

/* The path that coord_context_find would read. */
COORD_MUST_CHECK int coord_context_path(char path[COORD_PATH_MAX], const char *name, struct problem *problem);

/* Writes a context file, mode 0600, whole or not at all, in the place of an older one. */
COORD_MUST_CHECK int coord_context_save(const struct coord_context *context, const char *path, struct problem *problem);

/* Holds a context against what coord_context_load demands of a file. */
COORD_MUST_CHECK int coord_context_check(const struct coord_context *context, struct problem *problem);

/* Overwrites the secret. Call it when the context is no longer needed: coord_open keeps its own copy. */
void coord_context_wipe(struct coord_context *context);

/* A new pair of keys, in Z85. */
COORD_MUST_CHECK int coord_keypair(char public_key[41], char secret_key[41], struct problem *problem);

/* ---- the handle ---- */

struct coord;

enum coord_retry {
    COORD_RETRY_SOME, /* rate_limited, in_flight_limit, cost_limited and stopping are sent again, with growing pauses, until
                         timeout; what a full batch did not take, in another batch at once */
    COORD_RETRY_NONE, /* no error is */
    COORD_RETRY_ALL,  /* every error that the broker marks `retry` is: storage_full too */
};

/* Of several brokers of one store one leads. The others follow: they answer what changes nothing, as of a record that may be some
 * milliseconds old. Where a context names one endpoint alone, its broker answers what it can, whatever this says. */
enum coord_read_from {
    COORD_READ_LEADER, /* everything is done by the leader */
    COORD_READ_ANY, /* what changes nothing, and the stream, by whichever broker answers, begun with by chance; a change has the
                          connection move to the leader, where it stays. What the handle changed, or saw, it sees from then on */
};

/* All zeroes are the defaults. Times are milliseconds. Of several endpoints each has its part of connect_ms, a second at least and
 * twice as much in each round, and a pause to reconnect comes when all were tried; one that says nothing for twice resend_ms is left
 * for the next. */
struct coord_options {
    int timeout_ms;         /* of a request that names none; 30000, but see unreachable_ms */
    int connect_ms;         /* a connection that has not proved its keys by then is tried anew; 5000 */
    int heartbeat_ms;       /* between signs of life on the connection; three missing end it; 5000 */
    int resend_ms;          /* silence after which a request is sent again, the first time; 2000 */
    int resend_max_ms;      /* it doubles up to this; 10000 */
    int reconnect_ms;       /* pause before the second attempt to connect (the first has none); 100 */
    int reconnect_max_ms;   /* it doubles up to this, give or take a quarter; 5000, or 1000 with several endpoints */
    int ping_ms;            /* silence on a stream after which the broker is asked for a sign of life; 5000 */
    uint32_t window;        /* requests without a reply at most, 1 to 65536; 1024 */
    uint32_t credit;        /* notifications on the way at most, 1 to 65536; 1024 */
    enum coord_retry retry; /* which refusals are sent again */
    int unreachable_ms; /* without a connection, after which a request that names no time of its own is given up when
                               it was not sent, or changes nothing; 5000, or timeout_ms where that is given */
    void *zmq_context;  /* a ZeroMQ context that outlives the handle, to share its threads; NULL makes one */
    enum coord_read_from read_from;
    int within_ms; /* how old at most may be what a follower answers from; no bound but the broker's own when 0 */
    uint64_t reserved[3]; /* 0 */
};

/* Makes a handle and begins to connect, without waiting. `options` may be NULL. The context and options are copied.
 * BAD_ARGUMENT, BAD_CONTEXT, NO_MEMORY, SYSTEM. */
COORD_MUST_CHECK int coord_open(struct coord **coord, const struct coord_context *context,
                                const struct coord_options *options, struct problem *problem);

/* Closes at once, takes NULL. Requests without a reply get their callbacks with TIMED_OUT (they may still have been
 * done); a stream's callback is not called again. BAD_ARGUMENT inside a callback of the same handle. */
int coord_close(struct coord *coord);

/* 1 when the connection stands, 0 when not; then `problem` (may be NULL) says what last stood in the way. */
int coord_connected(const struct coord *coord, struct problem *problem);

/* Of the context's endpoints the one that the connection is to, or is tried next. Valid until the next call of the handle. */
const char *coord_endpoint(const struct coord *coord);

/* ---- requests ---- */

#define COORD_TIMEOUT_DEFAULT 0    /* options.timeout_ms */
#define COORD_TIMEOUT_NONE    (-1) /* waits as long as it takes */

/* A fresh request id: 32 hexadecimal digits of randomness. Keep it where a crash cannot take it, and give it to
 * coord_call_id or coord_send_id again: the broker does a change once, and gives the same reply again. SYSTEM. */
COORD_MUST_CHECK int coord_request_id(char id[COORD_REQUEST_ID_MAX + 1], struct problem *problem);

/* From here on requests are made in the name of an agency that one's own stands in for; NULL: in one's own again. Of those that are
 * about tasks alone, and what tasks come from: all others are one's own. What waits for its reply stays as it was made. A broker that
 * does not list the agency in hello's `stands_in_for` refuses them, or, an old one, does not heed it: ask hello first. BAD_ARGUMENT. */
#define COORD_AGENCY_ID_MAX 64 /* bytes */
COORD_MUST_CHECK int coord_in_name_of(struct coord *coord, const char *agency, struct problem *problem);

/* Sends a request and waits for its reply. `request` and `reply` are the structs that op_row(op) names; a request of
 * `empty` may be NULL, as may `reply`. What the reply points to belongs to the handle and is valid until its next
 * coord_call, coord_call_id or coord_close. No callback runs meanwhile. Lost requests are sent again under the same id.
 * Errors: the broker's; message_check's for the request; TIMED_OUT, NO_MEMORY, BAD_ARGUMENT, BAD_REPLY, SYSTEM;
 * KEY_UNKNOWN when the broker refuses the connection's key. */
COORD_MUST_CHECK int coord_call(struct coord *coord, enum op op, const void *request, void *reply, int timeout_ms,
                                struct problem *problem);
/* The same under an id of the caller's; NULL draws one. */
COORD_MUST_CHECK int coord_call_id(struct coord *coord, enum op op, const char *id, const void *request, void *reply,
                                   int timeout_ms, struct problem *problem);

/* What becomes of a request that was sent: error 0 and the reply, or an error and a problem; the other is NULL. Both
 * are the library's, for the length of the callback. It is called exactly once. */
typedef void coord_reply_callback(void *user, int error, const void *reply, const struct problem *problem);

/* Sends a request and returns; the callback gets the reply in a later coord_dispatch. `request` is copied. Requests go
 * out in the order of the calls. IN_FLIGHT_LIMIT when options.window is reached: dispatch, then send again. */
COORD_MUST_CHECK int coord_send(struct coord *coord, enum op op, const void *request, coord_reply_callback *callback,
                                void *user, int timeout_ms, struct problem *problem);
COORD_MUST_CHECK int coord_send_id(struct coord *coord, enum op op, const char *id, const void *request,
                                   coord_reply_callback *callback, void *user, int timeout_ms, struct problem *problem);

/* What is read from here on has this record: a follower waits for it, or the leader is asked. For what another handle, or another program,
 * has changed (`seq` of the reply); one's own changes are seen without. 0: no such wish. BEHIND when the leader itself has not got so many.
 * BAD_ARGUMENT above INT64_MAX. */
COORD_MUST_CHECK int coord_at_least(struct coord *coord, uint64_t seq);

/* Of the answer that coord_call returned last, or that the callback which runs is told: the newest record that the follower which gave it
 * had; 0 when the leader gave it. And how old at most what it knew was, in milliseconds; -1 when the leader gave it. */
uint64_t coord_last_as_of(const struct coord *coord);
int64_t coord_last_lag_ms(const struct coord *coord);

/* How many requests wait for their reply or their callback. */
uint32_t coord_pending(const struct coord *coord);

/* ---- batches: many requests in one frame ---- */

#define COORD_BATCH_MAX 256

struct coord_batch; /* of one handle, and freed or sent before that is closed */

COORD_MUST_CHECK int coord_batch_new(struct coord_batch **batch, struct coord *coord, struct problem *problem);
/* For a batch that was not sent. Takes NULL. */
void coord_batch_free(struct coord_batch *batch);
/* Adds a request, which is copied; `id` may be NULL. Stream, broker and batch requests are refused as BAD_ARGUMENT, the
 * 257th as OUT_OF_RANGE, and what would make the frame larger than 1 MiB as FRAME_TOO_LARGE: send, and begin a new one.
 */
COORD_MUST_CHECK int coord_batch_add(struct coord_batch *batch, enum op op, const char *id, const void *request,
                                     coord_reply_callback *callback, void *user, struct problem *problem);
uint32_t coord_batch_count(const struct coord_batch *batch);
/* Sends it; from then on it is the library's. On failure it stays the caller's. Each request's callback is called in
 * the order in which they were added, except that those sent again by options.retry come later. */
COORD_MUST_CHECK int coord_batch_send(struct coord_batch *batch, int timeout_ms, struct problem *problem);

/* ---- the stream of notifications ---- */

/* One notification, or the end of the stream. */
struct coord_event {
    const struct msg_record *record; /* the notification; NULL at the end */
    const void *frame;               /* its bytes as they came; NULL at the end */
    size_t frame_size;
    int ending;                    /* at the end: ENDING_…, ENDING_NONE when an error ended it */
    const struct problem *problem; /* at the end by an error: which; else NULL */
};

#define COORD_DONE  0 /* the notification is dealt with */
#define COORD_LATER 1 /* it will be: coord_consumed says when; until then it holds credit */

/* Called for each notification, in sequence, none twice and none left out as long as the handle lives, whatever
 * becomes of the connection; and once at the end. Returns COORD_DONE or COORD_LATER; a negative number ends the stream
 * without another call, and coord_dispatch returns it: that notification is not dealt with, and the next to subscribe
 * under the same name gets it again. What the event points to is valid for the call. */
typedef int coord_event_callback(void *user, const struct coord_event *event);

/* Begins the handle's stream; one handle carries one. `subscribe` says which notifications; its `credit` need not be
 * set, options.credit counts. It is copied, and returns without waiting: a refusal by the broker comes as the stream's
 * end. With `consumer` the broker keeps the place: what was dealt with is not given again to whoever subscribes
 * by that name next. */
COORD_MUST_CHECK int coord_subscribe(struct coord *coord, const struct msg_subscribe *subscribe,
                                     coord_event_callback *callback, void *user, struct problem *problem);

/* All notifications up to this sequence are dealt with: for those answered with COORD_LATER. STREAM_UNKNOWN. */
int coord_consumed(struct coord *coord, uint64_t seq);

/* Ends the stream, having told the broker what was dealt with; waits for its word at most that long (TIMED_OUT: ended
 * all the same, but the place may be older). The callback is not called again. STREAM_UNKNOWN when there is none. */
int coord_unsubscribe(struct coord *coord, int timeout_ms, struct problem *problem);

/* ---- event loops ---- */

/* One descriptor for poll, epoll, libuv…: readable, level-triggered, whenever coord_dispatch has something to do:
 * resends and timeouts too. The same for the life of the handle; only to be polled. */
int coord_fd(struct coord *coord);

/* Does what there is to do and runs callbacks; if no callback has anything yet, waits for one up to timeout_ms (0: not
 * at all, COORD_TIMEOUT_NONE: without end). Returns how many ran: 0 when time is up or a signal came. At most 1024 run
 * in one call, so that nobody else waits long. NO_MEMORY, SYSTEM, BAD_ARGUMENT, or what a stream's callback returned.
 * When the stream has ended and no request waits, nothing can come: then, but for a timeout of 0, it returns at once
 * why the stream ended (KEY_REVOKED, …; STREAM_UNKNOWN when no error is named so), until the next coord_subscribe. */
int coord_dispatch(struct coord *coord, int timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
