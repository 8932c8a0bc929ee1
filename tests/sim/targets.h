/* Values period by period. */
#ifndef COORDD_SIM_TARGETS_H
#define COORDD_SIM_TARGETS_H

#include "sim/model_state.h"

struct sim;

void targets_take(struct model_task *task, const struct msg_content *content);
/* What is asked of a target from a record on; `before` it, NULL of a new task. */
void targets_check(struct sim *sim, const struct model_task *task, const struct model_task *before,
                   const struct msg_record *record);
/* The end of the first period after an instant, past so many, that has no value. */
int64_t targets_period_end(const struct sim *sim, const struct model_task *task, int64_t after, int past, int *number);
/* The end of a period by its number. */
int64_t targets_period(const struct sim *sim, const struct model_task *task, int number);
/* Whether a report is the one that was owed; and what it makes of the task. */
bool targets_counts(const struct sim *sim, const struct model_task *task, const struct msg_progress *asked,
                    int64_t now);
void targets_report(struct sim *sim, struct model_task *task, const struct msg_record *record);
void targets_check_submission(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void targets_miss(struct sim *sim, struct model_task *task, const struct msg_record *record);
void targets_take_away(struct model_task *task);
bool targets_same(const struct model_task *a, const struct model_task *b); /* what is asked */
void targets_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void targets_check_read(struct sim *sim, const struct request *request, struct text id);
void targets_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

#endif
