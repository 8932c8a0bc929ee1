#include "filler.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define X(CONSTANT, name, sentence) &message_##name,
const struct message *const every_message[] = {COORD_MESSAGES(X)};
#undef X
const size_t every_message_count = sizeof every_message / sizeof every_message[0];

static uint32_t some_count(const struct field *field, unsigned seed)
{
    uint64_t count = (uint64_t)field->min + seed % 3;
    return (uint32_t)(count > field->max ? field->max : count);
}

static struct text some_text(struct arena *arena, const struct field *field, unsigned seed)
{
    static const char sample[] = "Báo cáo kết quả thực hiện nhiệm vụ\n\tđược giao; ";
    uint32_t size = (uint32_t)(field->min > 0 ? field->min : 0) + seed % 40;
    if (size > field->max)
        size = (uint32_t)field->max;
    char *text = arena_alloc(arena, size + 1);
    for (uint32_t i = 0; i < size; i++)
        text[i] = sample[i % (sizeof sample - 1)];
    /* What is cut within a character ends with letters instead. */
    uint32_t end = size;
    while (end > 0 && ((unsigned char)text[end - 1] & 0x80))
        text[--end] = 'x';
    return (struct text){text, size};
}

static struct texts some_texts(struct arena *arena, const struct field *field, unsigned seed)
{
    static const struct field item = {.min = 1, .max = 60};
    uint32_t count = some_count(field, seed);
    struct text *items = arena_alloc(arena, count * sizeof *items);
    for (uint32_t i = 0; i < count; i++)
        items[i] = some_text(arena, &item, seed + i);
    return (struct texts){items, count};
}

static coord_raws some_raws(struct arena *arena, const struct field *field, unsigned seed)
{
    uint32_t count = some_count(field, seed);
    struct text *items = arena_alloc(arena, count * sizeof *items);
    for (uint32_t i = 0; i < count; i++) {
        struct buffer frame = {0};
        struct msg_credit credit = {0};
        MSG_SET(&credit, credit, credit, seed * 300 + i);
        message_encode(&frame, "credit", TEXT("inner"), &message_credit, &credit);
        items[i] = arena_copy(arena, (struct text){frame.data, (uint32_t)frame.size});
        buffer_done(&frame);
    }
    return (coord_raws){items, count};
}

static struct u64s some_u64s(struct arena *arena, const struct field *field, unsigned seed)
{
    uint32_t count = some_count(field, seed);
    uint64_t *items = arena_alloc(arena, count * sizeof *items);
    for (uint32_t i = 0; i < count; i++)
        items[i] = (uint64_t)seed << (i * 9 % 60);
    return (struct u64s){items, count};
}

static struct u64s some_messages(struct arena *arena, const struct field *field, unsigned seed, bool required_only)
{
    uint32_t count = some_count(field, seed);
    char *items = arena_alloc(arena, count * field->message->size);
    for (uint32_t i = 0; i < count; i++)
        fill_message(arena, field->message, items + i * field->message->size, seed + i, required_only);
    return (struct u64s){(const uint64_t *)(const void *)items, count};
}

static uint64_t some_number(const struct field *field, unsigned seed)
{
    const uint64_t steps[] = {0, 1, 127, 128, 255, 256, 65535, 65536, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX};
    uint64_t number = (uint64_t)field->min + steps[seed % (sizeof steps / sizeof steps[0])];
    return number > field->max ? field->max : number;
}

