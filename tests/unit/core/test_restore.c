/* The same events give the same bytes; and whatever a checkpoint wrote when, rows and records together give back the
 * state that was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* ---- chance that can be had again ---- */

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

/* ---- a life of agencies ---- */

static const char *const actors[] = {"tinh", "huyen", "so1", "so2", "xa1", "xa2", "xa3", "phong"};

static const char *somebody(void)
{
    return actors[chance(sizeof actors / sizeof actors[0])];
}

static void assign_something(struct world *world)
{
    static const char *const dues[] = {"1d", "3d", "10wd", "30d", "5wd"};
    char reference[32];
    struct text leads[] = {text_of(somebody()), text_of(somebody())}, along = text_of(somebody());
    struct msg_assign assign = {0};
    snprintf(reference, sizeof reference, "HT-%u", chance(100000));
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 1 + chance(2)});
    MSG_SET(&assign.content, content, title, TEXT("Giải quyết kiến nghị của cử tri"));
    MSG_SET(&assign.content, content, kind, (int)(1 + chance(6)));
    if (chance(2))
        MSG_SET(&assign.content, content, cooperating, (struct texts){&along, 1});
    if (chance(2))
        MSG_SET(&assign.content, content, due, text_of(dues[chance(5)]));
    if (chance(3) == 0)
        MSG_SET(&assign.content, content, supervisor, text_of(somebody()));
    if (chance(4) == 0)
        MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    if (chance(8) == 0)
        MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    if (chance(2))
        MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_MARK(&assign, assign, content);
    world_send(world, somebody(), OP_ASSIGN, &assign);
}

static void set_policy(struct world *world)
{
    char name[32];
    struct msg_step steps[3] = {0};
    struct msg_policy_set set = {0};
    for (int i = 0; i < 3; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, i - 1);
        MSG_SET(&steps[i], step, unit, UNIT_CALENDAR_DAYS);
        MSG_SET(&steps[i], step, does, i == 2 ? RUNG_ESCALATE : i == 1 ? RUNG_NOTIFY : RUNG_REMIND);
        MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_LEAD_SUPERIOR));
    }
    MSG_SET(&steps[2], step, level, 1);
    MSG_SET(&steps[2], step, repeat, 1);
    MSG_SET(&steps[2], step, repeat_unit, UNIT_CALENDAR_DAYS);
    MSG_SET(&steps[2], step, repeat_max, 3);
    snprintf(name, sizeof name, "bản %u", chance(3));
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, name, text_of(name));
    MSG_SET(&set.policy, policy, accept_within, 2);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 3});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

static void set_agency(struct world *world)
{
    char id[32];
    snprintf(id, sizeof id, "moi-%u", chance(10));
    world_add_agency(world, id, actors[chance(8)]);
}

static void act_on_something(struct world *world)
{
    static const enum op ops[] = {OP_ACCEPT,  OP_START,  OP_REPORT, OP_SUBMIT,  OP_CONFIRM, OP_REJECT,
                                  OP_SUSPEND, OP_RESUME, OP_CANCEL, OP_COMMENT, OP_ACCEPT,  OP_REPORT};
    struct core_counts counts;
    core_counts(world->core, &counts);
    if (counts.tasks == 0)
        return;
    const struct task *task = core_task(world->core, 1 + chance((uint32_t)counts.tasks));
    struct text id = core_agency_id(world->core, chance(2) ? task->lead : task->assigner);
    char agency[65];
    snprintf(agency, sizeof agency, "%.*s", TEXT_ARGS(id));
    world_act(world, agency, ops[chance(sizeof ops / sizeof ops[0])], task->number);
}

static void do_more(struct world *world)
{
    struct core_counts counts;
    core_counts(world->core, &counts);
    if (counts.tasks == 0)
        return;
    uint64_t number = 1 + chance((uint32_t)counts.tasks);
    struct msg_escalate escalate = {0};
    struct msg_reassign reassign = {0};
    struct msg_amend amend = {0};
    struct msg_acknowledge acknowledge = {0};
    MSG_SET(&escalate, escalate, task, number);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    MSG_SET(&reassign, reassign, task, number);
    MSG_SET(&reassign, reassign, lead, text_of(somebody()));
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    MSG_SET(&amend, amend, task, number);
    MSG_SET(&amend.content, content, due, TEXT("20d"));
    MSG_SET(&amend.content, content, area, TEXT("đất đai"));
    MSG_MARK(&amend, amend, content);
    world_send(world, somebody(), OP_ESCALATE, &escalate);
    if (world->error == 0) {
        MSG_SET(&acknowledge, acknowledge, task, number);
        MSG_SET(&acknowledge, acknowledge, escalation, WORLD_REPLY(world, change_reply)->tasks.items[0].escalation);
        world_send(world, somebody(), OP_ACKNOWLEDGE, &acknowledge);
    }
    world_send(world, somebody(), OP_REASSIGN, &reassign);
    world_send(world, somebody(), OP_AMEND, &amend);
}

