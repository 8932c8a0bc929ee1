/* What a subscriber is told when a stream ends, falls silent, is refused or cannot be read. */
#include "unit/test.h"

#include <string.h>

#include "scene.h"

static void expect_ending(int ending)
{
    struct scene scene = {.newest = 100, .stop_at = 50, .ending = ending};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.count, 50);
    assert_int_equal(scene.ending_got, ending);
    assert_int_equal(scene.error_got, 0);
    assert_true(coord_dispatch(scene.coord, 20) < 0);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), COORD_E_STREAM_UNKNOWN);
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 1);
}

TEST(replaced_stream_ends)
{
    expect_ending(ENDING_REPLACED);
}

TEST(stream_of_a_revoked_key_ends)
{
    expect_ending(ENDING_KEY_REVOKED);
}

TEST(end_that_comes_during_a_call_is_told_after_what_came_before)
{
    struct scene scene = {.newest = 100, .stop_at = 50, .ending = ENDING_REPLACED};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    assert_int_equal(coord_call(scene.coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.count, 50);
    scene_close(&scene);
}

TEST(callback_ends_the_stream_with_a_negative_number)
{
    struct scene scene = {.newest = 5, .outcome = -12345};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    int outcome = 0;
    while (outcome == 0)
        outcome = coord_dispatch(scene.coord, 1000);
    assert_int_equal(outcome, -12345);
    assert_int_equal(scene.count, 1);
    assert_int_equal(scene.ended, 0);
    /* It was not dealt with, so whoever subscribes next gets it again. */
    scene.count = 0;
    scene.outcome = COORD_DONE;
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 5);
    scene_close(&scene);
}

/* ---- silence ---- */

TEST(idle_stream_asks_for_a_sign_of_life)
{
    struct scene scene = {.newest = 0};
    struct coord_options options = quick_options();
    options.ping_ms = 5;
    options.resend_max_ms = 60000;
    scene_open(&scene, &options);
    scene_subscribe(&scene, NULL);
    while (atomic_load(&scene.broker.received) < 5)
        assert_int_equal(coord_dispatch(scene.coord, 10), 0);
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 1);
    assert_true(scene.hellos >= 3);
}

TEST(silent_connection_is_left_and_the_stream_resumed)
{
    struct scene scene = {.newest = 60, .stop_at = 30, .mute = true};
    struct coord_options options = quick_options();
    options.ping_ms = 5;
    options.resend_max_ms = 1000; /* the slowest machine is to manage a handshake and an answer in it */
    scene_open(&scene, &options);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 60);
    scene_close(&scene);
    assert_true(scene.subscribes >= 2);
}

/* ---- refused, and unreadable ---- */

struct refusal {
    int error;
    int times;
    int subscribes;
    char peers[2][64];
};

static void refuse_subscribe(struct broker *broker, const struct incoming *in)
{
    struct refusal *refusal = broker->user;
    if (incoming_is(in, "subscribe") && refusal->subscribes < 2)
        memcpy(refusal->peers[refusal->subscribes++], in->peer, in->peer_size);
    if (incoming_is(in, "subscribe") && refusal->times-- > 0)
        broker_refuse(broker, in, refusal->error, "", "No.");
    else
        broker_oblige(broker, in, 0);
    if (incoming_is(in, "subscribe") && refusal->times < 0)
        broker_record(broker, in, 1);
}

TEST(refused_subscription_ends_with_the_reason)
{
    struct refusal refusal = {COORD_E_RIGHT_MISSING, 1, 0, {{0}}};
    struct scene scene = {0};
    broker_init(&scene.broker, refuse_subscribe, &refusal);
    scene.coord = broker_open(&scene.broker, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.error_got, COORD_E_RIGHT_MISSING);
    scene_close(&scene);
}

TEST(subscription_refused_for_a_while_is_asked_for_again)
{
    struct refusal refusal = {COORD_E_STREAM_LIMIT, 2, 0, {{0}}};
    struct scene scene = {0};
    broker_init(&scene.broker, refuse_subscribe, &refusal);
    scene.coord = broker_open(&scene.broker, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 1);
    scene_close(&scene);
}

TEST(subscription_that_the_connection_has_already_takes_another_connection)
{
    struct refusal refusal = {COORD_E_ALREADY_SUBSCRIBED, 1, 0, {{0}}};
    struct scene scene = {0};
    broker_init(&scene.broker, refuse_subscribe, &refusal);
    scene.coord = broker_open(&scene.broker, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 1);
    scene_close(&scene);
    assert_memory_not_equal(refusal.peers[0], refusal.peers[1], 5);
}

TEST(store_that_was_put_back_ends_the_stream)
{
    struct scene scene = {.newest = 50, .stop_at = 50};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 50);
    broker_stop(&scene.broker);
    scene.newest = 30;
    broker_start(&scene.broker);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.error_got, COORD_E_OTHER_STORE);
    scene_close(&scene);
}

static void send_a_bad_record(struct broker *broker, const struct incoming *in)
{
    static const struct msg_empty empty;
    broker_oblige(broker, in, 9);
    if (incoming_is(in, "subscribe")) {
        broker_record(broker, in, 1);
        broker_message(broker, in, "record", NULL, &message_empty, &empty);
        broker_record(broker, in, 2);
    }
}

TEST(notification_that_cannot_be_read_ends_the_stream)
{
    struct scene scene = {0};
    broker_init(&scene.broker, send_a_bad_record, &scene);
    scene.coord = broker_open(&scene.broker, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.count, 1);
    assert_int_equal(scene.error_got, COORD_E_BAD_REPLY);
    scene_close(&scene);
}

static void send_more_than_credit(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 9);
    for (uint64_t seq = 1; incoming_is(in, "subscribe") && seq < 9; seq++)
        broker_record(broker, in, seq);
}

TEST(more_than_credit_was_given_for_ends_the_stream)
{
    struct scene scene = {.outcome = COORD_LATER};
    struct coord_options options = patient_options();
    options.credit = 5;
    broker_init(&scene.broker, send_more_than_credit, &scene);
    scene.coord = broker_open(&scene.broker, &options);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.count, 5);
    assert_int_equal(scene.error_got, COORD_E_BAD_REPLY);
    scene_close(&scene);
}

TEST(refused_key_ends_the_stream)
{
    struct scene scene = {.newest = 5, .stop_at = 5};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 5);
    broker_stop(&scene.broker);
    scene.broker.zap_status = 400;
    broker_start(&scene.broker);
    dispatch_until(scene.coord, &scene.ended, 1);
    assert_int_equal(scene.error_got, COORD_E_KEY_UNKNOWN);
    scene_close(&scene);
}
