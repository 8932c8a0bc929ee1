/* Every answer to "by when, and why" can be checked line by line. */
#include <stdio.h>
#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/test.h"

struct explanation {
    struct arena arena;
    struct msg_explain_reply reply;
    struct problem problem;
    int error;
};

static struct explanation explain_any(const struct calendar *calendar, const char *from, const char *add,
                                      const char *suspended, const char *resumed)
{
    struct explanation explanation = {0};
    struct msg_calendar_explain asked = {0};
    MSG_SET(&asked, calendar_explain, from, text_of(from));
    if (add)
        MSG_SET(&asked, calendar_explain, add, text_of(add));
    if (suspended)
        MSG_SET(&asked, calendar_explain, suspended, text_of(suspended));
    if (resumed)
        MSG_SET(&asked, calendar_explain, resumed, text_of(resumed));
    uint64_t looked = 0;
    explanation.error = calendar_explain(calendar, &asked, CALENDAR_EXPLAIN_RUNS, &explanation.arena,
                                         &explanation.reply, &looked, &explanation.problem);
    if (!explanation.error)
        assert_int_equal(message_check(&message_explain_reply, &explanation.reply, &explanation.problem), 0);
    else
        arena_done(&explanation.arena);
    return explanation;
}

static struct explanation explain(const struct calendar *calendar, const char *from, const char *add)
{
    return explain_any(calendar, from, add, NULL, NULL);
}

static struct explanation explain_pause(const struct calendar *calendar, const char *due, const char *suspended,
                                        const char *resumed)
{
    return explain_any(calendar, due, NULL, suspended, resumed);
}

static void assert_lines(struct explanation *explanation, const char *const *lines)
{
    uint32_t count = 0;
    assert_int_equal(explanation->error, 0);
    for (; lines[count]; count++) {
        assert_in_range(count, 0, explanation->reply.lines.count - 1);
        struct text text = explanation->reply.lines.items[count].text;
        if (!text_equal(text, text_of(lines[count])))
            fail_msg("line %u: %.*s\nnot: %s", (unsigned)count, TEXT_ARGS(text), lines[count]);
    }
    assert_int_equal(explanation->reply.lines.count, count);
    arena_done(&explanation->arena);
}

