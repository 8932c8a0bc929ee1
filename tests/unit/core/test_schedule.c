/* Tasks that come again: one a period, once, by whoever stands for whom by then; and what could not be made is told. */
#include "core/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/schedule_period.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/schedules.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

static void set(struct world *world, const struct msg_schedule_set *set)
{
    if (world_send(world, "huyen", OP_SCHEDULE_SET, set))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

static int end(struct world *world, const char *agency, const char *id)
{
    struct msg_schedule_end end = {0};
    MSG_SET(&end, schedule_end, schedule, text_of(id));
    return world_send(world, agency, OP_SCHEDULE_END, &end);
}

static const struct msg_schedule *get(struct world *world, const char *id)
{
    struct msg_schedule_get get = {0};
    MSG_SET(&get, schedule_get, schedule, text_of(id));
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_GET, &get), 0);
    return &WORLD_REPLY(world, schedule_reply)->schedule;
}

static bool says(struct world *world, uint32_t line, const char *words)
{
    const struct text text = WORLD_REPLY(world, schedule_reply)->ahead.items[line].text;
    return memmem(text.data, text.size, words, strlen(words)) != NULL;
}

/* What came since a record: `made`, its references separated by spaces; of periods that made nothing `-W23` when they were passed
 * over, and `!W23` when there was trouble. */
static const char *came(struct world *world, uint64_t since)
{
    static char text[2048];
    size_t used = 0;
    text[0] = '\0';
    for (uint64_t seq = since + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record == RECORD_TASK && MSG_HAS(record, record, scheduled))
            used += (size_t)snprintf(text + used, sizeof text - used, " %.*s", TEXT_ARGS(record->reference));
        if (record->record == RECORD_PERIOD && !record->scheduled.made)
            used += (size_t)snprintf(text + used, sizeof text - used, " %c%.*s",
                                     MSG_HAS(record, record, missed) ? '-' : '!', TEXT_ARGS(record->reference));
    }
    return used ? text + 1 : text;
}

static void run_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 0, 0));
}

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
    set(world, &sent);
    const uint64_t since = world->record_count;
    world_run_until(world, ladder_at("2024-06-10", 0, 0) - 1);
    assert_string_equal(came(world, since), "");
    run_until(world, "2024-06-24");
    assert_string_equal(came(world, since), "BC-tuan/2024-W24 BC-tuan/2024-W25 BC-tuan/2024-W26");
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
    set(world, &sent);
    world_add_agency(world, "xa4", "huyen");
    const uint64_t since = world->record_count;
    run_until(world, "2024-07-01");
    assert_string_equal(came(world, since), "BC/2024-07/xa1 BC/2024-07/xa2 BC/2024-07/xa3 BC/2024-07/xa4");
    assert_int_equal(world_record(world, world->record_count)->scheduled.made, 4);
    assert_int_equal(get(world, "BC")->made, 4);
    world_free(world);
}

TEST(the_period_that_runs_is_made_at_once_when_from_names_it)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, from, TEXT("2024-06-05"));
    set(world, &sent);
    const uint64_t since = world->record_count;
    world_run_until(world, world->now);
    assert_string_equal(came(world, since), "BC/2024-W23");
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
    set(world, &sent);
    uint64_t since = world->record_count;
    run_until(world, "2024-07-01");
    assert_true(text_equal(world_record(world, since + 1)->due_day, TEXT("2024-09-30")));
    assert_false(MSG_HAS(world_record(world, since + 1), record, counted));
    MSG_SET(&sent.schedule, schedule, period, PERIOD_MONTHLY);
    MSG_SET(&sent.schedule, schedule, schedule, TEXT("M"));
    set(world, &sent);
    since = world->record_count;
    run_until(world, "2024-08-01"); /* 2024-08-31 is a Saturday */
    assert_true(text_equal(world_record(world, since + 1)->due_day, TEXT("2024-09-02")));
    world_free(world);
}

TEST(it_ends_with_its_count_or_after_its_last_day)
{
    struct world *world = world_new();
    struct msg_schedule_set counted = weekly("C"), dated = weekly("D");
    MSG_SET(&counted.schedule, schedule, count, 2);
    MSG_SET(&dated.schedule, schedule, until, TEXT("2024-06-17"));
    set(world, &counted);
    set(world, &dated);
    const uint64_t since = world->record_count;
    run_until(world, "2024-07-31");
    assert_string_equal(came(world, since), "C/2024-W24 D/2024-W24 C/2024-W25 D/2024-W25");
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    assert_true(MSG_HAS(get(world, "C"), schedule, ended));
    assert_true(says(world, 0, "ended, after 2 periods"));
    assert_true(get(world, "D")->ended == ladder_at("2024-06-17", 0, 0));
    rows_replay(world);
    world_free(world);
}

