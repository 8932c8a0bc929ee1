#include "store_file.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "alloc.h"
#include "line.h"

#define STATEMENTS_MAX 64 /* texts of statements that are kept ready; each program's sources have some 40 */

struct store {
    const struct store_file *file;
    sqlite3 *db;
    struct {
        const char *sql; /* by address: each stands once in the sources */
        sqlite3_stmt *statement;
    } ready[STATEMENTS_MAX];
    size_t count;
    int64_t version; /* of the file, as last seen; 0 before */
    char error[256];
    bool full;
};

const char *store_error(const struct store *store)
{
    return store->error;
}

bool store_is_full(const struct store *store)
{
    return store->full;
}

/* What was not committed is done again after a restart; nothing was told that it could take back. */
static bool fail(struct store *store, const char *what)
{
    snprintf(store->error, sizeof store->error, "%s", sqlite3_errmsg(store->db));
    store->full = sqlite3_errcode(store->db) == SQLITE_FULL || sqlite3_errcode(store->db) == SQLITE_IOERR;
    if (store->file->ends)
        exit(line_fail(EXIT_SYSTEM, "%s: %s: %s", store->file->title, what, store->error));
    return false;
}

static bool execute(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(store, sql);
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
        fail(store, sql);
        return NULL;
    }
    store->ready[store->count].sql = sql;
    store->ready[store->count++].statement = statement;
    return statement;
}

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
            fail(store, sql);
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

/* Whether there is a row, or it ended without a failure. */
static bool step(struct store *store, sqlite3_stmt *statement, bool *is_row)
{
    const int result = sqlite3_step(statement);
    *is_row = result == SQLITE_ROW;
    if (*is_row)
        return true;
    const bool done = result == SQLITE_DONE || fail(store, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return done;
}

bool store_row(struct store *store, sqlite3_stmt *statement)
{
    bool is_row = false;
    return statement && step(store, statement, &is_row) && is_row;
}

bool store_run(struct store *store, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = bound(store, sql, types, arguments);
    va_end(arguments);
    bool is_row = true, done = statement != NULL;
    while (done && is_row)
        done = step(store, statement, &is_row);
    return done;
}

int64_t store_count_of(struct store *store, const char *sql)
{
    int64_t value = 0;
    sqlite3_stmt *statement = store_query(store, sql, "");
    while (store_row(store, statement))
        value = sqlite3_column_int64(statement, 0);
    return value;
}

void store_text(sqlite3_stmt *statement, int column, char *into, size_t room)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    snprintf(into, room, "%s", text ? text : "");
}

int64_t store_changes(struct store *store)
{
    return sqlite3_changes64(store->db);
}

int64_t store_last_id(struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

bool store_changed_beside(struct store *store)
{
    const int64_t version = store_count_of(store, "PRAGMA data_version");
    const bool changed = version != store->version;
    store->version = version;
    return changed;
}

bool store_begin(struct store *store)
{
    return !sqlite3_get_autocommit(store->db) || execute(store, "BEGIN IMMEDIATE");
}

bool store_end(struct store *store, bool commit)
{
    if (sqlite3_get_autocommit(store->db))
        return false;
    const bool done = commit && execute(store, "COMMIT");
    if (!done && !sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return done;
}

/* ---- opening ---- */

static bool refuse(const struct store *store, const char *path, int64_t version)
{
    if (version > 1)
        line_fail(EXIT_SYSTEM, "%s is of a newer version (format %lld); this one knows 1", path, (long long)version);
    else
        line_fail(EXIT_SYSTEM, "%s: %s", path, store->error);
    if (store->file->ends)
        exit(EXIT_SYSTEM);
    return false;
}

static bool make(struct store *store, const char *path)
{
    bool is_sound = execute(store, "PRAGMA journal_mode = TRUNCATE") && execute(store, "PRAGMA synchronous = FULL");
    int64_t version = is_sound ? store_count_of(store, "PRAGMA user_version") : 0;
    is_sound = is_sound && !store->error[0];
    if (is_sound && version == 0) {
        is_sound = store_begin(store);
        is_sound = store_end(store, is_sound && execute(store, store->file->schema));
        version = is_sound;
    }
    return (is_sound && version == 1) || refuse(store, path, version);
}

struct store *store_file_open(const struct store_file *file, const char *directory)
{
    char path[4096];
    struct store *store = alloc_zeroed(1, sizeof *store);
    store->file = file;
    snprintf(path, sizeof path, "%s/%s", directory, file->name);
    if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        line_fail(EXIT_SYSTEM, "%s cannot be opened: %s; --dir names a directory that may be written to", path,
                  sqlite3_errmsg(store->db));
        store_close(store);
        return NULL;
    }
    sqlite3_busy_timeout(store->db, file->busy_ms);
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