TEST(working_days_are_explained_run_by_run)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2024-04-26", "5wd");
    assert_true(text_equal(explanation.reply.day, TEXT("2024-05-07")));
    assert_int_equal(explanation.reply.working_days, 5);
    assert_lines(&explanation, (const char *[]){"2024-04-26: does not count; a period begins with the day after "
                                                "(Civil Code 2015, art. 147).",
                                                "2024-04-27 to 2024-04-28: weekly day off, do not count.",
                                                "2024-04-29 to 2024-05-01: day off (Nghỉ lễ), do not count.",
                                                "2024-05-02 to 2024-05-03: working day, count as 1 to 2.",
                                                "2024-05-04: make-up working day (Làm bù), counts as 3.",
                                                "2024-05-05: weekly day off, does not count.",
                                                "2024-05-06 to 2024-05-07: working day, count as 4 to 5.",
                                                "2024-05-07 at 24:00 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}

TEST(calendar_days_that_end_in_tet_are_explained_to_the_next_working_day)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2024-02-05", "3d");
    assert_true(text_equal(explanation.reply.day, TEXT("2024-02-15")));
    assert_int_equal(explanation.reply.working_days, 3);
    assert_lines(&explanation,
                 (const char *[]){"2024-02-05: does not count; a period begins with the day after "
                                  "(Civil Code 2015, art. 147).",
                                  "2024-02-06 to 2024-02-07: working day, count as 1 to 2.",
                                  "2024-02-08: day off (Nghỉ lễ), counts as 3.",
                                  "2024-02-08 is a day off: a period that ends on one ends with the next "
                                  "working day (Civil Code 2015, art. 148).",
                                  "2024-02-09: day off (Nghỉ lễ).", "2024-02-10 to 2024-02-11: weekly day off.",
                                  "2024-02-12 to 2024-02-14: day off (Nghỉ lễ).",
                                  "2024-02-15 at 24:00 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}

TEST(days_to_a_date_are_counted_forwards_and_backwards)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2024-06-07", "2024-06-10T09:00");
    assert_int_equal(explanation.reply.working_days, 1);
    arena_done(&explanation.arena);
    explanation = explain(calendar, "2024-06-07", "2024-06-07");
    assert_int_equal(explanation.reply.working_days, 0);
    arena_done(&explanation.arena);
    explanation = explain(calendar, "2024-06-10", "2024-06-06");
    assert_int_equal(explanation.reply.working_days, -2);
    assert_lines(&explanation,
                 (const char *[]){"2024-06-06 lies before 2024-06-10; counted from there, it does not count.",
                                  "2024-06-07: working day, counts as 1.",
                                  "2024-06-08 to 2024-06-09: weekly day off, do not count.",
                                  "2024-06-10: working day, counts as 2.", NULL});
    calendar_free(calendar);
}

TEST(days_off_that_are_not_yet_decreed_are_said_to_be_so)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2026-12-30", "3wd");
    assert_lines(&explanation, (const char *[]){"2026-12-30: does not count; a period begins with the day after "
                                                "(Civil Code 2015, art. 147).",
                                                "2026-12-31: working day, counts as 1.",
                                                "2027-01-01: day off (Nghỉ lễ), not yet decreed, does not count.",
                                                "2027-01-02 to 2027-01-03: weekly day off, not yet decreed, do not "
                                                "count.",
                                                "2027-01-04 to 2027-01-05: working day, not yet decreed, count as "
                                                "2 to 3.",
                                                "2027-01-05 at 24:00 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}

TEST(a_long_count_is_summed_up_and_still_fits_a_reply)
{
    struct calendar *calendar = vietnam_calendar();
    static const char *const adds[] = {"3000wd", "9999d", "2099-12-31"};
    for (size_t i = 0; i < sizeof adds / sizeof adds[0]; i++) {
        struct explanation explanation = explain(calendar, "2024-06-03", adds[i]);
        const struct msg_line_items *lines = &explanation.reply.lines;
        assert_int_equal(explanation.error, 0);
        assert_in_range(lines->count, 500, 512);
        assert_non_null(strstr(lines->items[500].text.data, "And so on: "));
        arena_done(&explanation.arena);
    }
    calendar_free(calendar);
}

/* Every day of two years is off under a name of its own: no two are alike, and a period rolls over hundreds. */
TEST(days_off_without_end_are_explained_as_far_as_a_reply_has_room)
{
    static char names[700][24], days[700][DATE_TEXT];
    static struct msg_exception exceptions[700];
    struct msg_hours hours[10];
    struct msg_calendar message = vietnam_week(hours);
    for (int i = 0; i < 700; i++) {
        snprintf(names[i], sizeof names[i], "Nghỉ %d", i);
        date_text(vietnam_day("2024-06-03") + i, days[i]);
        MSG_SET(&exceptions[i], exception, day, text_of(days[i]));
        MSG_SET(&exceptions[i], exception, name, text_of(names[i]));
    }
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){exceptions, 700});
    struct calendar *calendar = vietnam_must(&message);
    struct explanation explanation = explain(calendar, "2024-06-03", "600d");
    assert_int_equal(explanation.error, 0);
    assert_int_equal(explanation.reply.lines.count, 512);
    assert_true(text_equal(explanation.reply.day, TEXT("2026-05-04")));
    assert_non_null(strstr(explanation.reply.lines.items[511].text.data, "the last day in time"));
    arena_done(&explanation.arena);
    calendar_free(calendar);
}

TEST(days_off_of_different_names_are_not_taken_together)
{
    struct msg_exception exceptions[2] = {0};
    struct msg_hours hours[10];
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&exceptions[0], exception, day, TEXT("2024-06-04"));
    MSG_SET(&exceptions[0], exception, name, TEXT("Lễ"));
    MSG_SET(&exceptions[1], exception, day, TEXT("2024-06-05"));
    MSG_SET(&exceptions[1], exception, name, TEXT("Bão"));
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){exceptions, 2});
    MSG_SET(&message, calendar, provisional_from, TEXT("2024-06-07"));
    struct calendar *calendar = vietnam_must(&message);
    struct explanation explanation = explain(calendar, "2024-06-03", "2wd");
    assert_lines(&explanation,
                 (const char *[]){"2024-06-03: does not count; a period begins with the day after "
                                  "(Civil Code 2015, art. 147).",
                                  "2024-06-04: day off (Lễ), does not count.",
                                  "2024-06-05: day off (Bão), does not count.", "2024-06-06: working day, counts as 1.",
                                  "2024-06-07: working day, not yet decreed, counts as 2.",
                                  "2024-06-07 at 24:00 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}

TEST(what_cannot_be_explained_names_its_field)
{
    struct calendar *calendar = vietnam_calendar();
    struct msg_hours hours[10];
    struct msg_exception last = {0};
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&last, exception, day, TEXT("2099-12-31"));
    MSG_SET(&last, exception, name, TEXT("Nghỉ"));
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){&last, 1});
    struct calendar *short_calendar = vietnam_must(&message);
    assert_int_equal(explain(short_calendar, "2099-12-30", "1d").error, COORD_E_CALENDAR_RANGE);
    calendar_free(short_calendar);
    struct explanation explanation = explain(calendar, "2024-06-31", "5wd");
    assert_int_equal(explanation.error, COORD_E_BAD_DATE);
    assert_string_equal(explanation.problem.field, "from");
    explanation = explain(calendar, "2024-06-03", "năm ngày");
    assert_int_equal(explanation.error, COORD_E_BAD_DATE);
    assert_string_equal(explanation.problem.field, "add");
    explanation = explain(calendar, "2024-06-03", "99999wd");
    assert_int_equal(explanation.error, COORD_E_CALENDAR_RANGE);
    assert_string_equal(explanation.problem.field, "add");
    calendar_free(calendar);
}

