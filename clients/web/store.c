#include "store.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define STATEMENTS_MAX 64   /* texts of statements that are kept ready; the sources have some 40 */
#define BUSY_MS        2000 /* how long another program may hold the file; its transactions take milliseconds */

struct store {
    sqlite3 *db;
    struct {
        const char *sql; /* by address: each stands once in the sources */
        sqlite3_stmt *statement;
    } ready[STATEMENTS_MAX];
    size_t count;
    char error[256];
    bool full;
};

static const char schema[] =
    "CREATE TABLE user(name TEXT PRIMARY KEY, officer TEXT NOT NULL, context TEXT NOT NULL, rights INTEGER NOT NULL,"
    " language TEXT NOT NULL, password TEXT NOT NULL, totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0, calendar TEXT)"
    " WITHOUT ROWID;"
    "CREATE UNIQUE INDEX user_calendar ON user(calendar);"
    "CREATE TABLE session(hash TEXT PRIMARY KEY, name TEXT NOT NULL, csrf TEXT NOT NULL, created INTEGER NOT NULL,"
    " seen INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX session_name ON session(name, seen);"
    "CREATE TABLE link(hash TEXT PRIMARY KEY, name TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX link_name ON link(name, until);"
    "CREATE TABLE failure(name TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL, until INTEGER NOT "
    "NULL) WITHOUT ROWID;"
    "CREATE INDEX failure_last ON failure(last);"
    "CREATE TABLE piece(sha256 TEXT PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL,"
    " taken INTEGER NOT NULL) WITHOUT ROWID;"
    "PRAGMA user_version = 1;";

const char *store_error(const struct store *store)
{
    return store->error;
}

bool store_is_full(const struct store *store)
{
    return store->full;
}

static bool fail(struct store *store)
{
    snprintf(store->error, sizeof store->error, "%s", sqlite3_errmsg(store->db));
    store->full = sqlite3_errcode(store->db) == SQLITE_FULL || sqlite3_errcode(store->db) == SQLITE_IOERR;
    return false;
}

/* ---- statements ---- */

static sqlite3_stmt *prepared(struct store *store, const char *sql)
{
    for (size_t i = 0; i < store->count; i++)
        if (store->ready[i].sql == sql)
            return store->ready[i].statement;
    if (store->count == STATEMENTS_MAX)
        abort();
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        fail(store);
        return NULL;
    }
    store->ready[store->count].sql = sql;
    store->ready[store->count++].statement = statement;
    return statement;
}

/* i: int64_t. t: text, terminated, NULL for none; b: bytes and their size_t. Texts outlive the statement's run. */
static sqlite3_stmt *bound(struct store *store, const char *sql, const char *types, va_list arguments)
{
    sqlite3_stmt *statement = prepared(store, sql);
    if (!statement)
        return NULL;
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
        if (error != SQLITE_OK) {
            fail(store);
            return NULL;
        }
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
    if (!statement)
        return false;
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        fail(store);
    sqlite3_reset(statement);
    return false;
}

bool store_run(struct store *store, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = bound(store, sql, types, arguments);
    va_end(arguments);
    int result = SQLITE_ERROR;
    while (statement && (result = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    const bool done = result == SQLITE_DONE || (statement && fail(store));
    if (statement)
        sqlite3_reset(statement);
    return done;
}

int64_t store_number(struct store *store, const char *sql)
{
    int64_t value = 0;
    sqlite3_stmt *statement = store_query(store, sql, "");
    while (store_row(store, statement))
        value = sqlite3_column_int64(statement, 0);
    return value;
}

int64_t store_changes(struct store *store)
{
    return sqlite3_changes64(store->db);
}

bool store_begin(struct store *store)
{
    return store_run(store, "BEGIN IMMEDIATE", "");
}

bool store_end(struct store *store, bool commit)
{
    const bool done = commit && store_run(store, "COMMIT", "");
    if (!done && !sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return done;
}

/* ---- secrets ---- */

void token_new(char token[TOKEN_TEXT])
{
    unsigned char bytes[(TOKEN_TEXT - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(token, TOKEN_TEXT, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

void token_hash(const char *token, char hash[TOKEN_TEXT])
{
    unsigned char bytes[crypto_generichash_BYTES];
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)token, strlen(token), NULL, 0);
    sodium_bin2hex(hash, TOKEN_TEXT, bytes, sizeof bytes);
}

/* ---- opening ---- */

static bool make(struct store *store, const char *path)
{
    const int64_t version = store_number(store, "PRAGMA user_version");
    if (version > 1) {
        fprintf(stderr, "coord-web: %s is of a newer coord-web (format %lld); this one knows 1\n", path,
                (long long)version);
        return false;
    }
    if (version == 1 && !store->error[0])
        return true;
    const bool made = store_begin(store) && sqlite3_exec(store->db, schema, NULL, NULL, NULL) == SQLITE_OK;
    if (!made)
        fail(store);
    if (store_end(store, made))
        return true;
    fprintf(stderr, "coord-web: %s: %s\n", path, store->error);
    return false;
}

struct store *store_open(const char *directory)
{
    char path[4096];
    struct store *store = alloc_zeroed(1, sizeof *store);
    if (sodium_init() < 0)
        abort();
    snprintf(path, sizeof path, "%s/web.db", directory);
    if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        fprintf(stderr, "coord-web: %s cannot be opened: %s; --dir names a directory that may be written to\n", path,
                sqlite3_errmsg(store->db));
        store_close(store);
        return NULL;
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
    (void)sqlite3_exec(store->db, "PRAGMA journal_mode = TRUNCATE", NULL, NULL, NULL);
    if (make(store, path))
        return store;
    store_close(store);
    return NULL;
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
