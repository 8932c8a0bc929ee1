/* From a struct to a frame.
 *
 * Invariant: one struct has one encoding. Fields come in the order of their table, integers in their smallest form,
 * numbers as float64, sets in the order of their terms. The journal's hashes and the comparison of resent requests
 * rest on that.
 */
#include <assert.h>
#include <string.h>

#include "message.h"
#include "pack.h"
#include "value.h"

static inline void write_text(struct buffer *buffer, const char *data, size_t size)
{
    if (!make_room(buffer, size))
        return;
    wire_pack_str(buffer, size);
    put_bytes(buffer, data, size);
}

static void write_bytes(struct buffer *buffer, const struct text *bytes)
{
    if (!make_room(buffer, bytes->size))
        return;
    wire_pack_bin(buffer, bytes->size);
    put_bytes(buffer, bytes->data, bytes->size);
}

static void write_array(struct buffer *buffer, size_t count)
{
    if (make_room(buffer, 0))
        wire_pack_array(buffer, count);
}

static void write_map(struct buffer *buffer, size_t count)
{
    if (make_room(buffer, 0))
        wire_pack_map(buffer, count);
}

/* Keys are half of what is encoded: copied whole, as many bytes as the longest has, and then counted as what they are.
 * Makes room for a number after it. */
static inline bool write_key(struct buffer *buffer, const struct field *field)
{
    if (!make_room(buffer, sizeof field->key))
        return false;
    memcpy(buffer->data + buffer->size, &field->key, sizeof field->key);
    buffer->size += 1 + (size_t)field->name_size;
    return true;
}

static void write_term(struct buffer *buffer, const struct vocabulary *vocabulary, int number)
{
    const struct text name = term_text(vocabulary, number);
    write_text(buffer, name.data, name.size);
}

static void write_message(struct buffer *buffer, const struct message *message, const void *in);

