/* Text of others as it may be shown: nothing in it reaches past its place on the screen or in the line. */
#ifndef COMMON_PLAIN_H
#define COMMON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Whether a character changes how others are shown: control characters, and the marks that turn the direction of
 * writing (U+202A to U+202E, U+2066 to U+2069), by which a name can be made to read as another. */
bool plain_is_harmful(int32_t point);
/* A copy in which each of these stands as its code, <U+202E>, and what is not UTF-8 as <0xFF>; a newline and a tab are
 * kept with `lines`, else they become a space. Cut to a whole character when there is not enough room. */
void plain_copy(const char *from, size_t from_size, bool lines, char *to, size_t size);
/* The text as a part of an address: what is not unreserved there (RFC 3986) stands as %XX. */
void plain_put_address(struct buffer *out, const char *text);

#endif
