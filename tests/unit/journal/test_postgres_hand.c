/* The PostgreSQL keeper, where the lead changes hands between brokers that follow. */
#include <string.h>
#include <unistd.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

/* ---- when it is free ---- */

TEST(a_silent_leader_is_overtaken_by_who_follows_and_fenced_off)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_init(&follower, &store, "tcp://follower:1");
    follower.lease_seconds = 1;
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_OK);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    const int64_t began = test_now_ms();
    test_follower_see_free(&follower);
    assert_true(test_now_ms() - began >= 1000);
    assert_string_not_equal(follower.lead.leader, "");
    test_follower_take(&follower);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_DEMOTED);
    assert_int_equal(journal_give_up(store.journal, ""), JOURNAL_DEMOTED);
    test_store_fill(&follower.store, 2, 3, 2);
    assert_int_equal(test_store_read(&follower.store), JOURNAL_OK);
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(a_leader_that_beats_keeps_the_lead_and_what_is_known_fresh)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_init(&follower, &store, "");
    follower.lease_seconds = 2;
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_OK);
    for (int i = 0; i < 30; i++) { /* a lease and a half */
        const int64_t before = test_now_ms();
        assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
        assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
        assert_false(follower.lead.free);
        usleep(100000);
        assert_true(follower.lead.asked_ms >= before);
    }
    test_follower_done(&follower);
    test_store_done(&store);
}

/* Its leader may be at another server by then, of which this one does not know. */
TEST(what_nobody_moves_is_not_known_to_be_fresh)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    const int64_t began = test_now_ms();
    while (follower.lead.asked_ms > test_now_ms() - 500) {
        assert_true(test_now_ms() < began + FOLLOWER_WAIT_MS);
        assert_int_equal(test_follower_follow(&follower, 1, 50), JOURNAL_OK);
    }
    assert_true(follower.lead.reached);
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(a_lead_that_nobody_comes_for_is_anybodys_after_two_leases)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_init(&follower, &store, "tcp://follower:1");
    follower.lease_seconds = 1;
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_OK);
    assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
    assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
    assert_int_equal(journal_give_up(store.journal, "tcp://absent:1"), JOURNAL_OK);
    const int64_t began = test_now_ms();
    test_follower_see_free(&follower);
    assert_true(test_now_ms() - began >= 2000);
    test_follower_take(&follower);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* Whom it was for has a lease by the loop's clock (loop/handing.c); and then it comes before all others. */
TEST(who_gave_a_lead_up_to_one_that_does_not_come_may_have_it_back_first)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "tcp://follower:1");
    assert_int_equal(journal_give_up(store.journal, "tcp://absent:1"), JOURNAL_OK);
    struct test_follower giver = {.store = store, .of = &store, .applied = store.records};
    assert_int_equal(test_follower_follow(&giver, 1, 0), JOURNAL_OK);
    assert_true(giver.lead.free);
    assert_int_equal(test_follower_follow(&follower, 1, 0), JOURNAL_OK);
    assert_false(follower.lead.free);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* ---- where connections are cut ---- */

/* As when the answer to a claim was lost: the head says that it leads, and nobody else does. */
TEST(a_claim_whose_answer_was_lost_is_taken_up)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    test_server_run("UPDATE %s.head SET epoch = epoch + 1, leader = (SELECT application_name FROM pg_stat_activity"
                    " WHERE application_name LIKE 'coordd:%%' AND application_name <> leader"
                    " ORDER BY backend_start DESC LIMIT 1)",
                    store.schema);
    test_follower_see_free(&follower);
    test_follower_take(&follower);
    test_store_fill(&follower.store, 1, 2, 2);
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_DEMOTED);
    test_follower_done(&follower);
    test_store_done(&store);
}

/* A connection that is lost at any time of it. */
TEST(a_lead_changes_hands_although_connections_are_cut)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "tcp://follower:1");
    test_server_cut();
    assert_int_equal(journal_give_up(store.journal, "tcp://follower:1"), JOURNAL_OK);
    test_follower_see_free(&follower);
    test_server_cut();
    bool taken = true;
    assert_int_equal(journal_take(follower.store.journal, &taken), JOURNAL_OK);
    assert_false(taken);
    test_follower_see_free(&follower);
    test_follower_take(&follower);
    test_server_cut();
    test_store_fill(&follower.store, 2, 3, 2);
    assert_int_equal(test_store_read(&follower.store), JOURNAL_OK);
    test_follower_done(&follower);
    test_store_done(&store);
}

static void take_until_taken(struct test_follower *follower)
{
    bool taken = false;
    while (!taken) {
        test_follower_see_free(follower);
        assert_int_equal(journal_take(follower->store.journal, &taken), JOURNAL_OK);
    }
    test_follower_knows(follower, follower->of);
}

/* Wherever in it they are. */
TEST(a_lead_changes_hands_while_connections_are_cut_all_the_time)
{
    struct test_store store;
    struct test_follower sides[2];
    test_server_begin(&store);
    test_follower_begin(&sides[1], &store, "");
    for (int i = 0; i < 4; i++) { /* what it began with is known to stand */
        assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
        assert_int_equal(test_follower_follow(&sides[1], 1, 0), JOURNAL_OK);
    }
    sides[0] = (struct test_follower){.store = store, .of = &sides[1].store};
    const pthread_t cutter = test_server_cut_begin();
    for (int i = 0; i < 20; i++) {
        struct test_follower *leads = &sides[i % 2], *follows = &sides[1 - i % 2];
        test_store_fill(&leads->store, 2, 3, 2);
        test_server_got_on();
        follows->of = &leads->store;
        assert_int_equal(journal_give_up(leads->store.journal, ""), JOURNAL_OK);
        test_server_got_on();
        take_until_taken(follows);
        test_server_got_on();
        leads->applied = leads->store.records;
        follows->applied = follows->store.records;
    }
    test_server_cut_end(cutter);
    assert_int_equal(test_store_read(&sides[0].store), JOURNAL_OK);
    assert_int_equal(test_store_verify(&sides[0].store), JOURNAL_OK);
    assert_int_equal(sides[0].store.records, 6 + 20 * 6);
    store = sides[0].store;
    test_follower_done(&sides[1]);
    test_store_done(&store);
}
