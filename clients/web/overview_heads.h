/* What stands at the head of the leader's page besides numbers: the tasks that burn, and how much of each document is done. */
#ifndef WEB_OVERVIEW_HEADS_H
#define WEB_OVERVIEW_HEADS_H

#include <jansson.h>

#include "message.h"

#define OVERVIEW_HOT 8
#define OVERVIEW_DOCUMENTS                                                                                             \
    1024 /* that are counted, × some 600 bytes; the tasks of others are in no document's numbers */
#define OVERVIEW_DOCUMENTS_SHOWN 12

struct overview_heads {
    struct overview_hot {
        unsigned level; /* of the highest escalation that has not ended */
        int64_t due;    /* INT64_MAX without one */
        json_t *row;
    } hot[OVERVIEW_HOT]; /* the worst first */
    size_t hot_count;
    json_t *documents; /* by name: counts */
};

void overview_heads_begin(struct overview_heads *heads);
void overview_heads_done(struct overview_heads *heads);
/* One task that is not cancelled. */
void overview_heads_add(struct overview_heads *heads, const struct msg_task *task, int64_t now);
/* New arrays: the worst first. */
json_t *overview_hot_json(const struct overview_heads *heads);
json_t *overview_documents_json(const struct overview_heads *heads);

#endif
