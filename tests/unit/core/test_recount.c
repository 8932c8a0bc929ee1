/* A calendar that changes moves what was counted, and nothing else. */
#include <stdio.h>
#include <string.h>

#include "core/task_data.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/vietnam.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* A calendar with these days off, separated by spaces. */
static void set_days_of(struct world *world, const char *calendar, const char *days, bool dry_run)
{
    struct msg_hours hours[10];
    struct msg_exception exceptions[8] = {0};
    struct msg_calendar_set set = {0};
    uint32_t count = 0;
    set.calendar = vietnam_week(hours);
    MSG_SET(&set.calendar, calendar, calendar, text_of(calendar));
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

/* The world's `default`. */
static void set_days(struct world *world, const char *days, bool dry_run)
{
    set_days_of(world, "default", days, dry_run);
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

/* From the records alone, and from rows that a checkpoint wrote while the pass was under way. */
TEST(what_stayed_when_the_calendar_changed_stays_when_a_restart_counts_again)
{
    for (int with_rows = 0; with_rows < 2; with_rows++) {
        struct world *world = world_new();
        struct rows *rows = rows_new();
        take_off(world, "2024-06-04 2024-06-05");
        const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
        world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
        take_off(world, "");
        do
            rows_write(world, rows, 4096);
        while (rows->begun);
        assert_int_equal(world_run_until(world, world->now), 0);
        world->now += 4 * WORLD_DAY; /* it has passed */
        struct core *restored = with_rows ? world_restore(world, rows->items, rows->count, rows->checkpoint)
                                          : world_restore(world, NULL, 0, 0);
        assert_true(core_next_deadline(restored) == CORE_NOW);
        core_free(world->core);
        world->core = restored;
        assert_int_equal(world_run_until(world, world->now), 0);
        assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-06")));
        rows_free(rows);
        world_free(world);
    }
}

/* A day off too many, which is noticed when the date that it gave has passed, too: what has climbed meanwhile stays, and goes on. */
TEST(a_calendar_that_was_wrong_for_a_while_leaves_no_date_that_has_passed_wrong)
{
    struct world *world = world_new();
    LADDER_SET(world,
               {.deadline = DEADLINE_COMPLETION,
                .offset = 1,
                .unit = UNIT_WORKING_DAYS,
                .does = RUNG_ESCALATE,
                .level = 1,
                .to = TERM_BIT(ROLE_ASSIGNER)},
               {.deadline = DEADLINE_COMPLETION,
                .offset = 3,
                .unit = UNIT_WORKING_DAYS,
                .does = RUNG_ESCALATE,
                .level = 2,
                .to = TERM_BIT(ROLE_ASSIGNER)});
    const uint64_t task = ladder_assign(world, "HT-1", "3wd", 0);
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-06")));
    take_off(world, "2024-06-05");
    (void)world_run_until(world, ladder_at("2024-06-10", 9, 0));
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-07")));
    assert_int_equal(task_of(world, task).escalations.count, 1);
    const uint32_t round = task_round(core_task(world->core, task), DEADLINE_COMPLETION).number;
    take_off(world, "");
    const size_t before = world->record_count;
    (void)world_run_until(world, world->now);
    const struct msg_record *record = world_record(world, before + 1);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_true(record->rounds == 0 && record->superseded.count == 0);
    const struct msg_task shown = task_of(world, task);
    assert_true(text_equal(shown.due_day, TEXT("2024-06-06")));
    assert_false(MSG_HAS(&shown.escalations.items[0], escalation, closed));
    assert_int_equal(task_round(core_task(world->core, task), DEADLINE_COMPLETION).number, round);
    (void)world_run_until(world, ladder_at("2024-06-11", 9, 0)); /* three days after the date that is right */
    assert_int_equal(task_of(world, task).escalations.count, 2);
    rows_replay(world);
    world_free(world);
}

/* Its clock stands at the day when it was suspended: what has passed since has not passed for it. */
TEST(of_a_suspended_task_a_date_moves_that_lay_ahead_when_it_stood_still)
{
    struct world *world = world_new();
    take_off(world, "2024-06-05");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "3wd");
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-07")));
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += 3 * WORLD_DAY + 12 * WORLD_HOUR; /* Thursday evening */
    take_off(world, "");
    (void)world_run_until(world, world->now);
    assert_true(text_equal(task_of(world, task).due_day, TEXT("2024-06-06")));
    assert_true(world_record(world, world->record_count)->rounds == TERM_BIT(DEADLINE_COMPLETION));
    world_free(world);
}

TEST(a_dry_run_lists_a_date_that_stays_because_nobody_is_late_by_decree)
{
    struct world *world = world_new();
    take_off(world, "2024-06-04 2024-06-05");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
    world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
    set_days(world, "", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    const struct msg_move *move = &reply->moves.items[0];
    assert_true(move->task == task && move->kept && !move->day_off && !MSG_HAS(move, move, to));
    assert_true(text_equal(move->due_day, TEXT("2024-06-06")) && text_equal(move->to_day, TEXT("2024-06-04")));
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
        snprintf(reference, sizeof reference, "HT-%d", i);
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

/* ---- the time to accept ---- */

/* Under a policy that is accepted within so much. */
static uint64_t assign_within(struct world *world, const char *reference, uint64_t within, int unit)
{
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    struct msg_assign assign = {0};
    struct text xa1 = TEXT("xa1");
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 0);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, text_of(reference));
    MSG_SET(&set.policy, policy, accept_within, within);
    MSG_SET(&set.policy, policy, accept_unit, unit);
    MSG_SET(&set.policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign, assign, policy, text_of(reference));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

TEST(a_time_to_accept_that_a_policy_counts_moves_and_its_step_with_it)
{
    struct world *world = world_new();
    take_off(world, "");
    const uint64_t days = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    const uint64_t hours = assign_within(world, "GIO", 16, UNIT_WORKING_HOURS);
    const uint64_t clock = assign_within(world, "DONG-HO", 72, UNIT_HOURS);
    const uint64_t accepted = assign_within(world, "XONG", 3, UNIT_WORKING_DAYS);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, accepted), 0);
    const int64_t days_due = task_of(world, days).accept_due, hours_due = task_of(world, hours).accept_due,
                  clock_due = task_of(world, clock).accept_due, accepted_due = task_of(world, accepted).accept_due;
    take_off(world, "2024-06-04");
    assert_int_equal(world_run_until(world, world->now), 2);
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_true(record->record == RECORD_DUE_MOVED && record->notice == NOTICE_DUE_MOVED && record->task == days);
    assert_true(record->accept_due == days_due + WORLD_DAY && record->accept_counted.was == days_due);
    assert_true(text_equal(record->accept_counted.words, TEXT("3wd")) && !MSG_HAS(record, record, counted));
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_ACCEPTANCE));
    assert_true(text_equal(record->reason, TEXT("NGAY is to be accepted by 2024-06-07 now, which was 2024-06-06: the "
                                                "calendar default has changed, and 3wd were counted anew.")));
    assert_true(world_tells(record, "xa1 huyen") || world_tells(record, "huyen xa1"));
    assert_true(task_of(world, days).accept_due == days_due + WORLD_DAY);
    assert_true(task_of(world, hours).accept_due == hours_due + WORLD_DAY);
    assert_true(task_of(world, clock).accept_due == clock_due);
    assert_true(task_of(world, accepted).accept_due == accepted_due);
    assert_int_equal(world_run_until(world, days_due), 2); /* those by hours; the one by days comes a day later */
    assert_int_equal(world_run_until(world, days_due + WORLD_DAY), 1);
    world_free(world);
}

