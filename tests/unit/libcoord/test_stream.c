/* Streams over real sockets against a scripted broker: nothing left out and nothing twice, whatever it does. How they end is in
 * test_stream_ends.c.
 */
#include "unit/test.h"

#include "scene.h"

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
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, scene_get, &scene, NULL), COORD_E_ALREADY_SUBSCRIBED);
    dispatch_until(scene.coord, &scene.count, 10);
    assert_int_equal(coord_unsubscribe(scene.coord, 0, NULL), 0);
    scene.newest = 20;
    MSG_SET(&subscribe, subscribe, from, 10);
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, scene_get, &scene, NULL), 0);
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
    assert_int_equal(coord_subscribe(scene.coord, &subscribe, scene_get, &scene, &problem), COORD_E_OUT_OF_RANGE);
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
