/* The struct of a message as JSON: what json_read.h reads. */
#ifndef COMMON_JSON_WRITE_H
#define COMMON_JSON_WRITE_H

#include <jansson.h>

#include "message.h"

enum json_times {
    JSON_TIMES_LOCAL, /* "2024-06-28T16:30:00+07:00", with the local zone's offset */
    JSON_TIMES_MS     /* milliseconds since 1970 UTC, as on the wire */
};

/* A new object of the fields that are present. `raws`, which are whole messages of
 * another sort, are left out. */
json_t *json_write_as(const struct message *message, const void *item, enum json_times times);
/* The same with local times. */
json_t *json_write(const struct message *message, const void *item);

#endif