TEST(a_time_to_accept_keeps_what_its_task_stood_still)
{
    struct world *world = world_new();
    const uint64_t task = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    const int64_t due = task_of(world, task).accept_due;
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_true(task_of(world, task).accept_due == due + WORLD_DAY);
    assert_int_equal(world_record(world, world->record_count)->accept_counted.stood, 1);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0); /* one that stands still is counted as well */
    take_off(world, "2024-06-05 2024-06-06");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task).accept_due == due + 5 * WORLD_DAY); /* Tuesday: past the weekend */
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(task_of(world, task).accept_due == due + 5 * WORLD_DAY);
    world_free(world);
}

/* A store of 1.0.0 does not say how often its task stood still: it stays where it is. */
TEST(a_time_to_accept_of_a_record_that_does_not_say_how_it_was_counted_stays)
{
    struct world *world = world_new();
    const uint64_t task = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    struct msg_record old = *world_record(world, world->record_count);
    old.has &= ~MSG_BIT(record, accept_counted);
    old.task = task + 1;
    old.reference = TEXT("CU");
    MSG_SET(&old, record, request, TEXT("of-before"));
    world_put_record(world, &old);
    const int64_t due = task_of(world, task + 1).accept_due;
    take_off(world, "2024-06-04");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task + 1).accept_due == due && task_of(world, task).accept_due == due + WORLD_DAY);
    world_free(world);
}

