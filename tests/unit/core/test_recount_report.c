/* A calendar that changes moves the reports that are owed. */
#include "unit/core/decree.h"
#include "unit/core/ladder.h"
#include "unit/core/shown.h"
#include "unit/core/vietnam.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* Weekly, from Monday 2024-06-03 on. */
static uint64_t assign_weekly(struct world *world, const char *reference, const char *due)
{
    struct msg_assign assign = {0};
    struct text xa1 = TEXT("xa1");
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void restart(struct world *world)
{
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
}

TEST(a_report_that_is_owed_moves_with_the_end_of_its_period)
{
    struct world *world = world_new();
    decree_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    const int64_t due = shown_task(world, "tinh", task)->report_due;
    assert_true(due == vietnam_at("2024-06-11", 0, 0));
    decree_off(world, "2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(record->record == RECORD_DUE_MOVED && record->notice == NOTICE_DUE_MOVED && record->task == task);
    assert_true(record->report_due == due + WORLD_DAY && record->report_counted.was == due);
    assert_true(text_equal(record->report_counted.words, TEXT("weekly")) && record->report_counted.period == 1);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_REPORT));
    assert_true(
        text_equal(record->reason, TEXT("HT-1 is to report by 2024-06-11 now, which was 2024-06-10: the calendar "
                                        "default has changed, and the weekly report was counted anew.")));
    assert_true(world_tells(record, "xa1 huyen") || world_tells(record, "huyen xa1"));
    restart(world);
    assert_int_equal(world_run_until(world, world->now), 0);
    assert_true(shown_task(world, "tinh", task)->report_due == due + WORLD_DAY);
    decree_off(world, ""); /* and back again */
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task)->report_due == due);
    world_free(world);
}

TEST(a_report_that_came_leaves_the_next_period_to_be_counted)
{
    struct world *world = world_new();
    decree_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    struct msg_progress report = {0};
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&report, progress, task, task);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-18", 0, 0));
    decree_off(world, "2024-06-10 2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-19", 0, 0));
    world_free(world);
}

TEST(a_report_keeps_what_its_task_stood_still)
{
    struct world *world = world_new();
    decree_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += 2 * WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-13", 0, 0));
    assert_int_equal(world_record(world, world->record_count)->report_counted.stood, 2);
    decree_off(world, "2024-06-10"); /* the period ends on the 11th, and two days later */
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-14", 0, 0));
    world_free(world);
}

/* The ladder of reports is the missing one's: it climbs on, and what of it is open stays so. */
TEST(a_report_that_is_missing_stays_missing_when_the_one_under_way_moves)
{
    struct world *world = world_new();
    decree_off(world, "");
    const struct ladder_step soon = {.deadline = DEADLINE_REPORT,
                                     .offset = 1,
                                     .unit = UNIT_WORKING_DAYS,
                                     .does = RUNG_ESCALATE,
                                     .to = TERM_BIT(ROLE_ASSIGNER),
                                     .level = 1};
    const struct ladder_step late = {.deadline = DEADLINE_REPORT,
                                     .offset = 4,
                                     .unit = UNIT_WORKING_DAYS,
                                     .does = RUNG_ESCALATE,
                                     .to = TERM_BIT(ROLE_ASSIGNER),
                                     .level = 2};
    LADDER_SET(world, soon, late);
    const uint64_t task = ladder_assign(world, "HT-1", NULL, PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-11", "end 06-11 00:00-, 0.0 06-11 07:30");
    decree_off(world, "2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 1);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(record->record == RECORD_DUE_MOVED && record->report_counted.period == 2);
    assert_false(MSG_HAS(record, record, rounds) || MSG_HAS(record, record, superseded));
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-19", 0, 0));
    ladder_expect(world, "2024-06-17", "1.0 06-14 07:30");
    restart(world);
    ladder_expect(world, "2024-06-19", "end 06-19 00:00, 0.0 06-19 07:30");
    world_free(world);
}

/* A store of before does not say which period it is the end of, nor how long its task stood still. */
TEST(a_report_of_a_record_that_does_not_say_how_it_was_counted_stays_until_the_next)
{
    struct world *world = world_new();
    decree_off(world, "");
    const uint64_t task = assign_weekly(world, "HT-1", NULL);
    struct msg_record old = *world_record(world, world->record_count);
    old.has &= ~MSG_BIT(record, report_counted);
    old.task = task + 1;
    old.reference = TEXT("CU");
    MSG_SET(&old, record, request, TEXT("of-before"));
    world_put_record(world, &old);
    decree_off(world, "2024-06-10");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(shown_task(world, "tinh", task)->report_due == vietnam_at("2024-06-12", 0, 0));
    assert_true(shown_task(world, "tinh", task + 1)->report_due == vietnam_at("2024-06-11", 0, 0));
    decree_off(world, "");
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_int_equal(world_run_until(world, vietnam_at("2024-06-11", 8, 0)), 2); /* their period ends */
    decree_off(world, "2024-06-17");
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(shown_task(world, "tinh", task + 1)->report_due == vietnam_at("2024-06-19", 0, 0));
    world_free(world);
}
