/* See recent.h. */
#include "loop/recent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define RECENT_CAPACITY_MIN 256
/* What a record takes beside its bytes: the slot, what the transport adds to a frame, and the audience, about. */
#define RECENT_OVERHEAD (sizeof(struct recent_record) + 224)

void recent_record_init(struct recent_record *record, const struct transport *transport, uint64_t seq, const void *body,
                        size_t size)
{
    record->seq = seq;
    record->audience = NULL;
    record->body = transport->frame_new(body, size);
}

void recent_record_done(struct recent_record *record, const struct transport *transport)
{
    transport->frame_free(record->body);
    record->body = NULL;
    free(record->audience);
    record->audience = NULL;
}

void recent_tell_audience(struct recent_record *record, const struct audience *audience)
{
    const size_t size = audience->count * sizeof audience->agencies[0];
    assert(!record->audience);
    record->audience = xmalloc(sizeof *record->audience + size);
    *record->audience = (struct recent_audience){
        .notice = audience->notice,
        .severity = audience->severity,
        .restricted = audience->restricted,
        .task = audience->task,
        .count = audience->count,
        .told = audience->told,
    };
    memcpy(record->audience->agencies, audience->agencies, size);
}

const struct recent_audience *recent_audience(struct recent_record *record, const struct core *core)
{
    struct audience audience = {.count = 0};
    if (record->audience)
        return record->audience;
    const struct journal_record told = {
        .seq = record->seq, .body = record->body->data, .size = (uint32_t)record->body->size};
    if (core_audience(core, &told, &audience) != 0)
        audience.count = 0;
    recent_tell_audience(record, &audience);
    return record->audience;
}

static struct recent_record *recent_at(const struct recent *recent, uint64_t position)
{
    return &recent->slots[position & (recent->capacity - 1)];
}

static size_t recent_weight(const struct recent_record *record)
{
    return record->body->size + RECENT_OVERHEAD;
}

bool recent_lets_go(const struct recent *recent, size_t *lent, size_t size)
{
    const size_t weight = size + RECENT_OVERHEAD;
    const bool lets_go = *lent + weight > recent->bytes_max;
    *lent = (lets_go ? 0 : *lent) + weight;
    return lets_go;
}

void recent_init(struct recent *recent, const struct transport *transport, size_t bytes_max)
{
    *recent = (struct recent){
        .transport = transport, .capacity = RECENT_CAPACITY_MIN, .bytes_max = bytes_max, .first_seq = 1};
    recent->slots = xcalloc(recent->capacity, sizeof *recent->slots);
}

static void recent_drop_oldest(struct recent *recent)
{
    struct recent_record *oldest = recent_at(recent, recent->head++);
    recent->bytes -= recent_weight(oldest);
    recent->first_seq = oldest->seq + 1;
    recent_record_done(oldest, recent->transport);
}

void recent_reset(struct recent *recent, uint64_t next_seq)
{
    while (recent->head < recent->tail)
        recent_drop_oldest(recent);
    recent->first_seq = next_seq;
}

void recent_done(struct recent *recent)
{
    if (!recent->slots)
        return;
    recent_reset(recent, 0);
    free(recent->slots);
    recent->slots = NULL;
}

void recent_limit(struct recent *recent, size_t bytes_max)
{
    recent->bytes_max = bytes_max;
    while (recent->head < recent->tail && recent->bytes > bytes_max)
        recent_drop_oldest(recent);
}

static void recent_grow(struct recent *recent)
{
    struct recent old = *recent;
    recent->capacity *= 2;
    recent->slots = xcalloc(recent->capacity, sizeof *recent->slots);
    for (uint64_t position = old.head; position < old.tail; position++)
        *recent_at(recent, position) = *recent_at(&old, position);
    free(old.slots);
}

struct recent_record *recent_add(struct recent *recent, uint64_t seq, const void *body, size_t size)
{
    assert(recent->tail == recent->head || recent_at(recent, recent->tail - 1)->seq < seq);
    if (recent->tail - recent->head == recent->capacity)
        recent_grow(recent);
    struct recent_record *record = recent_at(recent, recent->tail++);
    recent_record_init(record, recent->transport, seq, body, size);
    recent->bytes += recent_weight(record);
    /* The newest stays, however large: it is about to be sent. */
    while (recent->bytes > recent->bytes_max && recent->tail - recent->head > 1)
        recent_drop_oldest(recent);
    return record;
}

uint64_t recent_first(const struct recent *recent)
{
    return recent->first_seq;
}

uint64_t recent_seek(const struct recent *recent, uint64_t seq)
{
    uint64_t low = recent->head, high = recent->tail;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (recent_at(recent, middle)->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct recent_record *recent_get(const struct recent *recent, uint64_t position)
{
    return position < recent->tail ? recent_at(recent, position) : NULL;
}
