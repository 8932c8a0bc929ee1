/* The order of Vietnamese names, and that it is an order at all. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/coordctl/layout.h"

/* Each line stands before the next. */
static const char *const dictionary[] = {
    "",
    "2 xã",
    "10 xã",
    "an",
    "An",
    "án",
    "ạn",
    "anh",
    "ăn",
    "âm",
    "ba",
    "ba ba",
    "ba bị",
    "bà",
    "bà con",
    "bả",
    "bã",
    "bá",
    "bạ",
    "băng",
    "bằng",
    "Các cơ quan",
    "Công an huyện Hàm Tân",
    "dân",
    "đá",
    "đất công",
    "đất ở",
    "e",
    "ê",
    "Hà Nội",
    "Hải Dương",
    "Huyện ủy",
    "lo",
    "lô",
    "lơ",
    "Phường 2",
    "Phường 10",
    "Sở Nội vụ",
    "Sở Tài chính",
    "thư",
    "Tỉnh ủy",
    "Tu Bông",
    "Tư Nghĩa",
    "Ủy ban",
    "Văn phòng",
    "xã Tân Hải",
    "y tế",
};
#define COUNT (sizeof dictionary / sizeof *dictionary)

TEST(names_stand_as_in_a_vietnamese_dictionary)
{
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++) {
            const int order = layout_compare(dictionary[i], dictionary[j]);
            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("`%s` and `%s` compare as %d", dictionary[i], dictionary[j], order);
        }
}

TEST(a_decomposed_name_stands_beside_its_composed_one)
{
    assert_true(layout_compare("ba\u0300", "ba") > 0);
    assert_true(layout_compare("ba\u0300", "b\u1ea3") < 0);
    assert_true(layout_compare("D\u0301", "\u0110a") < 0);
    /* Marks in either order: a, circumflex, dot below. */
    assert_true(layout_compare("a\u0323\u0302n", "\u1ea9n") > 0);
    assert_true(layout_compare("a\u0302\u0323n", "\u1eaen") > 0);
}

TEST(bytes_that_are_no_text_have_an_order_too)
{
    assert_true(layout_compare("\xff", "a") != 0);
    assert_int_equal(layout_compare("\xff", "\xff"), 0);
    assert_true((layout_compare("\xff", "a") < 0) == (layout_compare("a", "\xff") > 0));
    assert_int_equal(layout_compare("99999999999999999999999", "99999999999999999999999"), 0);
}

TEST(a_cut_text_ends_with_an_ellipsis_and_within_its_columns)
{
    static const char *const texts[] = {"Đẩy nhanh giải quyết các vụ việc tồn đọng", "Đẩy nhanh giải quyết", "abcdef"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t columns = 1; columns < 50; columns++) {
            char text[200];
            snprintf(text, sizeof text, "%s", texts[i]);
            const size_t whole = layout_columns(text, strlen(text));
            layout_cut(text, sizeof text, columns);
            assert_true(layout_columns(text, strlen(text)) <= columns);
            if (whole <= columns)
                assert_string_equal(text, texts[i]);
            else
                assert_non_null(strstr(text, "…"));
        }
}
