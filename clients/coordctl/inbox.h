/* What waits for an agency beside tasks: escalations to acknowledge, and hot spots. Each in one's own name, and in that of each agency
 * that one's own stands in for. */
#ifndef COORDCTL_INBOX_H
#define COORDCTL_INBOX_H

#include "session.h"

/* Behind the tasks of an inbox, in the array or else, with its columns, the table; a hot spot has its rule where a task has its
 * reference. An exit code. */
int inbox_add_others(struct session *session, json_t *array, struct table *table);
/* A line each, with what to type. An exit code. */
int inbox_tell_others(struct session *session);
/* Whose it is, in the object of what waits; NULL for one's own. */
json_t *inbox_in_name(json_t *object, const char *name);

#endif
