/* An agency is stood in for from a day to a day: who sets it, what cannot be, and when it is over. */
#include <stdio.h>

#include "core/stand_in.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/stand_ins.h"
#include "unit/test.h"

/* ---- setting it ---- */

TEST(it_runs_from_the_begin_of_a_day_to_the_end_of_another_by_the_default_calendar)
{
    struct world *world = world_new();
    stand_ins_begin(world, "xa1", "so1", "2024-06-05", "2024-06-07");
    const struct msg_stand_in *set = &stand_ins_agency(world, "xa1")->stand_in;
    stand_ins_text(set->by, "so1");
    stand_ins_text(set->from_day, "2024-06-05");
    stand_ins_text(set->until_day, "2024-06-07");
    assert_true(set->from == ladder_at("2024-06-05", 0, 0) && set->until == ladder_at("2024-06-08", 0, 0));
    const uint32_t xa1 = core_agency_find(world->core, TEXT("xa1")), so1 = core_agency_find(world->core, TEXT("so1"));
    assert_int_equal(stand_in_of(world->core, xa1, set->from - 1), NONE);
    assert_int_equal(stand_in_of(world->core, xa1, set->from), so1);
    assert_int_equal(stand_in_of(world->core, xa1, set->until - 1), so1);
    assert_int_equal(stand_in_of(world->core, xa1, set->until), NONE);
    assert_true(stand_in_next(world->core, xa1, world->now) == set->from);
    assert_true(stand_in_next(world->core, xa1, set->from) == set->until);
    assert_true(stand_in_next(world->core, xa1, set->until) == INT64_MAX);
    stand_ins_come_back(world);
}

