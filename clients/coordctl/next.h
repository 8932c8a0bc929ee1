/* What to type next, so that it does what it says when it is typed: words as a shell takes them, and as whom. */
#ifndef COORDCTL_NEXT_H
#define COORDCTL_NEXT_H

#include "session.h"

/* A word of a command line, in quotes where a shell would take it apart. Valid until it was called NEXT_WORDS more times. */
#define NEXT_WORDS 8
const char *next_word(const char *word);
/* `coordctl`, the --context and --for that were given, and what comes behind. Valid until the next call. */
const char *next_command(const struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same of a text that begins with `coordctl `; any other text is left as it is. --for is said where the command takes it. */
void next_as_given(const struct session *session, const char *next, char *text, size_t size);
/* The same in the name of an agency, or one's own when it is NULL, whatever --for said. */
void next_in_name(const struct session *session, const char *name, const char *next, char *text, size_t size);

#endif
