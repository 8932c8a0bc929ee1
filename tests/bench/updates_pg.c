/* The rows of updates whose store is in a PostgreSQL on this machine, alone or with a standby that each commit waits for; their floor is what
 * that PostgreSQL appends of the very records that the broker has just written there, with nobody deciding anything: one statement a batch,
 * chained and fenced as the keeper's. */
#include <endian.h>
#include <sodium/core.h>
#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <string.h>

#include "bench/postgres.h"
#include "buffer.h"

#define CLIENTS    64
#define WINDOW     16
#define BATCHERS   4
#define BATCH      256
#define BATCH_TEXT "256"
#define COLUMNS    5             /* of a record */
#define PARAMETERS (COLUMNS + 3) /* of a statement: where the head was, where it will be, and its hash */
#define HASH_SIZE  32

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

/* Each record has the hash of the one before it and of itself, as the keeper's have. */
static void put_record(struct buffer columns[COLUMNS], const PGresult *records, int i, uint64_t seq,
                       uint8_t hash[HASH_SIZE])
{
    crypto_generichash_state state;
    const uint64_t number = htobe64(seq);
    const char *body = PQgetvalue(records, i, COLUMNS - 2);
    const size_t size = (size_t)PQgetlength(records, i, COLUMNS - 2);
    crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
    crypto_generichash_update(&state, hash, HASH_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)&number, sizeof number);
    crypto_generichash_update(&state, (const uint8_t *)body, size);
    crypto_generichash_final(&state, hash, HASH_SIZE);
    put_value(&columns[0], &number, sizeof number);
    for (int column = 1; column <= 2; column++) /* task, previous */
        put_value(&columns[column], PQgetvalue(records, i, column - 1), (size_t)PQgetlength(records, i, column - 1));
    put_value(&columns[3], hash, HASH_SIZE);
    put_value(&columns[4], body, size);
}

/* One statement: the head is moved on from where it is, or nothing is appended. */
static void append(PGconn *connection, const PGresult *records, struct buffer columns[COLUMNS], uint64_t seq,
                   uint8_t hash[HASH_SIZE])
{
    static const uint32_t types[COLUMNS] = {20, 20, 20, 17, 17};
    static const int formats[PARAMETERS] = {1, 1, 1, 1, 1, 1, 1, 1};
    const uint64_t before = htobe64(seq - 1), after = htobe64(seq - 1 + BATCH);
    const char *values[PARAMETERS] = {(const char *)&before, (const char *)&after, (const char *)hash};
    int sizes[PARAMETERS] = {sizeof before, sizeof after, HASH_SIZE};
    for (int column = 0; column < COLUMNS; column++)
        put_array(&columns[column], types[column]);
    for (int i = 0; i < BATCH; i++)
        put_record(columns, records, i, seq + (uint64_t)i, hash);
    for (int column = 0; column < COLUMNS; column++) {
        values[PARAMETERS - COLUMNS + column] = columns[column].data;
        sizes[PARAMETERS - COLUMNS + column] = (int)columns[column].size;
    }
    PGresult *result = PQexecPrepared(connection, "append", PARAMETERS, values, sizes, formats, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        rig_die("append: %s", PQerrorMessage(connection));
    PQclear(result);
}

static PGconn *open_floor(void)
{
    PGconn *connection = server_connect(&primary, "floor");
    server_run(connection,
               "SET client_min_messages = warning; DROP TABLE IF EXISTS record, head; CREATE TABLE record (seq int8 "
               "PRIMARY KEY, task int8 NOT NULL, previous int8 NOT NULL, hash bytea NOT NULL, body bytea NOT NULL);"
               "CREATE TABLE head (id int4 PRIMARY KEY, seq int8 NOT NULL, hash bytea NOT NULL) WITH (fillfactor = 10);"
               "INSERT INTO head VALUES (1, 0, '')");
    PGresult *made = PQprepare(connection, "append",
                               "WITH fence AS (UPDATE head SET seq = $2::int8, hash = $3::bytea WHERE id = 1 AND seq = "
                               "$1::int8 RETURNING seq), rec AS (INSERT INTO record SELECT u.* FROM fence, unnest("
                               "$4::int8[], $5::int8[], $6::int8[], $7::bytea[], $8::bytea[]) u) SELECT seq FROM fence",
                               0, NULL);
    if (PQresultStatus(made) != PGRES_COMMAND_OK)
        rig_die("append: %s", PQerrorMessage(connection));
    PQclear(made);
    return connection;
}

static double rows(const struct bench *bench)
{
    struct buffer columns[COLUMNS] = {0};
    uint8_t hash[HASH_SIZE] = {0};
    uint64_t seq = 1;
    PGresult *records = written();
    PGconn *connection = open_floor();
    if (sodium_init() < 0)
        rig_die("libsodium cannot be initialised");
    const double began = rig_now();
    for (; rig_now() - began < bench->seconds; seq += BATCH)
        append(connection, records, columns, seq, hash);
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
