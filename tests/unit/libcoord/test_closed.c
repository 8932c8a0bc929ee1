/* After a stream's end: what ended it is told, nothing waits for what cannot come, and the handle is good for another. */
#include "unit/test.h"

#include <string.h>

#include "fixture.h"

/* What a subscriber was told. */
struct told {
    int records, ends;
    int ending, error;
};

static int note(void *user, const struct coord_event *event)
{
    struct told *told = user;
    if (event->record) {
        told->records++;
        return COORD_DONE;
    }
    told->ending = event->ending;
    told->error = event->problem ? event->problem->error : 0;
    told->ends++;
    return COORD_DONE;
}

static void subscribe(struct fixture *fixture, struct told *told)
{
    const struct msg_subscribe request = {0};
    assert_int_equal(coord_subscribe(fixture->coord, &request, note, told, &fixture->problem), 0);
}

/* Grants the stream, and gives one record on it. */
static void give_one(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    if (incoming_is(in, "subscribe"))
        broker_record(broker, in, 2);
}

static void restart_with_zap(struct broker *broker, int status)
{
    broker_stop(broker);
    broker->zap_status = status;
    broker_start(broker);
}

TEST(stream_begins_on_the_same_handle_once_its_refused_key_is_added)
{
    struct fixture fixture;
    struct told told = {0};
    fixture_open(&fixture, give_one, NULL, NULL);
    restart_with_zap(&fixture.broker, 400);
    for (int ends = 1; ends <= 3; ends++) {
        subscribe(&fixture, &told);
        dispatch_until(fixture.coord, &told.ends, ends);
        assert_int_equal(told.error, COORD_E_KEY_UNKNOWN);
    }
    restart_with_zap(&fixture.broker, 200);
    subscribe(&fixture, &told);
    dispatch_until(fixture.coord, &told.records, 1);
    fixture_close(&fixture);
}

/* ---- nothing hangs ---- */

static void close_as_told(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    if (incoming_is(in, "subscribe"))
        broker_closed(broker, in, *(int *)broker->user, 1);
}

/* Ends a stream so, and gives what coord_dispatch says of it from then on. */
static int dispatched_after(int ending)
{
    struct fixture fixture;
    struct told told = {0};
    fixture_open(&fixture, close_as_told, &ending, NULL);
    subscribe(&fixture, &told);
    dispatch_until(fixture.coord, &told.ends, 1);
    assert_int_equal(told.ending, ending);
    const int error = coord_dispatch(fixture.coord, COORD_TIMEOUT_NONE);
    assert_int_equal(coord_dispatch(fixture.coord, 60000), error);
    assert_int_equal(coord_dispatch(fixture.coord, 0), 0);
    assert_int_equal(coord_consumed(fixture.coord, 1), COORD_E_STREAM_UNKNOWN);
    assert_int_equal(coord_unsubscribe(fixture.coord, 60000, NULL), COORD_E_STREAM_UNKNOWN);
    /* What is asked is still answered, and waited for. */
    int replies = 0;
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    dispatch_until(fixture.coord, &replies, 1);
    fixture_close(&fixture);
    return error;
}

TEST(dispatch_returns_why_the_stream_ended_when_nothing_can_come)
{
    assert_int_equal(dispatched_after(ENDING_KEY_REVOKED), COORD_E_KEY_REVOKED);
    assert_int_equal(dispatched_after(ENDING_REPLACED), COORD_E_STREAM_UNKNOWN);
}

/* ---- a newer broker ---- */

/* {"op": op, name: value, "seq": 1}: what no table of this version makes. */
static void send_unknown(struct broker *broker, const struct incoming *in, const char *op, const char *name,
                         const char *value)
{
    const char *const texts[] = {"op", op, name, value, "seq"};
    char frame[128] = {(char)0x83};
    size_t size = 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t length = strlen(texts[i]);
        frame[size++] = (char)(0xa0 | length);
        memcpy(frame + size, texts[i], length);
        size += length;
    }
    frame[size++] = 1;
    broker_send(broker, in, frame, size);
}

static void end_for_a_new_reason(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    if (incoming_is(in, "subscribe"))
        send_unknown(broker, in, "closed", "ending", "full_moon");
}

TEST(ending_that_is_unknown_ends_the_stream_and_says_so)
{
    struct fixture fixture;
    struct told told = {0};
    fixture_open(&fixture, end_for_a_new_reason, NULL, NULL);
    subscribe(&fixture, &told);
    dispatch_until(fixture.coord, &told.ends, 1);
    assert_int_equal(told.ending, ENDING_NONE);
    assert_int_equal(told.error, COORD_E_STREAM_UNKNOWN);
    assert_int_equal(coord_dispatch(fixture.coord, COORD_TIMEOUT_NONE), COORD_E_STREAM_UNKNOWN);
    fixture_close(&fixture);
}

static void send_what_is_unknown_first(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    if (!incoming_is(in, "subscribe"))
        return;
    send_unknown(broker, in, "tide", "level", "high");
    broker_record(broker, in, 2);
}

TEST(frame_that_is_unknown_is_passed_over)
{
    struct fixture fixture;
    struct told told = {0};
    fixture_open(&fixture, send_what_is_unknown_first, NULL, NULL);
    subscribe(&fixture, &told);
    dispatch_until(fixture.coord, &told.records, 1);
    assert_int_equal(told.ends, 0);
    fixture_close(&fixture);
}
