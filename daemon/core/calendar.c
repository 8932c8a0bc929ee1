/* Invariants: `worked` counts up by 0 or 1 a day, and nth[worked[i]] is the day i whenever day i works: the one undoes
 * the other. Indexes are days since DATE_FIRST.
 */
#include "core/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "base/xalloc.h"

#define DAY_MS      (INT64_C(86400) * 1000)
#define MINUTE_MS   INT64_C(60000)
#define NO_OPENING  UINT16_MAX
#define WEEKLY_DAYS 7
#define USUAL       0 /* index in `opens`: of make-up working days */

struct calendar {
    struct msg_calendar *message;
    int64_t offset_ms;        /* east of UTC */
    int64_t provisional_from; /* day; INT64_MAX when all is decreed */
    uint16_t opens[8];        /* by weekday: minute of the day at which work begins; NO_OPENING when it does not work */
    uint16_t exceptions[DATE_COUNT]; /* by day: index in the message + 1, 0 for none */
    uint16_t worked[DATE_COUNT + 1]; /* working days before this one: at most 36525 */
    uint16_t nth[DATE_COUNT];        /* the nth working day, from 0 */
};

/* ---- making ---- */

static int check_spans(const struct msg_calendar *message, uint32_t i, struct problem *problem)
{
    const struct msg_hours *hours = &message->hours.items[i];
    char path[32];
    snprintf(path, sizeof(path), "hours[%u].close", (unsigned)i);
    if (hours->close <= hours->open)
        return problem_set(problem, COORD_E_BAD_VALUE, path,
                           "Work that begins at minute %llu does not end at minute %llu: `close` comes after `open`.",
                           (unsigned long long)hours->open, (unsigned long long)hours->close);
    snprintf(path, sizeof(path), "hours[%u]", (unsigned)i);
    for (uint32_t j = 0; j < i; j++) {
        const struct msg_hours *other = &message->hours.items[j];
        if (other->weekday == hours->weekday && other->open < hours->close && hours->open < other->close)
            return problem_set(problem, COORD_E_BAD_VALUE, path, "It overlaps hours[%u] of the same weekday.",
                               (unsigned)j);
    }
    return 0;
}

static int take_hours(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    for (int weekday = 0; weekday < 8; weekday++)
        calendar->opens[weekday] = NO_OPENING;
    for (uint32_t i = 0; i < message->hours.count; i++) {
        const struct msg_hours *hours = &message->hours.items[i];
        uint16_t *opens = &calendar->opens[hours->weekday];
        if (check_spans(message, i, problem))
            return problem->error;
        if (*opens == NO_OPENING || hours->open < *opens)
            *opens = (uint16_t)hours->open;
    }
    for (int weekday = 7; weekday > 0; weekday--)
        if (calendar->opens[weekday] != NO_OPENING)
            calendar->opens[USUAL] = calendar->opens[weekday];
    return 0;
}

static int take_exceptions(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    for (uint32_t i = 0; i < message->exceptions.count; i++) {
        int64_t day;
        char path[32];
        snprintf(path, sizeof(path), "exceptions[%u].day", (unsigned)i);
        if (date_read(message->exceptions.items[i].day, path, &day, problem))
            return problem->error;
        uint16_t *exception = &calendar->exceptions[day - DATE_FIRST];
        if (*exception)
            return problem_set(problem, COORD_E_BAD_VALUE, path, "%.*s is named already, by exceptions[%u].",
                               TEXT_ARGS(message->exceptions.items[i].day), (unsigned)*exception - 1);
        *exception = (uint16_t)(i + 1);
    }
    return 0;
}

static int take_provisional(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    calendar->provisional_from = INT64_MAX;
    if (!MSG_HAS(message, calendar, provisional_from) || message->provisional_from.size == 0)
        return 0;
    return date_read(message->provisional_from, "provisional_from", &calendar->provisional_from, problem);
}

