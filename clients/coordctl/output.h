/* What is shown: for people on a terminal, tab-separated values when piped, JSON when asked for; errors on stderr. */
#ifndef COORDCTL_OUTPUT_H
#define COORDCTL_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

void output_as_on_terminal(void); /* from here on, whatever standard output is */
bool output_is_terminal(void);
bool output_has_colour(void); /* a terminal, and NO_COLOR is not set */

void output_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What was told last, its first line; empty when nothing was. */
const char *output_last_error(void);
/* What goes with the error before it: what to type, say. */
void output_error_more(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A text of others on one line, harmless (plain.h); valid until it was called OUTPUT_PLAIN more times. */
#define OUTPUT_PLAIN 8
const char *output_plain(struct text text);
/* Closes standard output. -1, and told, when something that was printed could not be written. */
int output_end(void);

/* ---- one item ---- */

/* All fields that are present, one a line: name and value. */
void output_fields(const struct message *message, const void *item);
/* But for those whose names stand in `skipped`, by spaces. */
void output_fields_but(const struct message *message, const void *item, const char *skipped);
/* With a word in front of each name, beside others that are called the same. */
void output_fields_as(const struct message *message, const void *item, const char *prefix);
/* Whether output_json was called. */
bool output_had_json(void);
void output_json(json_t *value); /* takes it */

/* ---- values ---- */

/* A field as people read it: times by the local clock, terms by their names, lists with commas. */
void value_show(const struct field *field, const void *value, char *text, size_t size);
/* The time 2024-06-28 16:30, by the local clock. */
void value_show_zone(char *text, size_t size); /* of this machine's clock, now: +07:00 */
void value_show_time(int64_t time_ms, char *text, size_t size);
/* The first instant that is too late: the end of a day is that day to people, and a minute is itself. Whether it was a day. */
bool value_show_end(int64_t end_ms, char *text, size_t size);

/* ---- progress on stderr, when that is a terminal and it takes longer than a moment ---- */

void progress_show(const char *what, size_t done, size_t of);
/* The same when nobody knows how much there is. */
void progress_count(const char *what, size_t done);
void progress_end(void);

#endif
