/* See zpeer.h. A descriptor number is used again once it is closed, so the socket's inode is kept beside it: an inode is a
 * socket's own as long as it is open, also where there is no address to compare.
 */
#include "loop/zpeer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "loop/descriptor.h"

struct zpeer {
    struct peer peer; /* first: a struct peer of ours is one of these */
    struct zpeers *among;
    int descriptor; /* as ZMQ_SRCFD gave it */
    uint64_t inode; /* of that descriptor's socket when the peer first spoke */
    struct zout *out;
    struct zpeer *descriptor_next;
    UT_hash_handle by_id;
    uint8_t id_size;
    uint8_t id[];
};

void zpeers_init(struct zpeers *zpeers, struct peers *peers, void *socket, struct zwake *wake)
{
    *zpeers = (struct zpeers){.peers = peers, .socket = socket, .wake = wake};
}

void zpeers_done(struct zpeers *zpeers)
{
    assert(!zpeers->by_id);
    free(zpeers->by_descriptor);
}

/* ---- descriptors ---- */

static void name_of(int descriptor, char name[PEER_NAME_SIZE])
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[64], port[8];
    name[0] = '\0';
    if (getpeername(descriptor, (struct sockaddr *)&address, &size) == 0 &&
        getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        snprintf(name, PEER_NAME_SIZE, "%s", host[0] ? host : "local");
}

/* ---- meeting ---- */

static void zpeers_link_descriptor(struct zpeers *zpeers, struct zpeer *zpeer)
{
    if (zpeer->descriptor < 0)
        return;
    const size_t descriptor = (size_t)zpeer->descriptor;
    if (descriptor >= zpeers->descriptors) {
        const size_t wanted = descriptor + descriptor / 2 + 64;
        zpeers->by_descriptor = xrealloc(zpeers->by_descriptor, wanted, sizeof(struct zpeer *));
        memset(zpeers->by_descriptor + zpeers->descriptors, 0, (wanted - zpeers->descriptors) * sizeof(struct zpeer *));
        zpeers->descriptors = wanted;
    }
    LL_PREPEND2(zpeers->by_descriptor[descriptor], zpeer, descriptor_next);
}

static struct peer *zpeer_new(struct zpeers *zpeers, zmq_msg_t *id, const char *key, int descriptor)
{
    const size_t id_size = zmq_msg_size(id);
    assert(id_size > 0 && id_size <= UINT8_MAX); /* libzmq's own bound on routing ids */
    struct zpeer *zpeer = xcalloc(1, sizeof *zpeer + id_size);
    zpeer->peer.transport = &zpeer_transport;
    zpeer->among = zpeers;
    zpeer->descriptor = descriptor;
    zpeer->inode = descriptor_inode(descriptor);
    zpeer->out = zout_new(zpeers->wake);
    zpeer->id_size = (uint8_t)id_size;
    memcpy(zpeer->id, zmq_msg_data(id), id_size);
    HASH_ADD_KEYPTR(by_id, zpeers->by_id, zpeer->id, id_size, zpeer);
    zpeers_link_descriptor(zpeers, zpeer);
    peers_add(zpeers->peers, &zpeer->peer, key);
    return &zpeer->peer;
}

struct peer *zpeers_meet(struct zpeers *zpeers, zmq_msg_t *id, zmq_msg_t *body, int descriptor)
{
    const char *key = zmq_msg_gets(body, "User-Id");
    if (!key || strlen(key) != PEER_KEY_SIZE)
        return NULL;
    struct zpeer *zpeer = NULL;
    HASH_FIND(by_id, zpeers->by_id, zmq_msg_data(id), zmq_msg_size(id), zpeer);
    if (zpeer && zpeer->descriptor == descriptor && memcmp(zpeer->peer.key->text, key, PEER_KEY_SIZE) == 0)
        return &zpeer->peer;
    if (zpeer)
        peers_drop(zpeers->peers, &zpeer->peer);
    return zpeer_new(zpeers, id, key, descriptor);
}

void zpeers_disconnected(struct zpeers *zpeers, int descriptor)
{
    if (descriptor < 0 || (size_t)descriptor >= zpeers->descriptors)
        return;
    for (struct zpeer *zpeer = zpeers->by_descriptor[descriptor]; zpeer; zpeer = zpeer->descriptor_next)
        peers_drop(zpeers->peers, &zpeer->peer);
}

