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

static int put_record(struct store *store, const struct journal_record *record, uint8_t hash[CHAIN_HASH_SIZE])
{
    sqlite3_stmt *put = store->statements[STORE_PUT_RECORD];
    chain_next(hash, record, hash);
    sqlite3_bind_int64(put, 1, (sqlite3_int64)record->seq);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)record->task);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)record->previous);
    sqlite3_bind_blob(put, 4, hash, CHAIN_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_blob(put, 5, record->body, (int)record->size, SQLITE_STATIC);
    return store_run(put);
}

/* The sum of the row that stands there now; 0 when there is none. */
static int standing_sum(struct store *store, uint64_t key, uint64_t *sum)
{
    sqlite3_stmt *find = store->statements[STORE_ROW_SUM];
    sqlite3_bind_int64(find, 1, (sqlite3_int64)key);
    const int result = sqlite3_step(find);
    *sum = result == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}

static int put_row(struct store *store, const struct journal_row *row, uint64_t *row_sum)
{
    sqlite3_stmt *put = store->statements[STORE_PUT_ROW];
    const uint64_t sum = chain_row_sum(row);
    uint64_t before;
    const int result = standing_sum(store, row->key, &before);
    if (result != SQLITE_OK)
        return result;
    *row_sum += sum - before;
    sqlite3_bind_int64(put, 1, (sqlite3_int64)row->key);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)row->seq);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)sum);
    sqlite3_bind_blob(put, 4, row->body, (int)row->size, SQLITE_STATIC);
    return store_run(put);
}

int store_put_head(struct store *store, uint64_t seq, uint64_t checkpoint, uint64_t row_sum,
                   const uint8_t hash[CHAIN_HASH_SIZE])
{
    sqlite3_stmt *put = store->statements[STORE_PUT_HEAD];
    sqlite3_bind_int64(put, 1, (sqlite3_int64)seq);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)checkpoint);
    sqlite3_bind_int64(put, 3, (sqlite3_int64)row_sum);
    sqlite3_bind_blob(put, 4, hash, CHAIN_HASH_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(put, 5, (sqlite3_int64)chain_head_sum(seq, checkpoint, row_sum, hash));
    return store_run(put);
}

static int put_batch(struct store *store, const struct journal_batch *batch, uint64_t *row_sum,
                     uint8_t hash[CHAIN_HASH_SIZE])
{
    const struct journal_info *info = &store->journal.info;
    int result = store_run(store->statements[STORE_BEGIN]);
    for (size_t i = 0; i < batch->record_count && result == SQLITE_OK; i++)
        result = put_record(store, &batch->records[i], hash);
    for (size_t i = 0; i < batch->row_count && result == SQLITE_OK; i++)
        result = put_row(store, &batch->rows[i], row_sum);
    if (result == SQLITE_OK)
        result = store_put_head(store, info->last_seq + batch->record_count,
                                batch->checkpoint ? batch->checkpoint : info->checkpoint, *row_sum, hash);
    return result == SQLITE_OK ? store_run(store->statements[STORE_COMMIT]) : result;
}

int store_write_back(struct journal *journal)
{
    struct store *store = store_of(journal);
    const int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_FULL)
        return store_fail(store, result, "the store could not be written back");
    return JOURNAL_OK;
}

int store_append(struct journal *journal, const struct journal_batch *batch)
{
    struct store *store = store_of(journal);
    uint64_t row_sum = store->row_sum;
    uint8_t hash[CHAIN_HASH_SIZE];
    memcpy(hash, store->hash, sizeof hash);
    int result = put_batch(store, batch, &row_sum, hash);
    if (result != SQLITE_OK) {
        result = store_fail(store, result, "a batch could not be written");
        if (!sqlite3_get_autocommit(store->db) && store_run(store->statements[STORE_ROLLBACK]) != SQLITE_OK)
            return JOURNAL_FAILED;
        return result;
    }
    store->row_sum = row_sum;
    memcpy(store->hash, hash, sizeof hash);
    if (batch->record_count > 0)
        mark_write(store->mark, journal->info.identity, journal->info.last_seq + batch->record_count);
    return JOURNAL_OK;
}