/* ---- once, and what was missed ---- */

TEST(a_period_comes_once_however_the_clock_jumps)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    set(world, &sent);
    const uint64_t since = world->record_count;
    for (int i = 0; i < 3; i++) {
        world_event(world, EVENT_TICK, ladder_at("2024-06-10", 0, 0));
        world_event(world, EVENT_TICK, ladder_at("2024-06-09", 0, 0));
        world_event(world, EVENT_RESUME, ladder_at("2024-06-11", 0, 0));
        world_event(world, EVENT_TICK, ladder_at("2024-06-11", 0, 0));
    }
    assert_string_equal(came(world, since), "BC/2024-W24");
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
    set(world, &sent);
    const uint64_t since = world->record_count;
    if (down)
        world_event(world, EVENT_RESUME, ladder_at("2024-06-25", 9, 0));
    world->now = ladder_at("2024-06-25", 9, 0);
    world_run_until(world, world->now);
    const char *text = came(world, since);
    const uint64_t after = world->record_count;
    run_until(world, "2024-07-01");
    assert_int_equal(world_record(world, after + 1)->record, RECORD_TASK); /* the next is made as ever */
    assert_int_equal(get(world, "BC")->periods, 4);
    (void)came(world, since);
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
    set(world, &sent);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-15", 9, 0)); /* a Saturday, after it was due */
    world_run_until(world, world->now);
    const struct task *task = core_task(world->core, 1);
    assert_true(task->due == ladder_at("2024-06-15", 0, 0));
    assert_true(task->assigned == ladder_at("2024-06-15", 9, 0));
    world_free(world);
}

/* ---- what cannot be made is told ---- */

static void close_agency(struct world *world, const char *id, const char *parent, const char *successor)
{
    struct msg_agency_set closed = agency_set(id, parent);
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    if (successor)
        MSG_SET(&closed.agency, agency, successor, text_of(successor));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
}

TEST(what_cannot_be_made_is_told_to_its_agency_and_the_next_is_tried)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    set(world, &sent);
    close_agency(world, "xa1", "huyen", NULL);
    uint64_t since = world->record_count;
    run_until(world, "2024-06-10");
    assert_string_equal(came(world, since), "!BC/2024-W24");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->notice, NOTICE_CANCELLED);
    assert_int_equal(record->severity, SEVERITY_WARNING);
    assert_true(world_tells(record, "huyen"));
    assert_true(text_equal(record->scheduled.error, TEXT("not_assignable")));
    assert_true(text_equal(record->scheduled.field, TEXT("leads[0]")));
    assert_true(get(world, "BC")->trouble.size > 0);
    assert_true(says(world, 0, "cannot be made then, as things stand"));
    assert_true(says(world, 2, "has ended, and nobody has taken its place"));
    close_agency(world, "xa1", "huyen", "xa2"); /* somebody has, after all */
    since = world->record_count;
    run_until(world, "2024-06-17");
    assert_string_equal(came(world, since), "BC/2024-W25");
    assert_int_equal(core_task(world->core, 1)->lead, core_agency_find(world->core, TEXT("xa2")));
    assert_false(MSG_HAS(get(world, "BC"), schedule, trouble));
    rows_replay(world);
    world_free(world);
}

