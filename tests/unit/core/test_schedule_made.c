/* What a schedule makes: one task a period, once, and what was missed. */
#include <stdio.h>
#include <string.h>

#include "core/schedule_period.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/schedules.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

/* ---- periods ---- */

TEST(periods_are_named_as_people_name_them)
{
    static const struct {
        int period;
        const char *day, *begin, *name, *after;
    } cases[] = {
        {PERIOD_WEEKLY, "2024-06-05", "2024-06-03", "2024-W23", "2024-06-10"},
        {PERIOD_WEEKLY, "2024-12-31", "2024-12-30", "2025-W01", "2025-01-06"},
        {PERIOD_WEEKLY, "2027-01-03", "2026-12-28", "2026-W53", "2027-01-04"},
        {PERIOD_WEEKLY, "2024-01-01", "2024-01-01", "2024-W01", "2024-01-08"},
        {PERIOD_MONTHLY, "2024-02-29", "2024-02-01", "2024-02", "2024-03-01"},
        {PERIOD_QUARTERLY, "2024-06-30", "2024-04-01", "2024-Q2", "2024-07-01"},
        {PERIOD_HALF_YEARLY, "2024-07-01", "2024-07-01", "2024-H2", "2025-01-01"},
        {PERIOD_HALF_YEARLY, "2024-06-30", "2024-01-01", "2024-H1", "2024-07-01"},
        {PERIOD_ANNUAL, "2024-12-31", "2024-01-01", "2024", "2025-01-01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[PERIOD_NAME], day[DATE_TEXT];
        const int64_t begin = period_begin(cases[i].period, vietnam_day(cases[i].day));
        date_text(begin, day);
        assert_string_equal(day, cases[i].begin);
        period_name(cases[i].period, begin, name);
        assert_string_equal(name, cases[i].name);
        date_text(period_after(cases[i].period, begin), day);
        assert_string_equal(day, cases[i].after);
    }
}

/* ---- what is made ---- */

TEST(a_task_is_made_at_the_begin_of_each_period)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC-tuan");
    schedules_set(world, &sent);
    const uint64_t since = world->record_count;
    world_run_until(world, ladder_at("2024-06-10", 0, 0) - 1);
    assert_string_equal(schedules_came(world, since), "");
    schedules_run_until(world, "2024-06-24");
    assert_string_equal(schedules_came(world, since), "BC-tuan/2024-W24 BC-tuan/2024-W25 BC-tuan/2024-W26");
    const struct msg_record *record = world_record(world, since + 1);
    assert_int_equal(record->action, ACTION_ASSIGN);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(text_equal(record->due_day, TEXT("2024-06-14")));
    assert_true(text_equal(record->scheduled.period, TEXT("2024-W24")));
    assert_true(world_tells(record, "xa1"));
    assert_true(record->time == ladder_at("2024-06-10", 0, 0));
    assert_non_null(
        memmem(record->reason.data, record->reason.size, "A schedule of huyen gave BC-tuan/2024-W24 to xa1", 46));
    rows_replay(world);
    world_free(world);
}

TEST(several_leads_get_a_task_each_and_children_are_those_of_then)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    sent.schedule.has &= ~MSG_BIT(schedule, leads);
    MSG_SET(&sent.schedule, schedule, children_of, TEXT("huyen"));
    MSG_SET(&sent.schedule, schedule, period, PERIOD_MONTHLY);
    schedules_set(world, &sent);
    world_add_agency(world, "xa4", "huyen");
    const uint64_t since = world->record_count;
    schedules_run_until(world, "2024-07-01");
    assert_string_equal(schedules_came(world, since), "BC/2024-07/xa1 BC/2024-07/xa2 BC/2024-07/xa3 BC/2024-07/xa4");
    assert_int_equal(world_record(world, world->record_count)->scheduled.made, 4);
    assert_int_equal(schedules_get(world, "BC")->made, 4);
    world_free(world);
}

TEST(the_period_that_runs_is_made_at_once_when_from_names_it)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, from, TEXT("2024-06-05"));
    schedules_set(world, &sent);
    const uint64_t since = world->record_count;
    world_run_until(world, world->now);
    assert_string_equal(schedules_came(world, since), "BC/2024-W23");
    assert_true(text_equal(world_record(world, since + 1)->due_day, TEXT("2024-06-07")));
    MSG_SET(&sent.schedule, schedule, schedule, TEXT("BC-2"));
    MSG_SET(&sent.schedule, schedule, from, TEXT("2024-06-02"));
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.from");
    world_free(world);
}

