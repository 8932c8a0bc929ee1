/* Requests as such: once only, and all or nothing. Batches are in test_request_batch.c, what comes in in test_request_taken.c. */
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/sent.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* The bytes of the one reply, to be freed. */
static struct text reply_bytes(const struct world *world)
{
    const struct effect *effect = sent_effect(world, EFFECT_REPLY);
    assert_non_null(effect);
    char *copy = malloc(effect->reply.body.size);
    memcpy(copy, effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size);
    return (struct text){copy, effect->reply.body.size};
}

static void check_again(struct world *world, struct text first, const char *id)
{
    const struct effect *effect = sent_effect(world, EFFECT_RESEND);
    assert_non_null(effect);
    assert_null(sent_effect(world, EFFECT_RECORD));
    const struct msg_record *record = world_record(world, effect->resend.seq);
    struct buffer frame = {0};
    core_reply_again(text_of(id), effect->resend.digest, &world->records[effect->resend.seq - 1],
                     MSG_HAS(record, record, parts) ? (size_t)record->parts : 1, &frame);
    assert_true(text_equal(first, (struct text){frame.data, (uint32_t)frame.size}));
    buffer_done(&frame);
}

TEST(a_resent_change_gets_the_first_reply_byte_by_byte_and_happens_once)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    struct msg_change change = sent_change(task, "đã nhận");
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    struct text first = reply_bytes(world);
    size_t records = world->record_count;
    world->now += WORLD_DAY;
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &change), 0);
    assert_int_equal(world->record_count, records);
    check_again(world, first, "lan-1");
    free((void *)(uintptr_t)first.data);
    world_free(world);
}

TEST(an_assignment_to_several_is_one_request_with_one_reply)
{
    struct world *world = world_new();
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-002"));
    MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    MSG_SET(&assign.content, content, title, TEXT("Báo cáo kết quả"));
    MSG_SET(&assign.content, content, due, TEXT("10wd"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send_as(world, "huyen", OP_ASSIGN, "nhieu", &assign), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.count, 3);
    assert_true(text_equal(WORLD_REPLY(world, change_reply)->tasks.items[2].reference, TEXT("HT-002/xa3")));
    struct text first = reply_bytes(world);
    for (uint64_t part = 0; part < 3; part++) {
        const struct msg_record *record = world_record(world, world->record_count - 2 + part);
        assert_int_equal(record->part, part);
        assert_int_equal(record->parts, 3);
    }
    size_t records = world->record_count;
    assert_int_equal(world_send_as(world, "huyen", OP_ASSIGN, "nhieu", &assign), 0);
    assert_int_equal(world->record_count, records);
    check_again(world, first, "nhieu");
    free((void *)(uintptr_t)first.data);
    world_free(world);
}

TEST(one_lead_that_is_wrong_refuses_the_whole_assignment)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    world_assign(world, "huyen", "so1", "HT-003/xa2", NULL);
    size_t records = world->record_count;
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-003"));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 2});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_REFERENCE_TAKEN);
    assert_int_equal(world->record_count, records);
    world_free(world);
}

TEST(an_id_used_for_another_change_is_refused_as_reused)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change first = sent_change(task, "một"), second = sent_change(task, "hai");
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &first), 0);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "lan-1", &second), COORD_E_REQUEST_REUSED);
    assert_true(text_equal(world->refusal.field, TEXT("id")));
    world_free(world);
}

TEST(another_agency_may_use_the_same_id)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("ý kiến"));
    assert_int_equal(world_send_as(world, "xa1", OP_COMMENT, "1", &comment), 0);
    assert_int_equal(world_send_as(world, "huyen", OP_COMMENT, "1", &comment), 0);
    assert_non_null(sent_effect(world, EFFECT_RECORD));
    world_free(world);
}

TEST(a_refused_request_leaves_no_trace_so_its_id_may_be_sent_again)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = sent_change(task, "bắt đầu");
    assert_int_equal(world_send_as(world, "xa1", OP_START, "x", &change), COORD_E_WRONG_STATE);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_send_as(world, "xa1", OP_START, "x", &change), 0);
    assert_non_null(sent_effect(world, EFFECT_RECORD));
    world_free(world);
}
