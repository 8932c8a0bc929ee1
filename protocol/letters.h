/* Texts for the journal's dialect: a byte for each letter of Vietnamese, and for the pairs that are met most. Some half of the
 * bytes of UTF-8 in Vietnamese; what is made of a text gives exactly that text again, whatever its bytes are.
 *
 * ASCII is itself, but for what is below a space and no tab and no new line: these bytes, and those from 0x7F on, are rows of
 * letters.def.h. A character that has none stands in UTF-8 behind LETTER_AS_IT_STANDS.
 */
#ifndef COORD_LETTERS_H
#define COORD_LETTERS_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LETTERS_SLACK 16 /* bytes that a text may grow by on its way, before that is known to save nothing */

/* Packs a text of size bytes into a place of `size` and LETTERS_SLACK: how many bytes it took, or 0 when it saves none. */
uint32_t letters_pack(const char *text, uint32_t size, char *packed);

/* How many bytes the text of these has, or UINT32_MAX when they are none that letters_pack makes. */
uint32_t letters_size(const char *packed, uint32_t size);

#define LETTERS_BEYOND 8 /* bytes behind the text that letters_unpack may write to */

/* The text of bytes of which letters_size was asked, into a place of that size and LETTERS_BEYOND. */
void letters_unpack(const char *packed, uint32_t size, char *text);

#ifdef __cplusplus
}
#endif

#endif
