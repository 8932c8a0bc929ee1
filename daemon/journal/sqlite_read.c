/* What stands in the file, given back as it stands: reading.c and journal.c judge it. */
#include <stdio.h>
#include <string.h>

#include "journal/sqlite.h"

/* A blob of the size of a hash, or NULL. */
static const uint8_t *column_hash(sqlite3_stmt *statement, int column)
{
    const uint8_t *hash = sqlite3_column_blob(statement, column);
    return sqlite3_column_bytes(statement, column) == CHAIN_HASH_SIZE ? hash : NULL;
}

/* ---- what describes the store, and where it ends ---- */

/* One row of meta: whether it is one that we know. */
static bool take_meta(sqlite3_stmt *read, struct journal_info *info, uint64_t *sum)
{
    const char *name = (const char *)sqlite3_column_text(read, 0);
    if (!name) /* a damaged row can lose what is NOT NULL */
        return false;
    if (strcmp(name, "identity") == 0 && sqlite3_column_bytes(read, 1) == sizeof info->identity)
        memcpy(info->identity, sqlite3_column_blob(read, 1), sizeof info->identity);
    else if (strcmp(name, "rehearsal") == 0)
        info->rehearsal = sqlite3_column_int(read, 1) != 0;
    else if (strcmp(name, "rehearse_from_ms") == 0)
        info->rehearse_from_ms = sqlite3_column_int64(read, 1);
    else if (strcmp(name, "sum") == 0)
        *sum = (uint64_t)sqlite3_column_int64(read, 1);
    else
        return false;
    return true;
}

int store_info(struct journal *journal, uint64_t *sum)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *read;
    int found = 0, stepped;
    if (sqlite3_prepare_v2(store->db, "SELECT name, value FROM meta", -1, &read, NULL) != SQLITE_OK)
        return store_fail(store, sqlite3_errcode(store->db), "it cannot be read");
    while ((stepped = sqlite3_step(read)) == SQLITE_ROW && take_meta(read, &journal->info, sum))
        found++;
    int result = JOURNAL_OK;
    if (stepped != SQLITE_DONE && stepped != SQLITE_ROW)
        result = store_fail(store, stepped, "it cannot be read");
    else if (stepped == SQLITE_ROW || found != 4)
        result = journal_fail(journal, JOURNAL_DAMAGED, "what describes the store is damaged");
    sqlite3_finalize(read);
    return result;
}

int store_head(struct journal *journal, struct journal_head *head, uint64_t *newest)
{
    static const char sql[] = "SELECT seq, checkpoint, row_sum, hash, sum, (SELECT max(seq) FROM record) FROM head";
    struct store *store = store_of(journal);
    sqlite3_stmt *read;
    if (sqlite3_prepare_v2(store->db, sql, -1, &read, NULL) != SQLITE_OK)
        return store_fail(store, sqlite3_errcode(store->db), "it cannot be read");
    const int stepped = sqlite3_step(read);
    int result = JOURNAL_OK;
    if (stepped != SQLITE_ROW && stepped != SQLITE_DONE) {
        result = store_fail(store, stepped, "it cannot be read");
    } else if (stepped == SQLITE_DONE || !column_hash(read, 3)) {
        result = journal_fail(journal, JOURNAL_DAMAGED, "the head is damaged");
    } else {
        head->seq = (uint64_t)sqlite3_column_int64(read, 0);
        head->checkpoint = (uint64_t)sqlite3_column_int64(read, 1);
        head->row_sum = (uint64_t)sqlite3_column_int64(read, 2);
        memcpy(head->hash, column_hash(read, 3), CHAIN_HASH_SIZE);
        head->sum = (uint64_t)sqlite3_column_int64(read, 4);
        *newest = (uint64_t)sqlite3_column_int64(read, 5);
    }
    sqlite3_finalize(read);
    return result;
}

/* ---- records ---- */

