/* Requests over real sockets against a scripted broker: answered, many at once, wrong, unreadable. */
#include "unit/test.h"

#include <string.h>
#include <zmq.h>

#include "fixture.h"

/* ---- answered ---- */

TEST(call_gets_its_reply)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct msg_hello_reply reply;
    assert_int_equal(fixture_hello(&fixture, &reply), 0);
    assert_true(text_equal(reply.agency, TEXT("H55.24")));
    assert_true(text_equal(reply.key, TEXT("văn thư")));
    assert_int_equal(coord_connected(fixture.coord, NULL), 1);
    assert_int_equal(coord_pending(fixture.coord), 0);
    fixture_close(&fixture);
}

static void refuse_conflict(struct broker *broker, const struct incoming *in)
{
    struct msg_error error = {0};
    MSG_SET(&error, error, error, TEXT("conflict"));
    MSG_SET(&error, error, code, 40);
    MSG_SET(&error, error, retry, false);
    MSG_SET(&error, error, field, TEXT("expect"));
    MSG_SET(&error, error, message, TEXT("The task is at version 7."));
    MSG_SET(&error, error, version, 7);
    MSG_SET(&error, error, state, STATE_ACCEPTED);
    broker_message(broker, in, "error", in->id, &message_error, &error);
}

TEST(refusal_comes_with_field_words_version_and_state)
{
    struct fixture fixture;
    fixture_open(&fixture, refuse_conflict, NULL, NULL);
    struct msg_hello_reply reply = {.seq = 99};
    assert_int_equal(fixture_hello(&fixture, &reply), COORD_E_CONFLICT);
    assert_int_equal(reply.seq, 99);
    assert_int_equal(fixture.problem.error, COORD_E_CONFLICT);
    assert_string_equal(fixture.problem.field, "expect");
    assert_string_equal(fixture.problem.message, "The task is at version 7.");
    assert_int_equal(fixture.problem.version, 7);
    assert_int_equal(fixture.problem.state, STATE_ACCEPTED);
    fixture_close(&fixture);
}

static void refuse_as_a_newer_broker(struct broker *broker, const struct incoming *in)
{
    struct msg_error error = {0};
    MSG_SET(&error, error, error, TEXT("too_hot"));
    MSG_SET(&error, error, code, 777);
    MSG_SET(&error, error, retry, false);
    MSG_SET(&error, error, message, TEXT("Nóng quá."));
    broker_message(broker, in, "error", in->id, &message_error, &error);
}

TEST(error_of_a_newer_broker_keeps_its_number_and_words)
{
    struct fixture fixture;
    fixture_open(&fixture, refuse_as_a_newer_broker, NULL, NULL);
    assert_int_equal(fixture_hello(&fixture, NULL), -777);
    assert_int_equal(fixture.problem.error, -777);
    assert_string_equal(fixture.problem.message, "Nóng quá.");
    assert_string_equal(coord_error_name(-777), "unknown");
    fixture_close(&fixture);
}

TEST(request_is_held_against_its_table_before_it_is_sent)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct msg_change change = {0};
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, &fixture.problem), COORD_E_MISSING_FIELD);
    assert_string_equal(fixture.problem.field, "task");
    MSG_SET(&change, change, task, 0);
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, NULL), COORD_E_OUT_OF_RANGE);
    MSG_SET(&change, change, task, 1);
    MSG_SET(&change, change, note, TEXT("\x01"));
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, NULL), COORD_E_BAD_TEXT);
    assert_int_equal(atomic_load(&fixture.broker.received), 0);
    fixture_close(&fixture);
}

/* Refuses what is not asked in the name of xa-1, which an accept is to be here, and hello never. */
static void want_name(struct broker *broker, const struct incoming *in)
{
    const bool is_named = strcmp(in->name, "xa-1") == 0;
    if (in->name[0] && !is_named)
        broker_refuse(broker, in, COORD_E_NOT_STOOD_IN_FOR, "for", "Another.");
    else if (is_named == (strcmp(in->op, "accept") == 0))
        broker_oblige(broker, in, 7);
    else
        broker_refuse(broker, in, COORD_E_NOT_AUTHORISED, "task", "It is another's.");
}

TEST(request_says_in_whose_name_it_is_where_it_may)
{
    struct fixture fixture;
    char long_id[COORD_AGENCY_ID_MAX + 2];
    memset(long_id, 'x', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    fixture_open(&fixture, want_name, NULL, NULL);
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 1);
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, NULL), COORD_E_NOT_AUTHORISED);
    assert_int_equal(coord_in_name_of(fixture.coord, "xa-1", NULL), 0);
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, &fixture.problem), 0);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(coord_in_name_of(fixture.coord, long_id, &fixture.problem), COORD_E_BAD_ARGUMENT);
    assert_string_equal(fixture.problem.field, "agency");
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, NULL), 0);
    assert_int_equal(coord_in_name_of(fixture.coord, NULL, NULL), 0);
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, 0, NULL), COORD_E_NOT_AUTHORISED);
    fixture_close(&fixture);
}

