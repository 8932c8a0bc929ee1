/* Text is UTF-8 without control characters, wherever it stands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "check.h"
#include "unit/test.h"

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
        attempt_expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "U+0007"));
        value[2 + size - 1] = '\0';
        attempt_expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "U+0000"));
        value[2 + size - 1] = '\xFF';
        attempt_expect(attempt, message, field, (struct text){value, size + 2}, COORD_E_BAD_TEXT);
        assert_non_null(strstr(attempt->problem.message, "UTF-8"));
    } else if (field->type == FIELD_TEXTS) {
        char path[96];
        snprintf(path, sizeof path, "%s[1]", field->name);
        attempt_expect(attempt, message, field, TEXT("\x92\xA1x\xA1\x07"), COORD_E_BAD_TEXT);
        assert_string_equal(attempt->problem.field, path);
        attempt_expect(attempt, message, field, TEXT("\x92\xA1x\xA0"), COORD_E_OUT_OF_RANGE);
        assert_string_equal(attempt->problem.field, path);
        char value[4 + TEXTS_ITEM_MAX + 1] = "\x91\xDA\x01\x01";
        memset(value + 4, 'x', TEXTS_ITEM_MAX + 1);
        attempt_expect(attempt, message, field, (struct text){value, sizeof value}, COORD_E_OUT_OF_RANGE);
    }
}

TEST(broken_text_is_refused_by_place)
{
    attempt_each_field(visit_texts);
}
