/* The PostgreSQL keeper beside what holds for every keeper: who leads, and what is known of an append whose answer was lost. */
#include <string.h>

#include "unit/journal/file.h"
#include "unit/journal/server.h"
#include "unit/journal/store.h"
#include "unit/test.h"

static void assert_stands(struct test_store *store)
{
    assert_int_equal(test_store_read(store), JOURNAL_OK);
    assert_int_equal(test_store_verify(store), JOURNAL_OK);
}

/* ---- a lost connection ---- */

TEST(an_append_after_a_lost_connection_is_done_once)
{
    struct test_store store;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    for (int i = 0; i < 5; i++) {
        test_server_cut();
        test_store_fill(&store, 1, 2, 3);
        assert_stands(&store);
    }
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 5);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.record", store.schema), store.records);
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

TEST(reading_goes_on_where_the_connection_was_lost)
{
    struct test_store store;
    uint64_t last = 0;
    test_store_init(&store);
    store.keeper = JOURNAL_POSTGRES;
    store.body_size = 3000;
    test_store_create(&store);
    test_store_fill(&store, 2, 1050, 0);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    assert_int_equal(journal_read(store.journal, 1, SIZE_MAX, cut_at, &last), JOURNAL_OK);
    assert_int_equal(last, store.records);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    test_server_cut();
    assert_stands(&store);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 2);
    test_store_done(&store);
}

/* Its session ends before it is committed: nothing of it is there, and it is sent again. */
TEST(an_append_that_was_broken_off_is_sent_again)
{
    struct test_store store;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    test_server_run(
        "CREATE FUNCTION %s.strike() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF (SELECT epoch FROM %s.head) = %llu THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
        " RETURN NULL; END $$",
        store.schema, store.schema, epoch);
    test_server_run("CREATE TRIGGER strike AFTER INSERT ON %s.record EXECUTE FUNCTION %s.strike()", store.schema,
                    store.schema);
    test_store_fill(&store, 2, 4, 2);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    assert_stands(&store);
    test_store_done(&store);
}

/* ---- who leads ---- */

TEST(a_second_one_is_refused_while_the_first_is_connected)
{
    struct test_store store, other;
    test_server_begin(&store);
    test_server_begin_other(&other, &store);
    assert_int_not_equal(test_store_open(&other), JOURNAL_OK);
    assert_non_null(strstr(other.problem.message, "in use by another coordd"));
    assert_int_equal(other.problem.error, COORD_E_CONFLICT);
    test_store_fill(&store, 1, 2, 2);
    assert_stands(&store);
    test_server_done_other(&other);
    test_store_done(&store);
}

TEST(who_is_fenced_off_appends_nothing_and_says_so)
{
    struct test_store store, other;
    test_server_begin(&store);
    test_server_begin_other(&other, &store);
    test_server_cut(); /* the lock goes with the session */
    assert_int_equal(test_store_open(&other), JOURNAL_OK);
    assert_int_equal(test_store_append(&store, 2, 0), JOURNAL_DEMOTED);
    assert_non_null(strstr(journal_failure(store.journal), "another coordd has claimed the store"));
    assert_int_equal(test_store_append(&store, 0, 2), JOURNAL_DEMOTED);
    other.records = store.records;
    memcpy(other.row_versions, store.row_versions, sizeof other.row_versions);
    other.checkpoint = store.checkpoint;
    assert_stands(&other);
    test_store_fill(&other, 1, 3, 3);
    assert_stands(&other);
    test_server_done_other(&store);
    test_store_done(&other);
}

TEST(an_epoch_that_was_taken_fences_off_a_connection_that_lives)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("UPDATE %s.head SET epoch = epoch + 1, leader = 'another'", store.schema);
    assert_int_equal(test_store_append(&store, 1, 1), JOURNAL_DEMOTED);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.record", store.schema), store.records);
    test_store_done(&store);
}

/* ---- a database that went back ---- */

TEST(a_database_that_lost_what_was_acknowledged_is_not_gone_on_with)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("CREATE TABLE %s.old AS SELECT * FROM %s.head", store.schema, store.schema);
    test_store_fill(&store, 1, 2, 0);
    test_server_run(
        "UPDATE %s.head SET seq = o.seq, hash = o.hash, sum = o.sum, row_sum = o.row_sum, checkpoint = o.checkpoint"
        " FROM %s.old o",
        store.schema, store.schema);
    test_server_run("DELETE FROM %s.record WHERE seq > (SELECT seq FROM %s.old)", store.schema, store.schema);
    test_server_cut();
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_DAMAGED);
    assert_non_null(strstr(journal_failure(store.journal), "the database went back"));
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_DAMAGED); /* the mark knows too */
    assert_non_null(strstr(store.problem.message,
                           "the database went back: it ends at record 6, and record 8 was there: "
                           "man coordd-cluster, FAILURES"));
    test_store_done(&store);
}

/* ---- warnings, and a full disk ---- */

/* As a wait for the standby that was cancelled: the commit is there, and not where it should be too. */
TEST(a_warning_is_no_acknowledgement)
{
    struct test_store store;
    test_server_begin(&store);
    const unsigned long long epoch = test_server_number("SELECT epoch FROM %s.head", store.schema);
    test_server_run(
        "CREATE FUNCTION %s.warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF (SELECT epoch FROM %s.head) = %llu THEN RAISE WARNING 'canceling wait'; END IF; RETURN NULL; END $$",
        store.schema, store.schema, epoch);
    test_server_run("CREATE TRIGGER warn AFTER INSERT ON %s.record EXECUTE FUNCTION %s.warn()", store.schema,
                    store.schema);
    test_store_fill(&store, 1, 3, 1);
    assert_int_equal(test_server_number("SELECT epoch FROM %s.head", store.schema), epoch + 1);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.record", store.schema), store.records);
    assert_stands(&store);
    test_store_done(&store);
}

