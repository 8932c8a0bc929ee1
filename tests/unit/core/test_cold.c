/* Closed tasks out of memory: which go, that nothing is seen of it, and what is left of them. Every other test of the core is of
 * it as well: in its world a task goes as soon as it is closed (world.c).
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cold.h"
#include "core/query.h"
#include "core/task_data.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* As in the daemon. */
static struct world *patient_world(void)
{
    struct world *world = world_new();
    world->core->cold->after_ms = CORE_COLD_AFTER_MS;
    return world;
}

static void cool_at(struct world *world, int64_t now)
{
    world->now = now;
    while (core_cool(world->core, now)) {
    }
}

static uint64_t closed_task(struct world *world, const char *reference)
{
    const uint64_t task = world_assign(world, "huyen", "xa1", reference, "5wd");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    return task;
}

static void assert_same(struct core *one, struct core *other)
{
    uint8_t a[32], b[32];
    core_digest(one, a);
    core_digest(other, b);
    assert_memory_equal(a, b, sizeof a);
}

/* What task_get answers, whole. The caller frees it. */
static char *shown(struct world *world, uint64_t task, size_t *size)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send_as(world, "huyen", OP_TASK_GET, "xem", &get), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_REPLY);
    const struct effect_span span = world->effects.items[0].reply.body;
    *size = span.size;
    return memcpy(malloc(span.size), effects_bytes(&world->effects, span), span.size);
}

/* ---- which, and when ---- */

TEST(a_task_goes_when_it_was_closed_for_so_long_and_an_open_one_never)
{
    struct world *world = patient_world();
    const uint64_t open = world_assign(world, "huyen", "xa1", "HT-001", "5wd");
    const uint64_t first = closed_task(world, "HT-002");
    world->now += WORLD_DAY;
    const uint64_t second = closed_task(world, "HT-003");
    cool_at(world, WORLD_BEGIN + CORE_COLD_AFTER_MS - 60000);
    assert_int_equal(core_cold_count(world->core), 0);
    cool_at(world, WORLD_BEGIN + CORE_COLD_AFTER_MS);
    assert_true(core_task_is_cold(world->core, first));
    assert_false(core_task_is_cold(world->core, second));
    cool_at(world, world->now + WORLD_DAY);
    assert_true(core_task_is_cold(world->core, second));
    cool_at(world, world->now + 1000 * WORLD_DAY);
    assert_false(core_task_is_cold(world->core, open));
    assert_int_equal(core_cold_count(world->core), 2);
    world_free(world);
}

TEST(what_is_read_of_a_task_that_is_cold_is_what_was_read_before)
{
    struct world *world = patient_world();
    const uint64_t task = closed_task(world, "HT-001");
    size_t before_size, after_size;
    world->now += CORE_COLD_AFTER_MS;
    char *before = shown(world, task, &before_size);
    cool_at(world, world->now);
    assert_true(core_task_is_cold(world->core, task));
    char *after = shown(world, task, &after_size);
    assert_int_equal(after_size, before_size);
    assert_memory_equal(after, before, before_size);
    assert_true(core_task_is_cold(world->core, task)); /* a read leaves it where it is */
    free(before);
    free(after);
    world_free(world);
}