static void live(struct world *world)
{
    uint32_t what = chance(100);
    if (what < 25)
        assign_something(world);
    else if (what < 80)
        act_on_something(world);
    else if (what < 90)
        do_more(world);
    else if (what < 92)
        set_policy(world);
    else if (what < 94)
        set_agency(world);
    else
        world_run_until(world, world->now + chance(3) * WORLD_DAY + 1);
}

/* ---- the same bytes ---- */

TEST(the_same_events_give_the_same_records_and_replies)
{
    uint8_t digests[2][32];
    struct world *worlds[2];
    for (int run = 0; run < 2; run++) {
        chance_state = 42;
        worlds[run] = world_new();
        set_policy(worlds[run]);
        for (int i = 0; i < 500; i++)
            live(worlds[run]);
        core_digest(worlds[run]->core, digests[run]);
    }
    assert_int_equal(worlds[0]->record_count, worlds[1]->record_count);
    for (size_t i = 0; i < worlds[0]->record_count; i++) {
        assert_int_equal(worlds[0]->records[i].size, worlds[1]->records[i].size);
        assert_memory_equal(worlds[0]->records[i].body, worlds[1]->records[i].body, worlds[0]->records[i].size);
    }
    assert_memory_equal(digests[0], digests[1], 32);
    world_free(worlds[0]);
    world_free(worlds[1]);
}

static void assert_same(struct core *live, struct core *restored)
{
    uint8_t a[32], b[32];
    core_digest(live, a);
    core_digest(restored, b);
    assert_memory_equal(a, b, 32);
    assert_true(core_next_deadline(live) == core_next_deadline(restored));
    struct core_counts of_live, of_restored;
    core_counts(live, &of_live);
    core_counts(restored, &of_restored);
    assert_int_equal(of_live.open_tasks, of_restored.open_tasks);
    assert_int_equal(of_live.keys, of_restored.keys);
    assert_int_equal(of_live.time_ms, of_restored.time_ms);
}

TEST(all_records_give_the_state_back)
{
    chance_state = 7;
    struct world *world = world_new();
    set_policy(world);
    for (int i = 0; i < 800; i++)
        live(world);
    struct core *restored = world_restore(world, NULL, 0, 0);
    assert_same(world->core, restored);
    core_free(restored);
    world_free(world);
}

/* ---- rows in any order ---- */

static void shuffle(struct rows *rows)
{
    for (size_t i = rows->count; i > 1; i--) {
        size_t other = chance((uint32_t)i);
        struct journal_row held = rows->items[i - 1];
        rows->items[i - 1] = rows->items[other];
        rows->items[other] = held;
    }
}

TEST(rows_of_any_moment_and_the_records_after_the_last_checkpoint_give_the_state_back)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        chance_state = seed;
        struct world *world = world_new();
        struct rows *rows = rows_new();
        set_policy(world);
        for (int i = 0; i < 600; i++) {
            live(world);
            if (chance(3) == 0)
                rows_write(world, rows, chance(12));
            if (chance(40) != 0)
                continue;
            shuffle(rows);
            struct core *restored = world_restore(world, rows->items, rows->count, rows->checkpoint);
            assert_same(world->core, restored);
            core_free(restored);
        }
        assert_true(rows->checkpoint > 0);
        rows_free(rows);
        world_free(world);
    }
}

/* A due time moves on past the last day that has a name, and the records that say so are read back. */
TEST(a_due_time_past_the_calendar_s_last_day_is_restored)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2099-12-31");
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += 20 * WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, change_reply)->tasks.items[0], changed, due_day));
    struct core *restored = world_restore(world, NULL, 0, 0);
    uint8_t here[32], there[32];
    core_digest(world->core, here);
    core_digest(restored, there);
    assert_memory_equal(here, there, 32);
    core_free(restored);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, task_reply)->task, task, due_day));
    world_free(world);
}

TEST(a_restored_core_remembers_requests_and_goes_on_as_the_first_would)
{
    chance_state = 99;
    struct world *world = world_new();
    struct rows *rows = rows_new();
    set_policy(world);
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "5wd");
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    rows_write(world, rows, 1000);
    for (int i = 0; i < 100; i++)
        live(world);
    struct core *first = world->core;
    world->core = world_restore(world, rows->items, rows->count, rows->checkpoint);
    size_t records = world->record_count;
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    assert_int_equal(world->record_count, records);
    assert_int_equal(world->effects.items[0].type, EFFECT_RESEND);
    core_free(first);
    rows_free(rows);
    world_free(world);
}

TEST(what_changed_is_given_once)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    struct buffer bytes = {0};
    struct journal_row row;
    rows_write(world, rows, 4000);
    assert_int_equal(core_checkpoint_dirty(world->core), 0);
    core_checkpoint_begin(world->core);
    assert_false(core_checkpoint_next(world->core, &bytes, &row));
    world_assign(world, "huyen", "xa1", "HT-001", NULL);
    assert_int_equal(core_checkpoint_dirty(world->core), 3); /* the task, the requests, the counters */
    core_checkpoint_begin(world->core);
    for (int i = 0; i < 3; i++)
        assert_true(core_checkpoint_next(world->core, &bytes, &row));
    assert_int_equal(ROW_KIND(row.key), ROW_CORE);
    assert_false(core_checkpoint_next(world->core, &bytes, &row));
    buffer_done(&bytes);
    rows_free(rows);
    world_free(world);
}

