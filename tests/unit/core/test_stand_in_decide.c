/* What a lead asks is not decided by who stands in for it: who has it then. */
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/stand_ins.h"
#include "unit/test.h"

TEST(who_stands_in_for_the_lead_does_not_decide_what_that_asks)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    stand_ins_begin(world, "xa1", NULL, NULL, NULL);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    stand_ins_begin(world, "xa1", "huyen", "2024-06-05", "2024-06-07");
    world_run_until(world, ladder_at("2024-06-04", 23, 59));
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-05", 0, 0));
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(stand_ins_newest(world)->record, RECORD_HANDED_ON);
    ladder_says(world, "huyen stands in for the lead, and nobody decides on its own request");
    REFUSED(world, world_decide(world, "huyen", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    /* What is asked meanwhile goes to the next above at once; afterwards to the assigner again. */
    const uint64_t second = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[1].decider, "tinh");
    assert_int_equal(world_decide(world, "tinh", OP_DENY, task, second), 0);
    world_run_until(world, ladder_at("2024-06-08", 9, 0));
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[2].decider, "huyen");
    stand_ins_come_back(world);
}

TEST(a_request_that_only_the_stand_in_could_decide_waits_until_it_is_over)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "tinh", "huyen", "TT-001", "2024-06-28"); /* nobody is above tinh */
    const uint64_t ask = world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    stand_ins_begin(world, "huyen", "tinh", "2024-06-05", "2024-06-06");
    const uint64_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(world->record_count, before); /* neither handed on nor ended */
    stand_ins_text(stand_ins_get(world, "huyen", task)->task.asks.items[0].decider, "tinh");
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_DECIDER));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    assert_false(stand_ins_get(world, "tinh", task)->may & (TERM_BIT(ACTION_GRANT) | TERM_BIT(ACTION_DENY)));
    REFUSED(world, world_decide(world, "tinh", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "tinh", OP_DENY, task, ask), NOT_AUTHORISED, "ask");
    /* What is asked meanwhile waits as well. */
    assert_true(stand_ins_get(world, "huyen", task)->may & TERM_BIT(ACTION_ASK));
    const uint64_t second = world_ask(world, "huyen", task, ASKING_SUSPENSION, "2024-06-20");
    stand_ins_text(stand_ins_get(world, "huyen", task)->task.asks.items[1].decider, "tinh");
    REFUSED(world, world_decide(world, "tinh", OP_GRANT, task, second), NOT_AUTHORISED, "ask");
    const uint64_t during = world->record_count;
    world_run_until(world, ladder_at("2024-06-07", 9, 0));
    assert_int_equal(world->record_count, during);
    assert_true(stand_ins_get(world, "tinh", task)->may & TERM_BIT(ACTION_GRANT));
    assert_int_equal(world_decide(world, "tinh", OP_DENY, task, second), 0);
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    stand_ins_come_back(world);
}

TEST(a_request_that_waits_for_the_stand_in_goes_to_who_comes_to_stand_above_it)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    stand_ins_exclude(world, task, "tinh");
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    stand_ins_begin(world, "xa1", "huyen", "2024-06-05", "2024-06-07");
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    stand_ins_exclude(world, task, "so2");
    world_run_until(world, world->now);
    assert_int_equal(stand_ins_newest(world)->record, RECORD_HANDED_ON);
    ladder_says(world, "huyen stands in for the lead, and nobody decides on its own request");
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[0].decider, "tinh");
    stand_ins_come_back(world);
}

TEST(a_request_that_waits_for_the_stand_in_goes_to_who_is_put_above_it)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("tinh", "ngoai");
    const uint64_t task = world_assign(world, "tinh", "huyen", "TT-001", "2024-06-28"); /* nobody is above tinh */
    (void)world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    stand_ins_begin(world, "huyen", "tinh", NULL, "2024-06-07");
    world_run_until(world, world->now);
    stand_ins_text(stand_ins_get(world, "huyen", task)->task.asks.items[0].decider, "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(stand_ins_newest(world)->record, RECORD_HANDED_ON);
    stand_ins_text(stand_ins_get(world, "huyen", task)->task.asks.items[0].decider, "ngoai");
    stand_ins_come_back(world);
}

TEST(a_request_leaves_the_stand_in_of_a_successor_to_come_when_that_leads)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-06", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now);
    stand_ins_begin(world, "xa2", "huyen", "2024-06-05", "2024-06-10");
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-06", 0, 0));
    world_run_until(world, ladder_at("2024-06-06", 0, 0));
    assert_int_equal(stand_ins_newest(world)->record, RECORD_HANDED_ON);
    stand_ins_text(stand_ins_get(world, "xa2", task)->task.asks.items[0].decider, "tinh");
    stand_ins_come_back(world);
}

TEST(a_stand_in_that_came_and_went_while_the_broker_was_down_leaves_the_decider_in_its_place)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    stand_ins_begin(world, "xa1", "huyen", "2024-06-05", "2024-06-06");
    world_run_until(world, world->now);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-10", 9, 0));
    world_run_until(world, world->now);
    stand_ins_text(stand_ins_get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    ladder_says(world, "huyen stood in for the lead until now, and no more does");
    stand_ins_come_back(world);
}

TEST(who_stands_in_is_not_ended_by_one_that_begins_later)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so2", "2024-06-05", "2024-06-10"), BAD_VALUE, "from");
    assert_true(stand_ins_has(world->refusal.message, "so1 stands in for xa1 until 2024-06-07"));
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so1", "2024-06-05", "2024-06-10"), BAD_VALUE, "from");
    stand_ins_begin(world, "xa1", "so2", "2024-06-03", "2024-06-10");
    assert_true(world_tells(stand_ins_newest(world), "xa1 so2 so1"));
    assert_true(stand_ins_has(stand_ins_newest(world)->reason, "Until now so1 stood in, and does no more."));
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    stand_ins_begin(world, "xa1", "so1", "2024-06-05",
                    "2024-06-06"); /* of those that have not begun the last is meant */
    stand_ins_begin(world, "xa1", "so2", "2024-06-06", "2024-06-07");
    assert_true(world_tells(stand_ins_newest(world), "xa1 so2 so1")); /* which was to, and is told that it is not */
    assert_true(stand_ins_has(stand_ins_newest(world)->reason, "Not so1, which was to stand in."));
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1 so2"));
    stand_ins_come_back(world);
}
