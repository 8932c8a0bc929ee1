/* Requests that are lost, or refused for a while: sent again under their ids, on this connection or the next. */
#include "unit/test.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

/* ---- lost ---- */

TEST(call_times_out_when_nobody_listens)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    coord_close(fixture.coord);
    broker_stop(&fixture.broker);
    fixture.coord = broker_open(&fixture.broker, NULL);
    int timeout_ms = 50; /* doubled until this machine has tried to connect in it */
    do
        assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, timeout_ms, &fixture.problem),
                         COORD_E_TIMED_OUT);
    while (!strstr(fixture.problem.message, "nobody answers") && (timeout_ms *= 2) < 100000);
    assert_non_null(strstr(fixture.problem.message, "nobody answers"));
    assert_int_equal(coord_connected(fixture.coord, &fixture.problem), 0);
    assert_non_null(strstr(fixture.problem.message, fixture.broker.context.endpoint));
    fixture_close(&fixture);
}

TEST(call_times_out_when_the_broker_is_silent)
{
    struct fixture fixture;
    struct coord_options quick = quick_options();
    fixture_open(&fixture, stay_silent, NULL, &quick);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 50, &fixture.problem), COORD_E_TIMED_OUT);
    assert_non_null(strstr(fixture.problem.message, "hello"));
    assert_int_equal(coord_pending(fixture.coord), 0);
    fixture_close(&fixture);
}

struct seen {
    int count;
    char ids[64][COORD_REQUEST_ID_MAX + 1];
    char peers[64][64];
};

static void note(struct seen *seen, const struct incoming *in)
{
    if (seen->count == 64)
        return;
    strcpy(seen->ids[seen->count], in->id);
    memcpy(seen->peers[seen->count++], in->peer, in->peer_size);
}

static void lose_the_first(struct broker *broker, const struct incoming *in)
{
    note(broker->user, in);
    if (in->number > 1)
        broker_oblige(broker, in, 1);
}

TEST(lost_request_is_sent_again_under_its_id)
{
    struct fixture fixture;
    struct seen seen = {0};
    struct coord_options quick = quick_options();
    fixture_open(&fixture, lose_the_first, &seen, &quick);
    assert_int_equal(coord_call_id(fixture.coord, OP_HELLO, "mine", NULL, NULL, 0, NULL), 0);
    fixture_close(&fixture);
    assert_true(seen.count >= 2);
    assert_string_equal(seen.ids[0], "mine");
    assert_string_equal(seen.ids[1], "mine");
}

static void answer_another_connection(struct broker *broker, const struct incoming *in)
{
    struct seen *seen = broker->user;
    note(seen, in);
    if (memcmp(seen->peers[0], in->peer, in->peer_size) != 0)
        broker_oblige(broker, in, 1);
}

TEST(silent_connection_is_given_up_for_a_fresh_one)
{
    struct fixture fixture;
    struct seen seen = {0};
    struct coord_options quick = quick_options();
    fixture_open(&fixture, answer_another_connection, &seen, &quick);
    assert_int_equal(coord_call_id(fixture.coord, OP_HELLO, "mine", NULL, NULL, 0, NULL), 0);
    fixture_close(&fixture);
    for (int i = 0; i < seen.count; i++)
        assert_string_equal(seen.ids[i], "mine");
}

static void oblige_when_told(struct broker *broker, const struct incoming *in)
{
    if (atomic_load((atomic_int *)broker->user))
        broker_oblige(broker, in, 1);
}

static void kill_with_requests_unanswered(bool tcp)
{
    struct fixture fixture;
    atomic_int willing = 0;
    broker_init(&fixture.broker, oblige_when_told, &willing);
    if (tcp)
        broker_use_tcp(&fixture.broker);
    fixture.coord = broker_open(&fixture.broker, NULL);
    int replies = 0;
    for (int i = 0; i < 100; i++)
        assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    while (atomic_load(&fixture.broker.received) == 0)
        assert_int_equal(coord_dispatch(fixture.coord, 10), 0);
    broker_stop(&fixture.broker);
    atomic_store(&willing, 1);
    assert_int_equal(coord_dispatch(fixture.coord, 0), 0);
    broker_start(&fixture.broker);
    dispatch_until(fixture.coord, &replies, 100);
    fixture_close(&fixture);
}

