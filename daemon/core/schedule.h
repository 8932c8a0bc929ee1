/* Schedules: an agency's tasks that come again, one a period. Where a schedule stands, which period is to come next, is kept with
 * it and changes by records alone: by one of the schedule, when its agency sets or ends it, and by one of each period that came.
 * So each period comes once, however often the broker stops or its clock jumps.
 *
 * core->periods holds each that has a period ahead, at the instant at which that begins by the schedule's calendar.
 */
#ifndef COORDD_CORE_SCHEDULE_H
#define COORDD_CORE_SCHEDULE_H

#include "core/state.h"

/* NULL when there is none of this number. Valid until a record of it. */
const struct schedule *schedule_at(const struct core *core, uint64_t number);
/* The schedule of this id that an agency has: that of `assigner` (NONE: of its own), or else the first of those that came to that
 * one by succession; so each is found by whose it was, and by whose it is shown to be. 0 when it has none. Looks at all, in
 * SCHEDULE_LOOK for each unit of step_look. */
#define SCHEDULE_LOOK 8
uint32_t schedule_find(const struct core *core, uint32_t agency, struct text id, uint32_t assigner, int64_t now_ms);
static inline bool schedule_has_ended(const struct schedule *schedule)
{
    return schedule->next == SCHEDULE_NEVER;
}
/* Whether an agency may see and change it: its own, or one that it stands for. */
bool schedule_is_of(const struct core *core, const struct schedule *schedule, uint32_t agency, int64_t now_ms);
/* When the period begins whose first day is this. */
int64_t schedule_begins(const struct core *core, const struct schedule *schedule, int64_t day);
/* When tasks are due of the period that begins with a day, in a calendar: TIME_NONE when that is not at its end, or past the tables. */
int64_t schedule_due_at_end(const struct msg_schedule *message, const struct calendar *calendar, int64_t begin);
/* What is set of it, without what the broker keeps. */
struct msg_schedule schedule_asked(const struct msg_schedule *message);
/* What its agency's account has for it. */
uint64_t schedule_bytes(struct core *core, const struct msg_schedule *message);

/* When the next period of all begins; INT64_MAX for never. */
int64_t schedule_first(const struct core *core);

/* Apply: false when the record does not fit. */
bool schedule_apply_set(struct core *core, const struct msg_record *record);
bool schedule_apply_period(struct core *core, const struct msg_record *record);
/* A calendar has changed, and with it perhaps when a day begins. */
void schedules_follow(struct core *core, uint32_t calendar);

/* A row; false when it fits no other. Then, whether all are there with what they refer to; and what follows from them. */
bool schedule_restore(struct core *core, uint64_t number, const struct msg_schedule *row, uint64_t seq);
bool schedules_restored(struct core *core);
void schedules_build(struct core *core);
void schedules_free(struct core *core);

#endif
