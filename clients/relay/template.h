/* The body of a webhook as an administrator writes it: text in which {{NAME}} stands for a value of the delivery, escaped
 * as within a JSON string. Names go into objects by dots: {{person.phone}}. Pure.
 */
#ifndef RELAY_TEMPLATE_H
#define RELAY_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>

#include "buffer.h"

/* T(name, sentence): what a template may name, and coord-relay.conf(5) lists. */
#define TEMPLATE_NAMES(T)                                                                                              \
    T("key", "The idempotency key.")                                                                                   \
    T("receiver", "The receiver's name.")                                                                              \
    T("subject", "One line that says what it is about.")                                                               \
    T("text", "The whole, as a mail has it.")                                                                          \
    T("language", "vi or en.")                                                                                         \
    T("person.id", "Of the reader, where the receiver has `people`: the id in the address book.")                      \
    T("person.name", "The name.")                                                                                      \
    T("person.mail", "The mail address.")                                                                              \
    T("person.phone", "The telephone number.")                                                                         \
    T("person.digits", "The same without its +, as some gateways want it.")                                            \
    T("count", "How many notifications it holds.")

/* False when it names what there is not, or a {{ is never closed; `bad` then says what (a static text). */
bool template_check(const char *text, const char **bad);
/* The value of a name with dots; NULL when there is none. */
const json_t *template_value(const json_t *values, const char *name);
void template_expand(const char *text, const json_t *values, struct buffer *out);

#endif
