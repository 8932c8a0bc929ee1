/* The rows of updates whose store is in a PostgreSQL on this machine, alone or with a standby that each commit waits for; their floor is what
 * that PostgreSQL appends of the very records that the broker has just written there, with nobody deciding anything: one statement a batch, as
 * the keeper's. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "bench/postgres.h"
#include "buffer.h"

#define CLIENTS    64
#define WINDOW     16
#define BATCHERS   4
#define BATCH      256
#define BATCH_TEXT "256"
#define COLUMNS    5 /* of a record */

static struct server primary, standby;
static struct served served;
static struct member members[CLIENTS];
static struct reader reader;

static void begin(const struct bench *bench)
{
    server_start(&primary, bench, (const char *const[]){"coordd", "floor", NULL});
    served_on(&served, &primary, bench, false);
    served_members(&served, members, CLIENTS);
    reader_start(&reader, &served.admin, 1);
}

static void end(const struct bench *bench)
{
    (void)bench;
    reader_stop(&reader);
    served_remove(&served);
    server_remove(&primary);
}

static void begin_sync(const struct bench *bench)
{
    begin(bench);
    server_standby(&standby, &primary, bench);
}

static void end_sync(const struct bench *bench)
{
    reader_stop(&reader);
    served_remove(&served);
    server_remove(&primary); /* the standby has all of it then: it would be waited for */
    server_remove(&standby);
    (void)bench;
}

static double measure(const struct load *load, const char *how)
{
    const struct loaded loaded = load_updates(load, members);
    rig_note("%.0f updates/s in PostgreSQL%s, p50 %.2f ms, p99 %.2f ms", loaded.per_second, how, loaded.p50_ms,
             loaded.p99_ms);
    return loaded.per_second;
}

static double updates(const struct bench *bench)
{
    return measure(&(struct load){CLIENTS, WINDOW, 0, bench->seconds}, "");
}

static double batches(const struct bench *bench)
{
    return measure(&(struct load){BATCHERS, BATCHERS * BATCH, BATCH, bench->seconds}, " in batches");
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
    PGconn *connection = server_connect(&primary, "coordd");
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
    PGconn *connection = server_connect(&primary, "floor");
    server_run(connection,
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

#define ROW(NAME, LOAD, FLOOR, BEGIN, END)                                                                             \
    const struct row NAME##_row = {.name = #NAME,                                                                      \
                                   .unit = "updates/s",                                                                \
                                   .floor_is = FLOOR,                                                                  \
                                   .sense = AT_LEAST,                                                                  \
                                   .goal = 0.5,                                                                        \
                                   .begin = BEGIN,                                                                     \
                                   .value = LOAD,                                                                      \
                                   .floor = rows,                                                                      \
                                   .end = END}
#define ALONE   "the same records as PostgreSQL appends them, 256 a statement"
#define STANDBY "the same records as PostgreSQL and a standby append them, 256 a statement"
ROW(updates_pg, updates, ALONE, begin, end);
ROW(batches_pg, batches, ALONE, begin, end);
ROW(updates_pg_sync, updates, STANDBY, begin_sync, end_sync);
ROW(batches_pg_sync, batches, STANDBY, begin_sync, end_sync);
