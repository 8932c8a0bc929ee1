/* Holidays out of iCalendar files: which days they touch, which of them are worked, and what is refused. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/coordctl/ics.h"

static struct arena arena;
static const struct ics_options in_viet_nam = {.year_to = 2027, .utc_offset = 420};

static int read_events(const char *events, struct ics_days *days, struct problem *problem)
{
    char *text = malloc(strlen(events) + 200);
    assert_non_null(text);
    sprintf(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n%sEND:VCALENDAR\r\n", events);
    arena_clear(&arena);
    int error = ics_read(text, &in_viet_nam, days, &arena, problem);
    free(text);
    return error;
}

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1@test\r\n" lines "END:VEVENT\r\n"

/* The days as "2024-04-29 off Nghỉ lễ\n…". */
static const char *days_of(const char *events)
{
    static char text[8192];
    struct ics_days days;
    struct problem problem = {0};
    size_t size = 0;
    assert_int_equal(read_events(events, &days, &problem), 0);
    text[0] = '\0';
    for (uint32_t i = 0; i < days.exceptions.count; i++) {
        const struct msg_exception *day = &days.exceptions.items[i];
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%.*s %s %.*s\n", TEXT_ARGS(day->day),
                                 day->working ? "work" : "off", TEXT_ARGS(day->name));
    }
    arena_done(&arena);
    return text;
}

static void assert_refused(const char *events, int error, const char *field)
{
    struct ics_days days = {.events = 77};
    struct problem problem = {0};
    assert_int_equal(read_events(events, &days, &problem), error);
    assert_string_equal(problem.field, field);
    assert_true(problem.message[0] != '\0');
    assert_int_equal(days.events, 77);
    arena_done(&arena);
}

TEST(the_end_of_an_event_does_not_belong_to_it)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240430\r\nDTEND;VALUE=DATE:20240502\r\nSUMMARY:30/4\r\n")),
                        "2024-04-30 off 30/4\n2024-05-01 off 30/4\n");
}

TEST(an_event_without_an_end_is_one_day)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240418\r\nSUMMARY:Giỗ Tổ\r\n")), "2024-04-18 off Giỗ Tổ\n");
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240418\r\nDTEND;VALUE=DATE:20240418\r\nSUMMARY:x\r\n")),
                        "2024-04-18 off x\n");
}

TEST(a_duration_counts_days)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240208\r\nDURATION:P3D\r\nSUMMARY:Tết\r\n")),
                        "2024-02-08 off Tết\n2024-02-09 off Tết\n2024-02-10 off Tết\n");
}

TEST(days_cross_the_ends_of_months_and_leap_years)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240228\r\nDTEND;VALUE=DATE:20240302\r\nSUMMARY:x\r\n")),
                        "2024-02-28 off x\n2024-02-29 off x\n2024-03-01 off x\n");
}

TEST(an_event_from_midnight_to_midnight_is_of_whole_days)
{
    assert_string_equal(days_of(EVENT("DTSTART:20240902T000000\r\nDTEND:20240904T000000\r\nSUMMARY:Quốc khánh\r\n")),
                        "2024-09-02 off Quốc khánh\n2024-09-03 off Quốc khánh\n");
}

TEST(an_event_of_hours_says_nothing_about_a_day)
{
    struct ics_days days;
    struct problem problem = {0};
    assert_int_equal(
        read_events(EVENT("DTSTART:20240902T080000\r\nDTEND:20240902T090000\r\nSUMMARY:Họp\r\n"), &days, &problem), 0);
    assert_int_equal(days.exceptions.count, 0);
    assert_int_equal(days.events, 0);
    assert_int_equal(days.passed_over, 1);
    assert_true(text_equal(days.passed[0].name, TEXT("Họp")));
    assert_string_equal(days.passed[0].day, "2024-09-02");
    assert_non_null(strstr(days.passed[0].why, "hours"));
    arena_done(&arena);
}