TEST(requests_survive_a_broker_that_was_killed)
{
    kill_with_requests_unanswered(false);
    kill_with_requests_unanswered(true);
}

/* At the fixture's endpoint, in place of its broker. */
static int listen_only(struct fixture *fixture)
{
    broker_init(&fixture->broker, oblige, NULL);
    broker_use_tcp(&fixture->broker);
    broker_stop(&fixture->broker);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)atoi(strrchr(fixture->broker.context.endpoint, ':') + 1));
    int yes = 1;
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    return listener;
}

TEST(who_takes_the_connection_and_says_nothing_is_told_as_that)
{
    struct fixture fixture;
    const int listener = listen_only(&fixture);
    struct coord_options options = patient_options();
    options.unreachable_ms = 200; /* before the handshake is given up */
    fixture.coord = broker_open(&fixture.broker, &options);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 0, &fixture.problem), COORD_E_TIMED_OUT);
    assert_non_null(strstr(fixture.problem.message, "`hello` was not done. tcp://"));
    assert_non_null(strstr(fixture.problem.message, "it takes the connection, or its machine is silent"));
    close(listener);
    fixture_close(&fixture);
}

TEST(listener_that_never_shakes_hands_is_given_up)
{
    struct fixture fixture;
    const int listener = listen_only(&fixture);
    struct coord_options options = patient_options();
    options.connect_ms = 20;
    fixture.coord = broker_open(&fixture.broker, &options);
    int timeout_ms = 500;
    do
        assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, timeout_ms, &fixture.problem),
                         COORD_E_TIMED_OUT);
    while (!strstr(fixture.problem.message, "nobody answers there") && (timeout_ms *= 2) < 100000);
    assert_non_null(strstr(fixture.problem.message, "nobody answers there"));
    close(listener);
    fixture_close(&fixture);
}

TEST(call_waits_for_a_broker_that_is_still_to_start)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    coord_close(fixture.coord);
    broker_stop(&fixture.broker);
    fixture.coord = broker_open(&fixture.broker, NULL);
    int replies = 0;
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    assert_int_equal(coord_dispatch(fixture.coord, 30), 0);
    broker_start(&fixture.broker);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    dispatch_until(fixture.coord, &replies, 1);
    fixture_close(&fixture);
}

static void oblige_twice(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    broker_oblige(broker, in, 1);
}

TEST(reply_that_comes_twice_counts_once)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige_twice, NULL, NULL);
    int replies = 0;
    for (int i = 0; i < 32; i++)
        assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 0, NULL), 0);
    dispatch_until(fixture.coord, &replies, 32);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(coord_pending(fixture.coord), 0);
    assert_int_equal(replies, 32);
    fixture_close(&fixture);
}

/* The first connection is answered nothing but hellos, so the broker is seen to live. */
static void oblige_hellos_at_first(struct broker *broker, const struct incoming *in)
{
    struct seen *seen = broker->user;
    if (incoming_is(in, "hello"))
        broker_oblige(broker, in, 1);
    else
        note(seen, in);
    for (int i = 0; seen->count == 12 && i < 10; i++) {
        struct incoming to = *in;
        strcpy(to.id, seen->ids[i]);
        strcpy(to.op, "task_list");
        broker_oblige(broker, &to, 1);
    }
}

TEST(slow_broker_gets_the_oldest_request_again_and_not_all)
{
    struct fixture fixture;
    struct seen seen = {0};
    struct coord_options quick = quick_options();
    fixture_open(&fixture, oblige_hellos_at_first, &seen, &quick);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    int replies = 0;
    struct msg_task_list list = {0};
    for (int i = 0; i < 10; i++)
        assert_int_equal(coord_send(fixture.coord, OP_TASK_LIST, &list, count_reply, &replies, 0, NULL), 0);
    while (replies < 10) {
        assert_int_equal(fixture_hello(&fixture, NULL), 0);
        assert_true(coord_dispatch(fixture.coord, 1) >= 0);
    }
    fixture_close(&fixture);
    assert_true(seen.count >= 12);
    assert_string_equal(seen.ids[10], seen.ids[0]);
    assert_string_equal(seen.ids[11], seen.ids[0]);
}

