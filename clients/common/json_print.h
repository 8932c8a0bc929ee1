/* JSON as it is printed: figures with their digits and no more, and no character that changes how others are shown. */
#ifndef COMMON_JSON_PRINT_H
#define COMMON_JSON_PRINT_H

#include <jansson.h>
#include <stdio.h>

enum json_layout {
    JSON_LINE,    /* one line, without spaces */
    JSON_SPACED,  /* one line, with a space behind each comma and colon */
    JSON_INDENTED /* as on a terminal */
};

/* jansson itself writes 1234567.89 as 1234567.8899999999. Control characters and marks of writing direction are written
 * as \u202e. Nothing is put behind it. */
void json_print(FILE *file, const json_t *value, enum json_layout layout);

#endif
