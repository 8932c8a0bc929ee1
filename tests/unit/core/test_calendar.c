/* Counting days, held against vectors that another program counted (tests/tools/calendar_oracle.py), and what no vector says: the end
 * of the tables, when a day opens, and calendars that contradict themselves. Words are in test_calendar_words.c, what standing still
 * moves in test_calendar_moved.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/test.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

/* ---- the vectors ---- */

static void assert_day(int64_t day, const char *wanted, const struct vietnam_vector *vector)
{
    char text[DATE_TEXT];
    date_text(day, text);
    if (strcmp(text, wanted) != 0)
        fail_msg("%s %s %s: %s, not %s", vector->kind, vector->first, vector->second, text, wanted);
}

static void check_working(const struct calendar *calendar, const struct vietnam_vector *vector)
{
    int64_t day;
    assert_true(calendar_add(calendar, vietnam_day(vector->first), UNIT_WORKING_DAYS, atol(vector->second), &day));
    assert_day(day, vector->third, vector);
}

static void check_due(const struct calendar *calendar, const struct vietnam_vector *vector, const char *unit)
{
    char words[32];
    int64_t due;
    struct problem problem = {0};
    if (vector->second[0] == '-')
        return;
    snprintf(words, sizeof words, "%s%s", vector->second, unit);
    assert_int_equal(calendar_due(calendar, text_of(words), vietnam_at(vector->first, 16, 59), &due, &problem), 0);
    assert_day(calendar_last_day(calendar, due), vector->third, vector);
    assert_true(due == calendar_end_of(calendar, vietnam_day(vector->third)));
}

static void check_count(const struct calendar *calendar, const struct vietnam_vector *vector)
{
    int64_t counted = calendar_between(calendar, vietnam_day(vector->first), vietnam_day(vector->second));
    if (counted != atol(vector->third))
        fail_msg("count %s %s: %d, not %s", vector->first, vector->second, (int)counted, vector->third);
}

static void check_months(const struct calendar *calendar, const struct vietnam_vector *vector)
{
    int64_t day;
    assert_true(calendar_roll(calendar, date_add_months(vietnam_day(vector->first), atol(vector->second)), &day));
    assert_day(day, vector->third, vector);
}

static void check_hours(const struct calendar *calendar, const struct vietnam_vector *vector)
{
    char words[32];
    int64_t due;
    struct problem problem = {0};
    snprintf(words, sizeof words, "%swh", vector->second);
    assert_int_equal(calendar_due(calendar, text_of(words), vietnam_minute(vector->first) + 59999, &due, &problem), 0);
    if (due != vietnam_minute(vector->third))
        fail_msg("wh %s %s: not %s", vector->first, vector->second, vector->third);
}

static void check_worked(const struct calendar *calendar, const struct vietnam_vector *vector)
{
    int64_t from = vietnam_minute(vector->first), to = vietnam_minute(vector->second);
    assert_true(calendar_worked(calendar, from, to) == atol(vector->third) * 60000);
    assert_true(calendar_worked(calendar, to, from) == atol(vector->third) * -60000);
}

TEST(time_is_counted_as_another_program_counts_it)
{
    struct calendar *calendar = vietnam_calendar();
    struct vietnam_vector vector;
    FILE *file = vietnam_open();
    int checked = 0;
    for (; vietnam_vector(file, &vector); checked++) {
        if (strcmp(vector.kind, "wd") == 0) {
            check_working(calendar, &vector);
            check_due(calendar, &vector, "wd");
        } else if (strcmp(vector.kind, "d") == 0) {
            check_due(calendar, &vector, "d");
        } else if (strcmp(vector.kind, "count") == 0) {
            check_count(calendar, &vector);
        } else if (strcmp(vector.kind, "month") == 0) {
            check_months(calendar, &vector);
        } else if (strcmp(vector.kind, "wh") == 0) {
            check_hours(calendar, &vector);
        } else if (strcmp(vector.kind, "worked") == 0) {
            check_worked(calendar, &vector);
        } else {
            checked--;
        }
    }
    fclose(file);
    calendar_free(calendar);
    assert_in_range(checked, 1000, 10000);
}

TEST(the_stated_examples_hold)
{
    static const struct vietnam_vector stated[] = {{"wd", "2024-02-06", "5", "2024-02-20"},
                                                   {"wd", "2024-04-26", "5", "2024-05-07"},
                                                   {"d", "2024-01-09", "30", "2024-02-15"}};
    struct calendar *calendar = vietnam_calendar();
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; i++)
        check_due(calendar, &stated[i], stated[i].kind);
    calendar_free(calendar);
}

