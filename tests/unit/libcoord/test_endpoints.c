/* A context with several endpoints, of which one answers: it is found, followed when another does, and told. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"

/* Two brokers of one store, so of one key, and a context that names both. */
struct pair {
    struct broker first, second;
    struct coord_context context;
    struct coord *coord;
    struct problem problem;
};

static void pair_init(struct pair *pair, broker_script *first, broker_script *second, void *user)
{
    *pair = (struct pair){0};
    broker_init(&pair->first, first, user);
    broker_init_beside(&pair->second, &pair->first, second, user);
    pair->context = pair->first.context;
    snprintf(pair->context.endpoint, sizeof pair->context.endpoint, "%s, %s", pair->first.context.endpoint,
             pair->second.context.endpoint);
}

static void pair_open(struct pair *pair, const struct coord_options *options)
{
    const struct coord_options patient = patient_options();
    assert_int_equal(coord_open(&pair->coord, &pair->context, options ? options : &patient, &pair->problem), 0);
}

static void pair_done(struct pair *pair)
{
    assert_int_equal(coord_close(pair->coord), 0);
    broker_done(&pair->first);
    broker_done(&pair->second);
}

static int hello(struct pair *pair)
{
    return coord_call(pair->coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &pair->problem);
}

TEST(the_one_that_answers_is_found_wherever_it_stands)
{
    struct pair pair;
    pair_init(&pair, oblige, oblige, NULL);
    broker_stop(&pair.first);
    pair_open(&pair, NULL);
    assert_int_equal(hello(&pair), 0);
    assert_string_equal(coord_endpoint(pair.coord), pair.second.context.endpoint);
    pair_done(&pair);
}

TEST(the_one_that_answered_is_asked_as_long_as_it_does)
{
    struct pair pair;
    pair_init(&pair, oblige, oblige, NULL);
    pair_open(&pair, NULL);
    assert_int_equal(hello(&pair), 0);
    assert_string_equal(coord_endpoint(pair.coord), pair.first.context.endpoint);
    broker_stop(&pair.first);
    assert_int_equal(hello(&pair), 0);
    broker_start(&pair.first);
    for (int i = 0; i < 10; i++)
        assert_int_equal(hello(&pair), 0);
    assert_string_equal(coord_endpoint(pair.coord), pair.second.context.endpoint);
    broker_stop(&pair.second);
    broker_start(&pair.second); /* it is back at once: there is no need for another */
    assert_int_equal(hello(&pair), 0);
    assert_string_equal(coord_endpoint(pair.coord), pair.second.context.endpoint);
    pair_done(&pair);
}

struct ids {
    char first[COORD_REQUEST_ID_MAX + 1], second[COORD_REQUEST_ID_MAX + 1];
    atomic_int taken;
};

static void take_and_say_nothing(struct broker *broker, const struct incoming *in)
{
    struct ids *ids = broker->user;
    strcpy(ids->first, in->id);
    atomic_fetch_add(&ids->taken, 1);
}

static void answer(struct broker *broker, const struct incoming *in)
{
    struct ids *ids = broker->user;
    strcpy(ids->second, in->id);
    broker_oblige(broker, in, 7);
}