static void fill_tables(struct calendar *calendar, const struct msg_calendar *message)
{
    uint16_t count = 0;
    for (int64_t i = 0; i < DATE_COUNT; i++) {
        uint16_t exception = calendar->exceptions[i];
        bool works = exception ? message->exceptions.items[exception - 1].working
                               : calendar->opens[date_weekday(DATE_FIRST + i)] != NO_OPENING;
        calendar->worked[i] = count;
        if (works)
            calendar->nth[count++] = (uint16_t)i;
    }
    calendar->worked[DATE_COUNT] = count;
}

struct calendar *calendar_new(const struct msg_calendar *message, struct problem *problem)
{
    struct calendar *calendar = xcalloc(1, sizeof(*calendar));
    if (take_hours(calendar, message, problem) || take_exceptions(calendar, message, problem) ||
        take_provisional(calendar, message, problem)) {
        calendar_free(calendar);
        return NULL;
    }
    calendar->message = copy_message(&message_calendar, message);
    calendar->offset_ms = message->utc_offset * MINUTE_MS;
    fill_tables(calendar, message);
    return calendar;
}

void calendar_free(struct calendar *calendar)
{
    if (!calendar)
        return;
    free(calendar->message);
    free(calendar);
}

const struct msg_calendar *calendar_message(const struct calendar *calendar)
{
    return calendar->message;
}

/* ---- days ---- */

static bool is_in_tables(int64_t day)
{
    return day >= DATE_FIRST && day <= DATE_LAST;
}

int64_t calendar_day(const struct calendar *calendar, int64_t at_ms)
{
    int64_t local = at_ms + calendar->offset_ms;
    return local / DAY_MS - (local % DAY_MS < 0);
}

int64_t calendar_last_day(const struct calendar *calendar, int64_t due_ms)
{
    return calendar_day(calendar, due_ms - 1);
}

void calendar_day_text(const struct calendar *calendar, int64_t due_ms, char day[DATE_TEXT])
{
    int64_t last = calendar_last_day(calendar, due_ms);
    day[0] = '\0';
    if (is_in_tables(last))
        date_text(last, day);
}

bool calendar_works(const struct calendar *calendar, int64_t day)
{
    int64_t i = day - DATE_FIRST;
    return is_in_tables(day) && calendar->worked[i + 1] > calendar->worked[i];
}

const struct msg_exception *calendar_exception(const struct calendar *calendar, int64_t day)
{
    uint16_t exception = is_in_tables(day) ? calendar->exceptions[day - DATE_FIRST] : 0;
    return exception ? &calendar->message->exceptions.items[exception - 1] : NULL;
}

bool calendar_is_provisional(const struct calendar *calendar, int64_t day)
{
    return day >= calendar->provisional_from;
}

/* ---- instants ---- */

int64_t calendar_end_of(const struct calendar *calendar, int64_t day)
{
    return (day + 1) * DAY_MS - calendar->offset_ms;
}

int64_t calendar_opening(const struct calendar *calendar, int64_t day)
{
    uint16_t opens = calendar->opens[date_weekday(day)];
    if (opens == NO_OPENING || calendar_exception(calendar, day))
        opens = calendar->opens[USUAL];
    return day * DAY_MS - calendar->offset_ms + opens * MINUTE_MS;
}

/* ---- counting ---- */

/* Working days up to and with a day. */
static int64_t worked_until(const struct calendar *calendar, int64_t day)
{
    int64_t i = day - DATE_FIRST + 1;
    return calendar->worked[i < 0 ? 0 : i > DATE_COUNT ? DATE_COUNT : i];
}

static bool add_working(const struct calendar *calendar, int64_t day, int64_t count, int64_t *result)
{
    int64_t nth = worked_until(calendar, day) - 1 + count;
    if (!is_in_tables(day) || nth < 0 || nth >= calendar->worked[DATE_COUNT])
        return false;
    *result = DATE_FIRST + calendar->nth[nth];
    return true;
}

