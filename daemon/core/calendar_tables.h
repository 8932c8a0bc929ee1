/* The tables that a calendar is made into: for the sources of calendar*.c alone.
 *
 * Invariants: `worked` counts up by 0 or 1 a day, and nth[worked[i]] is the day i whenever day i works: the one undoes
 * the other. `minutes` grows by a day's spans, and a day has spans whenever it works. Indexes are days since DATE_FIRST.
 */
#ifndef COORDD_CORE_CALENDAR_TABLES_H
#define COORDD_CORE_CALENDAR_TABLES_H

#include "core/calendar.h"

#define DAY_MS    (INT64_C(86400) * 1000)
#define MINUTE_MS INT64_C(60000)
#define WEEKDAYS  8
#define USUAL     0 /* in place of a weekday: the hours of make-up days, those of the first weekday that works */

/* A span of working time, in minutes of its day. */
struct span {
    int64_t day; /* of hours that one day has of its own; a weekday, else */
    uint16_t open, close;
};

struct spans {
    const struct span *items; /* in the order of time, none overlapping another */
    uint32_t count;
};

/* 36525 × (2 + 2 + 2 + 4) bytes = 365 KB, and × CORE_CALENDARS_MAX = 93 MB; exceptions are state.h's to reckon. */
struct calendar {
    struct msg_calendar *message;
    int64_t offset_ms;         /* east of UTC */
    int64_t provisional_from;  /* day; INT64_MAX when all is decreed */
    struct span *weekly, *own; /* as many as hours, and as exceptions with hours, in order of day and time */
    uint32_t own_count;
    struct spans week[WEEKDAYS];      /* into `weekly`; no spans on a weekday that does not work */
    uint16_t exceptions[DATE_COUNT];  /* by day: index of the first in the message + 1, 0 for none */
    uint16_t worked[DATE_COUNT + 1];  /* working days before this one: at most 36525 */
    uint16_t nth[DATE_COUNT];         /* the nth working day, from 0 */
    uint32_t minutes[DATE_COUNT + 1]; /* of work before this day: at most 36525 × 1440 */
};

static inline bool is_in_tables(int64_t day)
{
    return day >= DATE_FIRST && day <= DATE_LAST;
}

/* An instant as the calendar's clock shows it. Of any time, also one outside the tables: a clock that stood in 1970 is set
 * right, and what stood still meanwhile is counted. A damaged store may hold times whose sums would overflow; those are
 * taken for the nearest that do not. */
static inline int64_t local_ms(const struct calendar *calendar, int64_t at_ms)
{
    const int64_t far = INT64_MAX / 4, near = at_ms < -far ? -far : at_ms;
    return (near > far ? far : near) + calendar->offset_ms;
}

/* ---- calendar_hours.c ---- */

/* What is wrong with a field of one of the exceptions, as of the calendar: its path is put together where it is needed alone,
 * for there may be 4,096. Returns the error. */
int calendar_exception_problem(struct problem *problem, uint32_t i);
/* Takes the week's hours and those of single days. BAD_VALUE, BAD_DATE, CALENDAR_RANGE. */
int calendar_take_hours(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem);
/* The spans of a day within the tables, were it to work. */
struct spans calendar_spans(const struct calendar *calendar, int64_t day);

#endif
