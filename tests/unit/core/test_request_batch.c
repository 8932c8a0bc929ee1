/* Batches: each request is answered by itself, as far as a batch goes; and bundles, by which a client is answered. */
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/sent.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(each_request_of_a_batch_is_answered_by_itself)
{
    struct world *world = world_new();
    struct arena arena = {0};
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = sent_change(task, "nhận");
    struct msg_task_get get = {0};
    struct msg_empty nothing = {0};
    struct msg_batch batch = {0}, inner = {0};
    MSG_SET(&get, task_get, task, task);
    struct text leaf = sent_element(&arena, OP_HELLO, "h", &nothing);
    MSG_SET(&inner, batch, requests, (coord_raws){&leaf, 1});
    struct text requests[] = {
        sent_element(&arena, OP_ACCEPT, "a", &change),  sent_element(&arena, OP_ACCEPT, "b", &change),
        sent_element(&arena, OP_TASK_GET, "c", &get),   sent_element(&arena, OP_UNSUBSCRIBE, "d", &nothing),
        sent_element(&arena, OP_BATCH, "e", &inner),    sent_element(&arena, OP_ACCEPT, "a", &change),
        sent_element(&arena, OP_STATUS, "g", &nothing),
    };
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 7});
    world_send(world, "xa1", OP_BATCH, &batch);
    assert_int_equal(world->effects.items[0].type, EFFECT_BATCH);
    assert_int_equal(world->effects.items[0].batch.next.count, 7);
    uint32_t slots = 0;
    for (size_t i = 1; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        const struct reply_to *to = effect->type == EFFECT_REPLY    ? &effect->reply.to
                                    : effect->type == EFFECT_RESEND ? &effect->resend.to
                                                                    : NULL;
        if (!to)
            continue;
        assert_int_equal(to->batch, 1);
        slots |= UINT32_C(1) << to->slot;
        bool refused = to->slot == 1 || to->slot == 3 || to->slot == 4 || to->slot == 6;
        if (effect->type == EFFECT_REPLY)
            assert_int_equal(effect->reply.refused != 0, refused);
        else
            assert_int_equal(to->slot, 5);
    }
    assert_int_equal(slots, 0x7f);
    arena_done(&arena);
    world_free(world);
}

/* The error of one request of the batch that was sent last; 0 when it was done. */
static int error_of(struct world *world, uint32_t slot)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        struct envelope envelope;
        struct msg_error refusal;
        struct problem problem = {0};
        if (effect->type != EFFECT_REPLY || effect->reply.to.slot != slot)
            continue;
        const void *body = effects_bytes(&world->effects, effect->reply.body);
        assert_int_equal(decoder_open(world->decoder, body, effect->reply.body.size, &envelope, &problem), 0);
        if (text_equal(envelope.op, TEXT("reply")))
            return 0;
        assert_int_equal(decoder_read(world->decoder, &message_error, &refusal, &problem), 0);
        return error_row_named(refusal.error.data, refusal.error.size)->error;
    }
    fail_msg("request %u of the batch has no reply", (unsigned)slot);
    return 0;
}

static struct msg_key_set key_set_of(const char *agency, const char *label, uint32_t rights)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(agency)));
    MSG_SET(&set.key, key, label, text_of(label));
    MSG_SET(&set.key, key, rights, rights);
    MSG_MARK(&set, key_set, key);
    return set;
}

TEST(a_batch_that_changes_its_own_key_goes_on_with_the_key_as_it_is_now)
{
    struct world *world = world_new();
    struct arena arena = {0};
    uint64_t task = world_assign(world, "tinh", "huyen", "HT-001", NULL);
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("một"));
    const uint32_t act = TERM_BIT(RIGHT_ACT), administer = TERM_BIT(RIGHT_ADMINISTER);
    struct msg_key_set other = key_set_of("huyen", "huyện", act | administer);
    struct msg_key_set renamed = key_set_of("tinh", "văn phòng", act | administer);
    struct msg_key_set limited = key_set_of("tinh", "văn phòng", administer);
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    struct text requests[] = {
        sent_element(&arena, OP_KEY_SET, "a", &other),   sent_element(&arena, OP_KEY_SET, "b", &renamed),
        sent_element(&arena, OP_COMMENT, "c", &comment), sent_element(&arena, OP_KEY_SET, "d", &limited),
        sent_element(&arena, OP_COMMENT, "e", &comment), sent_element(&arena, OP_KEY_REVOKE, "f", &revoke),
        sent_element(&arena, OP_KEY_SET, "g", &renamed), sent_element(&arena, OP_COMMENT, "h", &comment),
    };
    static const int errors[] = {0, 0, 0, 0, COORD_E_RIGHT_MISSING, 0, COORD_E_KEY_REVOKED, COORD_E_KEY_REVOKED};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 8});
    const uint64_t before = world->record_count;
    world_send(world, "tinh", OP_BATCH, &batch);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(error_of(world, i), errors[i]);
    assert_int_equal(world->record_count, before + 5);
    assert_true(text_equal(world_record(world, before + 3)->key, TEXT("văn phòng")));
    arena_done(&arena);
    world_free(world);
}

