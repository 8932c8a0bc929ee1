/* A task as a row of the checkpoint, and back. */
#ifndef COORDD_CORE_TASK_ROW_H
#define COORDD_CORE_TASK_ROW_H

#include "core/row.h"
#include "core/state.h"

/* Texts and lists are the core's or in the arena; valid until the core changes. */
struct msg_task_row task_row_give(const struct core *core, const struct task *task, struct arena *arena);
/* Into a task that was just made. The row's pack was checked. */
void task_row_take(struct core *core, struct task *task, const struct msg_task_row *row);
/* Once all rows are in: whether all that the task refers to is there. */
bool task_row_holds(const struct core *core, const struct task *task);

#endif
