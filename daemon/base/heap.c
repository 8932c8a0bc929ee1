/* Invariant: for every i below count, the place of items[i].value is i + 1, and no child comes before its parent. */
#include "base/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define CHILDREN 4
#define PAGE     512 /* places: 2 KiB */

void heap_init(struct heap *heap)
{
    *heap = (struct heap){0};
}

void heap_done(struct heap *heap)
{
    free(heap->items);
    for (size_t i = 0; i < heap->page_count; i++)
        free(heap->pages[i].places);
    free(heap->pages);
    *heap = (struct heap){0};
}

static bool comes_before(struct heap_item a, struct heap_item b)
{
    return a.at < b.at || (a.at == b.at && a.value < b.value);
}

static void put(struct heap *heap, size_t index, struct heap_item item)
{
    heap->items[index] = item;
    heap->pages[item.value / PAGE].places[item.value % PAGE] = (uint32_t)index + 1;
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

/* ---- places ---- */

/* The index + 1; 0 when it is not in the heap. */
static uint32_t place_of(const struct heap *heap, uint32_t value)
{
    const size_t page = value / PAGE;
    return page < heap->page_count && heap->pages[page].places ? heap->pages[page].places[value % PAGE] : 0;
}

static void add_place(struct heap *heap, uint32_t value)
{
    const size_t page = value / PAGE;
    if (page >= heap->page_count) {
        size_t wanted = heap->page_count ? heap->page_count : 4;
        while (wanted <= page)
            wanted *= 2;
        heap->pages = xrealloc(heap->pages, wanted, sizeof *heap->pages);
        memset(heap->pages + heap->page_count, 0, (wanted - heap->page_count) * sizeof *heap->pages);
        heap->page_count = wanted;
    }
    if (!heap->pages[page].places)
        heap->pages[page].places = xcalloc(PAGE, sizeof *heap->pages[page].places);
    heap->pages[page].count++;
}

static void remove_place(struct heap *heap, uint32_t value)
{
    struct heap_page *page = &heap->pages[value / PAGE];
    page->places[value % PAGE] = 0;
    if (--page->count > 0)
        return;
    free(page->places);
    page->places = NULL;
}

/* ---- values ---- */

void heap_reserve(struct heap *heap, size_t count)
{
    if (count <= heap->capacity)
        return;
    heap->items = xrealloc(heap->items, count, sizeof *heap->items);
    heap->capacity = count;
}

void heap_set(struct heap *heap, uint32_t value, int64_t at)
{
    struct heap_item item = {at, value};
    const uint32_t place = place_of(heap, value);
    if (place) {
        settle(heap, place - 1, item);
        return;
    }
    assert(heap->count < UINT32_MAX);
    add_place(heap, value);
    heap->items = xgrow(heap->items, heap->count, &heap->capacity, sizeof *heap->items);
    heap->count++;
    sift_up(heap, heap->count - 1, item);
}

void heap_remove(struct heap *heap, uint32_t value)
{
    const uint32_t place = place_of(heap, value);
    if (!place)
        return;
    const size_t index = place - 1;
    struct heap_item last = heap->items[--heap->count];
    if (index < heap->count)
        settle(heap, index, last);
    remove_place(heap, value);
}

bool heap_find(const struct heap *heap, uint32_t value, int64_t *at)
{
    const uint32_t place = place_of(heap, value);
    if (!place)
        return false;
    *at = heap->items[place - 1].at;
    return true;
}

const struct heap_item *heap_first(const struct heap *heap)
{
    return heap->count ? &heap->items[0] : NULL;
}
