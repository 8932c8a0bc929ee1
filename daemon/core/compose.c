#include "core/compose.h"

#include <string.h>

#include "base/unicode.h"
#include "check.h"

static bool compose_fields(struct arena *arena, const struct message *message, char *in);

/* True when the text has to be held against its bounds: it is another than was decoded, or longer than they allow. */
static bool compose_text(struct arena *arena, struct text *text, uint64_t size_max)
{
    struct text composed = unicode_compose(arena, *text);
    bool is_other = composed.data != text->data;
    *text = composed;
    return is_other || composed.size > size_max;
}

static bool compose_texts(struct arena *arena, const struct texts *texts)
{
    /* The decoder's arena holds the array: it is const for those who only read. */
    struct text *items = (struct text *)(uintptr_t)texts->items;
    bool is_other = false;
    for (uint32_t i = 0; i < texts->count; i++)
        is_other |= compose_text(arena, &items[i], TEXTS_ITEM_MAX);
    return is_other;
}

static bool compose_messages(struct arena *arena, const struct message *message, const struct u64s *array)
{
    char *items = (char *)(uintptr_t)array->items;
    bool is_other = false;
    for (uint32_t i = 0; i < array->count; i++)
        is_other |= compose_fields(arena, message, items + (size_t)i * message->size);
    return is_other;
}

static bool compose_field(struct arena *arena, const struct field *field, char *slot)
{
    switch (field->type) {
    case FIELD_TEXT:
        return compose_text(arena, (struct text *)slot, field->max);
    case FIELD_TEXTS:
        return compose_texts(arena, (const struct texts *)slot);
    case FIELD_MESSAGE:
        return compose_fields(arena, field->message, slot);
    case FIELD_MESSAGES:
        return compose_messages(arena, field->message, (const struct u64s *)slot);
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_NUM:
    case FIELD_FLAG:
    case FIELD_TIME:
    case FIELD_DAY:
    case FIELD_BYTES:
    case FIELD_U64S:
    case FIELD_RAWS:
    case FIELD_TERM:
    case FIELD_TERMS:
        break;
    }
    return false;
}

static bool compose_fields(struct arena *arena, const struct message *message, char *in)
{
    uint64_t has;
    bool is_other = false;
    memcpy(&has, in, sizeof(has));
    for (uint64_t left = has; left; left &= left - 1) {
        const struct field *field = &message->fields[__builtin_ctzll(left)];
        is_other |= compose_field(arena, field, in + field->offset);
    }
    return is_other;
}

int compose_message(struct arena *arena, const struct message *message, void *in, struct problem *problem)
{
    if (!compose_fields(arena, message, in))
        return 0;
    return message_check(message, in, problem);
}
