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
                                .goal = 0.5,
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

/* Bytes that the broker had written to the disk by now, in whole pages. */
static uint64_t written(void)
{
    char path[40], line[80];
    unsigned long long bytes = 0;
    snprintf(path, sizeof path, "/proc/%d/io", (int)served.pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        (void)sscanf(line, "write_bytes: %llu", &bytes);
    if (file)
        fclose(file);
    return bytes;
}

/* Of so many bytes that are appended: ms. */
static double fdatasync_p50(const struct bench *bench, size_t size)
{
    enum { SYNCS = 400 };
    static char block[1 << 20];
    char path[600];
    double took[SYNCS];
    if (size == 0 || size > sizeof block)
        rig_die("%zu bytes are written for one update", size);
    snprintf(path, sizeof path, "%s/sync", bench->rig.directory);
    const int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    for (int i = 0; i < SYNCS; i++) {
        const double began = rig_now();
        if (write(file, block, size) != (ssize_t)size || fdatasync(file) != 0)
            rig_die("%s: %s", path, strerror(errno));
        took[i] = rig_now() - began;
    }
    close(file);
    unlink(path);
    qsort(took, SYNCS, sizeof *took, by_size);
    return took[SYNCS / 2] * 1e3;
}

/* Bytes that are written before one update is answered: the median of a few times, in one or two of which the log may have
 * been written back. */
static size_t written_for_one(void)
{
    enum { TIMES = 9, REPORTS = 16 };
    double bytes[TIMES];
    struct coord *coord;
    struct problem problem;
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, members[0].task);
    if (rig_open(&coord, &members[0].context, NULL, &problem) != 0)
        rig_die("%s", problem.message);
    for (int i = 0; i < TIMES; i++) {
        const uint64_t before = written();
        for (int j = 0; j < REPORTS; j++) {
            MSG_SET(&report, progress, percent, (uint64_t)(i * REPORTS + j) % 100);
            if (coord_call(coord, OP_REPORT, &report, NULL, COORD_TIMEOUT_DEFAULT, &problem) != 0)
                rig_die("report: %s", problem.message);
        }
        bytes[i] = (double)(written() - before) / REPORTS;
    }
    (void)coord_close(coord);
    qsort(bytes, TIMES, sizeof *bytes, by_size);
    return (size_t)bytes[TIMES / 2];
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
    const size_t size = written_for_one();
    const double echo = load_echo(&load).p50_ms, sync = fdatasync_p50(bench, size);
    rig_note("echo p50 %.3f ms + fdatasync p50 of %zu bytes %.3f ms", echo, size, sync);
    return echo + sync;
}

const struct row latency_row = {.name = "latency",
                                .unit = "ms p50",
                                .floor_is = "bare CURVE echo + fdatasync of as many bytes",
                                .sense = AT_MOST,
                                .goal = 1.15,
                                .begin = begin,
                                .value = one_update,
                                .floor = one_echo,
                                .end = end};
