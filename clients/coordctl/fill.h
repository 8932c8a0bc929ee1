/* Options into the struct of a request: an option that has a field's name gives its value. */
#ifndef COORDCTL_FILL_H
#define COORDCTL_FILL_H

#include "arguments.h"
#include "message.h"

/* Sets one field from text: a term by its name, a time as 2024-06-28 or 2024-06-28T16:30+07:00 (the local zone when
 * none is given), a list's next item. What it points to lies in the arena. BAD_TYPE, BAD_TERM, BAD_DATE, or what
 * field_check finds. */
int fill_field(const struct message *message, void *out, const struct field *field, const char *value,
               struct arena *arena, struct problem *problem);
/* Every option given that is a field of the message; those that are not are left to the caller. */
int fill_from_options(const struct message *message, void *out, const struct arguments *arguments, struct arena *arena,
                      struct problem *problem);

/* One option that was given, into its field: of agencies, several may stand between commas. */
int fill_option(const struct message *message, void *out, const struct field *field, const struct given *given,
                struct arena *arena, struct problem *problem);

#endif
