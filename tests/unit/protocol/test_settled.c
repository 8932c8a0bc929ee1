/* What is taken for settled is sound: whether it is what NFC makes of it is held in base/test_unicode.c. */
#include "settled.h"

#include <string.h>

#include "check.h"
#include "unit/test.h"

static bool is_sound(struct text text)
{
    uint32_t offset, control;
    return text_check(text, &offset, &control);
}

static bool is_settled(const char *text)
{
    return text_is_settled(text_of(text));
}

TEST(words_as_they_are_written_here_are_settled)
{
    assert_true(is_settled(""));
    assert_true(is_settled("Đã rà soát 12/20 xã; vướng mắc về hồ sơ địa chính đã có hướng xử lý…"));
    assert_true(is_settled("QUỸ ĐẤT – “dự án”\n\tthửa 7"));
    assert_true(is_settled("越南 一九"));
    assert_true(is_settled("\xC2\xA0"));
}

TEST(what_may_change_or_is_cut_short_is_not_settled)
{
    assert_false(is_settled("a\xCC\x81"));
    assert_false(is_settled("가"));
    assert_false(is_settled("\xE1\xBA"));
    assert_false(is_settled("\xC4"));
    assert_false(is_settled("a\x80"));
    assert_false(is_settled("\xE2\x80\xA8")); /* a break of a line */
    assert_false(is_settled("\xF0\x9F\x99\x82"));
    assert_false(text_is_settled((struct text){"a\0b", 3}));
}

/* Each start of up to three bytes, alone and between others. */
TEST(all_that_is_settled_is_sound)
{
    unsigned settled = 0;
    for (uint32_t bytes = 0; bytes < 1 << 24; bytes++) {
        const char text[] = {(char)(bytes >> 16), (char)(bytes >> 8), (char)bytes};
        if (!text_is_settled((struct text){text, 3}))
            continue;
        settled++;
        assert_true(is_sound((struct text){text, 3}));
    }
    /* Some million of ASCII, and all others that the head of settled.h names. */
    assert_true(settled > 97 * 97 * 97);
}

TEST(what_stands_apart_settled_is_settled_together)
{
    for (uint32_t bytes = 0; bytes < 1 << 16; bytes++) {
        const char two[] = {(char)(bytes >> 8), (char)bytes};
        const bool each = text_is_settled((struct text){two, 1}) && text_is_settled((struct text){two + 1, 1});
        if (each)
            assert_true(text_is_settled((struct text){two, 2}));
    }
}

TEST(the_letters_of_a_text_are_measured_one_by_one)
{
    const char *text = "aĐệ…一";
    const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);
    static const size_t sizes[] = {1, 2, 3, 3, 3};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; at += sizes[i++])
        assert_int_equal(text_settled_size(at, end), sizes[i]);
    assert_ptr_equal(at, end);
    assert_int_equal(text_settled_size((const unsigned char *)"\xCC\x81", (const unsigned char *)"\xCC\x81" + 2), 0);
}
