/* Texts of a message that came in are brought to NFC, so that equal words are equal bytes from here on. */
#ifndef COORDD_CORE_COMPOSE_H
#define COORDD_CORE_COMPOSE_H

#include "message.h"

/* Bytes of one request that may be asked of Unicode's tables, at 100 ns each: 2 ms. A description of the greatest length in
 * decomposed Vietnamese has 17,000 of them; what is sent composed has none. */
#define COMPOSE_MAX 20480

/* Composes every text of a message that decoder_read_decomposed gave, in place; the arena holds what is not as it came. With
 * `is_settled` none changes (decoder_is_settled), and bounds and rules are looked at alone.
 * `looked` counts the bytes that were asked of the tables, in units of step_look. BAD_TEXT at the text with which they are more
 * than `most`, or that has more combining marks in a row than UNICODE_MARKS_MAX, before those are composed; OUT_OF_RANGE when
 * one is longer in NFC than its field takes. */
int compose_message(struct arena *arena, const struct message *message, void *in, bool is_settled, uint64_t most,
                    uint64_t *looked, struct problem *problem);

#endif
