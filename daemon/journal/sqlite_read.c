/* Reading: nothing is handed out before its hash was checked. */
#include <string.h>

#include "journal/sqlite.h"

/* seq, task, previous, hash, body */
static bool take_record(sqlite3_stmt *statement, struct journal_record *record, const uint8_t **hash)
{
    *record = (struct journal_record){
        .seq = (uint64_t)sqlite3_column_int64(statement, 0),
        .task = (uint64_t)sqlite3_column_int64(statement, 1),
        .previous = (uint64_t)sqlite3_column_int64(statement, 2),
        .body = sqlite3_column_blob(statement, 4),
        .size = (uint32_t)sqlite3_column_bytes(statement, 4),
    };
    *hash = sqlite3_column_blob(statement, 3);
    return *hash && sqlite3_column_bytes(statement, 3) == CHAIN_HASH_SIZE;
}

static int damaged(struct store *store, uint64_t seq, const char *what)
{
    return journal_fail(&store->journal, JOURNAL_DAMAGED, "record %llu %s", (unsigned long long)seq, what);
}

/* Whether a record is what was written after the one of hash `before`; `before` becomes its hash. */
static int check_record(struct store *store, sqlite3_stmt *statement, uint64_t expected,
                        uint8_t before[CHAIN_HASH_SIZE], struct journal_record *record)
{
    const uint8_t *stored;
    if (!take_record(statement, record, &stored))
        return damaged(store, expected, "has no hash");
    if (record->seq != expected)
        return damaged(store, expected, "is missing");
    chain_next(before, record, before);
    if (memcmp(before, stored, CHAIN_HASH_SIZE) != 0)
        return damaged(store, expected, "is not what was written: its hash differs");
    return JOURNAL_OK;
}

int store_hash(struct store *store, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE])
{
    sqlite3_stmt *find = store->statements[STORE_HASH];
    if (seq == 0) {
        chain_begin(store->journal.info.identity, hash);
        return JOURNAL_OK;
    }
    if (seq == store->read_seq) {
        memcpy(hash, store->read_hash, CHAIN_HASH_SIZE);
        return JOURNAL_OK;
    }
    sqlite3_bind_int64(find, 1, (sqlite3_int64)seq);
    const int stepped = sqlite3_step(find);
    int result = JOURNAL_OK;
    if (stepped == SQLITE_ROW && sqlite3_column_bytes(find, 0) == CHAIN_HASH_SIZE)
        memcpy(hash, sqlite3_column_blob(find, 0), CHAIN_HASH_SIZE);
    else if (stepped == SQLITE_ROW || stepped == SQLITE_DONE)
        result = damaged(store, seq, "is missing");
    else
        result = store_fail(store, stepped, "a record's hash cannot be read");
    sqlite3_reset(find);
    return result;
}

static int read_records(struct store *store, uint64_t from, size_t limit, uint8_t hash[CHAIN_HASH_SIZE],
                        journal_record_visitor *visit, void *context)
{
    sqlite3_stmt *read = store->statements[STORE_READ];
    const uint64_t left = store->journal.info.last_seq - from + 1;
    const uint64_t count = left < limit ? left : limit;
    sqlite3_bind_int64(read, 1, (sqlite3_int64)from);
    sqlite3_bind_int64(read, 2, (sqlite3_int64)count);
    for (uint64_t i = 0; i < count; i++) {
        struct journal_record record;
        const int stepped = sqlite3_step(read);
        if (stepped == SQLITE_DONE)
            return damaged(store, from + i, "is missing");
        if (stepped != SQLITE_ROW)
            return store_fail(store, stepped, "records cannot be read");
        int result = check_record(store, read, from + i, hash, &record);
        if (result == JOURNAL_OK)
            result = visit(context, &record);
        if (result != JOURNAL_OK)
            return result;
        store->read_seq = record.seq;
        memcpy(store->read_hash, hash, CHAIN_HASH_SIZE);
    }
    return JOURNAL_OK;
}

int store_read(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit, void *context)
{
    struct store *store = store_of(journal);
    uint8_t hash[CHAIN_HASH_SIZE];
    int result = store_hash(store, from - 1, hash);
    if (result == JOURNAL_OK)
        result = read_records(store, from, limit, hash, visit, context);
    sqlite3_reset(store->statements[STORE_READ]);
    return result;
}

/* ---- a task's records ---- */

static int read_one(struct store *store, uint64_t seq, struct journal_record *record)
{
    sqlite3_stmt *read = store->statements[STORE_READ_ONE];
    uint8_t hash[CHAIN_HASH_SIZE];
    int result = store_hash(store, seq - 1, hash);
    if (result != JOURNAL_OK)
        return result;
    sqlite3_bind_int64(read, 1, (sqlite3_int64)seq);
    const int stepped = sqlite3_step(read);
    if (stepped == SQLITE_DONE)
        return damaged(store, seq, "is missing");
    if (stepped != SQLITE_ROW)
        return store_fail(store, stepped, "a record cannot be read");
    return check_record(store, read, seq, hash, record);
}

