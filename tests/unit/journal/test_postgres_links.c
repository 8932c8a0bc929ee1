/* A task's records from PostgreSQL, many to a question: whole across questions and lost connections, and what is damaged is named. */
#include <string.h>

#include "unit/journal/server.h"
#include "unit/journal/store.h"
#include "unit/test.h"

#define RECORDS 301 /* of 3,000 bytes: some twenty are all that one question has */
#define OF_TASK 76  /* the first, the fifth and so on */

struct walk {
    const struct test_store *store;
    uint64_t next; /* the record that must come now */
    size_t met, cut_after, stop_after;
};

static int walk_on(void *context, const struct journal_record *record)
{
    struct walk *walk = context;
    const struct journal_record wanted = test_store_record(walk->store, walk->next);
    assert_int_equal(record->seq, wanted.seq);
    assert_int_equal(record->previous, wanted.previous);
    assert_int_equal(record->size, wanted.size);
    assert_memory_equal(record->body, wanted.body, wanted.size);
    walk->next = record->previous;
    walk->met++;
    if (walk->met == walk->cut_after)
        test_server_cut();
    return walk->met == walk->stop_after ? 7 : 0;
}

static void begin(struct test_store *store)
{
    test_store_init(store);
    store->keeper = JOURNAL_POSTGRES;
    store->body_size = 3000;
    test_store_create(store);
    test_store_fill(store, 1, RECORDS, 0);
}

static struct walk walk_of(const struct test_store *store)
{
    return (struct walk){.store = store, .next = RECORDS};
}

TEST(a_history_of_more_than_one_question_is_whole)
{
    struct test_store store;
    begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    struct walk walk = walk_of(&store);
    assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 0, SIZE_MAX, walk_on, &walk), JOURNAL_OK);
    assert_int_equal(walk.met, OF_TASK);
    assert_int_equal(walk.next, 0);
    for (size_t limit = 1; limit <= 64; limit += 21) {
        walk = walk_of(&store);
        assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 0, limit, walk_on, &walk), JOURNAL_OK);
        assert_int_equal(walk.met, limit);
        walk.next = 201 - STORE_TASKS;
        walk.met = 0;
        assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 201, limit, walk_on, &walk), JOURNAL_OK);
        assert_int_equal(walk.met, limit < 50 ? limit : 50);
        walk = walk_of(&store);
        walk.stop_after = limit;
        assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 0, SIZE_MAX, walk_on, &walk), 7);
    }
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch);
    test_store_done(&store);
}

TEST(a_history_goes_on_where_the_connection_was_lost)
{
    struct test_store store;
    begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    struct walk walk = walk_of(&store);
    walk.cut_after = 10;
    assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 0, SIZE_MAX, walk_on, &walk), JOURNAL_OK);
    assert_int_equal(walk.met, OF_TASK);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    test_server_cut();
    walk = walk_of(&store);
    assert_int_equal(journal_read_task(store.journal, 1, RECORDS, 0, 3, walk_on, &walk), JOURNAL_OK);
    assert_int_equal(walk.met, 3);
    test_store_done(&store);
}

/* ---- damage ---- */

/* How far the history goes after what somebody did to the records, and what it ends with. */
static void assert_ends(struct test_store *store, size_t met, const char *failure)
{
    struct walk walk = walk_of(store);
    assert_int_equal(journal_read_task(store->journal, 1, RECORDS, 0, SIZE_MAX, walk_on, &walk), JOURNAL_DAMAGED);
    assert_string_equal(journal_failure(store->journal), failure);
    assert_int_equal(walk.met, met);
}

TEST(a_history_ends_at_what_is_damaged_and_names_it)
{
    struct test_store store;
    begin(&store);
    test_server_run("UPDATE %s.record SET previous = seq WHERE seq = 5", store.schema); /* round and round */
    assert_ends(&store, 74, "record 5 is not what was written: its hash differs");
    test_server_run("DELETE FROM %s.record WHERE seq = 13", store.schema);
    assert_ends(&store, 72, "record 13 is missing");
    test_server_run("UPDATE %s.record SET hash = '' WHERE seq = 100", store.schema);
    assert_ends(&store, 50, "record 100 is missing");
    test_server_run("UPDATE %s.record SET hash = '' WHERE seq = 105", store.schema);
    assert_ends(&store, 49, "record 105 has no hash");
    test_server_run("UPDATE %s.record SET body = set_byte(body, 2999, get_byte(body, 2999) # 1) WHERE seq = 201",
                    store.schema);
    assert_ends(&store, 25, "record 201 is not what was written: its hash differs");
    test_server_run("DELETE FROM %s.record WHERE seq = 296", store.schema);
    assert_ends(&store, 1, "record 296 is missing");
    test_store_done(&store);
}