TEST(a_reference_is_taken_and_found_when_its_task_is_cold)
{
    struct world *world = world_new();
    struct msg_task_get get = {0};
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    for (unsigned i = 0; i < 600; i++) { /* more than two tables of the index hold */
        char reference[32];
        snprintf(reference, sizeof reference, "HT-%03u", i);
        closed_task(world, reference);
    }
    assert_int_equal(core_cold_count(world->core), 600);
    assert_int_equal(world->core->reference_index.count, 0);
    for (unsigned i = 0; i < 600; i++) {
        char reference[32];
        snprintf(reference, sizeof reference, "HT-%03u", i);
        MSG_SET(&get, task_get, reference, text_of(reference));
        assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
        assert_int_equal(WORLD_REPLY(world, task_reply)->task.task, i + 1);
    }
    MSG_SET(&get, task_get, reference, TEXT("HT-600"));
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    MSG_SET(&assign, assign, reference, TEXT("HT-007"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_REFERENCE_TAKEN);
    world_free(world);
}

/* ---- what changes one ---- */

TEST(a_comment_brings_a_task_back_and_is_kept_and_it_goes_again)
{
    struct world *world = patient_world();
    const uint64_t task = closed_task(world, "HT-001");
    cool_at(world, world->now + CORE_COLD_AFTER_MS);
    const uint64_t closed = core_task(world->core, task)->record;
    const uint32_t version = core_task(world->core, task)->version;
    assert_true(core_task_is_cold(world->core, task));
    assert_int_equal(world_act(world, "xa1", OP_COMMENT, task), 0);
    assert_false(core_task_is_cold(world->core, task));
    assert_int_equal(core_task(world->core, task)->version, version + 1);
    assert_int_equal(world->records[world->record_count - 1].previous, closed);
    rows_replay(world); /* a core of the records, and one of rows, stand as this one */
    cool_at(world, world->now + CORE_COLD_AFTER_MS - WORLD_DAY);
    assert_false(core_task_is_cold(world->core, task));
    cool_at(world, world->now + WORLD_DAY);
    assert_true(core_task_is_cold(world->core, task));
    assert_int_equal(core_task(world->core, task)->version, version + 1);
    rows_replay(world);
    world_free(world);
}

/* All that has memory of its own: what fired, escalations, rounds, requests, texts and lists. */
static uint64_t task_with_everything(struct world *world)
{
    struct msg_escalate escalate = {0};
    LADDER_SET(world,
               {.deadline = DEADLINE_COMPLETION, .offset = -3, .unit = UNIT_WORKING_DAYS, RUNG_REMIND, LADDER_LEAD},
               {.deadline = DEADLINE_COMPLETION,
                .offset = 1,
                .unit = UNIT_WORKING_DAYS,
                RUNG_ESCALATE,
                LADDER_LEAD,
                .level = 1});
    const uint64_t task = ladder_assign(world, "HT-001", "5wd", PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "9wd");
    assert_int_not_equal(ask, 0);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2"), 0);
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    world_run_until(world, world->now + 30 * WORLD_DAY);
    ladder_act(world, "huyen", OP_CANCEL, task);
    return task;
}

TEST(all_that_a_task_owns_goes_with_it_and_comes_back)
{
    struct world *world = patient_world();
    const uint64_t number = task_with_everything(world);
    struct core *plain = world_restore(world, NULL, 0, 0);
    const struct task *task = core_task(world->core, number);
    assert_true(task->course->fired && task->rare->escalations && task->rare->rounds && task->pack && task->rare->asks);
    assert_int_equal(task->rare->asks->count, 2);
    assert_in_range(task->rare->escalations->count, 2, TASK_ESCALATIONS_MAX);
    cool_at(world, world->now + CORE_COLD_AFTER_MS);
    assert_true(core_task_is_cold(world->core, number));
    assert_same(world->core, plain);
    task = task_to_change(world->core, number, world->now);
    assert_ptr_equal(task, core_task(world->core, number));
    assert_false(core_task_is_cold(world->core, number));
    assert_same(world->core, plain);
    cool_at(world, world->now + CORE_COLD_AFTER_MS);
    assert_true(core_task_is_cold(world->core, number));
    assert_same(world->core, plain);
    core_free(plain);
    world_free(world);
}

/* ---- where there is no room ---- */

TEST(what_a_lender_refuses_stays_and_goes_once_there_is_room)
{
    struct world *world = world_new();
    for (int room = 0; room < 2; room++) { /* first for nothing, then for the tables and for no task */
        world->lender.left = room;
        closed_task(world, room ? "HT-002" : "HT-001");
        assert_int_equal(core_cold_count(world->core), 0);
        assert_false(core_cool(world->core, world->now + 1));
        size_t size;
        free(shown(world, 1, &size));
    }
    rows_replay(world);
    world->lender.left = -1;
    cool_at(world, world->now + 60000);
    assert_int_equal(core_cold_count(world->core), 2);
    rows_replay(world);
    world_free(world);
}

/* ---- starts ---- */

static struct core *start(const struct world *world, struct plain_lender *lender, int64_t after_ms)
{
    struct core *core = core_new();
    struct problem problem = {0};
    core_lend(core, &lender->lender, after_ms);
    for (int tasks = 0; tasks < 2; tasks++) /* in the order of their kinds, as a store has them */
        for (size_t i = 0; i < world->rows->count; i++)
            if ((ROW_KIND(world->rows->items[i].key) == ROW_TASK) == tasks)
                assert_int_equal(core_restore_row(core, &world->rows->items[i], &problem), 0);
    for (size_t i = world->rows->checkpoint; i < world->record_count; i++)
        assert_int_equal(core_restore_record(core, &world->records[i], &problem), 0);
    assert_int_equal(core_restore_done(core, world->record_count, &problem), 0);
    return core;
}

TEST(a_start_puts_away_at_once_what_is_old_and_the_rest_when_its_time_comes)
{
    struct world *world = patient_world();
    struct plain_lender lender;
    const uint64_t old = task_with_everything(world);
    world->now += CORE_COLD_AFTER_MS;
    const uint64_t late = closed_task(world, "HT-002"), open = world_assign(world, "huyen", "xa1", "HT-003", "5wd");
    const int64_t closed_ms = world->now;
    rows_replay(world);
    /* After the checkpoint, a record that changes one of those that are put away. */
    assert_int_equal(world_act(world, "xa1", OP_COMMENT, old), 0);
    plain_lender_init(&lender);
    struct core *core = start(world, &lender, CORE_COLD_AFTER_MS);
    assert_int_equal(core_cold_count(core), 0);
    assert_same(core, world->core);
    rows_replay(world);
    core_free(core);
    core = start(world, &lender, CORE_COLD_AFTER_MS);
    assert_true(core_task_is_cold(core, old));
    assert_false(core_task_is_cold(core, late));
    assert_same(core, world->core);
    while (core_cool(core, closed_ms + CORE_COLD_AFTER_MS)) {
    }
    assert_true(core_task_is_cold(core, late));
    assert_false(core_task_is_cold(core, open));
    assert_same(core, world->core);
    core_free(core);
    assert_int_equal(lender.regions, 0);
    lender.left = 0;
    core = start(world, &lender, CORE_COLD_AFTER_MS);
    assert_int_equal(core_cold_count(core), 0);
    assert_same(core, world->core);
    core_free(core);
    world_free(world);
}

/* ---- what it costs ---- */

#define COLD_BYTES_MAX 16 /* what CORE_TASKS_MAX in core/state.h counts with */

static size_t allocated(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void encode_closing(struct buffer *frame, uint64_t number, bool assigns)
{
    static const char *const leads[] = {"xa1", "xa2", "xa3", "so1", "so2", "phong"};
    static char description[501];
    char id[32], reference[32];
    struct text lead = text_of(leads[number % 6]), along = text_of(leads[(number + 1) % 6]);
    struct msg_assign assign = {0};
    struct msg_reason cancel = {0};
    memset(description, 'x', 500);
    snprintf(id, sizeof id, "%s-%llu", assigns ? "giao" : "huy", (unsigned long long)number);
    snprintf(reference, sizeof reference, "HT-%06llu", (unsigned long long)number);
    buffer_clear(frame);
    MSG_SET(&cancel, reason, task, number);
    MSG_SET(&cancel, reason, note, TEXT("xong"));
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát, bổ sung quy hoạch sử dụng đất khu vực ven biển"));
    MSG_SET(&assign.content, content, description, text_of(description));
    MSG_SET(&assign.content, content, cooperating, (struct texts){&along, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("tinh"));
    MSG_SET(&assign.content, content, due, TEXT("30d"));
    if (number > 100 && number % 10 == 0 && number % 100) /* of the last that stays open */
        MSG_SET(&assign.content, content, parent, number - number % 100);
    MSG_MARK(&assign, assign, content);
    if (assigns)
        message_encode(frame, "assign", text_of(id), &message_assign, &assign);
    else
        message_encode(frame, "cancel", text_of(id), &message_reason, &cancel);
}

/* Through the core's own door: the world would keep every record. One of a hundred stays open, as in life. */
static void close_many(struct world *world, unsigned count)
{
    struct buffer frame = {0};
    struct effects effects;
    effects_init(&effects);
    for (unsigned i = 0; i < 2 * count; i++) {
        const uint64_t number = i / 2 + 1;
        struct event event = {.type = EVENT_REQUEST, .now_ms = world->now};
        if (i % 2 && number % 100 == 0)
            continue;
        encode_closing(&frame, number, i % 2 == 0);
        event.request.key = text_of(world_key("huyen"));
        event.request.frame = frame.data;
        event.request.size = frame.size;
        effects_clear(&effects);
        core_step(world->core, &event, &effects);
        assert_int_equal(effects.items[0].type, EFFECT_RECORD);
    }
    effects_done(&effects);
    buffer_done(&frame);
}

/* Whether what is to move out of the first of them is more than the one that is filled has room for: then one more is lent. Once a
 * region is empty it is the next. */
static bool lacks_room(const struct lent *bodies)
{
    const struct lent_region *first = NULL, *filled = NULL;
    for (size_t i = 0; i < bodies->count; i++)
        if (bodies->regions[i].memory == bodies->current)
            filled = &bodies->regions[i];
        else if (!first)
            first = &bodies->regions[i];
    assert_true(first && filled);
    return first->live > LENT_REGION - filled->used;
}

/* Most come back, and of regions that are nearly empty the last tasks move on. */
TEST(when_most_have_come_back_the_others_move_together_and_all_are_as_they_were)
{
    const unsigned count = 20000;
    uint8_t before[32], after[32];
    struct world *world = patient_world();
    const struct cold *cold = world->core->cold;
    close_many(world, count);
    cool_at(world, world->now + CORE_COLD_AFTER_MS);
    assert_in_range(world->lender.regions, 4, 10);
    core_digest(world->core, before);
    for (uint64_t number = 1; number <= count; number++)
        if (number % 20)
            assert_non_null(task_to_change(world->core, number, world->now));
    const unsigned regions = world->lender.regions + lacks_room(&cold->bodies);
    const uint64_t left = core_cold_count(world->core);
    cool_at(world, world->now);
    size_t used = 0;
    for (size_t i = 0; i < cold->bodies.count; i++)
        used += cold->bodies.regions[i].used > 0;
    assert_in_range(used, 1, 2); /* the one that is filled, and one that it has just left */
    assert_int_equal(world->lender.regions, regions);
    assert_int_equal(core_cold_count(world->core), left);
    core_digest(world->core, after);
    assert_memory_equal(before, after, sizeof before);
    cool_at(world, world->now + CORE_COLD_AFTER_MS); /* what came back goes where there is room */
    assert_int_equal(core_cold_count(world->core), count / 100 * 99);
    assert_int_equal(world->lender.regions, regions);
    core_digest(world->core, after);
    assert_memory_equal(before, after, sizeof before);
    world_free(world);
}

/* ---- what it costs to look at them ---- */

/* Pages of a search that finds one task, the last; what each step cost is within its bound. */
static unsigned pages_of_search(struct world *world)
{
    struct msg_task_list list = {0};
    unsigned pages = 0, found = 0;
    MSG_SET(&list, task_list, reference, TEXT("HT-001000"));
    do {
        assert_int_equal(world_send(world, "huyen", OP_TASK_LIST, &list), 0);
        assert_in_range(world->effects.cost, 1, QUERY_SCAN_MAX + 1000);
        const struct msg_tasks_reply *page = WORLD_REPLY(world, tasks_reply);
        found += page->tasks.count;
        MSG_SET(&list, task_list, after, MSG_HAS(page, tasks_reply, next) ? page->next : 0);
        pages++;
    } while (list.after);
    assert_int_equal(found, 1);
    return pages;
}

TEST(a_page_goes_through_fewer_tasks_when_they_are_old)
{
    struct world *world = patient_world();
    close_many(world, 1000);
    assert_int_equal(pages_of_search(world), 1);
    world->now += CORE_COLD_AFTER_MS;
    assert_int_equal(pages_of_search(world), 3); /* 1,000 × 52 of 20,000, whether they are cold yet or not */
    cool_at(world, world->now);
    assert_int_equal(pages_of_search(world), 3);
    world_free(world);
}

/* What is remembered of an agency's changes has a bound of its own (core/seen.h): so what a hundred thousand tasks took is held
 * against what twice as many take, those that are open with them. */
TEST(a_task_that_is_closed_for_long_takes_no_more_memory_than_it_is_said_to)
{
    const unsigned count = test_is_watched() ? 5000 : 100000;
    struct world *worlds[2] = {patient_world(), patient_world()};
    size_t taken[2];
    for (unsigned i = 0; i < 2; i++) {
        const size_t before = allocated();
        close_many(worlds[i], (i + 1) * count);
        const size_t hot = (allocated() - before) / ((i + 1) * count);
        cool_at(worlds[i], worlds[i]->now + CORE_COLD_AFTER_MS);
        assert_int_equal(core_cold_count(worlds[i]->core), (i + 1) * count / 100 * 99);
        taken[i] = allocated() - before; /* what is lent is none of malloc's */
        printf("measured memory per closed task: %zu bytes at first, %zu of %u with all that is beside\n", hot,
               taken[i] / ((i + 1) * count), (i + 1) * count);
    }
    const size_t each = (taken[1] - taken[0]) / count;
    if (!test_is_watched()) {
        printf("measured memory per task closed for long: %zu bytes\n", each);
        assert_in_range(each, 0, COLD_BYTES_MAX);
    }
    world_free(worlds[0]);
    world_free(worlds[1]);
}
