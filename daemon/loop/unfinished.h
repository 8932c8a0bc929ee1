/* Connections that send a message without end. libzmq keeps the parts of a message until it has them all, without a bound,
 * and tells nobody. So what a connection has received since its last whole message is compared with what a message may
 * have; and what is above that, while no whole message waits to be taken, belongs to one that does not end.
 *
 * Many connections hold much, each below that bound. So what one agency's hold together has a bound, and what all do: those that
 * hold the most of the agency that holds the most are ended until it is kept. An agency is known by what its connections said
 * before; those that have said nothing count together by the address that they come from. And who takes too long is ended.
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
/* Less than that of a message is not counted: 4 KiB × 20,000 connections = 80 MB at the very most. */
#define UNFINISHED_COUNTED 4096
/* Half a second: what is whole has been deciphered and taken by then, and counts no more. */
#define UNFINISHED_LOOKS_MIN 5
/* Two minutes for a message, which are 70 kbit/s for the largest; ten heartbeats a second meanwhile are none. */
#define UNFINISHED_LOOKS_MAX        1200
#define UNFINISHED_HEARTBEATS_QUICK 42
/* All may have so many times what one agency may: as of what waits whole (ACCOUNTS_WAITING), 128 MiB with 16. What libzmq keeps
 * for it is a few times that where the parts are empty: 44 bytes come, and some 200 are kept. */
#define UNFINISHED_ALL 8
/* Connections of those that hold the most that are ended in one look, × 20,000 that hold something: some 5 ms. */
#define UNFINISHED_ENDS 256

struct arrival {
    bool open;
    bool whole;           /* a whole message came since the last look */
    uint64_t inode;       /* of the socket: the descriptor's number may be another's by now */
    uint64_t base;        /* received up to the end of the last whole message that was known of at a look */
    uint64_t taken;       /* of whole messages since that look */
    uint64_t seen;        /* received at the last look */
    uint64_t seen_before; /* at the one before */
    uint64_t drained;     /* as the watch had it then */
    uint64_t looks;       /* since the base */
    uint64_t counted;     /* the most that it was counted for since the base */
    uint32_t held;        /* looks at which something of a message was there, one after the other */
    bool is_message;      /* what came is more than heartbeats, however quick they are */
};

/* One that holds something, while they are looked at. */
struct unfinished_held {
    int descriptor;
    uint64_t whose;
    uint64_t bytes;
};

/* Ends the connection of a descriptor, which then is watched no more. */
typedef void unfinished_endless(void *context, int descriptor);
/* A number for whoever a connection counts to. */
typedef uint64_t unfinished_whose(void *context, int descriptor);

struct unfinished {
    struct arrival *arrivals; /* by descriptor */
    size_t count;
    uint64_t drained; /* how often nothing waited to be taken */
    uint64_t waiting; /* bytes that whole messages of one connection may have while they wait */
    struct unfinished_held *held;
    size_t held_count, held_capacity;
};

void unfinished_init(struct unfinished *watch, uint64_t waiting);
void unfinished_done(struct unfinished *watch);
void unfinished_opened(struct unfinished *watch, int descriptor);
void unfinished_closed(struct unfinished *watch, int descriptor);
/* Whether it was opened, and neither closed nor ended since. */
bool unfinished_knows(const struct unfinished *watch, int descriptor);
/* How many bytes come for a part of so many: CURVE's own are with them. */
size_t unfinished_part(size_t size);
/* A whole message of it was taken, for which so many had come. */
void unfinished_whole(struct unfinished *watch, int descriptor, size_t received);
void unfinished_drained(struct unfinished *watch); /* all whole messages were taken */
/* Looks at all connections: calls `endless` for each that sends without end, or takes too long, and for those that hold too much
 * together, where those of one may hold `each` bytes. */
void unfinished_look(struct unfinished *watch, uint64_t each, unfinished_whose *whose, unfinished_endless *endless,
                     void *context);

#endif
