/* Deadlines and periods: what words come to, where a deadline moves when its clock stood still, when a period ends. */
#include "core/calendar_tables.h"

#define WEEKLY_DAYS 7

/* ---- what words come to ---- */

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

static int64_t whole_minute(const struct calendar *calendar, int64_t at_ms)
{
    const int64_t local = local_ms(calendar, at_ms);
    return local - calendar->offset_ms - ((local % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
}

bool calendar_count(const struct calendar *calendar, const struct words *words, int64_t from_ms, int64_t *due_ms)
{
    int64_t day;
    if (words->kind == WORDS_WORKING_HOURS)
        return calendar_add_worked(calendar, whole_minute(calendar, from_ms), words->count * 60 * MINUTE_MS, due_ms);
    if (!find_day(calendar, words, calendar_day(calendar, from_ms), &day))
        return false;
    *due_ms = words->kind == WORDS_MINUTE ? day * DAY_MS - calendar->offset_ms + words->minute * MINUTE_MS
                                          : calendar_end_of(calendar, day);
    return true;
}

int calendar_due(const struct calendar *calendar, struct text text, int64_t from_ms, int64_t *due_ms,
                 struct problem *problem)
{
    struct words words;
    if (words_read(text, "", &words, problem))
        return problem->error;
    if (!calendar_count(calendar, &words, from_ms, due_ms))
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "", "`%.*s` ends outside 2000-01-01 to 2099-12-31.",
                           TEXT_ARGS(text));
    return 0;
}

/* ---- standing still ---- */

int calendar_shift_rule(const struct calendar *calendar, int64_t due_ms)
{
    if (calendar_end_of(calendar, calendar_last_day(calendar, due_ms)) == due_ms)
        return SHIFT_BY_DAYS;
    return calendar_in_work(calendar, due_ms) ? SHIFT_BY_MINUTES : SHIFT_BY_CLOCK;
}

int64_t calendar_stood(const struct calendar *calendar, int rule, int64_t from_ms, int64_t until_ms)
{
    if (rule == SHIFT_BY_DAYS)
        return calendar_between(calendar, calendar_day(calendar, from_ms), calendar_day(calendar, until_ms));
    from_ms = whole_minute(calendar, from_ms);
    until_ms = whole_minute(calendar, until_ms);
    return (rule == SHIFT_BY_MINUTES ? calendar_worked(calendar, from_ms, until_ms) : until_ms - from_ms) / MINUTE_MS;
}

bool calendar_put_off(const struct calendar *calendar, int rule, int64_t due_ms, int64_t stood, int64_t *later_ms)
{
    int64_t day;
    *later_ms = due_ms;
    if (stood == 0)
        return true;
    if (rule == SHIFT_BY_MINUTES)
        return calendar_add_worked(calendar, due_ms, stood * MINUTE_MS, later_ms);
    *later_ms = due_ms + stood * MINUTE_MS;
    if (rule == SHIFT_BY_CLOCK)
        return true;
    if (!calendar_add(calendar, calendar_last_day(calendar, due_ms), UNIT_WORKING_DAYS, stood, &day))
        return false;
    *later_ms = calendar_end_of(calendar, day);
    return true;
}

int64_t calendar_shift(const struct calendar *calendar, int64_t due_ms, int64_t from_ms, int64_t until_ms)
{
    int rule = calendar_shift_rule(calendar, due_ms);
    int64_t later_ms;
    if (calendar_put_off(calendar, rule, due_ms, calendar_stood(calendar, rule, from_ms, until_ms), &later_ms))
        return later_ms;
    return due_ms + (until_ms - from_ms);
}

/* ---- reporting periods ---- */

static int64_t nominal_end(int64_t begin, int period, int64_t count)
{
    switch ((enum period)period) {
    case PERIOD_MONTHLY:
        return date_add_months(begin, count);
    case PERIOD_QUARTERLY:
        return date_add_months(begin, 3 * count);
    case PERIOD_HALF_YEARLY:
        return date_add_months(begin, 6 * count);
    case PERIOD_ANNUAL:
        return date_add_months(begin, 12 * count);
    case PERIOD_WEEKLY:
    case PERIOD_NONE: /* who owes no reports is not asked for their ends */
        break;
    }
    return begin + WEEKLY_DAYS * count;
}

int64_t calendar_period(const struct calendar *calendar, int64_t begin_ms, int period, uint32_t number)
{
    return calendar_roll_end(calendar, nominal_end(calendar_day(calendar, begin_ms), period, number));
}

int64_t calendar_period_end(const struct calendar *calendar, int64_t begin_ms, int period, int64_t after_ms,
                            uint32_t *number)
{
    int64_t end;
    for (++*number; (end = calendar_period(calendar, begin_ms, period, *number)) != CALENDAR_NEVER; ++*number)
        if (end > after_ms)
            return end;
    return CALENDAR_NEVER;
}
