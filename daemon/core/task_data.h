/* How a task changes, piece by piece: what apply.c is made of. */
#ifndef COORDD_CORE_TASK_DATA_H
#define COORDD_CORE_TASK_DATA_H

#include "core/state.h"

/* A new task at its number, all its fields empty. */
struct task *task_new(struct core *core, uint64_t number);
/* A task that is there, to be changed at a time: one that is cold is brought back. NULL when there is none. */
struct task *task_to_change(struct core *core, uint64_t number, int64_t time_ms);
/* Makes the task findable by its reference. */
void task_index(struct core *core, const struct task *task);
/* What its reference is found by. */
uint64_t task_hash(const struct task *task);
/* Its place is a copy's now, in memory that is lent; the task itself is gone, and another one may have moved: no pointer to any
 * that is not cold is valid after it. */
void task_put_away(struct core *core, uint64_t number, struct task *copy);
#define TASK_PAGE_COLD (TASK_PAGE / 8 * 7) /* of a page: then the page is lent as well */
/* Of all tasks, when the core goes. */
void tasks_free(struct core *core);
/* One content with the task before it, if it is the same: as it is when it was asked of several leads at once. */
void task_share(const struct core *core, struct task *task);

struct escalation *task_escalation(const struct task *task, uint64_t id);
uint32_t task_open_escalations(const struct task *task);
/* Room for one more: the one of that id goes, or else (0 for none) the oldest that ended, or else the oldest. Its `to` is for
 * the caller to fill. */
struct escalation *task_add_escalation(struct core *core, struct task *task, uint64_t forgotten, uint32_t to_count,
                                       struct text reason);
void task_end_escalations(struct task *task, int64_t time_ms);
/* An escalation is told anew, to others: whoever is not among them owes no acknowledgement any more. */
void task_readdress(struct escalation *escalation, const uint32_t *to, uint32_t to_count);
struct text escalation_reason(const struct escalation *escalation);

/* The round that a deadline is in, and since when: instants of before are passed over. */
struct round task_round(const struct task *task, int deadline);
/* TIME_NONE, or the end of the newest period whose report never came: it is of the round before the present one. */
int64_t task_report_missed(const struct task *task);
void task_forget_missed_report(struct task *task);
/* The present rounds, to be changed: made when there are none yet. */
struct rounds *task_rounds(struct task *task);
/* Begins a deadline's next round. What fired for a date that stays the same has fired. */
void task_begin_round(const struct core *core, struct task *task, int deadline, int64_t since_ms, bool same_date);

/* Forgets that steps of this deadline fired: its clock began anew. */
void task_reset_fired(const struct core *core, struct task *task, int deadline);
void task_count_fired(const struct core *core, struct task *task, uint64_t step, uint64_t occurrence);

#endif
