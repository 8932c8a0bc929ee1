/* Rows of updates: how many a second are durable, and how long one takes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"

#define CLIENTS 64
#define WINDOW  16
#define BATCH   256

static struct served served;
static struct member members[CLIENTS];
static struct reader reader;
static uint64_t untold; /* records of before the reader came */

static void begin(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, members, CLIENTS);
    untold = served_seq(&served);
    reader_start(&reader, &served.admin, 1);
}

/* Each update is a record that the reader is told; what it is behind by is waited for, and counts. */
static struct loaded told_load(const struct load *load)
{
    struct loaded loaded = load_updates(load, members);
    const double began = rig_now();
    const uint64_t behind = served_seq(&served) - untold - *reader.count;
    reader_wait(&reader, served_seq(&served) - untold);
    const double late = rig_now() - began;
    if (late > load->seconds / 50)
        rig_note("the reader was %llu behind, for %.2f s", (unsigned long long)behind, late);
    loaded.per_second *= load->seconds / (load->seconds + late);
    return loaded;
}

static void end(const struct bench *bench)
{
    (void)bench;
    reader_stop(&reader);
    served_remove(&served);
}

static double updates(const struct bench *bench)
{
    const struct load load = {CLIENTS, WINDOW, 0, bench->seconds};
    const struct loaded loaded = told_load(&load);
    rig_note("%.0f updates/s, p50 %.2f ms, p99 %.2f ms", loaded.per_second, loaded.p50_ms, loaded.p99_ms);
    return loaded.per_second;
}

static double echoes(const struct bench *bench)
{
    const struct load load = {CLIENTS, WINDOW, 0, bench->seconds};
    const struct loaded loaded = load_echo(&load);
    rig_note("%.0f echoes/s, p50 %.2f ms, p99 %.2f ms", loaded.per_second, loaded.p50_ms, loaded.p99_ms);
    return loaded.per_second;
}

const struct row updates_row = {.name = "updates",
                                .unit = "updates/s",
                                .floor_is = "bare libzmq CURVE echo, same clients",
                                .sense = AT_LEAST,
                                .goal = 0.6,
                                .begin = begin,
                                .value = updates,
                                .floor = echoes,
                                .end = end};

/* ---- in batches ---- */

static double batches(const struct bench *bench)
{
    const struct load load = {4, 4 * BATCH, BATCH, bench->seconds};
    const struct loaded loaded = told_load(&load);
    rig_note("%.0f updates/s in batches, p50 %.2f ms, p99 %.2f ms", loaded.per_second, loaded.p50_ms, loaded.p99_ms);
    return loaded.per_second;
}

static void must(sqlite3 *db, int result)
{
    if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW)
        rig_die("sqlite: %s", sqlite3_errmsg(db));
}

/* The rows that SQLite appends, 1024 in a transaction, each synced. */
static double sqlite_rows(const struct bench *bench)
{
    char path[600], body[256];
    sqlite3 *db;
    sqlite3_stmt *insert;
    uint64_t rows = 0;
    snprintf(path, sizeof path, "%s/floor.db", bench->rig.directory);
    memset(body, 'b', sizeof body);
    unlink(path);
    must(NULL, sqlite3_open(path, &db));
    must(db, sqlite3_exec(db,
                          "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                          "CREATE TABLE record(seq INTEGER PRIMARY KEY, body BLOB)",
                          NULL, NULL, NULL));
    must(db, sqlite3_prepare_v2(db, "INSERT INTO record(body) VALUES(?)", -1, &insert, NULL));
    const double began = rig_now();
    double took;
    do {
        must(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
        for (int i = 0; i < 1024; i++, rows++) {
            sqlite3_bind_blob(insert, 1, body, sizeof body, SQLITE_STATIC);
            must(db, sqlite3_step(insert));
            sqlite3_reset(insert);
        }
        must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
        took = rig_now() - began;
    } while (took < bench->seconds);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    unlink(path);
    rig_note("%.0f rows/s by SQLite", (double)rows / took);
    return (double)rows / took;
}

const struct row batches_row = {.name = "batches",
                                .unit = "updates/s",
                                .floor_is = "rows that SQLite appends, 1024 a transaction",
                                .sense = AT_LEAST,
                                .goal = 0.6,
                                .value_goal = 400000,
                                .begin = begin,
                                .value = batches,
                                .floor = sqlite_rows,
                                .end = end};

/* ---- one at a time ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_fdatasync_p50(const struct bench *bench)
{
    enum { SYNCS = 400 };
    char path[600], block[4096] = {0};
    double took[SYNCS];
    snprintf(path, sizeof path, "%s/sync", bench->rig.directory);
    const int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    for (int i = 0; i < SYNCS; i++) {
        const double began = rig_now();
        if (write(file, block, sizeof block) != sizeof block || fdatasync(file) != 0)
            rig_die("%s: %s", path, strerror(errno));
        took[i] = rig_now() - began;
    }
    close(file);
    unlink(path);
    qsort(took, SYNCS, sizeof *took, by_size);
    return took[SYNCS / 2] * 1e3;
}

static double one_update(const struct bench *bench)
{
    const struct load load = {1, 1, 0, bench->seconds};
    const struct loaded loaded = load_updates(&load, members);
    rig_note("p50 %.3f ms, p99 %.3f ms", loaded.p50_ms, loaded.p99_ms);
    return loaded.p50_ms;
}

static double one_echo(const struct bench *bench)
{
    const struct load load = {1, 1, 0, bench->seconds};
    const double echo = load_echo(&load).p50_ms, sync = bench_fdatasync_p50(bench);
    rig_note("echo p50 %.3f ms + fdatasync p50 %.3f ms", echo, sync);
    return echo + sync;
}

const struct row latency_row = {.name = "latency",
                                .unit = "ms p50",
                                .floor_is = "bare CURVE echo + fdatasync",
                                .sense = AT_MOST,
                                .goal = 2.0,
                                .begin = begin,
                                .value = one_update,
                                .floor = one_echo,
                                .end = end};
