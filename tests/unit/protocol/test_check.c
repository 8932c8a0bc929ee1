/* Every refusal, for every field of every message: the same tables that check are walked to try. */
#include "unit/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "filler.h"
#include "frame.h"

/* ---- trying one value in one field ---- */

struct attempt {
    struct decoder *decoder;
    struct arena arena;
    struct buffer frame;
    struct problem problem;
    union any_message in, out;
};

static void attempt_init(struct attempt *attempt)
{
    memset(attempt, 0, sizeof *attempt);
    attempt->decoder = decoder_new();
}

static void attempt_done(struct attempt *attempt)
{
    decoder_free(attempt->decoder);
    arena_done(&attempt->arena);
    buffer_done(&attempt->frame);
}

/* A message otherwise sound with this field left out. */
static void leave_out(struct attempt *attempt, const struct message *message, const struct field *field)
{
    arena_clear(&attempt->arena);
    fill_message(&attempt->arena, message, &attempt->in, 2, true);
    attempt->in.has &= ~((msg_bits)1 << (field - message->fields));
}

static int decode(struct attempt *attempt, const struct message *message)
{
    struct envelope envelope;
    memset(&attempt->problem, 0, sizeof attempt->problem);
    int error = decoder_open(attempt->decoder, attempt->frame.data, attempt->frame.size, &envelope, &attempt->problem);
    memset(&attempt->out, 0xAA, sizeof attempt->out);
    if (!error)
        error = decoder_read(attempt->decoder, message, &attempt->out, &attempt->problem);
    assert_int_equal(error, attempt->problem.error);
    if (error)
        test_saw(&attempt->problem);
    if (error)
        for (size_t i = 0; i < message->size; i++)
            assert_int_equal(attempt->out.bytes[i], 0);
    return error;
}

/* What the decoder says to this value, msgpack as it stands, in this field. */
static int try(struct attempt *attempt, const struct message *message, const struct field *field, struct text value)
{
    leave_out(attempt, message, field);
    frame_with(&attempt->frame, message, &attempt->in, field->name, value);
    return decode(attempt, message);
}

static void expect(struct attempt *attempt, const struct message *message, const struct field *field, struct text value,
                   int error)
{
    int got = try(attempt, message, field, value);
    if (got != error)
        fail_msg("%s.%s of type %d: %d instead of %d: %s", message->name, field->name, (int)field->type, got, error,
                 attempt->problem.message);
    if (got) {
        assert_memory_equal(attempt->problem.field, field->name, field->name_size);
        assert_non_null(strstr(attempt->problem.message, field->name));
    }
}

typedef void field_visitor(struct attempt *attempt, const struct message *message, const struct field *field);

static void each_field(field_visitor *visit)
{
    struct attempt attempt;
    attempt_init(&attempt);
    for (size_t m = 0; m < every_message_count; m++)
        for (uint16_t i = 0; i < every_message[m]->count; i++)
            visit(&attempt, every_message[m], &every_message[m]->fields[i]);
    attempt_done(&attempt);
}

/* ---- presence ---- */

static void visit_missing(struct attempt *attempt, const struct message *message, const struct field *field)
{
    leave_out(attempt, message, field);
    buffer_clear(&attempt->frame);
    message_encode(&attempt->frame, "test", TEXT("1"), message, &attempt->in);
    int wanted = field->required ? COORD_E_MISSING_FIELD : 0;
    assert_int_equal(decode(attempt, message), wanted);
    if (wanted)
        assert_string_equal(attempt->problem.field, field->name);
    assert_int_equal(message_check(message, &attempt->in, &attempt->problem), wanted);
    if (wanted)
        assert_string_equal(attempt->problem.field, field->name);
}

TEST(a_required_field_may_not_be_absent_and_an_optional_one_may)
{
    each_field(visit_missing);
}

static void visit_nil(struct attempt *attempt, const struct message *message, const struct field *field)
{
    int error = try(attempt, message, field, TEXT("\xC0"));
    assert_int_equal(error, field->required ? COORD_E_MISSING_FIELD : 0);
    if (!error)
        assert_false((attempt->out.has >> (field - message->fields)) & 1);
}

TEST(nil_is_as_good_as_absent)
{
    each_field(visit_nil);
}

static void visit_twice(struct attempt *attempt, const struct message *message, const struct field *field)
{
    arena_clear(&attempt->arena);
    fill_message(&attempt->arena, message, &attempt->in, 2, false);
    frame_with(&attempt->frame, message, &attempt->in, field->name, TEXT("\xC0"));
    assert_int_equal(decode(attempt, message), COORD_E_BAD_VALUE);
    assert_string_equal(attempt->problem.field, field->name);
}