TEST(reply_stays_until_the_next_call)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct msg_hello_reply reply;
    assert_int_equal(fixture_hello(&fixture, &reply), 0);
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, NULL, NULL, 0, NULL), 0);
    while (coord_pending(fixture.coord))
        assert_true(coord_dispatch(fixture.coord, 1000) >= 0);
    assert_true(text_equal(reply.key, TEXT("văn thư")));
    fixture_close(&fixture);
}

/* ---- arguments ---- */

static int take_nothing(void *user, const struct coord_event *event)
{
    (void)user, (void)event;
    return COORD_DONE;
}

TEST(wrong_arguments_are_refused_by_name)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct coord *coord = fixture.coord;
    struct problem problem;
    struct msg_credit credit = {0};
    assert_int_equal(coord_call(NULL, OP_HELLO, NULL, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_int_equal(coord_call(coord, OP_NONE, NULL, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_string_equal(problem.field, "op");
    assert_int_equal(coord_call(coord, OP_CREDIT, &credit, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_string_equal(problem.field, "op");
    assert_int_equal(coord_call(coord, OP_ASSIGN, NULL, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_string_equal(problem.field, "request");
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, -2, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_string_equal(problem.field, "timeout_ms");
    assert_int_equal(coord_call_id(coord, OP_HELLO, "", NULL, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_string_equal(problem.field, "id");
    assert_int_equal(coord_call_id(coord, OP_HELLO, "ấ", NULL, NULL, 0, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_int_equal(coord_subscribe(coord, NULL, take_nothing, NULL, &problem), COORD_E_BAD_ARGUMENT);
    test_saw(&problem);
    assert_int_equal(coord_dispatch(NULL, 0), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_fd(NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_close(NULL), 0);
    fixture_close(&fixture);
}

TEST(wrong_options_are_refused_by_name)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    const struct {
        struct coord_options options;
        const char *field;
    } wrong[] = {
        {{.timeout_ms = -1}, "timeout_ms"}, {{.ping_ms = 3600001}, "ping_ms"}, {{.window = 65537}, "window"},
        {{.credit = 65537}, "credit"},      {{.retry = 3}, "retry"},           {{.reserved = {0, 1}}, "reserved"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct coord *coord = NULL;
        struct problem problem;
        assert_int_equal(coord_open(&coord, &broker.context, &wrong[i].options, &problem), COORD_E_BAD_ARGUMENT);
        assert_string_equal(problem.field, wrong[i].field);
        assert_null(coord);
    }
    assert_int_equal(coord_open(NULL, &broker.context, NULL, NULL), COORD_E_BAD_ARGUMENT);
    broker_done(&broker);
}

TEST(two_requests_of_one_id_do_not_wait_together)
{
    struct fixture fixture;
    fixture_open(&fixture, stay_silent, NULL, NULL);
    assert_int_equal(coord_send_id(fixture.coord, OP_HELLO, "once", NULL, NULL, NULL, 0, NULL), 0);
    assert_int_equal(coord_call_id(fixture.coord, OP_HELLO, "once", NULL, NULL, 0, &fixture.problem),
                     COORD_E_BAD_ARGUMENT);
    assert_string_equal(fixture.problem.field, "id");
    fixture_close(&fixture);
}

TEST(fresh_ids_differ)
{
    char one[COORD_REQUEST_ID_MAX + 1], other[COORD_REQUEST_ID_MAX + 1];
    assert_int_equal(coord_request_id(one, NULL), 0);
    assert_int_equal(coord_request_id(other, NULL), 0);
    assert_int_equal(strlen(one), 32);
    assert_string_not_equal(one, other);
}

TEST(errors_have_names_and_sentences)
{
    assert_string_equal(coord_error_name(COORD_E_TIMED_OUT), "timed_out");
    assert_string_equal(coord_error_name(0), "ok");
    assert_true(strlen(coord_strerror(COORD_E_BAD_REPLY)) > 10);
    assert_true(strlen(coord_strerror(-999)) > 10);
    assert_true(coord_error_retry(COORD_E_RATE_LIMITED));
    assert_false(coord_error_retry(COORD_E_CONFLICT));
    assert_string_equal(coord_version(), COORD_VERSION);
    assert_string_equal(coord_version(), COORDD_VERSION); /* one release carries both */
}

/* ---- many at once ---- */

struct order {
    int next;
};

struct numbered {
    struct order *order;
    int number;
};

static void expect_in_order(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)reply, (void)problem;
    struct numbered *numbered = user;
    assert_int_equal(error, 0);
    assert_int_equal(numbered->order->next, numbered->number);
    numbered->order->next++;
}

TEST(pipelined_requests_go_and_come_in_order)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct order order = {0};
    struct numbered numbered[1000];
    for (int i = 0; i < 1000; i++) {
        numbered[i] = (struct numbered){&order, i};
        assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, expect_in_order, &numbered[i], 0, NULL), 0);
    }
    dispatch_until(fixture.coord, &order.next, 1000);
    fixture_close(&fixture);
}

TEST(window_bounds_what_waits)
{
    struct fixture fixture;
    struct coord_options options = patient_options();
    options.window = 3;
    fixture_open(&fixture, oblige, NULL, &options);
    int replies = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    assert_int_equal(coord_pending(fixture.coord), 3);
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, &fixture.problem),
                     COORD_E_IN_FLIGHT_LIMIT);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    dispatch_until(fixture.coord, &replies, 3);
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    dispatch_until(fixture.coord, &replies, 4);
    fixture_close(&fixture);
}

TEST(callbacks_wait_for_dispatch)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    int replies = 0, timeouts = 0;
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(replies, 0);
    assert_int_equal(coord_pending(fixture.coord), 1);
    dispatch_until(fixture.coord, &replies, 1);
    fixture_close(&fixture);

    fixture_open(&fixture, stay_silent, NULL, NULL);
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, expect_timeout, &timeouts, 1, NULL), 0);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 60, NULL), COORD_E_TIMED_OUT);
    assert_int_equal(timeouts, 0);
    assert_int_equal(coord_dispatch(fixture.coord, 0), 1);
    assert_int_equal(timeouts, 1);
    fixture_close(&fixture);
}

static void refuse_the_first_of_two(struct broker *broker, const struct incoming *in)
{
    if (in->number == 1)
        broker_refuse(broker, in, COORD_E_RATE_LIMITED, "", "Slowly.");
    else
        broker_oblige(broker, in, 1);
}

TEST(refusal_that_came_during_a_call_is_waited_out_too)
{
    struct fixture fixture;
    fixture_open(&fixture, refuse_the_first_of_two, NULL, NULL);
    int replies = 0;
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    dispatch_until(fixture.coord, &replies, 1);
    fixture_close(&fixture);
}

TEST(closing_cancels_with_an_error)
{
    struct fixture fixture;
    fixture_open(&fixture, stay_silent, NULL, NULL);
    int told = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, expect_timeout, &told, 0, NULL), 0);
    fixture_close(&fixture);
    assert_int_equal(told, 5);
}

