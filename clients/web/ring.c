#include "ring.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define STORE_SHOWN 16 /* digits of the store's identity in an id: 64 bits of it tell any two apart */

static void drop_first(struct ring *ring)
{
    ring->base = ring->events[ring->first].seq;
    ring->bytes -= ring->events[ring->first].size;
    free(ring->events[ring->first].text);
    ring->first = (ring->first + 1) % RING_EVENTS_MAX;
    ring->count--;
}

void ring_done(struct ring *ring)
{
    while (ring->count)
        drop_first(ring);
}

void ring_begin(struct ring *ring, const char *store, uint64_t base)
{
    ring_done(ring);
    ring->base = ring->newest = base;
    snprintf(ring->store, sizeof ring->store, "%s", store);
}

void ring_id(const struct ring *ring, uint64_t seq, char id[64])
{
    snprintf(id, 64, "%.*s.%" PRIu64, STORE_SHOWN, ring->store, seq);
}

bool ring_put(struct ring *ring, uint64_t seq, uint64_t task, const char *event, const char *data, size_t size)
{
    char id[64];
    if (seq <= ring->newest)
        return false;
    ring_id(ring, seq, id);
    const size_t room = size + strlen(id) + strlen(event) + 32;
    char *text = alloc_zeroed(1, room);
    const size_t used = (size_t)snprintf(text, room, "id: %s\nevent: %s\ndata: %.*s\n\n", id, event, (int)size, data);
    while (ring->count && (ring->count == RING_EVENTS_MAX || ring->bytes + used > RING_BYTES_MAX))
        drop_first(ring);
    const size_t at = (ring->first + ring->count++) % RING_EVENTS_MAX;
    ring->events[at].seq = ring->newest = seq;
    ring->events[at].task = task;
    ring->events[at].text = text;
    ring->events[at].size = used;
    ring->bytes += used;
    return true;
}

/* Which event, from the oldest, is the first after a sequence; the count when none is. */
static size_t first_after(const struct ring *ring, uint64_t seq)
{
    size_t low = 0, high = ring->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (ring->events[(ring->first + middle) % RING_EVENTS_MAX].seq > seq)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const char *ring_after(const struct ring *ring, uint64_t seq, uint64_t *its, size_t *size)
{
    const size_t place = first_after(ring, seq);
    if (place == ring->count)
        return NULL;
    const size_t at = (ring->first + place) % RING_EVENTS_MAX;
    *its = ring->events[at].seq;
    *size = ring->events[at].size;
    return ring->events[at].text;
}

bool ring_tasks(const struct ring *ring, uint64_t seq, uint64_t *tasks, size_t room, size_t *count)
{
    *count = 0;
    for (size_t place = first_after(ring, seq); place < ring->count; place++) {
        const uint64_t task = ring->events[(ring->first + place) % RING_EVENTS_MAX].task;
        size_t i = 0;
        while (i < *count && tasks[i] != task)
            i++;
        if (!task || i < *count)
            continue;
        if (*count == room)
            return false;
        tasks[(*count)++] = task;
    }
    return true;
}

bool ring_resume(const struct ring *ring, const char *id, uint64_t *seq)
{
    char *end;
    if (!ring->store[0] || strncmp(id, ring->store, STORE_SHOWN) != 0 || id[STORE_SHOWN] != '.')
        return false;
    const char *digits = id + STORE_SHOWN + 1;
    const unsigned long long number = strtoull(digits, &end, 10);
    if (digits[0] < '0' || digits[0] > '9' || *end || number < ring->base || number > INT64_MAX)
        return false;
    *seq = number;
    return true;
}
