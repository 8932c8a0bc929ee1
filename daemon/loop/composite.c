/* See composite.h. */
#include "loop/composite.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "frame.h"

/* What a batch_reply takes beside its replies: envelope, id and the array's head. */
#define COMPOSITE_OVERHEAD 256
/* A refusal put in a reply's place takes no more than this: 512 bytes of message and its fields. */
#define COMPOSITE_REFUSAL_MAX 1024

struct composite {
    struct composite *next, *previous; /* of all that wait */
    uint64_t peer;
    char id[COORD_REQUEST_ID_MAX];
    uint32_t id_size;
    uint32_t count, filled;
    struct as_of as_of;
    uint32_t done;       /* of its requests: of those after it no reply is on its way yet */
    size_t bytes;        /* of those that are there */
    size_t size_max;     /* of the whole */
    struct text slots[]; /* owned bytes */
};

struct composite *composite_new(struct composite **all, uint64_t peer, struct text id, uint32_t count, size_t size_max)
{
    assert(count > 0 && id.size <= COORD_REQUEST_ID_MAX);
    struct composite *composite = xcalloc(1, sizeof *composite + count * sizeof composite->slots[0]);
    composite->peer = peer;
    composite->count = count;
    composite->size_max = size_max > 0 ? size_max : FRAME_SIZE_MAX;
    composite->id_size = id.size;
    if (id.size > 0)
        memcpy(composite->id, id.data, id.size);
    DL_APPEND2(*all, composite, previous, next);
    return composite;
}

static void composite_put(struct composite *composite, uint32_t slot, const void *frame, size_t size)
{
    free((void *)(uintptr_t)composite->slots[slot].data);
    composite->slots[slot] = (struct text){xmemdup(frame, size), (uint32_t)size};
}

void composite_free(struct composite **all, struct composite *composite)
{
    DL_DELETE2(*all, composite, previous, next);
    for (uint32_t i = 0; i < composite->count; i++)
        free((void *)(uintptr_t)composite->slots[i].data);
    free(composite);
}

bool composite_fill(struct composite *composite, uint32_t slot, const void *frame, size_t size)
{
    assert(slot < composite->count && !composite->slots[slot].data && size > 0);
    composite_put(composite, slot, frame, size);
    composite->bytes += size;
    return ++composite->filled == composite->count;
}

void composite_go_on(struct composite *composite, uint32_t done)
{
    assert(done >= composite->done && done <= composite->count);
    composite->done = done;
}

struct composite *composite_find(struct composite *all, uint64_t peer)
{
    struct composite *composite;
    DL_FOREACH2(all, composite, next)
    {
        if (composite->peer == peer && composite->done < composite->count)
            return composite;
    }
    return NULL;
}

bool composite_is_full(const struct composite *composite)
{
    return composite->bytes > composite->size_max;
}

uint64_t composite_peer(const struct composite *composite)
{
    return composite->peer;
}

uint32_t composite_count(const struct composite *composite)
{
    return composite->count;
}

struct as_of *composite_as_of(struct composite *composite)
{
    return &composite->as_of;
}

static void composite_replace(struct composite *composite, uint32_t slot, struct decoder *decoder)
{
    struct problem problem = {0}, unread = {0};
    struct envelope envelope;
    struct buffer refusal = XMEMORY;
    struct text id = {NULL, 0};
    if (decoder_open(decoder, composite->slots[slot].data, composite->slots[slot].size, &envelope, &unread) == 0)
        id = envelope.id;
    problem_set(&problem, COORD_E_BATCH_FULL, "", "%s", COMPOSITE_FULL);
    message_encode_problem(&refusal, id, &problem);
    composite_put(composite, slot, refusal.data, refusal.size);
    buffer_done(&refusal);
}

/* Each slot may use what the slots after it leave, when those get at least a refusal. */
static void composite_fit(struct composite *composite, struct decoder *decoder)
{
    size_t total = COMPOSITE_OVERHEAD;
    for (uint32_t i = 0; i < composite->count; i++)
        total += composite->slots[i].size;
    if (total <= composite->size_max)
        return;
    size_t used = COMPOSITE_OVERHEAD;
    for (uint32_t i = 0; i < composite->count; i++) {
        const size_t reserved = (size_t)(composite->count - i - 1) * COMPOSITE_REFUSAL_MAX;
        if (used + composite->slots[i].size + reserved > composite->size_max &&
            composite->slots[i].size > COMPOSITE_REFUSAL_MAX)
            composite_replace(composite, i, decoder);
        used += composite->slots[i].size;
    }
}

void composite_encode(struct composite *composite, struct decoder *decoder, struct buffer *frame)
{
    struct msg_batch_reply reply = {0};
    assert(composite->filled == composite->count);
    composite_fit(composite, decoder);
    MSG_SET(&reply, batch_reply, replies, (struct texts){composite->slots, composite->count});
    message_encode(frame, "reply", (struct text){composite->id, composite->id_size}, &message_batch_reply, &reply);
}
