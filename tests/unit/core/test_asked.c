/* What a lead has asked for, when the decider, the calendar or the broker is not there in time. */
#include "core/calendar.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

static void suspend_until(struct world *world, uint64_t task, const char *until)
{
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ kết luận thanh tra"));
    MSG_SET(&suspend, suspend, until, text_of(until));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
}

TEST(a_broker_that_comes_late_to_the_end_of_a_suspension_gives_no_time_back)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    suspend_until(world, task, "2024-06-14");
    world->now = ladder_at("2024-06-26", 9, 0);
    world_run_until(world, world->now);
    assert_int_equal(shown_task(world, "huyen", task)->state, STATE_ASSIGNED);
    assert_true(
        text_equal(shown_task(world, "huyen", task)->due_day, TEXT("2024-07-11"))); /* as if it had come in time */
    rows_replay(world);
    world_free(world);
}

/* It was given while there was no calendar, which has come since. */
TEST(a_suspension_of_a_task_that_has_no_calendar_ends_by_itself_too)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    ((struct task *)core_task(world->core, task))->calendar = NONE;
    suspend_until(world, task, "2024-06-14");
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    assert_int_equal(shown_task(world, "huyen", task)->state, STATE_ASSIGNED);
    assert_true(text_equal(world_record(world, world->record_count)->reason,
                           TEXT("HT-001 runs on: it was suspended until 2024-06-14.")));
    world_free(world);
}

TEST(whoever_asks_does_not_decide_as_the_successor_of_the_decider_either)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    struct msg_agency_set set = {0};
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    MSG_SET(&set.agency, agency, agency, TEXT("huyen"));
    MSG_SET(&set.agency, agency, name, TEXT("huyen"));
    MSG_SET(&set.agency, agency, parent, TEXT("tinh"));
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_MARK(&set, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    (void)world_decide(world, "xa1", OP_GRANT, task, ask);
    assert_int_equal(world->error, COORD_E_NOT_AUTHORISED);
    assert_true(text_equal(world->refusal.field, TEXT("ask")));
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "take it back", 12));
    assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, ask), 0);
    const uint64_t anew = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, anew), 0);
    rows_replay(world);
    world_free(world);
}

/* No right of whoever decides makes up for one that the assigner does not have. */
TEST(a_transfer_goes_to_whom_the_assigner_may_task)
{
    struct world *world = world_new();
    struct msg_store_set set = {0};
    MSG_SET(&set.settings, store_settings, tasking, TASKING_TREE);
    MSG_MARK(&set, store_set, settings);
    assert_int_equal(world_send(world, "tinh", OP_STORE_SET, &set), 0);
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_TRANSFER, "so2");
    (void)world_decide(world, "huyen", OP_GRANT, task, ask);
    assert_int_equal(world->error, COORD_E_NOT_TASKABLE);
    assert_true(text_equal(world->refusal.field, TEXT("lead")));
    rows_replay(world);
    world_free(world);
}

TEST(a_submission_that_was_suspended_and_is_taken_back_has_the_time_it_was_suspended_for)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    ladder_act(world, "huyen", OP_SUSPEND, task);
    world->now += 5 * WORLD_DAY;
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(shown_task(world, "huyen", task)->state, STATE_IN_PROGRESS);
    assert_true(text_equal(shown_task(world, "huyen", task)->due_day, TEXT("2024-07-04")));
    rows_replay(world);
    world_free(world);
}

TEST(a_report_that_a_suspension_put_off_stays_owed_then_when_the_submission_is_taken_back)
{
    struct world *world = world_new();
    LADDER_SET(world, {DEADLINE_COMPLETION, 0, UNIT_WORKING_DAYS, RUNG_REMIND, .to = LADDER_LEAD});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", PERIOD_WEEKLY);
    const int64_t owed = shown_task(world, "huyen", task)->report_due, begun = world->now;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    ladder_act(world, "huyen", OP_SUSPEND, task);
    world->now = owed + 5 * WORLD_DAY;
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    const struct calendar *calendar = core_calendar_of(world->core, core_task(world->core, task));
    int64_t later;
    assert_true(calendar_put_off(calendar, SHIFT_BY_DAYS, owed,
                                 calendar_stood(calendar, SHIFT_BY_DAYS, begun, world->now), &later));
    assert_true(shown_task(world, "huyen", task)->report_due == later);
    rows_replay(world);
    world_free(world);
}

