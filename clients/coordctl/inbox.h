/* What waits for an agency beside tasks: escalations to acknowledge, and hot spots. Each in one's own name, and in that of each agency
 * that one's own stands in for. */
#ifndef COORDCTL_INBOX_H
#define COORDCTL_INBOX_H

#include "session.h"

/* The agency of the key, those that it stands in for, and that of --for, empty without it: learned once. An exit code. */
struct inbox_names {
    struct text own;
    struct texts stood;
    struct text given;
    int64_t now; /* the broker's clock */
};
int inbox_learn_names(struct session *session, struct inbox_names *names);
/* The last day on which whoever is to decide stands in for the lead that asks, and so may not (core/decider.h); empty when it may. Of
 * the arena. An exit code. */
int inbox_learn_wait(struct session *session, const struct inbox_names *names, struct text lead, struct text decider,
                     struct text *until_day);
/* Whether something may be done on a task of this lead, in a name, or where it is NULL as --for says: who leads a task, or stands in
 * for its lead, does nothing on it in another's name (core/stand_in.h), so it waits for it in none. */
bool inbox_may_do(const struct inbox_names *names, const char *name, struct text lead);

/* Behind the tasks of an inbox, in the array or else, with its columns, the table; a hot spot has its rule where a task has its
 * reference. An exit code. */
int inbox_add_others(struct session *session, const struct inbox_names *names, json_t *array, struct table *table);
/* A line each, with what to type. An exit code. */
int inbox_tell_others(struct session *session, const struct inbox_names *names);
/* Whose it is, in the object of what waits; NULL for one's own. */
json_t *inbox_in_name(json_t *object, const char *name);

#endif
