/* Rungs fire once, when they are due and never before, and follow what becomes of their deadline. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

#define REMIND_AT(days)                                                                                                \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .offset = (days), .unit = UNIT_WORKING_DAYS, .does = RUNG_REMIND,             \
        .to = LADDER_LEAD                                                                                              \
    }
#define DAYS_BEFORE_AND_AT REMIND_AT(-5), REMIND_AT(-3), REMIND_AT(-1), REMIND_AT(0)

static struct world *world_with_days(void)
{
    struct world *world = world_new();
    LADDER_SET(world, DAYS_BEFORE_AND_AT);
    return world;
}

static int64_t due_of(const struct world *world, uint64_t task)
{
    return core_task(world->core, task)->due;
}

/* ---- when ---- */

TEST(rungs_by_days_fire_when_the_work_of_their_day_begins)
{
    struct world *world = world_with_days();
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-06-20", "");
    ladder_expect(world, "2024-06-24", "0.0 06-21 07:30");
    ladder_expect(world, "2024-06-27", "1.0 06-25 07:30, 2.0 06-27 07:30");
    ladder_expect(world, "2024-08-30", "3.0 06-28 07:30");
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    world_free(world);
}

/* A deadline that is a day ends with it, at 24:00. */
TEST(rungs_by_hours_and_minutes_are_counted_from_the_deadline_itself)
{
    struct world *world = world_new();
    struct ladder_step day = {DEADLINE_COMPLETION, -24, UNIT_HOURS, RUNG_REMIND, .to = LADDER_LEAD}, late = day;
    late.offset = 90;
    late.unit = UNIT_MINUTES;
    late.does = RUNG_NOTIFY;
    LADDER_SET(world, day, late);
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_assign(world, "HT-002", "2024-06-28T10:15", 0);
    ladder_expect(world, "2024-06-30", "0.0 06-27 10:15, 0.0 06-28 00:00, 1.0 06-28 11:45, 1.0 06-29 01:30");
    world_free(world);
}

TEST(a_rung_fires_at_its_instant_and_not_a_millisecond_before)
{
    struct world *world = world_with_days();
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    for (int i = 0; i < 4; i++) {
        const int64_t at = core_next_deadline(world->core);
        const size_t records = world->record_count;
        world_event(world, EVENT_TICK, at - 1);
        assert_int_equal(world->record_count, records);
        world_event(world, EVENT_TICK, at);
        assert_int_equal(world->record_count, records + 1);
        assert_int_equal(world_record(world, records + 1)->instant, at);
        assert_int_equal(world_record(world, records + 1)->time, at);
        world_event(world, EVENT_TICK, at);
        world_event(world, EVENT_TICK, at - WORLD_DAY); /* the clock went back */
        world_event(world, EVENT_TICK, at + WORLD_HOUR);
        assert_int_equal(world->record_count, records + 1);
    }
    world_free(world);
}

TEST(a_rung_that_fired_does_not_fire_again_after_a_restore)
{
    struct world *world = world_with_days();
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    for (int i = 0; i <= 4; i++) {
        struct core *restored = world_restore(world, NULL, 0, 0);
        assert_true(core_next_deadline(restored) == core_next_deadline(world->core));
        core_free(world->core);
        world->core = restored;
        world_event(world, EVENT_TICK, world->now);
        assert_int_equal(world->effects.count, 0);
        assert_int_equal(world_run_until(world, core_next_deadline(world->core) - 1), 0);
        if (i < 4)
            assert_int_equal(world_run_until(world, core_next_deadline(world->core)), 1);
    }
    world_free(world);
}

TEST(one_tick_fires_no_more_than_its_limit_and_the_next_the_rest)
{
    struct world *world = world_with_days();
    char reference[16];
    for (int i = 0; i < CORE_TICK_RUNGS + 200; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        ladder_assign(world, reference, "2024-06-28", 0);
    }
    const size_t records = world->record_count;
    const int64_t at = core_next_deadline(world->core);
    world_event(world, EVENT_TICK, at);
    assert_int_equal(world->record_count, records + CORE_TICK_RUNGS);
    assert_true(core_next_deadline(world->core) == at);
    world_event(world, EVENT_TICK, at);
    assert_int_equal(world->record_count, records + CORE_TICK_RUNGS + 200);
    assert_true(core_next_deadline(world->core) > at);
    world_free(world);
}

