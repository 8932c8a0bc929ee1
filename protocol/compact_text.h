/* Texts that the journal's dialect keeps as something shorter. What is made of one gives exactly that one again. */
#ifndef COORD_COMPACT_TEXT_H
#define COORD_COMPACT_TEXT_H

#include "buffer.h"

#define COMPACT_HEX_BYTES 16
#define COMPACT_DAY_BYTES 10

/* False when it is not 32 lowercase hexadecimal digits. */
bool compact_hex_pack(struct text text, char bytes[COMPACT_HEX_BYTES]);
void compact_hex_unpack(const char bytes[COMPACT_HEX_BYTES], char text[2 * COMPACT_HEX_BYTES]);

/* False when it is nothing like 2024-06-28, or of another century. */
bool compact_day_pack(struct text day, uint32_t *number);
/* False when the number is none of a day. */
bool compact_day_unpack(uint64_t number, char day[COMPACT_DAY_BYTES]);

#endif
