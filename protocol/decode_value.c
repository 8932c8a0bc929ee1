/* The values of fields: one function for each type, from the frame to a place in the struct. */
#include "decode_value.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "compact_text.h"
#include "letters.h"
#include "settled.h"

const char *decode_type_name(const struct value *value)
{
    switch (value->type) {
    case VALUE_FLAG:
        return "a boolean";
    case VALUE_POSITIVE:
    case VALUE_NEGATIVE:
        return "an integer";
    case VALUE_FLOAT:
        return "a float";
    case VALUE_TEXT:
        return "a text";
    case VALUE_BYTES:
        return "binary";
    case VALUE_ARRAY:
        return "an array";
    case VALUE_MAP:
        return "a map";
    case VALUE_NIL:
        return "nil";
    case VALUE_EXTENSION:
        break;
    }
    return "an extension";
}

static int bad_type(const char *path, const char *wanted, const struct value *value, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TYPE, path, "`%s` must be %s, not %s.", path, wanted,
                       decode_type_name(value));
}

static int bad_element(const struct field *field, uint32_t index, const char *wanted, const struct value *value,
                       struct problem *problem)
{
    char path[96];
    snprintf(path, sizeof path, "%s[%u]", field->name, (unsigned)index);
    return bad_type(path, wanted, value, problem);
}

/* Up to here a float64 holds every integer, and two integers never share one. */
#define FLOAT_WHOLE_MAX 9007199254740992.0 /* 2^53 */

/* Some languages have no integers, and some encoders write those that come out of a division as floats: a float that is
 * whole and was not rounded is taken for the integer that it is. */
static struct value as_integer(const struct value *value)
{
    struct value whole = *value;
    if (value->type != VALUE_FLOAT)
        return whole;
    const double number = value->as.f64;
    if (!(number >= -FLOAT_WHOLE_MAX && number <= FLOAT_WHOLE_MAX) || number != (double)(int64_t)number)
        return whole;
    whole.type = number < 0 ? VALUE_NEGATIVE : VALUE_POSITIVE;
    if (number < 0)
        whole.as.i64 = (int64_t)number;
    else
        whole.as.u64 = (uint64_t)number;
    return whole;
}

static int read_u64(const struct field *field, const struct value *value, void *slot, struct problem *problem)
{
    const struct value whole = as_integer(value);
    if (whole.type == VALUE_NEGATIVE)
        return field_out_of_range(field, "-", -(uint64_t)whole.as.i64, problem);
    if (whole.type != VALUE_POSITIVE)
        return bad_type(field->name, "an integer", value, problem);
    *(coord_u64 *)slot = whole.as.u64;
    return field_check(field, slot, problem);
}

static int read_i64(const struct field *field, const struct value *value, void *slot, struct problem *problem)
{
    const struct value whole = as_integer(value);
    if (whole.type == VALUE_POSITIVE && whole.as.u64 > INT64_MAX)
        return field_out_of_range(field, "", whole.as.u64, problem);
    if (whole.type != VALUE_POSITIVE && whole.type != VALUE_NEGATIVE)
        return bad_type(field->name,
                        field->type == FIELD_TIME ? "an integer, milliseconds since 1970 UTC" : "an integer", value,
                        problem);
    *(coord_i64 *)slot = whole.as.i64;
    return field_check(field, slot, problem);
}

/* Whether an integer became another number on its way into a float64. 2^64 and 2^63 are what the largest round to. */
static bool is_rounded(const struct value *value, double number)
{
    if (value->type == VALUE_POSITIVE)
        return number >= 18446744073709551616.0 || (uint64_t)number != value->as.u64;
    return value->type == VALUE_NEGATIVE && (int64_t)number != value->as.i64;
}

static int read_num(const struct field *field, const struct value *value, void *slot, struct problem *problem)
{
    coord_num *number = slot;
    if (value->type == VALUE_FLOAT)
        *number = value->as.f64;
    else if (value->type == VALUE_POSITIVE)
        *number = (double)value->as.u64;
    else if (value->type == VALUE_NEGATIVE)
        *number = (double)value->as.i64;
    else
        return bad_type(field->name, "a number", value, problem);
    if (is_rounded(value, *number))
        return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                           "`%s` is kept as a float64, which would round this integer; it must lie within 2^53, or be "
                           "one that a float64 holds.",
                           field->name);
    return field_check(field, slot, problem);
}

