/* See plain.h. */
#include "plain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

unsigned plain_freed, plain_frames;

static int plain_send(struct peer *peer, const void *bytes, size_t size)
{
    struct plain_peer *plain = (struct plain_peer *)peer;
    if (!plain->reachable)
        return EHOSTUNREACH;
    if (plain->room == 0)
        return EAGAIN;
    plain->room--;
    plain->taken++;
    plain->taken_bytes += size;
    snprintf(plain->last, sizeof plain->last, "%.*s", (int)size, (const char *)bytes);
    return 0;
}

static int plain_share(struct peer *peer, const struct shared_frame *frame)
{
    return plain_send(peer, frame->data, frame->size);
}

static void plain_close(struct peer *peer)
{
    ((struct plain_peer *)peer)->closed = true;
}

static void plain_name(const struct peer *peer, char name[PEER_NAME_SIZE])
{
    snprintf(name, PEER_NAME_SIZE, "plain %llu", (unsigned long long)peer->number);
}

static void plain_gone(struct peer *peer)
{
    ((struct plain_peer *)peer)->reachable = false;
}

static void plain_free(struct peer *peer)
{
    plain_freed++;
    free(peer);
}

static struct shared_frame *plain_frame_new(const void *bytes, size_t size)
{
    struct shared_frame *frame = xmalloc(sizeof *frame + size);
    plain_frames++;
    *frame = (struct shared_frame){frame + 1, size};
    memcpy(frame + 1, bytes, size);
    return frame;
}

static void plain_frame_free(struct shared_frame *frame)
{
    free(frame);
}

const struct transport plain_transport = {
    .send = plain_send,
    .share = plain_share,
    .close = plain_close,
    .name = plain_name,
    .gone = plain_gone,
    .free = plain_free,
    .frame_new = plain_frame_new,
    .frame_free = plain_frame_free,
};

struct plain_peer *plain_new(struct peers *peers, const char *key, unsigned room)
{
    struct plain_peer *plain = xcalloc(1, sizeof *plain);
    plain->peer.transport = &plain_transport;
    plain->room = room;
    plain->reachable = true;
    peers_add(peers, &plain->peer, key);
    return plain;
}
