/* Editions of one feed: what a later one drops, moves or cancels, and what it leaves alone. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/coordctl/ics.h"

static struct arena arena;
static struct msg_exception_items standing;

static void begin(void)
{
    arena_done(&arena);
    standing = (struct msg_exception_items){0};
}

#define EVENT(uid, day, more) "BEGIN:VEVENT\r\nUID:" uid "\r\nDTSTART;VALUE=DATE:" day "\r\n" more "END:VEVENT\r\n"

/* Lays a file over what stands, and shows what stands then: "2024-09-02 2025-05-04+"; + is worked. */
static const char *apply_with(const char *head, const char *events)
{
    static char text[4096];
    const struct ics_options options = {.year_to = 2027, .utc_offset = 420};
    struct ics_days days;
    struct ics_merged merged;
    struct problem problem = {0};
    size_t size = 0;
    snprintf(text, sizeof(text), "BEGIN:VCALENDAR\r\n%s%sEND:VCALENDAR\r\n", head, events);
    assert_int_equal(ics_read(text, &options, &days, &arena, &problem), 0);
    assert_int_equal(ics_merge(standing, &days, &merged, &arena), 0);
    standing = merged.exceptions;
    text[0] = '\0';
    for (uint32_t i = 0; i < standing.count; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%.*s%s", i ? " " : "",
                                 TEXT_ARGS(standing.items[i].day), standing.items[i].working ? "+" : "");
    return text;
}

static const char *apply(const char *events)
{
    return apply_with("", events);
}

static void stand_by_hand(const char *day, bool working, const char *name)
{
    struct msg_exception *items = arena_alloc(&arena, (standing.count + 1) * sizeof(*items));
    assert_non_null(items);
    if (standing.count)
        memcpy(items, standing.items, standing.count * sizeof(*items));
    struct msg_exception *item = &items[standing.count];
    *item = (struct msg_exception){0};
    MSG_SET(item, exception, day, text_of(day));
    MSG_SET(item, exception, working, working);
    MSG_SET(item, exception, name, text_of(name));
    standing = (struct msg_exception_items){items, standing.count + 1};
}

TEST(a_day_that_a_later_edition_drops_is_worked_again)
{
    begin();
    assert_string_equal(apply(EVENT("a", "20240902", "") EVENT("b", "20240903", "")), "2024-09-02 2024-09-03");
    assert_string_equal(apply(EVENT("b", "20240903", "")), "2024-09-03");
}

TEST(a_day_that_a_later_edition_cancels_is_worked_again)
{
    begin();
    apply(EVENT("a", "20240902", "") EVENT("b", "20240903", ""));
    assert_string_equal(apply(EVENT("a", "20240902", "STATUS:CANCELLED\r\n") EVENT("b", "20240903", "")), "2024-09-03");
}

TEST(an_event_that_moves_leaves_its_old_day)
{
    begin();
    apply(EVENT("a", "20240902", "DTEND;VALUE=DATE:20240904\r\n") EVENT("b", "20241225", ""));
    assert_string_equal(apply(EVENT("a", "20240903", "DTEND;VALUE=DATE:20240905\r\n") EVENT("b", "20241225", "")),
                        "2024-09-03 2024-09-04 2024-12-25");
}

TEST(word_of_a_cancelled_event_touches_no_other)
{
    begin();
    apply(EVENT("a", "20240902", "") EVENT("b", "20240903", ""));
    assert_string_equal(apply_with("METHOD:CANCEL\r\n", EVENT("a", "20240902", "")), "2024-09-03");
    apply(EVENT("a", "20240902", "") EVENT("b", "20240903", ""));
    assert_string_equal(apply(EVENT("b", "20240903", "STATUS:CANCELLED\r\n")), "2024-09-02");
}

