/* What holds for every keeper of keepers.def.h, by the same claims; and the memory keeper, struck at each step. */
#include <string.h>

#include "unit/journal/server.h"
#include "unit/journal/store.h"
#include "unit/test.h"

static const char *const names[JOURNAL_KEEPER_COUNT] = {
#define K(name, keeper, sentence) [JOURNAL_##name] = #keeper,
    JOURNAL_KEEPERS(K)
#undef K
};

typedef void claim(struct test_store *store);

static void of_each(claim *holds)
{
    for (int keeper = 0; keeper < JOURNAL_KEEPER_COUNT; keeper++) {
        struct test_store store;
        print_message("%s\n", names[keeper]);
        test_store_init(&store);
        store.keeper = (enum journal_keepers)keeper;
        test_store_create(&store);
        holds(&store);
        test_store_done(&store);
    }
}

static void assert_stands(struct test_store *store)
{
    assert_int_equal(test_store_read(store), JOURNAL_OK);
    assert_int_equal(test_store_verify(store), JOURNAL_OK);
}

static void goes_on(struct test_store *store)
{
    assert_stands(store);
    for (int i = 0; i < 3; i++) {
        test_store_fill(store, 5, 3, 4);
        test_store_fill(store, 2, 0, 2);
        assert_stands(store);
        test_store_close(store);
        assert_int_equal(test_store_open(store), JOURNAL_OK);
        assert_stands(store);
    }
}

TEST(what_was_appended_is_there_when_it_is_opened_again)
{
    of_each(goes_on);
}

static void is_made_once_and_open_once(struct test_store *store)
{
    struct test_store other = *store;
    other.journal = NULL;
    assert_int_not_equal(test_store_open(&other), JOURNAL_OK);
    assert_non_null(strstr(other.problem.message, "in use"));
    test_store_close(store);
    assert_int_not_equal(test_store_make(store), JOURNAL_OK);
    assert_non_null(strstr(store->problem.message, "holds a store already"));
    assert_null(store->journal);
    assert_int_equal(test_store_open(store), JOURNAL_OK);
}

TEST(a_store_is_made_once_and_opened_by_one)
{
    of_each(is_made_once_and_open_once);
}

TEST(what_is_not_there_is_not_opened)
{
    for (int keeper = 0; keeper < JOURNAL_KEEPER_COUNT; keeper++) {
        struct test_store store;
        test_store_init(&store);
        store.keeper = (enum journal_keepers)keeper;
        assert_int_not_equal(test_store_open(&store), JOURNAL_OK);
        assert_non_null(strstr(store.problem.message, "holds no store"));
        test_store_done(&store);
    }
}

/* ---- sequence ---- */

static void refuse(struct test_store *store, const uint64_t *seqs, size_t count)
{
    struct journal_record records[4] = {0};
    const struct journal_row row = {ROW_KEY(ROW_CORE, 1), 9, "row", 3};
    for (size_t i = 0; i < count; i++)
        records[i] = (struct journal_record){.seq = seqs[i], .body = "body", .size = 4};
    const struct journal_batch batch = {records, count, &row, 1, 9};
    assert_int_equal(journal_append(store->journal, &batch), JOURNAL_SEQUENCE);
    assert_non_null(strstr(journal_failure(store->journal), "does not go on there"));
    assert_stands(store);
}

static void refuses_other_sequences(struct test_store *store)
{
    refuse(store, (const uint64_t[]){2}, 1);
    refuse(store, (const uint64_t[]){1, 1}, 2);
    test_store_fill(store, 1, 5, 2);
    refuse(store, (const uint64_t[]){5}, 1);
    refuse(store, (const uint64_t[]){6, 7, 9}, 3);
    test_store_fill(store, 1, 1, 3);
    assert_stands(store);
}

TEST(no_keeper_takes_a_batch_out_of_sequence)
{
    of_each(refuses_other_sequences);
}

