/* The peers behind the ROUTER, by routing id and by descriptor: ZeroMQ's transport.
 *
 * Two connections may come one after the other under one routing id; another key or descriptor under it is another peer.
 */
#ifndef COORDD_LOOP_ZPEER_H
#define COORDD_LOOP_ZPEER_H

#include <zmq.h>

#include "loop/peer.h"
#include "loop/zout.h"

struct zpeer;

extern const struct transport zpeer_transport;

struct zpeers {
    struct peers *peers; /* borrowed, as is: */
    void *socket;        /* the ROUTER */
    struct zwake *wake;  /* for connections that have room again */
    struct zpeer *by_id;
    struct zpeer **by_descriptor; /* nearly always one, or none */
    size_t descriptors;
};

void zpeers_init(struct zpeers *zpeers, struct peers *peers, void *socket, struct zwake *wake);
void zpeers_done(struct zpeers *zpeers); /* once the peers are done */

/* The peer that a message came from, whose ZMQ_SRCFD is `descriptor`: one that is known, or a new one. NULL when the message
 * carries no proven key. */
struct peer *zpeers_meet(struct zpeers *zpeers, zmq_msg_t *id, zmq_msg_t *body, int descriptor);
/* Ends the connection of a descriptor, for what it does. */
void zpeers_cut(struct zpeers *zpeers, int descriptor, const char *why);
/* A number for whoever it counts to: the agency where it has said something, else the address that it comes from. */
uint64_t zpeers_whose(const struct zpeers *zpeers, int descriptor);
/* The connection of a descriptor is gone. */
void zpeers_disconnected(struct zpeers *zpeers, int descriptor);

#endif
