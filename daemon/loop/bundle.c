/* See bundle.h. */
#include "loop/bundle.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/peer.h"
#include "loop/peer_send.h"

#define BUNDLES_KEPT_BYTES (1 << 20) /* memory that is kept for the next: a turn rarely answers so much */

void bundles_init(struct bundles *bundles)
{
    *bundles = (struct bundles){.bytes = XMEMORY, .frame = XMEMORY};
}

static void bundles_forget_shared(struct bundles *bundles)
{
    if (bundles->shared)
        bundles->shared_by->frame_free(bundles->shared);
    bundles->shared = NULL;
}

void bundles_done(struct bundles *bundles)
{
    bundles_forget_shared(bundles);
    buffer_done(&bundles->bytes);
    buffer_done(&bundles->frame);
    free(bundles->items);
    bundles->items = NULL;
}

/* ---- the frame ---- */

void bundle_begin(struct buffer *frame, uint32_t count)
{
    const uint8_t head[BUNDLE_HEAD] = {0xDC, (uint8_t)(count >> 8), (uint8_t)count};
    const uint8_t small = (uint8_t)(0x90 | count);
    assert(count <= UINT16_MAX);
    buffer_clear(frame);
    buffer_append(frame, count < 16 ? &small : head, count < 16 ? 1 : BUNDLE_HEAD);
}

bool bundle_fits(size_t size, size_t more)
{
    return size + more <= BUNDLE_BYTES - BUNDLE_HEAD;
}

static const struct bundle_item *bundles_item(const struct bundles *bundles, uint32_t place)
{
    return place ? &bundles->items[place - 1] : NULL;
}

static const void *bundles_bytes(const struct bundles *bundles, const struct bundle_item *item)
{
    return item->shared ? item->shared->data : bundles->bytes.data + item->offset;
}

static void bundles_make(struct bundles *bundles, const struct bundle_chain *chain)
{
    bundle_begin(&bundles->frame, chain->count);
    for (const struct bundle_item *item = bundles_item(bundles, chain->first); item;
         item = bundles_item(bundles, item->next))
        buffer_append(&bundles->frame, bundles_bytes(bundles, item), item->size);
}

/* ---- gathering ---- */

int bundles_make_room(struct peers *peers, struct peer *peer, size_t size)
{
    return bundle_fits(peer->gathered.size, size) ? 0 : peers_push(peers, peer);
}

bool bundles_take(const struct peer *peer, size_t size)
{
    return peer->bundles && !peer->parked_first && bundle_fits(0, size);
}

static struct bundle_item *bundles_add(struct peers *peers, struct peer *peer, size_t size)
{
    struct bundles *bundles = &peers->bundles;
    struct bundle_chain *chain = &peer->gathered;
    bundles->items = xgrow(bundles->items, bundles->count, &bundles->capacity, sizeof *bundles->items);
    struct bundle_item *item = &bundles->items[bundles->count++];
    *item = (struct bundle_item){.size = (uint32_t)size};
    if (chain->count == 0) {
        chain->first = (uint32_t)bundles->count;
        DL_APPEND2(bundles->open, peer, open_previous, open_next);
    } else {
        bundles->items[chain->last - 1].next = (uint32_t)bundles->count;
    }
    chain->last = (uint32_t)bundles->count;
    chain->count++;
    chain->size += size;
    return item;
}

void bundles_add_notice(struct peers *peers, struct peer *peer, const struct shared_frame *frame)
{
    bundles_add(peers, peer, frame->size)->shared = frame;
    peer->gathered.notices++;
}

void bundles_add_answer(struct peers *peers, struct peer *peer, const void *bytes, size_t size, uint32_t answered)
{
    struct bundle_item *item = bundles_add(peers, peer, size);
    item->offset = peers->bundles.bytes.size;
    item->answered = answered;
    buffer_append(&peers->bundles.bytes, bytes, size);
}

