/* Whose clock runs, and what for: at each moment one agency's. What that adds up to is in test_custody_sum.c. */
#include <stdlib.h>

#include "core/course.h"
#include "core/custody.h"
#include "core/task_data.h"
#include "unit/core/agency_ends.h"
#include "unit/core/charge.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define WORK_DAY (19 * WORLD_HOUR / 2) /* 7:30 to 17:00 */

TEST(each_change_says_whose_clock_runs_from_then_on)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    charge_is(world, task, "xa1", CHARGE_TAKING_UP);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody)); /* as the assignment left it */
    charge_is(world, task, "xa1", CHARGE_TAKING_UP);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    charge_told(world, "xa1", CHARGE_WORKING);
    ladder_act(world, "xa1", OP_REPORT, task);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody)); /* nothing changed */
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05");
    charge_told(world, "huyen", CHARGE_DECIDING);
    ladder_act(world, "huyen", OP_SUSPEND, task);
    charge_told(world, "huyen", CHARGE_SUSPENDED); /* before what is asked */
    ladder_act(world, "huyen", OP_RESUME, task);
    charge_told(world, "huyen", CHARGE_DECIDING);
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    charge_told(world, "xa1", CHARGE_WORKING);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    charge_told(world, "huyen", CHARGE_CONFIRMING);
    const uint64_t back = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    charge_told(world, "huyen", CHARGE_DECIDING);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, back), 0);
    charge_told(world, "xa1", CHARGE_WORKING);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_REJECT, task);
    charge_told(world, "xa1", CHARGE_WORKING);
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0);
    charge_told(world, "xa2", CHARGE_TAKING_UP);
    ladder_act(world, "xa2", OP_ACCEPT, task);
    ladder_act(world, "xa2", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    const struct msg_record *last = world_record(world, world->record_count);
    assert_true(MSG_HAS(last, record, custody) && !MSG_HAS(&last->custody, custody, agency));
    assert_false(MSG_HAS(shown_task(world, "tinh", task), task, custody));
    rows_replay(world);
    world_free(world);
}

TEST(of_two_requests_the_older_holds_the_clock)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    const uint64_t first = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05");
    world_ask(world, "xa1", task, ASKING_TRANSFER, "xa3");
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody));
    assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, first), 0);
    charge_is(world, task, "huyen", CHARGE_DECIDING);
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0); /* settles the other */
    charge_is(world, task, "xa2", CHARGE_TAKING_UP);
    world_free(world);
}

TEST(a_recommendation_is_its_leads_to_answer_from_the_first)
{
    struct world *world = world_new();
    struct text lead = TEXT("tinh");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("KN-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Bố trí vốn"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    charge_is(world, task, "tinh", CHARGE_ANSWERING);
    world->now += WORLD_HOUR;
    ladder_act(world, "tinh", OP_ACCEPT, task);
    charge_is(world, task, "tinh", CHARGE_ANSWERING);
    const struct msg_task_custody_reply *custody = charge_turns(world, "huyen", task);
    assert_int_equal(custody->turns.count, 1);
    assert_int_equal(custody->turns.items[0].since, WORLD_BEGIN);
    assert_int_equal(custody->turns.items[0].worked, WORLD_HOUR);
    world_free(world);
}

TEST(a_suspension_that_ends_by_itself_gives_the_clock_back)
{
    struct world *world = world_new();
    struct msg_suspend suspend = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-04"));
    MSG_SET(&suspend, suspend, note, TEXT("chờ kết luận"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, world->now + 2 * WORLD_DAY);
    charge_is(world, task, "xa1", CHARGE_WORKING);
    const struct msg_task_custody_reply *custody = charge_turns(world, "huyen", task);
    assert_int_equal(custody->turns.count, 4);
    assert_int_equal(custody->turns.items[2].charge, CHARGE_SUSPENDED);
    assert_int_equal(custody->turns.items[3].charge, CHARGE_WORKING);
    rows_replay(world);
    world_free(world);
}

TEST(what_falls_to_the_assigner_is_the_assigners_and_goes_on_when_it_lets_the_successor_in)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    struct text excluded = TEXT("xa2");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, (struct texts){&excluded, 1});
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    agency_ends(world, "xa1", "huyen", "xa2", world->now);
    charge_is(world, task, "huyen", CHARGE_TAKING_UP);
    world->now += WORLD_HOUR;
    MSG_SET(&amend.content, content, excluded, (struct texts){NULL, 0});
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    charge_is(world, task, "xa2", CHARGE_TAKING_UP);
    rows_replay(world);
    world_free(world);
}

