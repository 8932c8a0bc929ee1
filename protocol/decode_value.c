/* The values of fields: one function for each type, from an object to a place in the struct. */
#include "decode_value.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "frame.h"

const char *decode_type_name(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_BOOLEAN:
        return "a boolean";
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return "an integer";
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return "a float";
    case MSGPACK_OBJECT_STR:
        return "a text";
    case MSGPACK_OBJECT_BIN:
        return "binary";
    case MSGPACK_OBJECT_ARRAY:
        return "an array";
    case MSGPACK_OBJECT_MAP:
        return "a map";
    case MSGPACK_OBJECT_NIL:
        return "nil";
    default:
        return "an extension";
    }
}

static int bad_type(const char *path, const char *wanted, const msgpack_object *object, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TYPE, path, "`%s` must be %s, not %s.", path, wanted,
                       decode_type_name(object));
}

static int bad_element(const struct field *field, uint32_t index, const char *wanted, const msgpack_object *object,
                       struct problem *problem)
{
    char path[96];
    snprintf(path, sizeof path, "%s[%u]", field->name, (unsigned)index);
    return bad_type(path, wanted, object, problem);
}

/* Up to here a float64 holds every integer, and two integers never share one. */
#define FLOAT_WHOLE_MAX 9007199254740992.0 /* 2^53 */

/* Some languages have no integers, and some encoders write those that come out of a division as floats: a float that is
 * whole and was not rounded is taken for the integer that it is. */
static msgpack_object as_integer(const msgpack_object *object)
{
    msgpack_object whole = *object;
    if (object->type != MSGPACK_OBJECT_FLOAT64 && object->type != MSGPACK_OBJECT_FLOAT32)
        return whole;
    const double number = object->via.f64;
    if (!(number >= -FLOAT_WHOLE_MAX && number <= FLOAT_WHOLE_MAX) || number != (double)(int64_t)number)
        return whole;
    whole.type = number < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER : MSGPACK_OBJECT_POSITIVE_INTEGER;
    if (number < 0)
        whole.via.i64 = (int64_t)number;
    else
        whole.via.u64 = (uint64_t)number;
    return whole;
}

static int read_u64(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    const msgpack_object value = as_integer(&pair->val);
    if (value.type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return field_out_of_range(field, "-", -(uint64_t)value.via.i64, problem);
    if (value.type != MSGPACK_OBJECT_POSITIVE_INTEGER)
        return bad_type(field->name, "an integer", &pair->val, problem);
    *(coord_u64 *)slot = value.via.u64;
    return field_check(field, slot, problem);
}

static int read_i64(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    const msgpack_object value = as_integer(&pair->val);
    if (value.type == MSGPACK_OBJECT_POSITIVE_INTEGER && value.via.u64 > INT64_MAX)
        return field_out_of_range(field, "", value.via.u64, problem);
    if (value.type != MSGPACK_OBJECT_POSITIVE_INTEGER && value.type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return bad_type(field->name,
                        field->type == FIELD_TIME ? "an integer, milliseconds since 1970 UTC" : "an integer",
                        &pair->val, problem);
    *(coord_i64 *)slot = value.via.i64;
    return field_check(field, slot, problem);
}

/* Whether an integer became another number on its way into a float64. 2^64 and 2^63 are what the largest round to. */
static bool is_rounded(const msgpack_object *object, double number)
{
    if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        return number >= 18446744073709551616.0 || (uint64_t)number != object->via.u64;
    return object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER && (int64_t)number != object->via.i64;
}

static int read_num(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    coord_num *number = slot;
    if (pair->val.type == MSGPACK_OBJECT_FLOAT64 || pair->val.type == MSGPACK_OBJECT_FLOAT32)
        *number = pair->val.via.f64;
    else if (pair->val.type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        *number = (double)pair->val.via.u64;
    else if (pair->val.type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        *number = (double)pair->val.via.i64;
    else
        return bad_type(field->name, "a number", &pair->val, problem);
    if (is_rounded(&pair->val, *number))
        return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                           "`%s` is kept as a float64, which would round this integer; it must lie within 2^53, or be "
                           "one that a float64 holds.",
                           field->name);
    return field_check(field, slot, problem);
}

static int read_flag(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    (void)decoder;
    if (pair->val.type != MSGPACK_OBJECT_BOOLEAN)
        return bad_type(field->name, "true or false", &pair->val, problem);
    *(coord_flag *)slot = pair->val.via.boolean;
    return 0;
}

static int check_as(const struct decoder *decoder, const struct field *field, const void *slot, struct problem *problem)
{
    return decoder->decomposed ? field_check_decomposed(field, slot, problem) : field_check(field, slot, problem);
}

static int read_text(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    if (pair->val.type != MSGPACK_OBJECT_STR)
        return bad_type(field->name, field->type == FIELD_DAY ? "a text like 2024-06-28" : "a text", &pair->val,
                        problem);
    *(struct text *)slot = (struct text){pair->val.via.str.ptr, pair->val.via.str.size};
    return check_as(decoder, field, slot, problem);
}

static int read_bytes(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    (void)decoder;
    if (pair->val.type != MSGPACK_OBJECT_BIN)
        return bad_type(field->name, "binary", &pair->val, problem);
    *(struct text *)slot = (struct text){pair->val.via.bin.ptr, pair->val.via.bin.size};
    return field_check(field, slot, problem);
}

/* An array's count is checked before memory is taken for it. */
static int read_array(struct decoder *decoder, const struct field *field, const msgpack_object *object, size_t size,
                      void **items, struct problem *problem)
{
    if (object->type != MSGPACK_OBJECT_ARRAY)
        return bad_type(field->name, "an array", object, problem);
    int error = field_check_count(field, object->via.array.size, "elements", problem);
    if (error)
        return error;
    *items = arena_alloc(&decoder->arena, object->via.array.size * size);
    return *items ? 0 : problem_plain(problem, COORD_E_NO_MEMORY, "");
}

static int read_texts(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    uint32_t count = pair->val.via.array.size;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_STR)
            return bad_element(field, i, "a text", item, problem);
        items[i] = (struct text){item->via.str.ptr, item->via.str.size};
    }
    *(struct texts *)slot = (struct texts){items, count};
    return check_as(decoder, field, slot, problem);
}

static int read_u64s(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(uint64_t), &memory, problem);
    if (error)
        return error;
    uint64_t *items = memory;
    uint32_t count = pair->val.via.array.size;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object item = as_integer(&pair->val.via.array.ptr[i]);
        if (item.type != MSGPACK_OBJECT_POSITIVE_INTEGER)
            return bad_element(field, i, "an integer, zero or more", &pair->val.via.array.ptr[i], problem);
        items[i] = item.via.u64;
    }
    *(struct u64s *)slot = (struct u64s){items, count};
    return 0;
}

