/* The floor of what a broker on libzmq can do here: an echo behind CURVE that decides and stores nothing. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "bench/bench.h"
#include "rig/stage.h"

#define REQUEST_BYTES 256
#define REPLY_BYTES   128

static void must(int failed, const char *what)
{
    if (failed)
        rig_die("%s: %s", what, zmq_strerror(zmq_errno()));
}

static void serve(const char *endpoint, const char *secret_key)
{
    const int one = 1;
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_IO_THREADS, 2);
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof one), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key, 41), "CURVE");
    must(zmq_bind(socket, endpoint), "bind");
    for (;;) {
        zmq_msg_t from, body;
        char reply[REPLY_BYTES] = {0};
        zmq_msg_init(&from);
        zmq_msg_init(&body);
        must(zmq_msg_recv(&from, socket, 0) < 0, "receive");
        must(zmq_msg_recv(&body, socket, 0) < 0, "receive");
        zmq_msg_send(&from, socket, ZMQ_SNDMORE);
        zmq_send(socket, reply, sizeof reply, 0);
        zmq_msg_close(&body);
    }
}

static void ask(const struct load *load, const struct coord_context *context, struct stage *stage, int number)
{
    char body[REQUEST_BYTES] = {0};
    double sent[1024];
    uint64_t first = 0, next = 0;
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_DEALER);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, context->server_key, 41), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, context->public_key, 41), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, context->secret_key, 41), "CURVE");
    must(zmq_connect(socket, context->endpoint), "connect");
    __atomic_add_fetch(&stage->ready, 1, __ATOMIC_SEQ_CST);
    while (!stage->stop) {
        while (next - first < (uint64_t)load->window) {
            sent[next++ % 1024] = rig_now();
            zmq_send(socket, body, sizeof body, 0);
        }
        must(zmq_recv(socket, body, sizeof body, 0) < 0, "receive");
        if (stage->go)
            histogram_add(&stage->histograms[number], rig_now() - sent[first % 1024]);
        first++;
    }
    _exit(0);
}

void echo_start(struct echo *echo)
{
    char secret_key[41];
    *echo = (struct echo){0};
    zmq_curve_keypair(echo->context.server_key, secret_key);
    zmq_curve_keypair(echo->context.public_key, echo->context.secret_key);
    rig_endpoint(echo->context.endpoint);
    echo->pid = fork();
    if (echo->pid == 0)
        serve(echo->context.endpoint, secret_key);
}

void echo_stop(const struct echo *echo)
{
    int status;
    kill(echo->pid, SIGKILL);
    waitpid(echo->pid, &status, 0);
}

struct loaded load_echo(const struct load *load)
{
    struct echo echo;
    pid_t children[CLIENTS_MAX];
    struct stage *stage = rig_shared(sizeof *stage);
    echo_start(&echo);
    for (int i = 0; i < load->clients; i++) {
        children[i] = fork();
        if (children[i] == 0)
            ask(load, &echo.context, stage, i);
    }
    const struct loaded loaded = stage_run(stage, children, load->clients, load->seconds);
    echo_stop(&echo);
    munmap(stage, sizeof *stage);
    return loaded;
}
