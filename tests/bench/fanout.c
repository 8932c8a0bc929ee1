/* Rows of fan-out: one notification to many streams, of one broker or of two that follow, beside a bare PUB socket with as many subscribers. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "bench/postgres.h"
#include "rig/stage.h"

#define NOTICE_BYTES 512
#define NOTICES      400000 /* deliveries in a round, about */
#define FOLLOWERS    2

static struct served served;
static struct member member;
static struct reader readers[FOLLOWERS]; /* of one broker: the first */
static int subscribers, brokers;
static struct server store; /* FOLLOWERS alone */
static struct served followers[FOLLOWERS];

static void allow(const struct served *broker)
{
    served_limit(broker, "agency_connections", 2000); /* all streams are of one */
    served_limit(broker, "agency_streams", 2000);
}

static void begin(const struct bench *bench, int count)
{
    subscribers = count;
    brokers = 1;
    served_start(&served, &bench->rig, NULL);
    allow(&served);
    served_members(&served, &member, 1);
    reader_start(&readers[0], &served.admin, count);
}

static void begin_100(const struct bench *bench)
{
    begin(bench, 100);
}

static void begin_1000(const struct bench *bench)
{
    begin(bench, 1000);
}

static void begin_followers(const struct bench *bench)
{
    subscribers = 100;
    brokers = FOLLOWERS;
    server_start(&store, bench, (const char *const[]){"coordd", NULL});
    served_on(&served, &store, bench, true);
    served_members(&served, &member, 1);
    for (int i = 0; i < FOLLOWERS; i++) {
        served_following(&followers[i], &served, &store, bench);
        allow(&followers[i]);
        reader_start(&readers[i], &followers[i].admin, subscribers / FOLLOWERS);
    }
}

static void end(const struct bench *bench)
{
    (void)bench;
    for (int i = 0; i < brokers; i++)
        reader_stop(&readers[i]);
    served_remove(&served);
}

static void end_followers(const struct bench *bench)
{
    end(bench);
    for (int i = 0; i < FOLLOWERS; i++)
        served_remove(&followers[i]);
    server_remove(&store);
}

/* Waits until each stream was told so many more than before; returns when the last was. */
static double told(const uint64_t before[FOLLOWERS], int count)
{
    double last = 0;
    for (int i = 0; i < brokers; i++) {
        reader_wait(&readers[i], before[i] + (uint64_t)count * (uint64_t)(subscribers / brokers));
        if (*readers[i].last > last)
            last = *readers[i].last;
    }
    return last;
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    if (error != 0)
        rig_die("report: %s", problem->message);
}

