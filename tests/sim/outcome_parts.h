/* What the files on outcomes need of each other, and no other file uses. */
#ifndef COORDD_SIM_OUTCOME_PARTS_H
#define COORDD_SIM_OUTCOME_PARTS_H

#include "sim/sim.h"

void outcome_copy_text(char *to, size_t size, struct text text);
void outcome_take_content(struct sim *sim, struct model_task *task, const struct msg_content *content,
                          const struct msg_record *record);
/* One agency, one role; nobody gives orders upward; who leads takes tasks. */
void outcome_check_roles(struct sim *sim, const struct model_task *task, const struct msg_record *record);
/* Those whom a request names are there now, and have no other role, by themselves or for one that they stand for. */
void outcome_check_named(struct sim *sim, const struct model_task *task, const struct msg_content *content,
                         const struct msg_record *record);
void outcome_check_new_lead(struct sim *sim, const struct model_task *task, const struct msg_record *record);
/* With its first date it gets a calendar. */
void outcome_give_due(const struct sim *sim, struct model_task *task, int64_t due, struct text words, int64_t now);
/* A new lead owes its own acceptance and its own reports, from now on; what it was besides ends. */
void outcome_give_lead(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record);
void outcome_amend(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* The work goes on: a period that ended while it was submitted owed no report. */
void outcome_go_on(struct sim *sim, struct model_task *task, const struct msg_record *record);
void outcome_suspend(struct model_task *task, int64_t until, int64_t now);
void outcome_grant(struct sim *sim, struct model_task *task, const struct msg_record *record);

#endif
