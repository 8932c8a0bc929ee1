/* What a table leaves out and cuts when the terminal is narrow. */
#include "unit/test.h"

#include "../../../clients/coordctl/table_fit.h"

/* A reference, a title, a state that may go second, a number that goes first. */
static void inbox(struct fit columns[4])
{
    columns[0] = (struct fit){.natural = 9};
    columns[1] = (struct fit){.natural = 90, .wide = true};
    columns[2] = (struct fit){.natural = 11, .spare = 2};
    columns[3] = (struct fit){.natural = 5, .spare = 1};
}

static size_t total(const struct fit *columns, size_t count)
{
    size_t sum = 0, shown = 0;
    for (size_t i = 0; i < count; i++) {
        sum += columns[i].given;
        shown += columns[i].given > 0;
    }
    return sum + shown - 1;
}

TEST(a_title_has_the_room_that_others_leave)
{
    struct fit columns[4];
    inbox(columns);
    table_fit(columns, 4, 100);
    assert_int_equal(columns[1].given, 100 - 9 - 11 - 5 - 3);
    assert_int_equal(total(columns, 4), 100);
}

TEST(what_is_spare_goes_before_a_title_is_cut_short)
{
    struct fit columns[4];
    inbox(columns);
    table_fit(columns, 4, 9 + FIT_WIDE_MIN + 11 + 5 + 2);
    assert_int_equal(columns[3].given, 0);
    assert_int_equal(columns[2].given, 11);
    inbox(columns);
    table_fit(columns, 4, 9 + FIT_WIDE_MIN + 11);
    assert_int_equal(columns[2].given, 0);
    assert_int_equal(columns[1].given, FIT_WIDE_MIN + 10);
    for (size_t width = 12; width < 150; width++) {
        inbox(columns);
        table_fit(columns, 4, width);
        assert_true(total(columns, 4) <= width);
        assert_true(columns[0].given == 9 && columns[1].given > 0);
    }
}

TEST(nothing_is_cut_without_an_end_of_room_and_empty_columns_are_left_out)
{
    struct fit columns[4];
    inbox(columns);
    columns[2].natural = 0;
    table_fit(columns, 4, 0);
    assert_int_equal(columns[1].given, 90);
    assert_int_equal(columns[2].given, 0);
    assert_int_equal(columns[3].given, 5);
}

TEST(two_wide_columns_share_what_the_shorter_does_not_need)
{
    struct fit columns[2] = {{.natural = 10, .wide = true}, {.natural = 300, .wide = true}};
    table_fit(columns, 2, 80);
    assert_int_equal(columns[0].given, 10);
    assert_int_equal(columns[1].given, 69);
    columns[0].natural = 300;
    table_fit(columns, 2, 81);
    assert_int_equal(columns[0].given, 40);
    assert_int_equal(columns[1].given, 40);
}