TEST(no_field_may_be_given_twice)
{
    each_field(visit_twice);
}

TEST(unknown_keys_are_ignored)
{
    struct attempt attempt;
    attempt_init(&attempt);
    for (size_t m = 0; m < every_message_count; m++) {
        fill_message(&attempt.arena, every_message[m], &attempt.in, 2, false);
        frame_with(&attempt.frame, every_message[m], &attempt.in, "of_a_later_version", TEXT("\x92\x81\x01\x02\xC3"));
        assert_int_equal(decode(&attempt, every_message[m]), 0);
        assert_true(same_message(every_message[m], &attempt.in, &attempt.out));
    }
    attempt_done(&attempt);
}

/* ---- types ---- */

/* What each type of field may be given: bits of the samples below. */
enum sample { BOOLEAN, POSITIVE, NEGATIVE, FLOAT, WHOLE, TEXT_, BINARY, ARRAY, MAP, EXTENSION, SAMPLES };

static const struct text samples[SAMPLES] = {
    [BOOLEAN] = {"\xC3", 1},
    [POSITIVE] = {"\x01", 1},
    [NEGATIVE] = {"\xFF", 1},
    [FLOAT] = {"\xCB\x3F\xF8\0\0\0\0\0\0", 9},
    [WHOLE] = {"\xCB\x3F\xF0\0\0\0\0\0\0", 9},
    [TEXT_] = {"\xA1x", 2},
    [BINARY] = {"\xC4\x01x", 3},
    [ARRAY] = {"\x90", 1},
    [MAP] = {"\x80", 1},
    [EXTENSION] = {"\xD4\x01x", 3},
};

#define OF(sample) (1u << (sample))
static const unsigned taken[] = {
    [FIELD_U64] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_I64] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_NUM] = OF(POSITIVE) | OF(NEGATIVE) | OF(FLOAT) | OF(WHOLE),
    [FIELD_FLAG] = OF(BOOLEAN),
    [FIELD_TIME] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_TEXT] = OF(TEXT_),
    [FIELD_DAY] = OF(TEXT_),
    [FIELD_BYTES] = OF(BINARY),
    [FIELD_TEXTS] = OF(ARRAY),
    [FIELD_U64S] = OF(ARRAY),
    [FIELD_RAWS] = OF(ARRAY),
    [FIELD_TERM] = OF(TEXT_),
    [FIELD_TERMS] = OF(ARRAY),
    [FIELD_MESSAGE] = OF(MAP),
    [FIELD_MESSAGES] = OF(ARRAY),
};

static void visit_types(struct attempt *attempt, const struct message *message, const struct field *field)
{
    for (int sample = 0; sample < SAMPLES; sample++) {
        if (!(taken[field->type] & OF(sample)))
            expect(attempt, message, field, samples[sample], COORD_E_BAD_TYPE);
        else
            assert_int_not_equal(try(attempt, message, field, samples[sample]), COORD_E_BAD_TYPE);
    }
}

TEST(a_field_of_another_type_is_refused_by_name)
{
    each_field(visit_types);
}

static void visit_elements(struct attempt *attempt, const struct message *message, const struct field *field)
{
    unsigned elements = field->type == FIELD_TEXTS || field->type == FIELD_TERMS     ? OF(TEXT_)
                        : field->type == FIELD_U64S                                  ? OF(POSITIVE) | OF(WHOLE)
                        : field->type == FIELD_RAWS || field->type == FIELD_MESSAGES ? OF(MAP)
                                                                                     : 0;
    for (int sample = 0; elements && sample < SAMPLES; sample++) {
        char path[96];
        if (elements & OF(sample))
            continue;
        struct buffer value = {0};
        buffer_append(&value, "\x91", 1);
        buffer_append(&value, samples[sample].data, samples[sample].size);
        expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_BAD_TYPE);
        snprintf(path, sizeof path, "%s[0]", field->name);
        assert_string_equal(attempt->problem.field, path);
        buffer_done(&value);
    }
}

TEST(an_element_of_another_type_is_refused_by_place)
{
    each_field(visit_elements);
}

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
    expect(attempt, message, field, integer(bytes, low, (uint64_t)field->min), 0);
    expect(attempt, message, field, integer(bytes, false, field->max), 0);
    if (field->min > INT64_MIN)
        expect(attempt, message, field, integer(bytes, field->min < 1, (uint64_t)field->min - 1), COORD_E_OUT_OF_RANGE);
    expect(attempt, message, field, integer(bytes, false, field->max + 1), COORD_E_OUT_OF_RANGE);
    expect(attempt, message, field, integer(bytes, false, UINT64_MAX), COORD_E_OUT_OF_RANGE);
    if (field->min > INT64_MIN)
        expect(attempt, message, field, integer(bytes, true, (uint64_t)INT64_MIN), COORD_E_OUT_OF_RANGE);
}

