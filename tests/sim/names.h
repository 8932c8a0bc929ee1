/* In whose name. */
#ifndef COORDD_SIM_NAMES_H
#define COORDD_SIM_NAMES_H

#include "sim/model_state.h"

struct sim;

/* Of a request that is looked at (model.asked has it): sets model.name and model.by. */
void names_settle(struct sim *sim, const struct request *request, int64_t now);
/* Whether that one may read a task so. */
bool names_may_read(const struct sim *sim, const struct model_task *task);
/* Up to which record it reads the history of one on which an opinion was owed; 0: not at all. */
uint64_t names_shown(const struct sim *sim, const struct model_task *task);
/* What one may do to a task in the name of another; whether it reads it so; whether it leads it, or stands in for who does. */
uint32_t names_may(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
bool names_reads_as(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
bool names_leads(const struct world *world, const struct model_task *task, int by, int name, int64_t now);
/* True when the refusal is all that there is to say of it. */
bool names_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);
void names_check_record(struct sim *sim, const struct msg_record *record, struct request *request);
/* An agency's record; whom it tells when it says who stands in. */
uint32_t names_learn(struct sim *sim, const struct msg_record *record, int agency, bool is_request);
/* Who hears besides those who are told. */
uint32_t names_also_told(const struct sim *sim, const struct msg_record *record, uint32_t told, uint32_t kept_out);

#endif
