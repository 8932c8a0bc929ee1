/* One subscriber stops reading while many others go on: nobody misses anything, the broker does not swell, and the
 * others do not wait for it.
 *
 * Its process is stopped by signal, so that nothing takes its notifications: first its credit is used up or its
 * connection full, then the broker holds it as one that is behind. Notifications are made as fast as the slowest live
 * subscriber takes them, so that lateness is the broker's work and not a queue before a reader. Rounds with the stalled
 * one and without it alternate; the medians of their p99 are compared.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault/fault.h"
#include "rig/stage.h"

#define LIVE        100
#define AHEAD       16 /* notifications that the slowest live subscriber may be behind */
#define ROUNDS_MOST 9
#define GOAL_RATIO  1.2
#define GOAL_MIB    64.0

struct watched {
    volatile int ready;
    volatile uint64_t least;  /* notifications that every live stream has had */
    volatile uint64_t most;   /* and the one that has had most */
    volatile uint64_t caught; /* by the one that stalls */
    struct histogram late;
};

struct stream_seen {
    struct watched *watched;
    struct coord *coord;
    uint64_t count, seq;
    bool measured;
};

/* From the moment the broker stamped it to the moment it is here; both are this machine's clock. */
static double lateness(const struct msg_record *record)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9 - (double)record->time / 1e3;
}

static int on_event(void *user, const struct coord_event *event)
{
    struct stream_seen *seen = user;
    FAULT_CHECK(event->record, "a stream ended: %s", event->problem ? event->problem->message : "");
    FAULT_CHECK(event->record->seq > seen->seq, "notification %llu came after %llu",
                (unsigned long long)event->record->seq, (unsigned long long)seen->seq);
    seen->seq = event->record->seq;
    seen->count++;
    if (seen->measured)
        histogram_add(&seen->watched->late, lateness(event->record));
    return COORD_DONE;
}

static void open_stream(struct stream_seen *seen, const struct coord_context *context, struct watched *watched,
                        const struct coord_options *options)
{
    struct problem problem;
    const struct msg_subscribe subscribe = {0};
    seen->watched = watched;
    FAULT_CHECK(rig_open(&seen->coord, context, options, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_subscribe(seen->coord, &subscribe, on_event, seen, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(seen->coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
}

static void watch_live(const struct coord_context *context, struct watched *watched)
{
    static struct stream_seen seen[LIVE];
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < LIVE; i++) {
        seen[i].measured = true;
        open_stream(&seen[i], context, watched, NULL);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &seen[i]};
        FAULT_CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, coord_fd(seen[i].coord), &event) == 0, "epoll");
    }
    __atomic_add_fetch(&watched->ready, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        struct epoll_event events[LIVE];
        uint64_t least = UINT64_MAX, most = 0;
        const int count = epoll_wait(poll, events, LIVE, -1);
        for (int i = 0; i < count; i++)
            FAULT_CHECK(coord_dispatch(((struct stream_seen *)events[i].data.ptr)->coord, 0) >= 0, "dispatch failed");
        for (int i = 0; i < LIVE; i++) {
            least = seen[i].count < least ? seen[i].count : least;
            most = seen[i].count > most ? seen[i].count : most;
        }
        watched->least = least;
        watched->most = most;
    }
}