TEST(a_dry_run_lists_times_to_accept)
{
    struct world *world = world_new();
    const uint64_t task = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    set_days(world, "2024-06-04", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    const struct msg_move *move = &reply->moves.items[0];
    assert_true(move->task == task && move->deadline == DEADLINE_ACCEPTANCE && !move->day_off);
    assert_true(text_equal(move->due_day, TEXT("2024-06-06")) && text_equal(move->to_day, TEXT("2024-06-07")));
    world_free(world);
}

/* ---- reports, and all that moves of a task ---- */

/* Weekly, from Monday 2024-06-03 on. */
static uint64_t assign_weekly(struct world *world, const char *reference, const char *due)
{
    struct msg_assign assign = {0};
    struct text xa1 = TEXT("xa1");
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void restart(struct world *world)
{
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
}

TEST(a_report_that_is_owed_moves_with_the_end_of_its_period)
{
    struct world *world = world_new();
    take_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    const int64_t due = task_of(world, task).report_due;
    assert_true(due == vietnam_at("2024-06-11", 0, 0));
    take_off(world, "2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(record->record == RECORD_DUE_MOVED && record->notice == NOTICE_DUE_MOVED && record->task == task);
    assert_true(record->report_due == due + WORLD_DAY && record->report_counted.was == due);
    assert_true(text_equal(record->report_counted.words, TEXT("weekly")) && record->report_counted.period == 1);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_REPORT));
    assert_true(
        text_equal(record->reason, TEXT("HT-1 is to report by 2024-06-11 now, which was 2024-06-10: the calendar "
                                        "default has changed, and the weekly report was counted anew.")));
    assert_true(world_tells(record, "xa1 huyen") || world_tells(record, "huyen xa1"));
    restart(world);
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(task_of(world, task).report_due == due + WORLD_DAY);
    take_off(world, ""); /* and back again */
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task).report_due == due);
    world_free(world);
}

TEST(a_report_that_came_leaves_the_next_period_to_be_counted)
{
    struct world *world = world_new();
    take_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    struct msg_progress report = {0};
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&report, progress, task, task);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-18", 0, 0));
    take_off(world, "2024-06-10 2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-19", 0, 0));
    world_free(world);
}

TEST(a_report_keeps_what_its_task_stood_still)
{
    struct world *world = world_new();
    take_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += 2 * WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-13", 0, 0));
    assert_int_equal(world_record(world, world->record_count)->report_counted.stood, 2);
    take_off(world, "2024-06-10"); /* the period ends on the 11th, and two days later */
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-14", 0, 0));
    world_free(world);
}

TEST(all_that_moves_of_a_task_is_told_once)
{
    struct world *world = world_new();
    take_off(world, "");
    (void)assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS); /* the policy */
    struct msg_assign assign = {0};
    struct text xa1 = TEXT("xa1");
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign, assign, policy, TEXT("NGAY"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(&assign.content, content, due, TEXT("10wd"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    set_days(world, "2024-06-04 2024-06-10", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 4); /* the other task's time to accept is the first */
    for (uint32_t i = 1; i < 4; i++)
        assert_int_equal(reply->moves.items[i].task, task);
    assert_true(reply->moves.items[3].deadline == DEADLINE_REPORT &&
                text_equal(reply->moves.items[3].to_day, TEXT("2024-06-11")));
    take_off(world, "2024-06-04 2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 2);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->rounds,
                     TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_COMPLETION) | TERM_BIT(DEADLINE_REPORT));
    assert_true(text_equal(record->reason,
                           TEXT("HT-1 is to be accepted by 2024-06-07 now, which was 2024-06-06, due 2024-06-19 "
                                "now, which was 2024-06-17 and to report by 2024-06-11 now, which was "
                                "2024-06-10: the calendar default has changed, and 3wd, 10wd and the weekly "
                                "report were counted anew.")));
    const struct msg_task moved = task_of(world, task);
    assert_true(moved.accept_due == vietnam_at("2024-06-08", 0, 0) && text_equal(moved.due_day, TEXT("2024-06-19")) &&
                moved.report_due == vietnam_at("2024-06-12", 0, 0));
    world_free(world);
}

/* Four deadlines under the longest of names: a sentence that a record cannot hold is said shortly, as the record has the dates. */
TEST(what_moves_is_said_in_no_more_than_a_record_holds)
{
    struct world *world = world_new();
    char calendar[65], reference[129];
    memset(calendar, 'c', 64), calendar[64] = 0;
    memset(reference, 'r', 128), reference[128] = 0;
    struct msg_policy_set policy = {0};
    MSG_SET(&policy.policy, policy, policy, TEXT("NGAY"));
    MSG_SET(&policy.policy, policy, accept_within, 30);
    MSG_SET(&policy.policy, policy, accept_unit, UNIT_WORKING_HOURS);
    MSG_SET(&policy.policy, policy, decide_within, 30);
    MSG_SET(&policy.policy, policy, decide_unit, UNIT_WORKING_HOURS);
    MSG_SET(&policy.policy, policy, steps, (struct msg_step_items){0});
    MSG_MARK(&policy, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    set_days_of(world, calendar, "", false);
    struct msg_assign assign = {0};
    struct text xa1 = TEXT("xa1");
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign, assign, policy, TEXT("NGAY"));
    MSG_SET(&assign, assign, calendar, text_of(calendar));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(&assign.content, content, due, TEXT("100wh"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    set_days_of(world, calendar, "2024-06-04 2024-06-10", true);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 4);
    set_days_of(world, calendar, "2024-06-04 2024-06-10", false);
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_COMPLETION) |
                                         TERM_BIT(DEADLINE_REPORT) | TERM_BIT(DEADLINE_DECISION));
    assert_true(record->reason.size <= 512 && memcmp(record->reason.data, "The dates of rrr", 16) == 0);
    world_free(world);
}