TEST(numbers_keep_to_their_bounds)
{
    each_field(visit_numbers);
}

static void visit_whole_floats(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type != FIELD_U64 && field->type != FIELD_I64 && field->type != FIELD_TIME)
        return;
    /* 1.5, 2^53 + 2, infinity and not a number are no integers, whatever the bounds. */
    expect(attempt, message, field, TEXT("\xCB\x3F\xF8\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    expect(attempt, message, field, TEXT("\xCB\x43\x40\0\0\0\0\0\1"), COORD_E_BAD_TYPE);
    expect(attempt, message, field, TEXT("\xCB\x7F\xF0\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    expect(attempt, message, field, TEXT("\xCB\x7F\xF8\0\0\0\0\0\0"), COORD_E_BAD_TYPE);
    const int at_53 = field->max >= UINT64_C(1) << 53 ? 0 : COORD_E_OUT_OF_RANGE;
    expect(attempt, message, field, TEXT("\xCB\x43\x40\0\0\0\0\0\0"), at_53);
    if (field->min <= 1 && field->max >= 1) {
        coord_u64 *slot = (coord_u64 *)(void *)(attempt->out.bytes + field->offset);
        expect(attempt, message, field, TEXT("\xCB\x3F\xF0\0\0\0\0\0\0"), 0);
        assert_int_equal(*slot, 1);
        expect(attempt, message, field, TEXT("\xCA\x3F\x80\0\0"), 0); /* a float32 */
        assert_int_equal(*slot, 1);
    }
    if (field->min <= -1) {
        expect(attempt, message, field, TEXT("\xCB\xBF\xF0\0\0\0\0\0\0"), 0);
        assert_int_equal(*(coord_i64 *)(void *)(attempt->out.bytes + field->offset), -1);
    }
}

TEST(a_float_that_is_a_whole_number_is_taken_for_an_integer)
{
    each_field(visit_whole_floats);
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
        expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_OUT_OF_RANGE);
        sized_value(&value, field, (uint64_t)field->min);
        expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, 0);
    }
    /* The longest lists of the largest messages would not fit into a frame. */
    sized_value(&value, field, field->max);
    if (value.size < FRAME_SIZE_MAX / 2 && field->max * (field->message ? field->message->count : 1) < 30000)
        expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, 0);
    sized_value(&value, field, field->max + 1);
    if (value.size < FRAME_SIZE_MAX / 2)
        expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_OUT_OF_RANGE);
    buffer_done(&value);
}

TEST(texts_bytes_and_arrays_keep_to_their_bounds)
{
    each_field(visit_sizes);
}

