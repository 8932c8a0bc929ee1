/* A task names who answers for it now. Where that is the successor of an agency that has ended, it says of whom. */
#ifndef COORDCTL_SUCCESSION_H
#define COORDCTL_SUCCESSION_H

#include "session.h"

/* Who gave the task: its references are that agency's, whoever stands in its place now. */
struct text succession_assigner(const struct msg_task *task);
/* Whether an agency is the lead, or was given the task and is succeeded. */
bool succession_is_lead(const struct msg_task *task, struct text agency);
/* The same list, in which those that the task's successors have succeeded in the role stand by their successors' ids, each once.
 * Out of memory it is empty. */
struct texts succession_follow(const struct msg_task *task, int role, const struct texts *ids, struct arena *arena);
/* The role that a field of a task gives, by the field's name; ROLE_NONE of any other. */
int succession_role(const char *field);

/* The roles that somebody has succeeded to, as lines of a page: "lead  NEW (succeeds OLD since 2024-06-28)". The names of their
 * fields are added to `shown`, by spaces. */
void succession_page(const struct msg_task *task, char *shown, size_t size);
/* The same piped: "succeeds", the role, who has it, whom it succeeds, and since when. */
void succession_values(const struct msg_task *task);

#endif
