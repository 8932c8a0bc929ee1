/* Numbers, sizes, days and terms keep to their bounds, in every field of every message. */
#include <stdio.h>
#include <string.h>

#include "attempt.h"
#include "check.h"
#include "frame.h"
#include "unit/test.h"

/* ---- bounds ---- */

static struct text integer(char *bytes, bool negative, uint64_t bits)
{
    bytes[0] = negative ? (char)0xD3 : (char)0xCF;
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (char)(bits >> (56 - 8 * i));
    return (struct text){bytes, 9};
}

static void visit_numbers(struct attempt *attempt, const struct message *message, const struct field *field)
{
    char bytes[9];
    if (field->type != FIELD_U64 && field->type != FIELD_I64 && field->type != FIELD_TIME)
        return;
    bool low = field->min < 0;
    attempt_expect(attempt, message, field, integer(bytes, low, (uint64_t)field->min), 0);
    attempt_expect(attempt, message, field, integer(bytes, false, field->max), 0);
    if (field->min > INT64_MIN)
        attempt_expect(attempt, message, field, integer(bytes, field->min < 1, (uint64_t)field->min - 1),
                       COORD_E_OUT_OF_RANGE);
    attempt_expect(attempt, message, field, integer(bytes, false, field->max + 1), COORD_E_OUT_OF_RANGE);
    attempt_expect(attempt, message, field, integer(bytes, false, UINT64_MAX), COORD_E_OUT_OF_RANGE);
    if (field->min > INT64_MIN)
        attempt_expect(attempt, message, field, integer(bytes, true, (uint64_t)INT64_MIN), COORD_E_OUT_OF_RANGE);
}

TEST(numbers_keep_to_their_bounds)
{
    attempt_each_field(visit_numbers);
}

static void visit_whole_floats(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type != FIELD_U64 && field->type != FIELD_I64 && field->type != FIELD_TIME)
        return;
    /* 1.5, 2^53 + 2, infinity and not a number are no integers, whatever the bounds. */
    attempt_expect(attempt, message, field, TEXT("\xCB\x3F\xF8\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    attempt_expect(attempt, message, field, TEXT("\xCB\x43\x40\0\0\0\0\0\1"), COORD_E_BAD_TYPE);
    attempt_expect(attempt, message, field, TEXT("\xCB\x7F\xF0\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    attempt_expect(attempt, message, field, TEXT("\xCB\x7F\xF8\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    const int at_53 = field->max >= UINT64_C(1) << 53 ? 0 : COORD_E_OUT_OF_RANGE;
    attempt_expect(attempt, message, field, TEXT("\xCB\x43\x40\0\0\0\0\0\0"), at_53);
    if (field->min <= 1 && field->max >= 1) {
        coord_u64 *slot = (coord_u64 *)(void *)(attempt->out.bytes + field->offset);
        attempt_expect(attempt, message, field, TEXT("\xCB\x3F\xF0\0\0\0\0\0\0"), 0);
        assert_int_equal(*slot, 1);
        attempt_expect(attempt, message, field, TEXT("\xCA\x3F\x80\0\0"), 0); /* a float32 */
        assert_int_equal(*slot, 1);
    }
    if (field->min <= -1) {
        attempt_expect(attempt, message, field, TEXT("\xCB\xBF\xF0\0\0\0\0\0\0"), 0);
        assert_int_equal(*(coord_i64 *)(void *)(attempt->out.bytes + field->offset), -1);
    }
}

TEST(a_float_that_is_a_whole_number_is_taken_for_an_integer)
{
    attempt_each_field(visit_whole_floats);
}

/* A value of so many bytes, elements or maps, made of something that is allowed. */
static void sized_value(struct buffer *value, const struct field *field, uint64_t count)
{
    const unsigned char size[4] = {(unsigned char)(count >> 24), (unsigned char)(count >> 16),
                                   (unsigned char)(count >> 8), (unsigned char)count};
    const char *head = field->type == FIELD_TEXT ? "\xDB" : field->type == FIELD_BYTES ? "\xC6" : "\xDD";
    const char *unit = field->type == FIELD_TEXTS ? "\xA1x" : field->type == FIELD_RAWS ? "\x80" : "x";
    buffer_clear(value);
    buffer_append(value, head, 1);
    buffer_append(value, size, 4);
    struct buffer item = {0};
    if (field->type == FIELD_MESSAGES) {
        struct arena arena = {0};
        union any_message in;
        fill_message(&arena, field->message, &in, 1, true);
        message_encode(&item, "x", (struct text){NULL, 0}, field->message, &in);
        arena_done(&arena);
    } else {
        buffer_append(&item, unit, strlen(unit));
    }
    for (uint64_t i = 0; i < count; i++)
        buffer_append(value, item.data, item.size);
    buffer_done(&item);
}

static void visit_sizes(struct attempt *attempt, const struct message *message, const struct field *field)
{
    struct buffer value = {0};
    if (field->type != FIELD_TEXT && field->type != FIELD_BYTES && field->type != FIELD_TEXTS &&
        field->type != FIELD_U64S && field->type != FIELD_RAWS && field->type != FIELD_MESSAGES)
        return;
    if (field->min > 0) {
        sized_value(&value, field, (uint64_t)field->min - 1);
        attempt_expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_OUT_OF_RANGE);
        sized_value(&value, field, (uint64_t)field->min);
        attempt_expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, 0);
    }
    /* The longest lists of the largest messages would not fit into a frame. */
    sized_value(&value, field, field->max);
    if (value.size < FRAME_SIZE_MAX / 2 && field->max * (field->message ? field->message->count : 1) < 30000)
        attempt_expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, 0);
    sized_value(&value, field, field->max + 1);
    if (value.size < FRAME_SIZE_MAX / 2)
        attempt_expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_OUT_OF_RANGE);
    buffer_done(&value);
}

