/* What the parts of coordctl apply share: what stands is compared with what the file says, and the difference is sent. */
#ifndef COORDCTL_APPLYING_H
#define COORDCTL_APPLYING_H

#include "apply_file.h"
#include "next.h"
#include "session.h"

struct applying {
    struct session *session;
    struct apply_file file;
    struct apply_faults faults; /* of the file as JSON */
    bool dry;
    bool silent; /* the trial before it is done: only what would be refused is told */
    struct table *table;
    json_t *lines; /* with --json */
    size_t added, changed, same, left, refused, partly, done, of;
    int code;                    /* of the first refusal of a dry run, which goes on after it */
    json_t *merged;              /* what agencies of the file point into */
    json_t *stood;               /* by id, the agencies as they stand before it */
    struct agency_ending **ends; /* of those that it ends, or gives back */
    size_t end_count;
    json_t *brings; /* ids that the file adds, as KIND/ID: what a dry run cannot find at the broker */
    unsigned moved; /* kinds of which the file has added or changed something so far, bits of APPLY_… */
    json_t *others; /* other assigners, and of each an array of the numbers of the file's tasks that are theirs */
};

enum { APPLY_AGENCIES = 1, APPLY_CALENDARS = 2, APPLY_POLICIES = 4, APPLY_DOCUMENTS = 8 };

