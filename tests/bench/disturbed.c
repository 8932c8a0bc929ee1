/* Rows of updates under hard conditions: while long work runs beside them, and on a disk that is slow to sync. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define CLIENTS 64

static struct served served;
static struct member members[CLIENTS];
static struct reader reader;

static void end(const struct bench *bench)
{
    (void)bench;
    reader_stop(&reader);
    served_remove(&served);
}

/* ---- while a checkpoint, a report or a backup runs ---- */

/* A backup after another, each followed by a report over all tasks. */
static pid_t disturb(void)
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct coord *admin = served_admin(&served);
    struct problem problem;
    for (int round = 0;; round++) {
        char name[64];
        struct msg_backup backup = {0};
        struct msg_summary summary = {0};
        struct msg_summary_reply page;
        snprintf(name, sizeof name, "bench-%d-%d.db", (int)getpid(), round);
        MSG_SET(&backup, backup, path, text_of(name));
        /* One that was begun before may still run: it is as good. */
        const int failed = coord_call(admin, OP_BACKUP, &backup, NULL, COORD_TIMEOUT_DEFAULT, &problem);
        if (failed != 0 && failed != COORD_E_BACKUP_RUNNING)
            rig_die("backup: %s", problem.message);
        do {
            MSG_SET(&summary, summary, limit, 1000);
            if (coord_call(admin, OP_SUMMARY, &summary, &page, COORD_TIMEOUT_DEFAULT, &problem) != 0)
                rig_die("summary: %s", problem.message);
            if (MSG_HAS(&page, summary_reply, next))
                MSG_SET(&summary, summary, after, page.next);
        } while (MSG_HAS(&page, summary_reply, next));
    }
}

static struct loaded quarter_load(const struct bench *bench)
{
    /* Not to the limit: at saturation a p99 measures the queue. */
    const struct load load = {16, 2, 0, bench->seconds};
    return load_updates(&load, members);
}

static double disturbed(const struct bench *bench)
{
    /* A checkpoint after another, all in the first rounds of all tasks, which are new. */
    served_limit(&served, "checkpoint_records", 1000);
    const pid_t pid = disturb();
    const struct loaded loaded = quarter_load(bench);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    served_limit(&served, "checkpoint_records", 100000000);
    rig_note("with: p99 %.3f ms at %.0f/s", loaded.p99_ms, loaded.per_second);
    return loaded.p99_ms;
}

static double undisturbed(const struct bench *bench)
{
    const struct loaded loaded = quarter_load(bench);
    rig_note("without: p99 %.3f ms at %.0f/s", loaded.p99_ms, loaded.per_second);
    return loaded.p99_ms;
}

static void begin_large(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, members, CLIENTS);
    reader_start(&reader, &served.admin, 1);
    served_limit(&served, "checkpoint_records", 100000000);
    served_tasks(&served, "a0", 0, bench->full ? 1000000 : 200000, "30d");
}

const struct row checkpoint_row = {.name = "checkpoint",
                                   .unit = "ms p99",
                                   .floor_is = "p99 without checkpoint, report and backup",
                                   .sense = AT_MOST,
                                   .goal = 2.0,
                                   .begin = begin_large,
                                   .value = disturbed,
                                   .floor = undisturbed,
                                   .end = end};

/* ---- on a disk that is slow to sync ---- */

static struct served quick;
static struct member quick_members[CLIENTS];
static struct reader quick_reader;

static void begin_slow(const struct bench *bench)
{
    served_start(&served, &bench->rig, bench->slow_sync);
    served_members(&served, members, CLIENTS);
    reader_start(&reader, &served.admin, 1);
    served_start(&quick, &bench->rig, NULL);
    served_members(&quick, quick_members, CLIENTS);
    reader_start(&quick_reader, &quick.admin, 1);
}

static double slow_updates(const struct bench *bench, int window)
{
    const struct load load = {CLIENTS, window, 0, bench->seconds};
    const struct loaded loaded = load_updates(&load, members);
    rig_note("%.0f updates/s, p50 %.2f ms, p99 %.2f ms", loaded.per_second, loaded.p50_ms, loaded.p99_ms);
    return loaded.per_second;
}

static double slow_updates_16(const struct bench *bench)
{
    return slow_updates(bench, 16);
}

static double slow_updates_256(const struct bench *bench)
{
    return slow_updates(bench, 256);
}

/* The same without the delay, by a broker of its own. */
static double quick_updates(const struct bench *bench, int window)
{
    const struct load load = {CLIENTS, window, 0, bench->seconds};
    const struct loaded loaded = load_updates(&load, quick_members);
    rig_note("%.0f updates/s without the delay", loaded.per_second);
    return loaded.per_second;
}

static double quick_updates_16(const struct bench *bench)
{
    return quick_updates(bench, 16);
}

static double quick_updates_256(const struct bench *bench)
{
    return quick_updates(bench, 256);
}

static void end_slow(const struct bench *bench)
{
    end(bench);
    reader_stop(&quick_reader);
    served_remove(&quick);
}

const struct row slow_disk_row = {.name = "slow_disk",
                                  .unit = "updates/s",
                                  .floor_is = "64 × 16 where syncs take no longer than the disk's",
                                  .sense = AT_LEAST,
                                  .goal = 0.7,
                                  .begin = begin_slow,
                                  .value = slow_updates_16,
                                  .floor = quick_updates_16,
                                  .end = end_slow};
const struct row slow_disk_256_row = {.name = "slow_disk_256",
                                      .unit = "updates/s",
                                      .floor_is = "64 × 256 where syncs take no longer than the disk's",
                                      .sense = AT_LEAST,
                                      .goal = 0.9,
                                      .begin = begin_slow,
                                      .value = slow_updates_256,
                                      .floor = quick_updates_256,
                                      .end = end_slow};
