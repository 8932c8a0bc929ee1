/* The PostgreSQL keeper where several may lead: one waits, and takes over when the other is silent or has left, and only then. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/journal/server.h"
#include "unit/journal/store.h"
#include "unit/test.h"

/* One that waits, in a thread of its own. */
struct waiter {
    struct test_store store;
    struct journal_wait wait;
    pthread_t thread;
    atomic_int told;
    char words[300]; /* last told: the thread's until it was joined */
    atomic_bool done;
    int opened;
};

static void on_words(void *context, const char *words)
{
    struct waiter *waiter = context;
    snprintf(waiter->words, sizeof waiter->words, "%s", words);
    atomic_fetch_add(&waiter->told, 1);
}

static void *wait_and_open(void *context)
{
    struct waiter *waiter = context;
    struct journal_options options = {.keeper = JOURNAL_POSTGRES,
                                      .server = &waiter->store.server,
                                      .directory = waiter->store.directory,
                                      .wait = &waiter->wait};
    waiter->opened = journal_open(&waiter->store.journal, &options, &waiter->store.problem);
    atomic_store(&waiter->done, true);
    return NULL;
}

static void waiter_begin(struct waiter *waiter, const struct test_store *store, uint64_t lease_seconds)
{
    memset(waiter, 0, sizeof *waiter);
    test_server_begin_other(&waiter->store, store);
    waiter->store.server.lease_seconds = lease_seconds;
    waiter->wait = (struct journal_wait){.tell = on_words, .context = waiter};
    assert_int_equal(pthread_create(&waiter->thread, NULL, wait_and_open, waiter), 0);
    for (bool done = false; atomic_load(&waiter->told) == 0; done = atomic_load(&waiter->done))
        assert_false(done);
}

static int waiter_join(struct waiter *waiter)
{
    pthread_join(waiter->thread, NULL);
    return waiter->opened;
}

/* What the other wrote. */
static void waiter_knows(struct waiter *waiter, const struct test_store *store)
{
    waiter->store.records = store->records;
    memcpy(waiter->store.row_versions, store->row_versions, sizeof waiter->store.row_versions);
    waiter->store.checkpoint = store->checkpoint;
}

TEST(one_that_waits_takes_over_from_a_silent_leader_which_is_fenced_off)
{
    struct test_store store;
    struct waiter waiter;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    waiter_begin(&waiter, &store, 1);
    assert_int_equal(waiter_join(&waiter), JOURNAL_OK);
    assert_string_equal(waiter.words, "takes the store over: who led is silent");
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_DEMOTED);
    assert_int_equal(journal_beat(store.journal), JOURNAL_DEMOTED);
    waiter_knows(&waiter, &store);
    test_store_fill(&waiter.store, 2, 3, 2);
    assert_int_equal(test_store_read(&waiter.store), JOURNAL_OK);
    assert_int_equal(test_store_verify(&waiter.store), JOURNAL_OK);
    test_server_done_other(&store);
    test_store_done(&waiter.store);
}

/* They may be in the middle of an append, for which the claim would wait. */
TEST(the_sessions_of_who_led_are_ended_and_nobody_elses)
{
    struct test_store store, bystander;
    struct waiter waiter;
    test_server_begin(&bystander);
    test_server_begin(&store);
    test_server_run("BEGIN; SELECT 1 FROM %s.head FOR SHARE; COMMIT", store.schema);
    const unsigned long long before = test_server_number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'coordd:%%'");
    waiter_begin(&waiter, &store, 1);
    assert_int_equal(waiter_join(&waiter), JOURNAL_OK);
    /* One less, and its own: it goes from the list some time after its lock does. */
    while (test_server_number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'coordd:%%'") !=
           before)
        usleep(10000);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", bystander.schema);
    test_store_fill(&bystander, 1, 1, 1);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", bystander.schema), epoch);
    test_server_done_other(&store);
    test_store_done(&waiter.store);
    test_store_done(&bystander);
}

TEST(a_leader_that_beats_is_left_in_peace_and_followed_at_once_when_it_leaves)
{
    struct test_store store;
    struct waiter waiter;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    waiter_begin(&waiter, &store, 10);
    for (int i = 0; i < 150; i++) { /* a lease and a half */
        assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
        usleep(100000);
    }
    assert_false(atomic_load(&waiter.done));
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch);
    test_store_close(&store);
    assert_int_equal(waiter_join(&waiter), JOURNAL_OK);
    assert_string_equal(waiter.words, "takes the store over");
    test_server_done_other(&store);
    test_store_done(&waiter.store);
}

