/* JSON into the struct of a message: one walk over its table, for every message there is.
 *
 * A field is written under its name. Numbers, texts, flags and arrays are JSON's; a term and a set of terms are names; a
 * time is `2024-06-28T16:30:00+07:00` or milliseconds since 1970 UTC; bytes are hexadecimal digits. null is as good as
 * absent. Unlike on the wire, a key that is not in the table is an error: in a file that people write it is a slip.
 * Texts are composed (NFC), as the broker keeps them, so that what is read can be compared with what it has.
 */
#ifndef COMMON_JSON_READ_H
#define COMMON_JSON_READ_H

#include <jansson.h>

#include "message.h"

/* Fills in a zeroed struct of the message's type and holds it against its table. What it points to lies in the arena.
 * Errors: BAD_VALUE (unknown key), BAD_TYPE, BAD_TERM, BAD_DATE, and what message_check finds, with the field's path;
 * NO_MEMORY. */
int json_read(const struct message *message, const json_t *object, void *out, struct arena *arena,
              struct problem *problem);
/* The same without holding it against the table: for what is a part, and checked as the whole. */
int json_read_fields(const struct message *message, const json_t *object, void *out, struct arena *arena,
                     struct problem *problem);
/* A JSON string as a composed text; its bytes are in the arena or, when they are so already, the string's own. */
struct text json_read_text(const json_t *string, struct arena *arena);
/* BAD_VALUE: there is no such key, and perhaps this one was meant. `known` are the names that there are, NULL last. */
int json_read_unknown(const char *key, const char *const *known, struct problem *problem);
/* Whether a text that begins as a day does, 2024-05-33, is none of the calendar, and why: "that month has 31". */
bool json_read_bad_day(const char *text, char *why, size_t size);
/* "an object", "a text": what a value is, for a sentence. */
const char *json_read_type(const json_t *value);

#endif
