/* Whose a task was stays so when a succession that is in force is changed or undone: what was held stays with whoever held it. */
#include "core/held.h"

#include <stdio.h>
#include <string.h>

#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int set_agency(struct world *world, const char *id, const char *successor, int64_t until)
{
    struct msg_agency_set set = agency_set(id, "huyen");
    if (until)
        MSG_SET(&set.agency, agency, valid_until, until);
    if (successor)
        MSG_SET(&set.agency, agency, successor, text_of(successor));
    return world_send(world, "tinh", OP_AGENCY_SET, &set);
}

static void assert_text(struct text text, const char *expected)
{
    assert_true(text_equal(text, text_of(expected)));
}

static const struct msg_task_custody_reply *custody(struct world *world, uint64_t task)
{
    struct msg_task_custody asked = {0};
    MSG_SET(&asked, task_custody, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_CUSTODY, &asked), 0);
    return WORLD_REPLY(world, task_custody_reply);
}

static void assert_turn(const struct msg_task_custody_reply *custody, uint32_t index, const char *agency, int64_t since)
{
    assert_in_range(index, 0, custody->turns.count - 1);
    assert_text(custody->turns.items[index].agency, agency);
    assert_int_equal(custody->turns.items[index].since, since);
}

/* What an agency is told itself that it held, in all. */
static uint64_t working(struct world *world, const char *agency)
{
    struct msg_agency_custody asked = {0};
    assert_int_equal(world_send(world, agency, OP_AGENCY_CUSTODY, &asked), 0);
    const struct msg_agency_custody_reply *reply = WORLD_REPLY(world, agency_custody_reply);
    return reply->tallies.count ? reply->tallies.items[0].working : 0;
}

static uint64_t accepted(struct world *world)
{
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    return task;
}

TEST(a_successor_that_another_replaces_keeps_what_it_held)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world);
    const int64_t ends = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    world->now += WORLD_HOUR;
    assert_int_equal(world_act(world, "xa2", OP_REPORT, task), 0);
    const int64_t changed = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa3", ends), 0);
    world->now += 3 * WORLD_HOUR;
    const struct msg_task_custody_reply *turns = custody(world, task);
    const uint32_t last = turns->turns.count - 1;
    assert_turn(turns, last - 2, "xa1", WORLD_BEGIN);
    assert_turn(turns, last - 1, "xa2", ends);
    assert_turn(turns, last, "xa3", changed);
    assert_int_equal(turns->turns.items[last - 1].worked, 2 * WORLD_HOUR);
    assert_int_equal(turns->turns.items[last].worked, 3 * WORLD_HOUR);
    assert_int_equal(working(world, "xa2"), 2 * WORLD_HOUR); /* though it may not read it any more */
    assert_int_equal(working(world, "xa3"), 3 * WORLD_HOUR);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    assert_int_equal(shown->custody.since, changed);
    assert_text(shown->successions.items[0].successor, "xa3");
    assert_int_equal(shown->successions.items[0].since, changed);
    rows_replay(world);
    world_free(world);
}

TEST(a_succession_that_is_undone_leaves_its_time_to_the_successor)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world);
    const int64_t ends = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    const int64_t submitted = world->now += WORLD_HOUR;
    assert_int_equal(world_act(world, "xa2", OP_SUBMIT, task), 0);
    world->now += WORLD_HOUR;
    struct msg_reason reject = {0};
    MSG_SET(&reject, reason, task, task);
    MSG_SET(&reject, reason, note, TEXT("làm lại"));
    assert_int_equal(world_send(world, "huyen", OP_REJECT, &reject), 0);
    const int64_t rejected = world->now;
    assert_text(world_record(world, world->record_count)->custody.agency, "xa2");
    assert_text(world_record(world, world->record_count)->custody.given_to, "xa1");
    const int64_t undone = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", NULL, 0), 0);
    world->now += WORLD_HOUR;
    const struct msg_task_custody_reply *turns = custody(world, task);
    const uint32_t last = turns->turns.count - 1;
    assert_turn(turns, last - 3, "xa2", ends);
    assert_turn(turns, last - 2, "huyen", submitted);
    assert_turn(turns, last - 1, "xa2", rejected);
    assert_turn(turns, last, "xa1", undone);
    assert_int_equal(working(world, "xa2"), 2 * WORLD_HOUR);
    assert_int_equal(working(world, "xa1"), 2 * WORLD_HOUR);
    rows_replay(world);
    world_free(world);
}

TEST(a_slip_that_is_mended_at_once_and_what_has_not_begun_leave_nothing)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world);
    const int64_t ends = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    world->now += HELD_SLIP_MS - 1;
    assert_int_equal(set_agency(world, "xa1", "xa3", ends), 0);
    assert_int_equal(world_record(world, world->record_count)->agency.stood.count, 0);
    world->now += WORLD_HOUR;
    const struct msg_task_custody_reply *turns = custody(world, task);
    assert_turn(turns, turns->turns.count - 2, "xa1", WORLD_BEGIN);
    assert_turn(turns, turns->turns.count - 1, "xa3", ends);
    assert_int_equal(set_agency(world, "xa2", "phong", world->now + WORLD_DAY), 0);
    world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa2", NULL, 0), 0);
    assert_int_equal(world_record(world, world->record_count)->agency.stood.count, 0);
    world_free(world);
}

