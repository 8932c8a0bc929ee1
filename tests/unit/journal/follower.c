#include "unit/journal/follower.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit/test.h"

#define CALLS_MAX 1000 /* of FOLLOWER_WAIT_MS: it is ended long before by the test's own limit */

int64_t test_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- opening ---- */

static void on_words(void *context, const char *words)
{
    struct test_follower *follower = context;
    snprintf(follower->words, sizeof follower->words, "%s", words);
    atomic_fetch_add(&follower->told, 1);
}

void test_follower_init(struct test_follower *follower, const struct test_store *of, const char *endpoint)
{
    memset(follower, 0, sizeof *follower);
    test_store_init(&follower->store);
    follower->store.keeper = of->keeper;
    follower->of = of;
    follower->endpoint = endpoint;
    follower->lease_seconds = FOLLOWER_LEASE_SECONDS;
    follower->wait.tell = on_words;
    follower->wait.context = follower;
}

int test_follower_open(struct test_follower *follower, bool waits)
{
    struct test_store *store = &follower->store;
    if (store->keeper == JOURNAL_POSTGRES && !store->schema[0]) {
        memcpy(store->schema, follower->of->schema, sizeof store->schema);
        test_server_give(&store->server, store->schema);
    }
    store->server.lease_seconds = follower->lease_seconds;
    const struct journal_options options = {.keeper = store->keeper,
                                            .memory = follower->of->memory,
                                            .server = &store->server,
                                            .directory = store->directory,
                                            .follow = !follower->leads,
                                            .wait = waits ? &follower->wait : NULL,
                                            .endpoint = follower->endpoint};
    const int result = journal_open(&store->journal, &options, &store->problem);
    if (result != JOURNAL_OK)
        return result;
    struct journal_info info;
    journal_info(store->journal, &info);
    follower->applied = info.last_seq;
    return result;
}

void test_follower_begin(struct test_follower *follower, const struct test_store *of, const char *endpoint)
{
    test_follower_init(follower, of, endpoint);
    if (test_follower_open(follower, false) != JOURNAL_OK)
        fail_msg("%s", follower->store.problem.message);
    test_follower_catch_up(follower);
}

void test_follower_done(struct test_follower *follower)
{
    test_server_done_other(&follower->store);
}

/* ---- following ---- */

static int apply(void *context, const struct journal_record *record)
{
    struct test_follower *follower = context;
    const struct journal_record wanted = test_store_record(&follower->store, record->seq);
    assert_int_equal(record->seq, follower->applied + 1);
    assert_int_equal(record->task, wanted.task);
    assert_int_equal(record->previous, wanted.previous);
    assert_int_equal(record->size, wanted.size);
    assert_memory_equal(record->body, wanted.body, wanted.size);
    follower->applied++;
    return 0;
}

int test_follower_follow(struct test_follower *follower, size_t limit, int wait_ms)
{
    return journal_follow(follower->store.journal, follower->applied, limit, wait_ms, apply, follower, &follower->lead);
}

static void must_follow(struct test_follower *follower, int wait_ms)
{
    if (test_follower_follow(follower, SIZE_MAX, wait_ms) != JOURNAL_OK)
        fail_msg("%s", journal_failure(follower->store.journal));
}

void test_follower_catch_up(struct test_follower *follower)
{
    must_follow(follower, 0);
    for (int calls = 0; follower->applied < follower->of->records || !follower->lead.reached; calls++) {
        assert_int_not_equal(calls, CALLS_MAX);
        must_follow(follower, FOLLOWER_WAIT_MS);
    }
    assert_int_equal(follower->applied, follower->of->records);
    assert_int_equal(follower->lead.seq, follower->of->records);
}

void test_follower_see_free(struct test_follower *follower)
{
    must_follow(follower, 0);
    for (int calls = 0; !follower->lead.free; calls++) {
        assert_int_not_equal(calls, CALLS_MAX);
        must_follow(follower, FOLLOWER_WAIT_MS);
    }
}

/* ---- leading ---- */

void test_follower_knows(struct test_follower *follower, const struct test_store *store)
{
    follower->store.records = store->records;
    memcpy(follower->store.row_versions, store->row_versions, sizeof store->row_versions);
    follower->store.checkpoint = store->checkpoint;
}

void test_follower_take(struct test_follower *follower)
{
    bool taken = false;
    if (journal_take(follower->store.journal, &taken) != JOURNAL_OK)
        fail_msg("%s", journal_failure(follower->store.journal));
    assert_true(taken);
    test_follower_knows(follower, follower->of);
}

/* ---- in a thread ---- */

static void *open_main(void *context)
{
    struct test_follower *follower = context;
    follower->result = test_follower_open(follower, true);
    atomic_store(&follower->done, true);
    return NULL;
}

void test_follower_open_in_thread(struct test_follower *follower)
{
    atomic_store(&follower->done, false);
    assert_int_equal(pthread_create(&follower->thread, NULL, open_main, follower), 0);
}

static void *follow_main(void *context)
{
    struct test_follower *follower = context;
    follower->result = test_follower_follow(follower, SIZE_MAX, FOLLOWER_WAIT_MS);
    atomic_store(&follower->done, true);
    return NULL;
}

void test_follower_follow_in_thread(struct test_follower *follower)
{
    atomic_store(&follower->done, false);
    assert_int_equal(pthread_create(&follower->thread, NULL, follow_main, follower), 0);
}

int test_follower_join(struct test_follower *follower)
{
    pthread_join(follower->thread, NULL);
    return follower->result;
}
