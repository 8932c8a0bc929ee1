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

struct pair {
    char public_key[41], secret_key[41];
};

static char endpoint[RIG_ENDPOINT_MAX];

static void must(int failed, const char *what)
{
    if (failed)
        rig_die("%s: %s", what, zmq_strerror(zmq_errno()));
}

static void serve(const struct pair *server)
{
    const int one = 1;
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_IO_THREADS, 2);
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof one), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, server->secret_key, 41), "CURVE");
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

static void ask(const struct load *load, const struct pair *server, struct stage *stage, int number)
{
    char body[REQUEST_BYTES] = {0};
    double sent[1024];
    struct pair own;
    uint64_t first = 0, next = 0;
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    zmq_curve_keypair(own.public_key, own.secret_key);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server->public_key, 41), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own.public_key, 41), "CURVE");
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own.secret_key, 41), "CURVE");
    must(zmq_connect(socket, endpoint), "connect");
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

struct loaded load_echo(const struct load *load)
{
    struct pair server;
    pid_t children[CLIENTS_MAX];
    int status;
    struct stage *stage = rig_shared(sizeof *stage);
    zmq_curve_keypair(server.public_key, server.secret_key);
    rig_endpoint(endpoint);
    const pid_t echo = fork();
    if (echo == 0)
        serve(&server);
    for (int i = 0; i < load->clients; i++) {
        children[i] = fork();
        if (children[i] == 0)
            ask(load, &server, stage, i);
    }
    const struct loaded loaded = stage_run(stage, children, load->clients, load->seconds);
    kill(echo, SIGKILL);
    waitpid(echo, &status, 0);
    munmap(stage, sizeof *stage);
    return loaded;
}