/* Both directions, over all hundred years: what is added is what is counted. */
TEST(adding_and_counting_undo_each_other)
{
    struct calendar *calendar = vietnam_calendar();
    for (int64_t day = DATE_FIRST + 4000; day < DATE_LAST - 4000; day += 13)
        for (int64_t count = 1; count < 400; count = count * 3 + 1) {
            int64_t later, earlier;
            assert_true(calendar_add(calendar, day, UNIT_WORKING_DAYS, count, &later));
            assert_true(calendar_works(calendar, later));
            assert_int_equal(calendar_between(calendar, day, later), count);
            assert_int_equal(calendar_between(calendar, later, day), -count);
            assert_true(calendar_add(calendar, later, UNIT_WORKING_DAYS, -count, &earlier));
            assert_int_equal(calendar_between(calendar, earlier, day), 0);
            assert_true(earlier <= day);
        }
    calendar_free(calendar);
}

TEST(every_date_of_four_centuries_is_its_number)
{
    struct date last = date_of_number(-141427); /* 1582-10-15, a Friday */
    assert_true(last.year == 1582 && last.month == 10 && last.day == 15);
    assert_int_equal(date_weekday(-141427), 5);
    for (int64_t number = -141426; number < 100000; number++) {
        struct date date = date_of_number(number);
        bool next_day = date.day == last.day + 1 && date.month == last.month && date.year == last.year;
        bool next_month = date.day == 1 && date.month == last.month % 12 + 1 &&
                          last.day == date_month_days(last.year, last.month);
        assert_true(next_day || next_month);
        assert_int_equal(date_to_number(date), number);
        last = date;
    }
    assert_int_equal(date_to_number((struct date){2000, 1, 1}), DATE_FIRST);
    assert_int_equal(date_to_number((struct date){2099, 12, 31}), DATE_LAST);
}

TEST(the_years_at_the_edges_are_counted_too)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t day;
    assert_true(calendar_add(calendar, DATE_FIRST, UNIT_CALENDAR_DAYS, 0, &day));
    assert_true(calendar_add(calendar, vietnam_day("2000-01-03"), UNIT_WORKING_DAYS, 0, &day));
    assert_int_equal(day, vietnam_day("2000-01-03"));
    assert_false(calendar_add(calendar, vietnam_day("2000-01-03"), UNIT_WORKING_DAYS, -1, &day));
    assert_false(calendar_add(calendar, DATE_FIRST, UNIT_WORKING_DAYS, 0, &day)); /* a Saturday, and none before it */
    assert_true(calendar_add(calendar, vietnam_day("2099-12-30"), UNIT_WORKING_DAYS, 1, &day));
    assert_false(calendar_add(calendar, vietnam_day("2099-12-31"), UNIT_WORKING_DAYS, 1, &day));
    assert_false(calendar_add(calendar, vietnam_day("2099-12-31"), UNIT_CALENDAR_DAYS, 1, &day));
    assert_false(calendar_works(calendar, DATE_FIRST - 1));
    assert_false(calendar_works(calendar, DATE_LAST + 1));
    assert_int_equal(calendar_between(calendar, DATE_FIRST - 1000, DATE_FIRST), 0);
    assert_int_equal(calendar_between(calendar, DATE_LAST, DATE_LAST + 1000), 0);
    calendar_free(calendar);
}

/* ---- the end of the tables ---- */

/* The last two days that there are, a Wednesday and a Thursday, are off. */
static struct calendar *ends_with_days_off(void)
{
    struct msg_exception exceptions[2] = {0};
    struct msg_hours hours[10];
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&exceptions[0], exception, day, TEXT("2099-12-30"));
    MSG_SET(&exceptions[1], exception, day, TEXT("2099-12-31"));
    for (int i = 0; i < 2; i++)
        MSG_SET(&exceptions[i], exception, name, TEXT("Nghỉ"));
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){exceptions, 2});
    return vietnam_must(&message);
}

TEST(a_period_that_would_roll_past_the_tables_is_refused)
{
    struct calendar *calendar = ends_with_days_off();
    struct problem problem = {0};
    int64_t due_ms = 77, day = 0;
    assert_int_equal(calendar_due(calendar, TEXT("1d"), vietnam_at("2099-12-29", 8, 0), &due_ms, &problem),
                     COORD_E_CALENDAR_RANGE);
    assert_true(due_ms == 77);
    assert_false(calendar_roll(calendar, vietnam_day("2099-12-30"), &day));
    assert_false(calendar_add(calendar, vietnam_day("2099-12-31"), UNIT_CALENDAR_DAYS, 1, &day));
    assert_false(calendar_add(calendar, vietnam_day("2099-12-31") + 1, UNIT_CALENDAR_DAYS, -1, &day));
    assert_null(calendar_exception(calendar, vietnam_day("2099-12-31") + 1));
    assert_non_null(calendar_exception(calendar, vietnam_day("2099-12-31")));
    calendar_free(calendar);
}

TEST(an_instant_that_would_roll_past_the_tables_moves_by_the_time_itself)
{
    struct calendar *calendar = ends_with_days_off();
    const int64_t due_ms = vietnam_at("2099-12-29", 16, 30);
    assert_true(calendar_shift(calendar, due_ms, due_ms - HOUR_MS, due_ms - HOUR_MS + DAY_MS) == due_ms + DAY_MS);
    calendar_free(calendar);
}

