/* See peer.h. */
#include "loop/peer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/cut.h"

struct peer_parked {
    struct peer_parked *next;
    uint32_t answered;
    zmq_msg_t message;
};

void peers_init(struct peers *peers, void *socket)
{
    *peers = (struct peers){.socket = socket};
}

static void peer_parked_free(struct peer *peer)
{
    while (peer->parked_first) {
        struct peer_parked *parked = peer->parked_first;
        peer->parked_first = parked->next;
        zmq_msg_close(&parked->message);
        free(parked);
    }
    peer->parked_last = NULL;
    peer->parked_bytes = peer->parked_count = 0;
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
    free(peers->by_descriptor);
}

struct peer_key *peers_key(const struct peers *peers, struct text text)
{
    struct peer_key *key = NULL;
    HASH_FIND(by_text, peers->keys, text.data, text.size, key);
    return key;
}

static struct peer_key *peers_key_of(struct peers *peers, const char *text)
{
    struct peer_key *key = peers_key(peers, (struct text){text, PEER_KEY_SIZE});
    if (key)
        return key;
    key = xcalloc(1, sizeof *key);
    memcpy(key->text, text, PEER_KEY_SIZE);
    HASH_ADD_KEYPTR(by_text, peers->keys, key->text, PEER_KEY_SIZE, key);
    return key;
}

static void peers_link_descriptor(struct peers *peers, struct peer *peer)
{
    if (peer->descriptor < 0)
        return;
    const size_t descriptor = (size_t)peer->descriptor;
    if (descriptor >= peers->descriptors) {
        const size_t wanted = descriptor + descriptor / 2 + 64;
        peers->by_descriptor = xrealloc(peers->by_descriptor, wanted, sizeof(struct peer *));
        memset(peers->by_descriptor + peers->descriptors, 0, (wanted - peers->descriptors) * sizeof(struct peer *));
        peers->descriptors = wanted;
    }
    LL_PREPEND2(peers->by_descriptor[descriptor], peer, descriptor_next);
}

static struct peer *peers_new(struct peers *peers, zmq_msg_t *id, const char *key_text, int descriptor)
{
    const size_t id_size = zmq_msg_size(id);
    assert(id_size > 0 && id_size <= UINT8_MAX); /* libzmq's own bound on routing ids */
    struct peer *peer = xcalloc(1, sizeof *peer + id_size);
    peer->number = ++peers->issued;
    peer->key = peers_key_of(peers, key_text);
    peer->descriptor = descriptor;
    peer->inode = cut_inode(descriptor);
    peer->id_size = (uint8_t)id_size;
    memcpy(peer->id, zmq_msg_data(id), id_size);
    HASH_ADD(by_number, peers->by_number, number, sizeof peer->number, peer);
    HASH_ADD_KEYPTR(by_id, peers->by_id, peer->id, id_size, peer);
    DL_APPEND2(peer->key->peers, peer, key_previous, key_next);
    peers_link_descriptor(peers, peer);
    return peer;
}

struct peer *peers_of(struct peers *peers, zmq_msg_t *id, zmq_msg_t *body)
{
    const char *key = zmq_msg_gets(body, "User-Id");
    const int descriptor = zmq_msg_get(body, ZMQ_SRCFD);
    if (!key || strlen(key) != PEER_KEY_SIZE)
        return NULL;
    struct peer *peer = NULL;
    HASH_FIND(by_id, peers->by_id, zmq_msg_data(id), zmq_msg_size(id), peer);
    if (peer && (peer->descriptor != descriptor || memcmp(peer->key->text, key, PEER_KEY_SIZE) != 0)) {
        peers_drop(peers, peer);
        peer = NULL;
    }
    return peer ? peer : peers_new(peers, id, key, descriptor);
}

