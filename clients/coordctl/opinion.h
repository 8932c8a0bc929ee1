/* What a task's lead asks others their opinion of: the noun `opinion`, and what of it a task's page and an inbox say. */
#ifndef COORDCTL_OPINION_H
#define COORDCTL_OPINION_H

#include "session.h"

/* Which question of the task is meant, whom it is put to, and the proof: the fields that no option fills in by its name. An exit code. */
int opinion_fill(struct session *session, enum op op, uint64_t task, void *request, struct problem *problem);

/* Question and opinions of a task that an agency owes (NULL: that anybody owes), into another, with all their texts. False when there
 * are none. */
bool opinion_keep_owed(struct msg_task *kept, const struct msg_task *task, const char *agency, struct arena *arena);
/* What those ask for, and what to type of the task that is named so; the arena's. */
struct text opinion_said(const struct msg_task *task, struct text name, struct arena *arena);

/* Of a task's page: each question, and under it who was asked and what became of that. */
void opinion_page(const struct msg_task *task);
/* The same piped: a line each. */
void opinion_values(const struct msg_task *task);

#endif
