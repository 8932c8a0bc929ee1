/* Bundles: what comes in one frame is taken one by one, as if each had come alone. */
#include "unit/test.h"

#include <poll.h>
#include <string.h>

#include "fixture.h"

/* What came, in its order: R for a reply, E for an error, n for a notification, C for the stream's end. */
struct scene {
    struct fixture fixture;
    int wanted; /* requests that are answered together, in one bundle, the last first */
    struct incoming waiting[8];
    int waits;
    int told;        /* notifications that follow the reply to `subscribe`, in the same bundle */
    const char *raw; /* sent instead of any answer, once */
    size_t raw_size;
    char came[4096];
    int count, replies, errors, ended, fails_at, outcome;
};

static void answer_together(struct scene *scene, const struct incoming *in)
{
    struct broker *broker = &scene->fixture.broker;
    scene->waiting[scene->waits++] = *in;
    if (scene->waits < scene->wanted)
        return;
    broker_hold(broker);
    while (scene->waits > 0)
        if (--scene->waits == 1)
            broker_refuse(broker, &scene->waiting[1], COORD_E_TASK_UNKNOWN, "task", "Không có nhiệm vụ này.");
        else
            broker_oblige(broker, &scene->waiting[scene->waits], 1);
    broker_let_go(broker, in);
}

static void play(struct broker *broker, const struct incoming *in)
{
    struct scene *scene = broker->user;
    if (scene->raw) {
        const char *raw = scene->raw;
        scene->raw = NULL;
        broker_send(broker, in, raw, scene->raw_size);
    } else if (incoming_is(in, "subscribe")) {
        broker_hold(broker);
        broker_oblige(broker, in, 0);
        for (int i = 1; i <= scene->told; i++)
            broker_record(broker, in, (uint64_t)i);
        broker_let_go(broker, in);
    } else if (incoming_is(in, "hello") && scene->wanted) {
        answer_together(scene, in);
    } else {
        broker_oblige(broker, in, 100);
    }
}

static void note(struct scene *scene, char what)
{
    assert_true(scene->count < (int)sizeof scene->came - 1);
    scene->came[scene->count++] = what;
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct scene *scene = user;
    (void)reply;
    if (error) {
        assert_int_equal(error, problem->error);
        test_saw(problem);
    }
    scene->replies++;
    scene->errors += error != 0;
    note(scene, error ? 'E' : 'R');
}

static int on_event(void *user, const struct coord_event *event)
{
    struct scene *scene = user;
    note(scene, event->record ? 'n' : 'C');
    scene->ended += !event->record;
    if (event->record)
        assert_int_equal(event->frame_size > 20 && event->frame_size < 100, 1); /* its own, and not the bundle's */
    return scene->fails_at && scene->count == scene->fails_at ? scene->outcome : COORD_DONE;
}

static void scene_open(struct scene *scene)
{
    fixture_open(&scene->fixture, play, scene, NULL);
}

static void send_hellos(struct scene *scene, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(coord_send(scene->fixture.coord, OP_HELLO, NULL, on_reply, scene, 0, NULL), 0);
}

static void subscribe(struct scene *scene)
{
    struct msg_subscribe request = {0};
    assert_int_equal(coord_subscribe(scene->fixture.coord, &request, on_event, scene, NULL), 0);
}

TEST(answers_of_one_bundle_come_each_to_its_own_request)
{
    struct scene scene = {.wanted = 8};
    scene_open(&scene);
    send_hellos(&scene, 8);
    dispatch_until(scene.fixture.coord, &scene.replies, 8);
    assert_string_equal(scene.came, "RRRRRRER");
    assert_int_equal(atomic_load(&scene.fixture.broker.aside), 1); /* asked for once */
    send_hellos(&scene, 8);
    dispatch_until(scene.fixture.coord, &scene.replies, 16);
    assert_int_equal(atomic_load(&scene.fixture.broker.aside), 1);
    fixture_close(&scene.fixture);
}

