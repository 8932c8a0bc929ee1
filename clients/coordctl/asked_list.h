/* What leads ask others on their tasks, as one list: requests that are to be decided, opinions that are owed. By the role in which an agency
 * finds the tasks it is its own to do, or with --asked what it asked for itself and others owe.
 */
#ifndef COORDCTL_ASKED_LIST_H
#define COORDCTL_ASKED_LIST_H

#include "session.h"
#include "table.h"

struct asked_list {
    struct session *session;
    bool own;            /* --asked */
    const char *agency;  /* whose it is to do; NULL: whoever's */
    uint64_t left;       /* rows that may come still, by --limit */
    json_t *array;       /* with --json */
    struct table *table; /* or else */
};

/* Exit codes. The list is to be ended whatever came of it. */
int asked_list_begin(struct asked_list *list, struct session *session, const struct column *columns, size_t count);
/* All tasks on which this agency is asked, in that role: `item` gets the list as its context, as of session_pages. */
int asked_list_pages(struct asked_list *list, enum role asked,
                     int (*item)(void *, const struct message *, const void *));
/* What was said, or that there is none of it. Returns the code. */
int asked_list_end(struct asked_list *list, int code, const char *none);

/* What such a list shows of a task: a new object, to which what was asked is added. */
json_t *asked_list_task(const struct msg_task *task);

#endif
