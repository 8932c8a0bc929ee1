/* What is next: held against a plain array that is looked through. */
#include "base/heap.h"

#include "unit/test.h"

#define VALUES 300

static uint64_t chance_state = 17;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

struct plain {
    bool is_there[VALUES];
    int64_t at[VALUES];
};

static void assert_first(const struct heap *heap, const struct plain *plain)
{
    int best = -1;
    for (int i = 0; i < VALUES; i++)
        if (plain->is_there[i] && (best < 0 || plain->at[i] < plain->at[best]))
            best = i;
    const struct heap_item *first = heap_first(heap);
    assert_int_equal(first != NULL, best >= 0);
    if (best >= 0) {
        assert_int_equal(first->value, best);
        assert_int_equal(first->at, plain->at[best]);
    }
}

TEST(the_first_is_the_earliest_whatever_was_set_moved_and_removed)
{
    struct heap heap = {0};
    static struct plain plain;
    for (int round = 0; round < 20000; round++) {
        uint32_t value = chance(VALUES);
        if (chance(3) == 0) {
            heap_remove(&heap, value);
            plain.is_there[value] = false;
        } else {
            plain.at[value] = chance(50); /* many at the same instant: the smallest number comes first */
            plain.is_there[value] = true;
            heap_set(&heap, value, plain.at[value]);
        }
        assert_first(&heap, &plain);
    }
    heap_done(&heap);
    assert_null(heap_first(&heap));
}

TEST(a_value_is_found_while_it_is_in_the_heap)
{
    struct heap heap;
    int64_t at = 0;
    heap_init(&heap);
    assert_false(heap_find(&heap, 5, &at));
    heap_set(&heap, 5, 70);
    heap_set(&heap, 1000, 60); /* far beyond the numbers so far */
    assert_false(heap_find(&heap, 6, &at));
    assert_true(heap_find(&heap, 5, &at));
    assert_int_equal(at, 70);
    heap_set(&heap, 5, 50);
    assert_int_equal(heap_first(&heap)->value, 5);
    heap_remove(&heap, 5);
    heap_remove(&heap, 5);
    heap_remove(&heap, 2000000);
    assert_false(heap_find(&heap, 5, &at));
    assert_int_equal(heap_first(&heap)->value, 1000);
    heap_done(&heap);
}

TEST(room_that_was_made_is_used_and_what_comes_beyond_it_has_room)
{
    struct heap heap = {0};
    heap_reserve(&heap, 10);
    const struct heap_item *items = heap.items;
    for (uint32_t i = 0; i < 10; i++)
        heap_set(&heap, i, 100 - (int64_t)i);
    assert_ptr_equal(heap.items, items);
    heap_reserve(&heap, 5); /* there is more */
    assert_int_equal(heap.capacity, 10);
    heap_set(&heap, 10, 0);
    assert_int_equal(heap.count, 11);
    assert_int_equal(heap_first(&heap)->value, 10);
    heap_remove(&heap, 10);
    assert_int_equal(heap_first(&heap)->value, 9);
    heap_done(&heap);
}