TEST(a_period_is_due_so_many_days_after_the_assignment)
{
    struct world *world = world_with_days();
    assert_true(due_of(world, ladder_assign(world, "HT-001", "10wd", 0)) == ladder_at("2024-06-18", 0, 0));
    assert_true(due_of(world, ladder_assign(world, "HT-002", "30d", 0)) == ladder_at("2024-07-04", 0, 0));
    ladder_expect(world, "2024-06-28",
                  "0.0 06-10 07:30, 1.0 06-12 07:30, 2.0 06-14 07:30, 3.0 06-17 07:30,"
                  " 0.0 06-26 07:30, 1.0 06-28 07:30");
    world_free(world);
}

static void set_holidays(struct world *world)
{
    struct calendar *calendar = vietnam_calendar();
    struct msg_calendar_set set = {0};
    set.calendar = *calendar_message(calendar);
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    calendar_free(calendar);
}

TEST(a_period_over_holidays_is_due_on_the_day_that_the_law_counts)
{
    static const struct {
        const char *from, *due, *last;
    } stated[] = {{"2024-02-06", "5wd", "2024-02-20"}, {"2024-04-26", "5wd", "2024-05-07"},
                  {"2024-01-09", "30d", "2024-02-15"}, {"2024-02-07", "1wd", "2024-02-15"},
                  {"2024-05-03", "1wd", "2024-05-04"}, {"2025-04-25", "1wd", "2025-04-26"}};
    struct world *world = world_with_days();
    set_holidays(world);
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; i++) {
        char reference[16];
        world->now = ladder_at(stated[i].from, 9, 0);
        snprintf(reference, sizeof reference, "HT-%zu", i);
        const uint64_t task = ladder_assign(world, reference, stated[i].due, 0);
        if (due_of(world, task) != ladder_at(stated[i].last, 0, 0) + WORLD_DAY)
            fail_msg("%s + %s is not %s", stated[i].from, stated[i].due, stated[i].last);
        const struct msg_record *record = world_record(world, world->record_count);
        assert_true(text_equal(record->due_day, text_of(stated[i].last)));
    }
    world_free(world);
}

/* ---- what moves them ---- */

TEST(an_amended_due_begins_a_new_round_in_which_every_step_ahead_fires)
{
    struct world *world = world_with_days();
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-06-24", "0.0 06-21 07:30");
    ladder_amend_due(world, task, "2024-07-12");
    ladder_expect(world, "2024-07-04", "");
    ladder_expect(world, "2024-07-31", "0.0 07-05 07:30, 1.0 07-09 07:30, 2.0 07-11 07:30, 3.0 07-12 07:30");
    assert_int_equal(world_record(world, world->record_count)->round, 2);
    world_free(world);
}

TEST(a_due_that_is_brought_forward_passes_over_what_lies_before_its_round)
{
    struct world *world = world_with_days();
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world_run_until(world, ladder_at("2024-06-13", 10, 0));
    ladder_amend_due(world, task, "2024-06-14");
    ladder_expect(world, "2024-06-28", "3.0 06-14 07:30");
    world_free(world);
}

/* From Monday evening to Monday morning a week on: five working days. */
TEST(nothing_fires_while_suspended_and_what_is_left_moves_by_the_days_that_it_was)
{
    struct world *world = world_with_days();
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-06-24", "0.0 06-21 07:30");
    ladder_act(world, "huyen", OP_SUSPEND, task);
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    ladder_expect(world, "2024-06-30", "");
    world_run_until(world, ladder_at("2024-07-01", 9, 0));
    ladder_act(world, "huyen", OP_RESUME, task);
    assert_true(due_of(world, task) == ladder_at("2024-07-06", 0, 0));
    ladder_expect(world, "2024-07-31", "1.0 07-02 07:30, 2.0 07-04 07:30, 3.0 07-05 07:30");
    world_free(world);
}

TEST(a_calendar_that_changes_moves_what_is_counted_in_it)
{
    struct world *world = world_with_days();
    world->now = ladder_at("2024-08-20", 9, 0);
    ladder_assign(world, "HT-001", "2024-09-06", 0);
    ladder_expect(world, "2024-08-31", "0.0 08-30 07:30");
    set_holidays(world); /* 2 and 3 September are off: the third day before is now Friday 30 August */
    ladder_expect(world, "2024-09-06", "1.0 08-31 23:59, 2.0 09-05 07:30, 3.0 09-06 07:30");
    world_free(world);
}

TEST(a_submission_stops_the_ladder_and_a_rejection_lets_it_go_on)
{
    struct world *world = world_with_days();
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-21", "0.0 06-21 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_expect(world, "2024-06-24", "");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-26", "1.0 06-25 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    ladder_expect(world, "2024-07-31", "");
    world_free(world);
}

