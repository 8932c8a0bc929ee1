#include "loop/zwatch.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "unit/test.h"

/* An echo behind a watcher, and a client in a thread of its own that keeps some messages on their way. The two ends
 * lose an edge of ZMQ_FD within a few thousand messages when the watcher gets anything wrong; then the client's
 * receive runs into its time limit. */
#ifndef ECHO_MESSAGES
#define ECHO_MESSAGES 20000
#endif
#define ECHO_WINDOW   16
#define ECHO_STALL_MS 60000

struct echo {
    uv_loop_t loop;
    void *zmq;
    void *socket;
    struct zwatch *watch;
    uv_async_t over;
    int budget;
    unsigned long served;
    unsigned long answered; /* the client's */
    char endpoint[64];
};

static void echo_serve(void *context)
{
    struct echo *echo = context;
    for (int i = 0; i < echo->budget; i++) {
        char route[64], body[64];
        const int route_size = zmq_recv(echo->socket, route, sizeof route, ZMQ_DONTWAIT);
        if (route_size < 0)
            return;
        const int size = zmq_recv(echo->socket, body, sizeof body, ZMQ_DONTWAIT);
        assert_int_equal(zmq_send(echo->socket, route, (size_t)route_size, ZMQ_SNDMORE | ZMQ_DONTWAIT), route_size);
        assert_int_equal(zmq_send(echo->socket, body, (size_t)size, ZMQ_DONTWAIT), size);
        echo->served++;
    }
}

static void *echo_client(void *context)
{
    struct echo *echo = context;
    void *socket = zmq_socket(echo->zmq, ZMQ_DEALER);
    const int stall_ms = ECHO_STALL_MS, linger = 0;
    char body[64];
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &stall_ms, sizeof stall_ms);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_connect(socket, echo->endpoint);
    for (int i = 0; i < ECHO_WINDOW; i++)
        zmq_send(socket, "x", 1, 0);
    for (unsigned long i = 0; i < ECHO_MESSAGES; i++) {
        if (zmq_recv(socket, body, sizeof body, 0) != 1)
            break;
        echo->answered++;
        zmq_send(socket, "x", 1, 0);
    }
    zmq_close(socket);
    uv_async_send(&echo->over);
    return NULL;
}

static void echo_over(uv_async_t *over)
{
    uv_stop(over->loop);
}

static void echo_begin(struct echo *echo, enum zwatch_use use, int budget)
{
    memset(echo, 0, sizeof *echo);
    echo->budget = budget;
    assert_int_equal(uv_loop_init(&echo->loop), 0);
    echo->zmq = zmq_ctx_new();
    echo->socket = zmq_socket(echo->zmq, ZMQ_ROUTER);
    snprintf(echo->endpoint, sizeof echo->endpoint, "ipc://@coordd-test-zwatch-%ld", (long)getpid());
    assert_int_equal(zmq_bind(echo->socket, echo->endpoint), 0);
    echo->watch = zwatch_new(&echo->loop, echo->socket, use, echo_serve, echo);
    assert_non_null(echo->watch);
    uv_async_init(&echo->loop, &echo->over, echo_over);
}

static void echo_end(struct echo *echo)
{
    const int linger = 0;
    zwatch_free(echo->watch);
    uv_close((uv_handle_t *)&echo->over, NULL);
    uv_run(&echo->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&echo->loop), 0);
    zmq_setsockopt(echo->socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(echo->socket);
    zmq_ctx_term(echo->zmq);
}

static unsigned long echo_run(enum zwatch_use use, int budget)
{
    struct echo echo;
    pthread_t client;
    echo_begin(&echo, use, budget);
    assert_int_equal(pthread_create(&client, NULL, echo_client, &echo), 0);
    uv_run(&echo.loop, UV_RUN_DEFAULT);
    pthread_join(client, NULL);
    const unsigned long answered = echo.answered;
    echo_end(&echo);
    return answered;
}

TEST(an_echo_never_stalls)
{
    assert_int_equal(echo_run(ZWATCH_SHARED, 512), ECHO_MESSAGES);
    assert_int_equal(echo_run(ZWATCH_OWN, 512), ECHO_MESSAGES);
}

TEST(an_echo_never_stalls_when_it_leaves_most_for_the_next_turn)
{
    assert_int_equal(echo_run(ZWATCH_SHARED, 1), ECHO_MESSAGES);
    assert_int_equal(echo_run(ZWATCH_OWN, 1), ECHO_MESSAGES);
}