/* With so much credit that its connection fills up first. */
static void watch_stalled(const struct coord_context *context, struct watched *watched)
{
    const struct coord_options options = {.credit = 65536};
    struct stream_seen seen = {0};
    open_stream(&seen, context, watched, &options);
    __atomic_add_fetch(&watched->ready, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        FAULT_CHECK(coord_dispatch(seen.coord, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
        watched->caught = seen.count;
    }
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
}

static void wait_for(const volatile uint64_t *count, uint64_t wanted, const char *whose)
{
    const double began = rig_now();
    while (*count < wanted) {
        FAULT_CHECK(rig_now() - began < 120, "%llu of %llu notifications came to %s", (unsigned long long)*count,
                    (unsigned long long)wanted, whose);
        rig_pause(0.0002);
    }
}

/* Makes so many more notifications, and sees all of them with every live subscriber. Returns their p99 in seconds. */
static double notify(struct coord *coord, uint64_t task, struct watched *watched, uint64_t *made, uint64_t count)
{
    struct problem problem;
    struct msg_progress report = {0};
    memset(&watched->late, 0, sizeof watched->late);
    MSG_SET(&report, progress, task, task);
    for (const uint64_t until = *made + count; *made < until; ++*made) {
        MSG_SET(&report, progress, percent, *made % 100);
        if (*made >= AHEAD)
            wait_for(&watched->least, *made - AHEAD, "each of the live");
        FAULT_CHECK(coord_dispatch(coord, 0) >= 0, "dispatch failed");
        FAULT_CHECK(coord_send(coord, OP_REPORT, &report, on_reply, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                    problem.message);
    }
    while (coord_pending(coord) > 0)
        FAULT_CHECK(coord_dispatch(coord, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
    wait_for(&watched->least, *made, "each of the live");
    FAULT_CHECK(watched->most == *made, "a live subscriber was told more than there was to tell");
    return histogram_at(&watched->late, 0.99);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[ROUNDS_MOST];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    return sorted[count / 2];
}

struct compared {
    int rounds;
    double without[ROUNDS_MOST], with[ROUNDS_MOST];
    double grown; /* MiB, at most */
};

static void one_round(struct compared *compared, struct served *served, struct coord *coord, uint64_t task,
                      struct watched *watched, pid_t stalled, uint64_t *made, uint64_t count)
{
    const int round = compared->rounds++;
    compared->without[round] = notify(coord, task, watched, made, count);
    wait_for(&watched->caught, *made, "the one that will stall");
    const uint64_t before = served_resident(served);
    kill(stalled, SIGSTOP);
    compared->with[round] = notify(coord, task, watched, made, count);
    const double grown = ((double)served_resident(served) - (double)before) / 1048576;
    FAULT_CHECK(watched->caught < *made, "the one that should have stalled did not");
    compared->grown = grown > compared->grown ? grown : compared->grown;
    kill(stalled, SIGCONT);
    wait_for(&watched->caught, *made, "the one that had stalled");
    FAULT_CHECK(watched->caught == *made, "the one that had stalled was told more than there was to tell");
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member member;
    static struct compared compared;
    const uint64_t count = fault->full ? 50000 : 5000;
    struct watched *watched = rig_shared(sizeof *watched);
    struct problem problem;
    struct coord *coord;
    uint64_t made = 0;
    double ratio;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, &member, 1);
    const pid_t live = fork();
    if (live == 0)
        watch_live(&served.admin, watched);
    const pid_t stalled = fork();
    if (stalled == 0)
        watch_stalled(&served.admin, watched);
    while (watched->ready < 2)
        rig_pause(0.001);
    FAULT_CHECK(rig_open(&coord, &member.context, NULL, &problem) == 0, "%s", problem.message);
    (void)notify(coord, member.task, watched, &made, count / 5); /* to warm up */
    /* Three rounds, and more while what else the machine does may be what makes the difference. */
    do {
        one_round(&compared, &served, coord, member.task, watched, stalled, &made, count);
        ratio = median(compared.with, compared.rounds) / median(compared.without, compared.rounds);
    } while (compared.rounds < 3 || (ratio > GOAL_RATIO && compared.rounds < ROUNDS_MOST));
    fault_measured(
        "%llu notifications to %d live streams and a stalled one, %d rounds: 0 missed, resident memory %+.1f "
        "MiB at most, p99 of the others %.2f ms with it and %.2f ms without: x %.2f",
        (unsigned long long)count, LIVE, compared.rounds, compared.grown, median(compared.with, compared.rounds) * 1e3,
        median(compared.without, compared.rounds) * 1e3, ratio);
    FAULT_GOAL(compared.grown <= GOAL_MIB, "resident memory grew by %.1f MiB", compared.grown);
    FAULT_GOAL(ratio <= GOAL_RATIO, "the others waited");
    (void)coord_close(coord);
    kill(live, SIGKILL);
    kill(stalled, SIGKILL);
    waitpid(live, NULL, 0);
    waitpid(stalled, NULL, 0);
    served_remove(&served);
}

const struct fault_row stalled_fault = {"stalled", "a subscriber that stops reading, and a hundred that do not", run};
