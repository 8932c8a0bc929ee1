/* Places of durable consumers on a server whose standby is away: they wait for it, and who follows does not wait for long. */
#include "unit/journal/follower.h"
#include "unit/test.h"

static void have_standby(const char *names)
{
    test_server_run("ALTER SYSTEM SET synchronous_standby_names = '%s'", names);
    test_server_run("SELECT pg_reload_conf()");
}

static void put(struct test_follower *follower, uint64_t seq, bool is_put)
{
    const struct journal_place place = {.agency = 1, .key = 7, .consumer = "kho", .seq = seq};
    bool put = !is_put;
    journal_poke(follower->store.journal);
    assert_int_equal(journal_places_put(follower->store.journal, &place, 1, &put), JOURNAL_OK);
    assert_int_equal(put, is_put);
}

static int count_place(void *context, const struct journal_place *place)
{
    int *count = context;
    *count += place->seq == 5;
    return 0;
}

/* A session that waits for a standby does so whether or not anybody waits for it. */
TEST(a_place_is_put_once_a_standby_has_it_too_and_leaves_no_sessions_behind)
{
    struct test_store store;
    struct test_follower follower;
    int count = 0;
    uint64_t mark = 0;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_follower_catch_up(&follower);
    put(&follower, 4, true);
    have_standby("nobody");
    while (test_server_number("SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names'"
                              " AND setting = 'nobody'") == 0)
        continue;
    for (int i = 0; i < 3; i++) {
        put(&follower, 5, false);
        assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK); /* it goes on meanwhile */
        assert_true(follower.lead.reached);
        assert_in_range(test_server_number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"), 0, 1);
    }
    have_standby("");
    for (bool is_put = false; !is_put;) {
        const struct journal_place place = {.agency = 1, .key = 7, .consumer = "kho", .seq = 5};
        assert_int_equal(journal_places_put(follower.store.journal, &place, 1, &is_put), JOURNAL_OK);
        assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
    }
    assert_int_equal(journal_places(store.journal, &mark, count_place, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    test_follower_done(&follower);
    test_store_done(&store);
}