TEST(an_event_from_midnight_to_midnight_in_utc_is_of_whole_days)
{
    /* 17:00 in UTC is midnight in Viet Nam; other programs write the day's own midnight as if it were UTC's. */
    assert_string_equal(days_of(EVENT("DTSTART:20240901T170000Z\r\nDTEND:20240902T170000Z\r\nSUMMARY:x\r\n")),
                        "2024-09-02 off x\n");
    assert_string_equal(days_of(EVENT("DTSTART:20240902T000000Z\r\nDTEND:20240903T000000Z\r\nSUMMARY:x\r\n")),
                        "2024-09-02 off x\n");
    /* From 07:00 to the end of the day is an event of hours. */
    assert_string_equal(days_of(EVENT("DTSTART:20240902T000000Z\r\nDTEND:20240902T170000Z\r\nSUMMARY:x\r\n")), "");
}

TEST(a_make_up_saturday_is_worked_in_either_language)
{
    const char *worked[] = {"Làm bù cho ngày nghỉ 29/4",
                            "LÀM VIỆC BÙ",
                            "Ngày làm việc (hoán đổi)",
                            "Thứ Bảy 4/5 (làm bù ngày 29/4)",
                            "Ngày đi làm bù, thay ngày nghỉ 29/4",
                            "Make-up working day",
                            "Special Working Day",
                            "Working Saturday for the day off of 29 April"};
    for (size_t i = 0; i < sizeof(worked) / sizeof(worked[0]); i++) {
        char event[300], expected[200];
        snprintf(event, sizeof(event), EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:%s\r\n"), worked[i]);
        snprintf(expected, sizeof(expected), "2024-05-04 work %s\n", worked[i]);
        assert_string_equal(days_of(event), expected);
    }
}

TEST(a_day_off_in_lieu_is_off)
{
    const char *off[] = {"Nghỉ bù Quốc khánh",
                         "Nghỉ hoán đổi ngày làm việc",
                         "Nghỉ thứ Hai 29/4 (làm bù thứ Bảy 04/5)",
                         "Nghỉ 29/4, làm bù vào 04/5",
                         "Giỗ Tổ Hùng Vương (làm bù 04/5)",
                         "Non-working day",
                         "Make-up day off",
                         "Day off (make-up day 4 May)"};
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
        char event[300], expected[200];
        snprintf(event, sizeof(event), EVENT("DTSTART;VALUE=DATE:20240429\r\nSUMMARY:%s\r\n"), off[i]);
        snprintf(expected, sizeof(expected), "2024-04-29 off %s\n", off[i]);
        assert_string_equal(days_of(event), expected);
    }
}

TEST(a_category_makes_a_day_worked)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:4/5\r\nCATEGORIES:WORKING-DAY\r\n")),
                        "2024-05-04 work 4/5\n");
}

TEST(decomposed_words_are_read_as_composed_ones)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:La\xCC\x80m bu\xCC\x80\r\n")),
                        "2024-05-04 work Làm bù\n");
}

TEST(a_yearly_rule_without_end_stops_with_the_year_asked_for)
{
    assert_string_equal(
        days_of(EVENT("DTSTART;VALUE=DATE:20240101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Tết Dương lịch\r\n")),
        "2024-01-01 off Tết Dương lịch\n2025-01-01 off Tết Dương lịch\n"
        "2026-01-01 off Tết Dương lịch\n2027-01-01 off Tết Dương lịch\n");
}

TEST(a_rule_that_began_long_ago_gives_the_years_of_the_calendar)
{
    const char *days = days_of(
        EVENT("DTSTART;VALUE=DATE:19760502\r\nRRULE:FREQ=YEARLY;UNTIL=20011231\r\nSUMMARY:x\r\n"));
    assert_string_equal(days, "2000-05-02 off x\n2001-05-02 off x\n");
}

