/* Connections of revoked keys. Their streams end at once (streams_look_at), and the core refuses each of their messages by name; the
 * connection itself is cut a little later, so that its program can be told why.
 *
 * A descriptor number is used again once it is closed, so a cut first holds the socket's inode against the one that
 * was there when the connection spoke: an inode is a socket's own as long as it is open, also where there is no
 * address to compare.
 */
#ifndef COORDD_LOOP_CUT_H
#define COORDD_LOOP_CUT_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct broker;
struct peer;

#define CUT_GRACE_SECONDS 5

struct cut {
    int descriptor;
    uint64_t inode;
    uint64_t second; /* of the broker's, at which it falls due */
};

struct cuts {
    struct cut *items; /* in the order in which they fall due */
    size_t count, capacity;
};

/* A key was revoked: its connections go on the list. */
void cuts_key(struct broker *broker, struct text public_key);
void cuts_run(struct cuts *cuts, uint64_t second); /* cuts what is due */
void cuts_done(struct cuts *cuts);
uint64_t cut_inode(int descriptor); /* 0 when it is not open */

#endif
