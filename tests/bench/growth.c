/* Rows of size: memory of a task, bytes of an update, the start of a large store, and what a large store costs an update. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/bench.h"

#define CLIENTS 64
#define WINDOW  16
#define MILLION (bench->full ? 1000000u : 200000u)

static struct served served;
static struct member members[1], stored[CLIENTS];

static void end(const struct bench *bench)
{
    (void)bench;
    served_remove(&served);
}

/* ---- memory ---- */

static void begin_memory(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, members, 1);
}

/* What the process grew by, of which records kept for streams (64 MiB at most) are no part. */
static double memory_per_task(const struct bench *bench)
{
    const uint64_t tasks = MILLION;
    (void)served_stop(&served, SIGTERM);
    (void)served_again(&served, &bench->rig);
    const uint64_t before = served_resident(&served);
    served_tasks(&served, "a0", 0, tasks, "30d");
    served_stop(&served, SIGTERM);
    (void)served_again(&served, &bench->rig);
    const uint64_t after = served_resident(&served);
    rig_note("%llu tasks: resident %.1f MiB, before %.1f MiB", (unsigned long long)tasks, (double)after / 1048576,
             (double)before / 1048576);
    return (double)(after - before) / (double)tasks;
}

const struct row memory_row = {.name = "memory",
                               .unit = "bytes/task",
                               .floor_is = "",
                               .sense = AT_MOST,
                               .goal = 300,
                               .begin = begin_memory,
                               .value = memory_per_task,
                               .end = end,
                               .rounds = 1};

/* ---- the store ---- */

static uint64_t store_size(void)
{
    char path[600];
    struct stat is;
    served_stop(&served, SIGTERM); /* which leaves nothing in the log */
    snprintf(path, sizeof path, "%s/coordd.db", served.directory);
    if (stat(path, &is) != 0)
        rig_die("%s: %s", path, strerror(errno));
    return (uint64_t)is.st_size;
}

static void begin_store(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, stored, CLIENTS);
}

/* What the store grew by for each update. */
static double stored_bytes(const struct bench *bench)
{
    const struct load load = {CLIENTS, WINDOW, 0, bench->seconds};
    const uint64_t size = store_size();
    (void)served_again(&served, &bench->rig);
    const uint64_t seq = served_seq(&served);
    (void)load_updates(&load, stored);
    const uint64_t updates = served_seq(&served) - seq, grown = store_size() - size;
    (void)served_again(&served, &bench->rig);
    rig_note("%.1f MiB for %llu updates", (double)grown / 1048576, (unsigned long long)updates);
    return (double)grown / (double)updates;
}

const struct row journal_row = {.name = "journal",
                                .unit = "bytes/update",
                                .floor_is = "",
                                .sense = AT_MOST,
                                .goal = 330,
                                .begin = begin_store,
                                .value = stored_bytes,
                                .end = end,
                                .rounds = 3};

/* ---- restart ---- */

static void begin_restart(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, members, 1);
    served_tasks(&served, "a0", 0, MILLION, "30d");
}

/* The slower of a start after a clean stop and one after kill -9. */
static double restart(const struct bench *bench)
{
    served_stop(&served, SIGTERM);
    const double clean = served_again(&served, &bench->rig);
    served_stop(&served, SIGKILL);
    const double killed = served_again(&served, &bench->rig);
    rig_note("ready %.2f s after a clean stop, %.2f s after kill -9", clean, killed);
    return clean > killed ? clean : killed;
}

/* How long SQLite takes to hand over the same rows. */
static double read_rows(const struct bench *bench)
{
    char path[600];
    sqlite3 *db;
    sqlite3_stmt *statement;
    uint64_t rows = 0, bytes = 0;
    served_stop(&served, SIGTERM);
    snprintf(path, sizeof path, "%s/coordd.db", served.directory);
    const double began = rig_now();
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT * FROM row", -1, &statement, NULL) != SQLITE_OK)
        rig_die("%s: %s", path, sqlite3_errmsg(db));
    const int body = sqlite3_column_count(statement) - 1;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        rows++;
        bytes += (uint64_t)sqlite3_column_bytes(statement, body);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    const double took = rig_now() - began;
    rig_note("SQLite reads %llu rows, %.0f MiB in %.2f s", (unsigned long long)rows, (double)bytes / 1048576, took);
    (void)served_again(&served, &bench->rig);
    return took;
}

const struct row restart_row = {.name = "restart",
                                .unit = "s",
                                .floor_is = "SQLite reading the same rows",
                                .sense = AT_MOST,
                                .goal = 3.0,
                                .value_goal = 1.5,
                                .begin = begin_restart,
                                .value = restart,
                                .floor = read_rows,
                                .end = end};

/* ---- cost as work grows ---- */

/* A broker for each size, all at once, so that the rounds can alternate; those not measured have nothing to do. */
#define SIZES 4
static struct served sized[SIZES];
static struct member sized_members[SIZES][CLIENTS];
static struct reader sized_readers[SIZES];

static uint64_t size_at(const struct bench *bench, int i)
{
    static const uint64_t full[SIZES] = {10000, 100000, 1000000, 5000000},
                          quick[SIZES] = {10000, 50000, 100000, 500000};
    return bench->full ? full[i] : quick[i];
}

static void begin_growth(const struct bench *bench)
{
    for (int i = 0; i < SIZES; i++) {
        served_start(&sized[i], &bench->rig, NULL);
        served_members(&sized[i], sized_members[i], CLIENTS);
        served_tasks(&sized[i], "a0", 0, size_at(bench, i), "30d");
        reader_start(&sized_readers[i], &sized[i].admin, 1);
    }
}

static double rate_at(const struct bench *bench, int i)
{
    const struct load load = {CLIENTS, WINDOW, 0, bench->seconds};
    const struct loaded loaded = load_updates(&load, sized_members[i]);
    rig_note("%.0f updates/s at %llu tasks, p99 %.2f ms", loaded.per_second, (unsigned long long)size_at(bench, i),
             loaded.p99_ms);
    return loaded.per_second;
}

/* The sizes between are measured for the note alone. */
static double rate_large(const struct bench *bench)
{
    for (int i = 1; i + 1 < SIZES; i++)
        (void)rate_at(bench, i);
    return rate_at(bench, SIZES - 1);
}

static double rate_small(const struct bench *bench)
{
    return rate_at(bench, 0);
}

static void end_growth(const struct bench *bench)
{
    (void)bench;
    for (int i = 0; i < SIZES; i++) {
        reader_stop(&sized_readers[i]);
        served_remove(&sized[i]);
    }
}

const struct row growth_row = {.name = "growth",
                               .unit = "updates/s",
                               .floor_is = "the same at 10,000 tasks",
                               .sense = AT_LEAST,
                               .goal = 0.8,
                               .begin = begin_growth,
                               .value = rate_large,
                               .floor = rate_small,
                               .end = end_growth};
