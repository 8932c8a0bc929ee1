/* The same events give the same effects, byte for byte: in a second core, in one that is restored again and again, and in one whose place
 * another takes again and again that has followed it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "unit/core/ladder.h"
#include "unit/test.h"

/* What one event is made from: drawn once, done in each world. */
struct draw {
    uint32_t what, task, agency, number;
};

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

static const char *const agencies[] = {"huyen", "xa1", "tinh", "so1", "xa2", "phong", "ngoai", "khu"};

/* ---- events ---- */

static void assign(struct world *world, const struct draw *draw)
{
    static const char *const dues[] = {"3d", "10wd", "30d", "2024-06-28", "2024-12-31T08:00"};
    struct text leads[] = {TEXT("xa1"), text_of(agencies[draw->agency]), TEXT("xa3")};
    char reference[32];
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%u", draw->number);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){leads, 1 + draw->number % 3});
    MSG_SET(&request, assign, policy, TEXT("thang"));
    MSG_SET(&request.content, content, title, TEXT("Giải quyết kiến nghị của cử tri"));
    MSG_SET(&request.content, content, due, text_of(dues[draw->number % 5]));
    MSG_SET(&request.content, content, supervisor, TEXT("so2"));
    MSG_SET(&request.content, content, reporting, PERIOD_WEEKLY);
    MSG_MARK(&request, assign, content);
    world_send(world, "huyen", OP_ASSIGN, &request);
}

static void act(struct world *world, const struct draw *draw)
{
    static const enum op ops[] = {OP_ACCEPT, OP_START,   OP_REPORT, OP_SUBMIT, OP_CONFIRM,
                                  OP_REJECT, OP_SUSPEND, OP_RESUME, OP_CANCEL, OP_COMMENT};
    world_act(world, agencies[draw->agency % 2], ops[draw->number % 10], draw->task);
}

static void escalate(struct world *world, const struct draw *draw)
{
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, draw->task);
    MSG_SET(&request, escalate, note, TEXT("vướng mắc"));
    world_send(world, "xa1", OP_ESCALATE, &request);
}

static void amend(struct world *world, const struct draw *draw)
{
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, draw->task);
    MSG_SET(&request.content, content, due, TEXT("20wd"));
    MSG_SET(&request.content, content, area, TEXT("đất đai"));
    MSG_MARK(&request, amend, content);
    world_send(world, "huyen", OP_AMEND, &request);
}

static void read_something(struct world *world, const struct draw *draw)
{
    struct msg_task_get get = {0};
    struct msg_task_history history = {0};
    struct msg_task_list list = {0};
    struct msg_summary summary = {0};
    MSG_SET(&get, task_get, task, draw->task);
    MSG_SET(&history, task_history, task, draw->task);
    const struct {
        enum op op;
        const void *request;
    } reads[] = {{OP_TASK_GET, &get}, {OP_TASK_HISTORY, &history}, {OP_TASK_LIST, &list}, {OP_SUMMARY, &summary}};
    world_send(world, agencies[draw->agency], reads[draw->number % 4].op, reads[draw->number % 4].request);
}

static void send_again(struct world *world, const struct draw *draw)
{
    struct msg_change change = {0};
    char id[32];
    snprintf(id, sizeof id, "lan-%u", draw->number % 20);
    MSG_SET(&change, change, task, 1 + draw->number % 20);
    world_send_as(world, "xa1", OP_ACCEPT, id, &change);
}

static void send_garbage(struct world *world, const struct draw *draw)
{
    const uint8_t bytes[] = {0x83, 0xa2, 'o', 'p', (uint8_t)draw->number, (uint8_t)draw->task, 0xff};
    world_send_frame(world, world_key(agencies[draw->agency]), bytes, draw->number % 8);
}

static void set_policy(struct world *world, const struct draw *draw)
{
    LADDER_SET(world, {DEADLINE_ACCEPTANCE, 1, UNIT_WORKING_DAYS, RUNG_ESCALATE, LADDER_LEAD, .level = 1},
               {DEADLINE_COMPLETION, -(int64_t)(draw->number % 5), UNIT_WORKING_DAYS, RUNG_REMIND, LADDER_LEAD,
                .catchup = CATCHUP_MERGE},
               {DEADLINE_COMPLETION, 1, UNIT_CALENDAR_DAYS, RUNG_ESCALATE, LADDER_LEAD, .level = 2, .repeat = 2,
                .repeat_unit = UNIT_CALENDAR_DAYS, .agency = "tinh", .catchup = CATCHUP_RECORD},
               {DEADLINE_REPORT, 0, UNIT_HOURS, RUNG_NOTIFY, LADDER_LEAD, .repeat = 1, .repeat_unit = UNIT_HOURS});
}

