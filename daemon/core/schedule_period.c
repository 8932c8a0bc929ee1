#include "core/schedule_period.h"

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

/* Plans and values have hundreds of names: they are written digit by digit. */
static char *put(char *to, int64_t number, int digits)
{
    for (int i = digits; i-- > 0; number /= 10)
        to[i] = (char)('0' + number % 10);
    return to + digits;
}

/* A week is of the year that its Thursday lies in, and is as many weeks on in it. */
static char *put_week(char *to, int64_t begin)
{
    const int64_t thursday = begin + 3;
    const int64_t year = date_of_number(thursday).year;
    to = put(to, year, 4);
    *to++ = '-';
    *to++ = 'W';
    return put(to, (thursday - date_to_number((struct date){year, 1, 1})) / WEEK_DAYS + 1, 2);
}

void period_name(int period, int64_t begin, char name[PERIOD_NAME])
{
    const struct date date = date_of_number(begin);
    const int months = months_of(period);
    char *end;
    if (months == 0) {
        end = put_week(name, begin);
    } else {
        end = put(name, date.year, 4);
        if (months < 12)
            *end++ = '-';
        if (months == 1)
            end = put(end, date.month, 2);
        else if (months < 12) {
            *end++ = months == 3 ? 'Q' : 'H';
            end = put(end, (date.month - 1) / months + 1, 1);
        }
    }
    *end = '\0';
}

static bool is_number(struct text digits, int *number)
{
    *number = 0;
    for (uint32_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *number = *number * 10 + (digits.data[i] - '0');
    }
    return digits.size > 0;
}

/* Which one of its year it is, by what stands behind the year and the hyphen. */
static bool read_place(struct text place, int *period, int *number)
{
    static const struct {
        char letter;
        int period;
    } letters[] = {{'W', PERIOD_WEEKLY}, {'Q', PERIOD_QUARTERLY}, {'H', PERIOD_HALF_YEARLY}};
    if (is_number(place, number)) {
        *period = PERIOD_MONTHLY;
        return place.size == 2;
    }
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (place.data[0] == letters[i].letter) {
            *period = letters[i].period;
            return is_number((struct text){place.data + 1, place.size - 1}, number);
        }
    return false;
}

/* The week of 4 January is the first (ISO 8601). What no period is called reads back as another. */
bool period_read(struct text name, int *period, int64_t *begin)
{
    char same[PERIOD_NAME];
    int year, number = 1;
    *period = PERIOD_ANNUAL;
    if (name.size < 4 || name.size >= PERIOD_NAME || !is_number((struct text){name.data, 4}, &year) || year < 2000 ||
        year > 2099)
        return false;
    if (name.size > 4 && (name.size < 7 || name.data[4] != '-' ||
                          !read_place((struct text){name.data + 5, name.size - 5}, period, &number)))
        return false;
    const int64_t first = date_to_number((struct date){year, 1, *period == PERIOD_WEEKLY ? 4 : 1});
    *begin = period_on(*period, period_begin(*period, first), number - 1);
    period_name(*period, *begin, same);
    return text_equal(name, text_of(same));
}

int64_t period_on(int period, int64_t begin, int64_t count)
{
    const int months = months_of(period);
    return months == 0 ? begin + WEEK_DAYS * count : date_add_months(begin, months * count);
}

int64_t period_count(int period, int64_t begin, int64_t other)
{
    const int months = months_of(period);
    const struct date from = date_of_number(begin), to = date_of_number(other);
    if (months == 0)
        return (other - begin) / WEEK_DAYS;
    return ((to.year - from.year) * 12 + to.month - from.month) / months;
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
