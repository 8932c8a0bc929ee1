/* What coordctl says of targets. */
#include "unit/test.h"

#include "../../../clients/coordctl/target.h"

#define NAMED 12 /* at most: values_missing of a task */

TEST(each_period_that_is_missing_is_named_however_long_the_names_are)
{
    char longest[256];
    struct text names[NAMED];
    struct arena arena;
    arena_init(&arena);
    memset(longest, 'x', sizeof longest);
    for (int i = 0; i < NAMED; i++)
        names[i] = (struct text){longest, sizeof longest}; /* as many bytes as a text of a list may have */
    names[NAMED - 1] = TEXT("2024-W23");
    const struct texts periods = {names, NAMED};
    const struct text all = target_missing(&periods, UINT32_MAX, (struct text){0}, &arena);
    const struct text end = TEXT(", 2024-W23 and 4294967295 before them");
    assert_int_equal(all.size, (NAMED - 1) * sizeof longest + (NAMED - 2) * 2 + end.size);
    assert_memory_equal(all.data + all.size - end.size, end.data, end.size);
    arena_done(&arena);
}

TEST(the_one_that_is_told_apart_is_not_named_again)
{
    const struct text names[] = {TEXT("2024-W22"), TEXT("2024-W23"), TEXT("2024-W24")};
    const struct texts periods = {names, 3}, one = {names, 1};
    struct arena arena;
    arena_init(&arena);
    assert_string_equal(target_missing(&periods, 0, TEXT("2024-W23"), &arena).data, "2024-W22, 2024-W24");
    assert_string_equal(target_missing(&periods, 2, (struct text){0}, &arena).data,
                        "2024-W22, 2024-W23, 2024-W24 and 2 before them");
    assert_int_equal(target_missing(&one, 0, TEXT("2024-W22"), &arena).size, 0);
    arena_done(&arena);
}
