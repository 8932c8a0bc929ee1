/* Working time by the minute: held against a slow reference, which walks minute by minute, over calendars that chance
 * makes; and what days with hours of their own are, and are not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MINS  1440
#define HOUR_MS   (60 * MINUTE_MS)

/* ---- a slow reference ---- */

#define WINDOW_DAYS  45
#define WINDOW_FIRST 19870 /* 2024-05-27, a Monday */
#define WEEK_SPANS   21
#define EXCEPTIONS   12
#define OFFSET_MINS  345

/* What is known of each minute of the window: nothing but whether somebody works. */
struct reference {
    bool worked[WINDOW_DAYS * DAY_MINS + 1];
    int64_t begin_ms;
    struct msg_hours hours[WEEK_SPANS];
    struct msg_exception exceptions[EXCEPTIONS];
    char days[EXCEPTIONS][DATE_TEXT];
    struct calendar *calendar;
};

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

static void work(struct reference *reference, int64_t day, uint64_t open, uint64_t close)
{
    for (uint64_t minute = open; minute < close; minute++)
        reference->worked[day * DAY_MINS + (int64_t)minute] = true;
}

/* One to three spans of a day, in order and apart: opens and closes. */
static uint32_t draw_spans(uint64_t *state, uint64_t spans[6])
{
    uint32_t count = 1 + (uint32_t)draw(state, 3);
    uint64_t at = draw(state, 400);
    for (uint32_t i = 0; i < count; i++) {
        spans[2 * i] = at + draw(state, 100);
        spans[2 * i + 1] = spans[2 * i] + 1 + draw(state, i == 2 && draw(state, 4) == 0 ? 400 : 300);
        at = spans[2 * i + 1];
    }
    if (spans[2 * count - 1] > DAY_MINS)
        spans[2 * count - 1] = DAY_MINS;
    return count;
}

static void draw_week(struct reference *reference, uint64_t *state, struct msg_calendar *message, uint64_t usual[7],
                      uint32_t *usual_count)
{
    uint32_t used = 0;
    *usual_count = 0;
    for (unsigned weekday = 1; weekday <= 7; weekday++) {
        uint64_t spans[6];
        uint32_t count = draw(state, 4) || (weekday == 7 && used == 0) ? draw_spans(state, spans) : 0;
        if (count && *usual_count == 0) {
            memcpy(usual, spans, sizeof spans);
            *usual_count = count;
        }
        for (uint32_t i = count; i-- > 0; used++) { /* in the message, the last comes first */
            reference->hours[used] = (struct msg_hours){0};
            MSG_SET(&reference->hours[used], hours, weekday, weekday);
            MSG_SET(&reference->hours[used], hours, open, spans[2 * i]);
            MSG_SET(&reference->hours[used], hours, close, spans[2 * i + 1]);
            for (int64_t day = weekday - 1; day < WINDOW_DAYS; day += 7)
                work(reference, day, spans[2 * i], spans[2 * i + 1]);
        }
    }
    MSG_SET(message, calendar, hours, ((struct msg_hours_items){reference->hours, used}));
}

static struct msg_exception *add_exception(struct reference *reference, uint32_t *used, int64_t day, bool working)
{
    struct msg_exception *exception = &reference->exceptions[*used];
    *exception = (struct msg_exception){0};
    date_text(WINDOW_FIRST + day, reference->days[*used]);
    MSG_SET(exception, exception, day, text_of(reference->days[(*used)++]));
    MSG_SET(exception, exception, working, working);
    return exception;
}

