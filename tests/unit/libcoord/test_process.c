/* Keys that are refused, and what the process may do: fork, threads, descriptors that run out. */
#include "unit/test.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fixture.h"

/* ---- keys ---- */

TEST(refused_key_is_told_at_once)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    broker_stop(&broker);
    broker.zap_status = 400;
    broker_start(&broker);
    struct coord *coord = broker_open(&broker, NULL);
    struct problem problem;
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, &problem), COORD_E_KEY_UNKNOWN);
    assert_non_null(strstr(problem.message, broker.context.public_key));
    /* And once the administrator has added it, the same handle works. */
    broker_stop(&broker);
    broker.zap_status = 200;
    broker_start(&broker);
    assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, 0, &problem), 0);
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

TEST(wrong_server_key_is_named_as_the_cause)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct broker other = broker;
    char secret[41];
    assert_int_equal(coord_keypair(other.context.server_key, secret, NULL), 0);
    struct coord *coord = broker_open(&other, NULL);
    struct problem problem;
    int timeout_ms = 500; /* doubled until this machine has tried to shake hands in it */
    do
        assert_int_equal(coord_call(coord, OP_HELLO, NULL, NULL, timeout_ms, &problem), COORD_E_TIMED_OUT);
    while (!strstr(problem.message, "listens there") && (timeout_ms *= 2) < 100000);
    assert_non_null(strstr(problem.message, "server_key"));
    assert_int_equal(coord_close(coord), 0);
    broker_done(&broker);
}

/* ---- the process ---- */

TEST(child_may_not_use_its_parents_handle)
{
    struct fixture fixture;
    fixture_open(&fixture, oblige, NULL, NULL);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        char refused = coord_call(fixture.coord, OP_HELLO, NULL, NULL, 0, NULL) == COORD_E_BAD_ARGUMENT &&
                       coord_dispatch(fixture.coord, 0) == COORD_E_BAD_ARGUMENT && coord_close(fixture.coord) == 0;
        /* It ends without a look for leaks: what libzmq holds is its parent's. */
        if (write(ends[1], &refused, 1) == 1)
            raise(SIGKILL);
        _exit(1);
    }
    char refused = 0;
    assert_int_equal(read(ends[0], &refused, 1), 1);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    assert_true(refused);
    assert_int_equal(fixture_hello(&fixture, NULL), 0);
    fixture_close(&fixture);
}

TEST(open_without_descriptors_is_a_system_error)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int lowest = dup(0);
    close(lowest);
    for (rlim_t limit = 0; limit < 24; limit++) {
        few = (struct rlimit){(rlim_t)lowest + limit, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        struct coord *coord = NULL;
        struct problem problem = {0};
        int error = coord_open(&coord, &broker.context, NULL, &problem);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        if (error) {
            assert_int_equal(error, COORD_E_SYSTEM);
            assert_null(coord);
            assert_true(strlen(problem.message) > 10);
        } else {
            assert_int_equal(coord_close(coord), 0);
        }
    }
    broker_done(&broker);
}

TEST(handles_share_a_zeromq_context)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    void *zmq = zmq_ctx_new();
    struct coord_options options = quick_options();
    options.zmq_context = zmq;
    struct coord *handles[20];
    for (int i = 0; i < 20; i++)
        handles[i] = broker_open(&broker, &options);
    for (int i = 0; i < 20; i++)
        assert_int_equal(coord_call(handles[i], OP_HELLO, NULL, NULL, 0, NULL), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(coord_close(handles[i]), 0);
    assert_int_equal(zmq_ctx_term(zmq), 0);
    broker_done(&broker);
}

static void *call_much(void *user)
{
    struct coord *coord = broker_open(user, NULL);
    intptr_t failures = 0;
    for (int i = 0; i < 200; i++)
        failures += coord_call(coord, OP_HELLO, NULL, NULL, 0, NULL) != 0;
    failures += coord_close(coord) != 0;
    return (void *)failures;
}

TEST(threads_with_handles_of_their_own_do_not_disturb_each_other)
{
    struct broker broker;
    broker_init(&broker, oblige, NULL);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_much, &broker), 0);
    for (int i = 0; i < 4; i++) {
        void *failures = NULL;
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
    broker_done(&broker);
}
