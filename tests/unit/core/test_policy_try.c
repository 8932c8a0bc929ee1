/* A policy that is rehearsed: what is told of each task, to whom, by page. What that costs, and that it is what happens, is in
 * test_policy_try_live.c.
 */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rehearse.h"
#include "unit/test.h"

TEST(escalations_that_would_have_been_opened_and_those_at_another_time_are_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->rungs.count, 2);
    const struct msg_tried_rung *first = &one->rungs.items[0], *second = &one->rungs.items[1];
    assert_true(first->past && first->level == 1 && first->was_step == 0 && first->step == 0);
    assert_int_equal(first->was, ladder_at("2024-06-12", 7, 30));
    assert_int_equal(first->would, ladder_at("2024-06-06", 7, 30));
    assert_int_equal(first->to, SUPERVISOR);
    assert_true(second->past && second->level == 2 && !MSG_HAS(second, tried_rung, was));
    assert_int_equal(second->would, ladder_at("2024-06-10", 7, 30));
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 1);
    assert_false(MSG_HAS(one, rehearsed, unknown));
    world_free(world);
}

TEST(one_that_came_after_the_day_and_would_have_come_before_is_the_same)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, ladder_at("2024-06-10", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->rungs.count, 1);
    assert_int_equal(one->rungs.items[0].would, ladder_at("2024-06-06", 7, 30));
    assert_int_equal(one->rungs.items[0].was, ladder_at("2024-06-12", 7, 30));
    REHEARSE(world, ladder_at("2024-06-13", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    rehearse_told(world, 0);
    world_free(world);
}

TEST(an_escalation_that_would_not_have_been_opened_is_told_with_its_id)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(2, ASSIGNER, 2));
    const uint64_t task = rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->rungs.count, 1);
    const struct msg_tried_rung *planned = &one->rungs.items[0];
    assert_true(planned->past && planned->level == 2 && !MSG_HAS(planned, tried_rung, would));
    assert_int_equal(planned->escalation, core_task(world->core, task)->rare->escalations->items[1].id);
    world_free(world);
}

TEST(what_stays_as_it_is_is_not_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(8, ASSIGNER, 2));
    rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-11", 12, 0));
    REHEARSE(world, 0, ESCALATES(8, ASSIGNER, 2), ESCALATES(1, SUPERVISOR, 1));
    rehearse_told(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 1);
    world_free(world);
}

TEST(of_what_lies_ahead_the_next_of_each_step_is_told_where_it_is_another)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    rehearse_late_task(world);
    REHEARSE(world, world->now, ESCALATES(2, SUPERVISOR, 1), ESCALATES(3, ASSIGNER | SUPERVISOR, 2),
             ESCALATES(9, ASSIGNER, 3));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->rungs.count, 3);
    const struct msg_tried_rung *rungs = one->rungs.items;
    assert_true(!rungs[0].past && rungs[0].was == ladder_at("2024-06-06", 7, 30) &&
                rungs[0].would == ladder_at("2024-06-07", 7, 30));
    assert_true(rungs[1].was == rungs[1].would && rungs[1].to == (ASSIGNER | SUPERVISOR));
    assert_true(rungs[2].level == 3 && !MSG_HAS(&rungs[2], tried_rung, was));
    REHEARSE(world, world->now, ESCALATES(3, ASSIGNER, 2));
    one = rehearse_told(world, 1);
    assert_true(one->rungs.count == 1 && one->rungs.items[0].level == 1 &&
                !MSG_HAS(&one->rungs.items[0], tried_rung, would));
    world_free(world);
}

TEST(a_step_that_never_comes_is_not_compared_with_one_that_does)
{
    struct world *world = world_new();
    const struct ladder_step report = {.deadline = DEADLINE_REPORT,
                                       .offset = 1,
                                       .unit = UNIT_WORKING_DAYS,
                                       .does = RUNG_ESCALATE,
                                       .to = SUPERVISOR,
                                       .level = 1};
    LADDER_SET(world, report, ESCALATES(3, ASSIGNER, 2));
    rehearse_late_task(world); /* which owes no reports */
    REHEARSE(world, world->now, ESCALATES(4, ASSIGNER, 2), report);
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->rungs.count, 1);
    assert_true(one->rungs.items[0].was_step == 1 && one->rungs.items[0].step == 0);
    world_free(world);
}

