/* Hours: the spans in which a day works, and counting by the working minute. */
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/calendar_tables.h"

#define PATH_ROOM 40

/* ---- reading them ---- */

/* One span as a message gives it, and where: for the refusal. */
struct given {
    struct span span;
    uint32_t place;
};

static int compare_given(const void *a, const void *b)
{
    const struct span *x = &((const struct given *)a)->span, *y = &((const struct given *)b)->span;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->open > y->open) - (x->open < y->open);
}

static int check_order(uint64_t open, uint64_t close, const char *list, uint32_t i, struct problem *problem)
{
    char path[PATH_ROOM];
    if (close > open)
        return 0;
    snprintf(path, sizeof path, "%s[%u].close", list, (unsigned)i);
    return problem_set(problem, COORD_E_BAD_VALUE, path,
                       "Work that begins at minute %llu does not end at minute %llu: `close` comes after `open`.",
                       (unsigned long long)open, (unsigned long long)close);
}

/* Sorted, two spans that overlap come one right after the other. Of the two, the later in the message is at fault. */
static int settle(struct given *given, uint32_t count, const char *list, const char *whose, struct span *spans,
                  struct problem *problem)
{
    char path[PATH_ROOM];
    if (count > 0)
        qsort(given, count, sizeof *given, compare_given);
    for (uint32_t i = 0; i < count; i++) {
        const struct given *last = &given[i ? i - 1 : 0], *later = &given[i];
        if (i > 0 && last->span.day == later->span.day && later->span.open < last->span.close) {
            uint32_t first = last->place < later->place ? last->place : later->place;
            snprintf(path, sizeof path, "%s[%u]", list, (unsigned)(last->place + later->place - first));
            return problem_set(problem, COORD_E_BAD_VALUE, path, "It overlaps %s[%u] of the same %s.", list,
                               (unsigned)first, whose);
        }
        spans[i] = later->span;
    }
    return 0;
}

static int take_week(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    uint32_t count = message->hours.count;
    struct given *given = xcalloc(count + 1, sizeof *given);
    calendar->weekly = xcalloc(count + 1, sizeof *calendar->weekly);
    int error = 0;
    for (uint32_t i = 0; !error && i < count; i++) {
        const struct msg_hours *hours = &message->hours.items[i];
        error = check_order(hours->open, hours->close, "hours", i, problem);
        given[i] = (struct given){{(int64_t)hours->weekday, (uint16_t)hours->open, (uint16_t)hours->close}, i};
    }
    if (!error)
        error = settle(given, count, "hours", "weekday", calendar->weekly, problem);
    free(given);
    for (uint32_t i = count; !error && i-- > 0;) {
        struct spans *spans = &calendar->week[calendar->weekly[i].day];
        *spans = (struct spans){&calendar->weekly[i], spans->count + 1};
    }
    for (int weekday = WEEKDAYS - 1; weekday > USUAL; weekday--)
        if (calendar->week[weekday].count > 0)
            calendar->week[USUAL] = calendar->week[weekday];
    return error;
}

int calendar_exception_problem(struct problem *problem, uint32_t i)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "exceptions[%u]", (unsigned)i);
    problem_within(problem, path);
    return problem->error;
}

/* What an exception may say of hours. */
static int check_own(const struct msg_exception *exception, uint32_t i, struct problem *problem)
{
    bool opens = MSG_HAS(exception, exception, open), closes = MSG_HAS(exception, exception, close);
    if (opens != closes)
        problem_set(problem, COORD_E_MISSING_FIELD, opens ? "close" : "open",
                    "Hours of one day's own have both `open` and `close`, in minutes of the day.");
    else if (opens && !exception->working)
        problem_set(problem, COORD_E_BAD_VALUE, "working",
                    "A day off has no hours; with `open` and `close` it is `working`.");
    else
        return opens ? check_order(exception->open, exception->close, "exceptions", i, problem) : 0;
    return calendar_exception_problem(problem, i);
}

static int take_own(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    const struct msg_exception_items *exceptions = &message->exceptions;
    struct given *given = xcalloc(exceptions->count + 1, sizeof *given);
    uint32_t count = 0;
    int error = 0;
    for (uint32_t i = 0; !error && i < exceptions->count; i++) {
        const struct msg_exception *exception = &exceptions->items[i];
        int64_t day = 0;
        if (date_read(exception->day, "day", &day, problem))
            error = calendar_exception_problem(problem, i);
        if (!error)
            error = check_own(exception, i, problem);
        if (!error && MSG_HAS(exception, exception, open))
            given[count++] = (struct given){{day, (uint16_t)exception->open, (uint16_t)exception->close}, i};
    }
    calendar->own = xcalloc(count + 1, sizeof *calendar->own);
    calendar->own_count = count;
    if (!error)
        error = settle(given, count, "exceptions", "day", calendar->own, problem);
    free(given);
    return error;
}