TEST(a_rule_keeps_its_exceptions_and_extra_days)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240902\r\nRRULE:FREQ=YEARLY;COUNT=3\r\n"
                                      "EXDATE;VALUE=DATE:20250902\r\nRDATE;VALUE=DATE:20250903\r\nSUMMARY:x\r\n")),
                        "2024-09-02 off x\n2025-09-03 off x\n2026-09-02 off x\n");
}

TEST(a_moved_instance_takes_the_place_of_the_one_it_stands_for)
{
    assert_string_equal(
        days_of(EVENT("DTSTART;VALUE=DATE:20240902\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nSUMMARY:x\r\n")
                    EVENT("RECURRENCE-ID;VALUE=DATE:20250902\r\nDTSTART;VALUE=DATE:20250901\r\nSUMMARY:y\r\n")),
        "2024-09-02 off x\n2025-09-01 off y\n");
}

TEST(a_rule_may_end_at_midnight_in_utc_or_by_the_wall)
{
    const char *ends[] = {"20260430T170000Z", "20260501T000000Z", "20260501T000000", "20260501"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char event[300];
        snprintf(event, sizeof(event), EVENT("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;UNTIL=%s\r\n"), ends[i]);
        assert_string_equal(days_of(event), "2025-05-01 off \n2026-05-01 off \n");
    }
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;UNTIL=20260430T165959Z\r\n")),
                        "2025-05-01 off \n");
    assert_string_equal(days_of(EVENT("DTSTART:20250501T000000\r\nDTEND:20250502T000000\r\n"
                                      "RRULE:FREQ=YEARLY;UNTIL=20260430T170000Z\r\n")),
                        "2025-05-01 off \n2026-05-01 off \n");
}

TEST(an_exception_may_be_a_midnight_in_utc_or_by_the_wall)
{
    const char *exceptions[] = {":20260430T170000Z",    ":20260501T000000Z",
                                ":20260501T000000",     ";TZID=Asia/Ho_Chi_Minh:20260501T000000",
                                ";VALUE=DATE:20260501", ":20240501T000000,20260501T000000"};
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        char event[300];
        snprintf(event, sizeof(event),
                 EVENT("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;UNTIL=20270501\r\nEXDATE%s\r\n"),
                 exceptions[i]);
        assert_string_equal(days_of(event), "2025-05-01 off \n2027-05-01 off \n");
    }
}

TEST(an_observance_is_left_out_unless_asked_for)
{
    const char *event = EVENT("DTSTART;VALUE=DATE:20241120\r\nSUMMARY:Ngày Nhà giáo\r\n"
                              "DESCRIPTION:Observance\\nTo hide observances\\, go to the settings\r\n");
    struct ics_options with = in_viet_nam;
    struct ics_days days;
    struct problem problem = {0};
    char text[600];
    assert_int_equal(read_events(event, &days, &problem), 0);
    assert_int_equal(days.exceptions.count, 0);
    assert_true(text_equal(days.passed[0].name, TEXT("Ngày Nhà giáo")));
    assert_non_null(strstr(days.passed[0].why, "--observances"));
    with.observances = true;
    snprintf(text, sizeof(text), "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", event);
    assert_int_equal(ics_read(text, &with, &days, &arena, &problem), 0);
    assert_int_equal(days.exceptions.count, 1);
    arena_done(&arena);
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20241120\r\nSUMMARY:x\r\nCATEGORIES:Observance\r\n")), "");
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20241120\r\nSUMMARY:Làm bù\r\nDESCRIPTION:Observance\r\n")),
                        "2024-11-20 work Làm bù\n");
}

TEST(each_event_that_is_passed_over_is_named_with_why)
{
    struct ics_days days;
    struct problem problem = {0};
    assert_int_equal(read_events(EVENT("DTSTART;VALUE=DATE:20240902\r\nSTATUS:CANCELLED\r\nSUMMARY:a\r\n") EVENT(
                                     "DTSTART;VALUE=DATE:20240903\r\nEXDATE;VALUE=DATE:20240903\r\nSUMMARY:b\r\n"),
                                 &days, &problem),
                     0);
    assert_int_equal(days.passed_over, 2);
    assert_non_null(strstr(days.passed[0].why, "cancelled"));
    assert_non_null(strstr(days.passed[1].why, "none of its days"));
    arena_done(&arena);
}

