/* What standing still moves, and where reporting periods end. */
#include "unit/core/vietnam.h"
#include "unit/test.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

/* ---- standing still ---- */

static int64_t shift(const struct calendar *calendar, const char *words, int64_t from_ms, int64_t until_ms)
{
    return calendar_shift(calendar, vietnam_due(calendar, words, from_ms), from_ms, until_ms);
}

TEST(a_day_moves_by_the_working_days_that_a_task_stood_still)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t monday = vietnam_at("2024-06-03", 10, 0);
    assert_true(shift(calendar, "2024-06-14", monday, vietnam_at("2024-06-03", 17, 0)) ==
                vietnam_at("2024-06-15", 0, 0));
    assert_true(shift(calendar, "2024-06-14", monday, vietnam_at("2024-06-04", 8, 0)) ==
                vietnam_at("2024-06-18", 0, 0));
    assert_true(shift(calendar, "2024-06-14", monday, vietnam_at("2024-06-10", 8, 0)) ==
                vietnam_at("2024-06-22", 0, 0));
    /* From Friday over the weekend to Sunday: no day of work was lost. */
    assert_true(shift(calendar, "2024-06-14", vietnam_at("2024-06-07", 18, 0), vietnam_at("2024-06-09", 9, 0)) ==
                vietnam_at("2024-06-15", 0, 0));
    /* Over Tết, which is no working time either. */
    assert_true(shift(calendar, "2024-02-16", vietnam_at("2024-02-07", 9, 0), vietnam_at("2024-02-15", 9, 0)) ==
                vietnam_at("2024-02-20", 0, 0));
    /* A Saturday that was named moves to working days, and stays when there is nothing to move by. */
    assert_true(shift(calendar, "2024-06-15", monday, vietnam_at("2024-06-03", 12, 0)) ==
                vietnam_at("2024-06-16", 0, 0));
    assert_true(shift(calendar, "2024-06-15", monday, vietnam_at("2024-06-04", 12, 0)) ==
                vietnam_at("2024-06-18", 0, 0));
    calendar_free(calendar);
}

/* A clock that forgot the year stood at 1970, and was taken for right. */
TEST(a_minute_outside_work_moves_by_the_clock_however_far)
{
    struct calendar *calendar = vietnam_calendar();
    const int64_t now = vietnam_at("2024-06-03", 10, 0), due = vietnam_at("2024-06-08", 16, 30);
    assert_true(calendar_shift(calendar, due, DAY_MS, now) == due + now - DAY_MS);
    calendar_free(calendar);
}

TEST(what_is_left_in_working_days_is_the_same_after_standing_still)
{
    struct calendar *calendar = vietnam_calendar();
    for (int64_t from = vietnam_day("2024-01-02"); from < vietnam_day("2027-06-01"); from += 9)
        for (int64_t stood = 0; stood < 120; stood += 7) {
            int64_t last, from_ms = calendar_opening(calendar, from), until_ms = from_ms + stood * DAY_MS;
            assert_true(calendar_add(calendar, from, UNIT_WORKING_DAYS, 10, &last));
            int64_t moved = calendar_shift(calendar, calendar_end_of(calendar, last), from_ms, until_ms);
            assert_int_equal(calendar_between(calendar, from + stood, calendar_last_day(calendar, moved)), 10);
        }
    calendar_free(calendar);
}

TEST(a_minute_of_working_time_moves_by_working_time)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t monday = vietnam_at("2024-06-03", 10, 0);
    assert_true(shift(calendar, "2024-06-05T16:30", monday, monday + 3 * HOUR_MS) == vietnam_at("2024-06-06", 8, 30));
    assert_true(shift(calendar, "2024-06-05T16:30", monday, monday + 2 * DAY_MS) == vietnam_at("2024-06-07", 16, 30));
    assert_true(shift(calendar, "2024-06-05T16:30", monday, monday + 3 * DAY_MS) == vietnam_at("2024-06-10", 16, 30));
    /* By night, and over a weekend, nobody lost anything. */
    assert_true(shift(calendar, "2024-06-05T16:30", monday + 7 * HOUR_MS, monday + 21 * HOUR_MS) ==
                vietnam_at("2024-06-05", 16, 30));
    calendar_free(calendar);
}

TEST(a_minute_at_which_nobody_works_moves_by_the_clock)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t monday = vietnam_at("2024-06-03", 10, 0);
    assert_true(shift(calendar, "2024-06-08T16:30", monday, monday + DAY_MS) == vietnam_at("2024-06-09", 16, 30));
    assert_true(shift(calendar, "2024-06-05T20:00", monday, monday + HOUR_MS) == vietnam_at("2024-06-05", 21, 0));
    calendar_free(calendar);
}

