/* One notification: one agency must know one thing. A record of the broker that names several agencies is one for each.
 * It is kept, and handed to receivers, as a JSON object, with the fields of the wire's `record` and those of the task
 * that people ask for; this is the view of one that the rules go by.
 */
#ifndef RELAY_NOTIFICATION_H
#define RELAY_NOTIFICATION_H

#include <jansson.h>

#include "message.h"
#include "reader.h"

#define NOTIFICATION_ABOVE_MAX 32 /* agencies above one: no tree of offices is that deep */
#define NOTIFICATION_TAGS_MAX  16 /* of a task, by the wire */

struct notification {
    const char *agency;
    struct names above; /* the agencies above it, the nearest first */
    int notice, severity, kind, deadline, state;
    uint64_t seq, task, level, escalation;
    int64_t time, due; /* ms; due 0 when it has none */
    const char *area, *reference, *title, *assigner, *lead, *actor, *officer, *reason, *note, *due_day;
    struct names tags;
    const char *above_items[NOTIFICATION_ABOVE_MAX], *tag_items[NOTIFICATION_TAGS_MAX];
    const json_t *json; /* what the texts above are borrowed from */
};

/* A view of the object, which outlives it. Texts that are absent are "". */
void notification_view(struct notification *notification, const json_t *object);

/* The fields of a record that are handed on, and `to`, and what it says of the task. A new object. */
json_t *record_json(const struct msg_record *record);
/* The fields of a task that are handed on. A new object. */
json_t *task_json(const struct msg_task *task);
/* One agency's notification of a record: with what only the task (NULL when the broker does not tell of it) says, and
 * the agencies above. `names` are those that it stands in for, of whoever is told in the name of others, as far as it is known, and
 * NULL of whoever is told for itself. Takes both arrays. A new object. */
json_t *notification_json(const json_t *record, const json_t *task, const char *agency, json_t *names, json_t *above);
/* Whether it is told to this agency: itself, or by who stands in for it. */
bool notification_is_to(const struct notification *notification, const char *agency);

/* Whether this notice ends what was escalated of its task, and every escalation or the one that it names. */
bool notice_ends_escalation(int notice);

#endif