static void tick(struct world *world, const struct draw *draw)
{
    world_event(world, EVENT_TICK, world->now + draw->number % 7 * WORLD_HOUR);
}

static void be_down(struct world *world, const struct draw *draw)
{
    world_event(world, EVENT_RESUME, world->now + draw->number % 5 * WORLD_DAY);
    world_run_until(world, world->now);
}

typedef void deed(struct world *world, const struct draw *draw);
static deed *const deeds[] = {
    assign, act, act, act, act, act, escalate, amend, tick, tick, be_down, read_something, send_again, send_garbage};
#define DEEDS (sizeof deeds / sizeof deeds[0])

static struct draw draw_event(const struct world *world)
{
    struct core_counts counts;
    core_counts(world->core, &counts);
    return (struct draw){chance(DEEDS), 1 + chance((uint32_t)counts.tasks + 1), chance(8), chance(100000)};
}

/* ---- comparing ---- */

/* What an item is beside the bytes that it points to. */
static void hold_item(const struct effect *a, const struct effect *b)
{
    assert_int_equal(a->type, b->type);
    if (a->type == EFFECT_RECORD) {
        assert_int_equal(a->record.seq, b->record.seq);
        assert_int_equal(a->record.task, b->record.task);
        assert_int_equal(a->record.previous, b->record.previous);
        assert_int_equal(a->record.notifies, b->record.notifies);
    } else if (a->type == EFFECT_REPLY) {
        assert_int_equal(a->reply.to.peer, b->reply.to.peer);
        assert_int_equal(a->reply.body.offset, b->reply.body.offset);
        assert_int_equal(a->reply.refused, b->reply.refused);
    } else if (a->type == EFFECT_RESEND) {
        assert_int_equal(a->resend.seq, b->resend.seq);
        assert_memory_equal(a->resend.digest, b->resend.digest, sizeof a->resend.digest);
    } else if (a->type == EFFECT_HISTORY) {
        assert_int_equal(a->history.newest, b->history.newest);
    }
}

static void hold_effects(const struct effects *a, const struct effects *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->bytes.size, b->bytes.size);
    if (a->bytes.size > 0)
        assert_memory_equal(a->bytes.data, b->bytes.data, a->bytes.size);
    for (size_t i = 0; i < a->count; i++)
        hold_item(&a->items[i], &b->items[i]);
}

static void hold_cores(struct core *a, struct core *b)
{
    uint8_t of_a[32], of_b[32];
    core_digest(a, of_a);
    core_digest(b, of_b);
    assert_memory_equal(of_a, of_b, sizeof of_a);
    assert_true(core_next_deadline(a) == core_next_deadline(b));
}

static void put_in_place(struct world *world, struct core *core)
{
    core_hear(core, true);
    core_free(world->core);
    world->core = core;
}

/* ---- ladders: a rung fires once a round, and an agency is told of a task once at an instant ---- */

struct fired {
    uint64_t task, deadline, round, step, occurrence;
};
struct told {
    uint64_t task, time;
    uint32_t agency;
};

static int compare_fired(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct fired));
}

static int compare_told(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->task != y->task)
        return x->task < y->task ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->agency > y->agency) - (x->agency < y->agency);
}

