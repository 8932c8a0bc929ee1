/* See peer.h. */
#include "loop/peer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "loop/peer_send.h"

struct peer_parked {
    struct peer_parked *next;
    uint32_t answered;
    uint32_t size;
    bool alone; /* it waited before the peer was told of bundles, or tells it: it leaves in none */
    char bytes[];
};

void peers_init(struct peers *peers, const struct limits *limits)
{
    *peers = (struct peers){.limits = limits};
    bundles_init(&peers->bundles);
    accounts_init(&peers->accounts);
}

static void peer_forget_parked(struct peer *peer)
{
    while (peer->parked_first) {
        struct peer_parked *parked = peer->parked_first;
        peer->parked_first = parked->next;
        free(parked);
    }
    peer->parked_last = NULL;
    peer->account->unsent -= peer->parked_bytes;
    peer->parked_bytes = 0;
}

void peers_done(struct peers *peers)
{
    struct peer *peer, *next_peer;
    HASH_ITER (by_number, peers->by_number, peer, next_peer) {
        peers_drop(peers, peer);
    }
    peers_collect(peers);
    struct peer_key *key, *next_key;
    HASH_ITER (by_text, peers->keys, key, next_key) {
        HASH_DELETE(by_text, peers->keys, key);
        free(key);
    }
    accounts_done(&peers->accounts);
    bundles_done(&peers->bundles);
}

struct peer_key *peers_key(const struct peers *peers, struct text text)
{
    struct peer_key *key = NULL;
    HASH_FIND(by_text, peers->keys, text.data, text.size, key);
    return key;
}

static struct peer_key *peers_key_made(struct peers *peers, const char *text)
{
    struct peer_key *key = peers_key(peers, (struct text){text, PEER_KEY_SIZE});
    if (key)
        return key;
    key = xcalloc(1, sizeof *key);
    memcpy(key->text, text, PEER_KEY_SIZE);
    HASH_ADD_KEYPTR(by_text, peers->keys, key->text, PEER_KEY_SIZE, key);
    return key;
}

void peers_add(struct peers *peers, struct peer *peer, const char *key)
{
    peer->number = ++peers->issued;
    peer->key = peers_key_made(peers, key);
    const struct text text = {peer->key->text, PEER_KEY_SIZE};
    peer->account = accounts_of(&peers->accounts, peers->on_met ? peers->on_met(peers->context, text) : CORE_NO_AGENCY);
    peer->account->connections++;
    peer->over = peer->account->connections > peers->limits->agency_connections;
    HASH_ADD(by_number, peers->by_number, number, sizeof peer->number, peer);
    DL_APPEND2(peer->key->peers, peer, key_previous, key_next);
}

struct peer *peers_find(struct peers *peers, uint64_t number)
{
    struct peer *peer = peers->found;
    if (!peer || peer->number != number)
        HASH_FIND(by_number, peers->by_number, &number, sizeof number, peer);
    peers->found = peer;
    return peer && !peer->gone ? peer : NULL;
}

/* ---- out ---- */

static void peer_stall(struct peers *peers, struct peer *peer)
{
    if (peer->stalled)
        return;
    peer->stalled = true;
    DL_APPEND2(peers->stalled, peer, stalled_previous, stalled_next);
}

static void peer_unstall(struct peers *peers, struct peer *peer)
{
    if (!peer->stalled)
        return;
    peer->stalled = false;
    DL_DELETE2(peers->stalled, peer, stalled_previous, stalled_next);
}

int peers_sent(struct peers *peers, struct peer *peer, int result)
{
    assert(result == 0 || result == EAGAIN || result == EHOSTUNREACH);
    if (result == EAGAIN)
        peer_stall(peers, peer);
    if (result == EHOSTUNREACH)
        peers_drop(peers, peer);
    return result;
}

int peers_share(struct peers *peers, struct peer *peer, const struct shared_frame *frame)
{
    if (peer->gone)
        return EHOSTUNREACH;
    const int before = bundles_make_room(peers, peer, frame->size);
    if (before != 0)
        return before;
    if (!bundles_take(peer, frame->size))
        return peers_sent(peers, peer, peer->parked_first ? EAGAIN : peer->transport->share(peer, frame));
    bundles_add_notice(peers, peer, frame);
    return 0;
}

int peers_mention(struct peers *peers, struct peer *peer, const void *frame, size_t size)
{
    const int before = peer->gone ? EHOSTUNREACH : peers_push(peers, peer);
    if (before != 0)
        return before;
    const int sent = peer->parked_first ? EAGAIN : peer->transport->send(peer, frame, size);
    return sent == EAGAIN ? sent : peers_sent(peers, peer, sent);
}

void peer_answered(struct peer *peer, uint32_t answered)
{
    assert(peer->in_flight >= answered);
    peer->in_flight -= answered;
    quota_return(&peer->key->quota, answered);
}

void peers_cut(struct peers *peers, struct peer *peer, const char *why)
{
    char address[PEER_NAME_SIZE] = "";
    peer->transport->name(peer, address);
    if (peers->on_cut)
        peers->on_cut(peers->context, peer, address, why);
    peer->transport->close(peer);
    peers_drop(peers, peer);
}

