/* The ordered set of numbers, against a table of flags. */
#include "base/numbers.h"
#include "unit/test.h"

#define RANGE 6000

static uint64_t chance_state = 42;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

/* Each number of the set once, in order, from any place on. */
static void hold_equal(const struct numbers *numbers, const bool *wanted, uint32_t from)
{
    struct numbers_place place;
    uint32_t number = 0, count = 0;
    bool more = numbers_find(numbers, from, &place, &number);
    for (uint32_t i = 0; i < RANGE; i++) {
        count += wanted[i];
        if (!wanted[i] || i < from)
            continue;
        assert_true(more);
        assert_int_equal(number, i);
        more = numbers_next(numbers, &place, &number);
    }
    assert_false(more);
    assert_int_equal(numbers->count, count);
}

TEST(numbers_come_in_order_however_they_went_in_and_out)
{
    struct numbers numbers = {0};
    static bool wanted[RANGE];
    for (uint32_t i = 0; i < 60000; i++) {
        const uint32_t number = chance(RANGE);
        const bool grows = i / 15000 % 2 == 0; /* it fills, empties, fills and empties again */
        if (chance(8) ? grows : !grows) {
            numbers_add(&numbers, number);
            wanted[number] = true;
        } else {
            numbers_remove(&numbers, number);
            wanted[number] = false;
        }
        if (i % 1000 == 0)
            hold_equal(&numbers, wanted, chance(RANGE));
    }
    for (uint32_t i = 0; i < RANGE; i++) {
        numbers_remove(&numbers, i);
        wanted[i] = false;
    }
    hold_equal(&numbers, wanted, 0);
    assert_int_equal(numbers.block_count, 0);
    numbers_done(&numbers);
}

TEST(numbers_that_come_in_order_fill_their_blocks)
{
    struct numbers numbers = {0};
    size_t room = 0;
    for (uint32_t i = 1; i <= 100000; i++)
        numbers_add(&numbers, i);
    for (uint32_t i = 0; i < numbers.block_count; i++)
        room += numbers.blocks[i].capacity;
    assert_in_range(room, 100000, 101000);
    numbers_done(&numbers);
}

TEST(what_is_nearly_empty_gives_its_room_back)
{
    struct numbers numbers = {0};
    size_t room = 0;
    for (uint32_t i = 1; i <= 100000; i++)
        numbers_add(&numbers, i);
    for (uint32_t i = 1; i <= 100000; i++)
        if (i % 100)
            numbers_remove(&numbers, i);
    for (uint32_t i = 0; i < numbers.block_count; i++)
        room += numbers.blocks[i].capacity;
    assert_int_equal(numbers.count, 1000);
    assert_in_range(room, 1000, 4000);
    numbers_done(&numbers);
}