static void draw_exceptions(struct reference *reference, uint64_t *state, struct msg_calendar *message,
                            const uint64_t *usual, uint32_t usual_count)
{
    uint32_t used = 0;
    for (int64_t day = 40; day > 2 && used + 3 <= EXCEPTIONS; day -= 3 + (int64_t)draw(state, 12)) {
        uint64_t own[6];
        uint64_t sort = draw(state, 3);
        uint32_t count = sort == 2 ? draw_spans(state, own) : 0;
        memset(&reference->worked[day * DAY_MINS], 0, DAY_MINS);
        for (uint32_t i = 0; sort == 1 && i < usual_count; i++)
            work(reference, day, usual[2 * i], usual[2 * i + 1]);
        for (uint32_t i = 0; i < count; i++) {
            struct msg_exception *exception = add_exception(reference, &used, day, true);
            MSG_SET(exception, exception, open, own[2 * i]);
            MSG_SET(exception, exception, close, own[2 * i + 1]);
            work(reference, day, own[2 * i], own[2 * i + 1]);
        }
        if (count == 0)
            (void)add_exception(reference, &used, day, sort == 1);
    }
    MSG_SET(message, calendar, exceptions, ((struct msg_exception_items){reference->exceptions, used}));
}

static struct reference *reference_new(uint64_t seed)
{
    struct reference *reference = xcalloc(1, sizeof *reference);
    struct msg_calendar message = {0};
    uint64_t usual[7];
    uint32_t usual_count;
    MSG_SET(&message, calendar, calendar, TEXT("default"));
    MSG_SET(&message, calendar, utc_offset, OFFSET_MINS);
    draw_week(reference, &seed, &message, usual, &usual_count);
    draw_exceptions(reference, &seed, &message, usual, usual_count);
    reference->begin_ms = ((int64_t)WINDOW_FIRST * DAY_MINS - OFFSET_MINS) * MINUTE_MS;
    reference->calendar = vietnam_must(&message);
    return reference;
}

static void reference_free(struct reference *reference)
{
    calendar_free(reference->calendar);
    free(reference);
}

/* ---- counting by it ---- */

static int64_t reference_worked(const struct reference *reference, int64_t from, int64_t to)
{
    int64_t count = 0;
    for (int64_t minute = from; minute < to; minute++)
        count += reference->worked[minute];
    return count;
}

/* Forwards: the end of the last minute that is worked. Backwards: the beginning of the first. −1 outside the window. */
static int64_t reference_add(const struct reference *reference, int64_t from, int64_t count)
{
    int64_t at = from, end = WINDOW_DAYS * DAY_MINS;
    for (; count > 0 && at < end; at++)
        count -= reference->worked[at];
    while (count < 0 && at > 0)
        count += reference->worked[--at];
    return count == 0 ? at : -1;
}

/* By nothing: where somebody works next, or has just stopped. */
static int64_t reference_next(const struct reference *reference, int64_t from)
{
    if (from > 0 && reference->worked[from - 1])
        return from;
    while (from < WINDOW_DAYS * DAY_MINS && !reference->worked[from])
        from++;
    return from;
}

static void check_add(const struct reference *reference, int64_t from, int64_t count)
{
    int64_t result_ms = 0, wanted = count ? reference_add(reference, from, count) : reference_next(reference, from);
    if (wanted < 0 || wanted == WINDOW_DAYS * DAY_MINS)
        return;
    assert_true(calendar_add_worked(reference->calendar, reference->begin_ms + from * MINUTE_MS, count * MINUTE_MS,
                                    &result_ms));
    if (result_ms != reference->begin_ms + wanted * MINUTE_MS)
        fail_msg("%d and %d working minutes: %d, not %d", (int)from, (int)count,
                 (int)((result_ms - reference->begin_ms) / MINUTE_MS), (int)wanted);
}

TEST(what_a_walk_by_the_minute_counts_is_what_the_tables_count)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct reference *reference = reference_new(seed);
        uint64_t chance = seed + 1000;
        for (int i = 0; i < 60; i++) {
            int64_t from = (int64_t)draw(&chance, WINDOW_DAYS * DAY_MINS),
                    to = (int64_t)draw(&chance, WINDOW_DAYS * DAY_MINS);
            int64_t worked = from <= to ? reference_worked(reference, from, to)
                                        : -reference_worked(reference, to, from);
            assert_true(calendar_worked(reference->calendar, reference->begin_ms + from * MINUTE_MS,
                                        reference->begin_ms + to * MINUTE_MS) == worked * MINUTE_MS);
            check_add(reference, from, (int64_t)draw(&chance, 3000));
            check_add(reference, from, -(int64_t)draw(&chance, 3000));
            check_add(reference, from, 0);
        }
        reference_free(reference);
    }
}

