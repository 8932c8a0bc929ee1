/* The SQLite keeper's parts. Only daemon/journal/sqlite*.c and migrate.c include it.
 *
 * One connection, locked for itself (PRAGMA locking_mode=EXCLUSIVE): SQLite 3.40 has a bug that two connections to a
 * database in WAL mode can meet, and nobody else has any business in the file. The WAL is written back by us, not by
 * SQLite after a commit, because SQLite keeps quiet about a failure there.
 */
#ifndef COORDD_JOURNAL_SQLITE_H
#define COORDD_JOURNAL_SQLITE_H

#include <sqlite3.h>

#include "journal/keeper.h"

#define STORE_APPLICATION 0x636f7264 /* "cord", in the file's header */
#define STORE_CACHE       "16384"    /* KiB of pages that SQLite keeps in memory */

enum store_statement {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_ROLLBACK,
    STORE_PUT_RECORD,
    STORE_PUT_ROW,
    STORE_ROW_SUM,
    STORE_PUT_HEAD,
    STORE_READ,
    STORE_HASH,
    STORE_ROWS,
    STORE_STATEMENTS,
};

struct store {
    struct journal journal;
    sqlite3 *db;
    sqlite3_stmt *statements[STORE_STATEMENTS];
    char *path;
    int directory;           /* locked; −1 under a test's VFS */
    int mark;                /* mark.h; −1 without a directory */
    uint64_t reserve;        /* bytes */
    int wal_pages_max;       /* of the WAL, at which it is written back */
    bool looks;              /* its files stay as they are… */
    bool had_wal;            /* …and there was a WAL among them */
    struct store_copy *copy; /* NULL when none is under way */
};

static inline struct store *store_of(struct journal *journal)
{
    return (struct store *)journal;
}

/* What SQLite says, as a journal's result, noted with what was being done. */
int store_fail(struct store *store, int sqlite, const char *doing);
/* Steps a statement that gives no rows and resets it: an SQLite result. */
int store_run(sqlite3_stmt *statement);

/* The keeper's functions, as keeper.h has them. sqlite_append.c */
int store_begin(struct journal *journal);
int store_put_info(struct journal *journal, const struct journal_info *info, uint64_t sum);
int store_put_record(struct journal *journal, const struct journal_record *record, const uint8_t hash[CHAIN_HASH_SIZE]);
int store_put_row(struct journal *journal, const struct journal_row *row, uint64_t sum);
int store_row_sum(struct journal *journal, uint64_t key, uint64_t *sum);
int store_commit(struct journal *journal, const struct journal_head *head);
int store_rollback(struct journal *journal);
int store_write_back(struct journal *journal);

/* sqlite_read.c */
int store_info(struct journal *journal, uint64_t *sum);
int store_head(struct journal *journal, struct journal_head *head, uint64_t *newest);
int store_read(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit, void *context);
int store_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE]);
int store_rows(struct journal *journal, keeper_row_visitor *visit, void *context);
int store_structure(struct journal *journal);

/* sqlite_backup.c */
int store_backup_begin(struct journal *journal, const char *path);
int store_backup_step(struct journal *journal, int pages, bool *done);
uint64_t store_backup_seq(const struct journal *journal);
void store_backup_end(struct journal *journal);

/* migrate.c: brings an opened store to this program's schema: a journal's result. */
int store_migrate(struct store *store, bool create, struct problem *problem);

#endif
