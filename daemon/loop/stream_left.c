#include "loop/stream_left.h"

#include <stdlib.h>

/* Once nothing of theirs is left their places follow this far behind: each subscription looks through no more records for
 * nothing, and the rows are not written with each word of the consumer. */
#define LEFT_BEHIND 4096

void stream_left_find(struct stream_left *left, const struct core *core, uint32_t agency, uint32_t key,
                      struct text consumer, int64_t now_ms, uint64_t own, uint64_t durable)
{
    *left = (struct stream_left){.own = own, .until = durable};
    left->items = core_consumer_left(core, agency, key, consumer, now_ms, &left->count);
}

void stream_left_done(struct stream_left *left)
{
    free(left->items);
    *left = (struct stream_left){0};
}

uint64_t stream_left_begin(const struct stream_left *left)
{
    uint64_t first = left->own;
    for (uint32_t i = 0; i < left->count; i++)
        if (left->items[i].seq < first)
            first = left->items[i].seq;
    return first;
}

static int compare_agencies(const void *a, const void *b)
{
    const struct core_left *x = a, *y = b;
    return x->agency < y->agency ? -1 : x->agency > y->agency;
}

bool stream_left_wants(const struct stream_left *left, uint32_t agency, uint64_t seq)
{
    const struct core_left wanted = {.agency = agency};
    const struct core_left *found = left->count
                                        ? bsearch(&wanted, left->items, left->count, sizeof wanted, compare_agencies)
                                        : NULL;
    /* One that had no place has left what comes after the consumer's own. */
    return seq > (found ? found->seq : left->own);
}

int stream_left_consumed(struct stream_left *left, uint64_t seq, stream_left_keep *keep, void *context)
{
    for (uint32_t i = 0; i < left->count; i++) {
        struct core_left *item = &left->items[i];
        if (seq <= item->seq || (item->seq >= left->until && seq - item->seq < LEFT_BEHIND))
            continue;
        const int error = keep(context, item->agency, seq);
        if (error)
            return error;
        item->seq = seq;
    }
    return 0;
}
