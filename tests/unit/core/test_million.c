/* A million tasks that wait for their rungs, in memory: what one of them takes is measured and bounded. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/core/ladder.h"
#include "unit/test.h"

#define TITLE_SIZE     80
#define TASK_BYTES_MAX 460 /* what CORE_TASKS_MAX in core/state.h counts with */

static size_t allocated(void)
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void encode_assignment(struct buffer *frame, unsigned number)
{
    static const char *const leads[] = {"xa1", "xa2", "xa3", "so1", "so2", "phong"};
    char id[32], reference[32], title[TITLE_SIZE + 1], due[16];
    struct text lead = text_of(leads[number % 6]);
    struct msg_assign assign = {0};
    snprintf(id, sizeof id, "giao-%u", number);
    snprintf(reference, sizeof reference, "HT-%06u", number);
    snprintf(title, sizeof title, "Rà soát, bổ sung quy hoạch sử dụng đất khu vực %-18u", number);
    snprintf(due, sizeof due, "%uwd", 10 + number % 200);
    assert_int_equal(strlen(title), TITLE_SIZE);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, (struct text){title, TITLE_SIZE});
    MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    buffer_clear(frame);
    message_encode(frame, "assign", text_of(id), &message_assign, &assign);
}

/* Through the core's own door: the world would keep every record. */
static void assign_many(struct world *world, unsigned count)
{
    struct buffer frame = {0};
    struct effects effects;
    effects_init(&effects);
    for (unsigned number = 0; number < count; number++) {
        struct event event = {.type = EVENT_REQUEST, .now_ms = world->now};
        encode_assignment(&frame, number);
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

static void read_a_page(struct world *world)
{
    struct msg_task_list list = {0};
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_in_range(WORLD_REPLY(world, tasks_reply)->tasks.count, 1, 1000);
}

TEST(a_million_pending_tasks_fit_in_the_memory_that_they_are_said_to_take)
{
    const unsigned count = test_is_watched() ? 5000 : 1000000;
    struct world *world = world_new();
    struct core_counts counts;
    LADDER_SET(world,
               {.deadline = DEADLINE_COMPLETION, .offset = -3, .unit = UNIT_WORKING_DAYS, RUNG_REMIND, LADDER_LEAD},
               {.deadline = DEADLINE_COMPLETION, .offset = 1, .unit = UNIT_WORKING_DAYS, RUNG_NOTIFY, LADDER_LEAD});
    const size_t before = allocated();
    assign_many(world, count);
    const size_t each = (allocated() - before) / count;
    core_counts(world->core, &counts);
    assert_int_equal(counts.open_tasks, count);
    assert_true(core_next_deadline(world->core) > world->now);
    assert_true(core_next_deadline(world->core) < INT64_MAX);
    read_a_page(world);
    if (!test_is_watched()) {
        printf("measured memory per pending task: %zu bytes\n", each);
        assert_in_range(each, 1, TASK_BYTES_MAX);
    }
    world_free(world);
}
