/* The PostgreSQL keeper as it follows: what it is told of, and what it begins with. */
#include <string.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

/* ---- being told ---- */

TEST(each_append_is_told_within_its_own_transaction)
{
    static const char number[] = "SELECT pg_current_xact_id()::text::int8";
    struct test_store store;
    bool was_one = false;
    test_server_begin(&store);
    test_server_listen(store.schema);
    (void)test_server_notified();
    for (size_t i = 0; i < 20; i++) {
        const unsigned long long before = test_server_number(number);
        test_store_fill(&store, 1, 2, i % 2);
        was_one = was_one || test_server_number(number) == before + 2; /* the server has its own now and then */
        assert_int_equal(test_server_notified(), 1);
    }
    assert_true(was_one);
    /* One that is fenced off tells nobody. */
    test_server_run("UPDATE %s.head SET epoch = epoch + 1", store.schema);
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_DEMOTED);
    assert_int_equal(test_server_notified(), 0);
    test_server_run("UNLISTEN *");
    test_store_done(&store);
}

/* Sooner than it looks without being told: a tenth of a second after it looked last, which was right before. */
TEST(who_follows_is_woken_by_what_is_appended)
{
    struct test_store store;
    struct test_follower follower;
    int soon = 0;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    for (int i = 0; i < 40; i++) {
        test_follower_catch_up(&follower);
        const int64_t looked_ms = test_now_ms();
        test_follower_follow_in_thread(&follower); /* it may be waiting, or about to */
        test_store_fill(&store, 1, 1, 0);
        assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
        assert_int_equal(follower.applied, store.records);
        soon += test_now_ms() - looked_ms < 80;
    }
    assert_true(soon >= 10 || test_is_watched());
    test_follower_done(&follower);
    test_store_done(&store);
}

/* Without a notification too: it may have gone with a connection. */
TEST(who_follows_looks_by_itself_as_well)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_follower_follow_in_thread(&follower);
    test_server_run("UPDATE %s.head SET epoch = epoch + 1, leader = 'another', endpoint = 'tcp://else:1'",
                    store.schema);
    assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
    assert_string_equal(follower.lead.leader, "another");
    assert_string_equal(follower.lead.endpoint, "tcp://else:1");
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(who_waits_for_records_is_poked_out_of_it)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_follower_follow_in_thread(&follower);
    journal_poke(follower.store.journal); /* whether it waits already or not */
    assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
    journal_poke(follower.store.journal);
    journal_poke(follower.store.journal);
    assert_int_equal(test_follower_follow(&follower, 1, FOLLOWER_WAIT_MS), JOURNAL_OK);
    test_follower_follow_in_thread(&follower); /* two were one */
    test_store_fill(&store, 1, 1, 0);
    assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
    assert_int_equal(follower.applied, store.records);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* ---- from the beginning ---- */

static int count_row(void *context, const struct journal_row *row)
{
    (void)row;
    ++*(int *)context;
    return 0;
}

/* What is restored is whole, whatever is appended meanwhile, and what came meanwhile comes after it. */
TEST(what_is_read_before_it_follows_is_of_one_moment)
{
    struct test_store store;
    struct test_follower follower;
    int rows = 0;
    test_server_begin(&store);
    test_follower_init(&follower, &store, "");
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_OK);
    test_follower_knows(&follower, &store);
    test_store_fill(&store, 3, 2, 5);
    assert_int_equal(test_store_read(&follower.store), JOURNAL_OK);
    assert_int_equal(journal_rows(follower.store.journal, count_row, &rows), JOURNAL_OK);
    assert_int_equal(rows, 2);
    assert_int_equal(test_store_verify(&follower.store), JOURNAL_OK);
    test_follower_catch_up(&follower);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* The schema of before, as the program of before left it. */
static void make_older(const struct test_store *store)
{
    test_server_run("ALTER TABLE %s.head DROP COLUMN endpoint, DROP COLUMN heir", store->schema);
    test_server_run("DROP TABLE %s.place", store->schema);
    test_server_run("DELETE FROM %s.migration WHERE version >= 3", store->schema);
}

