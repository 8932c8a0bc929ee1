/* Streams over real sockets against a scripted broker: nothing left out and nothing twice, whatever it does. */
#include "unit/test.h"

#include <string.h>
#include <zmq.h>

#include "broker.h"

/* What a scripted broker holds, and what a subscriber got. The broker's part is used by its thread alone. */
struct scene {
    struct broker broker;
    struct coord *coord;
    /* the broker's */
    _Atomic uint64_t newest; /* records 1 to newest exist */
    uint64_t sent;           /* on the stream, or the place to begin at */
    uint64_t credit;
    uint64_t stop_at; /* it goes silent after this sequence, once; 0 for never */
    uint64_t rewind;  /* on a resumption it sends so many again */
    bool subscribed;
    bool keeps_slowly;           /* `consumed` is answered after the next unsubscribe */
    struct incoming kept_slowly; /* that one */
    bool mute;                   /* answers nothing but what is subscribed anew */
    int ending;                  /* closes the stream so after stop_at */
    int subscribes, credits, hellos, unsubscribes;
    uint64_t consumed; /* newest `consumed` */
    int consumed_count;
    uint64_t from[16]; /* of the subscribes; UINT64_MAX when absent */
    uint64_t credit_asked[16];
    /* the subscriber's */
    uint64_t got[200];
    int count;
    int ended;
    int ending_got;
    int error_got;
    int outcome; /* of the callback */
};

static void send_more(struct scene *scene, const struct incoming *to)
{
    while (scene->subscribed && scene->credit > 0 && scene->sent < scene->newest) {
        broker_record(&scene->broker, to, ++scene->sent);
        scene->credit--;
        if (scene->stop_at && scene->sent >= scene->stop_at) {
            scene->stop_at = 0;
            scene->subscribed = false;
            if (scene->ending)
                broker_closed(&scene->broker, to, scene->ending, scene->sent);
        }
    }
}

static void take_subscribe(struct scene *scene, const struct incoming *in)
{
    struct msg_subscribe request;
    struct problem problem;
    assert_int_equal(decoder_read(in->decoder, &message_subscribe, &request, &problem), 0);
    uint64_t from = MSG_HAS(&request, subscribe, from) ? request.from : UINT64_MAX;
    if (scene->subscribes < 16) {
        scene->from[scene->subscribes] = from;
        scene->credit_asked[scene->subscribes] = request.credit;
    }
    scene->subscribes++;
    uint64_t start = from == UINT64_MAX ? 0 : from;
    scene->sent = start > scene->rewind ? start - scene->rewind : 0;
    scene->credit = request.credit;
    scene->subscribed = true;
    struct msg_stream_reply reply = {0};
    MSG_SET(&reply, stream_reply, from, start);
    MSG_SET(&reply, stream_reply, seq, scene->newest);
    MSG_SET(&reply, stream_reply, credit, request.credit);
    broker_reply(&scene->broker, in, &reply);
}

/* With more in between than the client takes in one step. */
static void keep_slowly(struct scene *scene, const struct incoming *in)
{
    for (int i = 0; i < 1500; i++)
        broker_closed(&scene->broker, in, ENDING_UNSUBSCRIBED, scene->sent);
    broker_oblige(&scene->broker, &scene->kept_slowly, scene->newest);
}

static void play(struct broker *broker, const struct incoming *in)
{
    struct scene *scene = broker->user;
    struct problem problem;
    if (incoming_is(in, "subscribe")) {
        take_subscribe(scene, in);
    } else if (incoming_is(in, "credit")) {
        struct msg_credit request;
        assert_int_equal(decoder_read(in->decoder, &message_credit, &request, &problem), 0);
        scene->credit += request.credit;
        scene->credits++;
        broker_oblige(broker, in, scene->newest);
    } else if (incoming_is(in, "consumed")) {
        struct msg_consumed request;
        assert_int_equal(decoder_read(in->decoder, &message_consumed, &request, &problem), 0);
        scene->consumed = request.seq;
        scene->consumed_count++;
        scene->kept_slowly = *in;
        if (!scene->keeps_slowly)
            broker_oblige(broker, in, scene->newest);
    } else if (incoming_is(in, "unsubscribe")) {
        scene->unsubscribes++;
        scene->subscribed = false;
        broker_closed(broker, in, ENDING_UNSUBSCRIBED, scene->sent);
        broker_oblige(broker, in, scene->newest);
        if (scene->keeps_slowly)
            keep_slowly(scene, in);
    } else if (!scene->mute) {
        scene->hellos += incoming_is(in, "hello");
        broker_oblige(broker, in, scene->newest);
    }
    send_more(scene, in);
}

