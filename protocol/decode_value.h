/* What the parts of the decoder share: the values of fields, and the maps that hold them. */
#ifndef COORD_DECODE_VALUE_H
#define COORD_DECODE_VALUE_H

#include "frame.h"
#include "message.h"
#include "value.h"

struct decoder {
    struct arena arena;
    struct frame_names names; /* where the root has what is the envelope's, and how many values there are */
    const char *pairs;        /* of the root, the first; NULL while no frame is open */
    uint32_t pair_count;
    bool decomposed;     /* a text may be longer than its bound, as far as NFC can make it short enough */
    bool takes_any_term; /* a term that is none of its vocabulary is passed over, not refused */
    bool unsettled;      /* some text of the message that is read is not settled: see decoder_is_settled */
    bool compact;        /* what is read is in the journal's dialect (compact.h) */
    uint32_t unknown;    /* keys so far that no table lists, of the message that is read */
};

/* The pairs of a map that begin at *at, into `out`, which is all zeroes; *at is then where they end. On failure `out` may hold
 * some fields, and *at says nothing. */
int decode_map(struct decoder *decoder, const struct message *message, const char **at, uint32_t pairs, bool is_root,
               void *out, struct problem *problem);
/* The same of an array of the journal's dialect, of `items`: compact_decode.c. */
int decode_packed(struct decoder *decoder, const struct message *message, const char **at, uint32_t items,
                  msg_bits elsewhere, void *out, struct problem *problem);
/* The value that begins at *at into a field's place, and *at to its end. */
int decode_value(struct decoder *decoder, const struct field *field, const char **at, void *slot,
                 struct problem *problem);
/* MISSING_FIELD of the first required field that is not there; 0 when all are. */
int decode_missing(const struct message *message, msg_bits has, struct problem *problem);
/* "an integer", "a map": what a value is, for a sentence. */
const char *decode_type_name(const struct value *value);

#endif
