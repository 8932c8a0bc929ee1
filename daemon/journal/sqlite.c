/* The SQLite keeper: opening and closing. See sqlite.h. */
#include "journal/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/mark.h"
#include "journal/reserve.h"

/* The WAL is written back at this size, 4 MiB: what comes meanwhile waits for it, some 10 ms at this size and half a second
 * at 64 MiB; smaller, and the database is synced more often for nothing. */
#define WAL_PAGES_MAX 512

static const char *const store_sql[STORE_STATEMENTS] = {
    [STORE_BEGIN] = "BEGIN IMMEDIATE",
    [STORE_COMMIT] = "COMMIT",
    [STORE_ROLLBACK] = "ROLLBACK",
    [STORE_PUT_RECORD] = "INSERT INTO record (seq, task, previous, hash, body) VALUES (?, ?, ?, ?, ?)",
    [STORE_PUT_ROW] = "REPLACE INTO row (key, seq, sum, body) VALUES (?, ?, ?, ?)",
    [STORE_ROW_SUM] = "SELECT sum FROM row WHERE key = ?",
    [STORE_PUT_HEAD] = "REPLACE INTO head (id, seq, checkpoint, row_sum, hash, sum) VALUES (1, ?, ?, ?, ?, ?)",
    [STORE_READ] = "SELECT seq, task, previous, hash, body FROM record WHERE seq >= ? ORDER BY seq LIMIT ?",
    [STORE_READ_ONE] = "SELECT seq, task, previous, hash, body FROM record WHERE seq = ?",
    [STORE_HASH] = "SELECT hash FROM record WHERE seq = ?",
    [STORE_ROWS] = "SELECT key, seq, sum, body FROM row ORDER BY key",
};

/* In WAL mode a commit is one append and one sync. The order counts: EXCLUSIVE before WAL keeps the WAL's index in
 * memory of ours; EXTRA, which is FULL plus the sync of a deleted rollback journal's directory, before WAL, or a crash
 * could bring the journal of the change to WAL back and undo it. Checkpoints are ours too (see sqlite.h). The change to
 * WAL itself is in migrate.c: it writes into the file, and so waits until the file is known to be a store. */
static const char store_pragmas[] = "PRAGMA page_size=8192;" /* of a new store: fewer, larger writes than with 4096 */
                                    "PRAGMA locking_mode=EXCLUSIVE;"
                                    "PRAGMA synchronous=EXTRA;"
                                    "PRAGMA wal_autocheckpoint=0;"
                                    "PRAGMA cache_size=-16384;"
                                    "PRAGMA temp_store=MEMORY;"
                                    "PRAGMA cell_size_check=ON;"
                                    "PRAGMA trusted_schema=OFF;";

int store_fail(struct store *store, int sqlite, const char *doing)
{
    const int error = sqlite3_system_errno(store->db);
    int result = JOURNAL_FAILED;
    if ((sqlite & 0xff) == SQLITE_FULL)
        result = JOURNAL_FULL;
    if ((sqlite & 0xff) == SQLITE_CORRUPT || (sqlite & 0xff) == SQLITE_NOTADB)
        result = JOURNAL_DAMAGED;
    return journal_fail(&store->journal, result, "%s: %s (SQLite %d%s%s)", doing, sqlite3_errmsg(store->db),
                        sqlite3_extended_errcode(store->db), error ? ", " : "", error ? strerror(error) : "");
}

static int on_wal(void *context, sqlite3 *db, const char *name, int pages)
{
    struct store *store = context;
    (void)db, (void)name;
    store->journal.write_back_due = pages >= store->wal_pages_max;
    return SQLITE_OK;
}

/* ---- opening ---- */

