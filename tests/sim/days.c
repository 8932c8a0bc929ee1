/* Days, counted one by one: slow, and hard to get wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "sim/world.h"

#define FIRST 10957 /* 2000-01-01 */
#define LAST  47481 /* 2099-12-31 */

bool days_are_named(int64_t day)
{
    return day >= FIRST && day <= LAST;
}

/* ---- the civil calendar ---- */

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* From 2000-01-01 on, month by month. */
static int64_t day_number(int64_t year, int month, int day)
{
    int64_t number = FIRST;
    for (int64_t y = 2000; y < year; y++)
        number += month_days(y, 2) == 29 ? 366 : 365;
    for (int64_t y = year; y < 2000; y++)
        number -= month_days(y, 2) == 29 ? 366 : 365;
    for (int m = 1; m < month; m++)
        number += month_days(year, m);
    return number + day - 1;
}

static void day_parts(int64_t number, int64_t *year, int *month, int *day)
{
    *year = 2000;
    while (number >= day_number(*year + 1, 1, 1))
        ++*year;
    while (number < day_number(*year, 1, 1))
        --*year;
    int64_t left = number - day_number(*year, 1, 1);
    for (*month = 1; left >= month_days(*year, *month); ++*month)
        left -= month_days(*year, *month);
    *day = (int)left + 1;
}

/* 1 is Monday; 2000-01-01 was a Saturday. */
static int weekday(int64_t day)
{
    const int64_t since = (day - FIRST) % 7;
    return (int)((since + 7 + 5) % 7) + 1;
}

bool days_read(const char *text, int64_t *day)
{
    int year, month, date, end = 0;
    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &date, &end) != 3 || end != 10)
        return false;
    if (month < 1 || month > 12 || date < 1 || date > month_days(year, month))
        return false;
    *day = day_number(year, month, date);
    return true;
}

void days_write(int64_t number, char text[11])
{
    int64_t year;
    int month, day;
    char all[40];
    day_parts(number, &year, &month, &day);
    snprintf(all, sizeof all, "%04d-%02d-%02d", (int)year, month, day);
    memcpy(text, all, 11);
    text[10] = '\0';
}

/* ---- one day of a calendar ---- */

int64_t days_of(const struct world_calendar *calendar, int64_t at)
{
    const int64_t local = at + calendar->offset;
    return local >= 0 ? local / SIM_DAY : -((-local + SIM_DAY - 1) / SIM_DAY);
}

int64_t days_last(const struct world_calendar *calendar, int64_t due)
{
    return days_of(calendar, due - 1);
}

static int exception_of(const struct world_calendar *calendar, int64_t day)
{
    for (uint32_t i = 0; days_are_named(day) && i < calendar->exception_count; i++)
        if (calendar->exceptions[i].day == day)
            return (int)i;
    return -1;
}

bool days_works(const struct world_calendar *calendar, int64_t day)
{
    const int exception = exception_of(calendar, day);
    if (!days_are_named(day))
        return false;
    return exception >= 0 ? calendar->exceptions[exception].working : calendar->opens[weekday(day)] >= 0;
}

int64_t days_end(const struct world_calendar *calendar, int64_t day)
{
    return (day + 1) * SIM_DAY - calendar->offset;
}

/* On days that depart from their week: Monday's hour, or that of the first weekday that works. */
int64_t days_opening(const struct world_calendar *calendar, int64_t day)
{
    int opens = exception_of(calendar, day) >= 0 ? -1 : calendar->opens[weekday(day)];
    for (int i = 1; opens < 0; i++)
        opens = calendar->opens[i];
    return day * SIM_DAY - calendar->offset + opens * SIM_MINUTE;
}

/* ---- counting ---- */

static bool walk(const struct world_calendar *calendar, int64_t day, int64_t count, int64_t *result)
{
    if (!days_are_named(day))
        return false;
    while (days_are_named(day) && !days_works(calendar, day))
        day--;
    for (; days_are_named(day) && count != 0; count += count > 0 ? -1 : 1)
        do {
            day += count > 0 ? 1 : -1;
        } while (days_are_named(day) && !days_works(calendar, day));
    *result = day;
    return days_are_named(day);
}

