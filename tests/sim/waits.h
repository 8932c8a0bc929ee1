/* What a task waits for. */
#ifndef COORDD_SIM_WAITS_H
#define COORDD_SIM_WAITS_H

#include "sim/model_state.h"

struct sim;

void waits_take(struct model_task *task, const struct msg_content *content);
bool waits_same(const struct model_task *a, const struct model_task *b);
/* Whether a task would wait for itself, if this one were as it is said here. */
bool waits_for_itself(const struct sim *sim, const struct model_task *as);
/* What holds it up, and that, and so on to the end. */
int waits_holder(const struct sim *sim, const struct model_task *task, int64_t now, uint64_t chain[16], int *count);
void waits_check_record(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                        bool is_held_up);
bool waits_is_held_up(const struct sim *sim, const struct model_task *task);
void waits_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);

#endif
