/* What passed while the broker was down, or is due at one moment for whatever reason, is told as one notice, the highest;
 * or for itself, or is only recorded, as its step says; and fires once, either way.
 */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

/* The fields after the days: what it does, then others by name. */
#define STEP(days, ...)                                                                                                \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .to = LADDER_LEAD, .offset = (days), .unit = UNIT_WORKING_DAYS, __VA_ARGS__   \
    }

/* Down from now until 9:00 of a day. */
static void be_down_until(struct world *world, const char *day)
{
    world_event(world, EVENT_RESUME, ladder_at(day, 9, 0));
    assert_int_equal(world->effects.count, 0);
}

TEST(what_is_to_fire_fires_late_each_for_itself)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_FIRE), STEP(-3, RUNG_REMIND, .catchup = CATCHUP_FIRE),
               STEP(0, RUNG_REMIND));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-06-26");
    ladder_expect(world, "2024-06-26", "0.0 06-26 09:00f, 1.0 06-26 09:00f");
    assert_true(world_tells(world_record(world, world->record_count), "xa1"));
    assert_true(world_record(world, world->record_count)->instant == ladder_at("2024-06-25", 7, 30));
    ladder_expect(world, "2024-07-31", "2.0 06-28 07:30");
    world_free(world);
}

TEST(of_what_merges_the_last_fires_for_all_of_its_deadline)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_MERGE), STEP(-3, RUNG_REMIND, .catchup = CATCHUP_MERGE),
               STEP(-1, RUNG_REMIND, .catchup = CATCHUP_MERGE), STEP(0, RUNG_REMIND, .catchup = CATCHUP_MERGE));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_assign(world, "HT-002", "2024-07-02", 0);
    be_down_until(world, "2024-06-27");
    ladder_expect(world, "2024-06-27",
                  "0.0 06-27 09:00m-, 1.0 06-27 09:00m-, 2.0 06-27 09:00m+0/1, 0.0 06-27 09:00m-, 1.0 06-27 09:00m+0");
    ladder_expect(world, "2024-07-31", "3.0 06-28 07:30, 2.0 07-01 07:30, 3.0 07-02 07:30");
    world_free(world);
}

TEST(what_is_only_recorded_tells_nobody)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_RECORD),
               STEP(-3, RUNG_REMIND, .catchup = CATCHUP_RECORD),
               STEP(0, RUNG_ESCALATE, .level = 1, .catchup = CATCHUP_RECORD));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-06-25");
    ladder_expect(world, "2024-06-25", "0.0 06-25 09:00r-, 1.0 06-25 09:00r-");
    be_down_until(world, "2024-06-28");
    ladder_expect(world, "2024-07-31", "2.0 06-28 09:00r-");
    assert_null(core_task(world->core, task)->rare->escalations);
    world_free(world);
}

TEST(an_escalation_stands_above_a_reminder_that_comes_later)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-3, RUNG_ESCALATE, .level = 1, .catchup = CATCHUP_MERGE),
               STEP(-1, RUNG_REMIND, .catchup = CATCHUP_MERGE),
               STEP(1, RUNG_ESCALATE, .level = 2, .catchup = CATCHUP_MERGE),
               STEP(2, RUNG_REMIND, .catchup = CATCHUP_MERGE));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-06-27");
    ladder_expect(world, "2024-06-27", "1.0 06-27 09:00m-, 0.0 06-27 09:00m+1");
    be_down_until(world, "2024-07-02");
    ladder_expect(world, "2024-07-31", "3.0 07-02 09:00m-, 2.0 07-02 09:00m+3");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 2);
    world_free(world);
}

TEST(rungs_of_several_deadlines_of_a_task_are_told_as_one)
{
    struct world *world = world_new();
    struct ladder_step acceptance = STEP(0, RUNG_REMIND, .catchup = CATCHUP_MERGE), completion = acceptance;
    acceptance.deadline = DEADLINE_ACCEPTANCE;
    LADDER_SET(world, acceptance, completion);
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-07-01");
    ladder_expect(world, "2024-07-31", "0.0 07-01 09:00m-, 1.0 07-01 09:00m+0");
    world_free(world);
}

TEST(repeats_that_were_missed_merge_into_the_last_and_go_on_from_there)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(0, RUNG_NOTIFY, .repeat = 1, .repeat_unit = UNIT_WORKING_DAYS, .catchup = CATCHUP_MERGE));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-07-02");
    ladder_expect(world, "2024-07-04",
                  "0.0 07-02 09:00m-, 0.1 07-02 09:00m-, 0.2 07-02 09:00m+0,"
                  " 0.3 07-03 07:30, 0.4 07-04 07:30");
    world_free(world);
}

TEST(what_fired_before_the_broker_went_down_is_not_missed)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND), STEP(-3, RUNG_REMIND));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-06-21", "0.0 06-21 07:30");
    be_down_until(world, "2024-06-24");
    ladder_expect(world, "2024-07-31", "1.0 06-25 07:30");
    world_free(world);
}

TEST(a_tick_that_comes_late_misses_nothing_and_tells_it_once)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_RECORD),
               STEP(-3, RUNG_REMIND, .catchup = CATCHUP_MERGE));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-26", 9, 0);
    ladder_expect(world, "2024-07-31", "0.0 06-26 09:00-, 1.0 06-26 09:00+0");
    world_free(world);
}

/* The broker stops again in the middle of catching up: what fired is on record, and the rest is still missed. */
TEST(catching_up_goes_on_after_a_restore_in_the_middle)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_MERGE), STEP(-3, RUNG_REMIND, .catchup = CATCHUP_MERGE),
               STEP(-1, RUNG_REMIND, .catchup = CATCHUP_MERGE));
    for (int i = 0; i < CORE_TICK_RUNGS / 2; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        ladder_assign(world, reference, "2024-06-28", 0);
    }
    be_down_until(world, "2024-06-27");
    const size_t records = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world->record_count, records + CORE_TICK_RUNGS / 3 * 3); /* a task's rungs stay together */
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    be_down_until(world, "2024-06-27");
    world_run_until(world, world->now);
    assert_int_equal(world->record_count, records + 3 * CORE_TICK_RUNGS / 2);
    size_t told = 0;
    for (uint64_t seq = records + 1; seq <= world->record_count; seq++)
        told += world_record(world, seq)->to.count;
    assert_int_equal(told, CORE_TICK_RUNGS / 2);
    world_free(world);
}

TEST(a_change_that_makes_a_rung_due_after_catching_up_does_not_make_it_missed)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(-5, RUNG_REMIND, .catchup = CATCHUP_RECORD),
               STEP(-3, RUNG_REMIND, .catchup = CATCHUP_RECORD));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    be_down_until(world, "2024-06-21");
    ladder_expect(world, "2024-06-21", "0.0 06-21 09:00r-");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_expect(world, "2024-06-26", "");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-07-31", "1.0 06-26 23:59");
    world_free(world);
}

/* It was handed in before the first tick: that tick has a calendar to count by, and nothing to fire. */
TEST(a_tick_that_only_counts_anew_ends_what_was_missed)
{
    struct world *world = world_new();
    struct msg_hours hours[10];
    struct msg_calendar_set set = {0};
    LADDER_SET(world, STEP(-3, RUNG_REMIND, .catchup = CATCHUP_RECORD));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    be_down_until(world, "2024-06-25");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    set.calendar = vietnam_week(hours);
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    ladder_expect(world, "2024-06-25", "");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-26", "0.0 06-25 23:59");
    world_free(world);
}