bool calendar_add(const struct calendar *calendar, int64_t day, int unit, int64_t count, int64_t *result)
{
    if (unit == UNIT_WORKING_DAYS)
        return add_working(calendar, day, count, result);
    if (!is_in_tables(day) || !is_in_tables(day + count))
        return false;
    *result = day + count;
    return true;
}

int64_t calendar_between(const struct calendar *calendar, int64_t from, int64_t to)
{
    return worked_until(calendar, to) - worked_until(calendar, from);
}

bool calendar_roll(const struct calendar *calendar, int64_t day, int64_t *result)
{
    return add_working(calendar, day, !calendar_works(calendar, day), result);
}

/* ---- periods and deadlines ---- */

/* The day that words come to. */
static bool find_day(const struct calendar *calendar, const struct words *words, int64_t from, int64_t *day)
{
    if (words->kind == WORDS_WORKING_DAYS)
        return calendar_add(calendar, from, UNIT_WORKING_DAYS, words->count, day);
    if (words->kind == WORDS_CALENDAR_DAYS)
        return calendar_add(calendar, from, UNIT_CALENDAR_DAYS, words->count, day) &&
               calendar_roll(calendar, *day, day);
    *day = words->day;
    return true;
}

int calendar_due(const struct calendar *calendar, struct text text, int64_t from_ms, int64_t *due_ms,
                 struct problem *problem)
{
    struct words words;
    int64_t day;
    if (words_read(text, "", &words, problem))
        return problem->error;
    if (!find_day(calendar, &words, calendar_day(calendar, from_ms), &day))
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "", "`%.*s` ends outside 2000-01-01 to 2099-12-31.",
                           TEXT_ARGS(text));
    *due_ms = words.kind == WORDS_MINUTE ? day * DAY_MS - calendar->offset_ms + words.minute * MINUTE_MS
                                         : calendar_end_of(calendar, day);
    return 0;
}

static int64_t shift_instant(const struct calendar *calendar, int64_t due_ms, int64_t by_ms)
{
    int64_t day = calendar_day(calendar, due_ms + by_ms), rolled = day;
    if (calendar_works(calendar, calendar_day(calendar, due_ms)) && !calendar_roll(calendar, day, &rolled))
        rolled = day;
    return due_ms + by_ms + (rolled - day) * DAY_MS;
}

int64_t calendar_shift(const struct calendar *calendar, int64_t due_ms, int64_t from_ms, int64_t until_ms)
{
    int64_t last = calendar_last_day(calendar, due_ms), day = last;
    if (calendar_end_of(calendar, last) != due_ms)
        return shift_instant(calendar, due_ms, until_ms - from_ms);
    int64_t stood = calendar_between(calendar, calendar_day(calendar, from_ms), calendar_day(calendar, until_ms));
    if (stood == 0)
        return due_ms;
    if (!add_working(calendar, last, stood, &day))
        return due_ms + (until_ms - from_ms);
    return calendar_end_of(calendar, day);
}

static int64_t nominal_end(int64_t begin, int period, int64_t count)
{
    static const int months[] = {
        [PERIOD_MONTHLY] = 1, [PERIOD_QUARTERLY] = 3, [PERIOD_HALF_YEARLY] = 6, [PERIOD_ANNUAL] = 12};
    return period == PERIOD_WEEKLY ? begin + WEEKLY_DAYS * count : date_add_months(begin, months[period] * count);
}

int64_t calendar_period_end(const struct calendar *calendar, int64_t begin_ms, int period, int64_t after_ms)
{
    int64_t begin = calendar_day(calendar, begin_ms), day;
    for (int64_t count = 1; calendar_roll(calendar, nominal_end(begin, period, count), &day); count++)
        if (calendar_end_of(calendar, day) > after_ms)
            return calendar_end_of(calendar, day);
    return CALENDAR_NEVER;
}
