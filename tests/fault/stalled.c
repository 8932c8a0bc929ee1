/* One subscriber stops reading while many others go on: nobody misses anything, the broker does not swell, and the
 * others do not wait for it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault/fault.h"
#include "rig/stage.h"

#define LIVE 100

struct watched {
    volatile int ready, stall;
    volatile uint64_t least;  /* notifications that every live stream has had */
    volatile uint64_t caught; /* by the one that stalled */
    struct histogram late;
};

struct stream_seen {
    struct watched *watched;
    struct coord *coord;
    uint64_t count, seq;
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
    histogram_add(&seen->watched->late, lateness(event->record));
    return COORD_DONE;
}

static void open_stream(struct stream_seen *seen, const struct coord_context *context, struct watched *watched)
{
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    seen->watched = watched;
    FAULT_CHECK(coord_open(&seen->coord, context, NULL, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(seen->coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
    FAULT_CHECK(coord_subscribe(seen->coord, &subscribe, on_event, seen, &problem) == 0, "%s", problem.message);
    (void)coord_dispatch(seen->coord, 0);
    FAULT_CHECK(coord_call(seen->coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
}

static void watch_live(const struct coord_context *context, struct watched *watched)
{
    static struct stream_seen seen[LIVE];
    for (int i = 0; i < LIVE; i++)
        open_stream(&seen[i], context, watched);
    watched->ready++;
    for (;;) {
        uint64_t least = UINT64_MAX;
        for (int i = 0; i < LIVE; i++) {
            FAULT_CHECK(coord_dispatch(seen[i].coord, 0) >= 0, "dispatch failed");
            least = seen[i].count < least ? seen[i].count : least;
        }
        watched->least = least;
        rig_pause(0.0002);
    }
}

static void watch_stalled(const struct coord_context *context, struct watched *watched)
{
    static struct watched unmeasured;
    struct stream_seen seen = {0};
    open_stream(&seen, context, &unmeasured);
    __atomic_add_fetch(&watched->ready, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        if (watched->stall)
            rig_pause(0.01);
        else
            FAULT_CHECK(coord_dispatch(seen.coord, 10) >= 0, "dispatch failed");
        watched->caught = seen.count;
    }
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
}

/* Makes so many notifications, a few at a time. */
static void notify(const struct member *member, uint64_t count)
{
    struct coord *coord;
    struct problem problem;
    struct msg_progress report = {0};
    FAULT_CHECK(coord_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    MSG_SET(&report, progress, task, member->task);
    for (uint64_t i = 0; i < count; i++) {
        MSG_SET(&report, progress, percent, i % 100);
        while (coord_pending(coord) >= 16)
            FAULT_CHECK(coord_dispatch(coord, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
        FAULT_CHECK(coord_send(coord, OP_REPORT, &report, on_reply, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                    problem.message);
    }
    while (coord_pending(coord) > 0)
        FAULT_CHECK(coord_dispatch(coord, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
    (void)coord_close(coord);
}

static void wait_for(const volatile uint64_t *count, uint64_t wanted)
{
    const double began = rig_now();
    while (*count < wanted) {
        FAULT_CHECK(rig_now() - began < 300, "%llu of %llu notifications came", (unsigned long long)*count,
                    (unsigned long long)wanted);
        rig_pause(0.005);
    }
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member member;
    const uint64_t count = fault->full ? 50000 : 5000;
    struct watched *watched = rig_shared(sizeof *watched);
    served_start(&served, &fault->rig, NULL);
    served_members(&served, &member, 1);
    pid_t live = fork();
    if (live == 0)
        watch_live(&served.admin, watched);
    pid_t stalled = fork();
    if (stalled == 0)
        watch_stalled(&served.admin, watched);
    while (watched->ready < 2)
        rig_pause(0.001);
    notify(&member, count);
    wait_for(&watched->least, count);
    const double free_p99 = histogram_at(&watched->late, 0.99);
    const uint64_t before = served_resident(&served);
    memset(&watched->late, 0, sizeof watched->late);
    watched->stall = 1;
    notify(&member, count);
    wait_for(&watched->least, 2 * count);
    const double stalled_p99 = histogram_at(&watched->late, 0.99);
    const double grown = ((double)served_resident(&served) - (double)before) / 1048576;
    watched->stall = 0;
    wait_for(&watched->caught, 2 * count);
    fault_measured(
        "%llu notifications to %d live streams and a stalled one: 0 missed, resident memory %+.1f MiB, p99 of "
        "the others %.1f ms (%.1f ms before)",
        (unsigned long long)count, LIVE, grown, stalled_p99 * 1e3, free_p99 * 1e3);
    FAULT_CHECK(grown <= 64, "resident memory grew by %.1f MiB", grown);
    FAULT_CHECK(stalled_p99 <= free_p99 * 1.2 + 0.005, "the others waited");
    kill(live, SIGKILL);
    kill(stalled, SIGKILL);
    waitpid(live, NULL, 0);
    waitpid(stalled, NULL, 0);
    served_remove(&served);
}

const struct fault_row stalled_fault = {"stalled", "a subscriber that stops reading, and a hundred that do not", run};