static void count_backups(struct broker *broker, const struct incoming *in)
{
    if (incoming_is(in, "backup"))
        ++*(int *)broker->user;
    else
        broker_oblige(broker, in, 1);
}

TEST(backup_is_never_sent_twice)
{
    struct fixture fixture;
    int backups = 0, told = 0;
    struct coord_options quick = quick_options();
    fixture_open(&fixture, count_backups, &backups, &quick);
    struct msg_backup backup = {0};
    MSG_SET(&backup, backup, path, TEXT("today"));
    assert_int_equal(coord_send(fixture.coord, OP_BACKUP, &backup, expect_timeout, &told, 0, NULL), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(coord_dispatch(fixture.coord, 100), 0);
    broker_stop(&fixture.broker);
    dispatch_until(fixture.coord, &told, 1);
    broker_start(&fixture.broker);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    fixture_close(&fixture);
    assert_int_equal(backups, 1);
}

/* ---- refused for a while ---- */

struct refusal {
    int error;
    int times; /* then it is granted */
};

static void refuse_for_a_while(struct broker *broker, const struct incoming *in)
{
    struct refusal *refusal = broker->user;
    if (refusal->times-- > 0)
        broker_refuse(broker, in, refusal->error, "", "Not now.");
    else
        broker_oblige(broker, in, 1);
}

static int call_refused(enum coord_retry retry, int error, int times, int timeout_ms, int *sent)
{
    struct refusal refusal = {error, times};
    struct fixture fixture;
    struct coord_options options = patient_options();
    options.retry = retry;
    fixture_open(&fixture, refuse_for_a_while, &refusal, &options);
    int got = coord_call(fixture.coord, OP_HELLO, NULL, NULL, timeout_ms, NULL);
    *sent = atomic_load(&fixture.broker.received);
    fixture_close(&fixture);
    return got;
}

TEST(refusals_that_pass_are_waited_out)
{
    const int passing[] = {COORD_E_STOPPING, COORD_E_RATE_LIMITED, COORD_E_IN_FLIGHT_LIMIT, COORD_E_COST_LIMITED};
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        int sent = 0;
        assert_int_equal(call_refused(COORD_RETRY_SOME, passing[i], 1, 0, &sent), 0);
        assert_int_equal(sent, 2);
    }
}

TEST(options_say_which_refusals_are_waited_out)
{
    int sent = 0;
    assert_int_equal(call_refused(COORD_RETRY_NONE, COORD_E_STOPPING, 1, 0, &sent), COORD_E_STOPPING);
    assert_int_equal(sent, 1);
    assert_int_equal(call_refused(COORD_RETRY_SOME, COORD_E_STORAGE_FULL, 1, 0, &sent), COORD_E_STORAGE_FULL);
    assert_int_equal(call_refused(COORD_RETRY_ALL, COORD_E_STORAGE_FULL, 1, 0, &sent), 0);
    assert_int_equal(call_refused(COORD_RETRY_ALL, COORD_E_CONFLICT, 1, 0, &sent), COORD_E_CONFLICT);
}

/* Eight pauses that doubled each time would be 16 s. */
TEST(who_waits_for_room_in_the_broker_asks_again_before_long)
{
    int sent = 0;
    assert_int_equal(call_refused(COORD_RETRY_SOME, COORD_E_COST_LIMITED, 8, 12000, &sent), 0);
    assert_int_equal(sent, 9);
}

TEST(refusal_is_the_answer_when_time_runs_out)
{
    int sent = 0, error, timeout_ms = 2000; /* doubled until this machine was refused before it ran out */
    do
        error = call_refused(COORD_RETRY_SOME, COORD_E_RATE_LIMITED, 1000, timeout_ms, &sent);
    while (error == COORD_E_TIMED_OUT && (timeout_ms *= 2) < 100000);
    assert_int_equal(error, COORD_E_RATE_LIMITED);
    assert_true(sent >= 1);
}

