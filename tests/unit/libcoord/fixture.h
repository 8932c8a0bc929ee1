/* A scripted broker with one handle on it, and callbacks that count. */
#ifndef COORDD_TESTS_FIXTURE_H
#define COORDD_TESTS_FIXTURE_H

#include "broker.h"

struct fixture {
    struct broker broker;
    struct coord *coord;
    struct problem problem;
};

void fixture_open(struct fixture *fixture, broker_script *script, void *user, const struct coord_options *options);
void fixture_close(struct fixture *fixture);
int fixture_hello(struct fixture *fixture, struct msg_hello_reply *reply);

/* Scripts. */
void oblige(struct broker *broker, const struct incoming *in);
void stay_silent(struct broker *broker, const struct incoming *in);

/* Callbacks whose user is an int that they count up: for a reply, and for an end by TIMED_OUT. */
void count_reply(void *user, int error, const void *reply, const struct problem *problem);
void expect_timeout(void *user, int error, const void *reply, const struct problem *problem);

#endif
