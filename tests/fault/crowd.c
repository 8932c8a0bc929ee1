/* Ten thousand clients, each with its own CURVE connection and stream; the broker restarts under all of them. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/fault.h"

#define CLIENT_DESCRIPTORS 8 /* of one handle in a process that holds many */
#define PROCESSES          4

struct crowd {
    volatile uint64_t joined, told; /* streams that stand, and notifications that came */
};

static int on_event(void *user, const struct coord_event *event)
{
    struct crowd *crowd = user;
    FAULT_CHECK(event->record, "a stream ended: %s", event->problem ? event->problem->message : "");
    __atomic_add_fetch(&crowd->told, 1, __ATOMIC_RELAXED);
    return COORD_DONE;
}

static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    struct crowd *crowd = user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
    __atomic_add_fetch(&crowd->joined, 1, __ATOMIC_RELAXED);
}

static void run_clients(const struct coord_context *context, struct crowd *crowd, int count)
{
    struct coord **coords = calloc((size_t)count, sizeof(struct coord *));
    void *zmq = zmq_ctx_new();
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    const struct coord_options options = {
        .zmq_context = zmq, .connect_ms = 30000, .heartbeat_ms = 15000, .reconnect_max_ms = 2000, .ping_ms = 60000};
    zmq_ctx_set(zmq, ZMQ_MAX_SOCKETS, count * 8 + 64);
    for (int i = 0; i < count; i++) {
        FAULT_CHECK(coord_open(&coords[i], context, &options, &problem) == 0, "%s", problem.message);
        FAULT_CHECK(coord_subscribe(coords[i], &subscribe, on_event, crowd, &problem) == 0, "%s", problem.message);
        FAULT_CHECK(coord_send(coords[i], OP_HELLO, NULL, on_hello, crowd, COORD_TIMEOUT_NONE, &problem) == 0, "%s",
                    problem.message);
        (void)coord_dispatch(coords[i], 0);
    }
    for (;;) {
        for (int i = 0; i < count; i++)
            FAULT_CHECK(coord_dispatch(coords[i], 0) >= 0, "dispatch failed");
        rig_pause(0.01);
    }
}

static void comment(const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    struct msg_comment request = {0};
    FAULT_CHECK(coord_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    MSG_SET(&request, comment, task, member->task);
    MSG_SET(&request, comment, note, TEXT("tới tất cả"));
    FAULT_CHECK(coord_call(coord, OP_COMMENT, &request, NULL, 120000, &problem) == 0, "%s", problem.message);
    (void)coord_close(coord);
}

static double wait_for(const volatile uint64_t *count, uint64_t wanted, const char *what)
{
    const double began = rig_now();
    while (*count < wanted) {
        FAULT_CHECK(rig_now() - began < 180, "%llu of %llu %s", (unsigned long long)*count, (unsigned long long)wanted,
                    what);
        rig_pause(0.01);
    }
    return rig_now() - began;
}

/* As many as the system lets us have, which must be so many; children inherit it. */
static void raise_descriptors(rlim_t needed)
{
    struct rlimit limit;
    FAULT_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= needed,
                "the limit of open files, %llu, must be %llu at least: ulimit -Hn", (unsigned long long)limit.rlim_max,
                (unsigned long long)needed);
    limit.rlim_cur = limit.rlim_max;
    FAULT_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0, "the limit of open files cannot be raised");
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member member;
    const int clients = fault->full ? 10000 : 1000;
    struct crowd *crowd = rig_shared(sizeof *crowd);
    pid_t children[PROCESSES];
    raise_descriptors((rlim_t)clients / PROCESSES * CLIENT_DESCRIPTORS);
    raise_descriptors((rlim_t)clients + 1000);
    served_start(&served, &fault->rig, NULL);
    served_members(&served, &member, 1);
    const uint64_t before = served_resident(&served);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            run_clients(&served.admin, crowd, clients / PROCESSES);
    }
    const double joined = wait_for(&crowd->joined, (uint64_t)clients, "clients joined");
    const double each = (double)(served_resident(&served) - before) / clients / 1024;
    comment(&member);
    (void)wait_for(&crowd->told, (uint64_t)clients, "clients were told");
    served_stop(&served, SIGKILL);
    const double ready = served_again(&served, &fault->rig);
    comment(&member);
    const double resumed = wait_for(&crowd->told, 2 * (uint64_t)clients, "clients were told after the restart");
    fault_measured("%d clients joined in %.1f s, %.1f KiB each; restarted, ready after %.2f s, all resumed and told "
                   "after %.1f s; 0 missed",
                   clients, joined, each, ready, resumed);
    FAULT_CHECK(each <= 64, "%.1f KiB each", each);
    FAULT_CHECK(ready <= 15 && resumed <= 30, "too slow");
    for (int i = 0; i < PROCESSES; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    served_remove(&served);
}

const struct fault_row crowd_fault = {"crowd", "ten thousand clients, and a restart with all of them", run};