/* Whole messages are kept as they are encoded. An object does not say where it stood in the frame, but its key points
 * into it, and the value's bytes follow the key's. */
static int read_raws(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    size_t head = 0, count = 0;
    const char *at = pair->key.via.str.ptr + pair->key.via.str.size;
    if (!frame_array(at, (size_t)(decoder->end - at), &head, &count) || count != pair->val.via.array.size)
        return problem_plain(problem, COORD_E_FRAME_MALFORMED, field->name);
    at += head;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_MAP)
            return bad_element(field, i, "a map", item, problem);
        items[i] = (struct text){at, (uint32_t)frame_skip(at, (size_t)(decoder->end - at))};
        at += items[i].size;
    }
    *(coord_raws *)slot = (coord_raws){items, (uint32_t)count};
    return 0;
}

static int read_term(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    if (pair->val.type != MSGPACK_OBJECT_STR)
        return bad_type(field->name, "a text, the name of a term", &pair->val, problem);
    struct text name = {pair->val.via.str.ptr, pair->val.via.str.size};
    int number = term_number(field->vocabulary, name.data, name.size);
    if (number == 0 && !decoder->takes_any_term)
        return field_bad_term(field, name, -1, problem);
    *(int *)slot = number;
    return 0;
}

static int read_terms(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    uint32_t set = 0;
    if (pair->val.type != MSGPACK_OBJECT_ARRAY)
        return bad_type(field->name, "an array of terms", &pair->val, problem);
    for (uint32_t i = 0; i < pair->val.via.array.size; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_STR)
            return bad_element(field, i, "a text, the name of a term", item, problem);
        struct text name = {item->via.str.ptr, item->via.str.size};
        int number = term_number(field->vocabulary, name.data, name.size);
        if (number == 0 && !decoder->takes_any_term)
            return field_bad_term(field, name, (int)i, problem);
        set |= number ? TERM_BIT(number) : 0;
    }
    *(uint32_t *)slot = set;
    return 0;
}

static int read_message(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                        struct problem *problem)
{
    if (pair->val.type != MSGPACK_OBJECT_MAP)
        return bad_type(field->name, "a map", &pair->val, problem);
    int error = decode_map(decoder, field->message, pair->val.via.map, false, slot, problem);
    if (error)
        problem_within(problem, field->name);
    return error;
}

static int read_messages(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                         struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, field->message->size, &memory, problem);
    if (error)
        return error;
    char *at = memory;
    for (uint32_t i = 0; i < pair->val.via.array.size; i++, at += field->message->size) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_MAP)
            return bad_element(field, i, "a map", item, problem);
        error = decode_map(decoder, field->message, item->via.map, false, at, problem);
        if (error) {
            char path[96];
            snprintf(path, sizeof path, "%s[%u]", field->name, (unsigned)i);
            problem_within(problem, path);
            return error;
        }
    }
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    *(struct u64s *)slot = (struct u64s){memory, pair->val.via.array.size};
    return 0;
}

static int (*const readers[])(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair,
                              void *slot, struct problem *problem) = {
    [FIELD_U64] = read_u64,     [FIELD_I64] = read_i64,         [FIELD_NUM] = read_num,
    [FIELD_FLAG] = read_flag,   [FIELD_TIME] = read_i64,        [FIELD_TEXT] = read_text,
    [FIELD_DAY] = read_text,    [FIELD_BYTES] = read_bytes,     [FIELD_TEXTS] = read_texts,
    [FIELD_U64S] = read_u64s,   [FIELD_RAWS] = read_raws,       [FIELD_TERM] = read_term,
    [FIELD_TERMS] = read_terms, [FIELD_MESSAGE] = read_message, [FIELD_MESSAGES] = read_messages,
};

int decode_value(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                 struct problem *problem)
{
    return readers[field->type](decoder, field, pair, slot, problem);
}
