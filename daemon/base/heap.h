/* A 4-ary heap of numbered values, each at most once, ordered by an instant and then by the number: which deadline is
 * next. Changing or removing any value takes O(log n).
 *
 * Costs 12 bytes for a value in the heap, and 4 for each number of a page of 512 that has one in it.
 */
#ifndef COORDD_BASE_HEAP_H
#define COORDD_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_item {
    int64_t at;
    uint32_t value;
} __attribute__((packed, aligned(4))); /* 12 bytes: a million deadlines wait */

struct heap_page {
    uint32_t *places; /* by value: index in items + 1, 0 when it is not in the heap; NULL while none of the page is */
    uint32_t count;   /* of its values that are in the heap */
};

struct heap {
    struct heap_item *items;
    size_t count, capacity;
    struct heap_page *pages;
    size_t page_count;
};

void heap_init(struct heap *heap); /* all zeroes is as good */
void heap_done(struct heap *heap);
void heap_reserve(struct heap *heap, size_t count);           /* room for so many, which are about to come */
void heap_set(struct heap *heap, uint32_t value, int64_t at); /* adds it, or moves it */
void heap_remove(struct heap *heap, uint32_t value);          /* nothing when it is not there */
bool heap_find(const struct heap *heap, uint32_t value, int64_t *at);
/* The first: NULL when the heap is empty. Valid until the heap changes. */
const struct heap_item *heap_first(const struct heap *heap);

#endif
