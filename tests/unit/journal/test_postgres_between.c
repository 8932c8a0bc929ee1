/* The PostgreSQL keeper when something comes between: a commit while the store is opened, a claim while it is renamed, a disk that is full at the
 * end of a copy. What must wait is made to wait by a lock of the test's own, and is seen to. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "unit/journal/file.h"
#include "unit/journal/server.h"
#include "unit/journal/store.h"
#include "unit/test.h"

/* What is done on a thread of its own, and what came of it. */
struct task {
    pthread_t thread;
    struct test_store *store;
    const char *name;
    int result;
};

static void start(struct task *task, void *(*run)(void *))
{
    assert_int_equal(pthread_create(&task->thread, NULL, run, task), 0);
}

static void wait_waiting(unsigned long long count)
{
    while (test_server_number("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'") != count)
        usleep(10000);
}

static void *open_to_look(void *context)
{
    struct task *task = context;
    const struct journal_options options = {
        .keeper = JOURNAL_POSTGRES, .server = &task->store->server, .directory = task->store->directory, .look = true};
    task->result = journal_open(&task->store->journal, &options, &task->store->problem);
    return NULL;
}

static void *open_to_lead(void *context)
{
    struct task *task = context;
    task->result = test_store_open(task->store);
    return NULL;
}

static void *rename_it(void *context)
{
    struct task *task = context;
    task->result = journal_rename(task->store->journal, task->name);
    return NULL;
}

/* ---- looking ---- */

TEST(what_is_committed_while_it_is_opened_to_be_looked_at_is_no_loss)
{
    struct test_store store, looked;
    test_server_begin(&store);
    test_server_begin_other(&looked, &store);
    char own[sizeof looked.directory];
    memcpy(own, looked.directory, sizeof own);
    memcpy(looked.directory, store.directory, sizeof looked.directory); /* whose mark goes on */
    struct task look = {.store = &looked};
    looked.records = store.records;
    looked.checkpoint = store.checkpoint;
    memcpy(looked.row_versions, store.row_versions, sizeof looked.row_versions);
    test_server_run("BEGIN; LOCK TABLE %s.migration", store.schema);
    start(&look, open_to_look);
    wait_waiting(1); /* its snapshot is made */
    test_store_fill(&store, 1, 3, 2);
    test_server_run("COMMIT");
    pthread_join(look.thread, NULL);
    assert_string_equal(looked.problem.message, "");
    assert_int_equal(look.result, JOURNAL_OK);
    assert_int_equal(test_store_read(&looked), JOURNAL_OK);
    assert_int_equal(test_store_verify(&looked), JOURNAL_OK);
    test_store_close(&looked);
    memcpy(looked.directory, own, sizeof own);
    test_server_done_other(&looked);
    test_store_done(&store);
}

/* ---- hosts ---- */

/* coordd.conf is refused before; here none of them is left out without a word. */
TEST(more_hosts_than_there_may_be_are_refused)
{
    struct test_store store, other;
    struct problem problem = {0};
    struct journal *journal;
    char hosts[400];
    test_server_begin(&store);
    test_server_begin_other(&other, &store);
    const struct journal_options options = {.keeper = JOURNAL_POSTGRES, .server = &other.server, .look = true};
    snprintf(hosts, sizeof hosts, "/a,/b,/c,/d,/e,/f,/g,/h,%s", store.server.hosts);
    other.server.hosts = hosts;
    assert_int_not_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    assert_non_null(strstr(problem.message, "are more than 8 hosts"));
    assert_string_equal(problem.field, "hosts");
    other.server.hosts = hosts + strlen("/a,");
    assert_int_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    journal_close(journal);
    test_server_done_other(&other);
    test_store_done(&store);
}

/* ---- another name ---- */

TEST(who_was_taken_over_from_renames_nothing)
{
    struct test_store store, other;
    test_server_begin(&store);
    test_server_begin_other(&other, &store);
    test_server_cut();
    assert_int_equal(test_store_append(&store, 1, 0), JOURNAL_OK); /* connected again */
    test_server_run("UPDATE %s.head SET epoch = epoch + 1, leader = 'another'", store.schema);
    assert_int_equal(journal_rename(store.journal, "elsewhere"), JOURNAL_DEMOTED);
    assert_non_null(strstr(journal_failure(store.journal), "another coordd has claimed the store"));
    assert_int_equal(test_server_number("SELECT count(*) FROM pg_namespace WHERE nspname = 'elsewhere'"), 0);
    assert_int_equal(test_server_number("SELECT count(*) FROM %s.record", store.schema), store.records);
    test_store_close(&store);
    other.records = store.records;
    assert_int_equal(test_store_open(&other), JOURNAL_OK);
    assert_int_equal(test_store_read_records(&other), JOURNAL_OK);
    test_server_done_other(&other);
    test_store_done(&store);
}

