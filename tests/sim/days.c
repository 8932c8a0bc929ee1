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

static int first_weekday(const struct world_calendar *calendar)
{
    int i = 1;
    while (calendar->opens[i] < 0)
        i++;
    return i;
}

/* Whether a span is one of a day's: of its own hours, of its weekday, or where it departs from its week without hours, of
 * the first weekday that works. */
static bool is_of(const struct world_calendar *calendar, const struct world_span *span, int64_t day)
{
    const int exception = exception_of(calendar, day);
    if (exception >= 0 && calendar->exceptions[exception].has_hours)
        return span->weekday == 0 && span->day == day;
    return span->weekday == (exception >= 0 ? first_weekday(calendar) : weekday(day));
}

int64_t days_opening(const struct world_calendar *calendar, int64_t day)
{
    int opens = -1;
    for (uint32_t i = 0; i < calendar->span_count; i++)
        if (is_of(calendar, &calendar->spans[i], day) && (opens < 0 || calendar->spans[i].open < opens))
            opens = calendar->spans[i].open;
    if (opens < 0)
        opens = calendar->opens[first_weekday(calendar)];
    return day * SIM_DAY - calendar->offset + opens * SIM_MINUTE;
}

/* ---- minutes ---- */

static bool is_worked(const struct world_calendar *calendar, int64_t day, int minute)
{
    for (uint32_t i = 0; i < calendar->span_count; i++)
        if (is_of(calendar, &calendar->spans[i], day) && calendar->spans[i].open <= minute &&
            minute < calendar->spans[i].close)
            return true;
    return false;
}

static int worked_on(const struct world_calendar *calendar, int64_t day)
{
    int minutes = 0;
    if (!days_works(calendar, day))
        return 0;
    for (uint32_t i = 0; i < calendar->span_count; i++)
        if (is_of(calendar, &calendar->spans[i], day))
            minutes += calendar->spans[i].close - calendar->spans[i].open;
    return minutes;
}

static int64_t minute_of(const struct world_calendar *calendar, int64_t at)
{
    return (at - days_end(calendar, days_of(calendar, at) - 1)) / SIM_MINUTE;
}

/* A day's spans, the earlier first, as instants. */
static uint32_t spans_on(const struct world_calendar *calendar, int64_t day, int64_t spans[WORLD_SPANS][2])
{
    const int64_t begin = days_end(calendar, day - 1);
    uint32_t count = 0;
    if (!days_works(calendar, day))
        return 0;
    for (uint32_t i = 0; i < calendar->span_count; i++) {
        if (!is_of(calendar, &calendar->spans[i], day))
            continue;
        const int64_t open = begin + calendar->spans[i].open * SIM_MINUTE;
        uint32_t at = count++;
        for (; at > 0 && spans[at - 1][0] > open; at--) {
            spans[at][0] = spans[at - 1][0];
            spans[at][1] = spans[at - 1][1];
        }
        spans[at][0] = open;
        spans[at][1] = begin + calendar->spans[i].close * SIM_MINUTE;
    }
    return count;
}

static bool go_on(const struct world_calendar *calendar, int64_t at, int64_t left, int64_t *result)
{
    int64_t spans[WORLD_SPANS][2];
    for (int64_t day = days_of(calendar, at); days_are_named(day); day++) {
        const uint32_t count = spans_on(calendar, day, spans);
        for (uint32_t i = 0; i < count; i++) {
            const int64_t begin = spans[i][0] > at ? spans[i][0] : at;
            if (spans[i][1] <= begin)
                continue;
            *result = begin + left;
            if (*result <= spans[i][1])
                return true;
            left -= spans[i][1] - begin;
        }
    }
    return false;
}

static bool go_back(const struct world_calendar *calendar, int64_t at, int64_t left, int64_t *result)
{
    int64_t spans[WORLD_SPANS][2];
    for (int64_t day = days_of(calendar, at); days_are_named(day); day--)
        for (uint32_t i = spans_on(calendar, day, spans); i-- > 0;) {
            const int64_t end = spans[i][1] < at ? spans[i][1] : at;
            if (spans[i][0] >= end)
                continue;
            *result = end - left;
            if (*result >= spans[i][0])
                return true;
            left -= end - spans[i][0];
        }
    return false;
}

