/* Ten thousand clients, each with its own CURVE connection and stream; the broker restarts under all of them, killed
 * and told to stop. Notifications go out before, and while the clients come back: each client must get each of them,
 * once and in sequence.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/fault.h"
#include "loop/secret.h"

#define CLIENTS_MOST       10000
#define PROCESSES          8
#define CLIENT_DESCRIPTORS 8  /* of one handle in a process that holds many, and the connection */
#define NOTES              15 /* notifications in all: a third before each restart, and after the last */
#define SHAKING            64 /* connections that one process begins and has not yet seen come up */
#define GOAL_READY         15.0
#define GOAL_RESUMED       30.0
#define GOAL_KIB           64.0

struct crowd {
    volatile uint64_t joined, told;
    uint64_t sent[NOTES];                /* the sequences as they were acknowledged */
    uint64_t got[CLIENTS_MOST][NOTES];   /* as they came to each */
    volatile uint32_t had[CLIENTS_MOST]; /* how many did */
};

struct visitor {
    struct crowd *crowd;
    struct coord *coord;
    int number;
    int *shaking; /* of its process */
};

/* ---- the clients ---- */

static int on_event(void *user, const struct coord_event *event)
{
    const struct visitor *visitor = user;
    struct crowd *crowd = visitor->crowd;
    FAULT_CHECK(event->record, "a stream ended: %s", event->problem ? event->problem->message : "");
    const uint32_t had = crowd->had[visitor->number];
    FAULT_CHECK(had < NOTES, "client %d was told more than there was to tell", visitor->number);
    crowd->got[visitor->number][had] = event->record->seq;
    crowd->had[visitor->number] = had + 1;
    __atomic_add_fetch(&crowd->told, 1, __ATOMIC_SEQ_CST);
    return COORD_DONE;
}

/* It was sent after the subscription, so that is taken too. */
static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    const struct visitor *visitor = user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
    --*visitor->shaking;
    __atomic_add_fetch(&visitor->crowd->joined, 1, __ATOMIC_SEQ_CST);
}

static void join(struct visitor *visitor, const struct coord_context *context, const struct coord_options *options)
{
    struct problem problem;
    const struct msg_subscribe subscribe = {0};
    FAULT_CHECK(rig_open(&visitor->coord, context, options, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_subscribe(visitor->coord, &subscribe, on_event, visitor, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_send(visitor->coord, OP_HELLO, NULL, on_hello, visitor, 120000, &problem) == 0, "%s",
                problem.message);
    ++*visitor->shaking;
}

static void dispatch(int poll, int timeout_ms)
{
    struct epoll_event events[256];
    const int count = epoll_wait(poll, events, 256, timeout_ms);
    for (int i = 0; i < count; i++)
        FAULT_CHECK(coord_dispatch(((struct visitor *)events[i].data.ptr)->coord, 0) >= 0, "dispatch failed");
}

static void run_clients(const struct coord_context *context, struct crowd *crowd, int first, int count)
{
    /* All clients share the broker's machine here, and its processors: they pay as little for a handshake as it does. */
    secrets_init();
    struct visitor *visitors = calloc((size_t)count, sizeof *visitors);
    void *zmq = zmq_ctx_new();
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    int shaking = 0;
    const struct coord_options options = {
        .zmq_context = zmq, .connect_ms = 30000, .heartbeat_ms = 15000, .reconnect_max_ms = 2000, .ping_ms = 60000};
    FAULT_CHECK(visitors && zmq && poll >= 0, "no memory for %d clients", count);
    zmq_ctx_set(zmq, ZMQ_MAX_SOCKETS, count * 8 + 64);
    for (int i = 0; i < count; i++) {
        visitors[i] = (struct visitor){.crowd = crowd, .number = first + i, .shaking = &shaking};
        join(&visitors[i], context, &options);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &visitors[i]};
        FAULT_CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, coord_fd(visitors[i].coord), &event) == 0, "epoll");
        dispatch(poll, 0);
        while (shaking >= SHAKING)
            dispatch(poll, -1);
    }
    for (;;)
        dispatch(poll, -1);
}

/* ---- the test ---- */