TEST(texts_bytes_and_arrays_keep_to_their_bounds)
{
    attempt_each_field(visit_sizes);
}

static void visit_num(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type != FIELD_NUM)
        return;
    attempt_expect(attempt, message, field, TEXT("\xCB\x7F\xF0\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE); /* infinity */
    attempt_expect(attempt, message, field, TEXT("\xCB\xFF\xF0\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE);
    attempt_expect(attempt, message, field, TEXT("\xCB\x7F\xF8\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE); /* not a number */
    attempt_expect(attempt, message, field, TEXT("\xCA\x3F\xC0\0\0"), 0);                            /* a float32 */
    attempt_expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\0"), 0);                    /* 2^53 */
    attempt_expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\1"), COORD_E_OUT_OF_RANGE); /* is rounded */
    attempt_expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\2"), 0);
    attempt_expect(attempt, message, field, TEXT("\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), COORD_E_OUT_OF_RANGE);
    attempt_expect(attempt, message, field, TEXT("\xD3\xFF\xDF\xFF\xFF\xFF\xFF\xFF\xFF"),
                   COORD_E_OUT_OF_RANGE); /* -2^53-1 */
    attempt_expect(attempt, message, field, TEXT("\xD3\x80\0\0\0\0\0\0\0"), 0);
}

TEST(numbers_are_finite_and_may_be_integers)
{
    attempt_each_field(visit_num);
}

/* ---- days ---- */

TEST(days_are_real_days_of_this_century)
{
    static const char *const sound[] = {"2000-01-01", "2024-02-29", "2099-12-31", "2000-02-29", "2023-04-30"};
    static const char *const wrong[] = {
        "1999-12-31", "2100-01-01",  "2023-02-29", "2024-02-30", "2024-04-31", "2024-13-01",
        "2024-00-01", "2024-01-00",  "2024-01-32", "2024-1-01",  "24-01-01",   "2024/01/01",
        "2024-01-1x", "2024-01-011", "20240101",   "",           "2O24-01-01", "2024-01-01 ",
        "1024-01-01", "2024-01/01",  "20/4-01-01", "20:4-01-01", "202/-01-01", "202:-01-01",
    };
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++)
        assert_true(day_check(text_of(sound[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(day_check(text_of(wrong[i])));
}

static void visit_days(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type != FIELD_DAY)
        return;
    attempt_expect(attempt, message, field,
                   TEXT("\xAA"
                        "2023-02-29"),
                   COORD_E_BAD_DATE);
    attempt_expect(attempt, message, field, TEXT("\xA0"), COORD_E_BAD_DATE);
    attempt_expect(attempt, message, field,
                   TEXT("\xA4"
                        "10wd"),
                   COORD_E_BAD_DATE);
    attempt_expect(attempt, message, field,
                   TEXT("\xAA"
                        "2024-02-29"),
                   0);
}

TEST(a_day_that_is_none_is_refused)
{
    attempt_each_field(visit_days);
}

/* ---- terms ---- */

static void visit_terms(struct attempt *attempt, const struct message *message, const struct field *field)
{
    char path[96];
    if (field->type == FIELD_TERM) {
        attempt_expect(attempt, message, field,
                       TEXT("\xA7"
                            "bananas"),
                       COORD_E_BAD_TERM);
        attempt_expect(attempt, message, field, TEXT("\xA0"), COORD_E_BAD_TERM);
        attempt_expect(attempt, message, field, TEXT("\xA2\xFF\xFE"), COORD_E_BAD_TERM); /* and is not shown */
        attempt_expect(attempt, message, field, TEXT("\xD9\x29xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
                       COORD_E_BAD_TERM);
        assert_null(strstr(attempt->problem.message, "xxxx")); /* 41 bytes are not shown either */
    } else if (field->type == FIELD_TERMS) {
        snprintf(path, sizeof path, "%s[0]", field->name);
        attempt_expect(attempt, message, field,
                       TEXT("\x91\xA7"
                            "bananas"),
                       COORD_E_BAD_TERM);
        assert_string_equal(attempt->problem.field, path);
        attempt_expect(attempt, message, field, TEXT("\x90"), 0);
    }
}

TEST(terms_that_are_too_many_to_be_listed_end_in_an_ellipsis)
{
    for (int size = 1; size <= 40; size++) {
        struct term terms[40];
        struct vocabulary vocabulary = {.name = "many", .terms = terms, .count = 40};
        struct field field = {.name = "many", .vocabulary = &vocabulary};
        struct problem problem = {0};
        uint32_t offset, control;
        char first[41] = "";
        memset(first, 'a', (size_t)size);
        for (int i = 0; i < 40; i++)
            terms[i] = (struct term){
                .number = i + 1, .name = i ? "eleven-more" : first, .name_size = (uint8_t)(i ? 11 : size)};
        assert_int_equal(field_bad_term(&field, TEXT("12345678901234567890123456789"), -1, &problem), COORD_E_BAD_TERM);
        assert_true(text_check(text_of(problem.message), &offset, &control));
        assert_non_null(strstr(problem.message, "eleven-more, eleven-more"));
        assert_non_null(strstr(problem.message, "…"));
    }
}

TEST(a_term_that_is_none_is_refused)
{
    attempt_each_field(visit_terms);
}
