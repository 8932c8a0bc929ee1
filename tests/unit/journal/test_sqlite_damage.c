/* What was changed or taken out of the file is refused, and named. */
#include <stdio.h>
#include <string.h>

#include "unit/journal/store.h"
#include "unit/test.h"

#define RECORDS 60
#define ROWS    20

/* A closed store of 60 records and 20 rows. */
static void make_store(struct test_store *store)
{
    test_store_init(store);
    test_store_create(store);
    test_store_fill(store, 6, 10, ROWS);
    test_store_close(store);
}

static void assert_named(const char *words, const char *what)
{
    if (!strstr(words, what))
        fail_msg("\"%s\" does not name: %s", words, what);
}

/* Opens, but its records are refused, by name, when they are read and when they are verified. */
static void refuse_records(struct test_store *store, const char *name)
{
    assert_int_equal(test_store_open(store), JOURNAL_OK);
    assert_int_equal(test_store_read_records(store), JOURNAL_DAMAGED);
    assert_named(journal_failure(store->journal), name);
    assert_int_equal(test_store_verify(store), JOURNAL_DAMAGED);
    assert_named(store->problem.message, name);
    test_store_done(store);
}

static void refuse_rows(struct test_store *store, const char *name)
{
    assert_int_equal(test_store_open(store), JOURNAL_OK);
    assert_int_equal(test_store_read_records(store), JOURNAL_OK);
    assert_int_equal(test_store_read_rows(store), JOURNAL_DAMAGED);
    assert_named(journal_failure(store->journal), name);
    assert_int_equal(test_store_verify(store), JOURNAL_DAMAGED);
    assert_named(store->problem.message, name);
    test_store_done(store);
}

static void refuse_opening(struct test_store *store, const char *name)
{
    assert_int_equal(test_store_open(store), JOURNAL_DAMAGED);
    assert_null(store->journal);
    assert_named(store->problem.message, name);
    test_store_done(store);
}

/* ---- verify ---- */

static void note_progress(void *context, uint64_t done, uint64_t of)
{
    *(uint64_t *)context = done;
    assert_int_equal(of, RECORDS);
}

TEST(a_store_that_is_whole_is_said_to_be)
{
    struct test_store store;
    uint64_t progress = 0;
    test_store_init(&store);
    test_store_create(&store);
    assert_int_equal(test_store_verify(&store), JOURNAL_OK);
    test_store_done(&store);
    make_store(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(journal_verify(store.journal, note_progress, &progress, &store.problem), JOURNAL_OK);
    assert_int_equal(progress, RECORDS);
    assert_int_equal(store.problem.error, 0);
    test_store_done(&store);
}

/* ---- records ---- */

TEST(a_changed_body_is_named_by_its_record)
{
    struct test_store store;
    make_store(&store);
    test_store_flip(&store, "record", "body", 17, 5);
    refuse_records(&store, "record 17 ");
    make_store(&store);
    test_store_flip(&store, "record", "body", RECORDS, 0);
    refuse_records(&store, "record 60 ");
}

TEST(a_changed_hash_is_named_by_its_record)
{
    struct test_store store;
    make_store(&store);
    test_store_flip(&store, "record", "hash", 17, 31);
    refuse_records(&store, "record 17 ");
    make_store(&store);
    test_store_flip(&store, "record", "hash", RECORDS, 31);
    refuse_opening(&store, "record 60 ");
}

TEST(a_record_given_to_another_task_is_named)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "UPDATE record SET task = 2 WHERE seq = 17");
    refuse_records(&store, "record 17 ");
    make_store(&store);
    test_store_sql(&store, "UPDATE record SET previous = 9 WHERE seq = 17");
    refuse_records(&store, "record 17 ");
}

TEST(a_record_that_is_gone_is_named)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "DELETE FROM record WHERE seq = 17");
    refuse_records(&store, "record 17 ");
    make_store(&store);
    test_store_sql(&store, "DELETE FROM record WHERE seq = 1");
    refuse_records(&store, "record 1 ");
}

TEST(records_that_are_gone_at_the_end_are_missed_at_once)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "DELETE FROM record WHERE seq > 57");
    refuse_opening(&store, "record 58 ");
    make_store(&store);
    test_store_sql(&store, "DELETE FROM record");
    refuse_opening(&store, "record 1 ");
}

TEST(a_record_too_many_is_refused)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "INSERT INTO record SELECT 61, task, previous, hash, body FROM record WHERE seq = 60");
    refuse_opening(&store, "record 61 ");
}

TEST(a_record_with_a_hash_made_to_fit_is_refused_by_the_next)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "UPDATE record SET (hash, body, task, previous) ="
                           " (SELECT hash, body, task, previous FROM record WHERE seq = 16) WHERE seq = 17");
    refuse_records(&store, "record 17 ");
}

TEST(a_head_moved_back_is_refused)
{
    struct test_store store;
    make_store(&store);
    test_store_sql(&store, "DELETE FROM record WHERE seq > 57; UPDATE head SET seq = 57,"
                           " hash = (SELECT hash FROM record WHERE seq = 57)");
    refuse_opening(&store, "head");
    make_store(&store);
    test_store_sql(&store, "UPDATE head SET checkpoint = 50");
    refuse_opening(&store, "head");
    make_store(&store);
    test_store_sql(&store, "DELETE FROM head");
    refuse_opening(&store, "head");
}

static int pass(void *context, const struct journal_record *record)
{
    (void)context, (void)record;
    return 0;
}

TEST(a_tasks_history_stops_at_what_is_damaged)
{
    struct test_store store;
    make_store(&store);
    test_store_flip(&store, "record", "body", 17, 5);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(journal_read_task(store.journal, 1, 57, 0, 10, pass, NULL), JOURNAL_OK);
    assert_int_equal(journal_read_task(store.journal, 1, 57, 0, 100, pass, NULL), JOURNAL_DAMAGED);
    assert_named(journal_failure(store.journal), "record 17 ");
    assert_int_equal(journal_read_task(store.journal, 1, 57, 17, 100, pass, NULL), JOURNAL_DAMAGED);
    assert_int_equal(journal_read_task(store.journal, 2, 57, 0, 100, pass, NULL), JOURNAL_DAMAGED);
    assert_named(journal_failure(store.journal), "record 57 ");
    test_store_done(&store);
}

/* ---- rows ---- */

TEST(a_changed_row_is_named_by_its_key)
{
    struct test_store store;
    char sql[100], key[24];
    const unsigned long long seven = ROW_KEY(ROW_TASK, 7);
    snprintf(key, sizeof key, "row %llx ", seven);
    make_store(&store);
    test_store_flip(&store, "row", "body", seven, 3);
    refuse_rows(&store, key);
    make_store(&store);
    snprintf(sql, sizeof sql, "UPDATE row SET seq = 50 WHERE key = %llu", seven);
    test_store_sql(&store, sql);
    refuse_rows(&store, key);
    make_store(&store);
    snprintf(sql, sizeof sql, "UPDATE row SET sum = sum + 1 WHERE key = %llu", seven);
    test_store_sql(&store, sql);
    refuse_rows(&store, key);
}

TEST(a_row_that_is_gone_is_missed)
{
    struct test_store store;
    char sql[100];
    make_store(&store);
    snprintf(sql, sizeof sql, "DELETE FROM row WHERE key = %llu", (unsigned long long)ROW_KEY(ROW_TASK, 7));
    test_store_sql(&store, sql);
    refuse_rows(&store, "not all that were written");
    make_store(&store);
    test_store_sql(&store, "DELETE FROM row");
    refuse_rows(&store, "not all that were written");
}
