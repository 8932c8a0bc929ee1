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
                                    "PRAGMA cache_size=-" STORE_CACHE ";"
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
        problem_set(problem, COORD_E_CONFLICT, "directory", "%.180s is in use by another coordd", options->directory);
        return JOURNAL_FAILED;
    }
    const bool there = faccessat(store->directory, options->file ? options->file : JOURNAL_FILE, F_OK, 0) == 0;
    store->had_wal = faccessat(store->directory, JOURNAL_FILE "-wal", F_OK, 0) == 0;
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
    if (result == SQLITE_OK && store->looks)
        result = sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
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

/* ---- the mark ---- */

/* What stands under another name is no store yet: it has no mark. */
static void open_mark(struct store *store, const struct journal_options *options)
{
    if (store->directory >= 0 && !options->file)
        store->mark = mark_open(store->directory, !store->looks);
}

static uint64_t store_witness(struct journal *journal)
{
    return mark_read(store_of(journal)->mark, journal->info.identity);
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
static int store_settle(struct journal *journal)
{
    struct store *store = store_of(journal);
    int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if ((result & 0xff) == SQLITE_FULL)
        result = sync_wal(store);
    else if (result != SQLITE_OK)
        result = store_fail(store, result, "what was found could not be written back");
    if (result == JOURNAL_OK && store_witness(journal) < journal->head.seq)
        mark_write(store->mark, journal->info.identity, journal->head.seq);
    return result;
}

static int store_open(struct journal **journal, const struct journal_options *options, struct problem *problem)
{
    struct store *store = xcalloc(1, sizeof *store);
    const char *file = options->file ? options->file : JOURNAL_FILE;
    const size_t size = strlen(options->directory) + strlen(file) + 2;
    *journal = &store->journal;
    store->directory = store->mark = -1;
    store->reserve = options->reserve;
    store->looks = options->look;
    store->wal_pages_max = options->wal_pages > 0 ? options->wal_pages : WAL_PAGES_MAX;
    store->path = xmalloc(size);
    snprintf(store->path, size, "%s/%s", options->directory, file);
    store->journal.place = store->path;
    int result = options->vfs ? JOURNAL_OK : open_directory(store, options, problem);
    if (result == JOURNAL_OK)
        result = open_file(store, options);
    if (result == JOURNAL_OK)
        result = store_migrate(store, options->create, problem);
    if (result == JOURNAL_OK)
        result = prepare(store);
    if (result == JOURNAL_OK)
        open_mark(store, options);
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
    for (int i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->looks && !store->had_wal && store->directory >= 0) /* it is empty: nothing was written */
        (void)unlinkat(store->directory, JOURNAL_FILE "-wal", 0);
    if (store->mark >= 0)
        close(store->mark);
    if (store->directory >= 0)
        close(store->directory);
    free(store->path);
    free(store);
}

_Static_assert(JOURNAL_SQLITE == 0, "what names no keeper is kept in a file");

const struct journal_keeper keeper_sqlite = {
    .open = store_open,
    .info = store_info,
    .head = store_head,
    .witness = store_witness,
    .witness_file = MARK_FILE,
    .settle = store_settle,
    .close = store_close,
    .begin = store_begin,
    .put_info = store_put_info,
    .put_record = store_put_record,
    .put_row = store_put_row,
    .row_sum = store_row_sum,
    .commit = store_commit,
    .rollback = store_rollback,
    .write_back = store_write_back,
    .reserve = store_reserve,
    .read = store_read,
    .hash = store_hash,
    .rows = store_rows,
    .structure = store_structure,
    .backup_begin = store_backup_begin,
    .backup_step = store_backup_step,
    .backup_seq = store_backup_seq,
    .backup_end = store_backup_end,
};
