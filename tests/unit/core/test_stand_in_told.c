/* What is told to an agency is told to its stand-in too, and what that is kept from. */
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/stand_ins.h"
#include "unit/test.h"

TEST(whom_one_stands_in_for_is_told_when_that_one_ends_before_and_the_list_shows_it_no_more)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    struct msg_agency_set set = agency_set("so1", "tinh");
    struct msg_list list = {0};
    MSG_SET(&list, list, name, TEXT("xa1"));
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-10", 9, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_false(MSG_HAS(stand_ins_newest(world), record, to)); /* it is there on all of these days */
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1"));
    assert_true(stand_ins_has(stand_ins_newest(world)->reason,
                              "so1 ends on 2024-06-05 09:00: then it stands in for nobody more"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    assert_true(MSG_HAS(&WORLD_REPLY(world, agencies_reply)->agencies.items[0], agency, stand_in));
    world->now = ladder_at("2024-06-05", 9, 0);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, agencies_reply)->agencies.items[0], agency, stand_in));
    stand_ins_come_back(world);
}

TEST(what_is_told_to_the_agency_is_told_to_its_stand_in_while_it_is_one)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1") && stand_ins_told(stand_ins_newest(world), "so1"));
    struct audience audience;
    const struct journal_record *record = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, record, &audience), 0);
    assert_int_equal(audience.count, 2);
    assert_int_equal(audience.told, 1);
    assert_int_equal(audience.agencies[1], core_agency_find(world->core, TEXT("so1")));
    world->now = ladder_at("2024-06-08", 0, 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1") && stand_ins_told(stand_ins_newest(world), ""));
    stand_ins_come_back(world);
}

TEST(what_is_restricted_is_kept_from_it)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    const uint32_t so1 = core_agency_find(world->core, TEXT("so1"));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_non_null(stand_ins_get(world, "so1", task));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1") && stand_ins_told(stand_ins_newest(world), ""));
    const uint64_t seq = world->record_count;
    assert_false(core_may_hear(world->core, task, seq, so1, world->now));
    assert_null(stand_ins_get(world, "so1", task));
    REFUSED(world, stand_ins_act(world, "so1", "xa1", OP_ACCEPT, task), TASK_UNKNOWN, "task");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    stand_ins_come_back(world);
}

TEST(who_stands_in_is_said_anew_after_a_while)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    world->now -= 1; /* set_as goes on by as long as it takes */
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), RATE_LIMITED, "agency");
    assert_true(world->refusal.retry && stand_ins_has(world->refusal.message, "may be said again in 1 s"));
    world->now -= 5000;
    assert_int_equal(stand_ins_set(world, "tinh", "xa2", "so1", NULL, "2024-06-07"), 0); /* another agency's */
    world->now -= 5000;
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", NULL, NULL, NULL), 0); /* to end it is free… */
    world->now -= 5000;
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), RATE_LIMITED,
            "agency"); /* …and frees nothing */
    world->now -= 4999;
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), 0);
    stand_ins_come_back(world);
}

TEST(an_agency_that_ends_is_stood_in_for_no_more_and_its_successor_has_none_of_it)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-05", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_non_null(stand_ins_get(world, "so1", task));
    world->now = ladder_at("2024-06-05", 0, 0);
    assert_null(stand_ins_get(world, "so1", task));
    REFUSED(world, stand_ins_act(world, "so1", "xa2", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), 0);
    stand_ins_come_back(world);
}
