/* When the handle has something to do: one epoll descriptor that holds the ZeroMQ sockets' descriptors, an event
 * descriptor for what they do not tell, and a timer. And the library's only clock.
 */
#ifndef LIBCOORD_WAKE_H
#define LIBCOORD_WAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "errors.h"

#define WAKE_NEVER INT64_MAX

struct wake {
    int epoll; /* what coord_fd gives; -1 when not open, as are the others */
    int event;
    int timer;
    bool raised;
    int64_t timer_ms; /* when the timer goes off; WAKE_NEVER when it is not set */
    int fired[4];     /* which descriptors the last wait found readable */
    int fired_count;
};

int wake_init(struct wake *wake, struct problem *problem); /* SYSTEM; half-open on failure: wake_done */
void wake_done(struct wake *wake);

int wake_watch(struct wake *wake, int fd); /* 0, or SYSTEM */
void wake_unwatch(struct wake *wake, int fd);

/* Readable from now on, or no longer by this means. */
void wake_raise(struct wake *wake, bool raised);
/* Readable at that time at the latest; an earlier waking is harmless, and saves setting the timer again. */
void wake_at(struct wake *wake, int64_t when_ms);
/* Waits until readable, at most timeout_ms (-1: without end). 1, 0 when time is up, or -1 when a signal came. */
int wake_wait(struct wake *wake, int timeout_ms);
/* Whether the last wait found this descriptor readable. */
bool wake_fired(const struct wake *wake, int fd);

/* Whether the process could open so many more descriptors now: libzmq aborts when it cannot. */
bool wake_room(const struct wake *wake, int descriptors);

int64_t clock_ms(void); /* monotonic */

#endif
