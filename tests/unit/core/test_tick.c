/* A tick has something for each kind of work that there is, and what agencies set going is charged to them. */
#include <stdio.h>

#include "core/cost.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define OLD "620-BC/HU"
#define NEW "700-BC/HU"

/* ---- what there is to do ---- */

static uint64_t give(struct world *world, const char *by, const char *lead, const char *reference, const char *document,
                     bool hurries)
{
    struct msg_assign assign = {0};
    const struct text id = text_of(lead);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&id, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    if (document)
        MSG_SET(&assign.content, content, document, text_of(document));
    if (hurries) {
        MSG_SET(&assign, assign, policy, TEXT("thang"));
        MSG_SET(&assign.content, content, due, TEXT("2024-06-07"));
    }
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, by, OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void put(struct world *world, const char *number)
{
    struct msg_document_set set = {0};
    MSG_SET(&set.document, document, document, text_of(number));
    MSG_SET(&set.document, document, kind, PAPER_REPORT);
    MSG_SET(&set.document, document, title, TEXT("Báo cáo"));
    MSG_MARK(&set, document_set, document);
    assert_int_equal(world_send(world, "huyen", OP_DOCUMENT_SET, &set), 0);
}

static void replace(struct world *world)
{
    struct msg_document_replace request = {0};
    MSG_SET(&request, document_replace, document, TEXT(OLD));
    MSG_SET(&request, document_replace, by, TEXT(NEW));
    MSG_SET(&request, document_replace, note, TEXT("Thay thế."));
    assert_int_equal(world_send(world, "huyen", OP_DOCUMENT_REPLACE, &request), 0);
}

/* Weekly, each of the weeks since: what a broker that stood still has to make up for. */
static void repeat(struct world *world, const char *by, const char *lead, const char *id)
{
    struct msg_schedule_set set = {0};
    const struct text leads = text_of(lead);
    MSG_SET(&set.schedule, schedule, schedule, text_of(id));
    MSG_SET(&set.schedule, schedule, leads, ((struct texts){&leads, 1}));
    MSG_SET(&set.schedule, schedule, period, PERIOD_WEEKLY);
    MSG_SET(&set.schedule, schedule, catchup, CATCHUP_FIRE);
    MSG_SET(&set.schedule.content, content, title, TEXT("Báo cáo tuần"));
    MSG_SET(&set.schedule.content, content, kind, KIND_REPORT);
    MSG_MARK(&set.schedule, schedule, content);
    MSG_MARK(&set, schedule_set, schedule);
    assert_int_equal(world_send(world, by, OP_SCHEDULE_SET, &set), 0);
}

static void watch(struct world *world, const char *agency)
{
    struct msg_hot_spot_set set = {0};
    const struct text to = text_of(agency);
    MSG_SET(&set.rule, hot_spot_rule, rule, to);
    MSG_SET(&set.rule, hot_spot_rule, agency, to);
    MSG_SET(&set.rule, hot_spot_rule, tasks, 1000000);
    MSG_SET(&set.rule, hot_spot_rule, to, ((struct texts){&to, 1}));
    MSG_MARK(&set, hot_spot_set, rule);
    assert_int_equal(world_send(world, agency, OP_HOT_SPOT_SET, &set), 0);
}

/* ---- what a tick did ---- */

static uint32_t made(struct world *world, uint64_t since, int kind)
{
    uint32_t count = 0;
    for (uint64_t seq = since + 1; seq <= world->record_count; seq++)
        count += world_record(world, seq)->record == kind;
    return count;
}

/* Though nothing else is due: requests wait until the tick is over, and there is one in each turn of the loop. */
TEST(work_in_the_background_has_its_own_share_and_no_more)
{
    struct world *world = world_new();
    char reference[24];
    put(world, OLD);
    put(world, NEW);
    for (int i = 0; i < 1000; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        give(world, "huyen", "xa1", reference, OLD, false);
    }
    replace(world);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_in_range(made(world, before, RECORD_TASK), 1, 200);
    assert_in_range(world->effects.cost, 6000, 6500);
    world_run_until(world, world->now);
    assert_int_equal(made(world, before, RECORD_TASK), 1000);
    for (int i = 0; i < 4000; i++) {
        snprintf(reference, sizeof reference, "B-%d", i);
        give(world, "huyen", "xa1", reference, NULL, false);
    }
    watch(world, "so2"); /* with the first rule all is looked at */
    unsigned ticks = 0;
    for (; core_next_deadline(world->core) <= world->now; ticks++) {
        assert_in_range(ticks, 0, 5000 / 128 + 1); /* a piece of the 5,000 tasks each, at least */
        world_event(world, EVENT_TICK, world->now);
        assert_in_range(world->effects.cost, 1, 6000); /* a piece of 128 tasks may go beyond it */
    }
    assert_true(ticks > 4);
    world_free(world);
}

/* 1,000 rungs of tinh's tasks, 1,000 tasks that go along, and the weeks of two years: none keeps another from its part. */
TEST(each_kind_of_work_has_its_part_of_a_tick)
{
    struct world *world = world_new();
    char reference[24];
    LADDER_SET(world, {.deadline = DEADLINE_COMPLETION,
                       .offset = -1,
                       .unit = UNIT_WORKING_DAYS,
                       .does = RUNG_REMIND,
                       .to = LADDER_LEAD});
    put(world, OLD);
    put(world, NEW);
    watch(world, "xa3"); /* with the first rule all is looked at for all */
    world_run_until(world, world->now);
    for (int i = 0; i < 1000; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        give(world, "huyen", "xa1", reference, OLD, false);
        snprintf(reference, sizeof reference, "B-%d", i);
        give(world, "tinh", "so1", reference, NULL, true);
    }
    repeat(world, "so1", "phong", "tuan");
    world->now = ladder_at("2026-06-08", 9, 0);
    watch(world, "so2");
    replace(world);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world_record(world, before + 1)->record, RECORD_RUNG);
    assert_in_range(made(world, before, RECORD_RUNG), 100, 999);
    assert_in_range(made(world, before, RECORD_PERIOD), 10, 100);
    assert_in_range(made(world, before, RECORD_TASK) - made(world, before, RECORD_PERIOD), 20, 999);
    assert_true(world_charged(world, "huyen") > 0 && world_charged(world, "so1") > 0);
    assert_true(world_charged(world, "so2") > 0);
    assert_int_equal(world_charged(world, "tinh"), 0); /* what time does is charged to nobody */
    assert_in_range(world->effects.cost, 1, COST_STEP_MAX);
    world_run_until(world, world->now);
    assert_int_equal(made(world, before, RECORD_RUNG), 1000);
    rows_replay(world);
    world_free(world);
}
