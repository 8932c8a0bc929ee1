/* Load: client processes on libcoord, and readers of notifications. Results are in memory shared with the parent. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "rig/rig.h"
#include "rig/stage.h"

struct client {
    struct coord *coord;
    struct msg_progress report;
    struct histogram *histogram;
    double *sent; /* when each request on its way was sent: a ring, for replies come in order */
    uint64_t first, next;
    int window;
    bool counting;
};

/* 160 bytes of words make a body of about 256 with the rest. */
static const char words[] = "Đã rà soát mười hai trên hai mươi xã; các xã còn lại hoàn thành trong tuần tới, "
                            "vướng mắc về hồ sơ địa chính đã có hướng xử lý.";

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct client *client = user;
    (void)reply;
    if (error != 0)
        rig_die("report: %s %s", problem->field, problem->message);
    const double sent = client->sent[client->first++ % (uint64_t)client->window];
    if (client->counting)
        histogram_add(client->histogram, rig_now() - sent);
}

static void send_one(struct client *client)
{
    struct problem problem;
    client->sent[client->next++ % (uint64_t)client->window] = rig_now();
    MSG_SET(&client->report, progress, percent, client->next % 100);
    if (coord_send(client->coord, OP_REPORT, &client->report, on_reply, client, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("report: %s", problem.message);
}

static void send_batch(struct client *client, int size)
{
    struct problem problem;
    struct coord_batch *batch;
    if (coord_batch_new(&batch, client->coord, &problem) != 0)
        rig_die("%s", problem.message);
    for (int i = 0; i < size; i++) {
        client->sent[client->next++ % (uint64_t)client->window] = rig_now();
        MSG_SET(&client->report, progress, percent, client->next % 100);
        if (coord_batch_add(batch, OP_REPORT, NULL, &client->report, on_reply, client, &problem) != 0)
            rig_die("%s", problem.message);
    }
    if (coord_batch_send(batch, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s", problem.message);
}

static void pump(struct client *client, const struct load *load)
{
    const int step = load->batch ? load->batch : 1;
    while (client->next - client->first + (uint64_t)step <= (uint64_t)client->window) {
        if (load->batch)
            send_batch(client, load->batch);
        else
            send_one(client);
    }
    if (coord_dispatch(client->coord, COORD_TIMEOUT_NONE) < 0)
        rig_die("dispatch failed");
}

static void run_client(const struct load *load, const struct member *member, struct stage *stage, int number)
{
    struct problem problem;
    struct client client = {.histogram = &stage->histograms[number], .window = load->window};
    const struct coord_options options = {
        .timeout_ms = 120000, .resend_ms = 60000, .resend_max_ms = 60000, .window = (uint32_t)load->window};
    client.sent = calloc((size_t)load->window, sizeof *client.sent);
    if (!client.sent || rig_open(&client.coord, &member->context, &options, &problem) != 0)
        rig_die("%s", problem.message);
    MSG_SET(&client.report, progress, task, member->task);
    MSG_SET(&client.report, progress, note, text_of(words));
    if (coord_call(client.coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s", problem.message);
    __atomic_add_fetch(&stage->ready, 1, __ATOMIC_SEQ_CST);
    while (!stage->stop) {
        client.counting = stage->go != 0;
        pump(&client, load);
    }
    _exit(0);
}

struct loaded load_updates(const struct load *load, const struct member *members)
{
    pid_t children[CLIENTS_MAX];
    struct stage *stage = rig_shared(sizeof *stage);
    for (int i = 0; i < load->clients; i++) {
        children[i] = fork();
        if (children[i] == 0)
            run_client(load, &members[i], stage, i);
    }
    const struct loaded loaded = stage_run(stage, children, load->clients, load->seconds);
    munmap(stage, sizeof *stage);
    return loaded;
}

/* ---- readers ---- */

struct reading {
    volatile uint64_t count;
    volatile double last;
};

static int on_event(void *user, const struct coord_event *event)
{
    struct reading *reading = user;
    if (!event->record)
        rig_die("a stream ended: %s", event->problem ? event->problem->message : "");
    __atomic_add_fetch(&reading->count, 1, __ATOMIC_RELAXED);
    reading->last = rig_now();
    return COORD_DONE;
}

/* All streams of one process, on one ZeroMQ context and one epoll. */
static void run_readers(const struct coord_context *context, struct reading *reading, int readers, volatile int *ready)
{
    void *zmq = zmq_ctx_new();
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    const struct coord_options options = {.timeout_ms = 120000, .credit = 8192, .zmq_context = zmq};
    zmq_ctx_set(zmq, ZMQ_MAX_SOCKETS, 4096);
    for (int i = 0; i < readers; i++) {
        struct coord *coord;
        if (rig_open(&coord, context, &options, &problem) != 0 ||
            coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0 ||
            coord_subscribe(coord, &subscribe, on_event, reading, &problem) != 0)
            rig_die("%s", problem.message);
        (void)coord_dispatch(coord, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = coord};
        epoll_ctl(poll, EPOLL_CTL_ADD, coord_fd(coord), &event);
        /* A request that comes back tells that the subscription before it is taken. */
        if (coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
            rig_die("%s", problem.message);
    }
    __atomic_store_n(ready, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        struct epoll_event events[256];
        const int count = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < count; i++)
            if (coord_dispatch(events[i].data.ptr, 0) < 0)
                rig_die("dispatch failed");
    }
}

void reader_start(struct reader *reader, const struct coord_context *context, int readers)
{
    struct {
        struct reading reading;
        volatile int ready;
    } *shared = rig_shared(sizeof *shared);
    reader->pid = fork();
    if (reader->pid == 0)
        run_readers(context, &shared->reading, readers, &shared->ready);
    while (!shared->ready)
        rig_pause(0.001);
    reader->count = &shared->reading.count;
    reader->last = &shared->reading.last;
}

void reader_wait(const struct reader *reader, uint64_t count)
{
    const double began = rig_now();
    while (*reader->count < count) {
        rig_pause(0.001);
        if (rig_now() - began > 300)
            rig_die("%llu of %llu notifications came", (unsigned long long)*reader->count, (unsigned long long)count);
    }
}

void reader_stop(struct reader *reader)
{
    int status;
    kill(reader->pid, SIGKILL);
    waitpid(reader->pid, &status, 0);
}