TEST(an_end_that_is_put_right_afterwards_is_that_end_and_takes_no_room)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world);
    const int64_t ends = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    for (int i = 0; i < 2 * HELD_SPANS + 1; i++) {
        world->now += WORLD_HOUR / 4;
        const int64_t put_right = ends + (i % 2 ? -WORLD_HOUR / 2 : WORLD_HOUR / 8);
        assert_int_equal(set_agency(world, "xa1", "xa2", put_right), 0);
        assert_int_equal(world_record(world, world->record_count)->agency.stood.count, 0);
        const struct msg_task_custody_reply *turns = custody(world, task);
        assert_turn(turns, turns->turns.count - 2, "xa1", WORLD_BEGIN);
        assert_turn(turns, turns->turns.count - 1, "xa2", put_right);
    }
    rows_replay(world);
    world_free(world);
}

/* Set the wrong way round, undone, and set right: which is no circle, unless it is said to have been so at that time. */
TEST(two_that_change_places_were_in_each_others_one_after_the_other)
{
    struct world *world = world_new();
    const int64_t ends = world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", NULL, 0), 0);
    assert_int_equal(set_agency(world, "xa2", "xa1", world->now - 1), COORD_E_TREE_CYCLE);
    assert_string_equal(refused_field(world), "agency.valid_until");
    assert_int_equal(set_agency(world, "xa2", "xa1", world->now), 0);
    rows_replay(world);
    world_free(world);
}

TEST(so_many_changes_are_kept_and_no_more)
{
    struct world *world = world_new();
    const int64_t ends = world->now;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    for (int i = 0; i < HELD_SPANS; i++) {
        world->now += WORLD_HOUR;
        assert_int_equal(set_agency(world, "xa1", i % 2 ? "xa2" : "xa3", ends), 0);
    }
    world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa3", ends), COORD_E_CAPACITY);
    assert_string_equal(refused_field(world), "agency.successor");
    assert_int_equal(set_agency(world, "xa2", "xa3", world->now), 0); /* as it says */
    rows_replay(world);
    world_free(world);
}

/* ---- who is told ---- */

static const struct msg_record *newest(struct world *world)
{
    return world_record(world, world->record_count);
}

static bool says(const struct msg_record *record, const char *words)
{
    char reason[1024];
    snprintf(reason, sizeof reason, "%.*s", TEXT_ARGS(record->reason));
    return strstr(reason, words) != NULL;
}

TEST(who_gains_and_who_loses_by_a_change_of_a_succession_is_told)
{
    struct world *world = world_new();
    const int64_t ends = world->now;
    assert_int_equal(set_agency(world, "xa1", "xa2", ends), 0);
    assert_false(MSG_HAS(newest(world), record, to));
    world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", "xa3", ends), 0);
    assert_int_equal(newest(world)->notice, NOTICE_ASSIGNED);
    assert_true(world_tells(newest(world), "xa2 xa3"));
    assert_true(says(newest(world), "xa1 has ended, and xa3 takes its place instead of xa2"));
    world->now += WORLD_HOUR;
    assert_int_equal(set_agency(world, "xa1", NULL, 0), 0);
    assert_int_equal(newest(world)->notice, NOTICE_REMOVED);
    assert_true(world_tells(newest(world), "xa3 xa1"));
    assert_true(says(newest(world), "xa3 takes the place of xa1 no more"));
    rows_replay(world);
    world_free(world);
}

/* ---- what is said ---- */

/* As long as an id may be. */
static const char *long_id(char letter)
{
    static char ids[4][65];
    memset(ids[letter - 'a'], letter, 64);
    return ids[letter - 'a'];
}

static void give_with_excluded(struct world *world, const char *lead, const char *excluded)
{
    const struct text who = text_of(lead), kept_out = text_of(excluded);
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, leads, ((struct texts){&who, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Thẩm định"));
    MSG_SET(&assign.content, content, due, TEXT("2024-06-28"));
    MSG_SET(&assign.content, content, excluded, ((struct texts){&kept_out, 1}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
}

TEST(what_a_change_of_a_succession_brings_to_all_is_said_in_one_reason_that_the_store_reads_back)
{
    struct world *world = world_new();
    const char *ends = long_id('a'), *old = long_id('b'), *next = long_id('c'), *stood = long_id('d');
    struct msg_agency_stand_in stand_in = {0};
    for (char letter = 'a'; letter <= 'd'; letter++)
        world_add_agency(world, long_id(letter), "huyen");
    assert_int_equal(set_agency(world, ends, old, world->now + 9 * WORLD_DAY), 0);
    MSG_SET(&stand_in, agency_stand_in, agency, text_of(stood));
    MSG_SET(&stand_in, agency_stand_in, by, text_of(ends));
    MSG_SET(&stand_in, agency_stand_in, until, TEXT("2024-06-28"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_STAND_IN, &stand_in), 0);
    /* Two of the three… */
    assert_int_equal(set_agency(world, ends, next, world->now + 8 * WORLD_DAY), 0);
    assert_true(says(newest(world), "takes its place instead of bb") && says(newest(world), "nobody more then."));
    assert_int_equal(set_agency(world, ends, old, world->now + 7 * WORLD_DAY), 0);
    /* …and all of them. */
    give_with_excluded(world, ends, next);
    assert_int_equal(set_agency(world, ends, next, world->now + 6 * WORLD_DAY), 0);
    assert_true(MSG_HAS(newest(world), record, to) && newest(world)->to.count == 5);
    assert_true(says(newest(world), "those you lead yourself then") &&
                says(newest(world), "It does so instead of bb") &&
                says(newest(world), "aa stands in for nobody more then."));
    rows_replay(world);
    world_free(world);
}
