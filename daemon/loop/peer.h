/* The connections that have spoken, by number and by key, and the one way out to them.
 *
 * A peer's number is never used again, so that what is on its way to a connection that is gone reaches nobody else.
 * Identity is not here: it is the public key that was proved, looked up anew for each message.
 * Invariants: replies to a peer leave in order; what its connection does not take is parked here, and counts as unanswered.
 */
#ifndef COORDD_LOOP_PEER_H
#define COORDD_LOOP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "loop/account.h"
#include "loop/bundle.h"
#include "loop/quota.h"
#include "loop/table.h"
#include "loop/transport.h"

struct behind_line;
struct stream;

#define PEER_KEY_SIZE 40 /* a public key in Z85 */

/* What may wait in memory for a peer that does not read is the setting unsent_bytes, of which half is for answers: a
 * stream waits as soon as anything does, past the half requests are refused, and who goes on asking is cut at the whole.
 * With 8 MiB that is 8 pages of 512 KiB, and then 20,000 refusals of 200 bytes, more than may be in flight. For all
 * connections of an agency it is agency_unsent_bytes in the same way: 32 MiB, besides what libzmq has of each (zout.h). */

/* What is kept of a key: it outlives its connections, or a new one would refill its quota. As many as there are keys.
 */
struct peer_key {
    char text[PEER_KEY_SIZE + 1];
    struct quota quota;
    struct peer *peers; /* those that speak with it */
    UT_hash_handle by_text;
};

struct peer_parked;

/* Of a batch of the loop's that is still to leave, how many bytes are answers to this peer. */
struct peer_owed {
    uint64_t batch; /* its serial: of another batch than the loop has there now, it says nothing */
    size_t bytes;
};

struct peer {
    const struct transport *transport;
    uint64_t number;
    struct peer_key *key;
    struct account *account;  /* of the agency that has the key */
    struct stream *stream;    /* NULL when it has none */
    struct behind_line *line; /* what of it waits for something: behind.h; NULL for nothing */
    uint32_t in_flight;       /* its part of the key's */
    bool over;                /* one more than its agency may have: it is told so, and… */
    bool cut_listed;          /* …is on the list of those that are cut */
    bool gone;                /* disconnected; freed by peers_collect */
    bool bundles;             /* it reads them, and then: */
    uint64_t pushes;          /* how often what was gathered for it has left or come back */
    struct bundle_chain gathered;
    struct peer *open_next, *open_previous; /* of those for which something is gathered */
    struct peer_parked *parked_first, *parked_last;
    size_t parked_bytes;      /* with what keeps them */
    struct peer_owed owed[2]; /* by the place of the batch */
    bool stalled;             /* in the list of those to try again */
    struct peer *stalled_next, *stalled_previous;
    struct peer *key_next, *key_previous; /* of the same key */
    struct peer *gone_next;
    UT_hash_handle by_number;
};

struct peers {
    const struct limits *limits; /* borrowed */
    uint64_t issued;             /* numbers so far */
    uint64_t connections;        /* the transport's to count: those that are open, also before they have spoken */
    uint64_t silent;             /* the transport's, too: of these, those that have not spoken */
    struct peer *by_number;
    struct peer *found; /* the last that was: what one connection asks is mostly taken, and answered, together */
    struct peer_key *keys;
    struct accounts accounts;
    struct bundles bundles;
    struct peer *stalled;
    struct peer *gone;
    /* The agency of a new peer's key; CORE_NO_AGENCY when nobody has it. NULL: that is so of all. */
    uint32_t (*on_met)(void *context, struct text key);
    /* Called once for a peer that is gone, before it is freed; and when a stalled peer may take more. */
    void (*on_gone)(void *context, struct peer *peer);
    void (*on_writable)(void *context, struct peer *peer);
    /* Called for a peer that did not take the notifications that were gathered for it: none of them was sent. May be NULL. */
    void (*on_unsent)(void *context, struct peer *peer);
    /* Called for a connection that is about to be cut for what it does, while it is still there; may be NULL. So may
     * its peer, before it has spoken. */
    void (*on_cut)(void *context, const struct peer *peer, const char *address, const char *why);
    void *context;
};

void peers_init(struct peers *peers, const struct limits *limits);
void peers_done(struct peers *peers);

/* Takes in a peer that a transport made: zeroed but for `transport`. It has proved the key, PEER_KEY_SIZE bytes. */
void peers_add(struct peers *peers, struct peer *peer, const char *key);
struct peer *peers_find(struct peers *peers, uint64_t number); /* NULL when it is gone */
struct peer_key *peers_key(const struct peers *peers, struct text text);

/* Sends an answer to `answered` of its requests, now or when the connection takes it; or gathers it, where bundles are read.
 * The bytes are copied. */
void peers_answer(struct peers *peers, struct peer *peer, const void *frame, size_t size, uint32_t answered);
/* Whether it has left so much unread, or it some and its agency's connections all together so much, that it is answered no
 * more; `owed` bytes are still to come to that. */
bool peers_unread(const struct peers *peers, const struct peer *peer, size_t owed);
/* Sends a notification now, or gathers it: 0, or EAGAIN when the peer takes none, and the stream waits; EHOSTUNREACH when it
 * is gone. One that is gathered is to be kept until it is pushed, and may yet come back by on_unsent. */
int peers_share(struct peers *peers, struct peer *peer, const struct shared_frame *frame);
/* Sends a word that may be left out: as peers_share, but nobody waits for room. The bytes are copied. */
int peers_mention(struct peers *peers, struct peer *peer, const void *frame, size_t size);
/* From here on the peer reads bundles, or no more. */
void peers_bundle(struct peers *peers, struct peer *peer, bool bundles);
/* Sends what is gathered for one: 0 also when there is nothing, EAGAIN when its answers wait now and its notifications were
 * given back, EHOSTUNREACH. And for all: at the end of each turn, and where what was lent is let go of. */
int peers_push(struct peers *peers, struct peer *peer);
void peers_push_all(struct peers *peers);
/* Tries again, at most so many of the stalled. */
void peers_retry(struct peers *peers, unsigned budget);

/* Ends the connection, for what it does. */
void peers_cut(struct peers *peers, struct peer *peer, const char *why);
/* The connection is gone. */
void peers_drop(struct peers *peers, struct peer *peer);
/* Frees what is gone: called when no caller up the stack holds a peer. */
void peers_collect(struct peers *peers);

#endif
