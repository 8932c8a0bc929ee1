/* The hot spots, and the rules that make them. */
#ifndef COORDD_SIM_HOT_SPOTS_H
#define COORDD_SIM_HOT_SPOTS_H

#include "sim/model_state.h"

struct sim;

void hot_spots_learn_rule(struct sim *sim, const struct msg_record *record);
void hot_spots_learn(struct sim *sim, const struct msg_record *record);
void hot_spots_compare(struct sim *sim);
void hot_spots_check_list(struct sim *sim, const struct msg_list *asked, const struct msg_hot_spots_reply *reply,
                          int key, int agency);
void hot_spots_check_get(struct sim *sim, const struct msg_hot_spot_reply *reply, int key, int agency);

#endif