static int read_flag(const struct field *field, const struct value *value, void *slot, struct problem *problem)
{
    if (value->type != VALUE_FLAG)
        return bad_type(field->name, "true or false", value, problem);
    *(coord_flag *)slot = value->as.flag;
    return 0;
}

static int check_as(const struct decoder *decoder, const struct field *field, const void *slot, struct problem *problem)
{
    return decoder->decomposed ? field_check_decomposed(field, slot, problem) : field_check(field, slot, problem);
}

static bool unpack_day(struct decoder *decoder, const struct value *value, struct text *text)
{
    char *day = value->type == VALUE_POSITIVE ? arena_alloc(&decoder->arena, COMPACT_DAY_BYTES) : NULL;
    *text = (struct text){day, COMPACT_DAY_BYTES};
    return day && compact_day_unpack(value->as.u64, day);
}

static bool unpack_hex(struct decoder *decoder, const struct value *value, struct text *text)
{
    char *hex = arena_alloc(&decoder->arena, 2 * COMPACT_HEX_BYTES);
    *text = (struct text){hex, 2 * COMPACT_HEX_BYTES};
    if (hex)
        compact_hex_unpack(value->as.data, hex);
    return hex;
}

static bool unpack_letters(struct decoder *decoder, const struct value *value, struct text *text)
{
    const uint32_t size = letters_size(value->as.data, value->size);
    char *letters = size == UINT32_MAX ? NULL : arena_alloc(&decoder->arena, (size_t)size + LETTERS_BEYOND);
    *text = (struct text){letters, size};
    if (letters)
        letters_unpack(value->as.data, value->size, letters);
    return letters;
}

/* What the journal's dialect has in the place of a text: false when it is none that it makes. */
static bool unpack_text(struct decoder *decoder, const struct field *field, const struct value *value,
                        struct text *text)
{
    if (field->type == FIELD_DAY)
        return unpack_day(decoder, value, text);
    if (value->type != VALUE_BYTES || value->size == 0)
        return false;
    return value->size == COMPACT_HEX_BYTES ? unpack_hex(decoder, value, text) : unpack_letters(decoder, value, text);
}

/* The text that stands there, whichever form it has. */
static bool take_text(struct decoder *decoder, const struct field *field, const struct value *value, struct text *text)
{
    if (decoder->compact && unpack_text(decoder, field, value, text))
        return true;
    *text = (struct text){value->as.data, value->size};
    return value->type == VALUE_TEXT;
}

static int read_text(struct decoder *decoder, const struct field *field, const struct value *value, void *slot,
                     struct problem *problem)
{
    struct text *text = slot;
    if (!take_text(decoder, field, value, text))
        return bad_type(field->name, field->type == FIELD_DAY ? "a text like 2024-06-28" : "a text", value, problem);
    if (field->type == FIELD_DAY)
        return field_check(field, slot, problem);
    if (text_is_settled(*text)) /* and so sound */
        return field_check_size(field, text->size, decoder->decomposed, problem);
    decoder->unsettled = true;
    return check_as(decoder, field, slot, problem);
}

static int read_bytes(const struct field *field, const struct value *value, void *slot, struct problem *problem)
{
    if (value->type != VALUE_BYTES)
        return bad_type(field->name, "binary", value, problem);
    *(struct text *)slot = (struct text){value->as.data, value->size};
    return field_check(field, slot, problem);
}

static int bad_number(const struct field *field, uint64_t number, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TERM, field->name, "`%s` has %llu; its terms are numbered 1 to %d.",
                       field->name, (unsigned long long)number, field->vocabulary->count);
}

