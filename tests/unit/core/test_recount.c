/* A calendar that changes moves what was counted, and nothing else. Times to accept are in test_recount_accept.c, reports in
 * test_recount_report.c.
 */
#include <stdio.h>

#include "core/task_data.h"
#include "unit/core/decree.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(what_was_counted_moves_and_lead_and_assigner_are_told_both_dates)
{
    struct world *world = world_new();
    uint64_t counted = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t named = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-10");
    decree_off(world, "2024-06-06 2024-06-07");
    const int64_t before = shown_task(world, "tinh", counted)->due;
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
    assert_true(text_equal(shown_task(world, "tinh", named)->due_day, TEXT("2024-06-10")));
    assert_true(core_next_deadline(world->core) != CORE_NOW);
    world_free(world);
}

TEST(what_a_task_stood_still_is_kept_when_its_count_moves)
{
    struct world *world = world_new();
    decree_off(world, "");
    uint64_t days = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    uint64_t hours = world_assign(world, "huyen", "xa1", "HT-2", "16wh");
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, days), 0);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, hours), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, days), 0);
    assert_int_equal(world_act(world, "huyen", OP_RESUME, hours), 0);
    assert_true(text_equal(shown_task(world, "tinh", days)->due_day, TEXT("2024-06-11")));
    const int64_t hours_due = shown_task(world, "tinh", hours)->due;
    decree_off(world, "2024-06-05");
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(text_equal(shown_task(world, "tinh", days)->due_day, TEXT("2024-06-12")));
    assert_true(shown_task(world, "tinh", hours)->due == hours_due + WORLD_DAY);
    assert_int_equal(shown_task(world, "tinh", days)->counted.stood, 1);
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
    decree_off(world, "2024-06-06");
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(shown_task(world, "tinh", amended)->due_day, TEXT("2024-06-10")));
    world_free(world);
}

TEST(nobody_is_late_by_decree)
{
    struct world *world = world_new();
    decree_off(world, "2024-06-04 2024-06-05");
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
    world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
    decree_off(world, "");
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-06")));
    world_free(world);
}

/* From the records alone, and from rows that a checkpoint wrote while the pass was under way. */
TEST(what_stayed_when_the_calendar_changed_stays_when_a_restart_counts_again)
{
    for (int with_rows = 0; with_rows < 2; with_rows++) {
        struct world *world = world_new();
        struct rows *rows = rows_new();
        decree_off(world, "2024-06-04 2024-06-05");
        const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
        world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
        decree_off(world, "");
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
        assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-06")));
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
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-06")));
    decree_off(world, "2024-06-05");
    (void)world_run_until(world, ladder_at("2024-06-10", 9, 0));
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-07")));
    assert_int_equal(shown_task(world, "tinh", task)->escalations.count, 1);
    const uint32_t round = task_round(core_task(world->core, task), DEADLINE_COMPLETION).number;
    decree_off(world, "");
    const size_t before = world->record_count;
    (void)world_run_until(world, world->now);
    const struct msg_record *record = world_record(world, before + 1);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_true(record->rounds == 0 && record->superseded.count == 0);
    const struct msg_task shown = *shown_task(world, "tinh", task);
    assert_true(text_equal(shown.due_day, TEXT("2024-06-06")));
    assert_false(MSG_HAS(&shown.escalations.items[0], escalation, closed));
    assert_int_equal(task_round(core_task(world->core, task), DEADLINE_COMPLETION).number, round);
    (void)world_run_until(world, ladder_at("2024-06-11", 9, 0)); /* three days after the date that is right */
    assert_int_equal(shown_task(world, "tinh", task)->escalations.count, 2);
    rows_replay(world);
    world_free(world);
}

/* Its clock stands at the day when it was suspended: what has passed since has not passed for it. */
TEST(of_a_suspended_task_a_date_moves_that_lay_ahead_when_it_stood_still)
{
    struct world *world = world_new();
    decree_off(world, "2024-06-05");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "3wd");
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-07")));
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += 3 * WORLD_DAY + 12 * WORLD_HOUR; /* Thursday evening */
    decree_off(world, "");
    (void)world_run_until(world, world->now);
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-06")));
    assert_true(world_record(world, world->record_count)->rounds == TERM_BIT(DEADLINE_COMPLETION));
    world_free(world);
}

TEST(a_dry_run_lists_a_date_that_stays_because_nobody_is_late_by_decree)
{
    struct world *world = world_new();
    decree_off(world, "2024-06-04 2024-06-05");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "1wd");
    world->now += 3 * WORLD_DAY; /* Thursday, the last day in time */
    decree(world, "", true);
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
    decree_off(world, "2024-06-06");
    struct core *restored = world_restore(world, NULL, 0, 0);
    assert_true(core_next_deadline(restored) == CORE_NOW);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-11")));
    /* Again, with nothing left to move. */
    restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(text_equal(shown_task(world, "tinh", task)->due_day, TEXT("2024-06-11")));
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
    decree_off(world, "2024-06-06");
    world_event(world, EVENT_TICK, world->now);
    const size_t moved = world->record_count - before - 1;
    assert_in_range(moved, 1, 100);
    assert_true(core_next_deadline(world->core) == CORE_NOW);
    assert_int_equal(world_run_until(world, world->now), 200 - moved);
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
    decree(world, "2024-06-06", true);
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
    decree(world, "2024-06-05", true);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 0);
    decree(world, "2024-06-06", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    assert_true(reply->moves.items[0].suspension && reply->moves.items[0].day_off);
    assert_true(text_equal(reply->moves.items[0].due_day, TEXT("2024-06-06")));
    assert_false(MSG_HAS(&reply->moves.items[0], move, to) || MSG_HAS(&reply->moves.items[0], move, deadline));
    decree(world, "2024-06-06 2024-06-12", true);
    reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 2);
    assert_true(text_equal(reply->moves.items[0].due_day, TEXT("2024-06-12")) && reply->moves.items[1].suspension);
    world_free(world);
}