TEST(a_reference_that_is_taken_by_then_and_a_quota_that_is_used_up_are_told)
{
    struct world *world = world_new();
    const struct msg_schedule_set sent = weekly("BC");
    struct event tick = {.type = EVENT_TICK, .now_ms = ladder_at("2024-06-17", 0, 0), .limits = {.tasks = 1}};
    set(world, &sent);
    world_assign(world, "huyen", "xa2", "BC/2024-W24", NULL);
    const uint64_t since = world->record_count;
    run_until(world, "2024-06-10");
    assert_string_equal(came(world, since), "!BC/2024-W24");
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
    set(world, &sent);
    MSG_SET(&by_tree.settings, store_settings, tasking, TASKING_TREE);
    MSG_MARK(&by_tree, store_set, settings);
    assert_int_equal(world_send(world, "tinh", OP_STORE_SET, &by_tree), 0);
    const struct msg_agency_set moved = agency_set("xa1", "so1");
    uint64_t since = world->record_count;
    run_until(world, "2024-06-10");
    assert_string_equal(came(world, since), "BC/2024-W24");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &moved), 0);
    since = world->record_count;
    run_until(world, "2024-06-17");
    assert_string_equal(came(world, since), "!BC/2024-W25");
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
    set(world, &sent);
    close_agency(world, "xa1", "huyen", "xa2");
    close_agency(world, "huyen", "tinh", "so1");
    const uint64_t since = world->record_count;
    run_until(world, "2024-06-10");
    assert_string_equal(came(world, since), "BC/2024-W24"); /* one lead is left */
    const struct task *task = core_task(world->core, 1);
    assert_int_equal(task->assigner, core_agency_find(world->core, TEXT("so1")));
    assert_int_equal(task->lead, core_agency_find(world->core, TEXT("xa2")));
    assert_int_equal(end(world, "so2", "BC"), COORD_E_SCHEDULE_UNKNOWN);
    assert_int_equal(end(world, "so1", "BC"), 0);
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    rows_replay(world);
    world_free(world);
}

TEST(a_role_that_a_merger_brought_together_with_another_falls_away)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    MSG_SET(&sent.schedule.content, content, supervisor, TEXT("so2"));
    set(world, &sent);
    close_agency(world, "so2", "tinh", "xa1");
    run_until(world, "2024-06-10");
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
    set(world, &sent);
    close_agency(world, "huyen", "tinh", NULL);
    const uint64_t since = world->record_count;
    run_until(world, "2024-06-10");
    assert_string_equal(came(world, since), "!BC/2024-W24");
    assert_true(text_equal(world_record(world, world->record_count)->scheduled.error, TEXT("agency_closed")));
    assert_false(MSG_HAS(world_record(world, world->record_count), record, to));
    world_free(world);
}

/* ---- setting and ending ---- */

TEST(what_is_set_again_goes_on_and_makes_no_period_twice)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    set(world, &sent);
    run_until(world, "2024-06-11");
    uint64_t since = world->record_count;
    set(world, &sent);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_UNCHANGED);
    MSG_SET(&sent.schedule, schedule, from, TEXT("2024-06-12"));
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo tuần, có số liệu"));
    set(world, &sent);
    run_until(world, "2024-06-17");
    assert_string_equal(came(world, since), "BC/2024-W25");
    assert_int_equal(get(world, "BC")->periods, 2);
    /* The day that it began with may be said again. */
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo"));
    set(world, &sent);
    MSG_SET(&sent.schedule, schedule, count, 2);
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.count");
    assert_int_equal(end(world, "huyen", "BC"), 0);
    assert_int_equal(end(world, "huyen", "BC"), 0);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_UNCHANGED);
    since = world->record_count;
    run_until(world, "2024-07-01");
    assert_string_equal(came(world, since), "");
    sent.schedule.has &= ~MSG_BIT(schedule, from);
    set(world, &sent); /* it begins anew: two periods from here */
    run_until(world, "2024-07-31");
    assert_string_equal(came(world, since), "BC/2024-W28 BC/2024-W29");
    rows_replay(world);
    world_free(world);
}

TEST(a_period_that_has_begun_and_not_come_yet_is_kept_by_a_change)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    set(world, &sent);
    const uint64_t since = world->record_count;
    world->now = ladder_at("2024-06-10", 8, 0); /* and no tick came */
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo"));
    set(world, &sent);
    world_run_until(world, world->now);
    assert_string_equal(came(world, since), "BC/2024-W24");
    world_free(world);
}

