/* Making a calendar's tables, and what is asked of days. */
#include "core/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/calendar_tables.h"

/* ---- making ---- */

static int take_exceptions(struct calendar *calendar, const struct msg_calendar *message, struct problem *problem)
{
    for (uint32_t i = 0; i < message->exceptions.count; i++) {
        const struct msg_exception *items = message->exceptions.items;
        int64_t day;
        if (date_read(items[i].day, "day", &day, problem))
            return calendar_exception_problem(problem, i);
        uint16_t *exception = &calendar->exceptions[day - DATE_FIRST];
        if (*exception && !(MSG_HAS(&items[i], exception, open) && MSG_HAS(&items[*exception - 1], exception, open))) {
            problem_set(problem, COORD_E_BAD_VALUE, "day",
                        "%.*s is named already, by exceptions[%u]; only spans of one day's own hours come twice.",
                        TEXT_ARGS(items[i].day), (unsigned)*exception - 1);
            return calendar_exception_problem(problem, i);
        }
        if (!*exception)
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

static uint32_t minutes_of(struct spans spans)
{
    uint32_t minutes = 0;
    for (uint32_t i = 0; i < spans.count; i++)
        minutes += (uint32_t)(spans.items[i].close - spans.items[i].open);
    return minutes;
}

/* The minutes that are worked on a day that departs from its week; false when it is off. */
static bool works_by_exception(const struct calendar *calendar, int64_t i, uint32_t *minutes)
{
    if (!calendar->message->exceptions.items[calendar->exceptions[i] - 1].working)
        return false;
    *minutes = minutes_of(calendar_spans(calendar, DATE_FIRST + i));
    return true;
}

/* Nearly all of a hundred years' days are as their weekday is, which is reckoned once. */
static void fill_tables(struct calendar *calendar)
{
    uint32_t count = 0, minutes = 0, usual[WEEKDAYS];
    int weekday = date_weekday(DATE_FIRST);
    for (int i = 0; i < WEEKDAYS; i++)
        usual[i] = minutes_of(calendar->week[i]);
    for (int64_t i = 0; i < DATE_COUNT; i++, weekday = weekday % 7 + 1) {
        uint32_t of_day = usual[weekday];
        calendar->worked[i] = (uint16_t)count;
        calendar->minutes[i] = minutes;
        if (calendar->exceptions[i] ? !works_by_exception(calendar, i, &of_day) : calendar->week[weekday].count == 0)
            continue;
        calendar->nth[count++] = (uint16_t)i;
        minutes += of_day;
    }
    calendar->worked[DATE_COUNT] = (uint16_t)count;
    calendar->minutes[DATE_COUNT] = minutes;
}

int calendar_check_zone(const struct msg_calendar *calendar, const struct msg_calendar *old, struct problem *problem)
{
    const long long minutes = (long long)calendar->utc_offset, size = minutes < 0 ? -minutes : minutes;
    if (size == 0 || size == 30 || size >= 60 || (old && old->utc_offset == calendar->utc_offset))
        return 0;
    if (size > 14)
        return problem_set(problem, COORD_E_BAD_VALUE, "calendar.utc_offset",
                           "No zone is %lld minutes from UTC: it is 0, 30, or 60 and more.", size);
    return problem_set(problem, COORD_E_BAD_VALUE, "calendar.utc_offset",
                       "It is counted in minutes, and no zone is %lld from UTC; %lld hours are %lld.", size, minutes,
                       minutes * 60);
}

struct calendar *calendar_new(const struct msg_calendar *message, struct problem *problem)
{
    struct calendar *calendar = xcalloc(1, sizeof *calendar);
    if (calendar_take_hours(calendar, message, problem) || take_exceptions(calendar, message, problem) ||
        take_provisional(calendar, message, problem)) {
        calendar_free(calendar);
        return NULL;
    }
    calendar->message = copy_message(&message_calendar, message);
    calendar->offset_ms = message->utc_offset * MINUTE_MS;
    fill_tables(calendar);
    return calendar;
}

void calendar_free(struct calendar *calendar)
{
    if (!calendar)
        return;
    free(calendar->message);
    free(calendar->weekly);
    free(calendar->own);
    free(calendar);
}

const struct msg_calendar *calendar_message(const struct calendar *calendar)
{
    return calendar->message;
}

/* ---- days ---- */

int64_t calendar_day(const struct calendar *calendar, int64_t at_ms)
{
    int64_t local = local_ms(calendar, at_ms);
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

struct text calendar_day_name(const struct calendar *calendar, int64_t due_ms, struct arena *arena)
{
    char *day = arena_alloc(arena, DATE_TEXT);
    calendar_day_text(calendar, due_ms, day);
    return text_of(day);
}

bool calendar_works_weekly(const struct calendar *calendar, int64_t day)
{
    return calendar->week[date_weekday(day)].count > 0;
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
    struct spans spans = calendar_spans(calendar, day);
    if (spans.count == 0)
        spans = calendar->week[USUAL];
    return day * DAY_MS - calendar->offset_ms + spans.items[0].open * MINUTE_MS;
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

int64_t calendar_roll_end(const struct calendar *calendar, int64_t day)
{
    return calendar_roll(calendar, day, &day) ? calendar_end_of(calendar, day) : CALENDAR_NEVER;
}
