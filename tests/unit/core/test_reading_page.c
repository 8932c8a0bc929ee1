/* Lists by page: all that one may read, each once, in frames. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/readings.h"
#include "unit/test.h"

TEST(pages_put_together_are_all_that_one_may_read_each_once)
{
    struct world *world = world_new();
    uint64_t mine = 0, sum;
    for (int i = 0; i < 50; i++) {
        uint64_t task = readings_assign(world, "huyen", i % 3 ? "xa1" : "xa2", NULL, SCOPE_NORMAL);
        mine += i % 3 ? task : 0;
    }
    struct msg_task_list request = {0};
    MSG_SET(&request, task_list, limit, 7);
    assert_int_equal(readings_list(world, "xa1", &request, &sum), 33);
    assert_int_equal(sum, mine);
    request = (struct msg_task_list){0};
    assert_int_equal(readings_list(world, "tinh", &request, &sum), 50);
    MSG_SET(&request, task_list, agency, TEXT("xa2"));
    request.after = 0;
    assert_int_equal(readings_list(world, "tinh", &request, &sum), 17);
    request = (struct msg_task_list){0};
    MSG_SET(&request, task_list, agency, TEXT("huyen"));
    MSG_SET(&request, task_list, subtree, true);
    MSG_SET(&request, task_list, roles, TERM_BIT(ROLE_LEAD));
    assert_int_equal(readings_list(world, "tinh", &request, &sum), 50);
    request = (struct msg_task_list){0};
    MSG_SET(&request, task_list, states, TERM_BIT(STATE_ACCEPTED));
    assert_int_equal(readings_list(world, "tinh", &request, &sum), 0);
    world_free(world);
}

TEST(a_page_stays_within_a_frame)
{
    struct world *world = world_new();
    static char description[16001];
    struct text lead = TEXT("xa1");
    struct msg_assign request = {0};
    uint64_t sum;
    memset(description, 'x', 16000);
    MSG_SET(&request, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_SET(&request.content, content, description, text_of(description));
    MSG_MARK(&request, assign, content);
    for (int i = 0; i < 100; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        MSG_SET(&request, assign, reference, text_of(reference));
        assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    }
    struct msg_task_list all = {0};
    MSG_SET(&all, task_list, limit, 1000);
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &all), 0);
    assert_in_range(world->effects.bytes.size, 400 * 1024, 512 * 1024);
    assert_int_equal(readings_list(world, "xa1", &all, &sum), 100);
    world_free(world);
}

TEST(open_escalations_are_listed_to_those_who_may_read_them)
{
    struct world *world = world_new();
    struct msg_escalate escalate = {0};
    struct msg_escalation_list request = {0};
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    for (int i = 0; i < 5; i++) {
        MSG_SET(&escalate, escalate, task, readings_assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL));
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    MSG_SET(&request, escalation_list, limit, 2);
    uint32_t found = 0;
    for (;;) {
        assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
        const struct msg_escalations_reply *reply = WORLD_REPLY(world, escalations_reply);
        found += reply->escalations.count;
        if (!MSG_HAS(reply, escalations_reply, next))
            break;
        MSG_SET(&request, escalation_list, after, reply->next);
    }
    assert_int_equal(found, 5);
    request = (struct msg_escalation_list){0};
    MSG_SET(&request, escalation_list, mine, true);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    assert_int_equal(world_send(world, "huyen", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 5);
    assert_int_equal(world_send(world, "so1", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    world_free(world);
}

TEST(a_page_of_escalations_keeps_to_its_limit_within_one_task_too)
{
    struct world *world = world_new();
    struct msg_escalate escalate = {0};
    struct msg_escalation_list request = {0};
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    for (int i = 0; i < 3; i++) {
        MSG_SET(&escalate, escalate, task, readings_assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL));
        for (int j = 0; j < 4; j++)
            assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    for (uint64_t limit = 1; limit < 14; limit++) {
        uint64_t last = 0;
        uint32_t found = 0;
        request = (struct msg_escalation_list){0};
        MSG_SET(&request, escalation_list, limit, limit);
        for (;;) {
            assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
            const struct msg_escalations_reply *reply = WORLD_REPLY(world, escalations_reply);
            assert_true(reply->escalations.count <= limit);
            for (uint32_t i = 0; i < reply->escalations.count; i++, found++) {
                assert_true(reply->escalations.items[i].escalation.escalation > last); /* each once, in order */
                last = reply->escalations.items[i].escalation.escalation;
            }
            if (!MSG_HAS(reply, escalations_reply, next))
                break;
            assert_true(reply->next < UINT64_C(1) << 53);
            MSG_SET(&request, escalation_list, after, reply->next);
        }
        assert_int_equal(found, 12);
    }
    /* The number of a task is a place as well: what comes after it. */
    request = (struct msg_escalation_list){0};
    MSG_SET(&request, escalation_list, after, 2);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 4);
    MSG_SET(&request, escalation_list, after, INT64_MAX);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    world_free(world);
}
