/* All that is wrong with a JSON object that is to be a message: json_read.h ends at the first, which is enough for a program, and
 * sends whoever wrote the file back once for each.
 */
#ifndef COMMON_JSON_FAULTS_H
#define COMMON_JSON_FAULTS_H

#include <jansson.h>
#include <stddef.h>

#include "message.h"

/* Who is told, once for each field that is at fault; the problem's field is its path in the object. */
struct json_faults {
    void (*tell)(void *user, struct problem *problem);
    void *user;
    const char *optional; /* a required field of the outermost object that may be missing all the same; NULL for none */
};

/* What json_read would refuse, key by key and at any depth. How many were told. */
size_t json_faults(const struct json_faults *faults, const struct message *message, const json_t *object);

#endif
