/* The way out to the peers: what the loop asks of a connection, whoever carries it. ZeroMQ's is zpeer.c; the simulator has
 * one of its own.
 *
 * A transport makes its peers, each with its own part behind a struct peer, and says when one is gone (peers_drop). All of
 * it happens in the loop's thread.
 */
#ifndef COORDD_LOOP_TRANSPORT_H
#define COORDD_LOOP_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

struct peer;

/* Bytes that go to many, without a copy for each. Whoever made it frees it, at any time after the sending. */
struct shared_frame {
    const void *data;
    size_t size;
};

#define PEER_NAME_SIZE 128

struct transport {
    /* Send a frame now: 0; EAGAIN when the peer takes none for the moment, and is to be tried again; EHOSTUNREACH when it
     * is gone. `send` copies the bytes. */
    int (*send)(struct peer *peer, const void *bytes, size_t size);
    int (*share)(struct peer *peer, const struct shared_frame *frame);
    /* Cuts the connection. That it is gone is heard of like that of any other. */
    void (*close)(struct peer *peer);
    /* Where the connection comes from, for the log; "" when nobody knows. */
    void (*name)(const struct peer *peer, char name[PEER_NAME_SIZE]);
    /* The peer is gone: nothing comes from it or goes to it any more. Once, and before `free`. */
    void (*gone)(struct peer *peer);
    void (*free)(struct peer *peer);

    struct shared_frame *(*frame_new)(const void *bytes, size_t size); /* copies them */
    void (*frame_free)(struct shared_frame *frame);                    /* takes NULL */
};

#endif
