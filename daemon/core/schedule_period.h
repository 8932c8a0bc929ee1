/* The periods of schedules: weeks, months, quarters, half years and years of the civil calendar, each by its first day, numbered
 * as calendar_date.h has it. What they are called is what people write: `2024-W23` is a week of ISO 8601, whose year may be
 * another than that of its Monday.
 */
#ifndef COORDD_CORE_SCHEDULE_PERIOD_H
#define COORDD_CORE_SCHEDULE_PERIOD_H

#include "core/calendar_date.h"

#define PERIOD_NAME 12 /* bytes: `2024-W23` and its end */

/* The first day of the period (PERIOD_…) that a day lies in, and of the one after that. */
int64_t period_begin(int period, int64_t day);
int64_t period_after(int period, int64_t begin);
/* Of a period that begins from 2000 to 2099. */
void period_name(int period, int64_t begin, char name[PERIOD_NAME]);
/* Of which period a name is, and its first day; false when it is none. */
bool period_read(struct text name, int *period, int64_t *begin);

/* The first day of the period so many after the one that begins on a day, and how many after it another is: a week is days on, all
 * others months. */
int64_t period_on(int period, int64_t begin, int64_t count);
int64_t period_count(int period, int64_t begin, int64_t other);

/* What is to come of a schedule that has dealt with so many periods, if the next would begin on a day: that day, or
 * SCHEDULE_NEVER past its last day, its count, or 2099. */
int64_t period_next(const struct msg_schedule *schedule, uint64_t periods, int64_t begin);

#endif
