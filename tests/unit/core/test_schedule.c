/* Tasks that come again: how a schedule is set and ended, who sees it, what it costs, and its row. What it makes is in
 * test_schedule_made.c, what it could not in test_schedule_told.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/schedule.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/schedules.h"
#include "unit/test.h"

TEST(what_is_set_again_goes_on_and_makes_no_period_twice)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    schedules_run_until(world, "2024-06-11");
    uint64_t since = world->record_count;
    schedules_set(world, &sent);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_UNCHANGED);
    MSG_SET(&sent.schedule, schedule, from, TEXT("2024-06-12"));
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo tuần, có số liệu"));
    schedules_set(world, &sent);
    schedules_run_until(world, "2024-06-17");
    assert_string_equal(schedules_came(world, since), "BC/2024-W25");
    assert_int_equal(schedules_get(world, "BC")->periods, 2);
    /* The day that it began with may be said again. */
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo"));
    schedules_set(world, &sent);
    MSG_SET(&sent.schedule, schedule, count, 2);
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &sent), BAD_VALUE, "schedule.count");
    assert_int_equal(schedules_end(world, "huyen", "BC"), 0);
    assert_int_equal(schedules_end(world, "huyen", "BC"), 0);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_UNCHANGED);
    since = world->record_count;
    schedules_run_until(world, "2024-07-01");
    assert_string_equal(schedules_came(world, since), "");
    sent.schedule.has &= ~MSG_BIT(schedule, from);
    schedules_set(world, &sent); /* it begins anew: two periods from here */
    schedules_run_until(world, "2024-07-31");
    assert_string_equal(schedules_came(world, since), "BC/2024-W28 BC/2024-W29");
    rows_replay(world);
    world_free(world);
}

TEST(a_period_that_has_begun_and_not_come_yet_is_kept_by_a_change)
{
    struct world *world = world_new();
    struct msg_schedule_set sent = weekly("BC");
    schedules_set(world, &sent);
    const uint64_t since = world->record_count;
    world->now = ladder_at("2024-06-10", 8, 0); /* and no tick came */
    MSG_SET(&sent.schedule.content, content, title, TEXT("Báo cáo"));
    schedules_set(world, &sent);
    world_run_until(world, world->now);
    assert_string_equal(schedules_came(world, since), "BC/2024-W24");
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
    schedules_set(world, &sent);
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
    REFUSED(world, schedules_end(world, "huyen", "BC4"), SCHEDULE_UNKNOWN, "schedule");
    world_free(world);
}

TEST(an_agency_has_so_many_and_one_that_ended_makes_room)
{
    struct world *world = world_new();
    char id[16];
    for (int i = 0; i < CORE_SCHEDULES_EACH; i++) {
        snprintf(id, sizeof id, "BC-%d", i);
        const struct msg_schedule_set sent = weekly(id);
        schedules_set(world, &sent);
    }
    const struct msg_schedule_set another = weekly("BC-256");
    REFUSED(world, world_send(world, "huyen", OP_SCHEDULE_SET, &another), CAPACITY, "schedule");
    assert_int_equal(world_send(world, "xa1", OP_SCHEDULE_SET, &another), 0); /* each by itself */
    assert_int_equal(schedules_end(world, "huyen", "BC-7"), 0);
    schedules_set(world, &another);
    REFUSED(world, schedules_end(world, "huyen", "BC-7"), SCHEDULE_UNKNOWN, "schedule");
    assert_int_equal(schedules_get(world, "BC-256")->number, 8);
    rows_replay(world);
    world_free(world);
}

TEST(its_agency_alone_sees_it)
{
    struct world *world = world_new();
    struct msg_schedule_get get = {0};
    struct msg_schedule_list list = {0};
    const struct msg_schedule_set a = weekly("A"), b = weekly("B"), c = weekly("C");
    schedules_set(world, &a);
    schedules_set(world, &b);
    schedules_set(world, &c);
    assert_int_equal(schedules_end(world, "huyen", "B"), 0);
    MSG_SET(&get, schedule_get, schedule, TEXT("A"));
    REFUSED(world, world_send(world, "xa1", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    MSG_SET(&get, schedule_get, assigner, TEXT("huyen"));
    REFUSED(world, world_send(world, "tinh", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_GET, &get), 0);
    assert_true(
        schedules_says(world, 0, "A/2024-W24 is given to 1 lead: each week begins on Monday; due 4wd from that day."));
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
    schedules_set(world, &a);
    MSG_SET(&b.schedule.content, content, scope, SCOPE_RESTRICTED);
    schedules_set(world, &b);
    world->in_name_of = "huyen";
    assert_int_equal(world_send(world, "so1", OP_SCHEDULE_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, schedules_reply)->schedules.count, 1);
    MSG_SET(&get, schedule_get, schedule, TEXT("A"));
    assert_int_equal(world_send(world, "so1", OP_SCHEDULE_GET, &get), 0);
    MSG_SET(&get, schedule_get, schedule, TEXT("B"));
    REFUSED(world, world_send(world, "so1", OP_SCHEDULE_GET, &get), SCHEDULE_UNKNOWN, "schedule");
    REFUSED(world, schedules_end(world, "so1", "B"), SCHEDULE_UNKNOWN, "schedule");
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
        schedules_set(world, &small);
    }
    schedules_set(world, &sent);
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
    schedules_set(world, &sent);
    schedules_run_until(world, "2024-06-11");
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