TEST(a_full_disk_there_is_a_full_disk)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("CREATE FUNCTION %s.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    " RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$",
                    store.schema);
    test_server_run("CREATE TRIGGER no_room AFTER INSERT ON %s.record EXECUTE FUNCTION %s.no_room()", store.schema,
                    store.schema);
    assert_int_equal(test_store_append(&store, 2, 2), JOURNAL_FULL);
    assert_stands(&store);
    test_server_run("DROP TRIGGER no_room ON %s.record", store.schema);
    test_store_fill(&store, 1, 2, 2);
    assert_stands(&store);
    test_store_done(&store);
}

TEST(a_claim_that_finds_no_room_is_claimed_again)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("CREATE SEQUENCE %s.claims", store.schema);
    test_server_run("CREATE FUNCTION %s.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    " IF NEW.epoch <> OLD.epoch AND nextval('%s.claims') < 3 THEN"
                    " RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$",
                    store.schema, store.schema);
    test_server_run("CREATE TRIGGER no_room BEFORE UPDATE ON %s.head FOR EACH ROW EXECUTE FUNCTION %s.no_room()",
                    store.schema, store.schema);
    test_server_cut();
    test_store_fill(&store, 1, 2, 2);
    assert_int_equal(test_server_number("SELECT last_value FROM %s.claims", store.schema), 3);
    assert_stands(&store);
    test_store_done(&store);
}

/* ---- from one keeper to another ---- */

static void carry_to(struct test_store *from, enum journal_keepers keeper)
{
    struct test_store to;
    struct problem problem = {0};
    test_store_init(&to);
    to.keeper = keeper;
    test_store_create(&to);
    if (journal_carry(from->journal, to.journal, NULL, NULL, &problem) != JOURNAL_OK)
        fail_msg("%s", problem.message);
    assert_true(journal_equal(from->journal, to.journal));
    to.records = from->records;
    to.checkpoint = from->checkpoint;
    memcpy(to.row_versions, from->row_versions, sizeof to.row_versions);
    assert_stands(&to);
    test_store_fill(&to, 1, 3, 2);
    assert_false(journal_equal(from->journal, to.journal));
    test_store_done(&to);
}

TEST(a_store_is_the_same_in_every_keeper)
{
    for (int keeper = 0; keeper < JOURNAL_KEEPER_COUNT; keeper++) {
        struct test_store from;
        test_store_init(&from);
        from.keeper = (enum journal_keepers)keeper;
        test_store_create(&from);
        test_store_fill(&from, 700, 3, 7);
        test_store_fill(&from, 1, 1, 1500);
        for (int to = 0; to < JOURNAL_KEEPER_COUNT; to++)
            carry_to(&from, (enum journal_keepers)to);
        test_store_done(&from);
    }
}

static int stop_at(void *context, const struct journal_record *record)
{
    uint64_t *last = context;
    assert_true(record->seq <= *last);
    return record->seq == *last ? 7 : 0;
}

TEST(more_than_a_page_is_read_whole_and_stopped_anywhere)
{
    struct test_store store;
    const uint64_t stops[] = {1, 1024, 1025, 3000, 4506};
    test_server_begin(&store);
    test_store_fill(&store, 3, 1500, 0);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        uint64_t last = stops[i];
        assert_int_equal(journal_read(store.journal, 1, SIZE_MAX, stop_at, &last), 7);
    }
    assert_stands(&store);
    test_store_done(&store);
}

/* ---- copies ---- */

TEST(a_copy_is_the_store_of_one_moment_while_appends_go_on)
{
    struct test_store store, copy;
    bool done = false;
    test_server_begin(&store);
    test_store_fill(&store, 20, 200, 5);
    test_store_init(&copy);
    const uint64_t before = store.records;
    assert_int_equal(journal_backup_begin(store.journal, copy.file), JOURNAL_OK);
    while (!done) {
        test_store_fill(&store, 1, 3, 5);
        assert_int_equal(journal_backup_step(store.journal, 1, &done), JOURNAL_OK);
    }
    copy.records = journal_backup_seq(store.journal);
    journal_backup_end(store.journal);
    assert_in_range(copy.records, before, store.records);
    assert_stands(&store);
    copy.checkpoint = copy.records;
    for (size_t i = 0; i < 5; i++)
        copy.row_versions[i] = copy.records;
    assert_int_equal(test_store_open(&copy), JOURNAL_OK);
    assert_stands(&copy);
    test_store_done(&copy);
    test_store_done(&store);
}

TEST(a_copy_that_is_given_up_or_cannot_be_leaves_nothing)
{
    struct test_store store, other;
    bool done = false;
    int result = JOURNAL_OK;
    test_server_begin(&store);
    test_store_fill(&store, 20, 200, 5);
    test_store_init(&other);
    assert_int_equal(journal_backup_begin(store.journal, other.file), JOURNAL_OK);
    journal_backup_end(store.journal);
    assert_false(file_is_there(other.file));
    file_write(other.file, "there", 5);
    assert_int_equal(journal_backup_begin(store.journal, other.file), JOURNAL_OK);
    while (result == JOURNAL_OK)
        result = journal_backup_step(store.journal, 1, &done);
    assert_false(done);
    assert_int_equal(result, JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(store.journal), "File exists"));
    journal_backup_end(store.journal);
    test_store_fill(&store, 1, 3, 3);
    assert_stands(&store);
    test_store_done(&other); /* which finds nothing else in its directory */
    test_store_done(&store);
}