int store_read_task(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                    journal_record_visitor *visit, void *context)
{
    struct store *store = store_of(journal);
    sqlite3_stmt *read = store->statements[STORE_READ_ONE];
    struct journal_record record;
    uint64_t seq = newest;
    int result = JOURNAL_OK;
    if (before > journal->info.last_seq)
        return JOURNAL_SEQUENCE;
    if (before > 0) {
        result = read_one(store, before, &record);
        seq = record.previous;
        if (result == JOURNAL_OK && record.task != task)
            result = JOURNAL_SEQUENCE;
        sqlite3_reset(read);
    }
    for (size_t i = 0; i < limit && seq > 0 && result == JOURNAL_OK; i++) {
        result = read_one(store, seq, &record);
        if (result == JOURNAL_OK && (record.task != task || record.previous >= seq))
            result = damaged(store, seq, "is not of the task whose history names it");
        seq = record.previous;
        if (result == JOURNAL_OK)
            result = visit(context, &record);
        sqlite3_reset(read);
    }
    return result;
}

/* ---- rows ---- */

static int check_row(struct store *store, sqlite3_stmt *read, struct journal_row *row, uint64_t *sum)
{
    *row = (struct journal_row){
        .key = (uint64_t)sqlite3_column_int64(read, 0),
        .seq = (uint64_t)sqlite3_column_int64(read, 1),
        .body = sqlite3_column_blob(read, 3),
        .size = (uint32_t)sqlite3_column_bytes(read, 3),
    };
    const uint64_t own = chain_row_sum(row);
    *sum += own;
    if (own == (uint64_t)sqlite3_column_int64(read, 2))
        return JOURNAL_OK;
    return journal_fail(&store->journal, JOURNAL_DAMAGED, "row %llx is not what was written: its sum differs",
                        (unsigned long long)row->key);
}

static int read_rows(struct store *store, journal_row_visitor *visit, void *context)
{
    sqlite3_stmt *read = store->statements[STORE_ROWS];
    uint64_t sum = 0;
    int stepped;
    while ((stepped = sqlite3_step(read)) == SQLITE_ROW) {
        struct journal_row row;
        int result = check_row(store, read, &row, &sum);
        if (result == JOURNAL_OK)
            result = visit(context, &row);
        if (result != JOURNAL_OK)
            return result;
    }
    if (stepped != SQLITE_DONE)
        return store_fail(store, stepped, "the checkpoint's rows cannot be read");
    if (sum != store->row_sum)
        return journal_fail(&store->journal, JOURNAL_DAMAGED, "the checkpoint's rows are not all that were written");
    return JOURNAL_OK;
}

int store_rows(struct journal *journal, journal_row_visitor *visit, void *context)
{
    struct store *store = store_of(journal);
    const int result = read_rows(store, visit, context);
    sqlite3_reset(store->statements[STORE_ROWS]);
    return result;
}

/* ---- verify ---- */

struct verify {
    journal_progress *progress;
    void *context;
    uint64_t of;
};

#define VERIFY_TOLD 10000 /* records between two words of progress */

static int verify_record(void *context, const struct journal_record *record)
{
    const struct verify *verify = context;
    if (verify->progress && (record->seq % VERIFY_TOLD == 0 || record->seq == verify->of))
        verify->progress(verify->context, record->seq, verify->of);
    return 0;
}

static int verify_row(void *context, const struct journal_row *row)
{
    (void)context, (void)row;
    return 0;
}

static int verify_structure(struct store *store)
{
    sqlite3_stmt *check;
    int result = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &check, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "the file's structure cannot be checked");
    result = sqlite3_step(check);
    int outcome = JOURNAL_OK;
    if (result != SQLITE_ROW)
        outcome = store_fail(store, result, "the file's structure cannot be checked");
    else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
        outcome = journal_fail(&store->journal, JOURNAL_DAMAGED, "the file's structure is damaged: %s",
                               (const char *)sqlite3_column_text(check, 0));
    sqlite3_finalize(check);
    return outcome;
}

int store_verify(struct journal *journal, journal_progress *progress, void *context, struct problem *problem)
{
    struct store *store = store_of(journal);
    struct verify verify = {progress, context, journal->info.last_seq};
    int result = verify_structure(store);
    if (result == JOURNAL_OK)
        result = journal_read(journal, 1, SIZE_MAX, verify_record, &verify);
    if (result == JOURNAL_OK && journal->info.last_seq > 0 &&
        memcmp(store->read_hash, store->hash, sizeof store->hash) != 0)
        result = damaged(store, journal->info.last_seq, "is not the one that the head names");
    if (result == JOURNAL_OK)
        result = store_rows(journal, verify_row, &verify);
    if (result != JOURNAL_OK)
        problem_set(problem, COORD_E_SYSTEM, "", "%.240s", journal->failure);
    return result;
}
