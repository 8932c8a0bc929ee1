/* What the agencies left that a subscriber's own has succeeded. A durable consumer that goes on where it stopped is also sent
 * what theirs had not dealt with, each from where it stood (core_consumer_left), and none of its own a second time; and what
 * it says that it has dealt with, they have.
 *
 * It is looked up when a stream is subscribed to: one that was there before its agency succeeded another is told the next
 * time. From then on nothing is addressed to those that are gone.
 */
#ifndef COORDD_LOOP_STREAM_LEFT_H
#define COORDD_LOOP_STREAM_LEFT_H

#include "core/core.h"

struct stream_left {
    struct core_left *items; /* in the order of the agencies' numbers; seq: how far each is dealt with, as it is kept */
    uint32_t count;
    uint64_t own; /* what was the agency's own up to here its consumer has dealt with; 0 of a stream without all this */
    uint64_t until; /* nothing of theirs comes after */
};

/* Of a consumer of a key that is at a place of its own, in a journal that has come to `durable`. */
void stream_left_find(struct stream_left *left, const struct core *core, uint32_t agency, uint32_t key,
                      struct text consumer, int64_t now_ms, uint64_t own, uint64_t durable);
void stream_left_done(struct stream_left *left);
/* Where to begin, so that nothing of it is missed. */
uint64_t stream_left_begin(const struct stream_left *left);
/* Whether what was addressed to one that is gone is still to be told. */
bool stream_left_wants(const struct stream_left *left, uint32_t agency, uint64_t seq);
/* The consumer has dealt with all up to here: keeps that of those that are gone, each by `keep`. 0, or what that failed with. */
typedef int stream_left_keep(void *context, uint32_t agency, uint64_t seq);
int stream_left_consumed(struct stream_left *left, uint64_t seq, stream_left_keep *keep, void *context);

#endif
