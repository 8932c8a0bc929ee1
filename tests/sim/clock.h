/* Whether the broker's clock can be right. */
#ifndef COORDD_SIM_CLOCK_H
#define COORDD_SIM_CLOCK_H

#include "sim/model_state.h"

struct event;
struct sim;

/* The loop is about to look at its clock; or it starts, over the records that are known. */
void clock_look(struct sim *sim);
void clock_started(struct sim *sim);
/* What the core is to be told of the time; and what streams go by. */
int64_t clock_reading(const struct sim *sim);
int64_t clock_believed(const struct sim *sim);
/* The core took an event, and made so many records. */
void clock_check_event(struct sim *sim, const struct event *event, uint32_t records);

#endif
