#include "store.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define STATEMENTS_MAX 64    /* texts of statements that are kept ready; the sources have some 40 */
#define BUSY_MS        10000 /* how long another program may hold the file; its transactions take milliseconds */

struct store {
    sqlite3 *db;
    struct {
        const char *sql; /* by address: each stands once in the sources */
        sqlite3_stmt *statement;
    } ready[STATEMENTS_MAX];
    size_t count;
    bool inside; /* a transaction that store_begin opened */
    uint64_t seed;
};

static const char schema[] =
    "CREATE TABLE value(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE agency(agency TEXT PRIMARY KEY, parent TEXT, name TEXT, name_en TEXT) WITHOUT ROWID;"
    "CREATE TABLE notification(id INTEGER PRIMARY KEY, broker TEXT NOT NULL, seq INTEGER NOT NULL, agency TEXT NOT "
    "NULL,"
    " task INTEGER NOT NULL, escalation INTEGER NOT NULL, taken INTEGER NOT NULL, ended INTEGER, fate TEXT,"
    " body TEXT NOT NULL, UNIQUE(broker, seq, agency));"
    "CREATE INDEX notification_task ON notification(task, seq);"
    "CREATE TABLE delivery(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, receiver TEXT NOT NULL, person TEXT NOT "
    "NULL,"
    " route TEXT NOT NULL, grouped TEXT NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL, opened INTEGER NOT "
    "NULL,"
    " flushed INTEGER, ended INTEGER, urgent INTEGER NOT NULL, digest INTEGER NOT NULL, round INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX delivery_ready ON delivery(receiver, state, due);"
    "CREATE INDEX delivery_due ON delivery(state, due);"
    "CREATE INDEX delivery_group ON delivery(receiver, person, grouped, flushed);"
    "CREATE TABLE content(delivery INTEGER, notification INTEGER, left_out TEXT, PRIMARY KEY(delivery, notification))"
    " WITHOUT ROWID;"
    "CREATE INDEX content_notification ON content(notification);"
    "CREATE TABLE silence(id INTEGER PRIMARY KEY, matcher TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL,"
    " begins INTEGER NOT NULL, ends INTEGER NOT NULL);"
    "PRAGMA user_version = 1;";

const char *delivery_state_name(enum delivery_state state)
{
    static const char *const names[] = {
#define D(constant, name) #name,
        DELIVERY_STATES(D)
#undef D
    };
    return names[state];
}

/* ---- failing ---- */

static void fail(struct store *store, const char *what) __attribute__((noreturn));

/* What was not committed is done again after the restart; nothing was told that it could take back. */
static void fail(struct store *store, const char *what)
{
    fprintf(stderr, "coord-relay: the queue: %s: %s\n", what, sqlite3_errmsg(store->db));
    exit(8);
}

static void execute(struct store *store, const char *sql)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(store, sql);
}

/* ---- statements ---- */

static sqlite3_stmt *prepared(struct store *store, const char *sql)
{
    for (size_t i = 0; i < store->count; i++)
        if (store->ready[i].sql == sql)
            return store->ready[i].statement;
    if (store->count == STATEMENTS_MAX)
        abort();
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        fail(store, sql);
    store->ready[store->count].sql = sql;
    store->ready[store->count++].statement = statement;
    return statement;
}

/* i: int64_t. t: text, terminated, NULL for none; b: bytes and their size_t. Texts outlive the statement's run. */
static sqlite3_stmt *bound(struct store *store, const char *sql, const char *types, va_list arguments)
{
    sqlite3_stmt *statement = prepared(store, sql);
    sqlite3_reset(statement);
    for (int i = 1; *types; types++, i++) {
        int error;
        if (*types == 'i') {
            error = sqlite3_bind_int64(statement, i, va_arg(arguments, int64_t));
        } else if (*types == 't') {
            error = sqlite3_bind_text(statement, i, va_arg(arguments, const char *), -1, SQLITE_STATIC);
        } else {
            const void *bytes = va_arg(arguments, const void *);
            error = sqlite3_bind_blob64(statement, i, bytes, va_arg(arguments, size_t), SQLITE_STATIC);
        }
        if (error != SQLITE_OK)
            fail(store, sql);
    }
    return statement;
}

