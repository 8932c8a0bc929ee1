/* Where text breaks and in which order names stand: what a terminal and a reader of Vietnamese expect. */
#ifndef COORDCTL_LAYOUT_H
#define COORDCTL_LAYOUT_H

#include <stddef.h>

/* Columns of the terminal that standard output is, or that COLUMNS tells; 0 when neither says: then nothing breaks. */
size_t layout_width(void);
/* Columns that a text takes. */
size_t layout_columns(const char *text, size_t size);
/* Cuts a text, in a place of `room` bytes, to so many columns, above 0; what was cut ends with an ellipsis. */
void layout_cut(char *text, size_t room, size_t columns);
/* Prints text and a newline, broken between words; the cursor stands at column `at`, and so does each further line. */
void layout_print(size_t at, const char *text);

/* Orders names as a Vietnamese dictionary does, syllable by syllable: first by its letters (a ă â b c d đ e ê …), then by
 * its tone (none, huyền, hỏi, ngã, sắc, nặng), then small letters before capitals; numbers by their value. Composed or
 * decomposed makes no difference. */
int layout_compare(const char *a, const char *b);

#endif
