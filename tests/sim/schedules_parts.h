/* What the files on schedules need of each other, and no other file uses. */
#ifndef COORDD_SIM_SCHEDULES_PARTS_H
#define COORDD_SIM_SCHEDULES_PARTS_H

#include "sim/sim.h"

const struct world_calendar *schedules_calendar_of(const struct sim *sim, const struct model_schedule *schedule);
int64_t schedules_begins(const struct sim *sim, const struct model_schedule *schedule, int64_t day);
/* The day itself, or NO_TIME when the schedule has come to its end before it. */
int64_t schedules_within(const struct msg_schedule *asked, uint64_t periods, int64_t day);
bool schedules_is_of(const struct sim *sim, const struct model_schedule *schedule, int agency, int64_t now);
/* What is restricted is nobody's to see or to change in another's name. */
bool schedules_is_restricted(const struct model_schedule *schedule);
/* One's own, or else the first that one stands for; of `assigner` when it is given (−1: not), or that was so once. */
struct model_schedule *schedules_find(struct sim *sim, int agency, struct text id, int assigner, int64_t now);
/* The first of those that have begun by then. */
struct model_schedule *schedules_in_turn(struct sim *sim, const struct msg_record *record);
int64_t schedules_read_day(struct text text);

#endif
