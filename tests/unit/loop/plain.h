/* A transport in memory: each peer takes as much as it is told to, and remembers it. */
#ifndef COORDD_TEST_PLAIN_H
#define COORDD_TEST_PLAIN_H

#include "loop/peer.h"

struct plain_peer {
    struct peer peer; /* first */
    unsigned room;    /* frames that it takes still */
    unsigned taken;
    size_t taken_bytes;
    bool reachable, closed;
    char last[64]; /* the beginning of the last frame */
};

extern const struct transport plain_transport;
extern unsigned plain_freed;  /* peers, since the start */
extern unsigned plain_frames; /* shared frames that were made since */

struct plain_peer *plain_new(struct peers *peers, const char *key, unsigned room);

#endif
