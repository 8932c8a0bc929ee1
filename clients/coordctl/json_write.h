/* The struct of a message as JSON: what json_read.h reads. */
#ifndef COORDCTL_JSON_WRITE_H
#define COORDCTL_JSON_WRITE_H

#include <jansson.h>

#include "message.h"

/* A new object of the fields that are present; times with the local zone's offset. `raws`, which are whole messages of
 * another sort, are left out. */
json_t *json_write(const struct message *message, const void *item);

/* Puts an array of objects in the order of a member's texts, by layout_compare. */
void json_sort(json_t **array, const char *member);

#endif
