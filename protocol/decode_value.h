/* What the parts of the decoder share: the values of fields, and the maps that hold them. */
#ifndef COORD_DECODE_VALUE_H
#define COORD_DECODE_VALUE_H

#include <msgpack.h>

#include "message.h"

struct decoder {
    msgpack_zone zone;
    struct arena arena;
    msgpack_object_map root;
    const char *end;       /* of the frame */
    uint32_t op_at, id_at; /* which pairs of the root are the envelope's; UINT32_MAX for none */
    bool decomposed;       /* a text may be longer than its bound, as far as NFC can make it short enough */
    bool takes_any_term;   /* a term that is none of its vocabulary is passed over, not refused */
    size_t items;          /* values in the frame */
    uint32_t unknown;      /* keys so far that no table lists, of the message that is read */
};

/* Into `out`, which is all zeroes. On failure it may hold some fields. */
int decode_map(struct decoder *decoder, const struct message *message, msgpack_object_map map, bool is_root, void *out,
               struct problem *problem);
/* A pair's value into a field's place. */
int decode_value(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                 struct problem *problem);
/* "an integer", "a map": what a value is, for a sentence. */
const char *decode_type_name(const msgpack_object *object);

#endif