TEST(working_hours_are_explained_span_by_span)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2024-06-06T16:00", "20wh");
    assert_true(text_equal(explanation.reply.day, TEXT("2024-06-11")));
    assert_true(explanation.reply.due == vietnam_at("2024-06-11", 11, 30) && explanation.reply.working_minutes == 1200);
    assert_lines(
        &explanation,
        (const char *[]){"2024-06-06: working day, 16:00 to 17:00, 1 h; 1 h so far.",
                         "2024-06-07: working day, 07:30 to 11:30 and 13:30 to 17:00, 7 h 30 min; "
                         "8 h 30 min so far.",
                         "2024-06-08 to 2024-06-09: weekly day off, no working time.",
                         "2024-06-10: working day, 07:30 to 11:30 and 13:30 to 17:00, 7 h 30 min; 16 h so far.",
                         "2024-06-11: working day, 07:30 to 11:30, 4 h; 20 h so far.",
                         "2024-06-11 11:30: the time is over; the first minute that is too late.", NULL});
    calendar_free(calendar);
}

TEST(a_suspension_is_explained_by_its_rule)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain_pause(calendar, "2024-06-14", "2024-06-07T10:00", "2024-06-11T08:00");
    assert_lines(
        &explanation,
        (const char *[]){"The deadline 2024-06-14 is the end of a day: it moves by the working days after the day "
                         "of the suspension, up to and with that of the resumption.",
                         "2024-06-08 to 2024-06-09: weekly day off, do not count.",
                         "2024-06-10 to 2024-06-11: working day, count as 1 to 2.",
                         "It stood still for 2 working days: the deadline is 2024-06-18.", NULL});
    explanation = explain_pause(calendar, "2024-06-04T16:30", "2024-06-03T08:00", "2024-06-03T11:00");
    assert_lines(
        &explanation,
        (const char *[]){"The deadline 2024-06-04 16:30 is a minute of working time: it moves by the working time "
                         "that lay in the suspension.",
                         "2024-06-03: working day, 08:00 to 11:00, 3 h; 3 h so far.",
                         "It stood still for 3 h of working time: the deadline is 2024-06-05 10:00.", NULL});
    explanation = explain_pause(calendar, "2024-06-08T16:30", "2024-06-03T10:00", "2024-06-03T10:45");
    assert_lines(
        &explanation,
        (const char *[]){"The deadline 2024-06-08 16:30 is a minute at which nobody works: it moves by the clock.",
                         "It stood still for 45 min: the deadline is 2024-06-08 17:15.", NULL});
    calendar_free(calendar);
}

