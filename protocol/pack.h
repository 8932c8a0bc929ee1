/* How the values of a frame are written: what both encoders, the wire's and the journal's, are made of.
 */
#ifndef COORD_PACK_H
#define COORD_PACK_H

#include <msgpack.h>
#include <string.h>

#include "message.h"

#define HEAD_MAX 9 /* bytes of what msgpack begins a value with, or of a whole number */

/* msgpack-c's packer, as wire_pack_…: its own calls a function for each piece of a few bytes, which took half the time
 * of an encoding. Nothing here looks for room: whoever calls has made HEAD_MAX of it. */
#define msgpack_pack_inline_func(name)        static inline int wire_pack##name
#define msgpack_pack_inline_func_cint(name)   static inline int wire_pack##name
#define msgpack_pack_inline_func_fixint(name) static inline int wire_pack_fix##name
#define msgpack_pack_user                     struct buffer *
#define msgpack_pack_append_buffer(buffer, bytes, count)                                                               \
    return (memcpy((buffer)->data + (buffer)->size, bytes, count), (buffer)->size += (count), 0)
#include <msgpack/pack_template.h>

static inline bool make_room(struct buffer *buffer, size_t size)
{
    return buffer_room(buffer, HEAD_MAX + size) != NULL;
}

static inline void put_bytes(struct buffer *buffer, const char *data, size_t size)
{
    if (size == 0)
        return;
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

static inline msg_bits fields_present(const struct message *message, const void *in)
{
    msg_bits has;
    memcpy(&has, in, sizeof has);
    return has & (((msg_bits)1 << message->count) - 1);
}

#endif
