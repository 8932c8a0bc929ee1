#include "core/schedule_period.h"

#include <stdio.h>

#include "core/state.h"

#define WEEK_DAYS 7

static int months_of(int period)
{
    switch ((enum period)period) {
    case PERIOD_MONTHLY:
        return 1;
    case PERIOD_QUARTERLY:
        return 3;
    case PERIOD_HALF_YEARLY:
        return 6;
    case PERIOD_ANNUAL:
        return 12;
    case PERIOD_WEEKLY:
    case PERIOD_NONE: /* a schedule has a period */
        break;
    }
    return 0;
}

int64_t period_begin(int period, int64_t day)
{
    const int months = months_of(period);
    struct date date = date_of_number(day);
    if (months == 0)
        return day - (date_weekday(day) - 1);
    date.month -= (date.month - 1) % months;
    date.day = 1;
    return date_to_number(date);
}

int64_t period_after(int period, int64_t begin)
{
    const int months = months_of(period);
    return months == 0 ? begin + WEEK_DAYS : date_add_months(begin, months);
}

/* A week is of the year that its Thursday lies in, and is as many weeks on in it. */
static void week_name(int64_t begin, char name[PERIOD_NAME])
{
    const int64_t thursday = begin + 3;
    const int64_t year = date_of_number(thursday).year;
    const int64_t week = (thursday - date_to_number((struct date){year, 1, 1})) / WEEK_DAYS + 1;
    snprintf(name, PERIOD_NAME, "%04d-W%02d", (int)(year % 10000), (int)(week % 100));
}

void period_name(int period, int64_t begin, char name[PERIOD_NAME])
{
    const struct date date = date_of_number(begin);
    const int year = (int)(date.year % 10000), months = months_of(period);
    if (months == 0)
        week_name(begin, name);
    else if (months == 1)
        snprintf(name, PERIOD_NAME, "%04d-%02d", year, date.month % 100);
    else if (months == 12)
        snprintf(name, PERIOD_NAME, "%04d", year);
    else
        snprintf(name, PERIOD_NAME, "%04d-%c%d", year, months == 3 ? 'Q' : 'H', (date.month - 1) / months % 10 + 1);
}

int64_t period_next(const struct msg_schedule *schedule, uint64_t periods, int64_t begin)
{
    struct problem problem = {0};
    int64_t until;
    if (begin > DATE_LAST || (MSG_HAS(schedule, schedule, count) && periods >= schedule->count))
        return SCHEDULE_NEVER;
    if (MSG_HAS(schedule, schedule, until) && date_read(schedule->until, "", &until, &problem) == 0 && begin > until)
        return SCHEDULE_NEVER;
    return begin;
}
