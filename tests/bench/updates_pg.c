/* The row of updates whose store is in a PostgreSQL on this machine; its floor is what that PostgreSQL appends of the very records that the
 * broker has just written there, with nobody deciding anything: one statement a batch, as the keeper's. */
#include <endian.h>
#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "buffer.h"

#define CLIENTS    64
#define WINDOW     16
#define SCRIPT     "tests/rig/postgres.sh"
#define BATCH      256
#define BATCH_TEXT "256"
#define COLUMNS    5    /* of a record */
#define TRIES      1200 /* of 50 ms: until the server answers */

static struct served served;
static struct member members[CLIENTS];
static struct reader reader;
static char directory[600];
static pid_t server;

/* ---- the server ---- */

static pid_t spawn(const char *what)
{
    const pid_t pid = fork();
    if (pid == 0) {
        char log[700];
        snprintf(log, sizeof log, "%s.log", directory);
        const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        execl(SCRIPT, SCRIPT, what, directory, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static PGconn *connect_to(const char *database)
{
    char place[800];
    snprintf(place, sizeof place, "host=%s user=postgres dbname=%s", directory, database);
    for (int i = 0; i < TRIES; i++) {
        PGconn *connection = PQconnectdb(place);
        if (PQstatus(connection) == CONNECTION_OK)
            return connection;
        PQfinish(connection);
        rig_pause(0.05);
    }
    rig_die("PostgreSQL does not answer: %s.log", directory);
}

static void run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        rig_die("%s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
}

static void start_server(const struct bench *bench)
{
    int status;
    rig_directory(&bench->rig);
    (void)chmod(bench->rig.directory, 0755); /* started by root it is another user's, who goes through it */
    char *whole = realpath(bench->rig.directory, NULL);
    snprintf(directory, sizeof directory, "%.500s/pg-%d", whole ? whole : "", (int)getpid());
    free(whole);
    const pid_t maker = spawn("make");
    if (waitpid(maker, &status, 0) != maker || status != 0)
        rig_die("PostgreSQL cannot be made here: %s.log", directory);
    server = spawn("run");
    PGconn *connection = connect_to("postgres");
    run(connection, "CREATE DATABASE coordd");
    run(connection, "CREATE DATABASE floor");
    PQfinish(connection);
}

static void begin(const struct bench *bench)
{
    char journal[900];
    start_server(bench);
    snprintf(journal, sizeof journal, "[journal]\nstore = postgresql\nhosts = %s\nuser = postgres\n", directory);
    served_start_in(&served, &bench->rig, NULL, journal);
    served_members(&served, members, CLIENTS);
    reader_start(&reader, &served.admin, 1);
}

static void end(const struct bench *bench)
{
    char command[1300];
    (void)bench;
    reader_stop(&reader);
    served_remove(&served);
    kill(server, SIGINT);
    waitpid(server, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s' '%s.log'", directory, directory);
    (void)!system(command);
}

static double updates(const struct bench *bench)
{
    const struct load load = {CLIENTS, WINDOW, 0, bench->seconds};
    const struct loaded loaded = load_updates(&load, members);
    rig_note("%.0f updates/s in PostgreSQL, p50 %.2f ms, p99 %.2f ms", loaded.per_second, loaded.p50_ms, loaded.p99_ms);
    return loaded.per_second;
}

/* ---- the floor ---- */

static void put32(struct buffer *buffer, uint32_t number)
{
    number = htobe32(number);
    buffer_append(buffer, &number, sizeof number);
}

static void put_array(struct buffer *buffer, uint32_t type)
{
    buffer_clear(buffer);
    put32(buffer, 1);
    put32(buffer, 0);
    put32(buffer, type);
    put32(buffer, BATCH);
    put32(buffer, 1);
}

static void put_value(struct buffer *buffer, const void *bytes, size_t size)
{
    put32(buffer, (uint32_t)size);
    buffer_append(buffer, bytes, size);
}

/* As many of the newest records as a statement appends: what the broker has just written of reports, column by column. */
static PGresult *written(void)
{
    PGconn *connection = connect_to("coordd");
    PGresult *records = PQexecParams(connection,
                                     "SELECT task, previous, hash, body FROM coordd.record ORDER BY seq DESC LIMIT $1",
                                     1, NULL, (const char *const[]){BATCH_TEXT}, NULL, NULL, 1);
    if (PQresultStatus(records) != PGRES_TUPLES_OK || PQntuples(records) != BATCH)
        rig_die("%d records are in the store: %s", PQntuples(records), PQerrorMessage(connection));
    PQfinish(connection);
    return records;
}

static int bytes_each(const PGresult *records)
{
    int bytes = 0;
    for (int i = 0; i < BATCH; i++)
        bytes += PQgetlength(records, i, COLUMNS - 2);
    return bytes / BATCH;
}

static void append(PGconn *connection, const PGresult *records, struct buffer columns[COLUMNS], uint64_t seq)
{
    static const uint32_t types[COLUMNS] = {20, 20, 20, 17, 17};
    static const int formats[COLUMNS] = {1, 1, 1, 1, 1};
    const char *values[COLUMNS];
    int sizes[COLUMNS];
    for (int column = 0; column < COLUMNS; column++) {
        put_array(&columns[column], types[column]);
        for (int i = 0; i < BATCH; i++) {
            const uint64_t number = htobe64(seq + (uint64_t)i);
            if (column == 0)
                put_value(&columns[0], &number, sizeof number);
            else
                put_value(&columns[column], PQgetvalue(records, i, column - 1),
                          (size_t)PQgetlength(records, i, column - 1));
        }
        values[column] = columns[column].data;
        sizes[column] = (int)columns[column].size;
    }
    PGresult *result = PQexecPrepared(connection, "append", COLUMNS, values, sizes, formats, 1);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rig_die("append: %s", PQerrorMessage(connection));
    PQclear(result);
}

static double rows(const struct bench *bench)
{
    struct buffer columns[COLUMNS] = {0};
    uint64_t seq = 1;
    PGresult *records = written();
    PGconn *connection = connect_to("floor");
    run(connection,
        "SET client_min_messages = warning; DROP TABLE IF EXISTS record; CREATE TABLE record (seq int8 "
        "PRIMARY KEY, task int8 NOT NULL, previous int8 NOT NULL, hash bytea NOT NULL, body bytea NOT NULL)");
    PGresult *made = PQprepare(connection, "append",
                               "INSERT INTO record SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], "
                               "$4::bytea[], $5::bytea[])",
                               0, NULL);
    PQclear(made);
    const double began = rig_now();
    for (; rig_now() - began < bench->seconds; seq += BATCH)
        append(connection, records, columns, seq);
    const double per_second = (double)(seq - 1) / (rig_now() - began);
    PQfinish(connection);
    for (int column = 0; column < COLUMNS; column++)
        buffer_done(&columns[column]);
    rig_note("%.0f rows/s by PostgreSQL, records of %d bytes", per_second, bytes_each(records));
    PQclear(records);
    return per_second;
}

const struct row updates_pg_row = {.name = "updates_pg",
                                   .unit = "updates/s",
                                   .floor_is = "the same records as PostgreSQL appends them, 256 a statement",
                                   .sense = AT_LEAST,
                                   .goal = 0.4,
                                   .begin = begin,
                                   .value = updates,
                                   .floor = rows,
                                   .end = end};
