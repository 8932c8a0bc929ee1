/* Nothing is read beyond the bytes that there are, and each length and count is held against its bounds before it is used: which
 * the tables hold far below those of a frame, so that its size alone is held against these.
 */
#include "core/row_read.h"

#include <endian.h>
#include <string.h>

#include "frame.h"

struct cursor {
    const uint8_t *at, *end;
    struct arena *arena;
};

static inline bool has_left(const struct cursor *cursor, size_t size)
{
    return (size_t)(cursor->end - cursor->at) >= size;
}

static inline bool take_byte(struct cursor *cursor, uint8_t *byte)
{
    if (!has_left(cursor, 1))
        return false;
    *byte = *cursor->at++;
    return true;
}

/* 1, 2, 4 or 8 bytes, the highest first. */
static inline bool take_number(struct cursor *cursor, size_t size, uint64_t *number)
{
    uint64_t bytes = 0;
    if (!has_left(cursor, size))
        return false;
    memcpy(&bytes, cursor->at, has_left(cursor, sizeof bytes) ? sizeof bytes : size);
    *number = be64toh(bytes) >> (64 - 8 * size);
    cursor->at += size;
    return true;
}

/* A length or a count: within the first byte where that begins as `fixed` does, in its `bits` lowest bits; else in 1, 2 or 4
 * bytes, as one of the three bytes from `first` on says. */
static inline bool take_count(struct cursor *cursor, uint8_t fixed, int bits, uint8_t first, uint64_t *count)
{
    uint8_t byte;
    if (!take_byte(cursor, &byte))
        return false;
    *count = byte & ((1U << bits) - 1);
    if (bits > 0 && byte >> bits == fixed >> bits)
        return true;
    return byte >= first && byte - first < 3 && take_number(cursor, (size_t)1 << (byte - first), count);
}

static inline bool take_run(struct cursor *cursor, uint64_t size, struct text *run)
{
    if (!has_left(cursor, size))
        return false;
    *run = (struct text){(const char *)cursor->at, (uint32_t)size};
    cursor->at += size;
    return true;
}

/* ---- the types ---- */

static inline bool read_integer(struct cursor *cursor, uint64_t *number, bool *is_negative)
{
    uint8_t byte;
    *is_negative = false;
    if (!take_byte(cursor, &byte))
        return false;
    *number = byte;
    if (byte < 0x80)
        return true;
    if (byte >= 0xCC && byte <= 0xCF)
        return take_number(cursor, (size_t)1 << (byte - 0xCC), number);
    if (byte >= 0xE0) {
        *number = (uint64_t)(int8_t)byte;
        *is_negative = true;
        return true;
    }
    if (byte < 0xD0 || byte > 0xD3 || !take_number(cursor, (size_t)1 << (byte - 0xD0), number))
        return false;
    const int unused = 64 - (8 << (byte - 0xD0));
    *number = (uint64_t)((int64_t)(*number << unused) >> unused);
    *is_negative = (int64_t)*number < 0;
    return true;
}

static bool read_u64(struct cursor *cursor, const struct field *field, coord_u64 *value)
{
    bool is_negative;
    return read_integer(cursor, value, &is_negative) && !is_negative && *value >= (uint64_t)field->min &&
           *value <= field->max;
}

static bool read_time(struct cursor *cursor, const struct field *field, coord_time *value)
{
    bool is_negative;
    uint64_t number;
    if (!read_integer(cursor, &number, &is_negative) || (!is_negative && number > INT64_MAX))
        return false;
    *value = (int64_t)number;
    return *value >= field->min && *value <= (int64_t)field->max;
}

static bool read_num(struct cursor *cursor, coord_num *value)
{
    uint8_t byte;
    uint64_t bits;
    if (!take_byte(cursor, &byte) || byte != 0xCB || !take_number(cursor, sizeof bits, &bits))
        return false;
    memcpy(value, &bits, sizeof bits);
    return __builtin_isfinite(*value);
}

