/* A calendar that changes moves what was counted, and nothing else. */
#include <stdio.h>
#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* The world's `default` with these days off, separated by spaces. */
static void set_days(struct world *world, const char *days, bool dry_run)
{
    struct msg_hours hours[10];
    struct msg_exception exceptions[8] = {0};
    struct msg_calendar_set set = {0};
    uint32_t count = 0;
    set.calendar = vietnam_week(hours);
    for (; *days; days += strlen(days) > 10 ? 11 : 10) {
        MSG_SET(&exceptions[count], exception, day, ((struct text){days, 10}));
        MSG_SET(&exceptions[count], exception, working, false);
        count++;
    }
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){exceptions, count}));
    MSG_MARK(&set, calendar_set, calendar);
    if (dry_run)
        MSG_SET(&set, calendar_set, dry_run, true);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
}

static void take_off(struct world *world, const char *days)
{
    set_days(world, days, false);
}

static struct msg_task task_of(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "tinh", OP_TASK_GET, &get), 0);
    return WORLD_REPLY(world, task_reply)->task;
}

TEST(what_was_counted_moves_and_lead_and_assigner_are_told_both_dates)
{
    struct world *world = world_new();
    uint64_t counted = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t named = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-10");
    take_off(world, "2024-06-06 2024-06-07");
    const int64_t before = task_of(world, counted).due;
    assert_true(core_next_deadline(world->core) == CORE_NOW);
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_int_equal(record->notice, NOTICE_DUE_MOVED);
    assert_true(record->task == counted && record->counted.was == before);
    assert_true(text_equal(record->due_day, TEXT("2024-06-12")) && text_equal(record->counted.words, TEXT("5wd")));
    assert_true(world_tells(record, "xa1 huyen") || world_tells(record, "huyen xa1"));
    assert_true(
        text_equal(record->reason, TEXT("HT-1 is due 2024-06-12 now, which was 2024-06-10: the calendar default "
                                        "has changed, and 5wd were counted anew.")));
    assert_true(text_equal(task_of(world, named).due_day, TEXT("2024-06-10")));
    assert_true(core_next_deadline(world->core) != CORE_NOW);
    world_free(world);
}

TEST(what_a_task_stood_still_is_kept_when_its_count_moves)
{
    struct world *world = world_new();
    take_off(world, "");
    uint64_t days = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t hours = world_assign(world, "huyen", "xa1", "HT-2", "16wh");
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, days), 0);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, hours), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, days), 0);
    assert_int_equal(world_act(world, "huyen", OP_RESUME, hours), 0);
    assert_true(text_equal(task_of(world, days).due_day, TEXT("2024-06-11")));
    const int64_t hours_due = task_of(world, hours).due;
    take_off(world, "2024-06-05");
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(text_equal(task_of(world, days).due_day, TEXT("2024-06-12")));
    assert_true(task_of(world, hours).due == hours_due + WORLD_DAY);
    assert_int_equal(task_of(world, days).counted.stood, 1);
    world_free(world);
}

TEST(a_date_that_is_named_later_and_a_task_that_is_closed_stay)
{
    struct world *world = world_new();
    uint64_t amended = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t cancelled = world_assign(world, "huyen", "xa2", "HT-2", "5wd");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, amended);
    MSG_SET(&amend.content, content, due, TEXT("2024-06-10"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, cancelled), 0);
    take_off(world, "2024-06-06");
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(task_of(world, amended).due_day, TEXT("2024-06-10")));
    world_free(world);
}

TEST(nobody_is_late_by_decree)
{
    struct world *world = world_new();
    take_off(world, "2024-06-04 2024-06-05");
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
    world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
    take_off(world, "");
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-06")));
    world_free(world);
}

/* Begun and not ended, then the broker stops: from its records alone, it goes on. */
TEST(a_pass_that_a_stop_interrupts_goes_on_after_the_restart)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    take_off(world, "2024-06-06");
    struct core *restored = world_restore(world, NULL, 0, 0);
    assert_true(core_next_deadline(restored) == CORE_NOW);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-11")));
    /* Again, with nothing left to move. */
    restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-11")));
    world_free(world);
}

TEST(many_tasks_are_counted_anew_a_few_at_a_step)
{
    struct world *world = world_new();
    char reference[16];
    for (int i = 0; i < 200; i++) {
        snprintf(reference, sizeof(reference), "HT-%d", i);
        (void)world_assign(world, "huyen", "xa1", reference, "5wd");
    }
    const size_t before = world->record_count;
    take_off(world, "2024-06-06");
    world_event(world, EVENT_TICK, world->now);
    const size_t moved = world->record_count - before - 1;
    assert_in_range(moved, 1, 100);
    assert_true(core_next_deadline(world->core) == CORE_NOW);
    assert_int_equal(world_run_until(world, world->now), 200 - moved);
    world_free(world);
}

TEST(a_dry_run_lists_what_would_move_and_named_dates_on_days_off_and_changes_nothing)
{
    struct world *world = world_new();
    uint64_t counted = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t named = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-06");
    (void)world_assign(world, "huyen", "xa1", "HT-3", "2024-06-12");
    const size_t before = world->record_count;
    set_days(world, "2024-06-06", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 2);
    assert_true(reply->seq == 0 && !MSG_HAS(reply, change_reply, next));
    assert_true(reply->moves.items[0].task == counted && !reply->moves.items[0].day_off);
    assert_true(text_equal(reply->moves.items[0].to_day, TEXT("2024-06-11")));
    assert_true(reply->moves.items[1].task == named && reply->moves.items[1].day_off);
    assert_false(MSG_HAS(&reply->moves.items[1], move, to));
    assert_int_equal(world->record_count, before);
    assert_true(core_next_deadline(world->core) != CORE_NOW);
    world_free(world);
}