static int read_term_number(const struct decoder *decoder, const struct field *field, const struct value *value,
                            void *slot, struct problem *problem)
{
    if (value->type != VALUE_POSITIVE)
        return bad_type(field->name, "the number of a term", value, problem);
    const bool is_known = value->as.u64 >= 1 && value->as.u64 <= (uint64_t)field->vocabulary->count;
    if (!is_known && !decoder->takes_any_term)
        return bad_number(field, value->as.u64, problem);
    *(int *)slot = is_known ? (int)value->as.u64 : 0;
    return 0;
}

static int read_term(const struct decoder *decoder, const struct field *field, const struct value *value, void *slot,
                     struct problem *problem)
{
    if (decoder->compact)
        return read_term_number(decoder, field, value, slot, problem);
    if (value->type != VALUE_TEXT)
        return bad_type(field->name, "a text, the name of a term", value, problem);
    struct text name = {value->as.data, value->size};
    int number = term_number(field->vocabulary, name.data, name.size);
    if (number == 0 && !decoder->takes_any_term)
        return field_bad_term(field, name, -1, problem);
    *(int *)slot = number;
    return 0;
}

/* ---- what holds others: `at` is where the first of these begins, and then where the last ends ---- */

/* An array's count is checked before memory is taken for it. */
static int read_array(struct decoder *decoder, const struct field *field, const struct value *value, size_t size,
                      void **items, struct problem *problem)
{
    if (value->type != VALUE_ARRAY)
        return bad_type(field->name, "an array", value, problem);
    int error = field_check_count(field, value->size, "elements", problem);
    if (error)
        return error;
    *items = arena_alloc(&decoder->arena, value->size * size);
    return *items ? 0 : problem_plain(problem, COORD_E_NO_MEMORY, "");
}

static int read_texts(struct decoder *decoder, const struct field *field, const struct value *value, const char **at,
                      void *slot, struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, value, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    for (uint32_t i = 0; i < value->size; i++) {
        struct value item;
        *at = value_read(*at, &item);
        if (!take_text(decoder, field, &item, &items[i]))
            return bad_element(field, i, "a text", &item, problem);
        decoder->unsettled |= !text_is_settled(items[i]);
    }
    *(struct texts *)slot = (struct texts){items, value->size};
    return check_as(decoder, field, slot, problem);
}

static int read_u64s(struct decoder *decoder, const struct field *field, const struct value *value, const char **at,
                     void *slot, struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, value, sizeof(uint64_t), &memory, problem);
    if (error)
        return error;
    uint64_t *items = memory;
    for (uint32_t i = 0; i < value->size; i++) {
        struct value item;
        *at = value_read(*at, &item);
        const struct value whole = as_integer(&item);
        if (whole.type != VALUE_POSITIVE)
            return bad_element(field, i, "an integer, zero or more", &item, problem);
        items[i] = whole.as.u64;
    }
    *(struct u64s *)slot = (struct u64s){items, value->size};
    return 0;
}

/* Whole messages are kept as they are encoded. */
static int read_raws(struct decoder *decoder, const struct field *field, const struct value *value, const char **at,
                     void *slot, struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, value, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    for (uint32_t i = 0; i < value->size; i++) {
        struct value item;
        const char *begin = *at;
        value_read(begin, &item);
        if (item.type != VALUE_MAP)
            return bad_element(field, i, "a map", &item, problem);
        *at = value_skip(begin);
        items[i] = (struct text){begin, (uint32_t)(*at - begin)};
    }
    *(coord_raws *)slot = (coord_raws){items, value->size};
    return 0;
}

static int read_term_mask(const struct decoder *decoder, const struct field *field, const struct value *value,
                          void *slot, struct problem *problem)
{
    const uint32_t known = (UINT32_C(2) << field->vocabulary->count) - 2;
    if (value->type != VALUE_POSITIVE)
        return bad_type(field->name, "a mask of terms", value, problem);
    if ((value->as.u64 & ~(uint64_t)known) && !decoder->takes_any_term)
        return bad_number(field, (uint64_t)__builtin_ctzll(value->as.u64 & ~(uint64_t)known), problem);
    *(uint32_t *)slot = (uint32_t)value->as.u64 & known;
    return 0;
}

