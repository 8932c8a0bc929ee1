/* Two walks over the same table: the first counts the bytes, the second copies. */
#include "base/copy.h"

#include <string.h>

#include "base/xalloc.h"

#define ALIGNMENT 8

/* NULL memory means: only count. */
struct room {
    char *memory;
    size_t used;
};

static void *take(struct room *room, const void *from, size_t size)
{
    char *to = room->memory ? room->memory + room->used : NULL;
    if (to && size)
        memcpy(to, from, size);
    room->used += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return to;
}

static void copy_text(struct room *room, struct text *text)
{
    const char *copied = take(room, text->data, text->size);
    if (room->memory)
        text->data = copied;
}

/* Texts that a field of the copy points to; `slot` is in the copy, or in the original while counting. */
static void copy_inside(struct room *room, const struct message *message, void *slot);

static void *copy_array(struct room *room, struct u64s *array, size_t size)
{
    void *copied = take(room, array->items, array->count * size);
    if (!room->memory)
        return (void *)(uintptr_t)array->items;
    array->items = copied;
    return copied;
}

static void copy_texts(struct room *room, struct u64s *array)
{
    struct text *items = copy_array(room, array, sizeof(struct text));
    for (uint32_t i = 0; i < array->count; i++)
        copy_text(room, &items[i]);
}

static void copy_messages(struct room *room, const struct message *message, struct u64s *array)
{
    char *items = copy_array(room, array, message->size);
    for (uint32_t i = 0; i < array->count; i++)
        copy_inside(room, message, items + (size_t)i * message->size);
}

static void copy_field(struct room *room, const struct field *field, void *slot)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_DAY:
    case FIELD_BYTES:
        copy_text(room, slot);
        break;
    case FIELD_TEXTS:
    case FIELD_RAWS:
        copy_texts(room, slot);
        break;
    case FIELD_U64S:
        copy_array(room, slot, sizeof(uint64_t));
        break;
    case FIELD_MESSAGE:
        copy_inside(room, field->message, slot);
        break;
    case FIELD_MESSAGES:
        copy_messages(room, field->message, slot);
        break;
    default:
        break;
    }
}

/* Fields stand in the struct as they do in the table. */
static size_t room_of(const struct message *message, uint16_t i)
{
    const size_t end = i + 1 < message->count ? message->fields[i + 1].offset : message->size;
    return end - message->fields[i].offset;
}

/* A field that is not there may hold what was there once, whose memory is somebody else's: nothing of that is kept. */
static void copy_inside(struct room *room, const struct message *message, void *slot)
{
    msg_bits has;
    memcpy(&has, slot, sizeof has);
    for (uint16_t i = 0; i < message->count; i++) {
        char *field = (char *)slot + message->fields[i].offset;
        if (has >> i & 1)
            copy_field(room, &message->fields[i], field);
        else if (room->memory)
            memset(field, 0, room_of(message, i));
    }
}

size_t copy_message_size(const struct message *message, const void *in)
{
    struct room room = {0};
    take(&room, in, message->size);
    copy_inside(&room, message, (void *)(uintptr_t)in); /* without memory it only reads */
    return room.used;
}

void *copy_message_to(const struct message *message, const void *in, void *memory)
{
    struct room room = {.memory = memory};
    void *copy = take(&room, in, message->size);
    copy_inside(&room, message, copy);
    return copy;
}

void *copy_message(const struct message *message, const void *in)
{
    return copy_message_to(message, in, xcalloc(1, copy_message_size(message, in)));
}