static bool read_bytes(struct cursor *cursor, const struct field *field, coord_bytes *value)
{
    uint64_t size;
    return take_count(cursor, 0, 0, 0xC4, &size) && size >= (uint64_t)field->min && size <= field->max &&
           take_run(cursor, size, value);
}

static bool read_term(struct cursor *cursor, const struct field *field, int *value)
{
    uint64_t size;
    struct text name;
    if (!take_count(cursor, 0xA0, 5, 0xD9, &size) || !take_run(cursor, size, &name))
        return false;
    *value = term_number(field->vocabulary, name.data, name.size);
    return *value != 0;
}

static bool read_u64s(struct cursor *cursor, const struct field *field, coord_u64s *value)
{
    uint8_t byte;
    uint64_t count;
    bool is_negative = false;
    if (!take_byte(cursor, &byte))
        return false;
    count = byte & 0x0F;
    if (byte >> 4 != 0x9 && (byte != 0xDC || !take_number(cursor, 2, &count)))
        return false;
    if (count < (uint64_t)field->min || count > field->max)
        return false;
    uint64_t *items = arena_alloc(cursor->arena, count * sizeof *items);
    for (uint64_t i = 0; items && i < count; i++)
        if (!read_integer(cursor, &items[i], &is_negative) || is_negative)
            return false;
    *value = (coord_u64s){items, (uint32_t)count};
    return items != NULL;
}

static bool read_value(struct cursor *cursor, const struct field *field, void *value)
{
    if (field->type == FIELD_U64)
        return read_u64(cursor, field, value);
    if (field->type == FIELD_TIME)
        return read_time(cursor, field, value);
    if (field->type == FIELD_TERM)
        return read_term(cursor, field, value);
    if (field->type == FIELD_BYTES)
        return read_bytes(cursor, field, value);
    if (field->type == FIELD_U64S)
        return read_u64s(cursor, field, value);
    return field->type == FIELD_NUM && read_num(cursor, value);
}

/* ---- the row ---- */

static const char beginning[] = "\xA2op\xA3row";

static bool read_beginning(struct cursor *cursor, uint64_t *pairs)
{
    uint8_t byte;
    struct text text;
    if (!take_byte(cursor, &byte))
        return false;
    *pairs = byte & 0x0F;
    if (byte >> 4 != 0x8 && (byte != 0xDE || !take_number(cursor, 2, pairs)))
        return false;
    return *pairs > 0 && take_run(cursor, sizeof beginning - 1, &text) &&
           memcmp(text.data, beginning, sizeof beginning - 1) == 0;
}

/* The place of the field that comes next, from a place on; `count` when it is none of them. */
static inline uint16_t find_field(struct cursor *cursor, const struct message *message, uint16_t from)
{
    for (uint16_t at = from; at < message->count; at++) {
        const struct field *field = &message->fields[at];
        const size_t size = 1 + (size_t)field->name_size;
        if (!has_left(cursor, size) || cursor->at[0] != field->key.head || memcmp(cursor->at, &field->key, size) != 0)
            continue;
        cursor->at += size;
        return at;
    }
    return message->count;
}

bool row_read(const void *bytes, size_t size, const struct message *message, struct arena *arena, void *row)
{
    static const uint8_t none[1]; /* of no bytes, `bytes` may be NULL */
    const uint8_t *begin = size > 0 ? bytes : none;
    struct cursor cursor = {begin, begin + size, arena};
    msg_bits has = 0;
    uint64_t pairs;
    uint16_t at = 0, needed = 0;
    if (size > FRAME_SIZE_MAX || !read_beginning(&cursor, &pairs))
        return false;
    memset(row, 0, message->size);
    for (; pairs > 1; pairs--, at++) {
        at = find_field(&cursor, message, at);
        if (at == message->count)
            return false;
        const struct field *field = &message->fields[at];
        if (!read_value(&cursor, field, (char *)row + field->offset))
            return false;
        has |= (msg_bits)1 << at;
        needed = (uint16_t)(needed + field->required);
    }
    memcpy(row, &has, sizeof has);
    return cursor.at == cursor.end && needed == message->needed;
}