/* Comments on a task of the clients' agency; each tells all of them. Counts up to `until`. */
static void tell(const struct member *member, struct crowd *crowd, int from, int until)
{
    struct coord *coord;
    struct problem problem;
    struct msg_comment request = {0};
    struct msg_change_reply reply;
    FAULT_CHECK(rig_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    MSG_SET(&request, comment, task, member->task);
    MSG_SET(&request, comment, note, TEXT("tới tất cả"));
    for (int i = from; i < until; i++) {
        FAULT_CHECK(coord_call(coord, OP_COMMENT, &request, &reply, 120000, &problem) == 0, "%s", problem.message);
        crowd->sent[i] = reply.seq;
    }
    (void)coord_close(coord);
}

static void wait_for(const volatile uint64_t *count, uint64_t wanted, const char *what, const pid_t *children)
{
    const double began = rig_now();
    while (*count < wanted) {
        for (int i = 0; i < PROCESSES; i++)
            FAULT_CHECK(waitpid(children[i], NULL, WNOHANG) == 0, "a process of clients has ended");
        FAULT_CHECK(rig_now() - began < 180, "%llu of %llu %s", (unsigned long long)*count, (unsigned long long)wanted,
                    what);
        rig_pause(0.005);
    }
}

/* Each client has had each notification so far, once, in sequence. */
static void audit(const struct crowd *crowd, int clients, int notes)
{
    for (int i = 0; i < clients; i++) {
        FAULT_CHECK(crowd->had[i] == (uint32_t)notes, "client %d was told %u times, not %d", i, crowd->had[i], notes);
        FAULT_CHECK(memcmp(crowd->got[i], crowd->sent, (size_t)notes * sizeof *crowd->sent) == 0,
                    "client %d was told other things than there were to tell", i);
    }
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

struct restarted {
    double ready, resumed; /* seconds from the signal until it serves, and until all clients know all */
};

static struct restarted restart(struct served *served, const struct fault *fault, int signal)
{
    const double began = rig_now();
    struct restarted restarted;
    served_stop(served, signal);
    (void)served_again(served, &fault->rig);
    restarted.ready = rig_now() - began;
    restarted.resumed = began;
    return restarted;
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member member;
    static const int signals[] = {SIGKILL, SIGTERM};
    const int clients = fault->full ? CLIENTS_MOST : 1000;
    struct crowd *crowd = rig_shared(sizeof *crowd);
    struct restarted restarted[2];
    pid_t children[PROCESSES];
    int told = NOTES / 3;
    /* The broker has one for each client; a process of clients has more, for fewer. */
    const int each_process = clients / PROCESSES * CLIENT_DESCRIPTORS;
    raise_descriptors((rlim_t)((clients > each_process ? clients : each_process) + 1000));
    served_start(&served, &fault->rig, NULL);
    served_limit(&served, "agency_connections", CLIENTS_MOST + 1000);
    served_limit(&served, "agency_streams", CLIENTS_MOST + 1000);
    served_members(&served, &member, 1);
    const uint64_t before = served_resident(&served);
    const double began = rig_now();
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            run_clients(&served.admin, crowd, i * (clients / PROCESSES), clients / PROCESSES);
    }
    wait_for(&crowd->joined, (uint64_t)clients, "clients joined", children);
    const double joined = rig_now() - began;
    tell(&member, crowd, 0, told);
    wait_for(&crowd->told, (uint64_t)told * (uint64_t)clients, "notifications came", children);
    const double each = (double)(served_resident(&served) - before) / clients / 1024;
    for (int i = 0; i < 2; i++, told += NOTES / 3) {
        restarted[i] = restart(&served, fault, signals[i]);
        tell(&member, crowd, told, told + NOTES / 3);
        wait_for(&crowd->told, (uint64_t)(told + NOTES / 3) * (uint64_t)clients, "notifications came", children);
        restarted[i].resumed = rig_now() - restarted[i].resumed;
    }
    audit(crowd, clients, NOTES);
    fault_measured(
        "%d clients joined in %.1f s, %.1f KiB each; killed: serving after %.2f s, all resumed and told after "
        "%.1f s; stopped: %.2f s, %.1f s; each had all %d notifications, once",
        clients, joined, each, restarted[0].ready, restarted[0].resumed, restarted[1].ready, restarted[1].resumed,
        NOTES);
    FAULT_GOAL(joined <= GOAL_RESUMED, "they joined in %.1f s", joined); /* as much work as to come back */
    FAULT_GOAL(each <= GOAL_KIB, "%.1f KiB each", each);
    for (int i = 0; i < 2; i++)
        FAULT_GOAL(restarted[i].ready <= GOAL_READY && restarted[i].resumed <= GOAL_RESUMED,
                   "serving after %.1f s, resumed after %.1f s", restarted[i].ready, restarted[i].resumed);
    for (int i = 0; i < PROCESSES; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    served_remove(&served);
}

const struct fault_row crowd_fault = {"crowd", "ten thousand clients, and restarts with all of them", run};
