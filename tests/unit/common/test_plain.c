/* What others wrote changes nothing of how the rest is shown. */
#include "unit/test.h"

#include <string.h>

#include "../../../clients/common/plain.h"

static const char *shown(const char *text, bool lines)
{
    static char plain[200];
    plain_copy(text, strlen(text), lines, plain, sizeof plain);
    return plain;
}

TEST(marks_of_direction_and_control_characters_stand_as_their_code)
{
    for (int32_t point = 0x202A; point <= 0x2069; point++) {
        char text[8] = {'a', (char)0xE2, (char)(0x80 | (point >> 6 & 0x3F)), (char)(0x80 | (point & 0x3F)), 'b', 0};
        const bool mark = point <= 0x202E || point >= 0x2066;
        assert_int_equal(strchr(shown(text, false), '<') != NULL, mark);
        assert_int_equal(strstr(shown(text, true), text) == NULL, mark);
    }
    assert_string_equal(shown("a\u202eb\u2066", false), "a<U+202E>b<U+2066>");
    assert_string_equal(shown("\x1b[2J\x7f\xC2\x9b", true), "<U+001B>[2J<U+007F><U+009B>");
    assert_string_equal(shown("\xFFx\xE1\xBB", true), "<0xFF>x<0xE1><0xBB>");
}

TEST(one_line_stays_one_line)
{
    assert_string_equal(shown("dòng một\ndòng hai\tcột\r", false), "dòng một dòng hai cột ");
    assert_string_equal(shown("dòng một\ndòng hai\tcột", true), "dòng một\ndòng hai\tcột");
}

TEST(what_does_not_fit_is_cut_to_a_whole_character)
{
    char plain[6];
    plain_copy("xễễ", 7, false, plain, sizeof plain);
    assert_string_equal(plain, "xễ");
    plain_copy("ab\u202e", 5, false, plain, sizeof plain);
    assert_string_equal(plain, "ab");
}

TEST(in_an_address_a_text_stays_one_part)
{
    struct buffer out = {0};
    plain_put_address(&out, "Az09-._~ &=?/#%+\"\xe1\xbb\x85");
    buffer_append(&out, "", 1);
    assert_string_equal(out.data, "Az09-._~%20%26%3D%3F%2F%23%25%2B%22%E1%BB%85");
    buffer_done(&out);
}
