/* One way through what the leader's page of a context is made of: the broker's counts by lead, then the tasks on which there is
 * something to decide, then in the name of each agency that its own stands in for what waits there, then all tasks, or those alone
 * that have changed since the way before. Page by page, one request at a time.
 *
 * Only all tasks are read by what has changed. The counts, the tasks with something to decide and, in each of 16 names at most, what waits
 * are read whole on every way: a sum of them is begun anew, as nothing is kept of the tasks that it came from.
 */
#ifndef WEB_OVERVIEW_WALK_H
#define WEB_OVERVIEW_WALK_H

#include "broker.h"
#include "overview_sum.h"

enum overview_stage {
    OVERVIEW_CALENDAR,
    OVERVIEW_SUMMARY,
    OVERVIEW_REQUESTS,
    OVERVIEW_NAMED_TASKS,       /* in one name… */
    OVERVIEW_NAMED_ESCALATIONS, /* …and then the next name's tasks */
    OVERVIEW_TASKS,
    OVERVIEW_END
};

#define OVERVIEW_STOOD_MAX 16 /* `stands_in_for` of hello_reply has no more */

/* Those that the agency stands in for. */
struct overview_stood {
    char agencies[OVERVIEW_STOOD_MAX][65];
    uint32_t count;
};
void overview_stood_read(struct overview_stood *stood, const struct msg_hello_reply *hello);
bool overview_stood_equal(const struct overview_stood *a, const struct overview_stood *b);

/* The sum is whole when there is no error; it is the walk's. */
typedef void overview_walked(void *with, int error, const struct problem *problem);

struct overview_walk {
    struct broker *broker;
    struct overview_rows *rows;
    overview_walked *done;
    void *with;
    enum overview_stage stage;
    bool is_full;
    struct overview_stood stood;
    uint32_t name; /* of those, the one in whose name is read */
    uint64_t after, changed_after;
    int64_t clock;  /* the broker's */
    int utc_offset; /* of its default calendar, in minutes; learnt on a full walk */
    struct overview_sum sum;
};

/* `stood` is set. `done` is called later, once, unless this fails. Of a full walk the rows are begun anew; else those tasks are put there that
 * have a record after `changed_after`. */
int overview_walk_begin(struct overview_walk *walk, bool is_full, uint64_t changed_after, int64_t clock,
                        struct problem *problem);

#endif