TEST(a_cancelled_task_fires_nothing_more)
{
    struct world *world = world_with_days();
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-06-21", "0.0 06-21 07:30");
    ladder_act(world, "huyen", OP_CANCEL, task);
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    ladder_expect(world, "2024-07-31", "");
    world_free(world);
}

/* The record of a step of the policy's first firing; it must be there. */
static const struct msg_record *firing_of(struct world *world, uint64_t step)
{
    for (uint64_t seq = 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record == RECORD_RUNG && record->step == step)
            return record;
    }
    fail_msg("step %u did not fire", (unsigned)step);
    return NULL;
}

static bool tells(const struct msg_record *record, const char *agency)
{
    for (uint32_t i = 0; i < record->to.count; i++)
        if (text_equal(record->to.items[i], text_of(agency)))
            return true;
    return false;
}

TEST(a_restricted_task_is_told_to_those_who_may_read_it_or_may_by_being_addressed)
{
    struct world *world = world_new();
    const uint32_t superior = TERM_BIT(ROLE_LEAD_SUPERIOR);
    LADDER_SET(world,
               {DEADLINE_COMPLETION, -2, UNIT_WORKING_DAYS, RUNG_REMIND, LADDER_LEAD | superior, .agency = "so2"},
               {DEADLINE_COMPLETION, -1, UNIT_WORKING_DAYS, RUNG_ESCALATE, superior, .level = 1},
               {DEADLINE_COMPLETION, 0, UNIT_WORKING_DAYS, RUNG_REMIND, superior, .agency = "so2"},
               {DEADLINE_COMPLETION, 1, UNIT_WORKING_DAYS, RUNG_ESCALATE, 0, .level = 2, .agency = "so2"});
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = {0};
    struct msg_task_get get = {0};
    MSG_SET(&assign, assign, reference, TEXT("M"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Mật"));
    MSG_SET(&assign.content, content, due, TEXT("2024-06-14"));
    MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &assign), 0);
    MSG_SET(&get, task_get, task, 1);
    ladder_act(world, "xa1", OP_ACCEPT, 1);
    world_run_until(world, ladder_at("2024-06-13", 0, 0));
    assert_true(tells(firing_of(world, 0), "xa1"));
    assert_false(tells(firing_of(world, 0), "huyen"));
    assert_false(tells(firing_of(world, 0), "so2"));
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    /* The escalation's addressee may read from then on, and is reminded like any other reader. */
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    assert_true(tells(firing_of(world, 1), "huyen"));
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    assert_true(tells(firing_of(world, 2), "huyen"));
    assert_false(tells(firing_of(world, 2), "so2"));
    assert_int_equal(world_send(world, "so2", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    world_run_until(world, ladder_at("2024-06-18", 0, 0));
    assert_true(tells(firing_of(world, 3), "so2"));
    assert_int_equal(world_send(world, "so2", OP_TASK_GET, &get), 0);
    world_free(world);
}

/* ---- what lies ahead ---- */

static uint32_t lines_ahead(struct world *world, uint64_t task, const char *words)
{
    struct msg_task_get get = {0};
    uint32_t found = 0;
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_line_items *ahead = &WORLD_REPLY(world, task_reply)->ahead;
    for (uint32_t i = 0; i < ahead->count; i++) {
        assert_true(ahead->items[i].time > world->now);
        found += memmem(ahead->items[i].text.data, ahead->items[i].text.size, words, strlen(words)) != NULL;
    }
    return found;
}

TEST(what_has_passed_does_not_lie_ahead)
{
    struct world *world = world_new();
    LADDER_SET(world, DAYS_BEFORE_AND_AT, REMIND_AT(5));
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    assert_int_equal(lines_ahead(world, task, "The lead is to accept by"), 1);
    assert_int_equal(lines_ahead(world, task, "Reminds"), 5);
    world_run_until(world, ladder_at("2024-06-26", 12, 0));
    assert_int_equal(lines_ahead(world, task, "The lead is to accept by"), 0);
    assert_int_equal(lines_ahead(world, task, "The work is to be submitted by"), 1);
    assert_int_equal(lines_ahead(world, task, "Reminds"), 3);
    world_run_until(world, core_task(world->core, task)->due - 1);
    assert_int_equal(lines_ahead(world, task, "The work is to be submitted by"), 1);
    world_run_until(world, core_task(world->core, task)->due);
    assert_int_equal(lines_ahead(world, task, "The work is to be submitted by"), 0);
    assert_int_equal(lines_ahead(world, task, "Reminds"), 1);
    world_free(world);
}