static void visit_num(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type != FIELD_NUM)
        return;
    expect(attempt, message, field, TEXT("\xCB\x7F\xF0\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE); /* infinity */
    expect(attempt, message, field, TEXT("\xCB\xFF\xF0\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE);
    expect(attempt, message, field, TEXT("\xCB\x7F\xF8\0\0\0\0\0\0"), COORD_E_OUT_OF_RANGE); /* not a number */
    expect(attempt, message, field, TEXT("\xCA\x3F\xC0\0\0"), 0);                            /* a float32 */
    expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\0"), 0);                    /* 2^53 */
    expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\1"), COORD_E_OUT_OF_RANGE); /* is rounded */
    expect(attempt, message, field, TEXT("\xCF\x00\x20\0\0\0\0\0\2"), 0);
    expect(attempt, message, field, TEXT("\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), COORD_E_OUT_OF_RANGE);
    expect(attempt, message, field, TEXT("\xD3\xFF\xDF\xFF\xFF\xFF\xFF\xFF\xFF"), COORD_E_OUT_OF_RANGE); /* -2^53-1 */
    expect(attempt, message, field, TEXT("\xD3\x80\0\0\0\0\0\0\0"), 0);
}

TEST(numbers_are_finite_and_may_be_integers)
{
    each_field(visit_num);
}

/* ---- text ---- */

struct sample_text {
    const char *data;
    bool sound;
};

/* Of eight bytes and around, because text is checked eight bytes at a time. */
static const struct sample_text sample_texts[] = {
    {"Hàm Tân", true},
    {"Đất đai, môi trường", true},
    {"tab\tnewline\n", true},
    {"\xF0\x9F\x87\xBB\xF0\x9F\x87\xB3", true}, /* beyond the basic plane */
    {"\xEF\xBF\xBD\xE2\x80\x8B", true},
    {"\xF4\x8F\xBF\xBF", true}, /* U+10FFFF */
    {"\xED\x9F\xBF", true},     /* the last before the surrogates */
    {"\xEE\x80\x80", true},     /* the first after them */
    {"carriage\r", false},
    {"\x01", false},
    {"sevennn\x1F", false},
    {"eighteight\x07", false},
    {"delete\x7F", false},
    {"sevennn\x7F", false},
    {"next line \xC2\x85", false},
    {"\xC2\x9F", false},
    {"\xC2\xA0", true},  /* no-break space is no control character */
    {"\x80", false},     /* begins with a continuation */
    {"\xC0\xAF", false}, /* overlong */
    {"\xC1\xBF", false},
    {"\xE0\x80\xAF", false},
    {"\xE0\x9F\xBF", false},
    {"\xF0\x80\x80\xAF", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xED\xA0\x80", false}, /* surrogates */
    {"\xED\xBF\xBF", false},
    {"\xF4\x90\x80\x80", false}, /* above U+10FFFF */
    {"\xF5\x80\x80\x80", false},
    {"\xFF", false},
    {"cut \xE1\xBB", false},
    {"cut \xC4", false},
    {"cut \xF0\x9F\x87", false},
    {"\xE1\xBBx", false},
    {"\xE1xx", false},
    {"\xC4x", false},
};

TEST(text_is_utf8_without_control_characters)
{
    for (size_t i = 0; i < sizeof sample_texts / sizeof sample_texts[0]; i++)
        for (uint32_t before = 0; before < 20; before++) {
            uint32_t offset = 0, control = 0;
            char *bytes = malloc(before + strlen(sample_texts[i].data));
            memset(bytes, 'x', before);
            memcpy(bytes + before, sample_texts[i].data, strlen(sample_texts[i].data));
            struct text text = {bytes, before + (uint32_t)strlen(sample_texts[i].data)};
            assert_int_equal(text_check(text, &offset, &control), sample_texts[i].sound);
            if (!sample_texts[i].sound)
                assert_true(offset >= before && offset < text.size);
            free(bytes);
        }
}

TEST(every_byte_of_ascii_is_judged_alike_wherever_it_stands)
{
    for (int byte = 0; byte < 128; byte++)
        for (size_t at = 0; at < 16; at++) {
            char bytes[16];
            uint32_t offset = 99, control = 99;
            memset(bytes, '~', sizeof bytes);
            bytes[at] = (char)byte;
            bool sound = (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t';
            assert_int_equal(text_check((struct text){bytes, 16}, &offset, &control), sound);
            if (!sound)
                assert_int_equal(offset, at);
        }
}

/* A number in so many bytes, whether they are the right ones or more. */
static struct text in_bytes(uint32_t number, uint32_t size, char bytes[4])
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (uint32_t i = size; i-- > 1; number >>= 6)
        bytes[i] = (char)(0x80 | (number & 0x3F));
    bytes[0] = (char)(marks[size] | number);
    return (struct text){bytes, size};
}

TEST(every_character_is_judged_by_its_number_and_its_bytes)
{
    static const uint32_t ends[] = {0, 0x80, 0x800, 0x10000, 0x200000};
    for (uint32_t size = 1; size <= 4; size++)
        for (uint32_t number = 0; number < ends[size]; number++) {
            char bytes[4];
            uint32_t offset = 99, control = 99;
            const bool is_control = number < 0x20 ? number != '\n' && number != '\t' : number >= 0x7F && number < 0xA0;
            const bool is_utf8 = number >= (size > 1 ? ends[size - 1] : 0) && number <= 0x10FFFF &&
                                 (number < 0xD800 || number >= 0xE000);
            assert_int_equal(text_check(in_bytes(number, size, bytes), &offset, &control), is_utf8 && !is_control);
            if (!is_utf8)
                assert_int_equal(control, 0);
            else if (is_control)
                assert_int_equal(control, number ? number : UINT32_MAX);
        }
}

static void visit_texts(struct attempt *attempt, const struct message *message, const struct field *field)
{
    if (field->type == FIELD_TEXT) {
        /* As long as the least that the field takes, with a broken byte at its end. */
        uint32_t size = field->min > 2 ? (uint32_t)field->min : 2;
        char value[64 + 2] = {(char)0xD9, (char)size};
        memset(value + 2, 'x', size);
        value[2 + size - 1] = '\x07';
        expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "U+0007"));
        value[2 + size - 1] = '\0';
        expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "U+0000"));
        value[2 + size - 1] = '\xFF';
        expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "UTF-8"));
    } else if (field->type == FIELD_TEXTS) {
        char path[96];
        snprintf(path, sizeof path, "%s[1]", field->name);
        expect(attempt, message, field, TEXT("\x92\xA1x\xA1\x07"), COORD_E_BAD_TEXT);
        assert_string_equal(attempt->problem.field, path);
        expect(attempt, message, field, TEXT("\x92\xA1x\xA0"), COORD_E_OUT_OF_RANGE);
        assert_string_equal(attempt->problem.field, path);
        char value[4 + TEXTS_ITEM_MAX + 1] = "\x91\xDA\x01\x01";
        memset(value + 4, 'x', TEXTS_ITEM_MAX + 1);
        expect(attempt, message, field, (struct text){value, sizeof value}, COORD_E_OUT_OF_RANGE);
    }
}

