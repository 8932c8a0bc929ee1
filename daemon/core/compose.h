/* Texts of a message that came in are brought to NFC, so that equal words are equal bytes from here on. */
#ifndef COORDD_CORE_COMPOSE_H
#define COORDD_CORE_COMPOSE_H

#include "message.h"

/* Composes every text of a message that decoder_read_decomposed gave, in place; the arena holds what is not as it came.
 * BAD_TEXT when one has more combining marks in a row than UNICODE_MARKS_MAX, which is found before it is composed;
 * OUT_OF_RANGE when one is longer in NFC than its field takes. */
int compose_message(struct arena *arena, const struct message *message, void *in, struct problem *problem);

#endif
