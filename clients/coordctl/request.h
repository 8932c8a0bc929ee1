/* What a lead asks of its assigner, a task's request: the noun `request`, and the rows that wait in an inbox. */
#ifndef COORDCTL_REQUEST_H
#define COORDCTL_REQUEST_H

#include "session.h"

/* Which kind the command asks for, or which request of the task it decides: the fields that no option fills in by its name.
 * An exit code. */
int request_fill(struct session *session, enum op op, uint64_t task, void *request, struct problem *problem);

/* The requests of a task that wait for the agency (NULL: for anybody), copied with all their texts. */
struct msg_asked_items request_open(const struct msg_task *task, const char *agency, struct arena *arena);

/* A task as a clerk types it: the reference, with its assigner where it would be taken for something else; the arena's. */
struct text request_task_name(const struct msg_task *task, struct arena *arena);
/* What the requests ask for, and what to type of the task that is named so, or that whoever has it to decide stands in for the lead
 * and waits until the end of a day, when `until_day` is not empty; the arena's. */
struct text request_said(const struct msg_task *task, const struct msg_asked_items *asks, struct text name,
                         struct text until_day, struct arena *arena);

#endif