/* ---- silence counts against whoever had to decide ---- */

/* huyen's row in the summary of an agency. */
static struct msg_tally tally_of_huyen(struct world *world)
{
    struct msg_summary summary = {0};
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &summary), 0);
    const struct msg_tally_items *tallies = &WORLD_REPLY(world, summary_reply)->tallies;
    for (uint32_t i = 0; i < tallies->count; i++)
        if (text_equal(tallies->items[i].lead, TEXT("huyen")))
            return tallies->items[i];
    return (struct msg_tally){0};
}

static void give_time_to_decide(struct world *world)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, decide_within, 3);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

TEST(a_decision_that_did_not_come_in_time_counts_against_the_decider_for_good)
{
    struct world *world = world_new();
    give_time_to_decide(world);
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-10", 9, 0);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(tally_of_huyen(world).undecided, 0);
    world->now = ladder_at("2024-06-14", 0, 0);
    assert_int_equal(tally_of_huyen(world).undecided, 1);
    assert_int_equal(tally_of_huyen(world).assigned, 0); /* it leads nothing of this */
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(tally_of_huyen(world).undecided, 1);
    const uint64_t second = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-20");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, second), 0);
    assert_int_equal(tally_of_huyen(world).undecided, 1); /* this one was in time */
    world_free(world);
}

/* ---- what comes at one moment ---- */

/* huyen is to decide, and gave the task: it hears of both, and xa1 of what it has not done as well. */
TEST(a_decision_that_is_owed_is_told_beside_what_is_late_of_the_work_and_each_notice_says_what_it_stands_for)
{
    struct world *world = world_new();
    struct msg_policy_set set = {0};
    struct msg_step steps[5] = {{0}};
    static const int of[] = {DEADLINE_ACCEPTANCE, DEADLINE_COMPLETION, DEADLINE_COMPLETION, DEADLINE_DECISION,
                             DEADLINE_DECISION};
    for (int i = 0; i < 5; i++) {
        MSG_SET(&steps[i], step, deadline, of[i]);
        MSG_SET(&steps[i], step, offset, 1);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, i == 2 ? RUNG_ESCALATE : i == 4 ? RUNG_NOTIFY : RUNG_REMIND);
        MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD));
    }
    MSG_SET(&steps[2], step, level, 1);
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, accept_within, 4);
    MSG_SET(&set.policy, policy, decide_within, 1);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 5});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-07", 0);
    world->now = ladder_at("2024-06-06", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    const uint64_t before = world->record_count;
    /* All were due on the 7th: the next working day is Monday the 10th. */
    ladder_expect(world, "2024-06-10",
                  "0.0 06-10 07:30-, 1.0 06-10 07:30-, 3.0 06-10 07:30-, 4.0 06-10 07:30+3,"
                  " 2.0 06-10 07:30+0/1");
    const struct msg_record *told = world_record(world, before + 4);
    assert_int_equal(told->deadline, DEADLINE_DECISION);
    assert_true(world_tells(told, "huyen xa1"));
    assert_true(text_equal(told->reason,
                           TEXT("huyen was to decide what xa1 asks about HT-001 by 2024-06-07, 1 working day ago. It "
                                "stands for 1 other of this moment, of decision.")));
    told = world_record(world, before + 5);
    assert_true(world_tells(told, "huyen xa1"));
    assert_true(
        text_equal(told->reason, TEXT("HT-001 was due by 2024-06-07, 1 working day ago. Escalated at level 1. It "
                                      "stands for 2 others of this moment, 1 of acceptance and 1 of "
                                      "completion.")));
    rows_replay(world);
    world_free(world);
}
