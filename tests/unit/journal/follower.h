/* One that follows a test's store: what it is given is held against what was written, and counted. */
#ifndef COORDD_TESTS_UNIT_JOURNAL_FOLLOWER_H
#define COORDD_TESTS_UNIT_JOURNAL_FOLLOWER_H

#include <pthread.h>
#include <stdatomic.h>

#include "unit/journal/server.h"
#include "unit/journal/store.h"

struct test_follower {
    struct test_store store; /* its journal, and a directory of its own */
    const struct test_store *of;
    const char *endpoint;
    uint64_t lease_seconds;
    bool leads;       /* it is opened to lead instead */
    uint64_t applied; /* records: each was the next one */
    struct journal_lead lead;
    struct journal_wait wait;
    /* Of one that does something in a thread of its own: the thread's until it was joined, but for what is atomic. */
    pthread_t thread;
    atomic_int told;
    char words[300]; /* last told */
    atomic_bool done;
    int result;
};

#define FOLLOWER_LEASE_SECONDS 60 /* unless: nothing lapses */
#define FOLLOWER_WAIT_MS       60000

/* Not opened yet; and opened, which must succeed, with all that is there applied. */
void test_follower_init(struct test_follower *follower, const struct test_store *of, const char *endpoint);
void test_follower_begin(struct test_follower *follower, const struct test_store *of, const char *endpoint);
void test_follower_done(struct test_follower *follower);
int test_follower_open(struct test_follower *follower, bool waits);
/* The same in a thread. */
void test_follower_open_in_thread(struct test_follower *follower);
/* One call; what comes of it is in follower->lead. */
int test_follower_follow(struct test_follower *follower, size_t limit, int wait_ms);
/* The same in a thread, for as long as FOLLOWER_WAIT_MS. */
void test_follower_follow_in_thread(struct test_follower *follower);
int test_follower_join(struct test_follower *follower);
/* Until it has applied as much as was written, and the lead is reached. */
void test_follower_catch_up(struct test_follower *follower);
/* Until it sees a lead that is free. */
void test_follower_see_free(struct test_follower *follower);
int64_t test_now_ms(void); /* monotonic */
/* It is to take the lead, and take over what the other wrote. */
void test_follower_take(struct test_follower *follower);
void test_follower_knows(struct test_follower *follower, const struct test_store *store);

#endif
