/* What a core refuses because another broker leads, or because it has not come so far. */
#include "unit/core/refused.h"
#include "unit/test.h"

/* Any request, with two more words in its envelope. */
static int send_with(struct world *world, const char *agency, const char *op, const char *word, uint64_t number)
{
    uint8_t frame[128];
    size_t at = 0;
    const struct {
        const char *text;
    } texts[] = {{"op"}, {op}, {word}};
    frame[at++] = 0x82;
    for (size_t i = 0; i < 3; i++) {
        const size_t size = strlen(texts[i].text);
        frame[at++] = (uint8_t)(0xA0 | size);
        memcpy(frame + at, texts[i].text, size);
        at += size;
    }
    frame[at++] = 0xCF;
    for (int shift = 56; shift >= 0; shift -= 8)
        frame[at++] = (uint8_t)(number >> shift);
    return world_send_frame(world, world_key(agency), frame, at);
}

static struct world *follower(uint64_t lag_ms, bool stale)
{
    struct world *world = world_new();
    world->beside = (struct event_beside){
        .role = BROKER_ROLE_FOLLOWER, .leader = "tcp://tinh-1:5670", .lag_ms = lag_ms, .stale = stale};
    return world;
}

/* ---- who leads ---- */

TEST(a_follower_names_who_leads_and_changes_nothing)
{
    struct world *world = follower(3, false);
    struct msg_comment comment = {0};
    struct msg_hand_over over = {0};
    struct msg_backup backup = {0};
    MSG_SET(&comment, comment, task, 1);
    MSG_SET(&comment, comment, note, TEXT("thử"));
    MSG_SET(&backup, backup, path, TEXT("a.db"));
    const struct {
        enum op op;
        const void *request;
    } asked[] = {{OP_COMMENT, &comment}, {OP_HAND_OVER, &over}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        REFUSED_TRACELESS(world, world_send(world, "tinh", asked[i].op, asked[i].request), NOT_LEADER, "");
        assert_true(text_equal(world->refusal.leader, TEXT("tcp://tinh-1:5670")));
        assert_true(world->refusal.retry);
    }
    assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), 0); /* a copy is as good as any other */
    world->beside.leader = "";
    assert_int_equal(world_send(world, "tinh", OP_COMMENT, &comment), COORD_E_NOT_LEADER);
    assert_false(MSG_HAS(&world->refusal, error, leader));
    world_free(world);
}

TEST(who_may_not_do_it_at_all_is_told_that_and_not_who_leads)
{
    struct world *world = follower(3, false);
    struct msg_hand_over over = {0};
    assert_int_equal(world_send(world, "xa1", OP_HAND_OVER, &over), COORD_E_RIGHT_MISSING);
    world_free(world);
}

TEST(hello_says_what_the_broker_is_beside_others)
{
    struct world *world = world_new();
    struct msg_hello hello = {0};
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, role));
    assert_false(MSG_HAS(WORLD_REPLY(world, hello_reply), hello_reply, leader));
    world->beside = (struct event_beside){.role = BROKER_ROLE_LEADER, .leader = "tcp://tinh-1:5670"};
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_int_equal(WORLD_REPLY(world, hello_reply)->role, BROKER_ROLE_LEADER);
    assert_true(text_equal(WORLD_REPLY(world, hello_reply)->leader, TEXT("tcp://tinh-1:5670")));
    world_free(world);
}

TEST(who_leads_hands_over_and_so_far_nothing_is_done)
{
    struct world *world = world_new();
    struct msg_hand_over over = {0};
    MSG_SET(&over, hand_over, to, TEXT("tcp://tinh-2:5670"));
    assert_int_equal(world_send(world, "tinh", OP_HAND_OVER, &over), 0);
    assert_int_equal(world->effects.count, 1);
    const struct effect *effect = &world->effects.items[0];
    assert_int_equal(effect->type, EFFECT_BROKER);
    assert_int_equal(effect->broker.op, OP_HAND_OVER);
    assert_int_equal(effect->broker.path.size, over.to.size);
    assert_memory_equal(effects_bytes(&world->effects, effect->broker.path), over.to.data, over.to.size);
    world_free(world);
}

TEST(a_follower_begins_streams_and_a_consumers_once_it_knows_how_far_that_is)
{
    struct world *world = follower(3, false);
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, credit, 1);
    assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_STREAM);
    MSG_SET(&subscribe, subscribe, consumer, TEXT("kho"));
    REFUSED_TRACELESS(world, world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), BEHIND, "consumer");
    assert_true(world->refusal.retry);
    world->beside.placed = true;
    assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), 0);
    world->beside = (struct event_beside){.role = BROKER_ROLE_LEADER};
    assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), 0);
    world_free(world);
}

/* ---- how new ---- */

TEST(what_has_not_come_yet_is_refused_by_whoever_it_is_asked)
{
    struct world *world = world_new();
    const uint64_t seq = world->record_count;
    for (int role = 0; role <= BROKER_ROLE_FOLLOWER; role++) {
        world->beside.role = role;
        assert_int_equal(send_with(world, "xa1", "agency_list", "at_least", seq), 0);
        REFUSED_TRACELESS(world, send_with(world, "xa1", "agency_list", "at_least", seq + 1), BEHIND, "at_least");
        assert_true(world->refusal.retry);
        assert_int_equal(send_with(world, "xa1", "hello", "at_least", seq + 1), COORD_E_BEHIND);
    }
    world_free(world);
}

TEST(what_is_known_must_be_as_new_as_was_asked_for)
{
    struct world *world = follower(30, false);
    assert_int_equal(send_with(world, "xa1", "agency_list", "within_ms", 30), 0);
    REFUSED_TRACELESS(world, send_with(world, "xa1", "agency_list", "within_ms", 29), BEHIND, "within_ms");
    world->beside = (struct event_beside){0};
    assert_int_equal(send_with(world, "xa1", "agency_list", "within_ms", 0), 0);
    world_free(world);
}

TEST(one_that_has_heard_of_nothing_for_too_long_answers_what_it_is_and_no_more)
{
    struct world *world = follower(10001, true);
    struct msg_hello hello = {0};
    struct msg_status status = {0};
    struct msg_list list = {0};
    struct msg_subscribe subscribe = {0};
    struct msg_backup backup = {0};
    MSG_SET(&subscribe, subscribe, credit, 1);
    MSG_SET(&backup, backup, path, TEXT("a.db"));
    assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), COORD_E_BEHIND); /* its key may be revoked by now */
    assert_int_equal(world_send(world, "xa1", OP_AGENCY_LIST, &list), COORD_E_BEHIND);
    assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), COORD_E_BEHIND);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, &hello), 0);
    assert_int_equal(world_send(world, "tinh", OP_STATUS, &status), 0);
    world_free(world);
}