TEST(a_minute_is_of_working_time_when_the_walk_says_so)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct reference *reference = reference_new(seed);
        for (int64_t minute = 1; minute < WINDOW_DAYS * DAY_MINS; minute += 7) {
            bool works = reference->worked[minute] || (minute % DAY_MINS && reference->worked[minute - 1]);
            assert_true(calendar_in_work(reference->calendar, reference->begin_ms + minute * MINUTE_MS) == works);
        }
        reference_free(reference);
    }
}

TEST(a_deadline_by_the_minute_leaves_as_much_working_time_after_a_pause)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct reference *reference = reference_new(seed);
        uint64_t chance = seed;
        for (int i = 0; i < 40; i++) {
            int64_t due = reference_next(reference, (int64_t)draw(&chance, 20 * DAY_MINS));
            int64_t from = (int64_t)draw(&chance, 10 * DAY_MINS), until = from + (int64_t)draw(&chance, 4 * DAY_MINS);
            int64_t stood = reference_worked(reference, from, until), wanted = reference_add(reference, due, stood);
            if (due % DAY_MINS == 0 || wanted < 0)
                continue; /* the end of a day moves by days */
            assert_true(calendar_shift(reference->calendar, reference->begin_ms + due * MINUTE_MS,
                                       reference->begin_ms + from * MINUTE_MS,
                                       reference->begin_ms + until * MINUTE_MS) ==
                        reference->begin_ms + wanted * MINUTE_MS);
        }
        reference_free(reference);
    }
}

/* ---- half days ---- */

static struct msg_exception own_hours(const char *day, uint64_t open, uint64_t close)
{
    struct msg_exception exception = {0};
    MSG_SET(&exception, exception, day, text_of(day));
    MSG_SET(&exception, exception, working, true);
    MSG_SET(&exception, exception, open, open);
    MSG_SET(&exception, exception, close, close);
    return exception;
}

static struct calendar *with_days(struct msg_exception *days, uint32_t count)
{
    struct msg_hours hours[10];
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&message, calendar, exceptions, ((struct msg_exception_items){days, count}));
    return vietnam_must(&message);
}

TEST(a_half_day_counts_as_a_day_and_as_half_the_hours)
{
    struct msg_exception half = own_hours("2024-02-07", 450, 690);
    struct calendar *calendar = with_days(&half, 1);
    int64_t due = 0;
    struct problem problem = {0};
    assert_int_equal(calendar_between(calendar, vietnam_day("2024-02-06"), vietnam_day("2024-02-08")), 2);
    assert_true(calendar_worked(calendar, vietnam_at("2024-02-07", 0, 0), vietnam_at("2024-02-08", 0, 0)) ==
                4 * HOUR_MS);
    assert_int_equal(calendar_due(calendar, TEXT("8wh"), vietnam_at("2024-02-06", 16, 0), &due, &problem), 0);
    assert_true(due == vietnam_at("2024-02-08", 10, 30));
    calendar_free(calendar);
}

TEST(a_day_may_have_several_spans_of_its_own_in_any_order)
{
    struct msg_exception days[] = {own_hours("2024-06-08", 810, 900), own_hours("2024-06-05", 600, 660),
                                   own_hours("2024-06-08", 480, 540)};
    struct calendar *calendar = with_days(days, 3);
    int64_t saturday = vietnam_at("2024-06-08", 0, 0), result = 0;
    assert_true(calendar_opening(calendar, vietnam_day("2024-06-08")) == saturday + 8 * HOUR_MS);
    assert_true(calendar_add_worked(calendar, saturday, 90 * MINUTE_MS, &result));
    assert_true(result == saturday + 14 * HOUR_MS);
    assert_true(calendar_in_work(calendar, saturday + 15 * HOUR_MS));
    assert_false(calendar_in_work(calendar, saturday + 10 * HOUR_MS));
    assert_false(calendar_in_work(calendar, saturday + 24 * HOUR_MS));
    calendar_free(calendar);
}