struct nested {
    struct coord *coord;
    int replies;
};

static void call_within(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)error, (void)reply, (void)problem;
    struct nested *nested = user;
    assert_int_equal(coord_call(nested->coord, OP_HELLO, NULL, NULL, 0, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_dispatch(nested->coord, 0), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_unsubscribe(nested->coord, 0, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_close(nested->coord), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_send(nested->coord, OP_HELLO, NULL, count_reply, &nested->replies, 0, NULL), 0);
}

TEST(callbacks_may_send_and_may_not_wait)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    struct nested nested = {.coord = fixture.coord};
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, call_within, &nested, 0, NULL), 0);
    dispatch_until(fixture.coord, &nested.replies, 1);
    fixture_close(&fixture);
}

/* ---- unreadable ---- */

enum garbage {
    NOT_MSGPACK,
    SEVERAL_PARTS,
    NEITHER_REPLY_NOR_ERROR,
    FIELD_MISSING,
    FIELD_OF_ANOTHER_TYPE,
    LIBRARYS_OWN
};

static void answer_garbage(struct broker *broker, const struct incoming *in)
{
    static const struct msg_empty empty;
    struct msg_error error = {0};
    switch (*(enum garbage *)broker->user) {
    case NOT_MSGPACK:
        broker_send(broker, in, "\xdd\xff\xff\xff\xff", 5);
        break;
    case SEVERAL_PARTS:
        zmq_send(broker->router, in->peer, in->peer_size, ZMQ_SNDMORE);
        zmq_send(broker->router, "", 0, ZMQ_SNDMORE);
        zmq_send(broker->router, "x", 1, 0);
        break;
    case NEITHER_REPLY_NOR_ERROR:
        broker_message(broker, in, "perhaps", in->id, &message_empty, &empty);
        break;
    case FIELD_MISSING:
        broker_message(broker, in, "reply", in->id, &message_empty, &empty);
        break;
    case FIELD_OF_ANOTHER_TYPE:
        broker_message(broker, in, "error", in->id, &message_empty, &empty);
        break;
    case LIBRARYS_OWN:
        MSG_SET(&error, error, error, TEXT("no_memory"));
        MSG_SET(&error, error, code, 81);
        MSG_SET(&error, error, retry, true);
        MSG_SET(&error, error, message, TEXT("?"));
        broker_message(broker, in, "error", in->id, &message_error, &error);
        break;
    }
}

TEST(what_cannot_be_read_is_a_bad_reply)
{
    for (enum garbage garbage = NOT_MSGPACK; garbage <= LIBRARYS_OWN; garbage++) {
        struct fixture fixture;
        fixture_open(&fixture, answer_garbage, &garbage, NULL);
        struct msg_hello_reply reply = {.seq = 99};
        assert_int_equal(fixture_hello(&fixture, &reply), COORD_E_BAD_REPLY);
        assert_int_equal(reply.seq, 99);
        assert_int_equal(fixture.problem.error, COORD_E_BAD_REPLY);
        assert_true(strlen(fixture.problem.message) > 10);
        test_saw(&fixture.problem);
        fixture_close(&fixture);
    }
}
