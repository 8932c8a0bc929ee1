/* Dates of the civil calendar as day numbers, and the words by which the wire names a time. Days are numbered from
 * 1970-01-01, which is 0, so that counting them is arithmetic; a day number says nothing of a time zone.
 */
#ifndef COORDD_CORE_CALENDAR_DATE_H
#define COORDD_CORE_CALENDAR_DATE_H

#include "errors.h"
#include "message.h"

#define DATE_FIRST 10957                         /* 2000-01-01 */
#define DATE_COUNT 36525                         /* days in the 100 years from there: 25 of them are leap years */
#define DATE_LAST  (DATE_FIRST + DATE_COUNT - 1) /* 2099-12-31 */
#define DATE_TEXT  11                            /* bytes: `2024-06-28` and its end */

struct date {
    int64_t year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

int64_t date_to_number(struct date date);
struct date date_of_number(int64_t number);
int date_month_days(int64_t year, int month);
/* 1 is Monday, 7 is Sunday. */
int date_weekday(int64_t number);
/* Years past 0 and 9999 are written as those. */
void date_text(int64_t number, char text[DATE_TEXT]);
/* So many months later on the same day of the month, or on its last when it has no such day (Civil Code 2015, art. 148
 * cl. 3). */
int64_t date_add_months(int64_t number, int64_t months);

/* Reads `2024-06-28`: BAD_DATE when it is none, CALENDAR_RANGE outside 2000 to 2099. */
int date_read(struct text words, const char *field, int64_t *number, struct problem *problem);

enum words_kind {
    WORDS_WORKING_DAYS,  /* 10wd */
    WORDS_WORKING_HOURS, /* 16wh */
    WORDS_CALENDAR_DAYS, /* 30d */
    WORDS_DAY,           /* 2024-06-28 */
    WORDS_MINUTE,        /* 2024-06-28T16:30 */
};

struct words {
    enum words_kind kind;
    int64_t count;  /* of days or hours, from 1; not of WORDS_DAY and WORDS_MINUTE */
    int64_t day;    /* of WORDS_DAY and WORDS_MINUTE */
    int64_t minute; /* of the day; of WORDS_MINUTE */
};

/* Whether words are a count, and come to another day when the calendar changes. */
static inline bool words_are_count(const struct words *words)
{
    return words->kind != WORDS_DAY && words->kind != WORDS_MINUTE;
}

/* Reads any of the five: BAD_DATE, which says what would be right, or CALENDAR_RANGE. */
int words_read(struct text text, const char *field, struct words *words, struct problem *problem);

#endif
