/* Connections that are told why they go, and go a little later: those that an agency has too many, and those of revoked keys. Their streams end at once (streams_look_at), and the core refuses each of their messages by
 * name; the connection itself is cut a little later, so that its program can be told why.
 */
#ifndef COORDD_LOOP_CUT_H
#define COORDD_LOOP_CUT_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "loop/peer.h"

#define CUT_GRACE_SECONDS 5

struct cut {
    uint64_t peer;
    uint64_t second; /* at which it falls due */
};

struct cuts {
    struct cut *items; /* in the order in which they fall due: at most twice as many as there are connections */
    size_t count, capacity;
};

/* A key was revoked: its connections go on the list. */
void cuts_key(struct cuts *cuts, const struct peers *peers, struct text public_key, uint64_t second);
/* A connection goes on it. */
void cuts_peer(struct cuts *cuts, const struct peer *peer, uint64_t second);
void cuts_run(struct cuts *cuts, struct peers *peers, uint64_t second); /* cuts what is due */
void cuts_done(struct cuts *cuts);

#endif
