/* From a struct to a frame.
 *
 * Invariant: one struct has one encoding. Fields come in the order of their table, integers in their smallest form,
 * numbers as float64, sets in the order of their terms. The journal's hashes and the comparison of resent requests
 * rest on that.
 */
#include <assert.h>
#include <msgpack.h>
#include <string.h>

#include "message.h"

static int write_bytes(void *buffer, const char *bytes, size_t size)
{
    buffer_append(buffer, bytes, size);
    return 0; /* a buffer remembers its failure itself */
}

static void write_text(msgpack_packer *packer, const char *data, size_t size)
{
    msgpack_pack_str(packer, size);
    msgpack_pack_str_body(packer, data, size);
}

static void write_name(msgpack_packer *packer, const char *name)
{
    write_text(packer, name, strlen(name));
}

static void write_message(msgpack_packer *packer, const struct message *message, const void *in);

static void write_texts(msgpack_packer *packer, const struct texts *texts)
{
    msgpack_pack_array(packer, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        write_text(packer, texts->items[i].data, texts->items[i].size);
}

static void write_raws(msgpack_packer *packer, const coord_raws *raws)
{
    msgpack_pack_array(packer, raws->count);
    for (uint32_t i = 0; i < raws->count; i++)
        write_bytes(packer->data, raws->items[i].data, raws->items[i].size);
}

static void write_u64s(msgpack_packer *packer, const struct u64s *numbers)
{
    msgpack_pack_array(packer, numbers->count);
    for (uint32_t i = 0; i < numbers->count; i++)
        msgpack_pack_uint64(packer, numbers->items[i]);
}

static void write_terms(msgpack_packer *packer, const struct vocabulary *vocabulary, uint32_t set)
{
    uint32_t known = set & ((UINT32_C(2) << vocabulary->count) - 2);
    msgpack_pack_array(packer, (size_t)__builtin_popcount(known));
    for (int number = 1; number <= vocabulary->count; number++)
        if (known & TERM_BIT(number))
            write_text(packer, vocabulary->terms[number - 1].name, vocabulary->terms[number - 1].name_size);
}

static void write_messages(msgpack_packer *packer, const struct message *message, const struct u64s *array)
{
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    const char *item = (const char *)array->items;
    msgpack_pack_array(packer, array->count);
    for (uint32_t i = 0; i < array->count; i++, item += message->size)
        write_message(packer, message, item);
}

static void write_value(msgpack_packer *packer, const struct field *field, const void *value)
{
    switch (field->type) {
    case FIELD_U64:
        msgpack_pack_uint64(packer, *(const coord_u64 *)value);
        break;
    case FIELD_I64:
    case FIELD_TIME:
        msgpack_pack_int64(packer, *(const coord_i64 *)value);
        break;
    case FIELD_NUM:
        msgpack_pack_double(packer, *(const coord_num *)value);
        break;
    case FIELD_FLAG:
        if (*(const coord_flag *)value)
            msgpack_pack_true(packer);
        else
            msgpack_pack_false(packer);
        break;
    case FIELD_TEXT:
    case FIELD_DAY:
        write_text(packer, ((const struct text *)value)->data, ((const struct text *)value)->size);
        break;
    case FIELD_BYTES:
        msgpack_pack_bin(packer, ((const struct text *)value)->size);
        msgpack_pack_bin_body(packer, ((const struct text *)value)->data, ((const struct text *)value)->size);
        break;
    case FIELD_TEXTS:
        write_texts(packer, value);
        break;
    case FIELD_U64S:
        write_u64s(packer, value);
        break;
    case FIELD_RAWS:
        write_raws(packer, value);
        break;
    case FIELD_TERM:
        write_name(packer, term_name(field->vocabulary, *(const int *)value));
        break;
    case FIELD_TERMS:
        write_terms(packer, field->vocabulary, *(const uint32_t *)value);
        break;
    case FIELD_MESSAGE:
        write_message(packer, field->message, value);
        break;
    case FIELD_MESSAGES:
        write_messages(packer, field->message, value);
        break;
    }
}

static uint64_t fields_present(const struct message *message, const void *in)
{
    uint64_t has;
    memcpy(&has, in, sizeof(has));
    return message->count < 64 ? has & ((UINT64_C(1) << message->count) - 1) : has;
}

static void write_fields(msgpack_packer *packer, const struct message *message, const void *in, uint64_t has)
{
    for (uint64_t left = has; left; left &= left - 1) {
        const struct field *field = &message->fields[__builtin_ctzll(left)];
        write_text(packer, field->name, field->name_size);
        write_value(packer, field, (const char *)in + field->offset);
    }
}

static void write_message(msgpack_packer *packer, const struct message *message, const void *in)
{
    uint64_t has = fields_present(message, in);
    msgpack_pack_map(packer, (size_t)__builtin_popcountll(has));
    write_fields(packer, message, in, has);
}

void message_encode(struct buffer *buffer, const char *op, struct text id, const struct message *message,
                    const void *in)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, buffer, write_bytes);
    uint64_t has = fields_present(message, in);
    size_t pairs = 1 + (size_t)(id.size > 0) + (size_t)__builtin_popcountll(has);
    msgpack_pack_map(&packer, pairs);
    write_text(&packer, "op", 2);
    write_name(&packer, op);
    if (id.size > 0) {
        write_text(&packer, "id", 2);
        write_text(&packer, id.data, id.size);
    }
    write_fields(&packer, message, in, has);
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
    message_encode(buffer, "error", id, &message_error, &error);
}