static void takes_a_row_twice(struct test_store *store)
{
    const struct journal_row rows[] = {{ROW_KEY(ROW_TASK, 9), 1, "first", 5}, {ROW_KEY(ROW_TASK, 9), 1, "second", 6}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(journal_append(store->journal, &(struct journal_batch){.rows = rows, .row_count = 2}),
                         JOURNAL_OK);
    assert_int_equal(test_store_verify(store), JOURNAL_OK);
    test_store_close(store);
    assert_int_equal(test_store_open(store), JOURNAL_OK);
    assert_int_equal(test_store_verify(store), JOURNAL_OK);
}

TEST(a_row_that_comes_twice_in_a_batch_counts_as_it_came_last)
{
    of_each(takes_a_row_twice);
}

/* ---- a task's records ---- */

struct seen {
    uint64_t seqs[16];
    size_t count;
};

static int note(void *context, const struct journal_record *record)
{
    struct seen *seen = context;
    seen->seqs[seen->count++] = record->seq;
    return 0;
}

static void reads_a_task(struct test_store *store)
{
    struct seen seen = {0};
    test_store_fill(store, 1, 13, 0);
    assert_int_equal(journal_read_task(store->journal, 1, 13, 0, 10, note, &seen), JOURNAL_OK);
    assert_int_equal(seen.count, 4);
    assert_memory_equal(seen.seqs, ((const uint64_t[]){13, 9, 5, 1}), 4 * sizeof *seen.seqs);
    seen.count = 0;
    assert_int_equal(journal_read_task(store->journal, 1, 13, 9, 1, note, &seen), JOURNAL_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.seqs[0], 5);
    assert_int_equal(journal_read_task(store->journal, 1, 13, 14, 1, note, &seen), JOURNAL_SEQUENCE);
    assert_int_equal(journal_read_task(store->journal, 1, 13, 8, 1, note, &seen), JOURNAL_SEQUENCE);
    assert_int_equal(journal_read_task(store->journal, 1, 12, 0, 1, note, &seen), JOURNAL_DAMAGED);
    assert_int_equal(seen.count, 1);
}

TEST(a_tasks_records_are_read_along_their_chain_and_no_other)
{
    of_each(reads_a_task);
}

/* ---- harm ---- */

/* One bit of a record, or of a row, of the store that is closed. */
static void harm(struct test_store *store, bool row, uint64_t number)
{
    test_store_close(store);
    if (store->keeper == JOURNAL_MEMORY)
        *(row ? journal_memory_row(store->memory, ROW_KEY(ROW_TASK, number))
              : journal_memory_record(store->memory, number)) ^= 1;
    else if (store->keeper == JOURNAL_POSTGRES)
        test_server_run("UPDATE %s.%s SET body = set_byte(body, 0, get_byte(body, 0) # 1) WHERE %s = %llu",
                        store->schema, row ? "state_row" : "record", row ? "key" : "seq",
                        (unsigned long long)(row ? ROW_KEY(ROW_TASK, number) : number));
    else
        test_store_flip(store, row ? "row" : "record", "body", row ? ROW_KEY(ROW_TASK, number) : number, 0);
    assert_int_equal(test_store_open(store), JOURNAL_OK);
}

static void finds_a_changed_record(struct test_store *store)
{
    test_store_fill(store, 4, 3, 0);
    harm(store, false, 7);
    assert_int_equal(test_store_read_records(store), JOURNAL_DAMAGED);
    assert_int_equal(test_store_verify(store), JOURNAL_DAMAGED);
    assert_non_null(strstr(store->problem.message, "record 7 is not what was written"));
}

static void finds_a_changed_row(struct test_store *store)
{
    test_store_fill(store, 1, 3, 4);
    harm(store, true, 2);
    assert_int_equal(test_store_read_rows(store), JOURNAL_DAMAGED);
    assert_int_equal(test_store_verify(store), JOURNAL_DAMAGED);
    assert_non_null(strstr(store->problem.message, "its sum differs"));
}

TEST(no_keeper_hands_out_what_was_not_written)
{
    of_each(finds_a_changed_record);
    of_each(finds_a_changed_row);
}

/* ---- the memory keeper is struck ---- */

struct striking {
    int left; /* steps before the one that is struck */
    int gives;
    enum memory_step struck;
    bool met;
};

static int strike_one(void *context, enum memory_step step)
{
    struct striking *striking = context;
    if (striking->left-- != 0)
        return JOURNAL_OK;
    striking->met = true;
    striking->struck = step;
    return striking->gives;
}

/* A life that is struck at one step, as a crash would: what was acknowledged is there, and of the rest all or nothing. */
static bool survives(int at, int gives)
{
    struct striking striking = {.left = at, .gives = gives};
    struct test_store store;
    struct journal_info info;
    int result = JOURNAL_OK;
    test_store_init(&store);
    store.keeper = JOURNAL_MEMORY;
    test_store_create(&store);
    test_store_fill(&store, 2, 3, 2);
    journal_memory_strike(store.memory, strike_one, &striking);
    for (int i = 0; i < 3 && result == JOURNAL_OK; i++)
        result = test_store_append(&store, 2, 3);
    journal_memory_strike(store.memory, NULL, NULL);
    assert_int_equal(result != JOURNAL_OK, striking.met);
    const bool there = striking.met && striking.struck == MEMORY_COMMITTED;
    assert_int_equal(result, there ? JOURNAL_FAILED : striking.met ? gives : JOURNAL_OK);
    if (result == JOURNAL_FULL)
        test_store_fill(&store, 1, 2, 3); /* the same again, now that there is room */
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    journal_info(store.journal, &info);
    assert_int_equal(info.last_seq, store.records + (there ? 2 : 0));
    assert_int_equal(test_store_verify(&store), JOURNAL_OK);
    if (!there)
        assert_stands(&store);
    test_store_done(&store);
    return striking.met;
}

TEST(a_journal_struck_at_any_step_keeps_what_it_acknowledged)
{
    const int gives[] = {JOURNAL_FAILED, JOURNAL_FULL};
    for (int i = 0; i < 2; i++) {
        int at = 0;
        while (survives(at, gives[i]))
            at++;
        assert_int_equal(at, 3 * 8); /* begin, five puts, commit, committed */
    }
}

TEST(a_journal_in_memory_makes_no_copies)
{
    struct journal *journal = journal_open_memory();
    bool done;
    assert_int_equal(journal_backup_begin(journal, "/tmp/x"), JOURNAL_FAILED);
    assert_int_equal(journal_backup_step(journal, 1, &done), JOURNAL_FAILED);
    assert_int_equal(journal_reserve(journal, true), JOURNAL_OK);
    journal_close(journal);
}
