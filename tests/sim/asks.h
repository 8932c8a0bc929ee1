/* What leads ask of their assigners. */
#ifndef COORDD_SIM_ASKS_H
#define COORDD_SIM_ASKS_H

#include "sim/model_state.h"

struct sim;

struct model_asked *asked_open(struct model_task *task, uint64_t id); /* NULL for none */
const struct model_asked *asked_oldest(const struct model_task *task);
uint32_t asked_deciders(const struct model_task *task); /* of all that are open, by their names of then */
int64_t asked_due(const struct model_task *task);       /* by when the oldest is to be decided; NO_TIME for never */
/* When the first that is open comes to one that may not decide it: INT64_MAX for never. */
int64_t asked_gone(const struct sim *sim, const struct model_task *task);
/* One that goes on to the next above, or ends. */
void asked_handed_on(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* Whether there is anybody to ask. */
bool asked_has_decider(const struct world *world, const struct model_task *task, int64_t now);
/* Whether an agency may decide what the lead asks; whether it may know of it. */
bool asked_may_decide(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* And does not stand in for that lead. */
bool asked_decides(const struct world *world, const struct model_task *task, int agency, int64_t now);
bool asked_may_know(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Whether a record leaves another one as the oldest: then the decision's deadline has a new round. */
bool asked_turns(const struct model_task *task, const struct msg_record *record);
/* Those who asked for what a record settles without deciding it. */
uint32_t asked_of_ended(const struct model_task *task, const struct msg_record *record);
/* What a record makes of them; `lead` had the task before it. What is granted is done: outcome.c. */
void asked_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record);
/* To whom a grant would give the task: a mask; 0 for none. */
uint32_t asked_granted_lead(const struct sim *sim, const struct model_task *task, const struct msg_grant *given);
/* A suspension ends by itself. */
void asked_resumed(struct sim *sim, struct model_task *task, const struct msg_record *record);
void asked_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
/* A refusal of a request that asks, grants, denies or takes back. */
void asked_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

#endif
