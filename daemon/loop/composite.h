/* The reply to a batch request: a slot for each request's reply, which leave as one frame once all are there. */
#ifndef COORDD_LOOP_COMPOSITE_H
#define COORDD_LOOP_COMPOSITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "loop/as_of.h"
#include "message.h"

struct composite;

#define COMPOSITE_FULL                                                                                                 \
    "Its reply does not fit into the batch's: a change is done all the same. Send it again under its id to get the "   \
    "reply."

/* It is put into a list of all that wait, and taken out when it is freed. The whole is to have `size_max` bytes at most; 0: a
 * frame. */
struct composite *composite_new(struct composite **all, uint64_t peer, struct text id, uint32_t count, size_t size_max);
void composite_free(struct composite **all, struct composite *composite);
/* Puts a reply, a whole frame, into its slot; the bytes are copied. true when it was the last that was missing. */
bool composite_fill(struct composite *composite, uint32_t slot, const void *frame, size_t size);
/* A batch is done in slices: so many of its requests are, and only of the last is there none of the same connection that goes
 * on. The one that does. */
void composite_go_on(struct composite *composite, uint32_t done);
struct composite *composite_find(struct composite *all, uint64_t peer);
/* Whether the replies that are there fill it already: those that are still to be made will be replaced. */
bool composite_is_full(const struct composite *composite);
uint64_t composite_peer(const struct composite *composite);
uint32_t composite_count(const struct composite *composite);
/* As of when its first replies are; the caller's. */
struct as_of *composite_as_of(struct composite *composite);
/* The whole reply, when all are there. Replies that would make it larger than it may be are replaced by
 * batch_full: what they answered was done, and a resend alone brings the reply. */
void composite_encode(struct composite *composite, struct decoder *decoder, struct buffer *frame);

#endif
