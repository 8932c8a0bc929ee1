/* Whatever becomes of the file, what is given out is what was written; the rest is refused and named. */
#include <stdio.h>
#include <stdlib.h>
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
    snprintf(key, sizeof(key), "row %llx ", seven);
    make_store(&store);
    test_store_flip(&store, "row", "body", seven, 3);
    refuse_rows(&store, key);
    make_store(&store);
    snprintf(sql, sizeof(sql), "UPDATE row SET seq = 50 WHERE key = %llu", seven);
    test_store_sql(&store, sql);
    refuse_rows(&store, key);
    make_store(&store);
    snprintf(sql, sizeof(sql), "UPDATE row SET sum = sum + 1 WHERE key = %llu", seven);
    test_store_sql(&store, sql);
    refuse_rows(&store, key);
}

TEST(a_row_that_is_gone_is_missed)
{
    struct test_store store;
    char sql[100];
    make_store(&store);
    snprintf(sql, sizeof(sql), "DELETE FROM row WHERE key = %llu", (unsigned long long)ROW_KEY(ROW_TASK, 7));
    test_store_sql(&store, sql);
    refuse_rows(&store, "not all that were written");
    make_store(&store);
    test_store_sql(&store, "DELETE FROM row");
    refuse_rows(&store, "not all that were written");
}

/* ---- bits ---- */

static bool is_refused(int result)
{
    return result == JOURNAL_DAMAGED || result == JOURNAL_FAILED;
}

/* Either all is refused somewhere, or all is as it was. */
static void read_with_flipped_bit(struct test_store *store, uint8_t *bytes, size_t size, size_t bit)
{
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    file_write(store->file, bytes, size);
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    int result = test_store_open(store);
    if (result == JOURNAL_OK) {
        result = test_store_read(store);
        assert_true(result == JOURNAL_OK || is_refused(result));
        const int verified = test_store_verify(store);
        if (result != JOURNAL_OK)
            assert_true(is_refused(verified));
    }
    assert_true(result == JOURNAL_OK || is_refused(result));
    test_store_close(store);
}

TEST(a_flipped_bit_anywhere_is_refused_or_harmless)
{
    struct test_store store;
    size_t size;
    uint64_t chance = 2024;
    make_store(&store);
    uint8_t *bytes = file_read(store.file, &size);
    for (int i = 0; i < 300; i++) {
        chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        read_with_flipped_bit(&store, bytes, size, (size_t)(chance >> 20) % (size * 8));
    }
    free(bytes);
    test_store_done(&store);
}

TEST(a_flipped_bit_in_what_describes_the_store_is_refused)
{
    struct test_store store;
    size_t size;
    make_store(&store);
    uint8_t *bytes = file_read(store.file, &size);
    const uint8_t *at = memmem(bytes, size, "rehearse_from_ms", 16);
    assert_non_null(at);
    const size_t first = (size_t)(at - bytes) - 8;
    for (size_t bit = first * 8; bit < (first + 100) * 8; bit++)
        read_with_flipped_bit(&store, bytes, size, bit);
    free(bytes);
    test_store_done(&store);
}
