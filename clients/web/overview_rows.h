/* What the leader's page keeps of each task that its agency may read, so that a task which has changed is read again alone:
 * it is put in the place of what it was, and all is added up anew from here, by the clock of then.
 */
#ifndef WEB_OVERVIEW_ROWS_H
#define WEB_OVERVIEW_ROWS_H

#include <jansson.h>

#include "message.h"

#define OVERVIEW_LEVELS 10 /* of escalations: 1 to 9 */
#define OVERVIEW_DOCUMENTS                                                                                             \
    UINT16_MAX /* that are counted, × some 150 bytes is 10 MB; the tasks of others are in no document's numbers */
#define OVERVIEW_NEVER INT64_MAX

/* Of a task that was escalated: 40 bytes, and of one that is not handed in its names, 1.2 KB at most and some 150 as a rule. */
struct overview_told {
    uint8_t open[OVERVIEW_LEVELS], acknowledged[OVERVIEW_LEVELS], ended[OVERVIEW_LEVELS];
    uint8_t level; /* the highest that has not ended, acknowledged or not; 0: none, or it is handed in */
    char names[];  /* with a level: reference, title, last day in time; each ends with a NUL */
};

/* 56 bytes × 1,000,000 tasks is 56 MB; of 100,000 it is 5.6. */
struct overview_row {
    uint64_t task;
    int64_t assigned;
    int64_t due;     /* OVERVIEW_NEVER: it has no date */
    int64_t done;    /* when it was handed in; OVERVIEW_NEVER: it is not */
    int64_t stopped; /* since when its clocks stand still; OVERVIEW_NEVER: they do not */
    struct overview_told *told;
    uint32_t lead;     /* its place among the names */
    uint16_t document; /* as that; OVERVIEW_DOCUMENTS: none */
    uint8_t state;
    uint8_t waits; /* for the agency that asks: 64 escalations, 64 requests, 16 questions, and 3 at most */
};
_Static_assert(sizeof(struct overview_row) == 56, "as the comment says");

/* Names that many tasks have, each once. */
struct overview_names {
    json_t *places; /* by name */
    char **items;
    size_t count, capacity;
};

struct overview_rows {
    struct overview_row *items; /* by number */
    size_t count, capacity;
    struct overview_names leads, documents;
    char agency[65]; /* who asks */
};

void overview_rows_begin(struct overview_rows *rows, const char *agency);
void overview_rows_done(struct overview_rows *rows);
/* A task as it is now, in the place of what it was. */
void overview_rows_put(struct overview_rows *rows, const struct msg_task *task);

/* How much of a task waits for an agency, beside escalations. */
unsigned overview_waits(const char *agency, const struct msg_task *task);

/* When it would have been late at last: its date, unless it was handed in or stood still before. */
static inline bool overview_is_overdue(const struct overview_row *row, int64_t at)
{
    return row->done > at && row->due <= (row->stopped < at ? row->stopped : at);
}

#endif
