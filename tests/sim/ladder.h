/* Which rung comes when, and what is due at one moment: ladder.c and ladder_fire.c. */
#ifndef COORDD_SIM_LADDER_H
#define COORDD_SIM_LADDER_H

#include "sim/model_state.h"

struct sim;

/* Of all tasks, the earliest instant ahead; INT64_MAX for none. */
int64_t ladder_next(struct sim *sim);
void model_reckon_all(struct sim *sim);
int ladder_timeliness(const struct sim *sim, const struct model_task *task, int64_t now);
const struct world_calendar *task_calendar(const struct sim *sim, const struct model_task *task);
const struct world_policy *task_policy(const struct sim *sim, const struct model_task *task);

/* The next rung of a step; its `step` is −1 for none. */
struct model_rung ladder_rung(const struct sim *sim, const struct model_task *task, int number);
/* Whom a step would tell alone at a time: a mask. */
uint32_t ladder_named(const struct sim *sim, const struct model_task *task, int number, int64_t now);
/* When an occurrence comes, of a step that counts from a due time; false outside the days that have names. */
bool ladder_instant(const struct world_calendar *calendar, const struct world_step *step, int64_t due,
                    uint32_t occurrence, int64_t *instant);
/* The due time and the round that a step is of now. */
int64_t ladder_due(const struct model_task *task, const struct world_step *step);
uint32_t ladder_round(const struct model_task *task, const struct world_step *step);
/* The newest escalation of a step, if it is of the step's round; and one that was last told before the lead changed. */
const struct model_escalation *ladder_raised(const struct sim *sim, const struct model_task *task, int step);
const struct model_escalation *ladder_left_to_tell(const struct sim *sim, const struct model_task *task, int number);
/* A period that is owed ends; what follows it. */
bool ladder_period_ends(const struct sim *sim, const struct model_task *task, int64_t *next, int *number);
int64_t ladder_first(struct sim *sim, struct model_task *task);
/* The turn of this task has come, by its first instant ahead, with a record that is no step's. */
void ladder_take_turn(struct sim *sim, struct model_task *task, const struct msg_record *record);

void ladder_learn(struct sim *sim, const struct msg_record *record);

#endif
