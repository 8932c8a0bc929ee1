/* Connections that send a message without end. libzmq keeps the parts of a message until it has them all, without a bound,
 * and tells nobody. So what a connection has received since its last whole message is compared with what a message may
 * have; and what is above that, while no whole message waits to be taken, belongs to one that does not end.
 */
#ifndef COORDD_LOOP_UNFINISHED_H
#define COORDD_LOOP_UNFINISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/* Between two looks: what comes meanwhile is held on top of the bounds. */
#define UNFINISHED_LOOK_MS 100
/* A frame up to so far above the limit is read, to be answered frame_too_large; a larger one cuts its connection
 * before libzmq allocates for it. CURVE's own 33 bytes a frame are within. */
#define UNFINISHED_FRAME_MAX (FRAME_SIZE_MAX + 65536)
/* One frame that is under way, and one that libzmq's thread has in hand. */
#define UNFINISHED_BYTES_MAX (2 * UNFINISHED_FRAME_MAX)
/* Heartbeats come between messages, 42 bytes each: what is let pass in each look is one in half a second. */
#define UNFINISHED_HEARTBEAT 8

struct arrival {
    bool open;
    bool whole;       /* a whole message came since the last look */
    uint64_t inode;   /* of the socket: the descriptor's number may be another's by now */
    uint64_t base;    /* received when the last whole message was known of */
    uint64_t seen;    /* received at the last look */
    uint64_t drained; /* as the watch had it then */
    uint64_t looks;   /* since the base */
};

struct unfinished {
    struct arrival *arrivals; /* by descriptor */
    size_t count;
    uint64_t drained; /* how often nothing waited to be taken */
    uint64_t waiting; /* bytes that whole messages of one connection may have while they wait */
};

void unfinished_init(struct unfinished *watch, uint64_t waiting);
void unfinished_done(struct unfinished *watch);
void unfinished_opened(struct unfinished *watch, int descriptor);
void unfinished_closed(struct unfinished *watch, int descriptor);
void unfinished_whole(struct unfinished *watch, int descriptor); /* a whole message of it was taken */
void unfinished_drained(struct unfinished *watch);               /* all whole messages were taken */
/* Looks at all connections: calls `endless` for each that sends without end, which then is watched no more. */
typedef void unfinished_endless(void *context, int descriptor);
void unfinished_look(struct unfinished *watch, unfinished_endless *endless, void *context);

#endif
