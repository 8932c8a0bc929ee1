/* How a task changes, piece by piece: what apply.c is made of. */
#ifndef COORDD_CORE_TASK_DATA_H
#define COORDD_CORE_TASK_DATA_H

#include "core/state.h"

/* A new task at its number, all its fields empty. */
struct task *task_new(struct core *core, uint64_t number);
/* Makes the task findable by its reference. */
void task_index(struct core *core, const struct task *task);
void task_free(struct task *task);

struct escalation *task_escalation(const struct task *task, uint64_t id);
uint32_t task_open_escalations(const struct task *task);
/* Room for one more: the oldest that ended goes, or else the oldest. Its `to` is for the caller to fill. */
struct escalation *task_add_escalation(struct core *core, struct task *task, uint32_t to_count, struct text reason);
void task_end_escalations(struct task *task, int64_t time_ms);
struct text escalation_reason(const struct escalation *escalation);

/* Forgets that steps of this deadline fired: its clock began anew. */
void task_reset_fired(const struct core *core, struct task *task, int deadline);
void task_count_fired(const struct core *core, struct task *task, uint64_t step, uint64_t occurrence);

#endif