TEST(what_was_sent_to_one_that_went_is_sent_to_the_next_under_its_id)
{
    struct pair pair;
    struct ids ids = {0};
    int replies = 0;
    pair_init(&pair, take_and_say_nothing, answer, &ids);
    pair_open(&pair, NULL);
    assert_int_equal(coord_send(pair.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    while (atomic_load(&ids.taken) == 0)
        assert_int_equal(coord_dispatch(pair.coord, 10), 0);
    broker_stop(&pair.first);
    dispatch_until(pair.coord, &replies, 1);
    pair_done(&pair);
    assert_string_equal(ids.first, ids.second);
}

TEST(one_that_says_nothing_is_left_for_the_next)
{
    struct pair pair;
    struct ids ids = {0};
    const struct coord_options quick = quick_options();
    pair_init(&pair, take_and_say_nothing, answer, &ids);
    pair_open(&pair, &quick);
    assert_int_equal(hello(&pair), 0);
    assert_string_equal(coord_endpoint(pair.coord), pair.second.context.endpoint);
    pair_done(&pair);
    assert_string_equal(ids.first, ids.second);
}

TEST(one_error_names_all_when_none_answers)
{
    struct pair pair;
    struct coord_options options = patient_options();
    options.unreachable_ms = 100;
    options.timeout_ms = 0;
    bool tried_both = false;
    while (!tried_both && (options.unreachable_ms *= 2) < 100000) { /* until this machine has tried both by then */
        pair_init(&pair, oblige, oblige, NULL);
        broker_stop(&pair.first);
        broker_stop(&pair.second);
        pair_open(&pair, &options);
        assert_int_equal(hello(&pair), COORD_E_TIMED_OUT);
        tried_both = strstr(pair.problem.message, pair.first.context.endpoint) &&
                     strstr(pair.problem.message, pair.second.context.endpoint) &&
                     strstr(pair.problem.message, "nobody answers");
        pair_done(&pair);
    }
    assert_true(tried_both);
}

/* ---- a stream ---- */

struct stream {
    uint64_t from[2]; /* of the newest subscribe at each; UINT64_MAX for none */
    _Atomic uint64_t newest;
    uint64_t got[64];
    int count;
};

static void play(struct stream *stream, int which, struct broker *broker, const struct incoming *in)
{
    struct msg_subscribe request;
    struct msg_stream_reply reply = {0};
    struct problem problem;
    if (!incoming_is(in, "subscribe")) {
        broker_oblige(broker, in, stream->newest);
        return;
    }
    assert_int_equal(decoder_read(in->decoder, &message_subscribe, &request, &problem), 0);
    stream->from[which] = MSG_HAS(&request, subscribe, from) ? request.from : UINT64_MAX;
    const uint64_t from = MSG_HAS(&request, subscribe, from) ? request.from : 0;
    MSG_SET(&reply, stream_reply, from, from);
    MSG_SET(&reply, stream_reply, seq, stream->newest);
    MSG_SET(&reply, stream_reply, credit, request.credit);
    broker_reply(broker, in, &reply);
    for (uint64_t seq = from > 2 ? from - 1 : from + 1; seq <= stream->newest; seq++) /* some again */
        broker_record(broker, in, seq);
}

static void play_first(struct broker *broker, const struct incoming *in)
{
    play(broker->user, 0, broker, in);
}

static void play_second(struct broker *broker, const struct incoming *in)
{
    play(broker->user, 1, broker, in);
}

static int take(void *user, const struct coord_event *event)
{
    struct stream *stream = user;
    assert_non_null(event->record);
    assert_true(stream->count < 64);
    stream->got[stream->count++] = event->record->seq;
    return COORD_DONE;
}

TEST(a_stream_goes_on_at_the_next_with_no_gap_and_none_twice)
{
    struct pair pair;
    struct stream stream = {.from = {UINT64_MAX, UINT64_MAX}, .newest = 5};
    struct msg_subscribe subscribe = {0};
    pair_init(&pair, play_first, play_second, &stream);
    pair_open(&pair, NULL);
    MSG_SET(&subscribe, subscribe, from, 0);
    assert_int_equal(coord_subscribe(pair.coord, &subscribe, take, &stream, &pair.problem), 0);
    dispatch_until(pair.coord, &stream.count, 5);
    broker_stop(&pair.first);
    stream.newest = 12;
    dispatch_until(pair.coord, &stream.count, 12);
    pair_done(&pair);
    assert_int_equal(stream.from[1], 5);
    for (int i = 0; i < 12; i++)
        assert_int_equal(stream.got[i], i + 1);
}