TEST(broken_text_is_refused_by_place)
{
    each_field(visit_texts);
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
    expect(attempt, message, field,
           TEXT("\xAA"
                "2023-02-29"),
           COORD_E_BAD_DATE);
    expect(attempt, message, field, TEXT("\xA0"), COORD_E_BAD_DATE);
    expect(attempt, message, field,
           TEXT("\xA4"
                "10wd"),
           COORD_E_BAD_DATE);
    expect(attempt, message, field,
           TEXT("\xAA"
                "2024-02-29"),
           0);
}

TEST(a_day_that_is_none_is_refused)
{
    each_field(visit_days);
}

/* ---- terms ---- */

static void visit_terms(struct attempt *attempt, const struct message *message, const struct field *field)
{
    char path[96];
    if (field->type == FIELD_TERM) {
        expect(attempt, message, field,
               TEXT("\xA7"
                    "bananas"),
               COORD_E_BAD_TERM);
        expect(attempt, message, field, TEXT("\xA0"), COORD_E_BAD_TERM);
        expect(attempt, message, field, TEXT("\xA2\xFF\xFE"), COORD_E_BAD_TERM); /* and is not shown */
        expect(attempt, message, field, TEXT("\xD9\x29xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), COORD_E_BAD_TERM);
        assert_null(strstr(attempt->problem.message, "xxxx")); /* 41 bytes are not shown either */
    } else if (field->type == FIELD_TERMS) {
        snprintf(path, sizeof path, "%s[0]", field->name);
        expect(attempt, message, field,
               TEXT("\x91\xA7"
                    "bananas"),
               COORD_E_BAD_TERM);
        assert_string_equal(attempt->problem.field, path);
        expect(attempt, message, field, TEXT("\x90"), 0);
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
    each_field(visit_terms);
}

/* ---- the envelope ---- */

static int open_frame(struct text frame, struct envelope *envelope, struct problem *problem)
{
    struct decoder *decoder = decoder_new();
    memset(problem, 0, sizeof *problem);
    int error = decoder_open(decoder, frame.data, frame.size, envelope, problem);
    assert_int_equal(error, problem->error);
    if (error)
        test_saw(problem);
    decoder_free(decoder);
    return error;
}

TEST(the_envelope_says_in_whose_name)
{
    struct envelope envelope;
    struct problem problem = {0};
    struct buffer frame = {0};
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 7);
    message_encode_for(&frame, "accept", TEXT("r1"), TEXT("xa-1"), &message_change, &change);
    struct decoder *decoder = decoder_new();
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(text_equal(envelope.id, TEXT("r1")) && text_equal(envelope.name, TEXT("xa-1")));
    assert_int_equal(decoder_read(decoder, &message_change, &change, &problem), 0);
    assert_int_equal(change.task, 7);
    decoder_free(decoder);
    buffer_done(&frame);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA3"
                                     "for\xC0"),
                                &envelope, &problem),
                     0);
    assert_int_equal(envelope.name.size, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA3"
                                     "for\x05"),
                                &envelope, &problem),
                     COORD_E_BAD_TYPE);
    assert_string_equal(problem.field, "for");
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA3"
                                     "for\xA1x\xA3"
                                     "for\xA1y"),
                                &envelope, &problem),
                     COORD_E_BAD_VALUE);
}

