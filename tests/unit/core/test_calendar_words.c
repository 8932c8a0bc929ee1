/* What words of time come to: days, minutes and counts; and what is refused with what would be right. */
#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/test.h"

TEST(a_day_is_due_at_its_end_and_a_minute_at_its_beginning)
{
    struct calendar *calendar = vietnam_calendar();
    char day[DATE_TEXT];
    assert_true(vietnam_due(calendar, "2024-06-28", 0) == vietnam_at("2024-06-29", 0, 0));
    assert_true(vietnam_due(calendar, "2024-06-28T16:30", 0) == vietnam_at("2024-06-28", 16, 30));
    calendar_day_text(calendar, vietnam_due(calendar, "2024-06-28", 0), day);
    assert_string_equal(day, "2024-06-28");
    calendar_day_text(calendar, vietnam_due(calendar, "2024-06-28T16:30", 0), day);
    assert_string_equal(day, "2024-06-28");
    assert_true(vietnam_due(calendar, "2024-06-29", 0) ==
                vietnam_at("2024-06-30", 0, 0)); /* a Saturday that was named stays one */
    calendar_free(calendar);
}

TEST(the_first_day_is_the_local_one)
{
    struct calendar *calendar = vietnam_calendar();
    assert_true(vietnam_due(calendar, "1wd", vietnam_at("2024-06-03", 0, 0)) == vietnam_at("2024-06-05", 0, 0));
    assert_true(vietnam_due(calendar, "1wd", vietnam_at("2024-06-03", 23, 59)) == vietnam_at("2024-06-05", 0, 0));
    assert_true(vietnam_due(calendar, "1wd", vietnam_at("2024-06-04", 0, 0) - 1) == vietnam_at("2024-06-05", 0, 0));
    assert_true(vietnam_due(calendar, "1d", vietnam_at("2024-06-03", 6, 59)) == vietnam_at("2024-06-05", 0, 0));
    assert_true(vietnam_due(calendar, "1wd", vietnam_at("2024-06-08", 12, 0)) ==
                vietnam_at("2024-06-11", 0, 0)); /* from a Saturday */
    calendar_free(calendar);
}

static void refuse_words(const struct calendar *calendar, const char *words, int error, const char *said)
{
    int64_t due_ms = 77;
    struct problem problem = {0};
    assert_int_equal(calendar_due(calendar, text_of(words), vietnam_at("2024-06-03", 8, 0), &due_ms, &problem), error);
    assert_true(due_ms == 77);
    assert_string_equal(problem.field, "");
    if (!strstr(problem.message, said))
        fail_msg("%s: %s", words, problem.message);
}

TEST(words_that_are_no_time_are_refused_with_what_would_be_right)
{
    static const char *const shapes[] = {"",
                                         "d",
                                         "wd",
                                         "mai",
                                         "10w",
                                         "wh",
                                         "4h",
                                         "1.5wh",
                                         "10 wd",
                                         "+5wd",
                                         "-5wd",
                                         "28/6/2024",
                                         "2024-6-28",
                                         "2024-06-28T",
                                         "2024-06-28 16:30",
                                         "5WD",
                                         "1.5d",
                                         "2024-06-28T24:00",
                                         "2024-06-28T16:60",
                                         "2024-06-28T16:30:00",
                                         "2024-06-28Z",
                                         "2024_06_28",
                                         "2024-06_28",
                                         "2024-06-28x16:30",
                                         "2024-06-28T16x30",
                                         "2024-06-28Txx:30",
                                         "2024-06-28T16:xx",
                                         "２024-06-28"};
    struct calendar *calendar = vietnam_calendar();
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        refuse_words(calendar, shapes[i], COORD_E_BAD_DATE, "write 2024-06-28, 2024-06-28T16:30, 10wd");
    refuse_words(calendar, "20x4-06-28", COORD_E_BAD_DATE, "write it as 2024-06-28");
    refuse_words(calendar, "2024-0x-28", COORD_E_BAD_DATE, "write it as 2024-06-28");
    refuse_words(calendar, "2024-06-2x", COORD_E_BAD_DATE, "write it as 2024-06-28");
    refuse_words(calendar, "0wd", COORD_E_BAD_DATE, "at least 1");
    refuse_words(calendar, "0wh", COORD_E_BAD_DATE, "at least 1");
    refuse_words(calendar, "100000wh", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "00d", COORD_E_BAD_DATE, "at least 1");
    refuse_words(calendar, "2024-02-30", COORD_E_BAD_DATE, "that month has 29");
    refuse_words(calendar, "2023-02-29T08:00", COORD_E_BAD_DATE, "that month has 28");
    refuse_words(calendar, "2024-13-01", COORD_E_BAD_DATE, "months run from 01 to 12");
    refuse_words(calendar, "2024-00-10", COORD_E_BAD_DATE, "months run from 01 to 12");
    refuse_words(calendar, "2024-06-00", COORD_E_BAD_DATE, "that month has 30");
    refuse_words(calendar, "1999-12-31", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "2100-01-01", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "99999d", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "100000d", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "20000wd", COORD_E_CALENDAR_RANGE, "2099-12-31");
    refuse_words(calendar, "99999999999999999999d", COORD_E_CALENDAR_RANGE, "2099-12-31");
    calendar_free(calendar);
}

TEST(years_that_four_digits_cannot_say_are_shown_as_the_nearest)
{
    char text[DATE_TEXT];
    date_text(date_to_number((struct date){-3, 5, 9}), text);
    assert_string_equal(text, "0000-05-09");
    date_text(date_to_number((struct date){12000, 12, 31}), text);
    assert_string_equal(text, "9999-12-31");
}