TEST(a_cancelled_instance_takes_its_day_alone)
{
    begin();
    apply(EVENT("a", "20240902", "RRULE:FREQ=YEARLY;COUNT=3\r\n"));
    assert_string_equal(
        apply_with("METHOD:CANCEL\r\n", EVENT("a", "20250902", "RECURRENCE-ID;VALUE=DATE:20250902\r\n")),
        "2024-09-02 2026-09-02");
}

TEST(another_feed_takes_nothing_back)
{
    begin();
    apply(EVENT("a", "20240902", "") EVENT("b", "20240903", ""));
    assert_string_equal(apply(EVENT("c", "20240504", "SUMMARY:Làm bù\r\n")), "2024-05-04+ 2024-09-02 2024-09-03");
    assert_string_equal(apply(EVENT("a", "20240902", "")), "2024-05-04+ 2024-09-02");
}

TEST(years_before_a_feeds_first_stay)
{
    begin();
    apply(EVENT("a", "20240902", "") EVENT("b", "20250902", "") EVENT("c", "20250101", ""));
    assert_string_equal(apply(EVENT("b", "20250902", "") EVENT("d", "20260902", "")),
                        "2024-09-02 2025-09-02 2026-09-02");
}

TEST(what_stands_by_hand_and_says_the_same_is_not_the_feeds_to_take_back)
{
    begin();
    stand_by_hand("2024-09-02", false, "Quốc khánh");
    apply(EVENT("a", "20240902", "SUMMARY:Quốc khánh\r\n") EVENT("b", "20240903", ""));
    assert_string_equal(apply(EVENT("b", "20240903", "")), "2024-09-02 2024-09-03");
}

TEST(a_new_exception_takes_the_place_of_the_old_one_of_its_day)
{
    begin();
    stand_by_hand("2024-09-02", false, "cũ");
    stand_by_hand("2024-01-01", false, "Tết");
    stand_by_hand("2024-05-04", true, "Làm bù");
    assert_string_equal(
        apply(EVENT("a", "20240504", "SUMMARY:Nghỉ\r\n") EVENT("b", "20240902", "SUMMARY:Quốc khánh\r\n")),
        "2024-01-01 2024-05-04 2024-09-02");
    assert_true(text_equal(standing.items[2].name, TEXT("Quốc khánh")));
}

TEST(a_long_uid_is_kept_as_its_digest)
{
    begin();
    char event[600];
    for (int day = 2; day < 4; day++) {
        snprintf(event, sizeof(event), "BEGIN:VEVENT\r\nUID:%0200d\r\nDTSTART;VALUE=DATE:2024090%d\r\nEND:VEVENT\r\n",
                 7, day);
        apply(event);
    }
    assert_int_equal(standing.count, 1);
    assert_int_equal(standing.items[0].uid.size, 32);
    assert_true(text_equal(standing.items[0].day, TEXT("2024-09-03")));
}

static void stand_with_hours(const char *day, uint64_t open, uint64_t close)
{
    stand_by_hand(day, true, "");
    /* The arena holds the array: it is const for those who only read. */
    struct msg_exception *item = (struct msg_exception *)(uintptr_t)&standing.items[standing.count - 1];
    MSG_SET(item, exception, open, open);
    MSG_SET(item, exception, close, close);
}

TEST(hours_of_a_day_outlast_a_feed_that_says_it_is_worked_and_not_one_that_says_it_is_off)
{
    begin();
    stand_with_hours("2025-04-26", 810, 1020);
    stand_with_hours("2025-04-26", 450, 690);
    assert_string_equal(apply(EVENT("w", "20250426", "SUMMARY:Làm bù\r\n") EVENT("o", "20250502", "")),
                        "2025-04-26+ 2025-04-26+ 2025-05-02");
    assert_int_equal(standing.items[0].close, 690);
    assert_int_equal(standing.items[1].close, 1020);
    assert_string_equal(apply(EVENT("w", "20250426", "SUMMARY:Nghỉ\r\n") EVENT("o", "20250502", "")),
                        "2025-04-26 2025-05-02");
}