TEST(one_request_at_a_time_asks_for_none)
{
    struct scene scene = {.wanted = 0};
    scene_open(&scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(coord_call(scene.fixture.coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    send_hellos(&scene, 1);
    dispatch_until(scene.fixture.coord, &scene.replies, 1);
    assert_int_equal(atomic_load(&scene.fixture.broker.aside), 0);
    assert_int_equal(atomic_load(&scene.fixture.broker.received), 4);
    fixture_close(&scene.fixture);
}

TEST(each_connection_is_asked_anew)
{
    struct scene scene = {.wanted = 0};
    struct coord_options options = quick_options();
    fixture_open(&scene.fixture, play, &scene, &options);
    send_hellos(&scene, 2);
    dispatch_until(scene.fixture.coord, &scene.replies, 2);
    broker_stop(&scene.fixture.broker);
    broker_start(&scene.fixture.broker);
    subscribe(&scene);
    send_hellos(&scene, 2);
    dispatch_until(scene.fixture.coord, &scene.replies, 4);
    assert_true(atomic_load(&scene.fixture.broker.aside) >= 2);
    fixture_close(&scene.fixture);
}

TEST(notifications_behind_the_reply_to_subscribe_come_in_the_same_bundle)
{
    struct scene scene = {.told = 5};
    scene_open(&scene);
    subscribe(&scene);
    dispatch_until(scene.fixture.coord, &scene.count, 5);
    assert_string_equal(scene.came, "nnnnn");
    assert_int_equal(atomic_load(&scene.fixture.broker.aside), 1);
    fixture_close(&scene.fixture);
}

static void answer_amid(struct broker *broker, const struct incoming *in)
{
    if (!incoming_is(in, "hello")) {
        play(broker, in);
        return;
    }
    broker_hold(broker);
    broker_record(broker, in, 1);
    broker_oblige(broker, in, 7);
    broker_record(broker, in, 2);
    broker_closed(broker, in, ENDING_REPLACED, 2);
    broker_record(broker, in, 3); /* which is nobody's */
    broker_let_go(broker, in);
}

TEST(call_takes_its_reply_out_of_a_bundle_and_the_rest_is_given_later)
{
    struct scene scene = {.told = 0};
    struct msg_hello_reply reply;
    fixture_open(&scene.fixture, answer_amid, &scene, NULL);
    subscribe(&scene);
    assert_int_equal(coord_call(scene.fixture.coord, OP_HELLO, NULL, &reply, 0, NULL), 0);
    assert_int_equal(reply.seq, 7);
    assert_int_equal(scene.count, 0);
    dispatch_until(scene.fixture.coord, &scene.ended, 1);
    assert_string_equal(scene.came, "nnC");
    assert_true(text_equal(reply.key, TEXT("văn thư"))); /* lent until the next call */
    fixture_close(&scene.fixture);
}

TEST(replies_and_notifications_of_a_bundle_come_in_their_order)
{
    struct scene scene = {.told = 0};
    fixture_open(&scene.fixture, answer_amid, &scene, NULL);
    subscribe(&scene);
    send_hellos(&scene, 1);
    dispatch_until(scene.fixture.coord, &scene.ended, 1);
    assert_string_equal(scene.came, "nRnC");
    fixture_close(&scene.fixture);
}

TEST(callback_that_ends_the_stream_gets_nothing_more_of_the_bundle)
{
    struct scene scene = {.told = 50, .fails_at = 3, .outcome = -12345};
    scene_open(&scene);
    subscribe(&scene);
    int outcome = 0;
    while (outcome == 0)
        outcome = coord_dispatch(scene.fixture.coord, 1000);
    assert_int_equal(outcome, -12345);
    assert_int_equal(coord_dispatch(scene.fixture.coord, 0), 0);
    assert_string_equal(scene.came, "nnn");
    scene.fails_at = 0;
    subscribe(&scene);
    dispatch_until(scene.fixture.coord, &scene.count, 53); /* the next one has it all */
    fixture_close(&scene.fixture);
}

TEST(handle_is_closed_with_half_a_bundle_unread)
{
    struct scene scene = {.told = 1020};
    struct coord_options options = patient_options();
    options.credit = 2000;
    fixture_open(&scene.fixture, play, &scene, &options);
    scene.fails_at = 7, scene.outcome = -1;
    subscribe(&scene);
    send_hellos(&scene, 1);
    while (coord_dispatch(scene.fixture.coord, 1000) >= 0)
        ;
    fixture_close(&scene.fixture);
    assert_true(scene.replies == 1);
}

TEST(what_is_left_of_a_large_bundle_keeps_the_descriptor_readable)
{
    struct scene scene = {.told = 3000};
    struct coord_options options = patient_options();
    options.credit = 4000;
    fixture_open(&scene.fixture, play, &scene, &options);
    subscribe(&scene);
    struct pollfd watched = {coord_fd(scene.fixture.coord), POLLIN, 0};
    while (scene.count < 3000) {
        assert_int_equal(poll(&watched, 1, 60000), 1);
        assert_true(coord_dispatch(scene.fixture.coord, 0) <= 1024);
    }
    fixture_close(&scene.fixture);
}

/* ---- what is no bundle ---- */

static void expect_bad(const char *raw, size_t size)
{
    struct scene scene = {.raw = raw, .raw_size = size};
    struct coord_options options = quick_options();
    options.retry = COORD_RETRY_NONE;
    fixture_open(&scene.fixture, play, &scene, &options);
    assert_int_equal(coord_call(scene.fixture.coord, OP_HELLO, NULL, NULL, 0, &scene.fixture.problem),
                     COORD_E_BAD_REPLY);
    test_saw(&scene.fixture.problem);
    /* The connection is not trusted any more; the next one is. */
    assert_int_equal(coord_call(scene.fixture.coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    fixture_close(&scene.fixture);
}

#define EXPECT_BAD(literal) expect_bad(literal, sizeof(literal) - 1)
#define A_MAP               "\x81\xa2op\xa5reply"

TEST(malformed_bundle_is_a_bad_reply_and_ends_the_connection)
{
    EXPECT_BAD("\x90");                    /* nothing in it */
    EXPECT_BAD("\x91");                    /* not whole */
    EXPECT_BAD("\x92" A_MAP);              /* one is missing */
    EXPECT_BAD("\x91" A_MAP "\xc0");       /* more than it says */
    EXPECT_BAD("\x91\x91" A_MAP);          /* a bundle in a bundle */
    EXPECT_BAD("\x92\xc0" A_MAP);          /* no map */
    EXPECT_BAD("\x91\x82\xa2op\xa5reply"); /* half a map */
    EXPECT_BAD("\xdd\xff\xff\xff\xff");    /* so many cannot be there */
    EXPECT_BAD("\xdc\x00");
}

/* Two requests: the first is answered, and what follows in the bundle is nothing. */
static void answer_and_fail(struct broker *broker, const struct incoming *in)
{
    static struct incoming first;
    if (in->number == 1) {
        first = *in;
        return;
    }
    if (in->number > 2) {
        broker_oblige(broker, in, 0);
        return;
    }
    broker_hold(broker);
    broker_oblige(broker, &first, 0);
    broker_send(broker, in, "\xc1", 1);
    broker_let_go(broker, in);
}

TEST(what_came_whole_before_the_fault_in_a_bundle_counts)
{
    struct scene scene = {.wanted = 0};
    struct coord_options options = patient_options();
    options.reconnect_ms = 1;
    fixture_open(&scene.fixture, answer_and_fail, &scene, &options);
    send_hellos(&scene, 2);
    dispatch_until(scene.fixture.coord, &scene.replies, 2);
    assert_string_equal(scene.came, "RE");
    send_hellos(&scene, 1);
    dispatch_until(scene.fixture.coord, &scene.replies, 3);
    assert_string_equal(scene.came, "RER");
    fixture_close(&scene.fixture);
}
