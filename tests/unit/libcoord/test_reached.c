/* Where a stream passes over what is not chosen: its place moves all the same, but never before what was given. */
#include "unit/test.h"

#include <string.h>

#include "fixture.h"

/* A broker that sends records 1 and 2, that the stream has come to 10, and on a resumption record 11. */
struct road {
    atomic_int consumed;      /* the newest `consumed` */
    _Atomic uint64_t from[2]; /* of the first two subscribes */
    atomic_int subscribes;
    atomic_bool asked;
};

struct traveller {
    int records, ends;
    int outcome, error;
    uint64_t last;
};

static void tell_reached(struct broker *broker, const struct incoming *in, uint64_t seq)
{
    struct msg_reached reached = {0};
    MSG_SET(&reached, reached, seq, seq);
    broker_message(broker, in, "reached", NULL, &message_reached, &reached);
}

static void take_subscribe(struct broker *broker, const struct incoming *in, struct road *road)
{
    struct msg_subscribe request;
    struct problem problem;
    assert_int_equal(decoder_read(in->decoder, &message_subscribe, &request, &problem), 0);
    road->asked = request.reached;
    road->from[road->subscribes] = request.from;
    if (road->subscribes++ == 0) {
        broker_record(broker, in, 1);
        broker_record(broker, in, 2);
        tell_reached(broker, in, 10);
        tell_reached(broker, in, 9); /* never back */
    } else {
        broker_record(broker, in, 11);
    }
}

static void lead_on(struct broker *broker, const struct incoming *in)
{
    struct road *road = broker->user;
    struct msg_consumed consumed;
    struct problem problem;
    if (incoming_is(in, "consumed")) {
        assert_int_equal(decoder_read(in->decoder, &message_consumed, &consumed, &problem), 0);
        road->consumed = (int)consumed.seq;
    }
    if (incoming_is(in, "subscribe")) {
        struct msg_stream_reply reply = {0};
        MSG_SET(&reply, stream_reply, from, 0);
        MSG_SET(&reply, stream_reply, seq, 20);
        MSG_SET(&reply, stream_reply, credit, 1024);
        broker_reply(broker, in, &reply);
        take_subscribe(broker, in, road);
    } else {
        broker_oblige(broker, in, 20);
    }
}

static int walk(void *user, const struct coord_event *event)
{
    struct traveller *traveller = user;
    if (!event->record) {
        traveller->ends++;
        traveller->error = event->problem ? event->problem->error : 0;
        return COORD_DONE;
    }
    traveller->records++;
    traveller->last = event->record->seq;
    return traveller->outcome;
}

static void set_out(struct fixture *fixture, struct road *road, struct traveller *traveller, broker_script *script)
{
    struct msg_subscribe request = {0};
    fixture_open(fixture, script, road, NULL);
    MSG_SET(&request, subscribe, consumer, TEXT("thư ký"));
    assert_int_equal(coord_subscribe(fixture->coord, &request, walk, traveller, &fixture->problem), 0);
}

static void await_consumed(struct fixture *fixture, const struct road *road, int seq)
{
    while (road->consumed != seq)
        assert_true(coord_dispatch(fixture->coord, 20) >= 0);
}

TEST(what_was_passed_over_is_told_as_dealt_with_once_all_before_it_is)
{
    struct fixture fixture;
    struct road road = {0};
    struct traveller traveller = {.outcome = COORD_LATER};
    set_out(&fixture, &road, &traveller, lead_on);
    dispatch_until(fixture.coord, &traveller.records, 2);
    assert_true(road.asked);
    assert_int_equal(coord_consumed(fixture.coord, 1), 0);
    await_consumed(&fixture, &road, 1); /* the second is still to be dealt with */
    assert_int_equal(coord_consumed(fixture.coord, 2), 0);
    await_consumed(&fixture, &road, 10);
    fixture_close(&fixture);
}

TEST(what_is_dealt_with_at_once_moves_the_place_over_what_was_passed)
{
    struct fixture fixture;
    struct road road = {0};
    struct traveller traveller = {.outcome = COORD_DONE};
    set_out(&fixture, &road, &traveller, lead_on);
    await_consumed(&fixture, &road, 10);
    assert_int_equal(traveller.records, 2);
    fixture_close(&fixture);
}

TEST(resumption_goes_on_behind_what_was_passed_over)
{
    struct fixture fixture;
    struct road road = {0};
    struct traveller traveller = {.outcome = COORD_DONE};
    set_out(&fixture, &road, &traveller, lead_on);
    await_consumed(&fixture, &road, 10);
    broker_stop(&fixture.broker);
    broker_start(&fixture.broker);
    dispatch_until(fixture.coord, &traveller.records, 3);
    assert_int_equal(road.from[1], 10);
    assert_int_equal(traveller.last, 11);
    fixture_close(&fixture);
}

/* Grants the first subscription, and knows less at the second. */
static void go_back(struct broker *broker, const struct incoming *in)
{
    struct road *road = broker->user;
    const bool subscribes = incoming_is(in, "subscribe");
    if (!subscribes || road->subscribes == 0)
        broker_oblige(broker, in, 20);
    if (subscribes && road->subscribes++ == 0)
        broker_record(broker, in, 21);
    else if (subscribes)
        broker_refuse(broker, in, COORD_E_OUT_OF_RANGE, "from", "The newest is 5.");
}

TEST(resumption_beyond_the_newest_record_is_on_another_store)
{
    struct fixture fixture;
    struct road road = {0};
    struct traveller traveller = {0};
    set_out(&fixture, &road, &traveller, go_back);
    dispatch_until(fixture.coord, &traveller.records, 1);
    broker_stop(&fixture.broker);
    broker_start(&fixture.broker);
    dispatch_until(fixture.coord, &traveller.ends, 1);
    assert_int_equal(traveller.error, COORD_E_OTHER_STORE);
    fixture_close(&fixture);
}

static void refuse_the_place(struct broker *broker, const struct incoming *in)
{
    broker_refuse(broker, in, COORD_E_OUT_OF_RANGE, "from", "The newest is 5.");
}

TEST(first_subscription_beyond_the_newest_record_says_so)
{
    struct fixture fixture;
    struct road road = {0};
    struct traveller traveller = {0};
    set_out(&fixture, &road, &traveller, refuse_the_place);
    dispatch_until(fixture.coord, &traveller.ends, 1);
    assert_int_equal(traveller.error, COORD_E_OUT_OF_RANGE);
    fixture_close(&fixture);
}