TEST(it_is_due_with_its_period_or_the_next_working_day)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("Q");
    sent.schedule.content.has &= ~MSG_BIT(content, due);
    MSG_SET(&sent.schedule, schedule, due_at_end, true);
    MSG_SET(&sent.schedule, schedule, period, PERIOD_QUARTERLY);
    schedules_set(world, &sent);
    uint64_t since = world->record_count;
    schedules_run_until(world, "2024-07-01");
    assert_true(text_equal(world_record(world, since + 1)->due_day, TEXT("2024-09-30")));
    assert_false(MSG_HAS(world_record(world, since + 1), record, counted));
    MSG_SET(&sent.schedule, schedule, period, PERIOD_MONTHLY);
    MSG_SET(&sent.schedule, schedule, schedule, TEXT("M"));
    schedules_set(world, &sent);
    since = world->record_count;
    schedules_run_until(world, "2024-08-01"); /* 2024-08-31 is a Saturday */
    assert_true(text_equal(world_record(world, since + 1)->due_day, TEXT("2024-09-02")));
    world_free(world);
}

TEST(it_ends_with_its_count_or_after_its_last_day)
{
    struct world *world = world_new();
    struct msg_schedule_set counted = weekly("C"), dated = weekly("D");
    MSG_SET(&counted.schedule, schedule, count, 2);
    MSG_SET(&dated.schedule, schedule, until, TEXT("2024-06-17"));
    schedules_set(world, &counted);
    schedules_set(world, &dated);
    const uint64_t since = world->record_count;
    schedules_run_until(world, "2024-07-31");
    assert_string_equal(schedules_came(world, since), "C/2024-W24 D/2024-W24 C/2024-W25 D/2024-W25");
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    assert_true(MSG_HAS(schedules_get(world, "C"), schedule, ended));
    assert_true(schedules_says(world, 0, "ended, after 2 periods"));
    assert_true(schedules_get(world, "D")->ended == ladder_at("2024-06-17", 0, 0));
    rows_replay(world);
    world_free(world);
}

/* ---- once, and what was missed ---- */

TEST(a_period_comes_once_however_the_clock_jumps)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    const uint64_t since = world->record_count;
    for (int i = 0; i < 3; i++) {
        world_event(world, EVENT_TICK, ladder_at("2024-06-10", 0, 0));
        world_event(world, EVENT_TICK, ladder_at("2024-06-09", 0, 0));
        world_event(world, EVENT_RESUME, ladder_at("2024-06-11", 0, 0));
        world_event(world, EVENT_TICK, ladder_at("2024-06-11", 0, 0));
    }
    assert_string_equal(schedules_came(world, since), "BC/2024-W24");
    /* And of a store that is restored from its records. */
    struct core *core = world_restore(world, NULL, 0, 0);
    struct effects effects;
    effects_init(&effects);
    core_step(core, &(struct event){.type = EVENT_TICK, .now_ms = ladder_at("2024-06-11", 0, 0)}, &effects);
    assert_int_equal(effects.count, 0);
    assert_true(core_next_deadline(core) == ladder_at("2024-06-17", 0, 0));
    effects_done(&effects);
    core_free(core);
    world_free(world);
}

static const char *missed(int catchup, bool down)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    if (catchup)
        MSG_SET(&sent.schedule, schedule, catchup, catchup);
    schedules_set(world, &sent);
    const uint64_t since = world->record_count;
    if (down)
        world_event(world, EVENT_RESUME, ladder_at("2024-06-25", 9, 0));
    world->now = ladder_at("2024-06-25", 9, 0);
    world_run_until(world, world->now);
    const char *text = schedules_came(world, since);
    const uint64_t after = world->record_count;
    schedules_run_until(world, "2024-07-01");
    assert_int_equal(world_record(world, after + 1)->record, RECORD_TASK); /* the next is made as ever */
    assert_int_equal(schedules_get(world, "BC")->periods, 4);
    (void)schedules_came(world, since);
    rows_replay(world);
    static char kept[256];
    snprintf(kept, sizeof kept, "%s", text);
    *strstr(kept, " BC/2024-W27") = '\0';
    world_free(world);
    return kept;
}

TEST(what_was_missed_is_made_as_its_schedule_says)
{
    assert_string_equal(missed(CATCHUP_FIRE, true), "BC/2024-W24 BC/2024-W25 BC/2024-W26");
    assert_string_equal(missed(CATCHUP_MERGE, true), "-BC/2024-W24 -BC/2024-W25 BC/2024-W26");
    assert_string_equal(missed(0, true), "-BC/2024-W24 -BC/2024-W25 BC/2024-W26");
    assert_string_equal(missed(CATCHUP_RECORD, true), "-BC/2024-W24 -BC/2024-W25 -BC/2024-W26");
    assert_string_equal(missed(CATCHUP_RECORD, false), "-BC/2024-W24 -BC/2024-W25 BC/2024-W26");
}

TEST(what_is_made_late_is_due_by_its_period)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-15", 9, 0)); /* a Saturday, after it was due */
    world_run_until(world, world->now);
    const struct task *task = core_task(world->core, 1);
    assert_true(task->due == ladder_at("2024-06-15", 0, 0));
    assert_true(task->assigned == ladder_at("2024-06-15", 9, 0));
    world_free(world);
}