static void fill_field(struct arena *arena, const struct field *field, void *slot, unsigned seed, bool required_only)
{
    switch (field->type) {
    case FIELD_U64:
        *(coord_u64 *)slot = some_number(field, seed);
        break;
    case FIELD_I64:
    case FIELD_TIME:
        *(coord_i64 *)slot = seed % 2 ? field->min : (int64_t)field->max;
        break;
    case FIELD_NUM:
        *(coord_num *)slot = (double)seed * -1.25;
        break;
    case FIELD_FLAG:
        *(coord_flag *)slot = seed % 2;
        break;
    case FIELD_TEXT:
        *(struct text *)slot = some_text(arena, field, seed);
        break;
    case FIELD_DAY:
        *(struct text *)slot = seed % 2 ? TEXT("2024-02-29") : TEXT("2099-12-31");
        break;
    case FIELD_BYTES: {
        uint32_t size = (uint32_t)field->max;
        char *bytes = arena_alloc(arena, size);
        memset(bytes, (int)(seed % 256), size);
        *(struct text *)slot = (struct text){bytes, size};
        break;
    }
    case FIELD_TEXTS:
        *(struct texts *)slot = some_texts(arena, field, seed);
        break;
    case FIELD_U64S:
        *(struct u64s *)slot = some_u64s(arena, field, seed);
        break;
    case FIELD_RAWS:
        *(coord_raws *)slot = some_raws(arena, field, seed);
        break;
    case FIELD_TERM:
        *(int *)slot = (int)(seed % (unsigned)field->vocabulary->count) + 1;
        break;
    case FIELD_TERMS:
        *(uint32_t *)slot = (seed * 2654435761u) & ((UINT32_C(2) << field->vocabulary->count) - 2);
        break;
    case FIELD_MESSAGE:
        fill_message(arena, field->message, slot, seed, required_only);
        break;
    case FIELD_MESSAGES:
        *(struct u64s *)slot = some_messages(arena, field, seed, required_only);
        break;
    }
}

void fill_message(struct arena *arena, const struct message *message, void *out, unsigned seed, bool required_only)
{
    msg_bits has = 0;
    assert(message->size <= sizeof(union any_message));
    memset(out, 0, message->size);
    for (unsigned i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        if (required_only && !field->required)
            continue;
        fill_field(arena, field, (char *)out + field->offset, seed + i, required_only);
        has |= (msg_bits)1 << i;
    }
    memcpy(out, &has, sizeof has);
}

static bool same_array(const struct field *field, const struct u64s *a, const struct u64s *b)
{
    if (a->count != b->count)
        return false;
    if (field->type == FIELD_U64S)
        return a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(uint64_t)) == 0;
    for (uint32_t i = 0; i < a->count; i++) {
        if (field->type == FIELD_MESSAGES) {
            size_t at = (size_t)i * field->message->size;
            if (!same_message(field->message, (const char *)a->items + at, (const char *)b->items + at))
                return false;
        } else if (!text_equal(((const struct texts *)(const void *)a)->items[i],
                               ((const struct texts *)(const void *)b)->items[i])) {
            return false;
        }
    }
    return true;
}

static bool same_field(const struct field *field, const void *a, const void *b)
{
    switch (field->type) {
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_TIME:
    case FIELD_NUM:
        return memcmp(a, b, 8) == 0;
    case FIELD_FLAG:
        return *(const coord_flag *)a == *(const coord_flag *)b;
    case FIELD_TERM:
    case FIELD_TERMS:
        return memcmp(a, b, sizeof(uint32_t)) == 0;
    case FIELD_TEXT:
    case FIELD_DAY:
    case FIELD_BYTES:
        return text_equal(*(const struct text *)a, *(const struct text *)b);
    case FIELD_MESSAGE:
        return same_message(field->message, a, b);
    default:
        return same_array(field, a, b);
    }
}

bool same_message(const struct message *message, const void *a, const void *b)
{
    if (memcmp(a, b, sizeof(uint64_t)) != 0)
        return false;
    for (unsigned i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        if (!same_field(field, (const char *)a + field->offset, (const char *)b + field->offset))
            return false;
    }
    return true;
}

void frame_with(struct buffer *frame, const struct message *message, const void *in, const char *name,
                struct text value)
{
    struct buffer whole = {0};
    message_encode(&whole, "test", (struct text){NULL, 0}, message, in);
    const unsigned char *bytes = (const unsigned char *)whole.data;
    unsigned wide = bytes[0] == 0xDE;
    unsigned pairs = (wide ? (unsigned)bytes[1] << 8 | bytes[2] : bytes[0] & 0x0Fu) + 1;
    unsigned head = wide ? 3 : 1;
    const unsigned char map[3] = {0xDE, (unsigned char)(pairs >> 8), (unsigned char)pairs};
    const unsigned char text[2] = {0xD9, (unsigned char)strlen(name)};
    buffer_clear(frame);
    buffer_append(frame, map, sizeof map);
    buffer_append(frame, whole.data + head, whole.size - head);
    buffer_append(frame, text, sizeof text);
    buffer_append(frame, name, strlen(name));
    buffer_append(frame, value.data, value.size);
    buffer_done(&whole);
}
