/* A store in a directory of its own, filled with records and rows that can be made again from their numbers: so what is
 * read is held against what was written without keeping it.
 */
#ifndef COORDD_TESTS_UNIT_JOURNAL_STORE_H
#define COORDD_TESTS_UNIT_JOURNAL_STORE_H

#include "core/effect.h"
#include "journal/memory.h"

#define STORE_ROWS_MAX 2048 /* two pages of them, whoever reads or carries them in pages of 1024 */
#define STORE_TASKS    4    /* record n is of task n % 4, and follows record n - 4; task 0 is none */

struct test_store {
    enum journal_keepers keeper;   /* set before the store is made; SQLite unless */
    struct journal_memory *memory; /* of the memory keeper */
    struct journal_server server;  /* of the PostgreSQL keeper: a schema of its own… */
    char schema[32];               /* …of this name */
    char directory[256];
    char file[300]; /* coordd.db in it */
    struct journal *journal;
    uint64_t records;                      /* written so far */
    uint64_t row_versions[STORE_ROWS_MAX]; /* the seq that row n was last put with; 0 when never */
    uint64_t checkpoint;
    size_t body_size;       /* of every record; 0 for sizes that vary */
    int wal_pages;          /* at which the WAL is written back; 0 for what is usual */
    struct problem problem; /* of the last opening or verification */
};

/* An empty directory; test_store_done closes the journal and removes all. */
void test_store_init(struct test_store *store);
void test_store_done(struct test_store *store);
/* Makes the store, which must succeed. */
void test_store_create(struct test_store *store);
int test_store_make(struct test_store *store); /* which may fail */
int test_store_open(struct test_store *store);
void test_store_close(struct test_store *store);

/* Appends one batch: so many records, then rows 0 up to `rows`, and a checkpoint at the end when there are rows. */
int test_store_append(struct test_store *store, size_t records, size_t rows);
/* The same, `batches` times, which must succeed. */
void test_store_fill(struct test_store *store, size_t batches, size_t records, size_t rows);

/* Reads all records, all rows and the info: JOURNAL_OK when they are all there, or the first refusal. Fails the test when
 * anything is given out that was not written. */
int test_store_read(struct test_store *store);
int test_store_read_records(struct test_store *store);
int test_store_read_rows(struct test_store *store);
int test_store_verify(struct test_store *store);

/* The body of a record, in a buffer that the next call reuses. */
struct journal_record test_store_record(const struct test_store *store, uint64_t seq);

/* What somebody else does to the closed file. */
void test_store_sql(const struct test_store *store, const char *sql);
/* Flips the lowest bit of one byte of a blob. */
void test_store_flip(const struct test_store *store, const char *table, const char *column, uint64_t row, int byte);

#endif
