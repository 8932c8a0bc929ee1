/* Targets among tasks: how they are measured, what is reported, and what is owed. */
#ifndef COORDCTL_TARGET_H
#define COORDCTL_TARGET_H

#include "session.h"

/* What the options say of an indicator and its plan, over what the content says already; a plan of a new task's makes it have one.
 * An exit code. */
int target_fill(struct session *session, struct msg_content *content, bool is_new, struct problem *problem);
/* Of which period the value is. An exit code. */
int target_fill_report(struct session *session, struct msg_progress *report, struct problem *problem);
/* "10 in 2024-W24, which was 12": what the broker took a report for. False when it was of no indicator's. */
bool target_put_taken(const struct msg_change_reply *reply, char *words, size_t size);

/* Of a task's page, and as values. */
void target_page(const struct msg_task *task);
void target_values(const struct msg_task *task);
/* "2024-03, 2024-05 and 4 before them", of the periods whose values are missing, but for one that is told apart; terminated, in the
 * arena: a name may have as many bytes as any text of a list. */
struct text target_missing(const struct texts *periods, uint64_t more, struct text but, struct arena *arena);
/* What target_said goes by, in the arena. */
void target_keep(struct msg_task *kept, const struct msg_task *task, struct arena *arena);
/* How the lead says a value, behind the task's name. */
const char *target_options(bool is_rate);
/* Which value its lead owes, and what to type of the task that is named so; empty when none is. */
struct text target_said(const struct msg_task *task, struct text name, struct arena *arena);

#endif