static void write_texts(struct buffer *buffer, const struct texts *texts)
{
    write_array(buffer, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        write_text(buffer, texts->items[i].data, texts->items[i].size);
}

static void write_raws(struct buffer *buffer, const coord_raws *raws)
{
    write_array(buffer, raws->count);
    for (uint32_t i = 0; i < raws->count; i++)
        buffer_append(buffer, raws->items[i].data, raws->items[i].size);
}

static void write_u64s(struct buffer *buffer, const struct u64s *numbers)
{
    write_array(buffer, numbers->count);
    for (uint32_t i = 0; i < numbers->count && make_room(buffer, 0); i++)
        wire_pack_uint64(buffer, numbers->items[i]);
}

static void write_terms(struct buffer *buffer, const struct vocabulary *vocabulary, uint32_t set)
{
    uint32_t known = set & ((UINT32_C(2) << vocabulary->count) - 2);
    write_array(buffer, (size_t)__builtin_popcount(known));
    for (int number = 1; number <= vocabulary->count; number++)
        if (known & TERM_BIT(number))
            write_term(buffer, vocabulary, number);
}

static void write_messages(struct buffer *buffer, const struct message *message, const struct u64s *array)
{
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    const char *item = (const char *)array->items;
    write_array(buffer, array->count);
    for (uint32_t i = 0; i < array->count; i++, item += message->size)
        write_message(buffer, message, item);
}

/* After its key, which made the room for a number. */
static void write_value(struct buffer *buffer, const struct field *field, const void *value)
{
    switch (field->type) { /* GCOV_EXCL_BR_LINE: each type has its case, as -Wswitch sees to */
    case FIELD_U64:
        wire_pack_uint64(buffer, *(const coord_u64 *)value);
        break;
    case FIELD_I64:
    case FIELD_TIME:
        wire_pack_int64(buffer, *(const coord_i64 *)value);
        break;
    case FIELD_NUM:
        wire_pack_double(buffer, *(const coord_num *)value);
        break;
    case FIELD_FLAG:
        if (*(const coord_flag *)value)
            wire_pack_true(buffer);
        else
            wire_pack_false(buffer);
        break;
    case FIELD_TEXT:
    case FIELD_DAY:
        write_text(buffer, ((const struct text *)value)->data, ((const struct text *)value)->size);
        break;
    case FIELD_BYTES:
        write_bytes(buffer, value);
        break;
    case FIELD_TEXTS:
        write_texts(buffer, value);
        break;
    case FIELD_U64S:
        write_u64s(buffer, value);
        break;
    case FIELD_RAWS:
        write_raws(buffer, value);
        break;
    case FIELD_TERM:
        write_term(buffer, field->vocabulary, *(const int *)value);
        break;
    case FIELD_TERMS:
        write_terms(buffer, field->vocabulary, *(const uint32_t *)value);
        break;
    case FIELD_MESSAGE:
        write_message(buffer, field->message, value);
        break;
    case FIELD_MESSAGES:
        write_messages(buffer, field->message, value);
        break;
    }
}

/* Those of 64 fields from `fields` on that are present. */
static void write_some(struct buffer *buffer, const struct field *fields, const void *in, uint64_t has)
{
    for (uint64_t left = has; left; left &= left - 1) {
        const struct field *field = &fields[__builtin_ctzll(left)];
        if (!write_key(buffer, field))
            return;
        write_value(buffer, field, (const char *)in + field->offset);
    }
}

static void write_fields(struct buffer *buffer, const struct message *message, const void *in, msg_bits has)
{
    write_some(buffer, message->fields, in, (uint64_t)has);
    if (has >> 64)
        write_some(buffer, message->fields + 64, in, (uint64_t)(has >> 64));
}

static void write_message(struct buffer *buffer, const struct message *message, const void *in)
{
    msg_bits has = fields_present(message, in);
    write_map(buffer, msg_bits_count(has));
    write_fields(buffer, message, in, has);
}

void message_encode_for(struct buffer *buffer, const char *op, struct text id, struct text name,
                        const struct message *message, const void *in)
{
    msg_bits has = fields_present(message, in);
    size_t pairs = 1 + (size_t)(id.size > 0) + (size_t)(name.size > 0) + msg_bits_count(has);
    write_map(buffer, pairs);
    write_text(buffer, "op", 2);
    write_text(buffer, op, strlen(op));
    if (id.size > 0) {
        write_text(buffer, "id", 2);
        write_text(buffer, id.data, id.size);
    }
    if (name.size > 0) {
        write_text(buffer, "for", 3);
        write_text(buffer, name.data, name.size);
    }
    write_fields(buffer, message, in, has);
}

void message_encode(struct buffer *buffer, const char *op, struct text id, const struct message *message,
                    const void *in)
{
    message_encode_for(buffer, op, id, (struct text){0}, message, in);
}

void message_encode_as_of(struct buffer *buffer, const void *frame, size_t size, uint64_t as_of, uint64_t lag_ms)
{
    static const struct field added[] = {{FIELD_NAMED(as_of)}, {FIELD_NAMED(lag_ms)}};
    const uint64_t values[] = {as_of, lag_ms};
    struct value root = {0};
    const char *pairs = value_read(frame, &root);
    const size_t left = size - (size_t)(pairs - (const char *)frame);
    write_map(buffer, root.size + 2U);
    if (!make_room(buffer, left))
        return;
    put_bytes(buffer, pairs, left);
    for (size_t i = 0; i < 2; i++)
        if (write_key(buffer, &added[i]))
            wire_pack_uint64(buffer, values[i]);
}

void message_encode_problem(struct buffer *buffer, struct text id, const struct problem *problem)
{
    const struct error_row *row = error_row(problem->error);
    assert(row);
    struct msg_error error = {0};
    MSG_SET(&error, error, error, text_of(row->name));
    MSG_SET(&error, error, code, (uint64_t)-row->error);
    MSG_SET(&error, error, retry, row->retry);
    if (problem->field[0])
        MSG_SET(&error, error, field, text_of(problem->field));
    MSG_SET(&error, error, message, text_of(problem->message[0] ? problem->message : row->sentence));
    if (problem->version)
        MSG_SET(&error, error, version, problem->version);
    if (problem->state)
        MSG_SET(&error, error, state, problem->state);
    if (problem->leader && problem->leader[0])
        MSG_SET(&error, error, leader, text_of(problem->leader));
    message_encode(buffer, "error", id, &message_error, &error);
}