TEST(the_envelope_says_how_new_an_answer_must_be)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x81\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_true(envelope.at_least == ENVELOPE_ABSENT && envelope.within_ms == ENVELOPE_ABSENT);
    assert_true(envelope.as_of == ENVELOPE_ABSENT && envelope.lag_ms == ENVELOPE_ABSENT);
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA8"
                                     "at_least\xCD\x01\x00\xA9within_ms\x00"),
                                &envelope, &problem),
                     0);
    assert_int_equal(envelope.at_least, 256);
    assert_int_equal(envelope.within_ms, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA8"
                                     "at_least\xFF"),
                                &envelope, &problem),
                     COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "at_least");
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA8"
                                     "at_least\xCF\x80\x00\x00\x00\x00\x00\x00\x00"),
                                &envelope, &problem),
                     COORD_E_OUT_OF_RANGE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA9within_ms\xA1x"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_string_equal(problem.field, "within_ms");
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA9within_ms\x01\xA9within_ms\x02"), &envelope, &problem),
                     COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "within_ms");
}

/* A map of up to 15 pairs has one byte before them: a hello's 14 become 16. */
TEST(a_follower_says_in_the_envelope_how_new_its_answer_is)
{
    struct envelope envelope;
    struct problem problem = {0};
    struct msg_status_reply status = {0}, read;
    struct msg_hello_reply hello = {.agency = TEXT("ubnd"), .key = TEXT("văn thư"), .version = TEXT("1")}, hello_read;
    struct buffer plain = {0}, frame = {0};
    struct decoder *decoder = decoder_new();
    for (unsigned i = 0; i < message_hello_reply.count; i++)
        if (message_hello_reply.fields[i].required)
            hello.has |= (msg_bits)1 << i;
    hello.store = TEXT("0123456789abcdef");
    message_encode(&plain, "reply", TEXT("r1"), &message_hello_reply, &hello);
    assert_int_equal((uint8_t)plain.data[0], 0x80 + 14);
    message_encode_as_of(&frame, plain.data, plain.size, 70000, 3);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(envelope.as_of == 70000 && envelope.lag_ms == 3 && text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(decoder_read(decoder, &message_hello_reply, &hello_read, &problem), 0);
    assert_true(text_equal(hello_read.key, TEXT("văn thư")) && hello_read.lag_ms == 3);
    buffer_clear(&plain);
    buffer_clear(&frame);
    /* A reply with many fields, one of which is the envelope's. */
    status.has = (msg_bits)1 << MSG_FIELD(status_reply, epoch);
    for (unsigned i = 0; i < message_status_reply.count; i++)
        if (message_status_reply.fields[i].required)
            status.has |= (msg_bits)1 << i;
    status.version = TEXT("1");
    message_encode(&plain, "reply", TEXT("r2"), &message_status_reply, &status);
    message_encode_as_of(&frame, plain.data, plain.size, INT64_MAX, 12345);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(envelope.as_of == INT64_MAX && envelope.lag_ms == 12345);
    assert_int_equal(decoder_read(decoder, &message_status_reply, &read, &problem), 0);
    assert_true(MSG_HAS(&read, status_reply, lag_ms) && read.lag_ms == 12345);
    decoder_free(decoder);
    buffer_done(&plain);
    buffer_done(&frame);
}

TEST(the_envelope_says_what_and_whose)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA2r1"), &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("hello")));
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x81\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xC0"), &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 0);
}

TEST(a_frame_without_op_is_refused_and_its_id_is_told)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x81\xA2id\xA2r1"), &envelope, &problem), COORD_E_MISSING_FIELD);
    assert_string_equal(problem.field, "op");
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x82\xA2id\xA2r1\xA2op\x05"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x80"), &envelope, &problem), COORD_E_MISSING_FIELD);
    assert_int_equal(envelope.id.size, 0);
}

TEST(op_and_id_are_one_to_64_bytes_of_printable_ascii)
{
    struct envelope envelope;
    struct problem problem;
    char frame[128] = "\x82\xA2op\xA5hello\xA2id\xD9\x41";
    memset(frame + 15, 'i', 65);
    assert_int_equal(open_frame((struct text){frame, 15 + 65}, &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "id");
    frame[14] = 64;
    assert_int_equal(open_frame((struct text){frame, 15 + 64}, &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 64);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA0"), &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA2\xC4\x91"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA1\n"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA1\x7F"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\x07"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA0\xA2id\xA1x"), &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "op");
}

TEST(op_and_id_may_not_be_given_twice)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2op\xA5hello"), &envelope, &problem), COORD_E_BAD_VALUE);
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA2id\xA1x\xA2id\xC0"), &envelope, &problem),
                     COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "id");
}

TEST(keys_that_are_not_text_are_ignored)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x83\x01\x02\xC4\x02op\xA1x\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("hello")));
}