TEST(an_acknowledgement_holds_back_what_would_have_come_as_it_did)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(8, ASSIGNER, 2));
    const uint64_t task = rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-06", 9, 0));
    const uint64_t id = core_task(world->core, task)->rare->escalations->items[0].id;
    assert_int_equal(ladder_acknowledge(world, "so1", task, id), 0);
    world_run_until(world, ladder_at("2024-06-17", 6, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1), ESCALATES(2, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    const struct msg_tried_rung *planned = &one->rungs.items[0];
    /* Acknowledged on Thursday it holds Friday, Monday and Tuesday: then the second climbs. */
    assert_true(planned->past && planned->level == 2 && planned->would == ladder_at("2024-06-12", 7, 30));
    world_free(world);
}

TEST(what_a_task_stood_still_before_is_not_known_and_said_not_to_be)
{
    struct world *world = world_new();
    struct msg_suspend suspend = {0};
    LADDER_SET(world, ESCALATES(2, SUPERVISOR, 1));
    const uint64_t task = rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-06", 12, 0));
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, ladder_at("2024-06-10", 12, 0));
    ladder_act(world, "huyen", OP_RESUME, task);
    const int64_t resumed = world->now;
    world_run_until(world, ladder_at("2024-06-20", 12, 0));
    REHEARSE(world, 0, ESCALATES(-1, SUPERVISOR, 1), ESCALATES(4, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->unknown, TERM_BIT(DEADLINE_COMPLETION));
    assert_int_equal(one->from, resumed);
    /* What would have come before the day lies there; the other is reckoned from the date of now. */
    bool found = false;
    for (uint32_t i = 0; i < one->rungs.count; i++)
        found = found || (one->rungs.items[i].past && one->rungs.items[i].level == 2 &&
                          MSG_HAS(&one->rungs.items[i], tried_rung, would));
    assert_true(found);
    world_free(world);
}

TEST(what_came_of_a_date_before_or_of_a_lead_before_is_not_known)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1));
    const uint64_t task = rehearse_late_task(world), other = ladder_assign(world, "HT-2", "2024-06-05", 0);
    world_run_until(world, ladder_at("2024-06-07", 12, 0));
    ladder_amend_due(world, task, "2024-06-11");
    ladder_reassign(world, other, "xa2");
    const int64_t amended = world->now;
    world_run_until(world, ladder_at("2024-06-20", 12, 0));
    REHEARSE(world, 0, ESCALATES(2, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_int_equal(one->unknown, TERM_BIT(DEADLINE_COMPLETION));
    assert_int_equal(one->from, amended);
    assert_true(one->rungs.count == 1 && one->rungs.items[0].would == ladder_at("2024-06-13", 7, 30) &&
                one->rungs.items[0].was == ladder_at("2024-06-12", 7, 30));
    assert_int_equal(WORLD_REPLY(world, change_reply)->unknown, 2);
    REHEARSE(world, amended, ESCALATES(2, SUPERVISOR, 1));
    assert_false(MSG_HAS(rehearse_told(world, 1), rehearsed, unknown));
    assert_false(MSG_HAS(WORLD_REPLY(world, change_reply), change_reply, unknown));
    world_free(world);
}

TEST(a_time_to_accept_that_the_policy_would_give_is_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1));
    const uint64_t task = ladder_assign(world, "HT-1", "5wd", 0);
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    MSG_SET(&step, step, level, 1);
    MSG_SET(&step, step, to, SUPERVISOR);
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, accept_within, 4);
    MSG_SET(&set.policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_MARK(&set, policy_set, policy);
    MSG_SET(&set, policy_set, dry_run, true);
    MSG_SET(&set, policy_set, since, world->now);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_true(one->task == task && one->rungs.count == 0);
    assert_int_equal(one->accept_due, ladder_at("2024-06-08", 0, 0));
    world_free(world);
}

TEST(a_task_that_was_closed_before_is_not_looked_at_and_one_that_was_closed_since_is)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    const uint64_t task = rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-07", 12, 0));
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, ladder_at("2024-06-01", 0, 0), ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_true(one->state == STATE_COMPLETED && one->rungs.count == 1);
    assert_int_equal(one->rungs.items[0].would, ladder_at("2024-06-06", 7, 30));
    REHEARSE(world, ladder_at("2024-06-08", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    rehearse_told(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 0);
    world_free(world);
}

TEST(who_may_not_read_a_task_is_told_that_there_is_one)
{
    struct world *world = world_new();
    struct msg_key_set key = key_set("so2", world_key("so2"), TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_ADMINISTER));
    const struct ladder_step tried = ESCALATES(1, SUPERVISOR, 1);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    rehearse_late_task(world);
    assert_int_equal(ladder_rehearse(world, "so2", 0, 0, &tried, 1), 0);
    rehearse_told(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->hidden, 1);
    /* Of those that its agency may read, a key that may only administer is told no other. */
    assert_int_equal(ladder_rehearse(world, "tinh", 0, 0, &tried, 1), 0);
    rehearse_told(world, 1);
    key.key.rights = TERM_BIT(RIGHT_ADMINISTER);
    MSG_SET(&key, key_set, agency, TEXT("tinh"));
    MSG_SET(&key.key, key, public_key, text_of(world_key("moi")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    assert_int_equal(ladder_rehearse(world, "moi", 0, 0, &tried, 1), 0);
    rehearse_told(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->hidden, 1);
    world_free(world);
}

TEST(with_a_day_to_come_nothing_lies_behind_and_the_policy_itself_takes_no_notice_of_it)
{
    struct world *world = world_new();
    struct msg_policy_set set = {0};
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, world->now + WORLD_DAY, ESCALATES(1, SUPERVISOR, 1));
    rehearse_told(world, 0);
    MSG_SET(&set.policy, policy, policy, TEXT("khac"));
    MSG_SET(&set.policy, policy, steps, ((struct msg_step_items){NULL, 0}));
    MSG_MARK(&set, policy_set, policy);
    MSG_SET(&set, policy_set, since, world->now);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    assert_int_equal(ladder_last(world)->record, RECORD_POLICY);
    world_free(world);
}

TEST(tasks_come_by_page_and_each_once)
{
    struct world *world = world_new();
    const struct ladder_step tried = ESCALATES(1, SUPERVISOR, 1);
    uint64_t after = 0;
    uint32_t found = 0, pages = 0;
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    for (int i = 0; i < 600; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        ladder_assign(world, reference, "2024-06-05", 0);
    }
    do {
        assert_int_equal(ladder_rehearse(world, "tinh", 0, after, &tried, 1), 0);
        const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
        for (uint32_t i = 0; i < reply->rehearsed.count; i++)
            assert_int_equal(reply->rehearsed.items[i].task, ++found);
        after = reply->next;
        pages++;
    } while (MSG_HAS(WORLD_REPLY(world, change_reply), change_reply, next));
    assert_true(found == 600 && pages >= 3);
    world_free(world);
}