sqlite3_stmt *store_query(struct store *store, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = bound(store, sql, types, arguments);
    va_end(arguments);
    return statement;
}

bool store_row(struct store *store, sqlite3_stmt *statement)
{
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        fail(store, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return false;
}

void store_run(struct store *store, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = bound(store, sql, types, arguments);
    va_end(arguments);
    while (store_row(store, statement))
        ;
}

int64_t store_changes(struct store *store)
{
    return sqlite3_changes64(store->db);
}

int64_t store_last_id(struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

/* ---- opening ---- */

static int64_t number(struct store *store, const char *sql)
{
    int64_t value = 0;
    sqlite3_stmt *statement = store_query(store, sql, "");
    while (store_row(store, statement))
        value = sqlite3_column_int64(statement, 0);
    return value;
}

static void make(struct store *store)
{
    const int64_t version = number(store, "PRAGMA user_version");
    if (version > 1) {
        fprintf(stderr, "coord-relay: the queue is of a newer coord-relay (format %lld); this one knows 1\n",
                (long long)version);
        exit(8);
    }
    if (version == 1)
        return;
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    execute(store, "BEGIN IMMEDIATE");
    execute(store, schema);
    store_run(store, "INSERT INTO value VALUES('seed', ?1)", "b", &seed, sizeof seed);
    execute(store, "COMMIT");
}

struct store *store_open(const char *directory)
{
    char path[4096];
    struct store *store = alloc_zeroed(1, sizeof *store);
    size_t size;
    if (sodium_init() < 0)
        abort();
    snprintf(path, sizeof path, "%s/relay.db", directory);
    if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        fprintf(stderr, "coord-relay: %s cannot be opened: %s; --dir names a directory that may be written to\n", path,
                sqlite3_errmsg(store->db));
        sqlite3_close(store->db);
        free(store);
        return NULL;
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
    execute(store, "PRAGMA journal_mode = TRUNCATE");
    execute(store, "PRAGMA synchronous = FULL");
    make(store);
    uint64_t *seed = store_value(store, "seed", &size);
    if (seed && size == sizeof store->seed)
        store->seed = *seed;
    free(seed);
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->count; i++)
        sqlite3_finalize(store->ready[i].statement);
    sqlite3_close(store->db);
    free(store);
}

void store_begin(struct store *store)
{
    if (store->inside)
        return;
    execute(store, "BEGIN IMMEDIATE");
    store->inside = true;
}

void store_commit(struct store *store)
{
    if (!store->inside)
        return;
    execute(store, "COMMIT");
    store->inside = false;
}

int64_t store_version(struct store *store)
{
    return number(store, "PRAGMA data_version");
}

uint64_t store_seed(struct store *store)
{
    return store->seed;
}

/* ---- values ---- */

void *store_value(struct store *store, const char *name, size_t *size)
{
    char *copy = NULL;
    sqlite3_stmt *statement = store_query(store, "SELECT value FROM value WHERE name = ?1", "t", name);
    while (store_row(store, statement)) {
        *size = (size_t)sqlite3_column_bytes(statement, 0);
        copy = alloc_zeroed(*size + 1, 1);
        if (*size)
            memcpy(copy, sqlite3_column_blob(statement, 0), *size);
    }
    return copy;
}

void store_set_value(struct store *store, const char *name, const void *value, size_t size)
{
    store_run(store, "INSERT OR REPLACE INTO value VALUES(?1, ?2)", "tb", name, value, size);
}

int64_t store_number(struct store *store, const char *name)
{
    size_t size = 0;
    char *text = store_value(store, name, &size);
    const int64_t value = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return value;
}

void store_set_number(struct store *store, const char *name, int64_t value)
{
    char text[24];
    const int size = snprintf(text, sizeof text, "%lld", (long long)value);
    store_set_value(store, name, text, (size_t)size);
}
