/* The dialect in which the journal keeps messages: the same tables as on the wire, in a third to a half of the bytes.
 *
 * A message is an array: which fields it has, as bits by their places in the table, and then their values in that order. A place
 * is never given to another field and a term never to another word, so what was written stays what it was. Within the values
 *   a term is its number, and a set of terms the mask of these;
 *   a day is a number, (year - 2000) × 512 + month × 32 + day;
 *   a text of 32 lowercase hexadecimal digits, as most ids of requests are, is the 16 bytes that they stand for;
 *   a text of Vietnamese is bytes by letters (letters.h), where these are fewer: never 16 of them;
 *   a nested message is an array again, and all else is as on the wire.
 * The whole begins with the dialect's number. It is an array where a frame is a map, so that its first byte tells them apart.
 * Fields that a newer program has are passed over, as on the wire.
 */
#ifndef COORD_COMPACT_H
#define COORD_COMPACT_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

#define COMPACT_DIALECT 1

/* Appends a message. Of those `elsewhere` it says only whether it has them: their values are kept by whoever keeps the bytes.
 * `letters` is how many bytes of texts may be brought to letters, which takes its time, and then how many of these are left: a text that
 * finds no room there stands as it is. NULL: all. */
void compact_encode(struct buffer *buffer, const struct message *message, const void *in, msg_bits elsewhere,
                    uint32_t *letters);

/* Whether bytes are such a message, or a frame of the wire: by the first of them alone. */
bool compact_is(const void *bytes, size_t size);

/* Decodes one, checking as decoder_read does, with its errors and those of frame_scan. What `elsewhere` it is said to have is zeroes,
 * which the caller fills in. Valid until the decoder is used again, and as long as the bytes. On failure *out is zeroed. */
int compact_decode(struct decoder *decoder, const void *bytes, size_t size, const struct message *message,
                   msg_bits elsewhere, void *out, struct problem *problem);

#ifdef __cplusplus
}
#endif

#endif
