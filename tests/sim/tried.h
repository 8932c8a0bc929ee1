/* What is only tried. */
#ifndef COORDD_SIM_TRIED_H
#define COORDD_SIM_TRIED_H

#include "sim/model_state.h"

struct sim;

/* Of each schedule that is counted in a calendar, by index: when its next period begins, and by when its tasks are due (NO_TIME when
 * that cannot be said). And what a tried calendar, which stands now, makes of those. */
struct tried_period {
    int64_t begins, due;
};
void tried_periods(const struct sim *sim, int calendar, struct tried_period periods[MODEL_SCHEDULES]);
void tried_check_periods(struct sim *sim, int calendar, int key, struct text id,
                         const struct tried_period was[MODEL_SCHEDULES], const struct msg_change_reply *reply);
void tried_check_calendar(struct sim *sim, const struct request *request, struct text id,
                          const struct msg_change_reply *reply);

#endif
