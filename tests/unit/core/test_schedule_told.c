/* What a schedule could not make is told; and who stands for whom by then. */
#include <string.h>

#include "core/state.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/schedules.h"
#include "unit/test.h"

TEST(what_cannot_be_made_is_told_to_its_agency_and_the_next_is_tried)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    agency_ends(world, "xa1", "huyen", NULL, world->now);
    uint64_t since = world->record_count;
    schedules_run_until(world, "2024-06-10");
    assert_string_equal(schedules_came(world, since), "!BC/2024-W24");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->notice, NOTICE_CANCELLED);
    assert_int_equal(record->severity, SEVERITY_WARNING);
    assert_true(world_tells(record, "huyen"));
    assert_true(text_equal(record->scheduled.error, TEXT("not_assignable")));
    assert_true(text_equal(record->scheduled.field, TEXT("leads[0]")));
    assert_true(schedules_get(world, "BC")->trouble.size > 0);
    assert_true(schedules_says(world, 0, "cannot be made then, as things stand"));
    assert_true(schedules_says(world, 2, "has ended, and nobody has taken its place"));
    agency_ends(world, "xa1", "huyen", "xa2", world->now); /* somebody has, after all */
    since = world->record_count;
    schedules_run_until(world, "2024-06-17");
    assert_string_equal(schedules_came(world, since), "BC/2024-W25");
    assert_int_equal(core_task(world->core, 1)->lead, core_agency_find(world->core, TEXT("xa2")));
    assert_false(MSG_HAS(schedules_get(world, "BC"), schedule, trouble));
    rows_replay(world);
    world_free(world);
}

TEST(a_reference_that_is_taken_by_then_and_a_quota_that_is_used_up_are_told)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    struct event tick = {.type = EVENT_TICK, .now_ms = ladder_at("2024-06-17", 0, 0), .limits = {.tasks = 1}};
    schedules_set(world, &sent);
    world_assign(world, "huyen", "xa2", "BC/2024-W24", NULL);
    const uint64_t since = world->record_count;
    schedules_run_until(world, "2024-06-10");
    assert_string_equal(schedules_came(world, since), "!BC/2024-W24");
    assert_true(text_equal(world_record(world, world->record_count)->scheduled.error, TEXT("reference_taken")));
    effects_clear(&world->effects);
    core_step(world->core, &tick, &world->effects);
    assert_int_equal(world->effects.count, 2); /* and what is charged for it */
    assert_non_null(memmem(effects_bytes(&world->effects, world->effects.items[0].record.body),
                           world->effects.items[0].record.body.size, "storage_limited", 15));
    world_free(world);
}

TEST(the_right_to_task_is_asked_for_again_each_time)
{
    struct world *world = world_new();
    struct msg_store_set by_tree = {0};
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule.content, content, kind, KIND_DIRECTIVE);
    schedules_set(world, &sent);
    MSG_SET(&by_tree.settings, store_settings, tasking, TASKING_TREE);
    MSG_MARK(&by_tree, store_set, settings);
    assert_int_equal(world_send(world, "tinh", OP_STORE_SET, &by_tree), 0);
    const struct msg_agency_set moved = agency_set("xa1", "so1");
    uint64_t since = world->record_count;
    schedules_run_until(world, "2024-06-10");
    assert_string_equal(schedules_came(world, since), "BC/2024-W24");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &moved), 0);
    since = world->record_count;
    schedules_run_until(world, "2024-06-17");
    assert_string_equal(schedules_came(world, since), "!BC/2024-W25");
    assert_true(text_equal(world_record(world, world->record_count)->scheduled.error, TEXT("not_taskable")));
    MSG_SET(&sent.schedule, schedule, schedule, TEXT("BC-2"));
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), NOT_TASKABLE, "schedule.leads[0]");
    world_free(world);
}

/* ---- who stands for whom ---- */

TEST(leads_and_assigner_follow_their_successors)
{
    struct world *world = world_new();
    const struct text both[] = {TEXT("xa1"), TEXT("xa2")}, xa3 = TEXT("xa3");
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, leads, ((struct texts){both, 2}));
    MSG_SET(&sent.schedule.content, content, cooperating, ((struct texts){&xa3, 1}));
    schedules_set(world, &sent);
    agency_ends(world, "xa1", "huyen", "xa2", world->now);
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    const uint64_t since = world->record_count;
    schedules_run_until(world, "2024-06-10");
    assert_string_equal(schedules_came(world, since), "BC/2024-W24"); /* one lead is left */
    const struct task *task = core_task(world->core, 1);
    assert_int_equal(task->assigner, core_agency_find(world->core, TEXT("so1")));
    assert_int_equal(task->lead, core_agency_find(world->core, TEXT("xa2")));
    assert_int_equal(schedules_end(world, "so2", "BC"), COORD_E_SCHEDULE_UNKNOWN);
    assert_int_equal(schedules_end(world, "so1", "BC"), 0);
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    rows_replay(world);
    world_free(world);
}

TEST(a_role_that_a_merger_brought_together_with_another_falls_away)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule.content, content, supervisor, TEXT("so2"));
    schedules_set(world, &sent);
    agency_ends(world, "so2", "tinh", "xa1", world->now);
    schedules_run_until(world, "2024-06-10");
    const struct task *task = core_task(world->core, 1);
    assert_int_equal(task->lead, core_agency_find(world->core, TEXT("xa1")));
    assert_int_equal(task->supervisor, NONE);
    assert_true(world_tells(world_record(world, world->record_count - 1), "xa1"));
    world_free(world);
}

TEST(one_whose_agency_is_gone_makes_nothing_and_tells_nobody)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    agency_ends(world, "huyen", "tinh", NULL, world->now);
    const uint64_t since = world->record_count;
    schedules_run_until(world, "2024-06-10");
    assert_string_equal(schedules_came(world, since), "!BC/2024-W24");
    assert_true(text_equal(world_record(world, world->record_count)->scheduled.error, TEXT("agency_closed")));
    assert_false(MSG_HAS(world_record(world, world->record_count), record, to));
    world_free(world);
}