/* Reports as fast as the broker takes them, each told to every subscriber. */
static double deliver(const struct bench *bench)
{
    const int count = NOTICES / subscribers;
    uint64_t before[FOLLOWERS] = {0};
    for (int i = 0; i < brokers; i++)
        before[i] = *readers[i].count;
    const double began = rig_now();
    struct coord *coord;
    struct problem problem;
    struct msg_progress report = {0};
    (void)bench;
    if (coord_open(&coord, &member.context, NULL, &problem) != 0)
        rig_die("%s", problem.message);
    MSG_SET(&report, progress, task, member.task);
    MSG_SET(&report, progress, note, TEXT("Đã rà soát mười hai trên hai mươi xã; các xã còn lại xong trong tuần tới."));
    for (int i = 0; i < count; i++) {
        while (coord_pending(coord) >= 256)
            if (coord_dispatch(coord, COORD_TIMEOUT_NONE) < 0)
                rig_die("dispatch failed");
        if (coord_send(coord, OP_REPORT, &report, on_reply, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
            rig_die("%s", problem.message);
    }
    while (coord_pending(coord) > 0)
        if (coord_dispatch(coord, COORD_TIMEOUT_NONE) < 0)
            rig_die("dispatch failed");
    const double rate = (double)count * subscribers / (told(before, count) - began);
    (void)coord_close(coord);
    rig_note("%.0f delivered/s to %d streams", rate, subscribers);
    return rate;
}

/* ---- the floor: PUB and SUB with CURVE ---- */

struct pair {
    char public_key[41], secret_key[41];
};

static char endpoint[RIG_ENDPOINT_MAX];

struct listening {
    volatile int ready;
    volatile uint64_t count;
};

static void listen_all(const struct pair *server, struct listening *listening)
{
    static void *sockets[1024];
    const int everything = 0;
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 4096);
    for (int i = 0; i < subscribers; i++) {
        struct pair own;
        zmq_curve_keypair(own.public_key, own.secret_key);
        sockets[i] = zmq_socket(context, ZMQ_SUB);
        zmq_setsockopt(sockets[i], ZMQ_CURVE_SERVERKEY, server->public_key, 41);
        zmq_setsockopt(sockets[i], ZMQ_CURVE_PUBLICKEY, own.public_key, 41);
        zmq_setsockopt(sockets[i], ZMQ_CURVE_SECRETKEY, own.secret_key, 41);
        zmq_setsockopt(sockets[i], ZMQ_RCVHWM, &everything, sizeof everything);
        zmq_setsockopt(sockets[i], ZMQ_SUBSCRIBE, "", 0);
        if (zmq_connect(sockets[i], endpoint) != 0)
            rig_die("connect: %s", zmq_strerror(zmq_errno()));
    }
    /* The publisher sends a first message again and again until everybody has one. */
    for (int i = 0; i < subscribers; i++) {
        char byte[NOTICE_BYTES];
        zmq_recv(sockets[i], byte, sizeof byte, 0);
    }
    listening->ready = 1;
    for (;;)
        for (int i = 0; i < subscribers; i++) {
            char body[NOTICE_BYTES];
            while (zmq_recv(sockets[i], body, sizeof body, ZMQ_DONTWAIT) > 0)
                if (body[0])
                    listening->count++;
        }
}

static double publish(const struct bench *bench)
{
    const int count = NOTICES / subscribers, everything = 0, one = 1;
    struct pair server;
    char body[NOTICE_BYTES] = {0};
    struct listening *listening = rig_shared(sizeof *listening);
    (void)bench;
    zmq_curve_keypair(server.public_key, server.secret_key);
    rig_endpoint(endpoint);
    const pid_t child = fork();
    if (child == 0)
        listen_all(&server, listening);
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_IO_THREADS, 2); /* before the first socket, or it has no effect */
    void *socket = zmq_socket(context, ZMQ_PUB);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, server.secret_key, 41);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &everything, sizeof everything);
    if (zmq_bind(socket, endpoint) != 0)
        rig_die("bind: %s", zmq_strerror(zmq_errno()));
    while (!listening->ready) {
        zmq_send(socket, body, sizeof body, 0);
        rig_pause(0.05);
    }
    body[0] = 1;
    const double began = rig_now();
    for (int i = 0; i < count; i++)
        zmq_send(socket, body, sizeof body, 0);
    while (listening->count < (uint64_t)count * (uint64_t)subscribers)
        rig_pause(0.0005);
    const double rate = (double)count * subscribers / (rig_now() - began);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    zmq_close(socket);
    zmq_ctx_term(context);
    munmap(listening, sizeof *listening);
    rig_note("%.0f delivered/s by PUB to %d", rate, subscribers);
    return rate;
}

const struct row fanout_100_row = {.name = "fanout_100",
                                   .unit = "delivered/s",
                                   .floor_is = "bare libzmq PUB with CURVE",
                                   .sense = AT_LEAST,
                                   .goal = 0.9,
                                   .begin = begin_100,
                                   .value = deliver,
                                   .floor = publish,
                                   .end = end};
const struct row fanout_1000_row = {.name = "fanout_1000",
                                    .unit = "delivered/s",
                                    .floor_is = "bare libzmq PUB with CURVE",
                                    .sense = AT_LEAST,
                                    .goal = 0.9,
                                    .begin = begin_1000,
                                    .value = deliver,
                                    .floor = publish,
                                    .end = end};
const struct row fanout_followers_row = {.name = "fanout_followers",
                                         .unit = "delivered/s",
                                         .floor_is = "bare libzmq PUB with CURVE",
                                         .sense = AT_LEAST,
                                         .goal = 0.9,
                                         .begin = begin_followers,
                                         .value = deliver,
                                         .floor = publish,
                                         .end = end_followers};
