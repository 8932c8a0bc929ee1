/* The PostgreSQL keeper as it follows: what it is told of, connections that are lost, servers that are not there yet, and databases that went
 * back. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit/journal/follower.h"
#include "unit/test.h"

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

/* Far sooner than it looks without being told: a quarter of a second apart, these would take as many of them. */
TEST(who_follows_is_woken_by_what_is_appended)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_begin(&follower, &store, "");
    const int64_t began = now_ms();
    for (int i = 0; i < 40; i++) {
        test_store_fill(&store, 1, 1, 0);
        test_follower_catch_up(&follower);
        test_follower_follow_in_thread(&follower); /* it may be waiting, or about to */
        test_store_fill(&store, 1, 1, 0);
        assert_int_equal(test_follower_join(&follower), JOURNAL_OK);
        assert_int_equal(follower.applied, store.records);
    }
    assert_true(now_ms() - began < 40 * 250 / 2);
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
    test_server_run("DELETE FROM %s.migration WHERE version = 3", store->schema);
}

TEST(a_store_of_before_is_followed_once_who_leads_has_brought_it_to_this_programs_schema)
{
    struct test_store store;
    struct test_follower refused, waits;
    test_server_begin(&store);
    test_store_close(&store);
    make_older(&store);
    test_follower_init(&refused, &store, "");
    assert_int_not_equal(test_follower_open(&refused, false), JOURNAL_OK);
    assert_non_null(strstr(refused.store.problem.message, "the store has schema 2"));
    test_follower_init(&waits, &store, "tcp://waits:1");
    test_follower_open_in_thread(&waits);
    while (atomic_load(&waits.told) == 0)
        assert_false(atomic_load(&waits.done));
    assert_non_null(strstr(waits.words, "the store has schema 2"));
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(test_follower_join(&waits), JOURNAL_OK);
    test_store_fill(&store, 1, 2, 2);
    test_follower_catch_up(&waits);
    assert_int_equal(journal_give_up(store.journal, "tcp://waits:1"), JOURNAL_OK);
    test_follower_see_free(&waits);
    test_follower_take(&waits);
    test_follower_done(&refused);
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

/* ---- servers that are lost, or are not there yet ---- */

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

/* ---- the lead ---- */

TEST(a_silent_leader_is_overtaken_by_who_follows_and_fenced_off)
{
    struct test_store store;
    struct test_follower follower;
    test_server_begin(&store);
    test_follower_init(&follower, &store, "tcp://follower:1");
    follower.lease_seconds = 1;
    assert_int_equal(test_follower_open(&follower, false), JOURNAL_OK);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    const int64_t began = now_ms();
    test_follower_see_free(&follower);
    assert_true(now_ms() - began >= 1000);
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
        const int64_t before = now_ms();
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
    const int64_t began = now_ms();
    while (follower.lead.asked_ms > now_ms() - 500) {
        assert_true(now_ms() < began + FOLLOWER_WAIT_MS);
        assert_int_equal(test_follower_follow(&follower, 1, 50), JOURNAL_OK);
    }
    assert_true(follower.lead.reached);
    test_follower_done(&follower);
    test_store_done(&store);
}

TEST(a_lead_that_nobody_comes_for_is_anybodys_after_a_lease)
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
    const int64_t began = now_ms();
    test_follower_see_free(&follower);
    assert_true(now_ms() - began >= 1000);
    test_follower_take(&follower);
    test_follower_done(&follower);
    test_store_done(&store);
}

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

/* ---- databases that went back ---- */

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
        assert_int_equal(test_follower_follow(&follower, SIZE_MAX, 0), JOURNAL_FAILED);
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
    assert_int_equal(journal_take(follower.store.journal, &taken), JOURNAL_FAILED);
    assert_false(taken);
    test_follower_done(&follower);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.head WHERE leader = ''", store.schema), 1);
    test_server_done_other(&next);
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
