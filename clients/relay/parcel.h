/* A delivery, wrapped up: what is handed to a receiver. Made anew from the queue for each attempt, and the same each time
 * but for how many days are left until a due date.
 */
#ifndef RELAY_PARCEL_H
#define RELAY_PARCEL_H

#include "store.h"

struct parcel {
    int64_t id;
    char key[STORE_KEY_TEXT];
    struct config *config; /* held: what the next two are of */
    const struct receiver *receiver;
    const struct person *person; /* NULL: to the receiver as such */
    json_t *json;
    char *body; /* the JSON, in one line */
    char *subject, *text, *html;
    char thread[100]; /* "task-12.STORE": of one task; "" when it is of several */
};

/* NULL, and why, when receiver or person are in the configuration no more. */
struct parcel *parcel_new(struct store *store, struct config *config, const struct working_days *days,
                          const struct delivery *delivery, int64_t now, const char **why);
void parcel_free(struct parcel *parcel);

#endif