TEST(what_the_scan_refuses_is_refused_by_the_decoder)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\xDD\xFF\xFF\xFF\xFF"), &envelope, &problem), COORD_E_FRAME_TOO_MANY);
    assert_non_null(strstr(problem.message, "131072"));
    assert_int_equal(open_frame(TEXT(""), &envelope, &problem), COORD_E_FRAME_MALFORMED);
}

TEST(after_a_refusal_nothing_can_be_read)
{
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    struct msg_credit credit;
    assert_int_equal(decoder_open(decoder,
                                  "\x81\xA6"
                                  "credit\x05",
                                  9, &envelope, &problem),
                     COORD_E_MISSING_FIELD);
    assert_int_equal(decoder_read(decoder, &message_credit, &credit, &problem), COORD_E_MISSING_FIELD);
    decoder_free(decoder);
    decoder_free(NULL);
}

static int read_consumed(struct text frame, struct problem *problem)
{
    struct decoder *decoder = decoder_new();
    struct msg_consumed consumed;
    struct envelope envelope;
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, problem), 0);
    const int error = decoder_read(decoder, &message_consumed, &consumed, problem);
    assert_int_equal(consumed.seq, error ? 0 : 7);
    decoder_free(decoder);
    return error;
}

TEST(a_key_that_is_no_text_is_refused_in_every_map_that_is_read)
{
    struct problem problem;
    /* {"op": "x", 5: 1, "seq": 7}, and with the key in binary */
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\x05\x01\xA3seq\x07"), &problem), COORD_E_BAD_TYPE);
    assert_non_null(strstr(problem.message, "every key is a text"));
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\xC4\x01y\x01\xA3seq\x07"), &problem), COORD_E_BAD_TYPE);
    /* What is ignored is ignored with all that it holds: {"op": "x", "y": {5: 1}, "seq": 7} */
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\xA1y\x81\x05\x01\xA3seq\x07"), &problem), 0);
}

/* They are sorted, to find those that come twice. */
TEST(unknown_keys_are_ignored_up_to_a_number)
{
    struct problem problem;
    for (unsigned count = 1024; count <= 1025; count++) {
        struct buffer frame = {0};
        const unsigned pairs = count + 2;
        const char head[] = {(char)0xDE, (char)(pairs >> 8), (char)pairs};
        buffer_append(&frame, head, sizeof head);
        buffer_printf(&frame, "\xA2op\xA1x\xA3seq\x07");
        for (unsigned i = 0; i < count; i++)
            buffer_printf(&frame, "\xA5x%04u\x01", i);
        assert_int_equal(read_consumed((struct text){frame.data, (uint32_t)frame.size}, &problem),
                         count == 1024 ? 0 : COORD_E_FRAME_TOO_MANY);
        buffer_done(&frame);
    }
    assert_non_null(strstr(problem.message, "1024"));
}

TEST(an_unknown_key_may_not_be_given_twice_either)
{
    struct problem problem;
    assert_int_equal(read_consumed(TEXT("\x84\xA2op\xA1x\xA1y\x01\xA1z\x02\xA3seq\x07"), &problem), 0);
    assert_int_equal(read_consumed(TEXT("\x85\xA2op\xA1x\xA1y\x01\xA1z\x02\xA1y\xC0\xA3seq\x07"), &problem),
                     COORD_E_BAD_VALUE);
    assert_non_null(strstr(problem.message, "twice"));
    assert_int_equal(read_consumed(TEXT("\x84\xA2op\xA1x\xA0\x01\xA0\x02\xA3seq\x07"), &problem), COORD_E_BAD_VALUE);
}

/* ---- words and paths ---- */

TEST(a_refusal_says_what_is_wrong_and_what_would_be_right)
{
    struct attempt attempt;
    attempt_init(&attempt);
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xCC\x96"));
    assert_string_equal(attempt.problem.message, "`percent` is 150; it must be from 0 to 100.");
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xFF"));
    assert_string_equal(attempt.problem.message, "`percent` is -1; it must be from 0 to 100.");
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7),
        TEXT("\xA3"
             "150"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not a text.");
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\x80"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not a map.");
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xC4\x00"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not binary.");
    try(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xD4\x01x"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not an extension.");
    try(&attempt, &message_progress, message_field(&message_progress, "evidence_sha256", 15), TEXT("\xC4\x01x"));
    assert_string_equal(attempt.problem.message, "`evidence_sha256` has 1 bytes; it must have 32.");
    try(&attempt, &message_reason, message_field(&message_reason, "note", 4), TEXT("\xA0"));
    assert_string_equal(attempt.problem.message, "`note` is empty; it must have 1 to 4096 bytes.");
    try(&attempt, &message_content, message_field(&message_content, "priority", 8), TEXT("\xA6urgnet"));
    assert_string_equal(attempt.problem.message, "`priority` cannot be `urgnet`; did you mean `urgent`?");
    try(&attempt, &message_content, message_field(&message_content, "scope", 5),
        TEXT("\xA6"
             "secret"));
    assert_string_equal(attempt.problem.message, "`scope` cannot be `secret`; it is one of: normal, restricted.");
    attempt_done(&attempt);
}