/* The ladder of reports is the missing one's: it climbs on, and what of it is open stays so. */
TEST(a_report_that_is_missing_stays_missing_when_the_one_under_way_moves)
{
    struct world *world = world_new();
    take_off(world, "");
    const struct ladder_step soon = {.deadline = DEADLINE_REPORT,
                                     .offset = 1,
                                     .unit = UNIT_WORKING_DAYS,
                                     .does = RUNG_ESCALATE,
                                     .to = TERM_BIT(ROLE_ASSIGNER),
                                     .level = 1};
    const struct ladder_step late = {.deadline = DEADLINE_REPORT,
                                     .offset = 4,
                                     .unit = UNIT_WORKING_DAYS,
                                     .does = RUNG_ESCALATE,
                                     .to = TERM_BIT(ROLE_ASSIGNER),
                                     .level = 2};
    LADDER_SET(world, soon, late);
    const uint64_t task = ladder_assign(world, "HT-1", NULL, PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-11", "end 06-11 00:00-, 0.0 06-11 07:30");
    take_off(world, "2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(record->record == RECORD_DUE_MOVED && record->report_counted.period == 2);
    assert_false(MSG_HAS(record, record, rounds) || MSG_HAS(record, record, superseded));
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-19", 0, 0));
    ladder_expect(world, "2024-06-17", "1.0 06-14 07:30");
    restart(world);
    ladder_expect(world, "2024-06-19", "end 06-19 00:00, 0.0 06-19 07:30");
    world_free(world);
}

/* A store of before does not say which period it is the end of, nor how long its task stood still. */
TEST(a_report_of_a_record_that_does_not_say_how_it_was_counted_stays_until_the_next)
{
    struct world *world = world_new();
    take_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    struct msg_record old = *world_record(world, world->record_count);
    old.has &= ~MSG_BIT(record, report_counted);
    old.task = task + 1;
    old.reference = TEXT("CU");
    MSG_SET(&old, record, request, TEXT("of-before"));
    world_put_record(world, &old);
    take_off(world, "2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(task_of(world, task).report_due == vietnam_at("2024-06-12", 0, 0));
    assert_true(task_of(world, task + 1).report_due == vietnam_at("2024-06-11", 0, 0));
    take_off(world, "");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_int_equal(world_run_until(world, vietnam_at("2024-06-11", 8, 0)), 2); /* their period ends */
    take_off(world, "2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(task_of(world, task + 1).report_due == vietnam_at("2024-06-19", 0, 0));
    world_free(world);
}

/* ---- what is only tried ---- */

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
    assert_true(reply->dry_run && reply->seq == before + 1 && !MSG_HAS(reply, change_reply, next));
    assert_true(reply->moves.items[0].task == counted && !reply->moves.items[0].day_off);
    assert_true(text_equal(reply->moves.items[0].to_day, TEXT("2024-06-11")));
    assert_true(reply->moves.items[1].task == named && reply->moves.items[1].day_off);
    assert_false(MSG_HAS(&reply->moves.items[1], move, to));
    assert_int_equal(world->record_count, before);
    assert_true(core_next_deadline(world->core) != CORE_NOW);
    world_free(world);
}

/* Whatever of a task is counted moves; what was named for it stays, each date by itself. */
TEST(a_dry_run_lists_the_end_of_a_suspension_that_would_be_a_day_off)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-12");
    world_act(world, "xa1", OP_ACCEPT, task);
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ quy hoạch"));
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-06"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    set_days(world, "2024-06-05", true);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 0);
    set_days(world, "2024-06-06", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    assert_true(reply->moves.items[0].suspension && reply->moves.items[0].day_off);
    assert_true(text_equal(reply->moves.items[0].due_day, TEXT("2024-06-06")));
    assert_false(MSG_HAS(&reply->moves.items[0], move, to) || MSG_HAS(&reply->moves.items[0], move, deadline));
    set_days(world, "2024-06-06 2024-06-12", true);
    reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 2);
    assert_true(text_equal(reply->moves.items[0].due_day, TEXT("2024-06-12")) && reply->moves.items[1].suspension);
    world_free(world);
}
