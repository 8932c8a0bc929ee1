/* What an apply file says: agencies, calendars, policies, documents and tasks, each as the request that would make it so. */
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
    struct msg_document *documents;
    struct apply_task *tasks;
    size_t agency_count, calendar_count, policy_count, document_count, task_count;
};

/* Reads a whole file, or standard input for "-", without its byte order mark; free() it. NULL and BAD_ARGUMENT when it cannot
 * be read or there is nothing in it, BAD_TEXT when it is UTF-16. */
char *apply_read_text(const char *path, struct problem *problem);

/* Who is told what is wrong with a file. Reading goes on with the next item, so that all is told at once. */
struct apply_faults {
    void (*tell)(void *user, const struct problem *problem);
    void *user;
    size_t count;
};

/* One JSON object with arrays of these five names, each optional. A task is the message `assign` with an `assigner`
 * besides; `children_of` is refused: a file names its leads. A fault's field is a path: tasks[3].content.due. With any
 * fault what was read is not to be used, but `root` is there to be freed. */
void apply_file_read(struct apply_file *file, const char *path, const char *text, struct arena *arena,
                     struct apply_faults *faults);
/* One more fault, of the file as a whole. */
void apply_fault(struct apply_faults *faults, const struct problem *problem);
/* One more, of an item of one of the arrays; the problem's field is the item's. */
void apply_fault_within(struct apply_faults *faults, const char *list, size_t index, struct problem *problem);

/* apply_check.c: what is there twice, where one would take the other's place in silence. `own` is the agency whose file it
 * is, "" when it has no tasks. */
void apply_check_twice(const struct apply_file *file, const char *own, struct apply_faults *faults);

#endif