static int get(void *user, const struct coord_event *event)
{
    struct scene *scene = user;
    if (!event->record) {
        scene->ended++;
        scene->ending_got = event->ending;
        scene->error_got = event->problem ? event->problem->error : 0;
        return COORD_DONE;
    }
    assert_non_null(event->frame);
    assert_int_equal(scene->ended, 0);
    assert_true(scene->count < 200);
    scene->got[scene->count++] = event->record->seq;
    return scene->outcome;
}

static void scene_open(struct scene *scene, const struct coord_options *options)
{
    broker_init(&scene->broker, play, scene);
    scene->coord = broker_open(&scene->broker, options);
}

static void scene_subscribe(struct scene *scene, const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    if (consumer)
        MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    else
        MSG_SET(&subscribe, subscribe, from, 0);
    assert_int_equal(coord_subscribe(scene->coord, &subscribe, get, scene, NULL), 0);
}

static void scene_close(struct scene *scene)
{
    assert_int_equal(coord_close(scene->coord), 0);
    broker_done(&scene->broker);
    for (int i = 0; i < scene->count; i++)
        assert_int_equal(scene->got[i], i + 1);
}

/* ---- the usual ---- */

TEST(stream_gives_each_notification_in_sequence)
{
    struct scene scene = {.newest = 50};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 50);
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 1);
    assert_int_equal(scene.credit_asked[0], 1024);
}

TEST(credit_is_given_back_by_halves)
{
    struct scene scene = {.newest = 100};
    struct coord_options options = patient_options();
    options.credit = 10;
    scene_open(&scene, &options);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
    assert_int_equal(scene.credit_asked[0], 10);
    assert_in_range(scene.credits, 18, 20);
    assert_int_equal(scene.consumed_count, 0);
}

TEST(credit_of_one_is_enough)
{
    struct scene scene = {.newest = 20};
    struct coord_options options = patient_options();
    options.credit = 1;
    scene_open(&scene, &options);
    scene_subscribe(&scene, "một");
    dispatch_until(scene.coord, &scene.count, 20);
    scene_close(&scene);
}

TEST(later_holds_credit_until_consumed)
{
    struct scene scene = {.newest = 100, .outcome = COORD_LATER};
    struct coord_options options = patient_options();
    options.credit = 10;
    scene_open(&scene, &options);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 10);
    assert_int_equal(coord_dispatch(scene.coord, 20), 0);
    assert_int_equal(coord_consumed(scene.coord, 11), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_consumed(scene.coord, 4), 0);
    assert_int_equal(coord_dispatch(scene.coord, 20), 0);
    assert_int_equal(coord_consumed(scene.coord, 5), 0);
    dispatch_until(scene.coord, &scene.count, 15);
    scene.outcome = COORD_DONE;
    assert_int_equal(coord_consumed(scene.coord, 15), 0);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
}

TEST(durable_place_is_told_and_told_again_on_leaving)
{
    struct scene scene = {.newest = 100};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 100);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), 0);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), COORD_E_STREAM_UNKNOWN);
    scene_close(&scene);
    assert_int_equal(scene.from[0], UINT64_MAX);
    assert_int_equal(scene.consumed, 100);
    assert_true(scene.consumed_count < 100);
    assert_int_equal(scene.unsubscribes, 1);
    assert_int_equal(scene.ended, 0);
}

TEST(leaving_waits_for_the_place_to_be_kept)
{
    struct scene scene = {.newest = 100, .keeps_slowly = true};
    struct problem problem = {0};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 100);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, &problem), 0);
    scene_close(&scene);
    assert_int_equal(scene.consumed, 100);
}

