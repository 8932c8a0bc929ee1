/* How the values of a frame are written: what both encoders, the wire's and the journal's, are made of.
 */
#ifndef COORD_PACK_H
#define COORD_PACK_H

#include <endian.h>
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

/* ---- where the next byte goes, in a register: what most values are, without a look at the buffer for each ---- */

struct place {
    struct buffer *buffer;
    char *at;        /* NULL once memory ran out */
    const char *end; /* of the buffer's room */
};

/* Begins at the buffer's end, with so much room; and again when something else has been written there. */
static inline void place_begin(struct place *place, size_t room)
{
    place->at = buffer_room(place->buffer, room);
    place->end = place->buffer->data + place->buffer->capacity;
}

/* What was written is the buffer's. */
static inline void place_end(const struct place *place)
{
    if (place->at)
        place->buffer->size = (size_t)(place->at - place->buffer->data);
}

static inline void place_room(struct place *place, size_t room)
{
    if ((size_t)(place->end - place->at) >= room)
        return;
    place_end(place);
    place_begin(place, room);
}

static inline void place_number(struct place *place, uint64_t number)
{
    char *at = place->at;
    if (number < 0x80) {
        *at = (char)number;
        place->at = at + 1;
    } else if (number <= UINT8_MAX) {
        at[0] = '\xCC';
        at[1] = (char)number;
        place->at = at + 2;
    } else if (number <= UINT16_MAX) {
        const uint16_t bytes = htobe16((uint16_t)number);
        at[0] = '\xCD';
        memcpy(at + 1, &bytes, sizeof bytes);
        place->at = at + 1 + sizeof bytes;
    } else if (number <= UINT32_MAX) {
        const uint32_t bytes = htobe32((uint32_t)number);
        at[0] = '\xCE';
        memcpy(at + 1, &bytes, sizeof bytes);
        place->at = at + 1 + sizeof bytes;
    } else {
        const uint64_t bytes = htobe64(number);
        at[0] = '\xCF';
        memcpy(at + 1, &bytes, sizeof bytes);
        place->at = at + 1 + sizeof bytes;
    }
}

/* A text of less than 256 bytes is the place's; `room` is kept free behind it. false of a longer one. */
static inline bool place_text(struct place *place, const char *data, size_t size, size_t room)
{
    if (size > UINT8_MAX)
        return false;
    place_room(place, HEAD_MAX + size + room);
    if (!place->at)
        return true;
    if (size < 32) {
        *place->at++ = (char)(0xA0 | size);
    } else {
        *place->at++ = '\xD9';
        *place->at++ = (char)size;
    }
    if (size > 0)
        memcpy(place->at, data, size);
    place->at += size;
    return true;
}

static inline msg_bits fields_present(const struct message *message, const void *in)
{
    msg_bits has;
    memcpy(&has, in, sizeof has);
    return has & (((msg_bits)1 << message->count) - 1);
}

#endif
