/* The row of updates whose store is in a PostgreSQL on this machine; its floor is what that PostgreSQL appends, with nobody deciding
 * anything: one statement a batch, as the keeper's. */
#include <endian.h>
#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "buffer.h"

#define CLIENTS 64
#define WINDOW  16
#define SCRIPT  "tests/rig/postgres.sh"
#define BATCH   256
#define BODY    450  /* of a report's record, about */
#define TRIES   1200 /* of 50 ms: until the server answers */

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

static void append(PGconn *connection, struct buffer columns[2], uint64_t seq)
{
    static char body[BODY];
    memset(body, 'b', sizeof body);
    put_array(&columns[0], 20);
    put_array(&columns[1], 17);
    for (uint64_t i = 0; i < BATCH; i++) {
        const uint64_t number = htobe64(seq + i);
        put32(&columns[0], sizeof number);
        buffer_append(&columns[0], &number, sizeof number);
        put32(&columns[1], BODY);
        buffer_append(&columns[1], body, BODY);
    }
    PGresult *result = PQexecPrepared(connection, "append", 2, (const char *const[]){columns[0].data, columns[1].data},
                                      (const int[]){(int)columns[0].size, (int)columns[1].size}, (const int[]){1, 1},
                                      1);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rig_die("append: %s", PQerrorMessage(connection));
    PQclear(result);
}

static double rows(const struct bench *bench)
{
    struct buffer columns[2] = {0};
    uint64_t seq = 1;
    PGconn *connection = connect_to("floor");
    run(connection, "SET client_min_messages = warning; DROP TABLE IF EXISTS record; CREATE TABLE record (seq int8 "
                    "PRIMARY KEY, body bytea NOT NULL)");
    PGresult *made = PQprepare(connection, "append", "INSERT INTO record SELECT * FROM unnest($1::int8[], $2::bytea[])",
                               0, NULL);
    PQclear(made);
    const double began = rig_now();
    for (; rig_now() - began < bench->seconds; seq += BATCH)
        append(connection, columns, seq);
    const double per_second = (double)(seq - 1) / (rig_now() - began);
    PQfinish(connection);
    buffer_done(&columns[0]);
    buffer_done(&columns[1]);
    rig_note("%.0f rows/s by PostgreSQL", per_second);
    return per_second;
}

const struct row updates_pg_row = {.name = "updates_pg",
                                   .unit = "updates/s",
                                   .floor_is = "rows that PostgreSQL appends, 256 a statement",
                                   .sense = AT_LEAST,
                                   .goal = 0.4,
                                   .begin = begin,
                                   .value = updates,
                                   .floor = rows,
                                   .end = end};
