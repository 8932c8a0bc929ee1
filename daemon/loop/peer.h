/* The connections that have spoken, by routing id and by number, and the one way out to them.
 *
 * A peer's number is never used again, so that what is on its way to a connection that is gone reaches nobody else.
 * Identity is not here: it is the public key that CURVE proved, looked up anew for each message. Two connections may
 * come one after the other under one routing id; another key or descriptor under it is another peer.
 * Invariants: replies to a peer leave in order; what its pipe does not take is parked here, and counts as unanswered.
 */
#ifndef COORDD_LOOP_PEER_H
#define COORDD_LOOP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "buffer.h"
#include "loop/quota.h"
#include "loop/table.h"

struct stream;

#define PEER_KEY_SIZE 40 /* a public key in Z85 */
/* What may wait in memory for a peer that does not read. Past the first bound its requests are refused, past the
 * second, or so many answers, it is cut: it sends and never reads. */
#define PEER_PARKED_BYTES_SOFT (8U << 20)
#define PEER_PARKED_BYTES_MAX  (64U << 20)
#define PEER_PARKED_COUNT_MAX  131072U

/* What is kept of a key: it outlives its connections, or a new one would refill its quota. As many as there are keys.
 */
struct peer_key {
    char text[PEER_KEY_SIZE + 1];
    struct quota quota;
    struct peer *peers; /* those that speak with it */
    UT_hash_handle by_text;
};

struct peer_parked;

struct peer {
    uint64_t number;
    struct peer_key *key;
    struct stream *stream; /* NULL when it has none */
    int descriptor;        /* as ZMQ_SRCFD gave it */
    uint64_t inode;        /* of that descriptor's socket when the peer first spoke: descriptors are used again */
    uint32_t in_flight;    /* its part of the key's */
    bool gone;             /* disconnected; freed by peers_collect */
    struct peer_parked *parked_first, *parked_last;
    size_t parked_bytes;
    uint32_t parked_count;
    bool stalled; /* in the list of those to try again */
    struct peer *stalled_next, *stalled_previous;
    struct peer *key_next, *key_previous; /* of the same key */
    struct peer *gone_next;
    struct peer *descriptor_next; /* of the same descriptor */
    UT_hash_handle by_number;
    UT_hash_handle by_id;
    uint8_t id_size;
    uint8_t id[];
};

struct peers {
    void *socket;    /* the ROUTER; borrowed */
    uint64_t issued; /* numbers so far */
    struct peer *by_number, *by_id;
    struct peer_key *keys;
    struct peer **by_descriptor; /* nearly always one, or none */
    size_t descriptors;
    struct peer *stalled;
    struct peer *gone;
    /* Called once for a peer that is gone, before it is freed; and when a stalled peer may take more. */
    void (*on_gone)(void *context, struct peer *peer);
    void (*on_writable)(void *context, struct peer *peer);
    void *context;
};

void peers_init(struct peers *peers, void *socket);
void peers_done(struct peers *peers);

/* The peer that a message came from; it is made if it is new. NULL when the message carries no proven key. */
struct peer *peers_of(struct peers *peers, zmq_msg_t *id, zmq_msg_t *body);
struct peer *peers_find(const struct peers *peers, uint64_t number); /* NULL when it is gone */
struct peer_key *peers_key(const struct peers *peers, struct text text);

/* Sends an answer to `answered` of its requests, now or when the pipe has room. The bytes are copied. */
void peers_answer(struct peers *peers, struct peer *peer, const void *frame, size_t size, uint32_t answered);
/* Sends a message now: 0, or EAGAIN when the peer takes none, and the stream waits; EHOSTUNREACH when it is gone.
 * The message is taken only when sent. */
int peers_send(struct peers *peers, struct peer *peer, zmq_msg_t *message);
/* Tries again, at most so many of the stalled. */
void peers_retry(struct peers *peers, unsigned budget);

/* The connection of a descriptor is gone. */
void peers_disconnected(struct peers *peers, int descriptor);
void peers_drop(struct peers *peers, struct peer *peer);
/* Frees what is gone: called when no caller up the stack holds a peer. */
void peers_collect(struct peers *peers);

#endif
