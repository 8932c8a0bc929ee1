#include "core/calendar_date.h"

#include <stdio.h>
#include <string.h>

#define DAYS_IN_400_YEARS 146097
#define DAYS_TO_1970      719468 /* from 0000-03-01: years are counted from March, so that a leap day ends one */
#define COUNT_DIGITS_MAX  5 /* in `10wd`: 99999 days are more than the tables hold, and 99999 hours 10 years at least */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* ---- numbers and dates ---- */

int64_t date_to_number(struct date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = floor_div(year, 400), of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12, of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * DAYS_IN_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

struct date date_of_number(int64_t number)
{
    int64_t era = floor_div(number + DAYS_TO_1970, DAYS_IN_400_YEARS);
    int64_t day = number + DAYS_TO_1970 - era * DAYS_IN_400_YEARS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    struct date date = {era * 400 + year, (int)(month < 10 ? month + 3 : month - 9),
                        (int)(of_year - (153 * month + 2) / 5 + 1)};
    date.year += date.month <= 2;
    return date;
}

int date_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

int date_weekday(int64_t number)
{
    return (int)(number + 3 - floor_div(number + 3, 7) * 7) + 1; /* day 0 was a Thursday */
}

void date_text(int64_t number, char text[DATE_TEXT])
{
    struct date date = date_of_number(number);
    int year = date.year < 0 ? 0 : date.year > 9999 ? 9999 : (int)date.year;
    char room[48];
    snprintf(room, sizeof room, "%04d-%02d-%02d", year, date.month, date.day);
    memcpy(text, room, DATE_TEXT - 1);
    text[DATE_TEXT - 1] = '\0';
}

int64_t date_add_months(int64_t number, int64_t months)
{
    struct date date = date_of_number(number);
    int64_t month = date.year * 12 + date.month - 1 + months;
    date.year = floor_div(month, 12);
    date.month = (int)(month - date.year * 12) + 1;
    int last = date_month_days(date.year, date.month);
    date.day = date.day < last ? date.day : last;
    return date_to_number(date);
}

/* ---- reading ---- */

/* Takes exactly so many digits; false when they are none. A number beyond all bounds stays so, and does not overflow. */
static bool read_digits(const char *at, uint32_t size, int64_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        if (*value < INT32_MAX)
            *value = *value * 10 + (at[i] - '0');
    }
    return size > 0;
}

static int refuse_shape(struct text text, const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_DATE, field,
                       "`%.*s` is no time: write 2024-06-28, 2024-06-28T16:30, 10wd (working days), "
                       "16wh (working hours) or 30d.",
                       TEXT_ARGS(text));
}

static int refuse_range(struct text text, const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_CALENDAR_RANGE, field, "`%.*s`: dates run from 2000-01-01 to 2099-12-31.",
                       TEXT_ARGS(text));
}

static bool has_date_shape(struct text text)
{
    return text.size == 10 && text.data[4] == '-' && text.data[7] == '-';
}

int date_read(struct text text, const char *field, int64_t *number, struct problem *problem)
{
    int64_t year, month, day;
    if (!has_date_shape(text) || !read_digits(text.data, 4, &year) || !read_digits(text.data + 5, 2, &month) ||
        !read_digits(text.data + 8, 2, &day))
        return problem_set(problem, COORD_E_BAD_DATE, field, "`%.*s` is no day: write it as 2024-06-28.",
                           TEXT_ARGS(text));
    if (month < 1 || month > 12)
        return problem_set(problem, COORD_E_BAD_DATE, field, "`%.*s` is no day: months run from 01 to 12.",
                           TEXT_ARGS(text));
    int last = date_month_days(year, (int)month);
    if (day < 1 || day > last)
        return problem_set(problem, COORD_E_BAD_DATE, field, "`%.*s` is no day: that month has %d.", TEXT_ARGS(text),
                           last);
    int64_t found = date_to_number((struct date){year, (int)month, (int)day});
    if (found < DATE_FIRST || found > DATE_LAST)
        return refuse_range(text, field, problem);
    *number = found;
    return 0;
}

/* `T16:30`, at the end of a day. */
static bool read_minute(struct text text, int64_t *minute)
{
    int64_t hours, minutes;
    if (text.size != 6 || text.data[0] != 'T' || text.data[3] != ':' || !read_digits(text.data + 1, 2, &hours) ||
        !read_digits(text.data + 4, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *minute = hours * 60 + minutes;
    return true;
}

static bool ends_with(struct text text, struct text end)
{
    return text.size > end.size && memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

static int read_count(struct text text, uint32_t digits, const char *field, struct words *words,
                      struct problem *problem)
{
    int64_t count;
    if (!read_digits(text.data, digits, &count))
        return refuse_shape(text, field, problem);
    if (count == 0)
        return problem_set(problem, COORD_E_BAD_DATE, field, "`%.*s` ends when it begins: count at least 1.",
                           TEXT_ARGS(text));
    if (digits > COUNT_DIGITS_MAX)
        return refuse_range(text, field, problem);
    words->count = count;
    return 0;
}

int words_read(struct text text, const char *field, struct words *words, struct problem *problem)
{
    struct words read = {0};
    int error = 0;
    static const struct {
        const char *end;
        enum words_kind kind;
    } counts[] = {{"wd", WORDS_WORKING_DAYS}, {"wh", WORDS_WORKING_HOURS}, {"d", WORDS_CALENDAR_DAYS}};
    const size_t sorts = sizeof counts / sizeof counts[0];
    size_t i = 0;
    while (i < sorts && !ends_with(text, text_of(counts[i].end)))
        i++;
    if (i < sorts) {
        read.kind = counts[i].kind;
        error = read_count(text, text.size - (uint32_t)strlen(counts[i].end), field, &read, problem);
    } else {
        struct text day = {text.data, text.size < 10 ? text.size : 10};
        read.kind = text.size == 10 ? WORDS_DAY : WORDS_MINUTE;
        if (!has_date_shape(day) ||
            (text.size > 10 && !read_minute((struct text){text.data + 10, text.size - 10}, &read.minute)))
            return refuse_shape(text, field, problem);
        error = date_read(day, field, &read.day, problem);
    }
    if (!error)
        *words = read;
    return error;
}
