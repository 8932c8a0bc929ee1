#include "store.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

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
    "INSERT INTO value VALUES('seed', randomblob(8));"
    "PRAGMA user_version = 1;";

static const struct store_file queue = {
    .name = "relay.db", .title = "the queue", .schema = schema, .busy_ms = 10000, .ends = true};

const char *delivery_state_name(enum delivery_state state)
{
    static const char *const names[] = {
#define D(constant, name) #name,
        DELIVERY_STATES(D)
#undef D
    };
    return names[state];
}

struct store *store_open(const char *directory)
{
    if (sodium_init() < 0)
        abort();
    return store_file_open(&queue, directory);
}

void store_commit(struct store *store)
{
    (void)store_end(store, true); /* a failure ended the program */
}

int64_t store_version(struct store *store)
{
    return store_count_of(store, "PRAGMA data_version");
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

uint64_t store_seed(struct store *store)
{
    uint64_t seed = 0;
    size_t size = 0;
    void *value = store_value(store, "seed", &size);
    if (value && size == sizeof seed)
        memcpy(&seed, value, sizeof seed);
    free(value);
    return seed;
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