void bundles_forget(struct peers *peers, struct peer *peer)
{
    if (peer->gathered.count > 0)
        DL_DELETE2(peers->bundles.open, peer, open_previous, open_next);
    peer->gathered = (struct bundle_chain){0};
    peer->pushes++;
}

/* ---- leaving ---- */

/* Whether two peers are sent the same notifications, and nothing else. */
static bool bundles_are_alike(const struct bundles *bundles, const struct bundle_chain *a, const struct bundle_chain *b)
{
    const struct bundle_item *x = bundles_item(bundles, a->first), *y = bundles_item(bundles, b->first);
    if (a->count != b->count || a->size != b->size)
        return false;
    while (x && x->shared == y->shared) {
        x = bundles_item(bundles, x->next);
        y = bundles_item(bundles, y->next);
    }
    return !x;
}

static int bundles_share(struct bundles *bundles, struct peer *peer, const struct bundle_chain *chain)
{
    if (!bundles->shared || bundles->shared_by != peer->transport ||
        !bundles_are_alike(bundles, chain, &bundles->shared_of)) {
        bundles_forget_shared(bundles);
        bundles_make(bundles, chain);
        bundles->shared = peer->transport->frame_new(bundles->frame.data, bundles->frame.size);
        bundles->shared_by = peer->transport;
        bundles->shared_of = *chain;
    }
    return peer->transport->share(peer, bundles->shared);
}

static int bundles_send(struct bundles *bundles, struct peer *peer, const struct bundle_chain *chain)
{
    const struct bundle_item *first = bundles_item(bundles, chain->first);
    if (chain->count == 1)
        return first->shared ? peer->transport->share(peer, first->shared)
                             : peer->transport->send(peer, bundles_bytes(bundles, first), first->size);
    if (chain->notices == chain->count)
        return bundles_share(bundles, peer, chain);
    bundles_make(bundles, chain);
    return peer->transport->send(peer, bundles->frame.data, bundles->frame.size);
}

/* The connection takes none of it: the stream goes back to before it, and the answers wait. */
static void bundles_give_back(struct peers *peers, struct peer *peer, const struct bundle_chain *chain)
{
    const struct bundles *bundles = &peers->bundles;
    if (chain->notices > 0 && peers->on_unsent)
        peers->on_unsent(peers->context, peer);
    for (const struct bundle_item *item = bundles_item(bundles, chain->first); item && !peer->gone;
         item = bundles_item(bundles, item->next))
        if (!item->shared)
            peers_park(peers, peer, bundles_bytes(bundles, item), item->size, item->answered);
}

int peers_push(struct peers *peers, struct peer *peer)
{
    struct bundles *bundles = &peers->bundles;
    const struct bundle_chain chain = peer->gathered;
    if (chain.count == 0)
        return 0;
    const int sent = peers_sent(peers, peer, bundles_send(bundles, peer, &chain));
    if (sent == EAGAIN)
        bundles_give_back(peers, peer, &chain);
    if (sent != 0) {
        bundles_forget(peers, peer);
        return sent;
    }
    for (const struct bundle_item *item = bundles_item(bundles, chain.first); item;
         item = bundles_item(bundles, item->next))
        peer_answered(peer, item->answered);
    bundles_forget(peers, peer);
    return 0;
}

void peers_push_all(struct peers *peers)
{
    struct bundles *bundles = &peers->bundles;
    while (bundles->open)
        (void)peers_push(peers, bundles->open);
    bundles_forget_shared(bundles);
    bundles->count = 0;
    buffer_clear(&bundles->bytes);
    if (bundles->bytes.capacity > BUNDLES_KEPT_BYTES) {
        buffer_done(&bundles->bytes);
        bundles->bytes = (struct buffer)XMEMORY;
    }
}

void peers_bundle(struct peers *peers, struct peer *peer, bool bundles)
{
    if (!bundles)
        (void)peers_push(peers, peer);
    else if (!peer->bundles)
        peer_leave_alone(peer);
    peer->bundles = bundles;
}