static int read_terms(const struct decoder *decoder, const struct field *field, const struct value *value,
                      const char **at, void *slot, struct problem *problem)
{
    uint32_t set = 0;
    if (decoder->compact)
        return read_term_mask(decoder, field, value, slot, problem);
    if (value->type != VALUE_ARRAY)
        return bad_type(field->name, "an array of terms", value, problem);
    for (uint32_t i = 0; i < value->size; i++) {
        struct value item;
        *at = value_read(*at, &item);
        if (item.type != VALUE_TEXT)
            return bad_element(field, i, "a text, the name of a term", &item, problem);
        struct text name = {item.as.data, item.size};
        int number = term_number(field->vocabulary, name.data, name.size);
        if (number == 0 && !decoder->takes_any_term)
            return field_bad_term(field, name, (int)i, problem);
        set |= number ? TERM_BIT(number) : 0;
    }
    *(uint32_t *)slot = set;
    return 0;
}

static bool is_message(const struct decoder *decoder, const struct value *value)
{
    return value->type == (decoder->compact ? VALUE_ARRAY : VALUE_MAP);
}

static int read_nested(struct decoder *decoder, const struct message *message, const struct value *value,
                       const char **at, void *out, struct problem *problem)
{
    return decoder->compact ? decode_packed(decoder, message, at, value->size, 0, out, problem)
                            : decode_map(decoder, message, at, value->size, false, out, problem);
}

static int read_message(struct decoder *decoder, const struct field *field, const struct value *value, const char **at,
                        void *slot, struct problem *problem)
{
    if (!is_message(decoder, value))
        return bad_type(field->name, decoder->compact ? "an array" : "a map", value, problem);
    int error = read_nested(decoder, field->message, value, at, slot, problem);
    if (error)
        problem_within(problem, field->name);
    return error;
}

static int read_messages(struct decoder *decoder, const struct field *field, const struct value *value, const char **at,
                         void *slot, struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, value, field->message->size, &memory, problem);
    if (error)
        return error;
    char *to = memory;
    for (uint32_t i = 0; i < value->size; i++, to += field->message->size) {
        struct value item;
        *at = value_read(*at, &item);
        if (!is_message(decoder, &item))
            return bad_element(field, i, decoder->compact ? "an array" : "a map", &item, problem);
        error = read_nested(decoder, field->message, &item, at, to, problem);
        if (error) {
            char path[96];
            snprintf(path, sizeof path, "%s[%u]", field->name, (unsigned)i);
            problem_within(problem, path);
            return error;
        }
    }
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    *(struct u64s *)slot = (struct u64s){memory, value->size};
    return 0;
}

int decode_value(struct decoder *decoder, const struct field *field, const char **at, void *slot,
                 struct problem *problem)
{
    struct value value;
    *at = value_read(*at, &value);
    switch (field->type) { /* GCOV_EXCL_BR_LINE: each type has its case, as -Wswitch sees to */
    case FIELD_U64:
        return read_u64(field, &value, slot, problem);
    case FIELD_I64:
    case FIELD_TIME:
        return read_i64(field, &value, slot, problem);
    case FIELD_NUM:
        return read_num(field, &value, slot, problem);
    case FIELD_FLAG:
        return read_flag(field, &value, slot, problem);
    case FIELD_TEXT:
    case FIELD_DAY:
        return read_text(decoder, field, &value, slot, problem);
    case FIELD_BYTES:
        return read_bytes(field, &value, slot, problem);
    case FIELD_TERM:
        return read_term(decoder, field, &value, slot, problem);
    case FIELD_TEXTS:
        return read_texts(decoder, field, &value, at, slot, problem);
    case FIELD_U64S:
        return read_u64s(decoder, field, &value, at, slot, problem);
    case FIELD_RAWS:
        return read_raws(decoder, field, &value, at, slot, problem);
    case FIELD_TERMS:
        return read_terms(decoder, field, &value, at, slot, problem);
    case FIELD_MESSAGE:
        return read_message(decoder, field, &value, at, slot, problem);
    case FIELD_MESSAGES:
        return read_messages(decoder, field, &value, at, slot, problem);
    }
    return 0; /* GCOV_EXCL_LINE */
}