static void refuse_days(struct msg_exception *days, uint32_t count, int error, const char *field)
{
    struct msg_hours hours[10];
    struct msg_calendar message = vietnam_week(hours);
    struct problem problem = {0};
    MSG_SET(&message, calendar, exceptions, ((struct msg_exception_items){days, count}));
    assert_null(calendar_new(&message, &problem));
    assert_int_equal(problem.error, error);
    assert_string_equal(problem.field, field);
}

TEST(hours_of_a_day_that_contradict_themselves_are_refused)
{
    struct msg_exception days[2] = {own_hours("2024-02-07", 690, 450), own_hours("2024-02-07", 600, 700)};
    refuse_days(days, 1, COORD_E_BAD_VALUE, "exceptions[0].close");
    days[0] = own_hours("2024-02-07", 450, 690);
    refuse_days(days, 2, COORD_E_BAD_VALUE, "exceptions[1]");
    days[0].working = false;
    refuse_days(days, 1, COORD_E_BAD_VALUE, "exceptions[0].working");
    days[0] = own_hours("2024-02-07", 450, 690);
    days[0].has &= ~MSG_BIT(exception, close);
    refuse_days(days, 1, COORD_E_MISSING_FIELD, "exceptions[0].close");
    days[0] = own_hours("2024-02-07", 450, 690);
    days[0].has &= ~MSG_BIT(exception, open);
    refuse_days(days, 1, COORD_E_MISSING_FIELD, "exceptions[0].open");
    days[0] = own_hours("2024-02-07", 450, 590);
    days[1].has &= ~(MSG_BIT(exception, open) | MSG_BIT(exception, close));
    refuse_days(days, 2, COORD_E_BAD_VALUE, "exceptions[1].day");
}

TEST(outside_the_tables_no_hour_is_counted)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t result = 0, early = vietnam_at("2000-01-03", 7, 30), late = vietnam_at("2099-12-31", 17, 0);
    assert_false(calendar_add_worked(calendar, early, -MINUTE_MS, &result));
    assert_true(calendar_add_worked(calendar, late - HOUR_MS, HOUR_MS, &result) && result == late);
    assert_false(calendar_add_worked(calendar, late, MINUTE_MS, &result));
    assert_false(calendar_add_worked(calendar, late + HOUR_MS, 0, &result));
    assert_false(calendar_add_worked(calendar, late + 100 * HOUR_MS, -HOUR_MS, &result));
    assert_true(calendar_worked(calendar, late, late + 100 * HOUR_MS) == 0);
    assert_true(calendar_worked(calendar, early - 1000 * HOUR_MS, early + HOUR_MS) == HOUR_MS);
    calendar_free(calendar);
}

/* ---- units ---- */

TEST(a_unit_moves_by_the_clock_or_in_working_time)
{
    struct calendar *calendar = vietnam_calendar();
    int64_t friday = vietnam_at("2024-06-07", 16, 30), monday = vietnam_at("2024-06-10", 7, 30), result = 0;
    assert_true(calendar_move(calendar, friday, UNIT_HOURS, false, 2, &result) && result == friday + 2 * HOUR_MS);
    assert_true(calendar_move(calendar, friday, UNIT_MINUTES, false, -90, &result) &&
                result == friday - 90 * MINUTE_MS);
    assert_true(calendar_move(calendar, friday, UNIT_HOURS, true, 2, &result) && result == monday + 90 * MINUTE_MS);
    assert_true(calendar_move(calendar, friday, UNIT_WORKING_HOURS, false, 2, &result) &&
                result == monday + 90 * MINUTE_MS);
    assert_true(calendar_move(calendar, friday, UNIT_MINUTES, true, 45, &result) && result == monday + 15 * MINUTE_MS);
    /* Back from the end of a day, to an hour at which somebody works. */
    assert_true(calendar_move(calendar, vietnam_at("2024-06-08", 0, 0), UNIT_HOURS, true, -2, &result) &&
                result == vietnam_at("2024-06-07", 15, 0));
    calendar_free(calendar);
}
