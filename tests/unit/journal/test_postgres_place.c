/* Places of durable consumers on a server whose standby is away: they wait for it, and who follows does not wait for long. */
#include <stdio.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

static void have_standby(const char *names)
{
    test_server_run("ALTER SYSTEM SET synchronous_standby_names = '%s'", names);
    test_server_run("SELECT pg_reload_conf()");
}

/* Each of a consumer of its own: one that is on its way waits for the standby, and for no other's row. */
static bool put(struct test_follower *follower, uint64_t seq)
{
    char consumer[32];
    const struct journal_place place = {.agency = 1, .key = 7, .consumer = consumer, .seq = seq};
    bool is_put = false;
    snprintf(consumer, sizeof consumer, "kho-%d", (int)seq);
    assert_int_equal(journal_places_put(follower->store.journal, &place, 1, &is_put), JOURNAL_OK);
    return is_put;
}

/* It waits for a standby no longer than who is poked does. */
static bool put_poked(struct test_follower *follower, uint64_t seq)
{
    journal_poke(follower->store.journal);
    return put(follower, seq);
}

static unsigned long long count_waiting(void)
{
    return test_server_number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
}

static void see_one_left_at_most(void)
{
    const int64_t began = test_now_ms();
    while (count_waiting() > 1)
        assert_true(test_now_ms() < began + FOLLOWER_WAIT_MS);
}

struct wanted {
    uint64_t seq;
    int count;
};

static int count_place(void *context, const struct journal_place *place)
{
    struct wanted *wanted = context;
    wanted->count += place->seq == wanted->seq;
    return 0;
}

/* A session that waits for a standby does so whether or not anybody waits for it. */
TEST(a_place_is_put_once_a_standby_has_it_too_and_leaves_no_sessions_behind)
{
    struct test_store store;
    struct test_follower follower;
    struct wanted wanted = {.seq = 4};
    uint64_t mark = 0;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_follower_catch_up(&follower);
    assert_true(put(&follower, wanted.seq));
    have_standby("nobody");
    while (put_poked(&follower, ++wanted.seq) ||
           count_waiting() == 0) /* commits wait from when the checkpointer knows */
        continue;
    for (int i = 0; i < 3; i++) {
        assert_false(put_poked(&follower, ++wanted.seq));
        test_follower_catch_up(&follower); /* it goes on meanwhile */
        see_one_left_at_most();
    }
    have_standby("");
    while (!put(&follower, wanted.seq))
        test_follower_catch_up(&follower);
    assert_int_equal(journal_places(store.journal, &mark, count_place, &wanted), JOURNAL_OK);
    assert_int_equal(wanted.count, 1);
    test_follower_done(&follower);
    test_store_done(&store);
}