TEST(what_moves_by_minutes_stays_on_a_whole_one)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t from = vietnam_at("2024-06-03", 8, 0) + 59999, until = vietnam_at("2024-06-03", 11, 0) + 1;
    assert_true(shift(calendar, "2024-06-04T16:30", from, until) == vietnam_at("2024-06-05", 10, 0));
    calendar_free(calendar);
}

TEST(past_the_tables_a_deadline_moves_by_the_time_itself)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t from = vietnam_at("2099-12-01", 8, 0), last = vietnam_due(calendar, "2099-12-31", from);
    assert_true(calendar_shift(calendar, last, from, from + 7 * DAY_MS) == last + 7 * DAY_MS);
    calendar_free(calendar);
}

/* ---- reporting periods ---- */

static int64_t period_end(const struct calendar *calendar, const char *begin, int period, const char *after)
{
    uint32_t number = 0;
    const int64_t end = calendar_period_end(calendar, vietnam_at(begin, 9, 0), period, vietnam_at(after, 9, 0),
                                            &number);
    assert_true(end == CALENDAR_NEVER || calendar_period(calendar, vietnam_at(begin, 9, 0), period, number) == end);
    return end;
}

/* A damaged store may hold any time. */
TEST(the_first_and_the_last_instant_there_are_lie_outside_the_tables)
{
    struct calendar *calendar = vietnam_calendar();
    struct words words;
    struct problem problem;
    int64_t due;
    assert_true(calendar_day(calendar, INT64_MIN) < DATE_FIRST);
    assert_true(calendar_day(calendar, INT64_MAX) > DATE_LAST);
    assert_true(!calendar_in_work(calendar, INT64_MIN) && !calendar_in_work(calendar, INT64_MAX));
    assert_true(calendar_worked(calendar, INT64_MIN, INT64_MAX) > 0);
    assert_true(words_read(TEXT("10wd"), "", &words, &problem) == 0);
    assert_true(!calendar_count(calendar, &words, INT64_MIN, &due));
    assert_true(!calendar_count(calendar, &words, INT64_MAX, &due));
    calendar_free(calendar);
}

TEST(periods_end_on_the_same_day_again_or_with_the_next_working_day)
{
    struct calendar *calendar = vietnam_calendar();
    assert_true(period_end(calendar, "2024-06-03", PERIOD_WEEKLY, "2024-06-03") == vietnam_at("2024-06-11", 0, 0));
    assert_true(period_end(calendar, "2024-06-03", PERIOD_WEEKLY, "2024-06-10") == vietnam_at("2024-06-11", 0, 0));
    assert_true(period_end(calendar, "2024-06-03", PERIOD_WEEKLY, "2024-06-11") == vietnam_at("2024-06-18", 0, 0));
    assert_true(period_end(calendar, "2024-01-31", PERIOD_MONTHLY, "2024-01-31") == vietnam_at("2024-03-01", 0, 0));
    assert_true(period_end(calendar, "2024-01-31", PERIOD_MONTHLY, "2024-03-01") == vietnam_at("2024-04-02", 0, 0));
    assert_true(period_end(calendar, "2024-01-15", PERIOD_QUARTERLY, "2024-01-15") == vietnam_at("2024-04-16", 0, 0));
    assert_true(period_end(calendar, "2024-03-01", PERIOD_HALF_YEARLY, "2024-03-01") == vietnam_at("2024-09-05", 0, 0));
    assert_true(period_end(calendar, "2024-02-29", PERIOD_ANNUAL, "2024-03-01") == vietnam_at("2025-03-01", 0, 0));
    assert_true(period_end(calendar, "2099-11-30", PERIOD_ANNUAL, "2099-12-01") == CALENDAR_NEVER);
    calendar_free(calendar);
}

TEST(periods_that_roll_onto_one_day_are_one)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t end = period_end(calendar, "2024-02-01", PERIOD_WEEKLY, "2024-02-01"); /* the 8th, in Tết */
    assert_true(end == vietnam_at("2024-02-16", 0, 0));                            /* and the 15th itself */
    uint32_t number = 0;
    assert_true(calendar_period_end(calendar, vietnam_at("2024-02-01", 9, 0), PERIOD_WEEKLY, end, &number) ==
                vietnam_at("2024-02-23", 0, 0));
    assert_int_equal(number, 3);
    calendar_free(calendar);
}