bool days_add_minutes(const struct world_calendar *calendar, int64_t at, int64_t minutes, int64_t *result)
{
    if (!days_are_named(days_of(calendar, at)))
        return false;
    return minutes > 0 ? go_on(calendar, at, minutes * SIM_MINUTE, result)
                       : go_back(calendar, at, -minutes * SIM_MINUTE, result);
}

int64_t days_worked_minutes(const struct world_calendar *calendar, int64_t from, int64_t until)
{
    int64_t count = 0;
    for (int64_t day = days_of(calendar, from); day <= days_of(calendar, until); day++) {
        if (!days_are_named(day)) /* no calendar knows how it was worked, or will be */
            continue;
        const int64_t first = day == days_of(calendar, from) ? minute_of(calendar, from) : 0;
        const int64_t last = day == days_of(calendar, until) ? minute_of(calendar, until) : 1440;
        if (first == 0 && last == 1440)
            count += worked_on(calendar, day);
        else if (days_works(calendar, day))
            for (int64_t minute = first; minute < last; minute++)
                count += is_worked(calendar, day, (int)minute);
    }
    return count;
}

static bool is_in_work(const struct world_calendar *calendar, int64_t at)
{
    const int64_t day = days_of(calendar, at), minute = minute_of(calendar, at);
    if (!days_works(calendar, day))
        return false;
    if (is_worked(calendar, day, (int)minute))
        return true;
    return minute > 0 && is_worked(calendar, day, (int)minute - 1) &&
           at == days_end(calendar, day - 1) + minute * SIM_MINUTE;
}

bool days_next_work(const struct world_calendar *calendar, int64_t at, int64_t *result)
{
    if (is_in_work(calendar, at)) {
        *result = at;
        return true;
    }
    if (!days_add_minutes(calendar, at - at % SIM_MINUTE, 1, result))
        return false;
    *result -= SIM_MINUTE; /* the beginning of the next minute that is worked */
    return true;
}

/* ---- counting ---- */

static bool walk(const struct world_calendar *calendar, int64_t day, int64_t count, int64_t *result)
{
    if (!days_are_named(day))
        return false;
    while (count <= 0 && days_are_named(day) && !days_works(calendar, day)) /* onwards it makes no difference */
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

int64_t days_end_rolled(const struct world_calendar *calendar, int64_t day)
{
    return roll(calendar, day, &day) ? days_end(calendar, day) : NO_TIME;
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
    if (strcmp(end, "wh") == 0) {
        if (count < 1)
            return COORD_E_BAD_DATE;
        const int64_t since = days_end(calendar, day - 1) + minute_of(calendar, now) * SIM_MINUTE;
        return count <= 99999 && days_add_minutes(calendar, since, count * 60, due) ? 0 : COORD_E_CALENDAR_RANGE;
    }
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

/* The end of a day moves by working days, a minute of work by working minutes, and any other by the clock's. */
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
    if (is_in_work(calendar, due)) {
        const int64_t stood = days_worked_minutes(calendar, from, until);
        if (stood == 0)
            return due;
        return days_add_minutes(calendar, due, stood, &day) ? day : moved;
    }
    return due + ((days_of(calendar, until) - days_of(calendar, from)) * 1440 + minute_of(calendar, until) -
                  minute_of(calendar, from)) *
                     SIM_MINUTE;
}

/* The day again on which it began, so many weeks or months later, or else the month's last; a day off rolls on. */
int64_t days_period(const struct world_calendar *calendar, int64_t begin, int period, int number)
{
    static const int months[] = {
        [PERIOD_MONTHLY] = 1, [PERIOD_QUARTERLY] = 3, [PERIOD_HALF_YEARLY] = 6, [PERIOD_ANNUAL] = 12};
    int64_t year;
    int month, date;
    day_parts(days_of(calendar, begin), &year, &month, &date);
    int64_t end = days_of(calendar, begin) + 7 * number;
    if (period != PERIOD_WEEKLY) {
        const int64_t total = year * 12 + month - 1 + months[period] * number;
        const int last = month_days(total / 12, (int)(total % 12) + 1);
        end = day_number(total / 12, (int)(total % 12) + 1, date < last ? date : last);
    }
    return days_end_rolled(calendar, end);
}

int64_t days_period_end(const struct world_calendar *calendar, int64_t begin, int period, int64_t after, int past,
                        int *number)
{
    for (*number = past + 1;; ++*number) {
        const int64_t end = days_period(calendar, begin, period, *number);
        if (end == NO_TIME || end > after)
            return end;
    }
}
