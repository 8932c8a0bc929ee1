/* What replies may say: reads.c, lists.c and refusals.c. */
#ifndef COORDD_SIM_READS_H
#define COORDD_SIM_READS_H

#include "sim/model_state.h"

struct sim;

void reads_check(struct sim *sim, const struct request *request, struct text id);
/* A history may be shown; which is its newest record stands in model.newest then. */
/* Whether it says of the task that it has by its number what is not so. */
bool reads_contradicts(const struct sim *sim, const struct model_task *task, const struct msg_task_get *asked);
void reads_allow_history(struct sim *sim, const struct request *request);
/* A task, as it was shown to an agency by one read or another. */
void reads_compare_task(struct sim *sim, const struct model_task *task, const struct msg_task *shown, int agency);
void lists_check(struct sim *sim, const struct request *request, struct text id);
void refusals_check(struct sim *sim, const struct request *request, struct text id, int error);
/* Whether the request that is looked at ends the top, and nobody else administers; one that says so is none. */
bool refusals_locks_out(const struct sim *sim);
/* Whether an assignment that was just done leaves its agency with no more tasks than it may have given. */
bool refusals_may_have_assigned(const struct sim *sim, const struct request *request);

#endif
