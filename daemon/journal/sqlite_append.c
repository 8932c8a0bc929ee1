/* Writing: one transaction a batch, synced by its COMMIT. */
#include <string.h>

#include "journal/mark.h"
#include "journal/sqlite.h"

int store_run(sqlite3_stmt *statement)
{
    const int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? SQLITE_OK : result;
}

static int run_put(struct journal *journal, sqlite3_stmt *statement)
{
    const int result = store_run(statement);
    return result == SQLITE_OK ? JOURNAL_OK : store_fail(store_of(journal), result, "a batch could not be written");
}

int store_begin(struct journal *journal)
{
    return run_put(journal, store_of(journal)->statements[STORE_BEGIN]);
}

int store_put_info(struct journal *journal, const struct journal_info *info, uint64_t sum)
{
    static const char sql[] = "INSERT INTO meta (name, value) VALUES ('identity', ?), ('rehearsal', ?),"
                              " ('rehearse_from_ms', ?), ('sum', ?)";
    struct store *store = store_of(journal);
    sqlite3_stmt *put;
    int result = sqlite3_prepare_v2(store->db, sql, -1, &put, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "it cannot be made");
    sqlite3_bind_blob(put, 1, info->identity, sizeof info->identity, SQLITE_STATIC);
    sqlite3_bind_int(put, 2, info->rehearsal);
    sqlite3_bind_int64(put, 3, info->rehearse_from_ms);
    sqlite3_bind_int64(put, 4, (sqlite3_int64)sum);
    result = store_run(put);
    sqlite3_finalize(put);
    return result == SQLITE_OK ? JOURNAL_OK : store_fail(store, result, "it cannot be made");
}

int store_put_record(struct journal *journal, const struct journal_record *record, const uint8_t hash[CHAIN_HASH_SIZE])
{
    sqlite3_stmt *put = store_of(journal)->statements[STORE_PUT_RECORD];
    sqlite3_bind_int64(put, 1, (sqlite3_int64)record->seq);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)record->task);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)record->previous);
    sqlite3_bind_blob(put, 4, hash, CHAIN_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(put, 5, record->body, (int)record->size, SQLITE_STATIC);
    return run_put(journal, put);
}

int store_row_sum(struct journal *journal, uint64_t key, uint64_t *sum)
{
    sqlite3_stmt *find = store_of(journal)->statements[STORE_ROW_SUM];
    sqlite3_bind_int64(find, 1, (sqlite3_int64)key);
    const int result = sqlite3_step(find);
    *sum = result == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    return result == SQLITE_ROW || result == SQLITE_DONE
               ? JOURNAL_OK
               : store_fail(store_of(journal), result, "a batch could not be written");
}

int store_put_row(struct journal *journal, const struct journal_row *row, uint64_t sum)
{
    sqlite3_stmt *put = store_of(journal)->statements[STORE_PUT_ROW];
    sqlite3_bind_int64(put, 1, (sqlite3_int64)row->key);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)row->seq);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)sum);
    sqlite3_bind_blob(put, 4, row->body, (int)row->size, SQLITE_STATIC);
    return run_put(journal, put);
}

int store_commit(struct journal *journal, const struct journal_head *head)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *put = store->statements[STORE_PUT_HEAD];
    sqlite3_bind_int64(put, 1, (sqlite3_int64)head->seq);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)head->checkpoint);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)head->row_sum);
    sqlite3_bind_blob(put, 4, head->hash, CHAIN_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(put, 5, (sqlite3_int64)head->sum);
    int result = run_put(journal, put);
    if (result == JOURNAL_OK)
        result = run_put(journal, store->statements[STORE_COMMIT]);
    if (result == JOURNAL_OK && head->seq > journal->info.last_seq)
        mark_write(store->mark, journal->info.identity, head->seq);
    return result;
}

int store_rollback(struct journal *journal)
{
    struct store *store = store_of(journal);
    if (sqlite3_get_autocommit(store->db) || store_run(store->statements[STORE_ROLLBACK]) == SQLITE_OK)
        return JOURNAL_OK;
    return JOURNAL_FAILED; /* what failed first stays noted */
}

int store_write_back(struct journal *journal)
{
    struct store *store = store_of(journal);
    const int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_FULL)
        return store_fail(store, result, "the store could not be written back");
    return JOURNAL_OK;
}