TEST(a_cancelled_event_does_not_count)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240902\r\nSTATUS:CANCELLED\r\nSUMMARY:x\r\n")), "");
}

TEST(work_made_up_outweighs_a_day_off_on_the_same_day)
{
    assert_string_equal(days_of(EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:Nghỉ\r\n")
                                    EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:Làm bù\r\n")),
                        "2024-05-04 work Làm bù\n");
}

TEST(a_long_name_is_cut_to_a_whole_character)
{
    char event[600] = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20240504\r\nSUMMARY:x";
    struct ics_days days;
    struct problem problem = {0};
    for (int i = 0; i < 70; i++)
        strcat(event, "ễ");
    strcat(event, "\r\nEND:VEVENT\r\n");
    assert_int_equal(read_events(event, &days, &problem), 0);
    assert_int_equal(days.exceptions.items[0].name.size, 1 + 42 * 3);
    arena_done(&arena);
}

TEST(what_is_no_calendar_is_refused)
{
    struct ics_days days;
    struct problem problem = {0};
    const char *texts[] = {"", "hello", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n", "{\"agencies\":[]}",
                           "BEGIN:VEVENT\r\nEND:VEVENT\r\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(ics_read(texts[i], &in_viet_nam, &days, &arena, &problem), COORD_E_BAD_VALUE);
    assert_non_null(strstr(problem.message, "BEGIN:VCALENDAR"));
    arena_done(&arena);
}

TEST(an_event_that_cannot_be_dated_is_refused_with_its_place)
{
    assert_refused(EVENT("SUMMARY:x\r\n"), COORD_E_BAD_VALUE, "event[0].DTSTART");
    assert_refused(EVENT("DTSTART;VALUE=DATE:20240504\r\nSUMMARY:x\r\n")
                       EVENT("DTSTART;VALUE=DATE:20240505\r\nDTEND;VALUE=DATE:20240501\r\nSUMMARY:x\r\n"),
                   COORD_E_BAD_VALUE, "event[1].DTEND");
    assert_refused(EVENT("DTSTART;VALUE=DATE:20240504\r\nRRULE:FREQ=SOMETIMES\r\nSUMMARY:x\r\n"), COORD_E_BAD_VALUE,
                   "event[0].RRULE");
    assert_refused(EVENT("DTSTART;VALUE=DATE:21000101\r\nSUMMARY:x\r\n"), COORD_E_OUT_OF_RANGE, "event[0].DTSTART");
    assert_refused(EVENT("DTSTART;VALU=EDATE:20240431\r\nSUMMARY:x\r\n"), COORD_E_BAD_VALUE, "event[0].DTSTART");
    assert_refused(EVENT("DTSTART;VALUE=DATE:20230229\r\nSUMMARY:x\r\n"), COORD_E_BAD_VALUE, "event[0].DTSTART");
    assert_refused(EVENT("DTSTART;VALUE=DATE:20240504\r\nRDATE;VALU=E:20240431\r\nSUMMARY:x\r\n"), COORD_E_BAD_VALUE,
                   "event[0].RDATE");
}

TEST(more_days_than_a_calendar_holds_are_refused)
{
    assert_refused(EVENT("DTSTART;VALUE=DATE:20000101\r\nDURATION:P5000D\r\nSUMMARY:x\r\n"), COORD_E_OUT_OF_RANGE, "");
    assert_refused(EVENT("DTSTART;VALUE=DATE:20000101\r\nDURATION:P10000D\r\nSUMMARY:x\r\n"), COORD_E_OUT_OF_RANGE,
                   "event[0].DTSTART");
}