static size_t parked_size(size_t size)
{
    return sizeof(struct peer_parked) + size;
}

void peers_park(struct peers *peers, struct peer *peer, const void *bytes, size_t size, uint32_t answered)
{
    if (peer->parked_bytes + parked_size(size) > peers->limits->unsent_bytes ||
        peer->account->unsent + parked_size(size) > peers->limits->agency_unsent_bytes) {
        peers_cut(peers, peer, "answers_unread");
        return;
    }
    struct peer_parked *parked = xmalloc(parked_size(size));
    *parked = (struct peer_parked){.answered = answered, .size = (uint32_t)size};
    memcpy(parked->bytes, bytes, size);
    if (peer->parked_last)
        peer->parked_last->next = parked;
    else
        peer->parked_first = parked;
    peer->parked_last = parked;
    peer->parked_bytes += parked_size(size);
    peer->account->unsent += parked_size(size);
}

bool peers_unread(const struct peers *peers, const struct peer *peer, size_t owed)
{
    return peer->parked_bytes + owed > peers->limits->unsent_bytes / 2 ||
           (peer->parked_bytes > 0 && peer->account->unsent + owed > peers->limits->agency_unsent_bytes / 2);
}

void peers_answer(struct peers *peers, struct peer *peer, const void *frame, size_t size, uint32_t answered)
{
    if (!peer->gone)
        (void)bundles_make_room(peers, peer, size);
    if (peer->gone)
        return;
    if (bundles_take(peer, size)) {
        bundles_add_answer(peers, peer, frame, size, answered);
        return;
    }
    const int sent = peers_sent(peers, peer, peer->parked_first ? EAGAIN : peer->transport->send(peer, frame, size));
    if (sent == 0)
        peer_answered(peer, answered);
    if (sent == EAGAIN)
        peers_park(peers, peer, frame, size, answered);
}

/* The first that is parked has left. */
static void peer_unpark(struct peer *peer)
{
    struct peer_parked *parked = peer->parked_first;
    peer->parked_first = parked->next;
    if (!parked->next)
        peer->parked_last = NULL;
    peer->parked_bytes -= parked_size(parked->size);
    peer->account->unsent -= parked_size(parked->size);
    peer_answered(peer, parked->answered);
    free(parked);
}

void peer_leave_alone(struct peer *peer)
{
    for (struct peer_parked *parked = peer->parked_first; parked; parked = parked->next)
        parked->alone = true;
}

/* How many of those that are parked leave as one. */
static uint32_t peer_count_parked(const struct peer *peer)
{
    uint32_t count = 0;
    size_t size = 0;
    for (const struct peer_parked *parked = peer->parked_first; parked; parked = parked->next) {
        if (count > 0 && (!peer->bundles || parked->alone || !bundle_fits(size, parked->size)))
            break;
        if (parked->alone)
            return 1;
        size += parked->size;
        count++;
    }
    return count;
}

static int peer_send_parked(struct peers *peers, struct peer *peer, uint32_t count)
{
    struct buffer *frame = &peers->bundles.frame;
    const struct peer_parked *parked = peer->parked_first;
    if (count == 1)
        return peer->transport->send(peer, parked->bytes, parked->size);
    bundle_begin(frame, count);
    for (uint32_t i = 0; i < count; i++, parked = parked->next)
        buffer_append(frame, parked->bytes, parked->size);
    return peer->transport->send(peer, frame->data, frame->size);
}

/* Sends what is parked for a peer; true when nothing is left. */
static bool peers_flush(struct peers *peers, struct peer *peer)
{
    while (peer->parked_first) {
        uint32_t count = peer_count_parked(peer);
        if (peers_sent(peers, peer, peer_send_parked(peers, peer, count)) != 0)
            return false;
        for (; count > 0; count--)
            peer_unpark(peer);
    }
    return true;
}

void peers_retry(struct peers *peers, unsigned budget)
{
    const struct peer *last = NULL; /* the first that was put back: all before it were tried */
    for (; budget > 0 && peers->stalled && peers->stalled != last; budget--) {
        struct peer *peer = peers->stalled;
        peer_unstall(peers, peer);
        if (peers_flush(peers, peer)) {
            peers->on_writable(peers->context, peer);
        } else if (!peer->gone && !last) {
            last = peer; /* it stands behind the others now */
        }
    }
}

/* ---- gone ---- */

void peers_drop(struct peers *peers, struct peer *peer)
{
    if (peer->gone)
        return;
    peer->gone = true;
    bundles_forget(peers, peer);
    peer->account->connections--;
    peer->transport->gone(peer);
    peer_unstall(peers, peer);
    peer_answered(peer, peer->in_flight);
    peer->gone_next = peers->gone;
    peers->gone = peer;
}

void peers_collect(struct peers *peers)
{
    while (peers->gone) {
        struct peer *peer = peers->gone;
        peers->gone = peer->gone_next;
        if (peers->on_gone)
            peers->on_gone(peers->context, peer);
        peer_forget_parked(peer);
        DL_DELETE2(peer->key->peers, peer, key_previous, key_next);
        HASH_DELETE(by_number, peers->by_number, peer);
        if (peers->found == peer)
            peers->found = NULL;
        peer->transport->free(peer);
    }
}