TEST(a_batch_stops_reading_when_its_replies_fill_a_frame)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char *big = calloc(1, 16001);
    memset(big, 'x', 16000);
    struct text lead = TEXT("xa1"), requests[64];
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, description, text_of(big));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_task_get get = {0};
    struct msg_batch batch = {0};
    MSG_SET(&get, task_get, task, 1);
    for (int i = 0; i < 64; i++)
        requests[i] = sent_element(&arena, OP_TASK_GET, "g", &get);
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 64});
    world_send(world, "xa1", OP_BATCH, &batch);
    size_t served = 0, refused = 0;
    for (size_t i = 1; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_REPLY)
            *(world->effects.items[i].reply.refused ? &refused : &served) += 1;
    assert_int_equal(served + refused, 64);
    assert_in_range(served, 20, 40);
    assert_in_range(world->effects.bytes.size, 1, 900 * 1024);
    free(big);
    arena_done(&arena);
    world_free(world);
}

static void count_answers(const struct world *world, size_t *served, size_t *refused)
{
    *served = *refused = 0;
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_REPLY)
            *(world->effects.items[i].reply.refused ? refused : served) += 1;
}

/* Notes are the frame's bytes, and no part of the replies. */
TEST(a_batch_of_changes_is_done_whole_however_much_they_say)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char note[4000];
    struct text requests[256];
    struct msg_comment comment = {0};
    struct msg_batch batch = {0};
    size_t served, refused;
    memset(note, 'x', sizeof note);
    MSG_SET(&comment, comment, task, world_assign(world, "huyen", "xa1", "HT-001", NULL));
    MSG_SET(&comment, comment, note, (struct text){note, sizeof note});
    for (int i = 0; i < 250; i++)
        requests[i] = sent_element(&arena, OP_COMMENT, (char[]){'c', (char)('A' + i / 16), (char)('A' + i % 16), '\0'},
                                   &comment);
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 250});
    world_send(world, "xa1", OP_BATCH, &batch);
    count_answers(world, &served, &refused);
    assert_int_equal(served, 250);
    assert_int_equal(refused, 0);
    arena_done(&arena);
    world_free(world);
}

TEST(a_batch_stops_changing_when_it_has_said_much_of_many_tasks)
{
    struct world *world = world_new();
    struct arena arena = {0};
    char *big = calloc(1, 16001);
    struct text leads[] = {TEXT("xa1"), TEXT("xa2"), TEXT("xa3"),  TEXT("huyen"),
                           TEXT("so1"), TEXT("so2"), TEXT("phong")};
    struct text requests[60];
    struct msg_assign assign = {0};
    struct msg_batch batch = {0};
    size_t served, refused;
    memset(big, 'x', 16000);
    MSG_SET(&assign, assign, leads, (struct texts){leads, 7});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, description, text_of(big));
    MSG_MARK(&assign, assign, content);
    for (int i = 0; i < 60; i++) {
        char id[] = {'a', (char)('A' + i / 16), (char)('A' + i % 16), '\0'};
        MSG_SET(&assign, assign, reference, text_of(id));
        requests[i] = sent_element(&arena, OP_ASSIGN, id, &assign);
    }
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 60});
    world_send(world, "tinh", OP_BATCH, &batch);
    count_answers(world, &served, &refused);
    assert_int_equal(served + refused, 60);
    assert_in_range(served, 30, 40);
    assert_in_range(world->effects.bytes.size, 1, 5 * 1024 * 1024);
    free(big);
    arena_done(&arena);
    world_free(world);
}

/* ---- bundles ---- */

/* What the only reply of the last event says to the loop of bundles. */
static int bundles_of(struct world *world)
{
    return sent_effect(world, EFFECT_REPLY)->reply.bundles;
}

TEST(hello_asks_for_bundles_or_no_more_or_leaves_it_as_it_is)
{
    struct world *world = world_new();
    struct arena arena = {0};
    struct msg_hello hello = {0};
    struct msg_batch batch = {0};
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, bundles));
    assert_int_equal(bundles_of(world), BUNDLES_UNSAID);
    MSG_SET(&hello, hello, bundles, true);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_true(WORLD_REPLY(world, hello_reply)->bundles);
    assert_int_equal(bundles_of(world), BUNDLES_ON);
    struct text inner = sent_element(&arena, OP_HELLO, "h", &hello);
    MSG_SET(&batch, batch, requests, (coord_raws){&inner, 1});
    world_send(world, "xa1", OP_BATCH, &batch); /* the connection is not the batch's to change */
    assert_int_equal(bundles_of(world), BUNDLES_UNSAID);
    MSG_SET(&hello, hello, bundles, false);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_true(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, bundles));
    assert_false(WORLD_REPLY(world, hello_reply)->bundles);
    assert_int_equal(bundles_of(world), BUNDLES_OFF);
    arena_done(&arena);
    world_free(world);
}