bool days_add(const struct world_calendar *calendar, int64_t day, int unit, int64_t count, int64_t *result)
{
    if (unit == UNIT_WORKING_DAYS)
        return walk(calendar, day, count, result);
    *result = day + count;
    return days_are_named(day) && days_are_named(day + count);
}

static bool roll(const struct world_calendar *calendar, int64_t day, int64_t *result)
{
    while (days_are_named(day) && !days_works(calendar, day))
        day++;
    *result = day;
    return days_are_named(day);
}

int64_t days_between(const struct world_calendar *calendar, int64_t from, int64_t to)
{
    int64_t count = 0;
    const int64_t low = from < to ? from : to, high = from < to ? to : from;
    for (int64_t day = low < FIRST ? FIRST : low + 1; day <= high && day <= LAST; day++)
        count += days_works(calendar, day);
    return from <= to ? count : -count;
}

int days_due(const struct world_calendar *calendar, const char *words, int64_t now, int64_t *due)
{
    const size_t size = strlen(words);
    char *end;
    int64_t day = days_of(calendar, now);
    int hour = 0, minute = 0;
    const long count = strtol(words, &end, 10);
    const bool working = strcmp(end, "wd") == 0;
    if (working || strcmp(end, "d") == 0) {
        if (count < 1)
            return COORD_E_BAD_DATE;
        if (count > 99999 || !days_add(calendar, day, working ? UNIT_WORKING_DAYS : UNIT_CALENDAR_DAYS, count, &day))
            return COORD_E_CALENDAR_RANGE;
        if (!working && !roll(calendar, day, &day))
            return COORD_E_CALENDAR_RANGE;
        *due = days_end(calendar, day);
        return 0;
    }
    char date[11] = "";
    snprintf(date, sizeof date, "%.10s", words);
    if ((size != 10 && (size != 16 || sscanf(words + 10, "T%2d:%2d", &hour, &minute) != 2)) || !days_read(date, &day))
        return COORD_E_BAD_DATE;
    if (!days_are_named(day))
        return COORD_E_CALENDAR_RANGE;
    *due = size == 10 ? days_end(calendar, day)
                      : day * SIM_DAY - calendar->offset + hour * SIM_HOUR + minute * SIM_MINUTE;
    return 0;
}

/* What is the end of a day moves by working days; what is an hour moves by the time, and off a day off. */
int64_t days_shift(const struct world_calendar *calendar, int64_t due, int64_t from, int64_t until)
{
    const int64_t last = days_last(calendar, due), moved = due + (until - from);
    int64_t day;
    if (days_end(calendar, last) == due) {
        const int64_t stood = days_between(calendar, days_of(calendar, from), days_of(calendar, until));
        if (stood == 0)
            return due;
        return walk(calendar, last, stood, &day) ? days_end(calendar, day) : moved;
    }
    if (!days_works(calendar, days_of(calendar, due)) || !roll(calendar, days_of(calendar, moved), &day))
        return moved;
    return moved + (day - days_of(calendar, moved)) * SIM_DAY;
}

int64_t days_period_end(const struct world_calendar *calendar, int64_t begin, int period, int64_t after)
{
    static const int months[] = {
        [PERIOD_MONTHLY] = 1, [PERIOD_QUARTERLY] = 3, [PERIOD_HALF_YEARLY] = 6, [PERIOD_ANNUAL] = 12};
    int64_t year, day;
    int month, date;
    day_parts(days_of(calendar, begin), &year, &month, &date);
    for (int64_t count = 1;; count++) {
        int64_t end = days_of(calendar, begin) + 7 * count;
        if (period != PERIOD_WEEKLY) {
            const int64_t total = year * 12 + month - 1 + months[period] * count;
            const int last = month_days(total / 12, (int)(total % 12) + 1);
            end = day_number(total / 12, (int)(total % 12) + 1, date < last ? date : last);
        }
        if (!roll(calendar, end, &day))
            return NO_TIME;
        if (days_end(calendar, day) > after)
            return days_end(calendar, day);
    }
}
