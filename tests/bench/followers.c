/* The row of a broker that follows: how old at most, by its own word, what it answers from is while others write. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/postgres.h"
#include "rig/histogram.h"

#define WRITERS       16 /* as in disturbed.c, not to the limit: there the age is that of a queue */
#define WINDOW        2
#define FOLLOWERS     2
#define PAUSE_SECONDS 0.002 /* of who asks, between two */

static struct server server;
static struct served leader, followers[FOLLOWERS];
static struct member members[WRITERS];

static void begin(const struct bench *bench)
{
    server_start(&server, bench, (const char *const[]){"coordd", NULL});
    served_on(&leader, &server, bench, true);
    served_members(&leader, members, WRITERS);
    for (int i = 0; i < FOLLOWERS; i++)
        served_following(&followers[i], &leader, &server, bench);
}

static void end(const struct bench *bench)
{
    (void)bench;
    for (int i = 0; i < FOLLOWERS; i++)
        served_remove(&followers[i]);
    served_remove(&leader);
    server_remove(&server);
}

/* Reads there, again and again, and notes what each answer says of its age. */
static void ask(const struct served *follower, struct histogram *ages)
{
    struct problem problem;
    struct coord *coord = served_admin(follower);
    struct msg_task_get get = {0};
    for (int i = 0;; i++) {
        MSG_SET(&get, task_get, task, members[i % WRITERS].task);
        if (coord_call(coord, OP_TASK_GET, &get, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
            rig_die("task_get: %s", problem.message);
        if (coord_last_lag_ms(coord) < 0)
            rig_die("who leads has answered");
        histogram_add(ages, (double)coord_last_lag_ms(coord) / 1e3);
        rig_pause(PAUSE_SECONDS);
    }
}

static double lag(const struct bench *bench)
{
    const struct load load = {WRITERS, WINDOW, 0, bench->seconds};
    struct histogram *ages = rig_shared(FOLLOWERS * sizeof *ages), all = {0};
    pid_t askers[FOLLOWERS];
    for (int i = 0; i < FOLLOWERS; i++) {
        askers[i] = fork();
        if (askers[i] == 0)
            ask(&followers[i], &ages[i]);
    }
    const struct loaded loaded = load_updates(&load, members);
    for (int i = 0; i < FOLLOWERS; i++) {
        kill(askers[i], SIGKILL);
        waitpid(askers[i], NULL, 0);
        histogram_merge(&all, &ages[i]);
    }
    munmap(ages, FOLLOWERS * sizeof *ages);
    const double p99_ms = histogram_at(&all, 0.99) * 1e3;
    rig_note("%llu answers of followers, %.0f ms old at the median, p99 %.0f ms, at %.0f updates/s",
             (unsigned long long)all.count, histogram_at(&all, 0.5) * 1e3, p99_ms, loaded.per_second);
    return p99_ms;
}

const struct row follower_lag_row = {
    .name = "follower_lag", .unit = "ms p99", .sense = AT_MOST, .goal = 20, .begin = begin, .value = lag, .end = end};
