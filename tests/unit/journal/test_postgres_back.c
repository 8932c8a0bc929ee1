/* The PostgreSQL keeper as it follows a database that went back, or is damaged. */
#include <string.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

/* As after a failover to a standby that had less: first what there is now is kept, and then put in the place of what came after it. */
static void keep_head(const struct test_store *store)
{
    test_server_run("CREATE TABLE %s.kept AS SELECT * FROM %s.head", store->schema, store->schema);
}

static void go_back(const struct test_store *store)
{
    test_server_run("UPDATE %s.head SET (epoch, beat, seq, checkpoint, row_sum, hash, sum) = (SELECT epoch, beat, seq,"
                    " checkpoint, row_sum, hash, sum FROM %s.kept)",
                    store->schema, store->schema);
    test_server_run("DELETE FROM %s.record WHERE seq > (SELECT seq FROM %s.head)", store->schema, store->schema);
}

/* A record that the leader went on after. */
TEST(a_database_that_went_back_behind_what_was_acknowledged_is_followed_no_more)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    keep_head(&store);
    test_store_fill(&store, 1, 1, 0);
    test_follower_catch_up(&follower);
    assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
    assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
    go_back(&store);
    assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_DAMAGED);
    assert_non_null(strstr(journal_failure(follower.store.journal), "went back"));
    /* Nor after it was started anew. */
    test_store_close(&follower.store);
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_DAMAGED);
    assert_non_null(strstr(follower.store.problem.message, "the database went back: it ends at record"));
    test_follower_done(&follower);
    test_store_done(&store);
}

/* A store whose newest record was seen by a follower and lost before it was acknowledged; and who leads it next. */
static void lose_newest(struct test_store *store, struct test_follower *follower, struct test_store *next)
{
    test_server_begin(store);
    test_follower_begin(follower, store, "");
    keep_head(store);
    test_store_fill(store, 1, 1, 0);
    test_follower_catch_up(follower);
    go_back(store);
    test_store_close(store);
    assert_int_equal(test_follower_follow(follower, 1, 0), JOURNAL_OK);
    assert_int_equal(follower->lead.seq, follower->applied - 1);
    test_server_begin_other(next, store);
    assert_int_equal(test_store_open(next), JOURNAL_OK);
    next->records = store->records - 1;
}

TEST(a_record_that_was_seen_too_early_and_comes_again_is_the_same)
{
    struct test_store store, next;
    struct test_follower follower;
    lose_newest(&store, &follower, &next);
    test_store_fill(&next, 3, 1, 0);
    follower.of = &next;
    test_follower_catch_up(&follower);
    test_follower_done(&follower);
    test_server_done_other(&next);
    test_store_done(&store);
}

TEST(a_record_that_was_seen_too_early_and_gave_way_to_another_ends_the_following)
{
    for (size_t more = 1; more <= 2; more++) {
        struct test_store store, next;
        struct test_follower follower;
        lose_newest(&store, &follower, &next);
        next.body_size = 777;
        test_store_fill(&next, 1, more, 0);
        assert_int_equal(test_follower_follow(&follower, SIZE_MAX, 0), JOURNAL_GAVE_WAY);
        assert_non_null(strstr(journal_failure(follower.store.journal), "never acknowledged"));
        assert_int_equal(follower.applied, store.records);
        test_follower_done(&follower);
        test_server_done_other(&next);
        test_store_done(&store);
    }
}

/* What it would go on from is not there. */
TEST(who_saw_a_record_too_early_does_not_take_the_lead_with_it)
{
    struct test_store store, next;
    struct test_follower follower;
    bool taken;
    lose_newest(&store, &follower, &next);
    test_store_close(&next);
    test_follower_see_free(&follower);
    assert_int_equal(journal_take(follower.store.journal, &taken), JOURNAL_GAVE_WAY);
    assert_false(taken);
    test_follower_done(&follower);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.head WHERE leader = ''", store.schema), 1);
    test_server_done_other(&next);
    test_store_done(&store);
}

/* They are of the same records, whose hashes say nothing of it. Who began with them would not write them again. */
static void lose_rows(struct test_store *store, struct test_follower *follower, unsigned lease_seconds)
{
    test_server_begin(store);
    test_store_fill(store, 1, 1, 1);
    keep_head(store);
    test_server_run("CREATE TABLE %s.kept_row AS SELECT * FROM %s.state_row", store->schema, store->schema);
    test_store_fill(store, 1, 0, 2);
    test_follower_init(follower, store, "");
    follower->lease_seconds = lease_seconds;
    assert_int_equal(test_follower_open(follower, false), JOURNAL_OK);
    test_follower_knows(follower, store);
    test_store_close(store);
    test_server_run("DELETE FROM %s.state_row", store->schema);
    test_server_run("INSERT INTO %s.state_row SELECT * FROM %s.kept_row", store->schema, store->schema);
    go_back(store);
}

TEST(rows_that_were_seen_too_early_and_are_gone_end_the_following)
{
    struct test_store store, next;
    struct test_follower follower;
    lose_rows(&store, &follower, FOLLOWER_LEASE_SECONDS);
    test_server_begin_other(&next, &store);
    assert_int_equal(test_store_open(&next), JOURNAL_OK);
    assert_int_equal(test_follower_follow(&follower, SIZE_MAX, 0), JOURNAL_GAVE_WAY);
    assert_non_null(strstr(journal_failure(follower.store.journal), "the rows of checkpoint"));
    test_follower_done(&follower);
    test_server_done_other(&next);
    test_store_done(&store);
}

TEST(whoever_began_with_such_rows_does_not_take_the_lead)
{
    struct test_store store;
    struct test_follower follower;
    bool taken = false;
    int result;
    lose_rows(&store, &follower, 1);
    test_server_run("UPDATE %s.head SET leader = (SELECT leader FROM %s.kept)", store.schema, store.schema);
    do {
        test_follower_see_free(&follower);
        result = journal_take(follower.store.journal, &taken);
    } while (result == JOURNAL_OK && !taken);
    assert_int_equal(result, JOURNAL_GAVE_WAY);
    assert_non_null(strstr(journal_failure(follower.store.journal), "the rows of checkpoint"));
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(a_record_that_is_changed_is_not_given_out)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_store_fill(&store, 2, 1, 0);
    test_server_run("UPDATE %s.record SET body = body || '\\x00' WHERE seq = %llu", store.schema,
                    (unsigned long long)store.records);
    assert_int_equal(test_follower_follow(&follower, SIZE_MAX, 0), JOURNAL_DAMAGED);
    assert_int_equal(follower.applied, store.records - 1);
    test_follower_done(&follower);
    test_store_done(&store);
}
