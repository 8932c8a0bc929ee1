/* The store on disk gives back what it was given, in sequence. */
#include <stdio.h>

#include "unit/journal/store.h"
#include "unit/test.h"

/* ---- what comes back ---- */

TEST(what_was_appended_is_read_again_before_and_after_reopening)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_fill(&store, 1, 7, 0);
    test_store_fill(&store, 5, 3, 9);
    test_store_fill(&store, 2, 0, 4);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_fill(&store, 3, 11, 12);
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    assert_string_equal(journal_failure(store.journal), "");
    test_store_done(&store);
}

TEST(a_store_says_who_it_is_and_what_schema_it_has)
{
    struct test_store store;
    struct journal_info made, opened;
    test_store_init(&store);
    test_store_create(&store);
    journal_info(store.journal, &made);
    assert_int_equal(made.identity[15], 16);
    assert_true(made.rehearsal);
    assert_in_range(made.schema, 1, 1000);
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    journal_info(store.journal, &opened);
    assert_memory_equal(opened.identity, made.identity, sizeof made.identity);
    assert_int_equal(opened.rehearse_from_ms, made.rehearse_from_ms);
    assert_int_equal(opened.schema, made.schema);
    assert_int_equal(opened.last_seq, 0);
    test_store_done(&store);
}

struct seen {
    uint64_t seqs[16];
    size_t count, stop_at;
};

static int note_seq(void *context, const struct journal_record *record)
{
    struct seen *seen = context;
    assert_in_range(seen->count, 0, 15);
    seen->seqs[seen->count++] = record->seq;
    return seen->count == seen->stop_at ? 77 : 0;
}

static void assert_seen(struct seen *seen, const char *wanted)
{
    char found[200] = "";
    for (size_t i = 0, at = 0; i < seen->count; i++)
        at += (size_t)snprintf(found + at, sizeof found - at, "%s%u", i ? " " : "", (unsigned)seen->seqs[i]);
    assert_string_equal(found, wanted);
    *seen = (struct seen){0};
}

static void assert_reads_pages(struct journal *journal)
{
    struct seen seen = {0};
    assert_int_equal(journal_read(journal, 3, 2, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "3 4");
    assert_int_equal(journal_read(journal, 5, SIZE_MAX, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "5 6 7 8 9");
    assert_int_equal(journal_read(journal, 2, 1, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "2");
    assert_int_equal(journal_read(journal, 0, 5, note_seq, &seen), JOURNAL_OK);
    assert_int_equal(journal_read(journal, 10, 5, note_seq, &seen), JOURNAL_OK);
    assert_int_equal(journal_read(journal, 1, 0, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "");
    seen.stop_at = 2;
    assert_int_equal(journal_read(journal, 4, 5, note_seq, &seen), 77);
    assert_seen(&seen, "4 5");
}

/* Records 1, 5, 9, 13 are of task 1; 4, 8, 12 of none. */
static void assert_reads_a_task(struct journal *journal)
{
    struct seen seen = {0};
    assert_int_equal(journal_read_task(journal, 1, 13, 0, 10, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "13 9 5 1");
    assert_int_equal(journal_read_task(journal, 1, 13, 0, 2, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "13 9");
    assert_int_equal(journal_read_task(journal, 1, 13, 9, 2, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "5 1");
    assert_int_equal(journal_read_task(journal, 1, 13, 1, 2, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "");
    seen.stop_at = 1;
    assert_int_equal(journal_read_task(journal, 1, 13, 0, 10, note_seq, &seen), 77);
    assert_seen(&seen, "13");
    assert_int_equal(journal_read_task(journal, 1, 13, 8, 10, note_seq, &seen), JOURNAL_SEQUENCE);
    assert_int_equal(journal_read_task(journal, 1, 13, 6, 10, note_seq, &seen), JOURNAL_SEQUENCE);
    assert_int_equal(journal_read_task(journal, 1, 13, 14, 10, note_seq, &seen), JOURNAL_SEQUENCE);
    assert_int_equal(journal_read_task(journal, 1, 13, UINT64_MAX, 10, note_seq, &seen), JOURNAL_SEQUENCE);
    assert_seen(&seen, "");
}

TEST(records_are_read_from_anywhere_as_many_as_asked_for)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    test_store_fill(&store, 3, 3, 0);
    assert_reads_pages(store.journal);
    test_store_done(&store);
}

TEST(a_tasks_records_are_read_newest_first_and_on_from_one_of_them)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    test_store_fill(&store, 1, 13, 0);
    assert_reads_a_task(store.journal);
    test_store_done(&store);
}

/* ---- what is refused ---- */

static void refuse_batch(struct journal *journal, const uint64_t *seqs, size_t count)
{
    struct journal_record records[4] = {0};
    const struct journal_row row = {ROW_KEY(ROW_CORE, 1), 9, "row", 3};
    struct journal_info before, after;
    struct seen seen = {0};
    for (size_t i = 0; i < count; i++)
        records[i] = (struct journal_record){.seq = seqs[i], .body = "body", .size = 4};
    const struct journal_batch batch = {records, count, &row, 1, 9};
    journal_info(journal, &before);
    assert_int_equal(journal_append(journal, &batch), JOURNAL_SEQUENCE);
    assert_int_not_equal(journal_failure(journal)[0], 0);
    journal_info(journal, &after);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(journal_read(journal, before.last_seq + 1, 10, note_seq, &seen), JOURNAL_OK);
    assert_seen(&seen, "");
}

static void assert_refuses_other_sequences(struct test_store *store)
{
    refuse_batch(store->journal, (const uint64_t[]){2}, 1);
    refuse_batch(store->journal, (const uint64_t[]){0}, 1);
    refuse_batch(store->journal, (const uint64_t[]){1, 3}, 2);
    refuse_batch(store->journal, (const uint64_t[]){1, 1}, 2);
    test_store_fill(store, 1, 5, 2);
    refuse_batch(store->journal, (const uint64_t[]){5}, 1);
    refuse_batch(store->journal, (const uint64_t[]){7}, 1);
    refuse_batch(store->journal, (const uint64_t[]){6, 7, 9}, 3);
    assert_int_equal(test_store_read_records(store), JOURNAL_OK);
    assert_int_equal(test_store_read_rows(store), JOURNAL_OK);
    test_store_fill(store, 1, 1, 3);
    assert_int_equal(test_store_read_rows(store), JOURNAL_OK);
}

TEST(a_batch_out_of_sequence_is_refused_and_changes_nothing)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    assert_refuses_other_sequences(&store);
    assert_int_equal(test_store_verify(&store), JOURNAL_OK);
    test_store_done(&store);
}
