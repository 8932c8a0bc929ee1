/* What waits to leave together. A connection that reads bundles is sent all that one turn of the loop has for it, answers and
 * notifications in their order, as one frame: an array of what would else have been a frame each. That is one box, one system
 * call and one wake-up at the other end for as many as there are.
 *
 * Invariants: what is gathered leaves before the loop waits, or takes a request in; a notification is gathered by reference,
 * and whoever made it keeps it until then (peers_push_all); while anything is parked for a peer, nothing is gathered for it.
 */
#ifndef COORDD_LOOP_BUNDLE_H
#define COORDD_LOOP_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "loop/transport.h"

struct peer;
struct peers;

/* Bytes of a bundle at the most: 100 notifications of 600 bytes or 400 answers of 150, more than a turn has for nearly all
 * connections, and a box of a tenth of a millisecond. An eighth of ZOUT_BYTES_MAX, so that a connection on its way is not
 * full at the first. What alone is larger leaves as a frame of its own. */
#define BUNDLE_BYTES 65536
/* The head of the array; and each map in it has a byte or more, so that 16 bits count them. */
#define BUNDLE_HEAD 3

struct bundle_item {
    const struct shared_frame *shared; /* a notification, borrowed; NULL for an answer, whose bytes are at: */
    size_t offset;
    uint32_t size;
    uint32_t answered; /* requests that it answers */
    uint32_t next;     /* place + 1 of the same peer's next */
};

/* Of one peer, by places + 1 in the items; `first` is 0 when there are none. */
struct bundle_chain {
    uint32_t first, last, count;
    uint32_t notices; /* how many of them are notifications */
    size_t size;      /* of all their bytes */
};

struct bundles {
    struct bundle_item *items; /* of all peers, those that have left too, until all have */
    size_t count, capacity;
    struct buffer bytes; /* of the answers */
    struct buffer frame; /* the one that is made */
    struct peer *open;   /* those that have something gathered */
    /* The last that was of notifications alone: streams that hear the same share it, too. */
    struct shared_frame *shared;
    struct bundle_chain shared_of;
    const struct transport *shared_by;
};

void bundles_init(struct bundles *bundles);
void bundles_done(struct bundles *bundles);

/* Begins a frame that is an array of so many. */
void bundle_begin(struct buffer *frame, uint32_t count);
bool bundle_fits(size_t size, size_t more); /* whether so many bytes of maps find room beside those that there are */

/* ---- for peer.c ---- */

/* Makes room for one of this size: 0, or what became of those before it. */
int bundles_make_room(struct peers *peers, struct peer *peer, size_t size);
/* Whether one of this size is gathered now, and not sent. */
bool bundles_take(const struct peer *peer, size_t size);
void bundles_add_notice(struct peers *peers, struct peer *peer, const struct shared_frame *frame);
void bundles_add_answer(struct peers *peers, struct peer *peer, const void *bytes, size_t size, uint32_t answered);
void bundles_forget(struct peers *peers, struct peer *peer); /* it is gone */

#endif
