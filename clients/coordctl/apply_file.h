/* What an apply file says: agencies, calendars, policies and tasks, each as the request that would make it so. */
#ifndef COORDCTL_APPLY_FILE_H
#define COORDCTL_APPLY_FILE_H

#include <jansson.h>

#include "message.h"

struct apply_task {
    const char *assigner; /* "" for one's own agency */
    struct msg_assign assign;
};

struct apply_file {
    json_t *root;                /* what the rest points into; json_decref it */
    struct msg_agency *agencies; /* what the file says of them: one that is there may lack its name */
    struct msg_calendar *calendars;
    struct msg_policy *policies;
    struct apply_task *tasks;
    size_t agency_count, calendar_count, policy_count, task_count;
};

/* Reads a whole file, or standard input for "-", without its byte order mark; free() it. NULL and SYSTEM when it cannot be
 * read, BAD_TEXT when it is UTF-16. */
char *apply_read_text(const char *path, struct problem *problem);
/* One JSON object with arrays of these four names, each optional. A task is the message `assign` with an `assigner`
 * besides; `children_of` is refused: a file names its leads. The problem's field is a path: tasks[3].content.due. */
int apply_file_read(struct apply_file *file, const char *text, struct arena *arena, struct problem *problem);

#endif
