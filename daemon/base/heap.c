/* Invariant: for every i below count, places[items[i].value] == i + 1, and no child comes before its parent. */
#include "base/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define CHILDREN 4

void heap_init(struct heap *heap)
{
    *heap = (struct heap){0};
}

void heap_done(struct heap *heap)
{
    free(heap->items);
    free(heap->places);
    *heap = (struct heap){0};
}

static bool comes_before(struct heap_item a, struct heap_item b)
{
    return a.at < b.at || (a.at == b.at && a.value < b.value);
}

static void put(struct heap *heap, size_t index, struct heap_item item)
{
    heap->items[index] = item;
    heap->places[item.value] = (uint32_t)index + 1;
}

static void sift_up(struct heap *heap, size_t index, struct heap_item item)
{
    while (index > 0) {
        size_t parent = (index - 1) / CHILDREN;
        if (!comes_before(item, heap->items[parent]))
            break;
        put(heap, index, heap->items[parent]);
        index = parent;
    }
    put(heap, index, item);
}

static void sift_down(struct heap *heap, size_t index, struct heap_item item)
{
    for (;;) {
        size_t child = index * CHILDREN + 1, best = child;
        if (child >= heap->count)
            break;
        size_t end = child + CHILDREN < heap->count ? child + CHILDREN : heap->count;
        while (++child < end)
            if (comes_before(heap->items[child], heap->items[best]))
                best = child;
        if (!comes_before(heap->items[best], item))
            break;
        put(heap, index, heap->items[best]);
        index = best;
    }
    put(heap, index, item);
}

/* Puts an item where the heap has a hole at `index`. */
static void settle(struct heap *heap, size_t index, struct heap_item item)
{
    if (index > 0 && comes_before(item, heap->items[(index - 1) / CHILDREN]))
        sift_up(heap, index, item);
    else
        sift_down(heap, index, item);
}

static void reserve_place(struct heap *heap, uint32_t value)
{
    if (value < heap->place_count)
        return;
    size_t wanted = heap->place_count ? heap->place_count : 64;
    while (wanted <= value)
        wanted *= 2;
    heap->places = xrealloc(heap->places, wanted, sizeof *heap->places);
    memset(heap->places + heap->place_count, 0, (wanted - heap->place_count) * sizeof *heap->places);
    heap->place_count = wanted;
}

void heap_set(struct heap *heap, uint32_t value, int64_t at)
{
    struct heap_item item = {at, value};
    reserve_place(heap, value);
    if (heap->places[value]) {
        settle(heap, heap->places[value] - 1, item);
        return;
    }
    assert(heap->count < UINT32_MAX);
    heap->items = xgrow(heap->items, heap->count, &heap->capacity, sizeof *heap->items);
    heap->count++;
    sift_up(heap, heap->count - 1, item);
}

void heap_remove(struct heap *heap, uint32_t value)
{
    if (value >= heap->place_count || heap->places[value] == 0)
        return;
    size_t index = heap->places[value] - 1;
    heap->places[value] = 0;
    struct heap_item last = heap->items[--heap->count];
    if (index < heap->count)
        settle(heap, index, last);
}

bool heap_find(const struct heap *heap, uint32_t value, int64_t *at)
{
    if (value >= heap->place_count || heap->places[value] == 0)
        return false;
    *at = heap->items[heap->places[value] - 1].at;
    return true;
}

const struct heap_item *heap_first(const struct heap *heap)
{
    return heap->count ? &heap->items[0] : NULL;
}
