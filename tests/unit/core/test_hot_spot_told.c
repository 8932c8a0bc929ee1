/* What one agency's rules of hot spots may cost the others, and how often anybody is told of one. */
#include <stdio.h>
#include <string.h>

#include "core/hot_spot.h"
#include "core/state.h"
#include "unit/core/hot_spots.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

/* Whoever changes its rule again and again before its tasks are looked at keeps that one from being raised, and none else. */
TEST(a_rule_that_changes_again_and_again_keeps_no_other_waiting)
{
    struct world *world = world_new();
    for (int i = 0; i < 200; i++)
        hot_spots_assign(world, "xa2", "water", NULL, false);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "huyen", NULL, "huyen", 2, {"huyen"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "so1", "so1", NULL, "so1", 1, {"so1"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "dat-dai", "land", NULL, 1, {"tinh"}), 0);
    bool is_raised = false;
    for (int i = 0; i < 40 && !is_raised; i++) {
        assert_int_equal(HOT_SPOTS_SET(world, "huyen", "huyen", NULL, "huyen", 3 + (uint64_t)(i % 2), {"huyen"}), 0);
        assert_true(hot_spots_get(world, "huyen", "huyen").count == 0); /* none that it counted before */
        const struct msg_hot_spot shown = hot_spots_get(world, "huyen", "huyen");
        assert_true(MSG_HAS(&shown, hot_spot, counting));
        world_event(world, EVENT_TICK, world->now);
        const struct msg_hot_spot other = hot_spots_get(world, "tinh", "dat-dai");
        is_raised = MSG_HAS(&other, hot_spot, raised);
    }
    assert_true(is_raised);
    hot_spots_settle(world);
    const struct msg_hot_spot whole = hot_spots_get(world, "huyen", "huyen");
    assert_true(!MSG_HAS(&whole, hot_spot, counting) && whole.count == 1);
    hot_spots_come_back(world);
}

/* While the tree changes, what is shown is what was counted before. */
TEST(while_it_is_counted_anew_a_rule_shows_what_it_counted_before)
{
    struct world *world = world_new();
    for (int i = 0; i < 300; i++)
        hot_spots_assign(world, "xa1", "land", i < 3 ? "2024-06-06" : NULL, false);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "huyen", NULL, "huyen", 9, {"tinh"}), 0);
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(hot_spots_get(world, "tinh", "huyen").count, 3);
    struct msg_agency_set set = agency_set("xa1", "so1");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    const struct msg_hot_spot counting = hot_spots_get(world, "tinh", "huyen");
    assert_true(MSG_HAS(&counting, hot_spot, counting) && counting.count == 3);
    hot_spots_settle(world);
    const struct msg_hot_spot whole = hot_spots_get(world, "tinh", "huyen");
    assert_true(!MSG_HAS(&whole, hot_spot, counting) && whole.count == 0);
    hot_spots_come_back(world);
}

TEST(a_rule_of_an_agency_counts_what_that_one_may_read)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "xa", NULL, "xa1", 2, {"huyen"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "xa.tinh", NULL, "xa1", 2, {"huyen"}), 0);
    struct text leads[] = {TEXT("xa1")};
    struct msg_assign request = {0};
    MSG_SET(&request, assign, reference, TEXT("MAT-1"));
    MSG_SET(&request, assign, leads, ((struct texts){leads, 1}));
    MSG_SET(&request.content, content, title, TEXT("Việc mật"));
    MSG_SET(&request.content, content, due, TEXT("2024-06-06"));
    MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &request), 0); /* huyen has no role on it */
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    hot_spots_assign(world, "xa1", NULL, "2024-06-06", false);
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(hot_spots_get(world, "huyen", "xa").count, 1);
    assert_int_equal(hot_spots_get(world, "huyen", "xa.tinh").count,
                     2); /* an administrator's counts all that there is */
    struct msg_amend amend = {0};
    struct text observer = TEXT("huyen");
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, observers, ((struct texts){&observer, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &amend), 0);
    hot_spots_settle(world);
    assert_int_equal(hot_spots_get(world, "huyen", "xa").count, 2);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    hot_spots_come_back(world);
}

static void submit_or_reject(struct world *world, uint64_t task, enum op op)
{
    assert_int_equal(world_act(world, op == OP_REJECT ? "huyen" : "xa1", op, task), 0);
    hot_spots_settle(world);
}

