/* What leads ask others their opinion of. */
#ifndef COORDD_SIM_OPINIONS_H
#define COORDD_SIM_OPINIONS_H

#include "sim/model_state.h"

struct sim;

/* Whether anybody owes an opinion on a question (0: on any). */
bool opinions_wait(const struct model_task *task, uint64_t question);
/* Those who owe one and may give it; and those that were asked, by their names of then. */
uint32_t opinions_owing(const struct world *world, const struct model_task *task, uint64_t question, int64_t now);
uint32_t opinions_asked(const struct model_task *task);
/* A task that becomes restricted, or is no more: whoever owes none is shown nothing of it then. */
void opinions_restrict(struct model_task *task, bool restricted);
/* Up to which record one that owes none any more reads the history; 0: not at all. */
uint64_t opinions_shown(const struct world *world, const struct model_task *task, int agency, int64_t now);
/* Whether it hears by this record that it owes one no more. */
bool opinions_ended_by(const struct world *world, const struct model_task *task, uint64_t seq, int agency, int64_t now);
/* Of whom the request that is looked at takes its question back. */
uint32_t opinions_recalled(const struct sim *sim, const struct model_task *task, int64_t now);
/* When the next is silent, or owed by nobody who may give it: INT64_MAX for never. */
int64_t opinions_next(const struct sim *sim, const struct model_task *task);
void opinions_learn(struct sim *sim, struct model_task *task, const struct msg_record *record);
void opinions_unanswered(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* The calendar has changed: a question's date moves; and whether one is before what its count comes to. */
void opinions_moved(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* What a question's date comes to by the calendar as it is (NO_TIME when it was never counted), and whether it moves to that. */
int64_t opinions_counted(const struct sim *sim, const struct model_task *task, const struct model_question *question);
bool opinions_question_moves(const struct sim *sim, const struct model_task *task,
                             const struct model_question *question);
bool opinions_are_early(const struct sim *sim, const struct model_task *task);
void opinions_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void opinions_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

#endif
