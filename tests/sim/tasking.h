/* Whom an agency may task, what it may impose, and whose task it may make parts of. */
#ifndef COORDD_SIM_TASKING_H
#define COORDD_SIM_TASKING_H

#include "sim/model_state.h"

struct sim;

/* `name` is the agency in whose name it is asked: what a key may as an administrator's it may in its own. */
bool tasking_is_outside(const struct world *world, int key, int name, int lead, int64_t now);
bool tasking_goes_to_any(int kind);
bool tasking_may_hang(const struct sim *sim, int key, int name, uint64_t whole, int64_t now);
void tasking_check(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void tasking_check_assigner(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void tasking_check_imposed(struct sim *sim, const struct model_task *task, const struct msg_record *record, bool dates,
                           bool reports);
/* Whether a task of this number has ended. */
bool tasking_is_over(const struct sim *sim, uint64_t number);
bool tasking_is_soon(const struct world *world, const struct world_calendar *calendar, int64_t due, int64_t now);
void tasking_check_time(struct sim *sim, const struct model_task *task, int64_t was, const struct msg_record *record);
void tasking_check_hanging(struct sim *sim, const struct model_task *task, const struct msg_record *record);

#endif