TEST(what_is_kept_for_later_is_not_told_as_dealt_with)
{
    struct scene scene = {.newest = 9, .outcome = COORD_LATER};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 9);
    assert_int_equal(coord_consumed(scene.coord, 7), 0);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), 0);
    scene_close(&scene);
    assert_int_equal(scene.consumed, 7);
}

TEST(place_is_told_on_leaving_even_after_the_connection_was_lost)
{
    struct scene scene = {.newest = 9, .outcome = COORD_LATER};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 9);
    broker_stop(&scene.broker);
    assert_int_equal(coord_consumed(scene.coord, 9), 0);
    struct problem problem;
    while (coord_connected(scene.coord, NULL))
        assert_int_equal(coord_dispatch(scene.coord, 20), 0);
    broker_start(&scene.broker);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, &problem), 0);
    scene_close(&scene);
    assert_int_equal(scene.consumed, 9);
}

TEST(leaving_without_the_brokers_word_says_so)
{
    struct scene scene = {.newest = 9, .outcome = COORD_LATER};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, "thư ký");
    dispatch_until(scene.coord, &scene.count, 9);
    broker_stop(&scene.broker);
    assert_int_equal(coord_consumed(scene.coord, 9), 0);
    struct problem problem;
    assert_int_equal(coord_unsubscribe(scene.coord, 30, &problem), COORD_E_TIMED_OUT);
    assert_int_equal(coord_consumed(scene.coord, 9), COORD_E_STREAM_UNKNOWN);
    scene_close(&scene);
}

TEST(handle_subscribes_again_after_leaving)
{
    struct scene scene = {.newest = 10};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    struct msg_subscribe subscribe = {0};
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, get, &scene, NULL), COORD_E_ALREADY_SUBSCRIBED);
    dispatch_until(scene.coord, &scene.count, 10);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), 0);
    scene.newest = 20;
    MSG_SET(&subscribe, subscribe, from, 10);
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, get, &scene, NULL), 0);
    dispatch_until(scene.coord, &scene.count, 20);
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 2);
}

TEST(wrong_subscription_is_refused_before_it_is_sent)
{
    struct scene scene = {.newest = 1};
    scene_open(&scene, NULL);
    struct msg_subscribe subscribe = {0};
    struct problem problem;
    MSG_SET(&subscribe, subscribe, consumer, TEXT(""));
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, get, &scene, &problem), COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "consumer");
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 0);
}

/* ---- resumed ---- */

TEST(killed_broker_leaves_no_gap_and_no_double)
{
    struct scene scene = {.newest = 100, .stop_at = 37, .rewind = 20};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 37);
    broker_stop(&scene.broker);
    broker_start(&scene.broker);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
    assert_int_equal(scene.from[1], 37);
}

TEST(notifications_kept_during_a_call_survive_a_lost_connection)
{
    struct scene scene = {.newest = 100, .stop_at = 60, .rewind = 100};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(coord_call(scene.coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    assert_int_equal(scene.count, 0);
    broker_stop(&scene.broker);
    broker_start(&scene.broker);
    assert_int_equal(coord_call(scene.coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
}

TEST(kept_credit_is_not_granted_twice_after_a_resumption)
{
    struct scene scene = {.newest = 100, .stop_at = 7, .outcome = COORD_LATER};
    struct coord_options options = patient_options();
    options.credit = 10;
    scene_open(&scene, &options);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 7);
    broker_stop(&scene.broker);
    broker_start(&scene.broker);
    dispatch_until(scene.coord, &scene.count, 10);
    assert_int_equal(coord_dispatch(scene.coord, 20), 0);
    scene.outcome = COORD_DONE;
    assert_int_equal(coord_consumed(scene.coord, 10), 0);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
    assert_int_equal(scene.credit_asked[1], 3);
}

TEST(stopping_broker_is_subscribed_to_again)
{
    struct scene scene = {.newest = 100, .stop_at = 50, .ending = ENDING_STOPPING};
    scene_open(&scene, NULL);
    scene_subscribe(&scene, NULL);
    dispatch_until(scene.coord, &scene.count, 100);
    scene_close(&scene);
    assert_int_equal(scene.subscribes, 2);
    assert_int_equal(scene.from[1], 50);
}

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
