/* See compact.h. Invariant: one struct has one encoding, as on the wire; the journal's hashes rest on that. */
#include "compact.h"
#include "compact_text.h"
#include "letters.h"
#include "pack.h"

struct into {
    struct buffer *buffer;
    uint32_t letters; /* bytes of texts that may yet be brought to letters */
};

static void write_message(struct into *into, const struct message *message, const void *in);

/* A shorter one would save a byte or two. */
#define LETTERS_FROM 12

/* Whether a text may be shorter by letters: one that is long enough, and no ASCII alone, as ids and references are. */
static bool has_letters(const struct text *text)
{
    uint64_t bytes;
    uint32_t i = 0;
    if (text->size < LETTERS_FROM)
        return false;
    for (; i + sizeof bytes <= text->size; i += sizeof bytes) {
        memcpy(&bytes, text->data + i, sizeof bytes);
        if (bytes & UINT64_C(0x8080808080808080))
            return true;
    }
    memcpy(&bytes, text->data + text->size - sizeof bytes, sizeof bytes);
    return bytes & UINT64_C(0x8080808080808080);
}

/* How a size is written goes by that of the text, before it is known what is made of it: false when that is no less, or is to be
 * taken for another thing. */
static bool write_letters(struct into *into, const struct text *text)
{
    struct buffer *buffer = into->buffer;
    if (text->size > into->letters)
        return false;
    into->letters -= text->size;
    if (!make_room(buffer, text->size + LETTERS_SLACK))
        return true;
    const uint32_t width = text->size <= UINT8_MAX ? 1 : text->size <= UINT16_MAX ? 2 : 4;
    char *head = buffer->data + buffer->size;
    const uint32_t made = letters_pack(text->data, text->size, head + 1 + width);
    if (!made || made == COMPACT_HEX_BYTES || made + 1 >= text->size)
        return false;
    const uint32_t bytes = htobe32(made);
    *head = (char)(width == 1 ? 0xC4 : width == 2 ? 0xC5 : 0xC6); /* binary, with a size of one, two or four bytes */
    memcpy(head + 1, (const char *)&bytes + sizeof bytes - width, width);
    buffer->size += 1 + width + made;
    return true;
}

static void write_text(struct into *into, const struct text *text)
{
    struct buffer *buffer = into->buffer;
    char bytes[COMPACT_HEX_BYTES];
    if (compact_hex_pack(*text, bytes)) {
        if (!make_room(buffer, sizeof bytes))
            return;
        wire_pack_bin(buffer, sizeof bytes);
        put_bytes(buffer, bytes, sizeof bytes);
        return;
    }
    if (has_letters(text) && write_letters(into, text))
        return;
    if (!make_room(buffer, text->size))
        return;
    wire_pack_str(buffer, text->size);
    put_bytes(buffer, text->data, text->size);
}

static void write_day(struct into *into, const struct text *day)
{
    struct buffer *buffer = into->buffer;
    uint32_t number;
    if (!compact_day_pack(*day, &number))
        write_text(into, day);
    else if (make_room(buffer, 0))
        wire_pack_uint32(buffer, number);
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

static void write_texts(struct into *into, const struct texts *texts)
{
    write_array(into->buffer, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        write_text(into, &texts->items[i]);
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

static void write_messages(struct into *into, const struct message *message, const struct u64s *array)
{
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    const char *item = (const char *)array->items;
    write_array(into->buffer, array->count);
    for (uint32_t i = 0; i < array->count; i++, item += message->size)
        write_message(into, message, item);
}

static void write_value(struct into *into, const struct field *field, const void *value)
{
    struct buffer *buffer = into->buffer;
    if (!make_room(buffer, 0))
        return;
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
        write_text(into, value);
        break;
    case FIELD_DAY:
        write_day(into, value);
        break;
    case FIELD_BYTES:
        write_bytes(buffer, value);
        break;
    case FIELD_TEXTS:
        write_texts(into, value);
        break;
    case FIELD_U64S:
        write_u64s(buffer, value);
        break;
    case FIELD_RAWS:
        write_raws(buffer, value);
        break;
    case FIELD_TERM:
        wire_pack_uint32(buffer, (uint32_t) * (const int *)value);
        break;
    case FIELD_TERMS:
        wire_pack_uint32(buffer, *(const uint32_t *)value & ((UINT32_C(2) << field->vocabulary->count) - 2));
        break;
    case FIELD_MESSAGE:
        write_message(into, field->message, value);
        break;
    case FIELD_MESSAGES:
        write_messages(into, field->message, value);
        break;
    }
}

/* A number while it is one of 64 bits, else so many bytes, the lowest first. */
static void write_bits(struct buffer *buffer, msg_bits has)
{
    char bytes[sizeof has];
    size_t size = 0;
    if (!make_room(buffer, sizeof bytes))
        return;
    if (!(has >> 64)) {
        wire_pack_uint64(buffer, (uint64_t)has);
        return;
    }
    for (; has; has >>= 8)
        bytes[size++] = (char)(has & 0xFF);
    wire_pack_bin(buffer, size);
    put_bytes(buffer, bytes, size);
}

/* What nearly all values of a record are: false of another one. */
static inline bool place_value(struct place *place, const struct field *field, const void *value, size_t room)
{
    switch (field->type) {
    case FIELD_U64:
        place_number(place, *(const coord_u64 *)value);
        return true;
    case FIELD_TIME:
        if (*(const coord_i64 *)value < 0)
            return false;
        place_number(place, *(const coord_u64 *)value);
        return true;
    case FIELD_TERM:
        place_number(place, (uint32_t) * (const int *)value);
        return true;
    case FIELD_TEXT: {
        const struct text *text = value;
        return text->size != 2 * COMPACT_HEX_BYTES && !has_letters(text) &&
               place_text(place, text->data, text->size, room);
    }
    default:
        return false;
    }
}

static void write_some(struct into *into, const struct field *fields, const void *in, uint64_t has)
{
    struct place place = {.buffer = into->buffer};
    size_t room = HEAD_MAX * (size_t)__builtin_popcountll(has);
    place_begin(&place, room);
    for (uint64_t left = has; left && place.at; left &= left - 1) {
        const struct field *field = &fields[__builtin_ctzll(left)];
        const void *value = (const char *)in + field->offset;
        room -= HEAD_MAX;
        if (place_value(&place, field, value, room))
            continue;
        place_end(&place);
        write_value(into, field, value);
        place_begin(&place, room);
    }
    place_end(&place);
}

static void write_fields(struct into *into, const struct message *message, const void *in, msg_bits has,
                         msg_bits elsewhere)
{
    write_bits(into->buffer, has);
    write_some(into, message->fields, in, (uint64_t)(has & ~elsewhere));
    if (has >> 64)
        write_some(into, message->fields + 64, in, (uint64_t)((has & ~elsewhere) >> 64));
}

static void write_message(struct into *into, const struct message *message, const void *in)
{
    const msg_bits has = fields_present(message, in);
    write_array(into->buffer, 1 + msg_bits_count(has));
    write_fields(into, message, in, has, 0);
}

void compact_encode(struct buffer *buffer, const struct message *message, const void *in, msg_bits elsewhere,
                    uint32_t *letters)
{
    struct into into = {buffer, letters ? *letters : UINT32_MAX};
    const msg_bits has = fields_present(message, in);
    write_array(buffer, 2 + msg_bits_count(has & ~elsewhere));
    if (make_room(buffer, 0))
        wire_pack_uint32(buffer, COMPACT_DIALECT);
    write_fields(&into, message, in, has, elsewhere);
    if (letters)
        *letters = into.letters;
}
