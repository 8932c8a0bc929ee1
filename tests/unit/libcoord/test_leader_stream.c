/* A stream where several brokers serve the store: it goes to the leader, or stays with a follower that has come as far, and has no gap
 * and nothing twice whoever carries it. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"

/* One of two brokers, and what was asked of it. */
struct side {
    struct broker broker;
    _Atomic uint64_t newest; /* records 1 to newest exist there */
    bool serves;             /* a follower that carries streams */
    atomic_int subscribes;
    _Atomic uint64_t from, at_least; /* of the newest subscribe */
};

struct couple {
    struct side sides[2];
    struct coord_context context;
    struct coord *coord;
    struct problem problem;
    uint64_t got[64];
    int count, ended, error;
};

static void subscribe_at(struct side *side, struct broker *broker, const struct incoming *in)
{
    struct msg_subscribe request;
    struct msg_stream_reply reply = {0};
    struct problem problem;
    assert_int_equal(decoder_read(in->decoder, &message_subscribe, &request, &problem), 0);
    const uint64_t from = request.from;
    side->from = from;
    side->at_least = in->at_least;
    atomic_fetch_add(&side->subscribes, 1);
    if (broker->as_of && !side->serves) {
        broker_send_on(broker, in);
        return;
    }
    if (in->at_least != ENVELOPE_ABSENT && in->at_least > side->newest) {
        broker_refuse(broker, in, COORD_E_BEHIND, "", "The broker has not come so far yet.");
        return;
    }
    MSG_SET(&reply, stream_reply, from, from);
    MSG_SET(&reply, stream_reply, seq, side->newest);
    MSG_SET(&reply, stream_reply, credit, request.credit);
    broker_reply(broker, in, &reply);
    for (uint64_t seq = from + 1; seq <= side->newest; seq++)
        broker_record(broker, in, seq);
}

static void play(struct broker *broker, const struct incoming *in)
{
    struct side *side = broker->user;
    if (incoming_is(in, "subscribe"))
        subscribe_at(side, broker, in);
    else
        broker_oblige(broker, in, side->newest);
}

static void couple_init(struct couple *couple)
{
    memset(couple, 0, sizeof *couple);
    struct broker *first = &couple->sides[0].broker, *second = &couple->sides[1].broker;
    broker_init(first, play, &couple->sides[0]);
    broker_init_beside(second, first, play, &couple->sides[1]);
    couple->context = first->context;
    snprintf(couple->context.endpoint, sizeof couple->context.endpoint, "%.90s,%.90s", first->context.endpoint,
             second->context.endpoint);
}

/* From here on the broker follows as of so many records, or leads with them; `serves` streams as a follower. */
static void couple_set(struct couple *couple, int place, bool follows, uint64_t newest, bool serves)
{
    struct side *side = &couple->sides[place];
    broker_stop(&side->broker);
    side->broker.bundles = true;
    side->broker.as_of = follows ? newest : 0;
    side->newest = newest;
    side->serves = serves;
    snprintf(side->broker.leader, sizeof side->broker.leader, "%.200s",
             follows ? couple->sides[1 - place].broker.context.endpoint : "");
    broker_start(&side->broker);
}

static int take(void *user, const struct coord_event *event)
{
    struct couple *couple = user;
    if (!event->record) {
        couple->ended++;
        couple->error = event->problem ? event->problem->error : 0;
        return COORD_DONE;
    }
    assert_true(couple->count < 64);
    couple->got[couple->count++] = event->record->seq;
    return COORD_DONE;
}

static void couple_subscribe(struct couple *couple, enum coord_read_from from)
{
    struct coord_options options = patient_options();
    struct msg_subscribe subscribe = {0};
    options.read_from = from;
    assert_int_equal(coord_open(&couple->coord, &couple->context, &options, &couple->problem), 0);
    MSG_SET(&subscribe, subscribe, from, 0);
    assert_int_equal(coord_subscribe(couple->coord, &subscribe, take, couple, &couple->problem), 0);
}

static void couple_done(struct couple *couple)
{
    assert_int_equal(coord_close(couple->coord), 0);
    for (int i = 0; i < 2; i++)
        broker_done(&couple->sides[i].broker);
    for (int i = 0; i < couple->count; i++)
        assert_int_equal(couple->got[i], i + 1);
}

static int carrier(const struct couple *couple)
{
    return strcmp(coord_endpoint(couple->coord), couple->sides[1].broker.context.endpoint) == 0;
}

TEST(a_stream_that_a_follower_refuses_is_the_leaders)
{
    struct couple couple;
    couple_init(&couple);
    couple_set(&couple, 0, true, 5, false);
    couple_set(&couple, 1, false, 6, false);
    couple_subscribe(&couple, COORD_READ_LEADER);
    dispatch_until(couple.coord, &couple.count, 6);
    assert_int_equal(carrier(&couple), 1);
    couple_set(&couple, 1, true, 6, false); /* the lead goes over */
    couple_set(&couple, 0, false, 11, false);
    dispatch_until(couple.coord, &couple.count, 11);
    assert_int_equal(carrier(&couple), 0);
    couple_done(&couple);
    assert_int_equal(couple.ended, 0);
    assert_int_equal(couple.sides[0].from, 6);
}

TEST(a_stream_is_the_leaders_even_where_a_follower_would_carry_it)
{
    struct couple couple;
    couple_init(&couple);
    couple_set(&couple, 0, true, 5, true);
    couple_set(&couple, 1, false, 6, false);
    couple_subscribe(&couple, COORD_READ_LEADER);
    dispatch_until(couple.coord, &couple.count, 6);
    assert_int_equal(carrier(&couple), 1);
    couple_done(&couple);
}

TEST(with_read_from_any_a_follower_carries_the_stream_once_it_has_come_as_far)
{
    struct couple couple;
    couple_init(&couple);
    couple_set(&couple, 0, true, 5, true);
    couple_set(&couple, 1, true, 5, true);
    couple_subscribe(&couple, COORD_READ_ANY);
    dispatch_until(couple.coord, &couple.count, 5);
    const int first = carrier(&couple), other = 1 - first;
    broker_stop(&couple.sides[first].broker);
    couple_set(&couple, other, true, 3, true); /* it is not as far: that is no other store */
    const int before = couple.sides[other].subscribes;
    while (atomic_load(&couple.sides[other].subscribes) < before + 2)
        assert_true(coord_dispatch(couple.coord, 10) >= 0);
    assert_int_equal(couple.sides[other].at_least, 5);
    assert_int_equal(couple.ended, 0);
    couple_set(&couple, other, true, 8, true);
    dispatch_until(couple.coord, &couple.count, 8);
    couple_done(&couple);
    assert_int_equal(couple.ended, 0);
}

TEST(a_leader_that_has_fewer_records_has_another_store)
{
    struct couple couple;
    couple_init(&couple);
    couple_set(&couple, 0, false, 5, true);
    couple_set(&couple, 1, false, 5, true);
    couple_subscribe(&couple, COORD_READ_ANY);
    dispatch_until(couple.coord, &couple.count, 5);
    for (int i = 0; i < 2; i++)
        couple_set(&couple, i, false, 3, true);
    dispatch_until(couple.coord, &couple.ended, 1);
    assert_int_equal(couple.error, COORD_E_OTHER_STORE);
    couple_done(&couple);
}
