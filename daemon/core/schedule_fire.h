/* The periods of schedules, as they begin: what is made of each, and what could not be. */
#ifndef COORDD_CORE_SCHEDULE_FIRE_H
#define COORDD_CORE_SCHEDULE_FIRE_H

#include "core/assign.h"
#include "core/schedule.h"
#include "core/schedule_period.h"

/* The tasks of one period, as they would be made in this step; what it points to is the step's. */
struct schedule_try {
    struct assignment assignment;
    struct msg_assign request;
    struct assign_period period;
    struct msg_scheduled scheduled;
    char name[PERIOD_NAME], begin[DATE_TEXT];
};

/* Whether a schedule's tasks of a period can be given by the step's agency, and what they are: the error of `assign`, with its
 * field by the schedule's names. `stands`: each agency that has ended is replaced by who stands in its place; else it is refused. */
int schedule_try(struct step *step, const struct schedule *schedule, int64_t begin, bool stands,
                 struct schedule_try *try, struct problem *problem);

/* At a tick: takes the period that began first of those that have begun; there must be one. A record says what became of it, after those
 * of its tasks. It is charged to whose schedule it is. How many records were made. */
uint32_t schedule_fire(struct core *core, const struct event *event, struct effects *effects);

/* Whether one is there for the step's agency, in the name in which it is asked: of what is restricted, in its own alone. */
bool step_may_see_schedule(const struct step *step, const struct schedule *schedule);
/* The schedule of this id that the step's agency has, of `assigner` if it is given; else NULL, AGENCY_UNKNOWN or
 * SCHEDULE_UNKNOWN. */
const struct schedule *schedule_named(struct step *step, struct text id, bool has_assigner, struct text assigner,
                                      struct problem *problem);

#endif