/* The rows `| deadline | suspended | resumed | deadline then |` of the page that clients are written from. */
TEST(what_the_protocol_says_of_suspensions_is_what_is_explained)
{
    struct calendar *calendar = vietnam_calendar();
    FILE *page = fopen("protocol/PROTOCOL.in.md", "r");
    char line[512], due[20], suspended[20], resumed[20], then[20];
    int rows = 0;
    assert_non_null(page);
    while (fgets(line, sizeof line, page)) {
        if (sscanf(line, "| %19[0-9T:-] | %19[0-9T:-] | %19[0-9T:-] | %19[0-9T:-] |", due, suspended, resumed, then) !=
                4 ||
            strlen(suspended) != 16)
            continue;
        struct explanation explanation = explain_pause(calendar, due, suspended, resumed);
        struct problem problem = {0};
        int64_t before_ms, then_ms;
        assert_int_equal(explanation.error, 0);
        assert_int_equal(calendar_due(calendar, text_of(then), 0, &then_ms, &problem), 0);
        assert_int_equal(calendar_due(calendar, text_of(due), 0, &before_ms, &problem), 0);
        if (explanation.reply.due != then_ms)
            fail_msg("%s", line);
        assert_true(calendar_shift(calendar, before_ms, vietnam_minute(suspended), vietnam_minute(resumed)) == then_ms);
        arena_done(&explanation.arena);
        rows++;
    }
    fclose(page);
    assert_in_range(rows, 8, 100);
    calendar_free(calendar);
}

TEST(an_explanation_that_asks_too_much_or_too_little_is_refused)
{
    struct calendar *calendar = vietnam_calendar();
    static const struct {
        const char *from, *add, *suspended, *resumed;
        int error;
        const char *field;
    } wrong[] = {{"2024-06-03", NULL, NULL, NULL, COORD_E_MISSING_FIELD, "add"},
                 {"2024-06-03", NULL, "2024-06-03", NULL, COORD_E_MISSING_FIELD, "resumed"},
                 {"2024-06-03", NULL, NULL, "2024-06-03", COORD_E_MISSING_FIELD, "suspended"},
                 {"2024-06-03", "3wd", "2024-06-03", "2024-06-04", COORD_E_BAD_VALUE, "add"},
                 {"2024-06-03", NULL, "2024-06-04", "2024-06-03", COORD_E_BAD_VALUE, "resumed"},
                 {"2024-06-03", NULL, "3wd", "2024-06-03", COORD_E_BAD_DATE, "suspended"},
                 {"5wh", "3wh", NULL, NULL, COORD_E_BAD_DATE, "from"},
                 {"2099-12-31", "99wh", NULL, NULL, COORD_E_CALENDAR_RANGE, "add"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct explanation explanation = explain_any(calendar, wrong[i].from, wrong[i].add, wrong[i].suspended,
                                                     wrong[i].resumed);
        assert_int_equal(explanation.error, wrong[i].error);
        assert_string_equal(explanation.problem.field, wrong[i].field);
        arena_done(&explanation.arena);
    }
    calendar_free(calendar);
}

/* ---- what a day is called, and a date with its minute ---- */

TEST(a_half_day_is_no_make_up_day)
{
    struct msg_hours hours[10];
    struct msg_exception half = {0};
    struct problem problem = {0};
    struct msg_calendar week = vietnam_week(hours);
    MSG_SET(&half, exception, day, TEXT("2024-06-14")); /* a Friday */
    MSG_SET(&half, exception, working, true);
    MSG_SET(&half, exception, open, 450);
    MSG_SET(&half, exception, close, 690);
    MSG_SET(&week, calendar, exceptions, ((struct msg_exception_items){&half, 1}));
    struct calendar *calendar = calendar_new(&week, &problem);
    assert_non_null(calendar);
    struct explanation explanation = explain(calendar, "2024-06-12", "2wd");
    assert_lines(&explanation, (const char *[]){"2024-06-12: does not count; a period begins with the day after "
                                                "(Civil Code 2015, art. 147).",
                                                "2024-06-13: working day, counts as 1.",
                                                "2024-06-14: working day with hours of its own, counts as 2.",
                                                "2024-06-14 at 24:00 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}

TEST(a_date_with_a_minute_is_over_at_that_minute)
{
    struct calendar *calendar = vietnam_calendar();
    struct explanation explanation = explain(calendar, "2024-06-12", "2024-06-13T16:30");
    assert_true(MSG_HAS(&explanation.reply, explain_reply, due));
    assert_int_equal(explanation.reply.due, INT64_C(1718271000000)); /* 09:30Z */
    assert_lines(&explanation, (const char *[]){"2024-06-12: does not count; a period begins with the day after "
                                                "(Civil Code 2015, art. 147).",
                                                "2024-06-13: working day, counts as 1.",
                                                "2024-06-13 at 16:30 the time is over: the last day in time.", NULL});
    calendar_free(calendar);
}