TEST(who_leaves_says_so_and_who_was_overtaken_says_nothing)
{
    struct test_store store;
    test_server_begin(&store);
    test_store_close(&store);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.head WHERE leader = ''", store.schema), 1);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    test_server_run("UPDATE %s.head SET epoch = epoch + 1, leader = 'another'", store.schema);
    assert_int_equal(journal_beat(store.journal), JOURNAL_DEMOTED);
    test_store_close(&store);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.head WHERE leader = 'another'", store.schema), 1);
    test_store_done(&store);
}

TEST(a_beat_after_a_lost_connection_claims_again)
{
    struct test_store store;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    test_server_cut();
    assert_int_equal(journal_beat(store.journal), JOURNAL_OK);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    test_store_fill(&store, 1, 1, 1);
    test_store_done(&store);
}

TEST(one_that_waits_goes_on_where_its_connection_was_lost)
{
    struct test_store store;
    struct waiter waiter;
    test_server_begin(&store);
    waiter_begin(&waiter, &store, 60);
    for (int i = 0; i < 3; i++) {
        const int told = atomic_load(&waiter.told);
        test_server_cut();
        while (atomic_load(&waiter.told) == told)
            assert_false(atomic_load(&waiter.done));
    }
    test_store_fill(&store, 1, 1, 1);
    test_store_close(&store);
    assert_int_equal(waiter_join(&waiter), JOURNAL_OK);
    test_server_done_other(&store);
    test_store_done(&waiter.store);
}

TEST(of_two_that_wait_one_wins_and_the_other_goes_on_waiting)
{
    struct test_store store;
    struct waiter waiters[2];
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    for (int i = 0; i < 2; i++)
        waiter_begin(&waiters[i], &store, 5);
    while (!atomic_load(&waiters[0].done) && !atomic_load(&waiters[1].done))
        usleep(10000);
    const int won = atomic_load(&waiters[0].done) ? 0 : 1;
    struct waiter *winner = &waiters[won], *other = &waiters[1 - won];
    assert_int_equal(waiter_join(winner), JOURNAL_OK);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    for (int i = 0; i < 70; i++) { /* more than a lease */
        assert_int_equal(journal_beat(winner->store.journal), JOURNAL_OK);
        usleep(100000);
    }
    assert_false(atomic_load(&other->done));
    test_server_done_other(&winner->store);
    assert_int_equal(waiter_join(other), JOURNAL_OK);
    test_server_done_other(&store);
    test_store_done(&other->store);
}

/* As after a failover to a standby that had less: its leader has stopped for it, and whoever waits must not go on from there. */
TEST(a_database_that_went_back_is_taken_over_by_nobody)
{
    struct test_store store;
    struct waiter waiter;
    test_server_begin(&store);
    test_store_fill(&store, 1, 5, 1);
    waiter_begin(&waiter, &store, 60);
    test_server_run("UPDATE %s.head SET seq = seq - 1, leader = ''", store.schema);
    assert_int_equal(waiter_join(&waiter), JOURNAL_DAMAGED);
    assert_non_null(strstr(waiter.store.problem.message, "the database went back: it ends at record"));
    assert_non_null(strstr(waiter.store.problem.message, "was there: man coordd-cluster, FAILURES"));
    /* Nor after it was started anew. */
    waiter.store.server.lease_seconds = 1;
    (void)wait_and_open(&waiter);
    assert_int_equal(waiter.opened, JOURNAL_DAMAGED);
    test_server_run("UPDATE %s.head SET seq = seq + 1", store.schema);
    test_server_done_other(&waiter.store);
    test_store_done(&store);
}

TEST(one_that_is_to_wait_no_longer_returns_and_leaves_all_as_it_is)
{
    struct test_store store;
    struct waiter waiter;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    waiter_begin(&waiter, &store, 60);
    atomic_store(&waiter.wait.ended, true);
    assert_int_equal(waiter_join(&waiter), JOURNAL_ENDED);
    assert_null(waiter.store.journal);
    test_store_fill(&store, 1, 1, 1);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch);
    test_server_done_other(&waiter.store);
    test_store_done(&store);
}

/* A start reads for long: it must not be taken for silent meanwhile. */
TEST(what_reads_for_long_gives_signs_of_life)
{
    struct test_store store;
    test_store_init(&store);
    store.keeper = JOURNAL_POSTGRES;
    test_store_create(&store);
    test_store_fill(&store, 2, 1050, 0);
    const unsigned long long beat = test_server_number("SELECT beat FROM %s.head", store.schema);
    usleep(1100000);
    assert_int_equal(test_store_read_records(&store), JOURNAL_OK);
    assert_true(test_server_number("SELECT beat FROM %s.head", store.schema) > beat);
    test_store_done(&store);
}
