#include "unit/core/sent.h"

#include "core/state.h"

struct msg_change sent_change(uint64_t task, const char *note)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    MSG_SET(&change, change, note, text_of(note));
    return change;
}

const struct effect *sent_effect(const struct world *world, enum effect_type type)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == type)
            return &world->effects.items[i];
    return NULL;
}

struct text sent_element(struct arena *arena, enum op op, const char *id, const void *request)
{
    struct buffer frame = {0};
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, request);
    struct text copy = arena_copy(arena, (struct text){frame.data, (uint32_t)frame.size});
    buffer_done(&frame);
    return copy;
}