/* ---- a broker that is down ---- */

/* Opens a handle on a broker that was stopped, which gives up after 3 s what names no time of its own. */
static void open_unreachable(struct fixture *fixture)
{
    fixture_open(fixture, oblige, NULL, NULL);
    coord_close(fixture->coord);
    broker_stop(&fixture->broker);
    struct coord_options options = patient_options();
    options.unreachable_ms = 3000;
    fixture->coord = broker_open(&fixture->broker, &options);
}

TEST(broker_that_is_down_is_said_long_before_the_timeout)
{
    struct fixture fixture;
    open_unreachable(&fixture);
    const time_t began = time(NULL);
    assert_int_equal(fixture_hello(&fixture, NULL), COORD_E_TIMED_OUT);
    assert_non_null(strstr(fixture.problem.message, "cannot be reached, and `hello` was not done"));
    assert_non_null(strstr(fixture.problem.message, "nobody answers"));
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 1);
    assert_int_equal(coord_call(fixture.coord, OP_ACCEPT, &change, NULL, COORD_TIMEOUT_DEFAULT, &fixture.problem),
                     COORD_E_TIMED_OUT);
    assert_non_null(strstr(fixture.problem.message, "`accept` was not done"));
    int told = 0;
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, expect_timeout, &told, 0, NULL), 0);
    dispatch_until(fixture.coord, &told, 1);
    assert_true(time(NULL) - began < 60); /* what timeout_ms says */
    broker_start(&fixture.broker);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 60000, NULL), 0);
    fixture_close(&fixture);
}

TEST(request_that_names_its_time_waits_for_a_broker_that_is_down)
{
    struct fixture fixture;
    open_unreachable(&fixture);
    int replies = 0;
    assert_int_equal(coord_send(fixture.coord, OP_HELLO, NULL, count_reply, &replies, 60000, NULL), 0);
    assert_int_equal(coord_dispatch(fixture.coord, 4000), 0);
    broker_start(&fixture.broker);
    dispatch_until(fixture.coord, &replies, 1);
    fixture_close(&fixture);
}

static void oblige_hellos(struct broker *broker, const struct incoming *in)
{
    if (incoming_is(in, "hello"))
        broker_oblige(broker, in, 1);
}

TEST(read_is_given_up_when_the_broker_goes_and_a_change_that_was_sent_is_not)
{
    struct fixture fixture;
    struct coord_options options = patient_options();
    options.unreachable_ms = 3000;
    fixture_open(&fixture, oblige_hellos, NULL, &options);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 60000, NULL), 0);
    struct msg_task_list list = {0};
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 1);
    int given_up = 0, changed = 0;
    assert_int_equal(coord_send(fixture.coord, OP_TASK_LIST, &list, expect_timeout, &given_up, 0, NULL), 0);
    assert_int_equal(coord_send(fixture.coord, OP_ACCEPT, &change, count_reply, &changed, 0, NULL), 0);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    assert_int_equal(coord_dispatch(fixture.coord, 200), 0); /* the connection stands: both wait */
    broker_stop(&fixture.broker);
    dispatch_until(fixture.coord, &given_up, 1);
    assert_int_equal(coord_pending(fixture.coord), 1);
    fixture.broker.script = oblige;
    broker_start(&fixture.broker);
    dispatch_until(fixture.coord, &changed, 1);
    fixture_close(&fixture);
}

TEST(silence_of_a_read_is_not_told_as_something_that_may_be_done)
{
    struct fixture fixture;
    fixture_open(&fixture, stay_silent, NULL, NULL);
    assert_int_equal(coord_call(fixture.coord, OP_HELLO, NULL, NULL, 500, &fixture.problem), COORD_E_TIMED_OUT);
    assert_null(strstr(fixture.problem.message, "may be done"));
    fixture_close(&fixture);
}