TEST(who_has_a_say_on_both_sets_it_and_each_of_them_may_end_it)
{
    struct world *world = world_new();
    REFUSED(world, stand_ins_set(world, "xa1", NULL, "so1", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    REFUSED(world, stand_ins_set(world, "xa1", NULL, "huyen", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    REFUSED(world, stand_ins_set(world, "huyen", "xa1", "so2", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    assert_int_equal(stand_ins_set(world, "huyen", "xa1", "xa2", NULL, "2024-06-07"), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1 xa2"));
    assert_int_equal(stand_ins_newest(world)->notice, NOTICE_ASSIGNED);
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), 0);
    assert_true(
        world_tells(stand_ins_newest(world), "xa1 so2 xa2")); /* one at a time: xa2 is told that it is it no more */
    REFUSED(world, stand_ins_set(world, "so1", "xa1", "so1", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    REFUSED(world, stand_ins_set(world, "so1", "xa1", NULL, NULL, NULL), NOT_AUTHORISED, "agency");
    REFUSED(world, stand_ins_set(world, "xa2", "huyen", "xa2", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    assert_int_equal(stand_ins_set(world, "so2", "xa1", NULL, NULL, NULL), 0);
    assert_true(world_tells(stand_ins_newest(world), "xa1"));
    assert_int_equal(stand_ins_newest(world)->notice, NOTICE_REMOVED);
    assert_int_equal(stand_ins_set(world, "huyen", NULL, "xa3", NULL, "2024-06-07"), 0);
    assert_int_equal(stand_ins_set(world, "huyen", NULL, NULL, NULL, NULL), 0);
    assert_int_equal(stand_ins_set(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    assert_int_equal(stand_ins_newest(world)->record, RECORD_UNCHANGED);
    stand_ins_come_back(world);
}

TEST(what_cannot_be_is_refused_with_its_field)
{
    struct world *world = world_new();
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "xa1", NULL, "2024-06-07"), TREE_CYCLE, "by");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "khong", NULL, "2024-06-07"), AGENCY_UNKNOWN, "by");
    REFUSED(world, stand_ins_set(world, "tinh", "khong", "so1", NULL, "2024-06-07"), AGENCY_UNKNOWN, "agency");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so1", NULL, NULL), MISSING_FIELD, "until");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", NULL, NULL, "2024-06-07"), MISSING_FIELD, "by");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so1", "2024-06-02", "2024-06-07"), BAD_VALUE, "from");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so1", NULL, "2024-06-02"), BAD_VALUE, "until");
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so1", "2024-06-07", "2024-06-06"), BAD_VALUE, "until");
    struct msg_agency_set set = agency_set("so2", "tinh");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-10", 0, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so2", "2024-06-10", "2024-06-12"), NOT_ASSIGNABLE, "by");
    world->now = ladder_at("2024-06-10", 8, 0);
    REFUSED(world, stand_ins_set(world, "tinh", "xa1", "so2", NULL, "2024-06-12"), NOT_ASSIGNABLE, "by");
    REFUSED(world, stand_ins_set(world, "tinh", "so2", "so1", NULL, "2024-06-12"), NOT_ASSIGNABLE, "agency");
    world_free(world);
}

TEST(nobody_comes_to_stand_in_for_itself_on_any_day_but_two_may_take_turns)
{
    struct world *world = world_new();
    stand_ins_begin(world, "xa1", "xa2", "2024-06-03", "2024-06-07");
    stand_ins_begin(world, "xa2", "xa3", "2024-06-05", "2024-06-14");
    REFUSED(world, stand_ins_set(world, "huyen", "xa3", "xa1", "2024-06-07", "2024-06-20"), TREE_CYCLE, "by");
    REFUSED(world, stand_ins_set(world, "huyen", "xa2", "xa1", "2024-06-07", "2024-06-07"), TREE_CYCLE, "by");
    stand_ins_begin(world, "xa3", "xa1", "2024-06-08", "2024-06-20");
    stand_ins_come_back(world);
}

TEST(one_stands_in_for_so_many_and_those_that_are_over_make_room)
{
    struct world *world = world_new();
    char id[16];
    for (unsigned i = 0; i <= STAND_INS_MAX; i++) {
        snprintf(id, sizeof id, "to%02u", i);
        world_add_agency(world, id, "huyen");
        if (i < STAND_INS_MAX)
            stand_ins_begin(world, id, "so1", NULL, i % 2 ? "2024-06-04" : "2024-06-07");
    }
    assert_int_equal(stand_ins_count(world, "so1"), STAND_INS_MAX);
    REFUSED(world, stand_ins_set(world, "tinh", id, "so1", "2024-07-01", "2024-07-02"), CAPACITY, "by");
    stand_ins_begin(world, "to00", "so1", NULL, "2024-06-06"); /* it is one of them already */
    world->now = ladder_at("2024-06-05", 8, 0);
    stand_ins_begin(world, id, "so1", NULL, "2024-06-07");
    assert_int_equal(stand_ins_count(world, "so1"), STAND_INS_MAX / 2 + 1);
    stand_ins_come_back(world);
}

TEST(an_agency_that_is_changed_keeps_its_stand_in_and_nothing_else_sets_one)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    stand_ins_begin(world, "xa1", "so1", NULL, "2024-06-07");
    MSG_SET(&set.agency, agency, name, TEXT("Xã Một"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    stand_ins_text(stand_ins_agency(world, "xa1")->stand_in.by, "so1");
    MSG_SET(&set.agency.stand_in, stand_in, by, TEXT("so2"));
    MSG_SET(&set.agency.stand_in, stand_in, from, world->now);
    MSG_SET(&set.agency.stand_in, stand_in, until, world->now + WORLD_DAY);
    MSG_MARK(&set.agency, agency, stand_in);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(stand_ins_newest(world)->record, RECORD_UNCHANGED);
    stand_ins_text(stand_ins_agency(world, "xa1")->stand_in.by, "so1");
    stand_ins_come_back(world);
}

/* ---- once ---- */

TEST(a_request_that_is_sent_again_is_the_senders_in_whoevers_name_it_was)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    assert_int_equal(world_send_as(world, "so1", OP_ACCEPT, "mot", &change), 0);
    const size_t records = world->record_count;
    world->now = ladder_at("2024-06-10", 8, 0); /* it is over, and was done all the same */
    assert_int_equal(world_send_as(world, "so1", OP_ACCEPT, "mot", &change), 0);
    assert_int_equal(world->record_count, records);
    world->in_name_of = "xa1"; /* another request under the same id */
    REFUSED(world, world_send_as(world, "so1", OP_ACCEPT, "mot", &change), REQUEST_REUSED, "id");
    world->in_name_of = NULL;
    REFUSED(world, world_send_as(world, "xa1", OP_ACCEPT, "mot", &change), WRONG_STATE,
            "task"); /* its own ids are its own */
    stand_ins_come_back(world);
}
