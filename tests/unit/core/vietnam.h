/* Vietnam's working days of 2024 to 2027, and local time there, for tests of calendars. */
#ifndef COORDD_TESTS_UNIT_CORE_VIETNAM_H
#define COORDD_TESTS_UNIT_CORE_VIETNAM_H

#include <stdio.h>

#include "core/calendar.h"

/* One line of tests/data/calendar/vectors.tsv: tests/tools/calendar_oracle.py says what they mean. */
struct vietnam_vector {
    char kind[8], first[20], second[20], third[20];
};
FILE *vietnam_open(void);
bool vietnam_vector(FILE *file, struct vietnam_vector *vector); /* false at the end */

/* A calendar of Monday to Friday, 7:30 to 11:30 and 13:30 to 17:00, at UTC+7, with no exceptions. */
struct msg_calendar vietnam_week(struct msg_hours hours[10]);
/* Fails the test when it is refused. */
struct calendar *vietnam_must(const struct msg_calendar *message);
/* With the vectors' days off and make-up days, 2027 being provisional; for the caller to free. */
struct calendar *vietnam_calendar(void);

int64_t vietnam_day(const char *text);                     /* number of `2024-06-28` */
int64_t vietnam_at(const char *day, int hour, int minute); /* instant of local time */
int64_t vietnam_minute(const char *text);                  /* of `2024-06-28T16:30` */

/* When words come to, by a calendar; fails the test when they are refused. */
int64_t vietnam_due(const struct calendar *calendar, const char *words, int64_t from_ms);

#endif
