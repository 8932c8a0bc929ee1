/* What a value must be like beyond its type: the one place that says so, for the decoder and for message_check. */
#ifndef COORD_CHECK_H
#define COORD_CHECK_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TEXTS_ITEM_MAX 256 /* bytes in one element of a `texts` field */
/* NFC leaves at least a third of a text's bytes: three conjoining letters of Hangul, 9 bytes, become one syllable of 3. */
#define NFC_SHORTENS 3

/* Holds the value of a field, in its struct, against its row. Of nested messages, their count only. */
int field_check(const struct field *field, const void *value, struct problem *problem);
/* The same of what is not in NFC yet: a text of more bytes passes, as many as NFC can shorten to what is allowed. */
int field_check_decomposed(const struct field *field, const void *value, struct problem *problem);
/* Of a text its bytes alone: within its bounds, or, where it is not in NFC yet, within what NFC can shorten to these. */
int field_check_size(const struct field *field, uint32_t size, bool decomposed, struct problem *problem);
/* Whether a count, length or size lies within the row's bounds; `unit` says what is counted: "bytes". */
int field_check_count(const struct field *field, uint64_t count, const char *unit, struct problem *problem);
/* OUT_OF_RANGE of an integer beyond what 64 bits of the field's sign hold: `shown` is its sign, "" or "-". */
int field_out_of_range(const struct field *field, const char *sign, uint64_t magnitude, struct problem *problem);
/* BAD_TERM, with the term that may have been meant. `index` is the place in a set, -1 for a single term. */
int field_bad_term(const struct field *field, struct text name, int index, struct problem *problem);
int field_missing(const struct field *field, struct problem *problem);

/* Whether all of a text is UTF-8 without control characters other than newline and tab. Else *offset is where not, and
 * *control the control character that stands there, 0 when it is no UTF-8. */
bool text_check(struct text text, uint32_t *offset, uint32_t *control);
/* BAD_TEXT of a text of one line (struct field's `line`) that has a newline, a tab or another break, or turns the direction of what
 * is read after it: what stands in a table's cell or a sentence must read as it is. */
int field_check_line(const struct field *field, struct text text, struct problem *problem);
/* The first mark that turns the direction of what is read after it (U+202A to U+202E, U+2066 to U+2069); 0 when there is none. */
uint32_t text_turn(struct text text);
/* The first break of a line or a column in a sound text (newline, tab, U+2028, U+2029); 0 when there is none. */
uint32_t text_break(struct text text);
/* Whether a text is a real day of 2000 to 2099 as 2024-06-28. */
bool day_check(struct text text);

#ifdef __cplusplus
}
#endif

#endif