/* What the third and the fourth schema are made of. */
static void bring_there(const struct test_store *store)
{
    test_server_run("BEGIN; ALTER TABLE %s.head ADD COLUMN endpoint text NOT NULL DEFAULT '',"
                    " ADD COLUMN heir text NOT NULL DEFAULT '';"
                    "CREATE TABLE %s.place (agency int8, consumer text, key int8, seq int8, changed int8,"
                    " made int8, PRIMARY KEY (agency, consumer)); INSERT INTO %s.migration (version, name)"
                    " VALUES (3, 'follow'), (4, 'made'); COMMIT",
                    store->schema, store->schema, store->schema);
}

TEST(a_store_of_before_is_followed_once_who_leads_has_brought_it_to_this_programs_schema)
{
    struct test_store store;
    struct test_follower refused, waits;
    test_server_begin(&store);
    make_older(&store);
    test_follower_init(&refused, &store, "");
    assert_int_not_equal(test_follower_open(&refused, false), JOURNAL_OK);
    assert_non_null(strstr(refused.store.problem.message, "the store has schema 2"));
    test_follower_init(&waits, &store, "tcp://waits:1");
    test_follower_open_in_thread(&waits);
    while (atomic_load(&waits.told) == 0)
        assert_false(atomic_load(&waits.done));
    assert_non_null(strstr(waits.words, "the store has schema 2"));
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    bring_there(&store);
    assert_int_equal(test_follower_join(&waits), JOURNAL_OK);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch);
    test_store_fill(&store, 1, 2, 2);
    test_follower_catch_up(&waits);
    assert_int_equal(journal_give_up(store.journal, "tcp://waits:1"), JOURNAL_OK);
    test_follower_see_free(&waits);
    test_follower_take(&waits);
    test_follower_done(&refused);
    test_follower_done(&waits);
    test_store_done(&store);
}

/* Where all follow, one of them must; and it leads no longer than for that. */
TEST(a_store_of_before_that_nobody_leads_is_brought_there_by_who_waits_to_follow_it)
{
    struct test_store store;
    struct test_follower waits;
    test_server_begin(&store);
    test_store_close(&store);
    make_older(&store);
    test_follower_init(&waits, &store, "");
    assert_int_equal(test_follower_open(&waits, true), JOURNAL_OK);
    assert_int_equal(test_server_number("SELECT max(version) FROM %s.migration", store.schema), 4);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.head WHERE leader = ''", store.schema), 1);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    test_store_fill(&store, 1, 2, 2);
    test_follower_catch_up(&waits);
    test_follower_done(&waits);
    test_store_done(&store);
}

TEST(one_that_is_to_wait_for_a_schema_no_longer_returns)
{
    struct test_store store;
    struct test_follower waits;
    test_server_begin(&store);
    make_older(&store);
    test_follower_init(&waits, &store, "");
    test_follower_open_in_thread(&waits);
    while (atomic_load(&waits.told) == 0)
        assert_false(atomic_load(&waits.done));
    atomic_store(&waits.wait.ended, true);
    assert_int_equal(test_follower_join(&waits), JOURNAL_ENDED);
    assert_null(waits.store.journal);
    bring_there(&store); /* as it is to be left */
    test_follower_done(&waits);
    test_store_done(&store);
}

/* It claims before it may change the schema, and says where it is afterwards. */
TEST(a_candidate_takes_over_a_store_of_before_and_says_where_it_is)
{
    struct test_store store, candidate;
    struct test_follower words;
    test_server_begin(&store);
    test_store_close(&store);
    make_older(&store);
    test_server_begin_other(&candidate, &store);
    test_follower_init(&words, &store, "");
    const struct journal_options options = {.keeper = JOURNAL_POSTGRES,
                                            .server = &candidate.server,
                                            .directory = candidate.directory,
                                            .wait = &words.wait,
                                            .endpoint = "tcp://candidate:1"};
    assert_int_equal(journal_open(&candidate.journal, &options, &candidate.problem), JOURNAL_OK);
    assert_int_equal(
        test_server_number("SELECT count(*) FROM %s.head WHERE endpoint = 'tcp://candidate:1'", store.schema), 1);
    test_follower_done(&words);
    test_server_done_other(&candidate);
    test_store_done(&store);
}