TEST(a_path_leads_through_maps_and_arrays)
{
    struct attempt attempt;
    attempt_init(&attempt);
    /* {"cooperating": ["x", "y", 7]} */
    try(&attempt, &message_assign, message_field(&message_assign, "content", 7),
        TEXT("\x81\xAB"
             "cooperating\x93\xA1x\xA1y\x07"));
    assert_string_equal(attempt.problem.field, "content.cooperating[2]");
    assert_int_equal(attempt.problem.error, COORD_E_BAD_TYPE);
    /* {"cooperating": ["x", nil]} */
    try(&attempt, &message_assign, message_field(&message_assign, "content", 7),
        TEXT("\x81\xAB"
             "cooperating\x92\xA1x\xC0"));
    assert_string_equal(attempt.problem.message, "`cooperating[1]` must be a text, not nil.");
    /* {"policy": "p", "steps": [{}]} */
    try(&attempt, &message_policy_set, message_field(&message_policy_set, "policy", 6),
        TEXT("\x82\xA6policy\xA1p\xA5steps\x91\x80"));
    assert_string_equal(attempt.problem.field, "policy.steps[0].deadline");
    assert_int_equal(attempt.problem.error, COORD_E_MISSING_FIELD);
    attempt_done(&attempt);
}

/* ---- the same checks on a struct ---- */

static int check_refuses(const struct message *message, const void *in, const char *path)
{
    struct problem problem = {0};
    int error = message_check(message, in, &problem);
    assert_string_equal(problem.field, path);
    assert_int_equal(error, problem.error);
    return error;
}

TEST(a_struct_is_held_to_the_same_bounds)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, 0);
    assert_int_equal(check_refuses(&message_progress, &progress, "task"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, task, 1);
    MSG_SET(&progress, progress, percent, 101);
    assert_int_equal(check_refuses(&message_progress, &progress, "percent"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, percent, 100);
    MSG_SET(&progress, progress, note, TEXT("bell\a"));
    assert_int_equal(check_refuses(&message_progress, &progress, "note"), COORD_E_BAD_TEXT);
    MSG_SET(&progress, progress, note, TEXT("Xong"));
    MSG_SET(&progress, progress, value, (double)INFINITY);
    assert_int_equal(check_refuses(&message_progress, &progress, "value"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, value, 0.5);
    MSG_SET(&progress, progress, evidence_sha256, TEXT("short"));
    assert_int_equal(check_refuses(&message_progress, &progress, "evidence_sha256"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, evidence_sha256, TEXT("01234567890123456789012345678901"));
    assert_int_equal(check_refuses(&message_progress, &progress, ""), 0);
}

TEST(a_struct_is_checked_within)
{
    struct text agencies[] = {TEXT("ubnd"), TEXT("")};
    struct msg_step steps[2] = {0};
    struct msg_policy_set set = {0};
    for (int i = 0; i < 2; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, -3);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, RUNG_REMIND);
    }
    MSG_SET(&set.policy, policy, policy, TEXT("directive"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 2});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(check_refuses(&message_policy_set, &set, ""), 0);
    MSG_SET(&steps[1], step, agencies, (struct texts){agencies, 2});
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].agencies[1]"), COORD_E_OUT_OF_RANGE);
    agencies[1] = TEXT("so-tnmt");
    MSG_SET(&steps[1], step, does, 9);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].does"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, does, 0);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].does"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, does, RUNG_NOTIFY);
    MSG_SET(&steps[1], step, to, TERM_BIT(30));
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].to"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&steps[1], step, offset, -3661);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].offset"), COORD_E_OUT_OF_RANGE);
}

TEST(raw_messages_of_a_struct_are_scanned)
{
    struct text requests[] = {TEXT("\x81\xA2op\xA5hello"), TEXT("\x81\xA2op")};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 2});
    assert_int_equal(check_refuses(&message_batch, &batch, "requests[1]"), COORD_E_FRAME_MALFORMED);
    batch.requests.count = 1;
    assert_int_equal(check_refuses(&message_batch, &batch, ""), 0);
    batch.requests.count = 0;
    assert_int_equal(check_refuses(&message_batch, &batch, "requests"), COORD_E_OUT_OF_RANGE);
}
