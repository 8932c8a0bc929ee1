/* Rows of deadlines: many that wait, many that come due, each told to a subscriber. Measured on the world's clock. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "rig/stage.h"

#define DUE_COUNT 100000

static struct served served;
static struct member member;

/* What the subscriber saw. */
struct seen {
    volatile int ready;
    volatile uint64_t count, early;
    volatile double last; /* wall clock */
    struct histogram late;
};

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int on_event(void *user, const struct coord_event *event)
{
    struct seen *seen = user;
    if (!event->record)
        rig_die("the stream ended");
    if (event->record->record != RECORD_RUNG)
        return COORD_DONE;
    const double late = wall() - (double)event->record->instant / 1e3;
    if (late < 0 || event->record->time < event->record->instant)
        seen->early++;
    histogram_add(&seen->late, late);
    seen->last = wall();
    seen->count++;
    return COORD_DONE;
}

static pid_t watch(struct seen *seen)
{
    const pid_t child = fork();
    struct coord *coord;
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    if (child != 0)
        return child;
    const struct coord_options options = {.credit = 65536};
    if (coord_open(&coord, &served.admin, &options, &problem) != 0 ||
        coord_subscribe(coord, &subscribe, on_event, seen, &problem) != 0 ||
        coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s", problem.message);
    seen->ready = 1;
    while (coord_dispatch(coord, COORD_TIMEOUT_NONE) >= 0) {
    }
    _exit(1);
}

/* Local time in Việt Nam, which the calendar keeps, to the minute. */
static void due_text(char text[32], time_t at)
{
    struct tm local;
    at += 7 * 3600;
    gmtime_r(&at, &local);
    strftime(text, 32, "%Y-%m-%dT%H:%M", &local);
}

static void begin(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, &member, 1);
}

static void end(const struct bench *bench)
{
    (void)bench;
    served_remove(&served);
}

static void await(const struct seen *seen, uint64_t count)
{
    const double began = rig_now();
    while (seen->count < count) {
        rig_pause(0.005);
        if (rig_now() - began > 240)
            rig_die("%llu of %llu rungs were told", (unsigned long long)seen->count, (unsigned long long)count);
    }
}

/* All due in the same second, while many more wait: seconds from the instant to the last delivery. */
static double burst(const struct bench *bench)
{
    char due[32];
    struct seen *seen = rig_shared(sizeof *seen);
    (void)bench;
    const pid_t child = watch(seen);
    while (!seen->ready)
        rig_pause(0.001);
    const time_t instant = (time(NULL) / 60 + 1) * 60 + (time(NULL) % 60 > 40 ? 60 : 0);
    due_text(due, instant);
    static uint64_t from;
    served_tasks(&served, "a0", from, DUE_COUNT, due);
    from += DUE_COUNT;
    if (wall() >= (double)instant)
        rig_die("assigning took too long");
    await(seen, DUE_COUNT);
    const double took = seen->last - (double)instant;
    if (seen->early || seen->count != DUE_COUNT)
        rig_die("%llu early, %llu told", (unsigned long long)seen->early, (unsigned long long)seen->count);
    rig_note("%d rungs of one instant told within %.3f s; 0 early, 0 twice", DUE_COUNT, took);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    munmap(seen, sizeof *seen);
    return took;
}

const struct row burst_row = {.name = "burst",
                              .unit = "s",
                              .floor_is = "",
                              .sense = AT_MOST,
                              .goal = 0.9,
                              .begin = begin,
                              .value = burst,
                              .end = end,
                              .rounds = 3};

/* ---- many pending, some due across a few seconds ---- */

#define PENDING    (bench->full ? 1000000u : 200000u)
#define SPREAD_S   5
#define WITHIN_MIN 1

/* Tasks that want to be accepted within a minute, given evenly over five seconds: so their rungs come evenly too. */
static void give_evenly(uint64_t from)
{
    struct msg_step step = {0};
    struct msg_policy policy = {0};
    struct msg_policy_set set = {0};
    struct coord *admin = served_admin(&served);
    struct problem problem;
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 0);
    MSG_SET(&step, step, unit, UNIT_MINUTES);
    MSG_SET(&step, step, does, RUNG_NOTIFY);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&policy, policy, policy, TEXT("bench"));
    MSG_SET(&policy, policy, accept_within, WITHIN_MIN);
    MSG_SET(&policy, policy, accept_unit, UNIT_MINUTES);
    MSG_SET(&policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_SET(&set, policy_set, policy, policy);
    if (coord_call(admin, OP_POLICY_SET, &set, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s", problem.message);
    const double began = rig_now();
    const int slices = 400; /* of 250 tasks: a batch each, every 12.5 ms */
    for (int i = 0; i < slices; i++) {
        served_tasks_by(admin, "a0", from + (uint64_t)(i * (DUE_COUNT / slices)), DUE_COUNT / slices, NULL);
        const double until = began + (i + 1) * (double)SPREAD_S / slices;
        if (until > rig_now())
            rig_pause(until - rig_now());
    }
    (void)coord_close(admin);
    rig_note("%d tasks given over %.1f s", DUE_COUNT, rig_now() - began);
}

static uint64_t references;

static void begin_pending(const struct bench *bench)
{
    begin(bench);
    served_tasks(&served, "a0", 0, PENDING, "30d");
    references = PENDING;
}

static double spread(const struct bench *bench)
{
    struct seen *seen = rig_shared(sizeof *seen);
    (void)bench;
    const pid_t child = watch(seen);
    while (!seen->ready)
        rig_pause(0.001);
    give_evenly(references);
    references += DUE_COUNT;
    await(seen, DUE_COUNT);
    const double p99 = histogram_at(&seen->late, 0.99) * 1e3;
    if (seen->early || seen->count != DUE_COUNT)
        rig_die("%llu early, %llu told", (unsigned long long)seen->early, (unsigned long long)seen->count);
    rig_note("lateness p50 %.2f ms, p99 %.2f ms; 0 early, 0 twice", histogram_at(&seen->late, 0.5) * 1e3, p99);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    munmap(seen, sizeof *seen);
    return p99;
}

const struct row deadlines_row = {.name = "deadlines",
                                  .unit = "ms late p99",
                                  .floor_is = "",
                                  .sense = AT_MOST,
                                  .goal = 8,
                                  .begin = begin_pending,
                                  .value = spread,
                                  .end = end,
                                  .rounds = 3};