TEST(what_cannot_be_is_refused_by_its_field)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("-BC");
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.schedule");
    sent = weekly("BC");
    MSG_SET(&sent.schedule.content, content, due, TEXT("2024-06-28"));
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_DATE, "schedule.content.due");
    sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, due_at_end, true);
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.due_at_end");
    sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, until, TEXT("2024-06-09"));
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.until");
    sent = weekly("BC");
    MSG_SET(&sent.schedule, schedule, from, TEXT("2099-12-31"));
    MSG_SET(&sent.schedule, schedule, period, PERIOD_ANNUAL);
    set(world, &sent);
    sent = weekly("BC2");
    MSG_SET(&sent.schedule, schedule, calendar, TEXT("riêng"));
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), CALENDAR_UNKNOWN, "schedule.calendar");
    sent = weekly("BC2");
    sent.schedule.content.has &= ~MSG_BIT(content, title);
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), MISSING_FIELD, "schedule.content.title");
    sent = weekly("BC2");
    sent.schedule.has &= ~MSG_BIT(schedule, leads);
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), MISSING_FIELD, "schedule.leads");
    world_assign(world, "huyen", "xa2", "BC2/2024-W24", NULL);
    sent = weekly("BC2");
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), REFERENCE_TAKEN, "schedule.schedule");
    world->limits.task_bytes = 512;
    sent = weekly("BC3");
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), STORAGE_LIMITED, "schedule.content");
    REFUSED(world, end(world, "huyen", "BC4"), SCHEDULE_UNKNOWN, "schedule");
    world_free(world);
}

TEST(an_agency_has_so_many_and_one_that_ended_makes_room)
{
    struct world *world = world_new();
    char id[16];
    for (int i = 0; i < CORE_SCHEDULES_EACH; i++) {
        snprintf(id, sizeof id, "BC-%d", i);
        const struct msg_schedule_set sent = weekly(id);
        set(world, &sent);
    }
    const struct msg_schedule_set another = weekly("BC-256");
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &another), CAPACITY, "schedule");
    assert_int_equal(world_send(world, "xa1", OP_SCHEDULE_SET, &another), 0); /* each by itself */
    assert_int_equal(end(world, "huyen", "BC-7"), 0);
    set(world, &another);
    REFUSED(world, end(world, "huyen", "BC-7"), SCHEDULE_UNKNOWN, "schedule");
    assert_int_equal(get(world, "BC-256")->number, 8);
    rows_replay(world);
    world_free(world);
}

TEST(its_agency_alone_sees_it)
{
    struct world *world = world_new();
    struct msg_schedule_get get = {0};
    struct msg_schedule_list list = {0};
    const struct msg_schedule_set a = weekly("A"), b = weekly("B"), c = weekly("C");
    set(world, &a);
    set(world, &b);
    set(world, &c);
    assert_int_equal(end(world, "huyen", "B"), 0);
    MSG_SET(&get, schedule_get, schedule, TEXT("A"));
    REFUSED(world, world_send(world, "xa1", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    MSG_SET(&get, schedule_get, assigner, TEXT("huyen"));
    REFUSED(world, world_send(world, "tinh", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_GET, &get), 0);
    assert_true(says(world, 0, "A/2024-W24 is given to 1 lead: each week begins on Monday; due 4wd from that day."));
    assert_int_equal(world_send(world, "tinh", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->schedules.count, 0);
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->schedules.count, 2);
    MSG_SET(&list, schedule_list, ended, true);
    MSG_SET(&list, schedule_list, limit, 2);
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->next, 2);
    MSG_SET(&list, schedule_list, after, 2);
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->schedules.count, 1);
    world_free(world);
}

TEST(what_is_restricted_of_it_is_neither_seen_nor_changed_in_another_name)
{
    struct world *world = world_new();
    struct msg_agency_stand_in stand_in = {0};
    struct msg_schedule_get get = {0};
    struct msg_schedule_list list = {0};
    struct msg_schedule_set a = weekly("A"), b = weekly("B");
    MSG_SET(&stand_in, agency_stand_in, agency, TEXT("huyen"));
    MSG_SET(&stand_in, agency_stand_in, by, TEXT("so1"));
    MSG_SET(&stand_in, agency_stand_in, until, TEXT("2024-06-07"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_STAND_IN, &stand_in), 0);
    set(world, &a);
    MSG_SET(&b.schedule.content, content, scope, SCOPE_RESTRICTED);
    set(world, &b);
    world->in_name_of = "huyen";
    assert_int_equal(world_send(world, "so1", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->schedules.count, 1);
    MSG_SET(&get, schedule_get, schedule, TEXT("A"));
    assert_int_equal(world_send(world, "so1", OP_SCHEDULE_GET, &get), 0);
    MSG_SET(&get, schedule_get, schedule, TEXT("B"));
    REFUSED(world, world_send(world, "so1", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    REFUSED(world, end(world, "so1", "B"), SCHEDULE_UNKNOWN, "schedule");
    REFUSED(world, world_send(world, "so1", OP_SCHEDULE_SET, &b), NOT_AUTHORISED, "schedule.schedule");
    world->in_name_of = NULL;
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_GET, &get), 0);
    rows_replay(world);
    world_free(world);
}

/* ---- what it costs ---- */

TEST(a_thousand_at_once_are_made_in_ticks_of_a_bounded_cost)
{
    struct world *world = world_new();
    static const char *const agencies[] = {"huyen", "tinh", "so1", "so2"};
    char id[16];
    for (int i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "BC-%d", i);
        struct msg_schedule_set sent = weekly(id);
        sent.schedule.leads.items = &(struct text){"phong", 5};
        assert_int_equal(world_send(world, agencies[i / 250], OP_SCHEDULE_SET, &sent), 0);
    }
    const int64_t at = ladder_at("2024-06-10", 0, 0);
    uint64_t made = 0;
    while (core_next_deadline(world->core) <= at) {
        const uint64_t before = world->record_count;
        world_event(world, EVENT_TICK, at);
        assert_true(world->record_count > before);
        assert_in_range(world->effects.cost, 1, COST_STEP_MAX);
        made += world->record_count - before;
    }
    assert_int_equal(made, 2000);
    world_free(world);
}

