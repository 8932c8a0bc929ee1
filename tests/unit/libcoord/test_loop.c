/* coord_fd in other people's event loops: readable when there is something to do, and not when there is nothing. */
#include "unit/test.h"

#include <poll.h>
#include <string.h>
#include <zmq.h>

#include "broker.h"

static void oblige(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
}

static void stay_silent(struct broker *broker, const struct incoming *in)
{
    (void)broker, (void)in;
}

static int readable(struct coord *coord, int timeout_ms)
{
    struct pollfd fd = {.fd = coord_fd(coord), .events = POLLIN};
    return poll(&fd, 1, timeout_ms);
}

/* The loop of a program that knows nothing but the descriptor; it must never wait in vain. */
static void loop_until(struct coord *coord, const int *count, int wanted)
{
    while (*count < wanted) {
        assert_int_equal(readable(coord, 60000), 1);
        assert_true(coord_dispatch(coord, 0) >= 0);
    }
}

/* Lets the handle settle until its descriptor is quiet. */
static void settle(struct coord *coord)
{
    while (readable(coord, 50) == 1)
        assert_true(coord_dispatch(coord, 0) >= 0);
}

static void count_any(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)error, (void)reply, (void)problem;
    ++*(int *)user;
}

TEST(descriptor_alone_drives_pipelined_requests)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int replies = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 5; i++)
            assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &replies, 0, NULL), 0);
        loop_until(coord, &replies, (round + 1) * 5);
    }
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_wakes_for_replies_that_a_send_or_call_has_swallowed)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int replies = 0;
    for (int round = 0; round < 100; round++) {
        assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &replies, 0, NULL), 0);
        /* The call reads what comes for both; the reply to the first is kept. */
        assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
        assert_int_equal(readable(coord, 0), 1);
        assert_int_equal(readable(coord, 0), 1); /* level-triggered */
        loop_until(coord, &replies, round + 1);
    }
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_is_quiet_when_there_is_nothing_to_do)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int replies = 0;
    assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &replies, 0, NULL), 0);
    loop_until(coord, &replies, 1);
    settle(coord);
    assert_int_equal(readable(coord, 0), 0);
    assert_int_equal(coord_dispatch(coord, 0), 0);
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_wakes_for_timeouts)
{
    struct broker broker;
    broker_init(&broker, stay_silent, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int told = 0;
    assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &told, 60, NULL), 0);
    loop_until(coord, &told, 1);
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_wakes_for_reconnecting)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int replies = 0;
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    for (int round = 0; round < 5; round++) {
        broker_stop(&broker);
        assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &replies, 0, NULL), 0);
        broker_start(&broker);
        loop_until(coord, &replies, round + 1);
    }
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

static int count_record(void *user, const struct coord_event *event)
{
    assert_non_null(event->record);
    ++*(int *)user;
    return COORD_DONE;
}

static void stream_thousands(struct broker *broker, const struct incoming *in)
{
    uint64_t *seq = broker->user;
    broker_oblige(broker, in, 1);
    uint64_t more = incoming_is(in, "subscribe") ? 1024 : incoming_is(in, "credit") ? 512 : 0;
    while (more-- > 0)
        broker_record(broker, in, ++*seq);
}

TEST(descriptor_alone_drives_a_stream)
{
    struct broker broker;
    uint64_t seq = 0;
    int count = 0;
    broker_init(&broker, stream_thousands, &seq);
    struct coord *coord = broker_open(&broker, NULL);
    struct msg_subscribe subscribe = {0};
    assert_int_equal(coord_subscribe(coord, &subscribe, count_record, &count, NULL), 0);
    while (count < 20000) {
        assert_int_equal(readable(coord, 60000), 1);
        int ran = coord_dispatch(coord, 0);
        assert_in_range(ran, 0, 1024);
    }
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_asked_for_after_a_reply_came_is_readable)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int replies = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(coord_send(coord, OP_HELLO, NULL, count_any, &replies, 0, NULL), 0);
    loop_until(coord, &replies, 5);
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(descriptor_stays_the_same_for_the_life_of_the_handle)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct coord *coord = broker_open(&broker, NULL);
    int fd = coord_fd(coord);
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    broker_stop(&broker);
    broker_start(&broker);
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    assert_int_equal(coord_fd(coord), fd);
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}
