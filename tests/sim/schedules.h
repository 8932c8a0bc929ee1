/* Tasks that come again. */
#ifndef COORDD_SIM_SCHEDULES_H
#define COORDD_SIM_SCHEDULES_H

#include "sim/model_state.h"

struct sim;

/* When the next period of all begins; INT64_MAX for never. */
int64_t schedules_next(const struct sim *sim);
void schedules_learn_set(struct sim *sim, const struct msg_record *record);
/* A task that a period makes: what is asked of it stands in model.asked.assign then. */
void schedules_begin_task(struct sim *sim, const struct msg_record *record);
void schedules_learn_period(struct sim *sim, const struct msg_record *record);
/* A reply, and a refusal: false when the request is none about schedules. */
bool schedules_check_read(struct sim *sim, const struct request *request, struct text id);
bool schedules_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

#endif
