/* A PostgreSQL of the test program's own: started when it is first asked for, ended with the program. */
#ifndef COORDD_TESTS_UNIT_JOURNAL_SERVER_H
#define COORDD_TESTS_UNIT_JOURNAL_SERVER_H

#include <pthread.h>

#include "unit/journal/store.h"

/* Where a store may be made: in a schema whose name is new, unless `schema` has one. It is there afterwards until it is dropped. */
void test_server_give(struct journal_server *server, char schema[32]);
void test_server_drop(const char *schema);
/* A store there, with six records; and another that is not opened yet, in the same place. test_server_done_other ends it,
 * and leaves the place. */
void test_server_begin(struct test_store *store);
void test_server_begin_other(struct test_store *other, const struct test_store *store);
void test_server_done_other(struct test_store *other);
/* Ends all sessions of the keeper, whoever has one. */
void test_server_cut(void);
/* The same again and again, in a thread: nothing else is asked of the server meanwhile. Pauses are of 15 to 45 ms, and longer for who is cut
 * in vain, so that it gets on on a machine of any speed: the test says each time that it did. */
pthread_t test_server_cut_begin(void);
void test_server_got_on(void);
void test_server_cut_end(pthread_t thread);
/* Where its socket is. */
const char *test_server_directory(void);
/* Appends to a store are told to the test from here on; how many were, since it was last asked. */
void test_server_listen(const char *schema);
int test_server_notified(void);
/* What somebody else does there. */
void test_server_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
unsigned long long test_server_number(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
