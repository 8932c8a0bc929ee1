/* Figures keep their digits, in text and in JSON, and what would be rounded is refused. */
#include "unit/test.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/common/json_print.h"
#include "../../../clients/common/number.h"

static const char *written(double number)
{
    static char text[NUMBER_TEXT];
    number_write(number, text);
    return text;
}

TEST(a_figure_is_written_as_short_as_it_can_be_read_back)
{
    assert_string_equal(written(1234567.89), "1234567.89");
    assert_string_equal(written(16777217), "16777217");
    assert_string_equal(written(0.1), "0.1");
    assert_string_equal(written(0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(written(9007199254740992), "9007199254740992");
    assert_string_equal(written(-5), "-5");
    assert_string_equal(written(0), "0");
}

TEST(every_float_comes_back_as_it_was)
{
    uint64_t bits = 88172645463325252;
    for (int i = 0; i < 20000; i++) {
        double number, again;
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&number, &bits, sizeof number);
        if (!(number >= -DBL_MAX && number <= DBL_MAX))
            continue;
        assert_true(strlen(written(number)) < NUMBER_TEXT - 1);
        assert_true(number_read(written(number), &again));
        assert_memory_equal(&number, &again, sizeof number);
    }
}

TEST(what_is_no_figure_or_would_be_rounded_is_not_read)
{
    double number = 77;
    static const char *const bad[] = {"",
                                      "x",
                                      "1,5",
                                      "1.234.567",
                                      "0x10",
                                      "nan",
                                      "inf",
                                      "1e999",
                                      "-",
                                      "1 ",
                                      "9007199254740993",
                                      "-9007199254740993",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(number_read(bad[i], &number));
    assert_true(number == 77);
    assert_true(number_read("9007199254740994", &number) && number == 9007199254740994.0);
    assert_true(number_read("-12.50", &number) && number == -12.5);
    assert_true(number_holds(INT64_MIN) && !number_holds(INT64_MAX));
}

static const char *printed(const char *json, enum json_layout layout)
{
    static char text[600];
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    FILE *file = fmemopen(text, sizeof text, "w");
    assert_non_null(value);
    json_print(file, value, layout);
    fclose(file);
    json_decref(value);
    return text;
}

TEST(json_holds_figures_with_their_digits)
{
    assert_string_equal(printed("{\"a\": [1234567.89, 5, true, null], \"b\": {}, \"c\": []}", JSON_SPACED),
                        "{\"a\": [1234567.89, 5, true, null], \"b\": {}, \"c\": []}");
    assert_string_equal(printed("{\"a\": [1, \"x\"], \"b\": {}}", JSON_LINE), "{\"a\":[1,\"x\"],\"b\":{}}");
    assert_string_equal(printed("{\"a\": [1, {\"b\": 2}]}", JSON_INDENTED),
                        "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ]\n}");
}

TEST(json_is_read_back_as_it_was_and_holds_no_mark_of_direction)
{
    const char *text = printed("\"\\\"\\\\\\n\\t\\u0001\\u202e\\u2069ễ\\ud83c\\uddfb\"", JSON_LINE);
    json_t *again = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_string_equal(text, "\"\\\"\\\\\\n\\t\\u0001\\u202e\\u2069ễ🇻\"");
    assert_string_equal(json_string_value(again), "\"\\\n\t\x01\u202e\u2069ễ🇻");
    json_decref(again);
}
