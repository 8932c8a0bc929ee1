/* What a calendar that is tried makes of schedules: of each the period that comes next, by page. */
#include <stdio.h>

#include "unit/core/schedules.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

static void set(struct world *world, const struct msg_schedule_set *set)
{
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_SET, set), 0);
}

/* The world's week with a day off, at so many minutes east of UTC; tried by an agency from `after` on. */
static const struct msg_change_reply *try_calendar(struct world *world, const char *agency, const char *day_off,
                                                   int utc_offset, uint64_t after)
{
    struct msg_hours hours[10];
    struct msg_exception off = {0};
    struct msg_calendar_set set = {0};
    set.calendar = vietnam_week(hours);
    MSG_SET(&off, exception, day, text_of(day_off));
    MSG_SET(&off, exception, working, false);
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){&off, 1}));
    MSG_SET(&set.calendar, calendar, utc_offset, utc_offset);
    MSG_MARK(&set, calendar_set, calendar);
    MSG_SET(&set, calendar_set, dry_run, true);
    MSG_SET(&set, calendar_set, after, after);
    assert_int_equal(world_send(world, agency, OP_CALENDAR_SET, &set), 0);
    return WORLD_REPLY(world, change_reply);
}

static void let_administer(struct world *world, const char *agency)
{
    struct msg_key_set key = key_set(agency, world_key(agency), TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
}

TEST(a_calendar_that_is_tried_says_what_the_next_period_of_a_schedule_becomes)
{
    struct world *world = world_new();
    struct msg_schedule_set wanted = weekly("BC-tuan"), ended = weekly("BC-cu"), month = weekly("BC-thang");
    let_administer(world, "huyen");
    set(world, &wanted);
    set(world, &ended);
    struct msg_schedule_end end = {0};
    MSG_SET(&end, schedule_end, schedule, TEXT("BC-cu"));
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_END, &end), 0);
    MSG_SET(&month.schedule, schedule, period, PERIOD_MONTHLY);
    set(world, &month);
    const struct msg_change_reply *reply = try_calendar(world, "huyen", "2024-06-12", 420, 0);
    assert_true(reply->moves.count == 0 && reply->schedules.count == 0 && MSG_HAS(reply, change_reply, next));
    reply = try_calendar(world, "huyen", "2024-06-12", 420, reply->next);
    assert_true(reply->schedules.count == 1 && reply->hidden == 0 && !MSG_HAS(reply, change_reply, next));
    const struct msg_schedule_move *move = &reply->schedules.items[0];
    assert_true(text_equal(move->schedule, TEXT("BC-tuan")) && text_equal(move->assigner, TEXT("huyen")));
    assert_true(text_equal(move->period, TEXT("2024-W24")) && text_equal(move->begin, TEXT("2024-06-10")));
    assert_true(text_equal(move->due_day, TEXT("2024-06-14")) && text_equal(move->to_day, TEXT("2024-06-17")));
    assert_false(MSG_HAS(move, schedule_move, begins_then));
    /* It is what the tasks get when the calendar is set and the period begins. */
    const int64_t to = move->to;
    struct msg_hours hours[10];
    struct msg_exception off = {0};
    struct msg_calendar_set calendar = {0};
    calendar.calendar = vietnam_week(hours);
    MSG_SET(&off, exception, day, TEXT("2024-06-12"));
    MSG_SET(&off, exception, working, false);
    MSG_SET(&calendar.calendar, calendar, exceptions, ((struct msg_exception_items){&off, 1}));
    MSG_MARK(&calendar, calendar_set, calendar);
    assert_int_equal(world_send(world, "huyen", OP_CALENDAR_SET, &calendar), 0);
    const uint64_t before = world->record_count;
    world_run_until(world, WORLD_BEGIN + 7 * WORLD_DAY);
    const struct msg_record *record = world_record(world, before + 1);
    assert_true(text_equal(record->reference, TEXT("BC-tuan/2024-W24")) && record->due == to);
    world_free(world);
}

TEST(a_schedule_of_others_is_counted_and_begins_by_the_clock_that_is_tried)
{
    struct world *world = world_new();
    const struct msg_schedule_set wanted = weekly("BC-tuan");
    set(world, &wanted);
    const struct msg_change_reply *reply = try_calendar(world, "tinh", "2024-06-12", 480, 0);
    reply = try_calendar(world, "tinh", "2024-06-12", 480, reply->next);
    assert_true(reply->schedules.count == 0 && reply->hidden == 1);
    let_administer(world, "huyen");
    reply = try_calendar(world, "huyen", "2024-07-12", 480, 0);
    reply = try_calendar(world, "huyen", "2024-07-12", 480, reply->next);
    assert_int_equal(reply->schedules.count, 1);
    const struct msg_schedule_move *move = &reply->schedules.items[0];
    assert_int_equal(move->begins - move->begins_then, WORLD_HOUR);
    assert_int_equal(move->due - move->to, WORLD_HOUR);
    struct msg_key_set only = key_set("huyen", world_key("huyen"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &only), 0);
    reply = try_calendar(world, "huyen", "2024-07-12", 480, 0);
    reply = try_calendar(world, "huyen", "2024-07-12", 480, reply->next);
    assert_true(reply->schedules.count == 0 && reply->hidden == 1);
    world_free(world);
}

TEST(schedules_come_by_page)
{
    struct world *world = world_new();
    uint32_t found = 0, pages = 0;
    let_administer(world, "huyen");
    for (int i = 0; i < 250; i++) {
        char id[16];
        snprintf(id, sizeof id, "BC-%d", i);
        const struct msg_schedule_set wanted = weekly(id);
        set(world, &wanted);
    }
    const struct msg_change_reply *reply = try_calendar(world, "huyen", "2024-06-12", 420, 0);
    for (; MSG_HAS(reply, change_reply, next); pages++) {
        reply = try_calendar(world, "huyen", "2024-06-12", 420, reply->next);
        for (uint32_t i = 0; i < reply->schedules.count; i++) {
            char id[16];
            snprintf(id, sizeof id, "BC-%u", found++);
            assert_true(text_equal(reply->schedules.items[i].schedule, text_of(id)));
        }
    }
    assert_int_equal(found, 250);
    assert_true(pages > 1);
    world_free(world);
}