static void hold_ladders(struct world *world)
{
    struct fired *fired = calloc(world->record_count, sizeof *fired);
    struct told *told = calloc(world->record_count * 8, sizeof *told);
    size_t fired_count = 0, told_count = 0;
    for (uint64_t seq = 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record != RECORD_RUNG)
            continue;
        if (MSG_HAS(record, record, step))
            fired[fired_count++] = (struct fired){record->task, (uint64_t)record->deadline, record->round, record->step,
                                                  record->occurrence};
        for (uint32_t i = 0; i < record->to.count; i++) {
            assert_in_range(told_count, 0, world->record_count * 8 - 1);
            told[told_count++] = (struct told){record->task, (uint64_t)record->time,
                                               core_agency_find(world->core, record->to.items[i])};
        }
    }
    qsort(fired, fired_count, sizeof *fired, compare_fired);
    qsort(told, told_count, sizeof *told, compare_told);
    for (size_t i = 1; i < fired_count; i++)
        if (compare_fired(&fired[i - 1], &fired[i]) == 0)
            fail_msg("task %u fires step %u, occurrence %u, twice in round %u", (unsigned)fired[i].task,
                     (unsigned)fired[i].step, (unsigned)fired[i].occurrence, (unsigned)fired[i].round);
    for (size_t i = 1; i < told_count; i++)
        if (compare_told(&told[i - 1], &told[i]) == 0)
            fail_msg("agency %u is told twice at once of task %u", (unsigned)told[i].agency, (unsigned)told[i].task);
    assert_in_range(fired_count, 10, SIZE_MAX);
    free(fired);
    free(told);
}

enum replaced { REPLACED_NEVER, REPLACED_RESTORED, REPLACED_FOLLOWED };

/* Two worlds live the same; the core of the second is replaced after every dozen of events. */
static void live_alike(uint64_t seed, int events, enum replaced replaced)
{
    struct world *first = world_new(), *second = world_new();
    size_t followed_from = second->record_count;
    chance_state = seed;
    for (int i = 0; i < events; i++) {
        const struct draw draw = draw_event(first);
        deed *does = i % 100 == 0 ? set_policy : deeds[draw.what];
        does(first, &draw);
        does(second, &draw);
        hold_effects(&first->effects, &second->effects);
        assert_int_equal(first->error, second->error);
        if (replaced == REPLACED_NEVER || i % 12 != 0)
            continue;
        put_in_place(second, replaced == REPLACED_RESTORED ? world_restore(second, NULL, 0, 0)
                                                           : world_follow(second, followed_from));
        followed_from = second->record_count;
        hold_cores(first->core, second->core);
    }
    hold_cores(first->core, second->core);
    assert_int_equal(first->record_count, second->record_count);
    assert_in_range(first->record_count, events / 4, 1000 * events);
    for (size_t i = 0; i < first->record_count; i++) {
        assert_int_equal(first->records[i].size, second->records[i].size);
        assert_memory_equal(first->records[i].body, second->records[i].body, first->records[i].size);
    }
    hold_ladders(first);
    world_free(first);
    world_free(second);
}

TEST(the_same_events_give_the_same_effects_byte_for_byte)
{
    for (uint64_t seed = 1; seed <= (test_is_watched() ? 1U : 3U); seed++)
        live_alike(seed, 600, REPLACED_NEVER);
}

TEST(a_restored_core_goes_on_byte_for_byte_as_if_nothing_had_been)
{
    for (uint64_t seed = 11; seed <= (test_is_watched() ? 11U : 12U); seed++)
        live_alike(seed, 300, REPLACED_RESTORED);
}

TEST(a_core_that_has_followed_goes_on_byte_for_byte_as_if_it_had_decided)
{
    for (uint64_t seed = 11; seed <= (test_is_watched() ? 11U : 12U); seed++)
        live_alike(seed, 300, REPLACED_FOLLOWED);
}

/* All that a life under a secret of the indexes gives out, and the state that it comes to. */
static void live_under(uint8_t secret, uint8_t given[32], uint8_t state[32])
{
    uint8_t bytes[DIGEST_SECRET_SIZE] = {secret};
    digest_set_secret(bytes);
    struct world *world = world_new();
    struct digest_256 *digest = digest_256_new();
    chance_state = 21;
    for (int i = 0; i < (test_is_watched() ? 200 : 600); i++) {
        const struct draw draw = draw_event(world);
        deed *does = i % 100 == 0 ? set_policy : deeds[draw.what];
        does(world, &draw);
        digest_256_add(digest, world->effects.bytes.data, world->effects.bytes.size);
    }
    digest_256_end(digest, given);
    core_digest(world->core, state);
    world_free(world);
}

TEST(the_secret_of_the_indexes_shows_in_nothing_that_leaves_the_core)
{
    uint8_t given[2][32], states[2][32];
    live_under(1, given[0], states[0]);
    live_under(2, given[1], states[1]);
    assert_memory_equal(given[0], given[1], sizeof given[0]);
    assert_memory_equal(states[0], states[1], sizeof states[0]);
}
