/* A calendar that changes moves the time to accept, and all that moves of a task is told at once. */
#include <string.h>

#include "unit/core/decree.h"
#include "unit/core/shown.h"
#include "unit/core/vietnam.h"
#include "unit/core/world.h"
#include "unit/test.h"

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
    decree_off(world, "");
    const uint64_t days = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    const uint64_t hours = assign_within(world, "GIO", 16, UNIT_WORKING_HOURS);
    const uint64_t clock = assign_within(world, "DONG-HO", 72, UNIT_HOURS);
    const uint64_t accepted = assign_within(world, "XONG", 3, UNIT_WORKING_DAYS);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, accepted), 0);
    const int64_t days_due = shown_task(world, "tinh", days)->accept_due,
                  hours_due = shown_task(world, "tinh", hours)->accept_due,
                  clock_due = shown_task(world, "tinh", clock)->accept_due,
                  accepted_due = shown_task(world, "tinh", accepted)->accept_due;
    decree_off(world, "2024-06-04");
    assert_int_equal(world_run_until(world, world->now), 2);
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_true(record->record == RECORD_DUE_MOVED && record->notice == NOTICE_DUE_MOVED && record->task == days);
    assert_true(record->accept_due == days_due + WORLD_DAY && record->accept_counted.was == days_due);
    assert_true(text_equal(record->accept_counted.words, TEXT("3wd")) && !MSG_HAS(record, record, counted));
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_ACCEPTANCE));
    assert_true(text_equal(record->reason, TEXT("NGAY is to be accepted by 2024-06-07 now, which was 2024-06-06: the "
                                                "calendar default has changed, and 3wd were counted anew.")));
    assert_true(world_tells(record, "xa1 huyen") || world_tells(record, "huyen xa1"));
    assert_true(shown_task(world, "tinh", days)->accept_due == days_due + WORLD_DAY);
    assert_true(shown_task(world, "tinh", hours)->accept_due == hours_due + WORLD_DAY);
    assert_true(shown_task(world, "tinh", clock)->accept_due == clock_due);
    assert_true(shown_task(world, "tinh", accepted)->accept_due == accepted_due);
    assert_int_equal(world_run_until(world, days_due), 2); /* those by hours; the one by days comes a day later */
    assert_int_equal(world_run_until(world, days_due + WORLD_DAY), 1);
    world_free(world);
}

TEST(a_time_to_accept_keeps_what_its_task_stood_still)
{
    struct world *world = world_new();
    const uint64_t task = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    const int64_t due = shown_task(world, "tinh", task)->accept_due;
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_true(shown_task(world, "tinh", task)->accept_due == due + WORLD_DAY);
    assert_int_equal(world_record(world, world->record_count)->accept_counted.stood, 1);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0); /* one that stands still is counted as well */
    decree_off(world, "2024-06-05 2024-06-06");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task)->accept_due == due + 5 * WORLD_DAY); /* Tuesday: past the weekend */
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(shown_task(world, "tinh", task)->accept_due == due + 5 * WORLD_DAY);
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
    const int64_t due = shown_task(world, "tinh", task + 1)->accept_due;
    decree_off(world, "2024-06-04");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task + 1)->accept_due == due &&
                shown_task(world, "tinh", task)->accept_due == due + WORLD_DAY);
    world_free(world);
}

TEST(a_dry_run_lists_times_to_accept)
{
    struct world *world = world_new();
    const uint64_t task = assign_within(world, "NGAY", 3, UNIT_WORKING_DAYS);
    decree(world, "2024-06-04", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    const struct msg_move *move = &reply->moves.items[0];
    assert_true(move->task == task && move->deadline == DEADLINE_ACCEPTANCE && !move->day_off);
    assert_true(text_equal(move->due_day, TEXT("2024-06-06")) && text_equal(move->to_day, TEXT("2024-06-07")));
    world_free(world);
}

/* ---- all that moves of a task ---- */

TEST(all_that_moves_of_a_task_is_told_once)
{
    struct world *world = world_new();
    decree_off(world, "");
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
    decree(world, "2024-06-04 2024-06-10", true);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 4); /* the other task's time to accept is the first */
    for (uint32_t i = 1; i < 4; i++)
        assert_int_equal(reply->moves.items[i].task, task);
    assert_true(reply->moves.items[3].deadline == DEADLINE_REPORT &&
                text_equal(reply->moves.items[3].to_day, TEXT("2024-06-11")));
    decree_off(world, "2024-06-04 2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 2);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->rounds,
                     TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_COMPLETION) | TERM_BIT(DEADLINE_REPORT));
    assert_true(text_equal(record->reason,
                           TEXT("HT-1 is to be accepted by 2024-06-07 now, which was 2024-06-06, due 2024-06-19 "
                                "now, which was 2024-06-17 and to report by 2024-06-11 now, which was "
                                "2024-06-10: the calendar default has changed, and 3wd, 10wd and the weekly "
                                "report were counted anew.")));
    const struct msg_task moved = *shown_task(world, "tinh", task);
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
    decree_for(world, calendar, "", false);
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
    decree_for(world, calendar, "2024-06-04 2024-06-10", true);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 4);
    decree_for(world, calendar, "2024-06-04 2024-06-10", false);
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_COMPLETION) |
                                         TERM_BIT(DEADLINE_REPORT) | TERM_BIT(DEADLINE_DECISION));
    assert_true(record->reason.size <= 512 && memcmp(record->reason.data, "The dates of rrr", 16) == 0);
    world_free(world);
}