/* Monday 8:00 to Wednesday 8:00: nights are nobody's. */
TEST(turns_are_counted_in_working_time_and_add_up)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_DAY;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    world->now += WORLD_HOUR;
    ladder_act(world, "xa1", OP_SUBMIT, task);
    world->now += 23 * WORLD_HOUR;
    const struct msg_task_custody_reply *custody = charge_turns(world, "xa1", task);
    assert_int_equal(custody->turns.count, 3);
    assert_int_equal(custody->turns.items[0].worked, WORK_DAY);
    assert_int_equal(custody->turns.items[1].worked, WORLD_HOUR);
    assert_int_equal(custody->turns.items[2].worked, WORK_DAY - WORLD_HOUR);
    assert_false(MSG_HAS(&custody->turns.items[2], turn, until));
    assert_int_equal(custody->elapsed, 2 * WORK_DAY);
    assert_int_equal(custody->since, WORLD_BEGIN);
    assert_int_equal(custody->tallies.count, 2);
    assert_int_equal(custody->tallies.items[0].taking_up, WORK_DAY);
    assert_int_equal(custody->tallies.items[0].working, WORLD_HOUR);
    assert_int_equal(custody->tallies.items[0].now, 0);
    assert_int_equal(custody->tallies.items[1].confirming, WORK_DAY - WORLD_HOUR);
    assert_int_equal(custody->tallies.items[1].now, 1);
    world_free(world);
}

TEST(whoever_succeeds_to_an_agency_is_charged_from_then_on)
{
    struct world *world = world_new();
    const uint64_t untouched = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-28");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    world->now += WORLD_HOUR;
    agency_ends(world, "xa1", "huyen", "xa2", world->now);
    world->now += 2 * WORLD_HOUR;
    charge_is(world, task, "xa2", CHARGE_WORKING);
    assert_int_equal(shown_task(world, "tinh", task)->custody.since, WORLD_BEGIN + WORLD_HOUR);
    ladder_act(world, "xa2", OP_REPORT, task);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody));
    const struct msg_task_custody_reply *custody = charge_turns(world, "huyen", task);
    const struct msg_turn *last = &custody->turns.items[custody->turns.count - 1], *before = last - 1;
    assert_true(text_equal(before->agency, TEXT("xa1")) && text_equal(last->agency, TEXT("xa2")));
    assert_int_equal(before->until, last->since);
    assert_int_equal(before->worked, WORLD_HOUR);
    assert_int_equal(last->worked, 2 * WORLD_HOUR);
    for (uint32_t i = 0; i < custody->tallies.count; i++)
        assert_int_equal(custody->tallies.items[i].passed_on, 0); /* nobody passed it on */
    const struct msg_task_custody_reply *first = charge_turns(world, "huyen", untouched);
    assert_int_equal(first->turns.count, 2);
    assert_int_equal(first->turns.items[0].worked, WORLD_HOUR);
    assert_int_equal(first->turns.items[1].since, WORLD_BEGIN + WORLD_HOUR);
    assert_int_equal(shown_task(world, "tinh", untouched)->custody.since, WORLD_BEGIN + WORLD_HOUR);
    world_free(world);
}

TEST(what_one_held_before_its_successor_was_given_the_task_stays_its_own)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_HOUR;
    agency_ends(world, "xa1", "huyen", "xa2", world->now);
    world->now += 2 * WORLD_HOUR;
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0);
    charge_told(world, "xa2", CHARGE_TAKING_UP);
    world->now += WORLD_HOUR;
    ladder_act(world, "xa2", OP_ACCEPT, task);
    const struct msg_task_custody_reply *custody = charge_turns(world, "huyen", task);
    const struct msg_turn *turns = custody->turns.items;
    assert_true(text_equal(turns[0].agency, TEXT("xa1")) && text_equal(turns[1].agency, TEXT("xa2")));
    assert_int_equal(turns[0].since, WORLD_BEGIN);
    assert_int_equal(turns[0].worked, WORLD_HOUR);
    assert_int_equal(turns[1].worked, 2 * WORLD_HOUR);
    assert_int_equal(custody->elapsed, 4 * WORLD_HOUR);
    rows_replay(world);
    world_free(world);
}

/* ---- stores of before ---- */

TEST(of_a_task_of_before_it_is_known_from_its_next_change_on)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    struct task *of_before = task_to_change(world->core, task, world->now);
    free(of_before->course->turns);
    task_course(of_before)->turns = NULL; /* as a row of before is read */
    const struct msg_task *shown = shown_task(world, "tinh", task);
    assert_true(text_equal(shown->custody.agency, TEXT("xa1")) && !MSG_HAS(&shown->custody, custody, since));
    assert_int_equal(charge_turns(world, "huyen", task)->turns.count, 0);
    world->now += WORLD_HOUR;
    ladder_act(world, "xa1", OP_REPORT, task);
    charge_told(world, "xa1", CHARGE_WORKING);
    world->now += WORLD_HOUR;
    const struct msg_task_custody_reply *custody = charge_turns(world, "huyen", task);
    assert_int_equal(custody->turns.count, 1);
    assert_int_equal(custody->since, WORLD_BEGIN + WORLD_HOUR);
    assert_int_equal(custody->elapsed, WORLD_HOUR);
    world_free(world);
}
