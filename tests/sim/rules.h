/* The life of a task, who may, who must know. */
#ifndef COORDD_SIM_RULES_H
#define COORDD_SIM_RULES_H

#include "sim/model_state.h"

struct sim;

void rules_learn(struct sim *sim, const struct msg_record *record);
uint32_t rules_roles(const struct world *world, const struct model_task *task, int agency, int64_t now);
bool rules_may_read(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* The same of its agency, with the rights that a key has. */
bool rules_key_may_read(const struct world *world, const struct model_task *task, int key, int64_t now);
/* Whether a restricted task may be escalated to it by hand: it has a role, or stands above one that was named for one. */
bool rules_may_be_told(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* The actions that an agency may do to a task now. */
uint32_t rules_may(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Those whom no escalation tells of the task, nor a step of its ladder. */
/* Who has what was given to an agency on a task: what an excluded one would succeed to there is the assigner's. */
int rules_standing(const struct world *world, const struct model_task *task, int agency, int64_t now);
uint32_t rules_standing_all(const struct world *world, const struct model_task *task, uint32_t mask, int64_t now);
/* Of an agency that is set: which tasks would be their assigners' at a time, and then to whom more of them fall with its end. */
void rules_mark_fallen(struct sim *sim, int64_t then);
uint32_t rules_newly_fallen(const struct sim *sim, int ended, int64_t then);
uint32_t rules_excluded(const struct world *world, const struct model_task *task, int64_t now);
int rules_held(const struct world *world, const struct model_task *task, int agency, int64_t at); /* who had then */
/* Of those to whom something was escalated, those who are neither excluded since nor succeeded by one who is. */
uint32_t rules_unexcluded(const struct world *world, const struct model_task *task, uint32_t to, int64_t now);
/* Agencies that have one of these roles (bit mask of ROLE_…). */
uint32_t rules_holders(const struct world *world, const struct model_task *task, uint32_t roles, int64_t now);
/* The roles that may do an action, and the states that allow it. */
uint32_t rules_who(int action);
uint32_t rules_states(int action);
/* Whether a record notifies those in the mask, all of them, and nobody else. */
void rules_check_told(struct sim *sim, const struct msg_record *record, uint32_t told, int notice, int severity);

#endif