TEST(a_name_that_is_taken_leaves_it_as_it_was)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("CREATE SCHEMA taken");
    assert_int_equal(journal_rename(store.journal, "taken"), JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(store.journal), "42P06"));
    test_store_fill(&store, 1, 2, 2);
    assert_int_equal(journal_rename(store.journal, "not_taken"), JOURNAL_OK);
    assert_int_equal(test_server_number("SELECT count(*) FROM not_taken.record"), store.records);
    test_store_close(&store);
    test_server_drop("taken");
    memcpy(store.schema, "not_taken", sizeof "not_taken");
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_done(&store);
}

/* Its connection was broken, and the lock is not its own again: another has it, and claims while the schema gets its name. */
TEST(a_claim_that_waits_for_the_new_name_finds_no_store)
{
    static const char locked[] = "SELECT count(*) FROM (SELECT pg_advisory_%s(oid::int4, 1) FROM pg_namespace"
                                 " WHERE nspname = '%s') l";
    struct test_store store, other;
    test_server_begin(&store);
    test_server_begin_other(&other, &store);
    test_server_cut();
    while (test_server_number("SELECT pg_try_advisory_lock(oid::int4, 1)::int4 FROM pg_namespace WHERE nspname = '%s'",
                              store.schema) != 1)
        usleep(10000);
    test_store_fill(&store, 1, 1, 0);
    test_server_run(locked, "unlock", store.schema);
    struct task rename = {.store = &store, .name = "renamed"}, claim = {.store = &other};
    test_server_run("BEGIN; LOCK TABLE %s.head IN ROW EXCLUSIVE MODE", store.schema);
    start(&rename, rename_it);
    wait_waiting(1);
    start(&claim, open_to_lead);
    wait_waiting(2);
    test_server_run("COMMIT");
    pthread_join(rename.thread, NULL);
    pthread_join(claim.thread, NULL);
    assert_int_equal(rename.result, JOURNAL_OK);
    assert_int_not_equal(claim.result, JOURNAL_OK);
    assert_non_null(strstr(other.problem.message, "\"head\" does not exist"));
    test_server_done_other(&other);
    assert_int_equal(test_store_append(&store, 2, 0),
                     JOURNAL_FAILED); /* what was prepared looks for the old name too */
    memcpy(store.schema, "renamed", sizeof "renamed");
    assert_int_equal(test_server_number("SELECT count(*) FROM renamed.record"), store.records);
    test_store_done(&store);
}

/* ---- full disks ---- */

/* A copy that has more than fits into its file when the log is written back for the last time, at its closing. */
TEST(a_copy_that_could_not_be_written_back_is_no_copy)
{
    struct test_store store, copy;
    struct rlimit usual, little;
    bool done = false;
    int result = JOURNAL_OK;
    test_server_begin(&store);
    store.body_size = 1 << 20;
    test_store_fill(&store, 1, 7, 0);
    test_store_init(&copy);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little = (struct rlimit){11 << 19, usual.rlim_max}; /* 5.5 MiB: 4 MiB are written back meanwhile, and then 3 more */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(journal_backup_begin(store.journal, copy.file), JOURNAL_OK);
    while (result == JOURNAL_OK && !done)
        result = journal_backup_step(store.journal, 1, &done);
    journal_backup_end(store.journal);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(result, JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(store.journal), "could not be written back"));
    assert_false(file_is_there(copy.file));
    test_store_done(&copy); /* which finds nothing else in its directory */
    test_store_done(&store);
}

/* Patience is with what does not answer: a disk that is full has answered. */
TEST(a_full_disk_after_a_lost_connection_ends_the_trouble)
{
    struct test_store store;
    test_server_begin(&store);
    test_server_run("CREATE FUNCTION %s.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    " RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$",
                    store.schema);
    test_server_run("CREATE TRIGGER no_room AFTER INSERT ON %s.record EXECUTE FUNCTION %s.no_room()", store.schema,
                    store.schema);
    test_server_cut();
    assert_int_equal(test_store_append(&store, 2, 0), JOURNAL_FULL); /* no rows: the append itself meets the loss */
    test_server_run("DROP TRIGGER no_room ON %s.record", store.schema);
    store.server.patience_seconds = 1;
    const struct timespec longer = {.tv_sec = 1, .tv_nsec = 100000000};
    nanosleep(&longer, NULL);
    test_server_cut();
    test_store_fill(&store, 1, 2, 2);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_done(&store);
}