struct peer *peers_find(const struct peers *peers, uint64_t number)
{
    struct peer *peer = NULL;
    HASH_FIND(by_number, peers->by_number, &number, sizeof number, peer);
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

static int peers_push(struct peers *peers, struct peer *peer, zmq_msg_t *message)
{
    int sent;
    do
        sent = zmq_send(peers->socket, peer->id, peer->id_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        if (errno == EAGAIN)
            return EAGAIN;
        assert(errno == EHOSTUNREACH || errno == ETERM);
        peers_drop(peers, peer);
        return EHOSTUNREACH;
    }
    /* With the routing id accepted the pipe has room: the rest of the message is always taken. */
    do
        sent = zmq_msg_send(message, peers->socket, ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    assert(sent >= 0);
    return 0;
}

int peers_send(struct peers *peers, struct peer *peer, zmq_msg_t *message)
{
    if (peer->gone)
        return EHOSTUNREACH;
    const int result = peer->parked_first ? EAGAIN : peers_push(peers, peer, message);
    if (result == EAGAIN)
        peer_stall(peers, peer);
    return result;
}

static void peer_answered(struct peer *peer, uint32_t answered)
{
    assert(peer->in_flight >= answered);
    peer->in_flight -= answered;
    quota_return(&peer->key->quota, answered);
}

static void peers_park(struct peers *peers, struct peer *peer, zmq_msg_t *message, uint32_t answered)
{
    const size_t size = zmq_msg_size(message);
    if (peer->parked_bytes + size > PEER_PARKED_BYTES_MAX || peer->parked_count >= PEER_PARKED_COUNT_MAX) {
        log_write(LOG_LEVEL_WARNING, LOG_REFUSED, LOG_FIELDS("key", peer->key->text),
                  "a connection is cut: it sends requests and does not read the answers");
        shutdown(peer->descriptor, SHUT_RDWR);
        zmq_msg_close(message);
        peers_drop(peers, peer);
        return;
    }
    struct peer_parked *parked = xcalloc(1, sizeof *parked);
    parked->answered = answered;
    zmq_msg_init(&parked->message);
    zmq_msg_move(&parked->message, message);
    if (peer->parked_last)
        peer->parked_last->next = parked;
    else
        peer->parked_first = parked;
    peer->parked_last = parked;
    peer->parked_bytes += size;
    peer->parked_count++;
    peer_stall(peers, peer);
}

void peers_answer(struct peers *peers, struct peer *peer, const void *frame, size_t size, uint32_t answered)
{
    if (peer->gone)
        return;
    zmq_msg_t message;
    const int failed = zmq_msg_init_size(&message, size);
    assert(failed == 0);
    memcpy(zmq_msg_data(&message), frame, size);
    switch (peers_send(peers, peer, &message)) {
    case 0:
        peer_answered(peer, answered);
        break;
    case EAGAIN:
        peers_park(peers, peer, &message, answered);
        break;
    default:
        zmq_msg_close(&message);
    }
}

/* Sends what is parked for a peer; true when nothing is left. */
static bool peers_flush(struct peers *peers, struct peer *peer)
{
    while (peer->parked_first) {
        struct peer_parked *parked = peer->parked_first;
        const size_t size = zmq_msg_size(&parked->message);
        if (peers_push(peers, peer, &parked->message) != 0)
            return false;
        peer->parked_first = parked->next;
        if (!parked->next)
            peer->parked_last = NULL;
        peer->parked_bytes -= size;
        peer->parked_count--;
        peer_answered(peer, parked->answered);
        zmq_msg_close(&parked->message);
        free(parked);
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
        } else if (!peer->gone) {
            peer_stall(peers, peer); /* behind the others */
            last = last ? last : peer;
        }
    }
}

/* ---- gone ---- */

void peers_drop(struct peers *peers, struct peer *peer)
{
    if (peer->gone)
        return;
    peer->gone = true;
    HASH_DELETE(by_id, peers->by_id, peer);
    peer_unstall(peers, peer);
    peer_answered(peer, peer->in_flight);
    peer->gone_next = peers->gone;
    peers->gone = peer;
}

void peers_disconnected(struct peers *peers, int descriptor)
{
    if (descriptor < 0 || (size_t)descriptor >= peers->descriptors)
        return;
    for (struct peer *peer = peers->by_descriptor[descriptor]; peer; peer = peer->descriptor_next)
        peers_drop(peers, peer);
}

void peers_collect(struct peers *peers)
{
    while (peers->gone) {
        struct peer *peer = peers->gone;
        peers->gone = peer->gone_next;
        if (peers->on_gone)
            peers->on_gone(peers->context, peer);
        peer_parked_free(peer);
        DL_DELETE2(peer->key->peers, peer, key_previous, key_next);
        if (peer->descriptor >= 0)
            LL_DELETE2(peers->by_descriptor[peer->descriptor], peer, descriptor_next);
        HASH_DELETE(by_number, peers->by_number, peer);
        free(peer);
    }
}