/* Handed in and sent back, again and again: told once an hour, and charged to who did it. */
TEST(a_hot_spot_that_flaps_is_told_once_an_hour)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"tinh"}), 0);
    const uint64_t task = hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    hot_spots_settle(world);
    const int64_t raised = core_next_deadline(world->core);
    world_run_until(world, raised);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    const uint64_t before = world->record_count;
    submit_or_reject(world, task, OP_SUBMIT);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(world_charged(world, "xa1") > 0);
    submit_or_reject(world, task, OP_REJECT);
    submit_or_reject(world, task, OP_SUBMIT);
    submit_or_reject(world, task, OP_REJECT);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 0);
    core_free(world->core); /* it rests across a restart */
    world->core = world_restore(world, NULL, 0, 0);
    hot_spots_settle(world);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 0);
    assert_int_equal(core_next_deadline(world->core), raised + HOT_SPOT_REST_MS);
    world_run_until(world, raised + HOT_SPOT_REST_MS - 1);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 0);
    world_run_until(world, raised + HOT_SPOT_REST_MS);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 1);
    hot_spots_come_back(world);
}

/* Each telling is a piece of work of its own, and what is left goes on after a restart: each is told once. */
TEST(those_who_are_told_of_a_hot_spot_are_told_once_each_across_restarts)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"tinh", "huyen", "so1"}), 0);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    hot_spots_settle(world);
    const uint64_t before = world->record_count;
    const int64_t due = core_next_deadline(world->core);
    world->now = due;
    for (uint32_t i = 0; i < 3; i++) { /* as a tick does that has no time for more */
        for (int pieces = 0; hot_spots_told_since(world, before, NOTICE_HOT_SPOT) == i; pieces++) {
            assert_in_range(pieces, 0, 9);
            effects_clear(&world->effects);
            hot_spots_step(world->core, world->now, 1, &world->effects);
            world_keep_records(world);
        }
        const struct msg_record *record = world_record(world, world->record_count);
        assert_int_equal(MSG_HAS(&record->hot_spot, hot_spot, told) ? record->hot_spot.told : 0, i < 2 ? i + 1 : 0);
        assert_true(world_tells(record, i == 0 ? "tinh" : i == 1 ? "huyen" : "so1"));
        assert_int_equal(record->hot_spot.raised, due);
        rows_replay(world);
        core_free(world->core);
        world->core = i == 1 ? world_restore(world, world->rows->items, world->rows->count, world->rows->checkpoint)
                             : world_restore(world, NULL, 0, 0);
    }
    hot_spots_settle(world);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 3);
    hot_spots_come_back(world);
}

TEST(an_id_that_is_taken_does_not_say_by_whom_to_whom_it_does_not_concern)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "so1", "r", NULL, "so1", 1, {"so1"}), COORD_E_NOT_AUTHORISED);
    hot_spots_refused(world, "rule.rule");
    assert_null(memmem(world->refusal.message.data, world->refusal.message.size, "huyen", 5));
    assert_int_equal(HOT_SPOTS_SET(world, "xa1", "r", NULL, "xa1", 1, {"xa1"}), COORD_E_NOT_AUTHORISED);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "huyen", 5));
    world_free(world);
}

TEST(agencies_set_half_of_the_rules_and_leave_the_others_to_administrators)
{
    static const char *const agencies[] = {"huyen", "so1", "so2", "phong", "xa1", "xa2", "xa3", "ngoai"};
    struct world *world = world_new();
    char id[24];
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++)
        for (int j = 0; j < HOT_SPOTS_EACH; j++) {
            snprintf(id, sizeof id, "%s-%d", agencies[i], j);
            assert_int_equal(HOT_SPOTS_SET(world, agencies[i], id, NULL, agencies[i], 1, {agencies[i]}), 0);
        }
    assert_int_equal(HOT_SPOTS_EACH * 8, HOT_SPOTS_AGENCIES);
    world_add_agency(world, "xa4", "huyen");
    assert_int_equal(HOT_SPOTS_SET(world, "xa4", "xa4", NULL, "xa4", 1, {"xa4"}), COORD_E_CAPACITY);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "xa4", NULL, "xa4", 1, {"xa4"}), 0);
    hot_spots_come_back(world);
}
