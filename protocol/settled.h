/* Texts of which no letter changes when they are brought to NFC: nearly all. Both is seen in one walk, that a text is such a
 * one and that it is sound.
 *
 * A letter is settled when it is the same in NFC whatever stands around it: letters below the first combining mark (U+0300),
 * the composed Vietnamese ones (U+1EA0 to U+1EF9), punctuation (U+2010 to U+2027) and ideographs (U+4E00 to U+9FFF).
 * Nothing depends on the list being complete.
 */
#ifndef COORD_SETTLED_H
#define COORD_SETTLED_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether all of a text is settled letters. Such a text is sound, as text_check has it: UTF-8, and of the control characters
 * newline and tab alone. */
bool text_is_settled(struct text text);
/* Bytes of the letter that begins at `at`, 0 when it is not settled. */
size_t text_settled_size(const unsigned char *at, const unsigned char *end);

#ifdef __cplusplus
}
#endif

#endif