int calendar_take_hours(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    int error = take_week(calendar, message, problem);
    return error ? error : take_own(calendar, message, problem);
}

/* ---- asking ---- */

/* The first of the own spans that is not of a day before. */
static uint32_t own_from(const struct calendar *calendar, int64_t day)
{
    uint32_t low = 0, high = calendar->own_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (calendar->own[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct spans calendar_spans(const struct calendar *calendar, int64_t day)
{
    const struct msg_exception *exception = calendar_exception(calendar, day);
    if (!exception)
        return calendar->week[date_weekday(day)];
    if (!MSG_HAS(exception, exception, open))
        return calendar->week[USUAL];
    uint32_t first = own_from(calendar, day);
    return (struct spans){&calendar->own[first], own_from(calendar, day + 1) - first};
}

bool calendar_in_work(const struct calendar *calendar, int64_t at_ms)
{
    int64_t day = calendar_day(calendar, at_ms), of_day = local_ms(calendar, at_ms) - day * DAY_MS;
    if (!calendar_works(calendar, day))
        return false;
    struct spans spans = calendar_spans(calendar, day);
    for (uint32_t i = 0; i < spans.count; i++)
        if (of_day >= spans.items[i].open * MINUTE_MS && of_day <= spans.items[i].close * MINUTE_MS)
            return true;
    return false;
}

/* ---- counting ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Working time from the tables' beginning up to an instant. */
static int64_t worked_before(const struct calendar *calendar, int64_t at_ms)
{
    int64_t day = calendar_day(calendar, at_ms), of_day = local_ms(calendar, at_ms) - day * DAY_MS;
    if (day < DATE_FIRST)
        return 0;
    int64_t worked = calendar->minutes[least(day - DATE_FIRST, DATE_COUNT)] * MINUTE_MS;
    if (!calendar_works(calendar, day))
        return worked;
    struct spans spans = calendar_spans(calendar, day);
    for (uint32_t i = 0; i < spans.count; i++)
        if (of_day > spans.items[i].open * MINUTE_MS)
            worked += least(of_day, spans.items[i].close * MINUTE_MS) - spans.items[i].open * MINUTE_MS;
    return worked;
}

int64_t calendar_worked(const struct calendar *calendar, int64_t from_ms, int64_t to_ms)
{
    return worked_before(calendar, to_ms) - worked_before(calendar, from_ms);
}

/* The first day by whose end more than `worked` was worked: or just so much, when it is to be the earliest. */
static int64_t day_of_work(const struct calendar *calendar, int64_t worked, bool earliest)
{
    int64_t low = 0, high = DATE_COUNT;
    while (low < high) {
        int64_t middle = low + (high - low) / 2, by_end = calendar->minutes[middle + 1] * MINUTE_MS;
        if (by_end < worked || (by_end == worked && !earliest))
            low = middle + 1;
        else
            high = middle;
    }
    return low + DATE_FIRST;
}

/* Before and after a break the same has been worked. Going on, the earlier counts: four hours after 13:30 are over at
 * 17:30, not at 7:30 of the next day. Going back, the later: it is a time at which somebody works. */
bool calendar_add_worked(const struct calendar *calendar, int64_t at_ms, int64_t ms, int64_t *result)
{
    int64_t wanted = worked_before(calendar, at_ms) + ms, end = calendar->minutes[DATE_COUNT] * MINUTE_MS;
    bool earliest = ms > 0;
    *result = at_ms;
    if (ms == 0 && calendar_in_work(calendar, at_ms))
        return true;
    if (!is_in_tables(calendar_day(calendar, at_ms)) || wanted < 0 || wanted > end || (wanted == end && !earliest))
        return false;
    int64_t day = day_of_work(calendar, wanted, earliest);
    struct spans spans = calendar_spans(calendar, day);
    int64_t left = wanted - calendar->minutes[day - DATE_FIRST] * MINUTE_MS;
    for (uint32_t i = 0; i < spans.count; i++) {
        int64_t length = (spans.items[i].close - spans.items[i].open) * MINUTE_MS;
        if (left < length || (left == length && earliest)) {
            *result = day * DAY_MS - calendar->offset_ms + spans.items[i].open * MINUTE_MS + left;
            return true;
        }
        left -= length;
    }
    return false; /* not reached: the tables have counted these very spans */
}

static int64_t unit_length(int unit)
{
    return unit == UNIT_MINUTES ? MINUTE_MS : 60 * MINUTE_MS;
}

bool calendar_move(const struct calendar *calendar, int64_t at_ms, int unit, bool in_working_time, int64_t count,
                   int64_t *result)
{
    if (unit == UNIT_WORKING_HOURS || in_working_time)
        return calendar_add_worked(calendar, at_ms, count * unit_length(unit), result);
    *result = at_ms + count * unit_length(unit);
    return true;
}