TEST(one_of_many_leads_costs_no_more_than_a_step_may)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    static char description[8000];
    struct text leads[256];
    char ids[256][16];
    memset(description, 'x', sizeof description);
    for (int i = 0; i < 256; i++) {
        snprintf(ids[i], sizeof ids[i], "t%03d", i);
        world_add_agency(world, ids[i], "huyen");
        leads[i] = text_of(ids[i]);
    }
    MSG_SET(&sent.schedule, schedule, leads, ((struct texts){leads, 256}));
    MSG_SET(&sent.schedule.content, content, description, ((struct text){description, sizeof description}));
    for (int i = 0; i < 240; i++) { /* as many as come before it in its tick */
        char id[16];
        snprintf(id, sizeof id, "A%d", i);
        const struct msg_schedule_set small = weekly(id);
        set(world, &small);
    }
    set(world, &sent);
    world_event(world, EVENT_TICK, ladder_at("2024-06-10", 0, 0));
    assert_in_range(world->effects.cost, COST_TICK / 2, COST_STEP_MAX);
    assert_int_equal(world->effects.count, 240 * 2 + 257 + 241); /* and what is charged for each */
    world_free(world);
}

/* ---- rows ---- */

TEST(its_row_brings_it_back_and_a_damaged_one_is_refused)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    struct problem problem = {0};
    const struct msg_schedule_set sent = weekly("BC");
    set(world, &sent);
    run_until(world, "2024-06-11");
    rows_write(world, rows, UINT32_MAX);
    struct core *core = world_restore(world, rows->items, (uint32_t)rows->count, rows->checkpoint);
    uint8_t live[32], again[32];
    core_digest(world->core, live);
    core_digest(core, again);
    assert_memory_equal(live, again, sizeof live);
    assert_true(core_next_deadline(core) == ladder_at("2024-06-17", 0, 0));
    uint64_t tasks, bytes, tasks_again, bytes_again;
    core_agency_given(world->core, core_agency_find(world->core, TEXT("huyen")), &tasks, &bytes);
    core_agency_given(core, core_agency_find(core, TEXT("huyen")), &tasks_again, &bytes_again);
    assert_int_equal(bytes, bytes_again);
    core_free(core);
    static const struct {
        const char *was, *is;
    } damages[] = {{"huyen", "khong"}, {"2024-06-17", "2024-06-77"}};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        core = core_new();
        int error = 0;
        for (size_t n = 0; n < rows->count && !error; n++) {
            struct journal_row row = rows->items[n];
            char *body = malloc(row.size);
            memcpy(body, row.body, row.size);
            char *at = memmem(body, row.size, damages[i].was, strlen(damages[i].was));
            if (ROW_KIND(row.key) == ROW_SCHEDULE && at)
                memcpy(at, damages[i].is, strlen(damages[i].is));
            row.body = body;
            error = core_restore_row(core, &row, &problem);
            free(body);
        }
        if (!error)
            error = core_restore_done(core, world->record_count, &problem);
        assert_int_not_equal(error, 0);
        core_free(core);
    }
    rows_free(rows);
    world_free(world);
}