/* ---- consumers ---- */

TEST(the_place_of_a_consumer_never_goes_back_and_is_restored)
{
    struct world *world = world_new();
    uint64_t seq = 0;
    uint32_t agency = core_agency_find(world->core, TEXT("xa1"));
    assert_false(core_consumer_place(world->core, agency, TEXT("thu-ky"), &seq));
    effects_clear(&world->effects);
    assert_int_equal(core_consumer_keep(world->core, agency, CORE_NO_KEY, TEXT("thu-ky"), 5, &world->effects), 0);
    assert_int_equal(core_consumer_keep(world->core, agency, CORE_NO_KEY, TEXT("thu-ky"), 3, &world->effects), 0);
    assert_int_equal(world->effects.count, 1);
    const struct effect *effect = &world->effects.items[0];
    assert_int_equal(effect->type, EFFECT_ROW);
    struct journal_row row = {effect->row.key, effect->row.seq, effects_bytes(&world->effects, effect->row.body),
                              effect->row.body.size};
    struct core *restored = world_restore(world, &row, 1, 0);
    assert_true(core_consumer_place(restored, agency, TEXT("thu-ky"), &seq));
    assert_int_equal(seq, 5);
    core_free(restored);
    world_free(world);
}

/* ---- what a damaged store gives ---- */

TEST(a_row_or_record_that_does_not_fit_is_refused)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    struct problem problem = {0};
    world_assign(world, "huyen", "xa1", "HT-001", NULL);
    rows_write(world, rows, 4000);
    for (size_t i = 0; i < rows->count; i++) {
        struct core *core = core_new();
        struct journal_row row = rows->items[i];
        row.size--;
        assert_int_not_equal(core_restore_row(core, &row, &problem), 0);
        core_free(core);
        core = core_new();
        int error = 0;
        for (size_t j = 0; j < rows->count && !error; j++)
            if (j != i)
                error = core_restore_row(core, &rows->items[j], &problem);
        if (!error)
            error = core_restore_done(core, world->record_count, &problem);
        /* The newest of its kind may be missing without being missed. */
        enum row_kind kind = ROW_KIND(rows->items[i].key);
        if (kind == ROW_CORE || kind == ROW_CALENDAR || (kind == ROW_AGENCY && ROW_NUMBER(rows->items[i].key) < 5))
            assert_int_equal(error, COORD_E_BAD_VALUE);
        core_free(core);
    }
    struct core *core = core_new();
    struct journal_record record = world->records[0];
    record.seq = 2;
    assert_int_equal(core_restore_record(core, &record, &problem), COORD_E_BAD_VALUE);
    core_free(core);
    core = core_new();
    assert_int_not_equal(core_restore_record(core, &world->records[world->record_count - 1], &problem), 0);
    core_free(core);
    rows_free(rows);
    world_free(world);
}

/* A record of the world, told again without one of its fields. */
static int restore_without(struct world *world, uint64_t seq, uint64_t field)
{
    struct problem problem = {0};
    struct buffer frame = {0};
    struct msg_record record = *world_record(world, seq);
    struct core *core = core_new();
    record.has &= ~((msg_bits)1 << field);
    message_encode(&frame, "record", (struct text){0}, &message_record, &record);
    for (uint64_t i = 1; i < seq; i++)
        assert_int_equal(core_restore_record(core, &world->records[i - 1], &problem), 0);
    const struct journal_record told = {seq, record.task, record.previous, frame.data, (uint32_t)frame.size};
    int error = core_restore_record(core, &told, &problem);
    core_free(core);
    buffer_done(&frame);
    return error;
}

TEST(a_record_without_what_the_state_needs_is_refused)
{
    struct world *world = world_new();
    set_policy(world);
    uint64_t policy = world->record_count;
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "5wd"), assigned = world->record_count;
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    uint64_t escalated = world->record_count;
    assert_int_equal(restore_without(world, assigned, MSG_FIELD(record, version)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, assigned, MSG_FIELD(record, state)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, assigned, MSG_FIELD(record, content)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, escalated, MSG_FIELD(record, escalation)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, escalated, MSG_FIELD(record, level)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, policy, MSG_FIELD(record, policy_set)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_without(world, assigned, MSG_FIELD(record, note)), 0);
    world_free(world);
}

TEST(rows_that_disagree_about_the_remembered_requests_are_refused)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    struct problem problem = {0};
    world_assign(world, "huyen", "xa1", "HT-001", NULL);
    rows_write(world, rows, 4000);
    struct core *core = core_new();
    for (size_t i = 0; i < rows->count; i++)
        if (ROW_KIND(rows->items[i].key) != ROW_REQUESTS)
            assert_int_equal(core_restore_row(core, &rows->items[i], &problem), 0);
    assert_int_equal(core_restore_done(core, world->record_count, &problem), COORD_E_BAD_VALUE);
    core_free(core);
    rows_free(rows);
    world_free(world);
}
