/* The PostgreSQL keeper as it follows, where connections are lost and servers are not there yet. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

TEST(a_lost_server_is_told_and_following_goes_on_where_it_was)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    for (int i = 0; i < 5; i++) {
        if (i % 2 == 1)
            test_follower_follow_in_thread(&follower);
        test_server_cut();
        test_store_fill(&store, 1, 3, 2);
        if (i % 2 == 1)
            assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
        test_follower_catch_up(&follower);
    }
    test_server_cut();
    test_follower_knows(&follower, &store);
    assert_int_equal(test_store_read_records(&follower.store), JOURNAL_OK); /* as anybody's */
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.record", store.schema), store.records);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* Within a page, of which far more is still to come than sockets hold. */
static int cut_at(void *context, const struct journal_record *record)
{
    uint64_t *last = context;
    assert_int_equal(record->seq, ++*last);
    if (record->seq == 1500)
        test_server_cut();
    return 0;
}

TEST(what_was_read_when_the_connection_was_lost_is_kept)
{
    struct test_store store;
    struct test_follower follower;
    uint64_t last;
    test_store_init(&store);
    store.keeper = JOURNAL_POSTGRES;
    store.body_size = 3000;
    test_store_create(&store);
    test_follower_begin(&follower, &store, "");
    last = follower.applied;
    test_store_fill(&store, 2, 1050, 0);
    bool was_lost = false;
    while (last < store.records) {
        assert_int_equal(
            journal_follow(follower.store.journal, last, SIZE_MAX, FOLLOWER_WAIT_MS, cut_at, &last, &follower.lead),
            JOURNAL_OK);
        was_lost = was_lost || !follower.lead.reached;
        if (!follower.lead.reached)
            assert_non_null(strstr(journal_failure(follower.store.journal), "cannot be reached"));
    }
    assert_true(was_lost);
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(a_server_that_is_not_there_yet_is_waited_for_when_that_is_asked_for)
{
    static const bool follows[] = {true, false};
    for (int i = 0; i < 2; i++) {
        struct test_store store;
        struct test_follower waits;
        char place[300];
        test_server_begin(&store);
        test_store_close(&store);
        test_follower_init(&waits, &store, "");
        memcpy(waits.store.schema, store.schema, sizeof store.schema);
        test_server_give(&waits.store.server, waits.store.schema);
        snprintf(place, sizeof place, "%s/later", waits.store.directory);
        waits.store.server.hosts = place;
        waits.leads = !follows[i];
        assert_int_not_equal(test_follower_open(&waits, false), JOURNAL_OK);
        assert_string_equal(waits.store.problem.field, "hosts");
        test_follower_open_in_thread(&waits);
        while (atomic_load(&waits.told) == 0)
            assert_false(atomic_load(&waits.done));
        assert_int_equal(symlink(test_server_directory(), place), 0);
        assert_int_equal(test_follower_join(&waits), JOURNAL_OK);
        if (follows[i])
            test_follower_catch_up(&waits);
        test_follower_done(&waits);
        test_store_done(&store);
    }
}

TEST(one_that_is_to_wait_for_a_server_no_longer_returns)
{
    struct test_store store;
    struct test_follower waits;
    test_server_begin(&store);
    test_follower_init(&waits, &store, "");
    memcpy(waits.store.schema, store.schema, sizeof store.schema);
    test_server_give(&waits.store.server, waits.store.schema);
    waits.store.server.hosts = waits.store.directory; /* where no server is */
    test_follower_open_in_thread(&waits);
    while (atomic_load(&waits.told) == 0)
        assert_false(atomic_load(&waits.done));
    assert_non_null(strstr(waits.words, "cannot be reached"));
    atomic_store(&waits.wait.ended, true);
    assert_int_equal(test_follower_join(&waits), JOURNAL_ENDED);
    test_follower_done(&waits);
    test_store_done(&store);
}

/* One that waits begins again where its beginning was cut short. */
TEST(who_follows_begins_although_connections_are_cut_all_the_time)
{
    struct test_store store;
    test_server_begin(&store);
    const pthread_t cutter = test_server_cut_begin();
    for (int i = 0; i < 20; i++) {
        struct test_follower follower;
        test_follower_init(&follower, &store, "");
        assert_int_equal(test_follower_open(&follower, true), JOURNAL_OK);
        test_server_got_on();
        test_store_fill(&store, 1, 2, 2);
        test_server_got_on();
        test_follower_catch_up(&follower);
        test_server_got_on();
        test_follower_done(&follower);
    }
    test_server_cut_end(cutter);
    test_store_done(&store);
}