/* The peer that a descriptor is of now; NULL when it has said nothing yet. */
static struct zpeer *zpeers_known(const struct zpeers *zpeers, int descriptor)
{
    struct zpeer *known = NULL;
    if (descriptor >= 0 && (size_t)descriptor < zpeers->descriptors)
        known = zpeers->by_descriptor[descriptor];
    while (known && known->peer.gone)
        known = known->descriptor_next;
    return known;
}

uint64_t zpeers_whose(const struct zpeers *zpeers, int descriptor)
{
    const struct zpeer *known = zpeers_known(zpeers, descriptor);
    char address[PEER_NAME_SIZE];
    if (known)
        return known->peer.account->agency;
    name_of(descriptor, address);
    return (uint64_t)1 << 63 | digest_index(0, text_of(address)); /* no number of an agency is so large */
}

void zpeers_cut(struct zpeers *zpeers, int descriptor, const char *why)
{
    struct peers *peers = zpeers->peers;
    char address[PEER_NAME_SIZE];
    struct zpeer *known = zpeers_known(zpeers, descriptor);
    if (known) {
        peers_cut(peers, &known->peer, why);
        return;
    }
    name_of(descriptor, address);
    if (peers->on_cut)
        peers->on_cut(peers->context, NULL, address, why);
    shutdown(descriptor, SHUT_RDWR);
}

/* ---- the transport ---- */

static struct zpeer *zpeer_of(struct peer *peer)
{
    return (struct zpeer *)peer;
}

/* Takes the message when it is sent. */
static int zpeer_push(struct zpeer *zpeer, zmq_msg_t *message)
{
    void *socket = zpeer->among->socket;
    int sent;
    do
        sent = zmq_send(socket, zpeer->id, zpeer->id_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        assert(errno == EAGAIN || errno == EHOSTUNREACH || errno == ETERM);
        return errno == EAGAIN ? EAGAIN : EHOSTUNREACH;
    }
    /* With the routing id accepted the pipe has room: the rest of the message is always taken. */
    do
        sent = zmq_msg_send(message, socket, ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    assert(sent >= 0);
    return 0;
}

static int zpeer_pass(struct zpeer *zpeer, zmq_msg_t *message)
{
    const int result = zpeer_push(zpeer, message);
    if (result != 0)
        zmq_msg_close(message);
    return result;
}

static int zpeer_share(struct peer *peer, const struct shared_frame *frame)
{
    struct zpeer *zpeer = zpeer_of(peer);
    zmq_msg_t message;
    if (zout_full(zpeer->out))
        return EAGAIN;
    zout_message(zpeer->out, frame, &message);
    return zpeer_pass(zpeer, &message);
}

static int zpeer_send(struct peer *peer, const void *bytes, size_t size)
{
    struct zpeer *zpeer = zpeer_of(peer);
    zmq_msg_t message;
    if (zout_full(zpeer->out))
        return EAGAIN;
    zout_copy(zpeer->out, bytes, size, &message);
    return zpeer_pass(zpeer, &message);
}

static void zpeer_close(struct peer *peer)
{
    const struct zpeer *zpeer = zpeer_of(peer);
    if (zpeer->inode != 0 && descriptor_inode(zpeer->descriptor) == zpeer->inode)
        shutdown(zpeer->descriptor, SHUT_RDWR);
}

static void zpeer_name(const struct peer *peer, char name[PEER_NAME_SIZE])
{
    const struct zpeer *zpeer = (const struct zpeer *)peer;
    name[0] = '\0';
    if (zpeer->inode != 0 && descriptor_inode(zpeer->descriptor) == zpeer->inode)
        name_of(zpeer->descriptor, name);
}

static void zpeer_gone(struct peer *peer)
{
    struct zpeer *zpeer = zpeer_of(peer);
    HASH_DELETE(by_id, zpeer->among->by_id, zpeer);
}

static void zpeer_free(struct peer *peer)
{
    struct zpeer *zpeer = zpeer_of(peer);
    if (zpeer->descriptor >= 0)
        LL_DELETE2(zpeer->among->by_descriptor[zpeer->descriptor], zpeer, descriptor_next);
    zout_free(zpeer->out);
    free(zpeer);
}

const struct transport zpeer_transport = {
    .send = zpeer_send,
    .share = zpeer_share,
    .close = zpeer_close,
    .name = zpeer_name,
    .gone = zpeer_gone,
    .free = zpeer_free,
    .frame_new = zframe_new,
    .frame_free = zframe_free,
};