static int open_directory(struct store *store, const struct journal_options *options, struct problem *problem)
{
    store->directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->directory < 0) {
        problem_set(problem, COORD_E_SYSTEM, "directory", "%.180s: %s", options->directory, strerror(errno));
        return JOURNAL_FAILED;
    }
    if (flock(store->directory, LOCK_EX | LOCK_NB) != 0) {
        problem_set(problem, COORD_E_SYSTEM, "directory", "%.180s is in use by another coordd", options->directory);
        return JOURNAL_FAILED;
    }
    const bool there = faccessat(store->directory, options->file ? options->file : JOURNAL_FILE, F_OK, 0) == 0;
    if (there == options->create) {
        problem_set(problem, COORD_E_SYSTEM, "directory",
                    there ? "%.180s holds a store already" : "%.180s holds no store: make one with coordd init",
                    options->directory);
        return JOURNAL_FAILED;
    }
    return JOURNAL_OK;
}

static int open_file(struct store *store, const struct journal_options *options)
{
    const int flags = SQLITE_OPEN_READWRITE | (options->create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(store->path, &store->db, flags, options->vfs);
    if (result == SQLITE_OK)
        result = sqlite3_extended_result_codes(store->db, 1);
    if (result == SQLITE_OK)
        result = sqlite3_exec(store->db, store_pragmas, NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "it cannot be opened");
    sqlite3_wal_hook(store->db, on_wal, store);
    return JOURNAL_OK;
}

static int prepare(struct store *store)
{
    for (int i = 0; i < STORE_STATEMENTS; i++) {
        const int result = sqlite3_prepare_v3(store->db, store_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                              &store->statements[i], NULL);
        if (result != SQLITE_OK)
            return store_fail(store, result, "its tables are not those of this program");
    }
    return JOURNAL_OK;
}

/* ---- what stands in a store besides records and rows ---- */

static int put_meta(struct store *store, const struct journal_options *options)
{
    struct journal_info info = {.rehearsal = options->rehearsal, .rehearse_from_ms = options->rehearse_from_ms};
    sqlite3_stmt *put;
    memcpy(info.identity, options->identity, sizeof info.identity);
    int result = sqlite3_prepare_v2(store->db,
                                    "INSERT INTO meta (name, value) VALUES ('identity', ?), ('rehearsal', ?),"
                                    " ('rehearse_from_ms', ?), ('sum', ?)",
                                    -1, &put, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "it cannot be made");
    sqlite3_bind_blob(put, 1, options->identity, sizeof options->identity, SQLITE_STATIC);
    sqlite3_bind_int(put, 2, options->rehearsal);
    sqlite3_bind_int64(put, 3, options->rehearse_from_ms);
    sqlite3_bind_int64(put, 4, (sqlite3_int64)chain_info_sum(&info));
    chain_begin(options->identity, store->hash);
    result = store_run(store->statements[STORE_BEGIN]);
    if (result == SQLITE_OK)
        result = store_run(put);
    if (result == SQLITE_OK)
        result = store_put_head(store, 0, 0, 0, store->hash);
    if (result == SQLITE_OK)
        result = store_run(store->statements[STORE_COMMIT]);
    sqlite3_finalize(put);
    return result == SQLITE_OK ? JOURNAL_OK : store_fail(store, result, "it cannot be made");
}

static int take_meta(struct store *store)
{
    sqlite3_stmt *read;
    struct journal_info *info = &store->journal.info;
    uint64_t sum = 0;
    int found = 0, stepped;
    if (sqlite3_prepare_v2(store->db, "SELECT name, value FROM meta", -1, &read, NULL) != SQLITE_OK)
        return store_fail(store, sqlite3_errcode(store->db), "it cannot be read");
    while ((stepped = sqlite3_step(read)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(read, 0);
        found++;
        if (!name) /* a damaged row can lose what is NOT NULL */
            found = -1;
        else if (strcmp(name, "identity") == 0 && sqlite3_column_bytes(read, 1) == sizeof info->identity)
            memcpy(info->identity, sqlite3_column_blob(read, 1), sizeof info->identity);
        else if (strcmp(name, "rehearsal") == 0)
            info->rehearsal = sqlite3_column_int(read, 1) != 0;
        else if (strcmp(name, "rehearse_from_ms") == 0)
            info->rehearse_from_ms = sqlite3_column_int64(read, 1);
        else if (strcmp(name, "sum") == 0)
            sum = (uint64_t)sqlite3_column_int64(read, 1);
        else
            found = -1;
        if (found < 0)
            break;
    }
    const int result = stepped == SQLITE_DONE || stepped == SQLITE_ROW
                           ? JOURNAL_OK
                           : store_fail(store, stepped, "it cannot be read");
    sqlite3_finalize(read);
    if (result == JOURNAL_OK && (found != 4 || sum != chain_info_sum(info)))
        return journal_fail(&store->journal, JOURNAL_DAMAGED, "what describes the store is damaged");
    return result;
}

static int take_head(struct store *store)
{
    static const char sql[] = "SELECT seq, checkpoint, row_sum, hash, sum, (SELECT max(seq) FROM record) FROM head";
    struct journal_info *info = &store->journal.info;
    sqlite3_stmt *read;
    if (sqlite3_prepare_v2(store->db, sql, -1, &read, NULL) != SQLITE_OK)
        return store_fail(store, sqlite3_errcode(store->db), "it cannot be read");
    const int stepped = sqlite3_step(read);
    uint64_t newest = 0;
    int result = JOURNAL_DAMAGED;
    if (stepped == SQLITE_ROW && sqlite3_column_bytes(read, 3) == CHAIN_HASH_SIZE) {
        info->last_seq = (uint64_t)sqlite3_column_int64(read, 0);
        info->checkpoint = (uint64_t)sqlite3_column_int64(read, 1);
        store->row_sum = (uint64_t)sqlite3_column_int64(read, 2);
        memcpy(store->hash, sqlite3_column_blob(read, 3), CHAIN_HASH_SIZE);
        const uint64_t sum = chain_head_sum(info->last_seq, info->checkpoint, store->row_sum, store->hash);
        newest = (uint64_t)sqlite3_column_int64(read, 5);
        if (sum == (uint64_t)sqlite3_column_int64(read, 4))
            result = JOURNAL_OK;
    }
    if (stepped != SQLITE_ROW && stepped != SQLITE_DONE)
        result = store_fail(store, stepped, "it cannot be read");
    else if (result != JOURNAL_OK)
        journal_fail(&store->journal, result, "the head is damaged");
    else if (newest != info->last_seq)
        result = journal_fail(&store->journal, JOURNAL_DAMAGED,
                              newest < info->last_seq ? "record %llu is missing, and all after it"
                                                      : "record %llu is past the end that the head names",
                              (unsigned long long)(newest < info->last_seq ? newest + 1 : newest));
    sqlite3_finalize(read);
    return result;
}

/* The newest record must be the one that the head was written with: what comes after it will hang on that. */
static int check_newest(struct store *store)
{
    uint8_t hash[CHAIN_HASH_SIZE];
    const int result = store_hash(store, store->journal.info.last_seq, hash);
    if (result == JOURNAL_OK && memcmp(hash, store->hash, sizeof hash) != 0)
        return journal_fail(&store->journal, JOURNAL_DAMAGED, "record %llu is not the one that the head names",
                            (unsigned long long)store->journal.info.last_seq);
    return result;
}

/* What stands under another name is no store yet: it has no mark. */
static int check_mark(struct store *store, const struct journal_options *options)
{
    const struct journal_info *info = &store->journal.info;
    if (store->directory < 0 || options->file)
        return JOURNAL_OK;
    store->mark = mark_open(store->directory);
    const uint64_t marked = mark_read(store->mark, info->identity);
    if (marked > info->last_seq)
        return journal_fail(&store->journal, JOURNAL_DAMAGED,
                            "it ends at record %llu, and record %llu was there: restore a backup, or remove " MARK_FILE
                            " to go on without them",
                            (unsigned long long)info->last_seq, (unsigned long long)marked);
    if (marked < info->last_seq)
        mark_write(store->mark, info->identity, info->last_seq);
    return JOURNAL_OK;
}

static int sync_wal(struct store *store)
{
    sqlite3_file *wal = NULL;
    int result = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (result == SQLITE_OK && wal && wal->pMethods)
        result = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
    return result == SQLITE_OK ? JOURNAL_OK : store_fail(store, result, "the store could not be synced");
}

/* A writer that was killed may have left its last batch in the system's memory alone, and one whose sync failed may have
 * left there what the disk does not have, which no later sync would write. What was found is therefore written once more,
 * into the database, and synced, before anybody is told of it. Without room for that, a sync must do. */
static int settle(struct store *store)
{
    const int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if ((result & 0xff) == SQLITE_FULL)
        return sync_wal(store);
    return result == SQLITE_OK ? JOURNAL_OK : store_fail(store, result, "what was found could not be written back");
}

static int open_all(struct store *store, const struct journal_options *options, struct problem *problem)
{
    int result = options->vfs ? JOURNAL_OK : open_directory(store, options, problem);
    if (result == JOURNAL_OK)
        result = open_file(store, options);
    if (result == JOURNAL_OK)
        result = store_migrate(store, options->create, problem);
    if (result == JOURNAL_OK)
        result = prepare(store);
    if (result == JOURNAL_OK && options->create)
        result = put_meta(store, options);
    if (result == JOURNAL_OK)
        result = take_meta(store);
    if (result == JOURNAL_OK)
        result = take_head(store);
    if (result == JOURNAL_OK)
        result = check_newest(store);
    if (result == JOURNAL_OK)
        result = check_mark(store, options);
    if (result == JOURNAL_OK)
        result = settle(store);
    return result;
}

static int store_reserve(struct journal *journal, bool keep)
{
    struct store *store = store_of(journal);
    if (store->directory < 0 || store->reserve == 0)
        return JOURNAL_OK;
    if (!keep) {
        reserve_release(store->directory);
        return JOURNAL_OK;
    }
    const int error = reserve_take(store->directory, store->reserve);
    if (error == 0)
        return JOURNAL_OK;
    return journal_fail(journal, error == ENOSPC || error == EDQUOT ? JOURNAL_FULL : JOURNAL_FAILED,
                        "the reserve cannot be kept: %s", strerror(error));
}

static void store_close(struct journal *journal)
{
    struct store *store = store_of(journal);
    store_backup_end(journal);
    for (int i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->mark >= 0)
        close(store->mark);
    if (store->directory >= 0)
        close(store->directory);
    free(store->path);
    free(store);
}

static const struct journal_keeper store_keeper = {
    .close = store_close,
    .append = store_append,
    .write_back = store_write_back,
    .read = store_read,
    .read_task = store_read_task,
    .rows = store_rows,
    .reserve = store_reserve,
    .verify = store_verify,
    .backup_begin = store_backup_begin,
    .backup_step = store_backup_step,
    .backup_end = store_backup_end,
};

int journal_open_sqlite(struct journal **journal, const struct journal_options *options, struct problem *problem)
{
    struct store *store = xcalloc(1, sizeof *store);
    const char *file = options->file ? options->file : JOURNAL_FILE;
    const size_t size = strlen(options->directory) + strlen(file) + 2;
    *problem = (struct problem){0};
    *journal = NULL;
    store->journal.keeper = &store_keeper;
    store->directory = store->mark = -1;
    store->reserve = options->reserve;
    store->wal_pages_max = options->wal_pages > 0 ? options->wal_pages : WAL_PAGES_MAX;
    store->path = xmalloc(size);
    snprintf(store->path, size, "%s/%s", options->directory, file);
    const int result = open_all(store, options, problem);
    if (result != JOURNAL_OK) {
        if (problem->error == 0)
            problem_set(problem, COORD_E_SYSTEM, "", "%.90s: %.150s", store->path, store->journal.failure);
        store_close(&store->journal);
        return result;
    }
    (void)store_reserve(&store->journal, true); /* without room now, the loop takes it when there is some */
    *journal = &store->journal;
    return JOURNAL_OK;
}
