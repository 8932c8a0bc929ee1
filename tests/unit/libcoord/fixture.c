#include "fixture.h"

#include <string.h>

#include "unit/test.h"

void oblige(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, (uint64_t)in->number);
}

void stay_silent(struct broker *broker, const struct incoming *in)
{
    (void)broker, (void)in;
}

void fixture_open(struct fixture *fixture, broker_script *script, void *user, const struct coord_options *options)
{
    memset(&fixture->problem, 0, sizeof fixture->problem);
    broker_init(&fixture->broker, script, user);
    fixture->coord = broker_open(&fixture->broker, options);
}

void fixture_close(struct fixture *fixture)
{
    assert_int_equal(coord_close(fixture->coord), 0);
    broker_done(&fixture->broker);
}

int fixture_hello(struct fixture *fixture, struct msg_hello_reply *reply)
{
    return coord_call(fixture->coord, OP_HELLO, NULL, reply, COORD_TIMEOUT_DEFAULT, &fixture->problem);
}

void count_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    assert_int_equal(error, 0);
    assert_non_null(reply);
    assert_null(problem);
    ++*(int *)user;
}

void expect_timeout(void *user, int error, const void *reply, const struct problem *problem)
{
    assert_int_equal(error, COORD_E_TIMED_OUT);
    assert_null(reply);
    assert_non_null(problem);
    test_saw(problem);
    ++*(int *)user;
}