/* One line of the outcome. */
void applying_tell(struct applying *applying, const char *change, const char *kind, const char *id, const char *what);
/* Says of what the file has that it was not taken, and why: on standard error, and as a line with --json. */
void applying_leave(struct applying *applying, const char *kind, const char *id, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Sends one request about the item that is told as KIND ID; a dry run has the broker try it. An exit code, and whether it was
 * taken: what a dry run finds that the broker would refuse is told here, and is no failure yet. */
int applying_send(struct applying *applying, enum op op, void *request, const char *kind, const char *id, bool *taken);
/* A dry run's refusal by the broker, told; a failure of another sort gives its exit code. */
int applying_refused(struct applying *applying, const struct problem *problem, const char *kind, const char *id);
void applying_progress(struct applying *applying);

/* What is as good as absent goes, so that two ways to say the same are equal. */
void applying_simplify(json_t *value);
/* A message as JSON, simplified; the caller's. */
json_t *applying_simple(const struct message *message, const void *item);
/* What the ids of its requests begin with: so the history of a task tells what files said from what was done since. */
#define APPLYING_REQUEST "apply-"
/* Room for what is told of one: 32 fields × 256 bytes, a name and two values of 60, and of the few lists 300 that go or come. */
#define APPLYING_WHAT 8192
/* The fields in which an object differs from the one that stands, from what to what: "sort 1 → 2, may_task (no longer ubt)". What has
 * parts of its own, told elsewhere, is named alone. */
void applying_differences(const json_t *there, const json_t *wanted, char *names, size_t size);
/* The same of one field more, behind the names that are there already. */
void applying_name_field(const char *name, const json_t *there, const json_t *wanted, char *names, size_t size);

/* A value, cut where it is long: "none" for none. */
void applying_value(const json_t *value, char *text, size_t size);

/* A time as a date of the file would write it: 2024-06-28 for the midnight that ends that day, else 2024-06-28T16:30. */
void applying_write_due(int64_t due_ms, struct text day, int64_t offset, char *text, size_t size);

/* apply_since.c: the records of a task that changed what it asks; `offset` is its calendar's. An exit code; applying_since_done either
 * way. */
struct applying_since {
    json_t *records; /* newest first */
    int64_t offset;
};
int applying_since_read(struct applying *applying, const struct msg_task *task, int64_t offset,
                        struct applying_since *since);
void applying_since_done(struct applying_since *since);
/* The record by which a field became another than the file has it, which it was before; NULL where it never was, or
 * where an apply made it another: then it is the file that has changed. `raw` is the file's own value, `wanted` the same by the names of today. */
const json_t *applying_since_changed(const struct applying_since *since, const char *name, const json_t *wanted,
                                     const json_t *raw);
/* "granted on 2024-06-10 by ubnd" */
void applying_since_text(const json_t *record, char *text, size_t size);

/* apply_try.c: a request as the broker can try it before the file is applied: without what only the file brings, and with the own
 * agency in the place of a lead that does not stand yet. What of that which is left out nobody could take is told by the problem. */
int apply_try_prune(struct applying *applying, enum op op, void *request, struct problem *problem);
/* Whether a refusal may be put right by what the file changes before the item that was refused. */
bool apply_try_doubts(const struct applying *applying, int error);

/* apply_parts.c: what goes and what comes where a calendar or a policy is replaced whole, a line for each. */
void apply_tell_parts(struct applying *applying, const char *id, const json_t *there, const json_t *wanted);

/* apply_document.c: each document becomes what the file says of it. An exit code. */
int apply_documents(struct applying *applying);

/* apply_family.c: the tasks that stand for one task of the file. */
struct apply_family {
    const struct apply_task *task;
    json_t *tasks;
    json_t *claimed; /* the references of those that are some lead's of the file */
};
/* Asks the broker. An exit code; apply_family_done frees it either way. */
int apply_family_find(struct applying *applying, const struct apply_task *task, struct apply_family *family);
void apply_family_done(struct apply_family *family);
/* The one that a lead of the file has; NULL when it has none. Its texts are the family's. */
const json_t *apply_family_of(struct apply_family *family, struct text lead, struct msg_task *there,
                              struct arena *arena);
/* Whether it was given to one lead alone, under the very reference. */
bool apply_family_is_one(const struct apply_family *family, struct msg_task *there, struct arena *arena);
/* Tells of those that are open and no lead's of the file. */
void apply_family_tell_others(struct applying *applying, const struct apply_family *family);

/* apply_agency.c: each agency of the file becomes the one that stands with what the file says of it, in an order in which they can be
 * set. What would be none is told, before anything is sent. An exit code. */
int apply_merge_agencies(struct applying *applying);

/* apply_moves.c: tells what a calendar moves, as the broker counts it. An exit code, and whether it would be taken. */
int apply_tell_moves(struct applying *applying, const struct msg_calendar_set *set, bool *taken);

/* apply_rehearse.c: tells what a policy would make of the tasks that have it, since the time that --since says, as the broker reckons it.
 * An exit code. */
int apply_rehearse(struct applying *applying, const struct msg_policy *policy);

/* apply_end.c: what goes with the agencies that the file ends, or comes back with them: where there is no easy way back it is asked
 * about before anything is sent, and all of it is told afterwards. Exit codes. */
int apply_ask_ends(struct applying *applying);
int apply_tell_ends(struct applying *applying);

/* apply_ics.c: an .ics file becomes the calendar that stands, with the days of the file laid over its own. */
bool apply_is_ics(const char *path, const char *text);
int apply_read_ics(struct applying *applying, const char *text);

/* apply_others.c: tasks of the file that are other agencies' to assign. Telling says how to have them given: with the context that is
 * there, with a key that is made for it, or by asking. An exit code. */
void apply_others_count(struct applying *applying, const struct apply_task *task);
int apply_others_tell(struct applying *applying);

/* A task of the file beside the one that the broker has. */
struct apply_beside {
    struct applying *applying;
    const struct apply_task *task;
    const char *reference;
    const struct msg_task *there; /* its texts are the family's */
    json_t *values;               /* all of it, simplified */
    int64_t offset;               /* of its calendar, in minutes east of UTC; 0 without one */
};

/* apply_content.c: what of the file's content the task has otherwise, as the content of an amendment: what is empty clears. `what` says
 * from what to what. An exit code. */
int apply_differences(struct apply_beside *beside, struct msg_content *content, char *what, size_t size);

/* apply_task.c: the tasks of the file that are one's own to assign. An exit code. */
int apply_tasks(struct applying *applying);

#endif