/* ---- opening ---- */

TEST(a_day_opens_with_its_first_hours_and_a_make_up_day_with_mondays)
{
    struct msg_hours hours[10];
    struct msg_exception work = {0};
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&hours[9], hours, open, 420); /* Friday afternoon's span now begins at 7:00, before the other */
    MSG_SET(&hours[9], hours, close, 440);
    MSG_SET(&work, exception, day, TEXT("2024-06-07"));
    MSG_SET(&work, exception, working, true);
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){&work, 1});
    struct calendar *calendar = vietnam_must(&message);
    assert_true(calendar_opening(calendar, vietnam_day("2024-06-03")) == vietnam_at("2024-06-03", 7, 30));
    assert_true(calendar_opening(calendar, vietnam_day("2024-06-14")) == vietnam_at("2024-06-14", 7, 0));
    assert_true(calendar_opening(calendar, vietnam_day("2024-06-07")) == vietnam_at("2024-06-07", 7, 30));
    assert_true(calendar_opening(calendar, vietnam_day("2024-06-08")) ==
                vietnam_at("2024-06-08", 7, 30)); /* a Saturday */
    calendar_free(calendar);
}

/* ---- calendars that contradict themselves ---- */

static void refuse_calendar(const struct msg_calendar *message, int error, const char *field)
{
    struct problem problem = {0};
    assert_null(calendar_new(message, &problem));
    assert_int_equal(problem.error, error);
    assert_string_equal(problem.field, field);
}

TEST(a_calendar_that_contradicts_itself_is_refused)
{
    struct msg_hours hours[10];
    struct msg_exception days[2] = {0};
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&hours[1], hours, close, 800);
    refuse_calendar(&message, COORD_E_BAD_VALUE, "hours[1].close");
    message = vietnam_week(hours);
    MSG_SET(&hours[3], hours, open, 689);
    refuse_calendar(&message, COORD_E_BAD_VALUE, "hours[3]");
    message = vietnam_week(hours);
    MSG_SET(&days[0], exception, day, TEXT("2024-02-08"));
    MSG_SET(&days[1], exception, day, TEXT("2024-02-08"));
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){days, 2});
    refuse_calendar(&message, COORD_E_BAD_VALUE, "exceptions[1].day");
    MSG_SET(&days[1], exception, day, TEXT("2024-02-31"));
    refuse_calendar(&message, COORD_E_BAD_DATE, "exceptions[1].day");
    MSG_SET(&days[1], exception, day, TEXT("1999-02-08"));
    refuse_calendar(&message, COORD_E_CALENDAR_RANGE, "exceptions[1].day");
    MSG_SET(&days[1], exception, day, TEXT("2024-02-09"));
    MSG_SET(&message, calendar, provisional_from, TEXT("mai"));
    refuse_calendar(&message, COORD_E_BAD_DATE, "provisional_from");
    MSG_SET(&message, calendar, provisional_from, TEXT(""));
    struct calendar *calendar = vietnam_must(&message);
    assert_false(calendar_is_provisional(calendar, DATE_LAST));
    calendar_free(calendar);
}

TEST(a_calendar_owns_what_it_was_made_from)
{
    struct calendar *calendar = vietnam_calendar();
    assert_true(text_equal(calendar_message(calendar)->calendar, TEXT("default")));
    assert_int_equal(calendar_message(calendar)->exceptions.count, 52);
    assert_true(text_equal(calendar_exception(calendar, vietnam_day("2024-05-04"))->name, TEXT("Làm bù")));
    assert_null(calendar_exception(calendar, vietnam_day("2024-05-06")));
    assert_false(calendar_is_provisional(calendar, vietnam_day("2026-12-31")));
    assert_true(calendar_is_provisional(calendar, vietnam_day("2027-01-01")));
    calendar_free(calendar);
    calendar_free(NULL);
}

TEST(a_clock_a_few_minutes_from_utc_is_refused_unless_it_stands_so)
{
    struct msg_calendar calendar = {0}, old = {0};
    struct problem problem = {0};
    static const struct {
        int64_t offset;
        bool is_one;
    } offsets[] = {{0, true},  {30, true},   {-30, true}, {60, true},   {420, true}, {-210, true},
                   {7, false}, {-12, false}, {59, false}, {-45, false}, {14, false}, {29, false}};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        MSG_SET(&calendar, calendar, utc_offset, offsets[i].offset);
        assert_int_equal(calendar_check_zone(&calendar, NULL, &problem), offsets[i].is_one ? 0 : COORD_E_BAD_VALUE);
        assert_int_equal(calendar_check_zone(&calendar, &calendar, &problem), 0);
    }
    MSG_SET(&calendar, calendar, utc_offset, 7);
    MSG_SET(&old, calendar, utc_offset, 8);
    assert_int_equal(calendar_check_zone(&calendar, &old, &problem), COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "calendar.utc_offset");
    assert_non_null(strstr(problem.message, "7 hours are 420"));
}