static int read_records(struct store *store, sqlite3_stmt *read, keeper_record_visitor *visit, void *context)
{
    int stepped;
    while ((stepped = sqlite3_step(read)) == SQLITE_ROW) {
        const struct journal_record record = {
            .seq = (uint64_t)sqlite3_column_int64(read, 0),
            .task = (uint64_t)sqlite3_column_int64(read, 1),
            .previous = (uint64_t)sqlite3_column_int64(read, 2),
            .body = sqlite3_column_blob(read, 4),
            .size = (uint32_t)sqlite3_column_bytes(read, 4),
        };
        const int result = visit(context, &record, column_hash(read, 3));
        if (result != JOURNAL_OK)
            return result;
    }
    return stepped == SQLITE_DONE ? JOURNAL_OK : store_fail(store, stepped, "records cannot be read");
}

int store_read(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit, void *context)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *read = store->statements[STORE_READ];
    sqlite3_bind_int64(read, 1, (sqlite3_int64)from);
    sqlite3_bind_int64(read, 2, (sqlite3_int64)count);
    const int result = read_records(store, read, visit, context);
    sqlite3_reset(read);
    return result;
}

int store_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE])
{
    struct store *store = store_of(journal);
    sqlite3_stmt *find = store->statements[STORE_HASH];
    sqlite3_bind_int64(find, 1, (sqlite3_int64)seq);
    const int stepped = sqlite3_step(find);
    int result = JOURNAL_OK;
    if (stepped == SQLITE_ROW && column_hash(find, 0))
        memcpy(hash, column_hash(find, 0), CHAIN_HASH_SIZE);
    else if (stepped == SQLITE_ROW || stepped == SQLITE_DONE)
        result = JOURNAL_DAMAGED;
    else
        result = store_fail(store, stepped, "a record's hash cannot be read");
    sqlite3_reset(find);
    return result;
}

/* ---- rows ---- */

static int read_rows(struct store *store, sqlite3_stmt *read, keeper_row_visitor *visit, void *context)
{
    int stepped;
    while ((stepped = sqlite3_step(read)) == SQLITE_ROW) {
        const struct journal_row row = {
            .key = (uint64_t)sqlite3_column_int64(read, 0),
            .seq = (uint64_t)sqlite3_column_int64(read, 1),
            .body = sqlite3_column_blob(read, 3),
            .size = (uint32_t)sqlite3_column_bytes(read, 3),
        };
        const int result = visit(context, &row, (uint64_t)sqlite3_column_int64(read, 2));
        if (result != JOURNAL_OK)
            return result;
    }
    return stepped == SQLITE_DONE ? JOURNAL_OK : store_fail(store, stepped, "the checkpoint's rows cannot be read");
}

/* Of a store that is read through, no page is asked for twice: those of the tree above the rows would be pushed out by the rows,
 * and 16 MiB be taken that nobody asks for soon. */
#define STORE_CACHE_ROWS "1024"

static void set_cache(struct store *store, const char *kib)
{
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA cache_size=-%s", kib);
    (void)sqlite3_exec(store->db, pragma, NULL, NULL, NULL);
}

int store_rows(struct journal *journal, keeper_row_visitor *visit, void *context)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *read = store->statements[STORE_ROWS];
    set_cache(store, STORE_CACHE_ROWS);
    const int result = read_rows(store, read, visit, context);
    sqlite3_reset(read);
    set_cache(store, STORE_CACHE);
    return result;
}

/* ---- the file itself ---- */

int store_structure(struct journal *journal)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *check;
    int result = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &check, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "the file's structure cannot be checked");
    result = sqlite3_step(check);
    int outcome = JOURNAL_OK;
    if (result != SQLITE_ROW)
        outcome = store_fail(store, result, "the file's structure cannot be checked");
    else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        outcome = journal_fail(journal, JOURNAL_DAMAGED, "the file's structure is damaged: %s",
                               (const char *)sqlite3_column_text(check, 0));
    sqlite3_finalize(check);
    return outcome;
}
