#include "unit/journal/server.h"

#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/test.h"

#define SCRIPT "tests/rig/postgres.sh"
#define TRIES  1200 /* of 50 ms: a machine may be slow to start it */

static char directory[256];
static pid_t server_pid, owner_pid;
static PGconn *connection;

static pid_t spawn(const char *what)
{
    const pid_t pid = fork();
    if (pid == 0) {
        char log[300];
        snprintf(log, sizeof log, "%s/log", directory);
        const int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(file, STDERR_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGINT); /* a test that aborts takes it along; the script asks for it anew */
        execl(SCRIPT, SCRIPT, what, directory, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void end(void)
{
    char command[300];
    if (getpid() != owner_pid)
        return;
    PQfinish(connection);
    kill(server_pid, SIGINT);
    waitpid(server_pid, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    (void)!system(command);
}

static void start(void)
{
    const char *parent = getenv("TMPDIR");
    int status;
    char place[400];
    owner_pid = getpid();
    snprintf(directory, sizeof directory, "%s/coordd-pg-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(directory));
    const pid_t maker = spawn("make");
    assert_true(waitpid(maker, &status, 0) == maker && status == 0);
    server_pid = spawn("run");
    atexit(end);
    snprintf(place, sizeof place, "host=%s user=postgres dbname=postgres", directory);
    for (int i = 0; i < TRIES; i++) {
        connection = PQconnectdb(place);
        if (PQstatus(connection) == CONNECTION_OK)
            return;
        PQfinish(connection);
        connection = NULL;
        usleep(50000);
    }
    fail_msg("PostgreSQL does not answer in %s", directory);
}

static PGresult *ask(const char *sql)
{
    if (!connection)
        start();
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    return result;
}

void test_server_run(const char *format, ...)
{
    char sql[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    PQclear(ask(sql));
}

unsigned long long test_server_number(const char *format, ...)
{
    char sql[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    PGresult *result = ask(sql);
    assert_int_equal(PQntuples(result), 1);
    const unsigned long long number = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

void test_server_give(struct journal_server *server, char schema[32])
{
    static int given;
    if (!connection)
        start();
    if (!schema[0])
        snprintf(schema, 32, "store_%d", ++given);
    *server = (struct journal_server){
        .hosts = directory,
        .database = "postgres",
        .user = "postgres",
        .password = "",
        .schema = schema,
        .ca_file = "",
        .certificate_file = "",
        .key_file = "",
        .patience_seconds = 60,
        .lease_seconds = 60,
    };
}

const char *test_server_directory(void)
{
    if (!connection)
        start();
    return directory;
}

void test_server_listen(const char *schema)
{
    test_server_run("LISTEN \"coordd.%s\"", schema);
}

/* Those that were sent by what others have committed come with the next answer. */
int test_server_notified(void)
{
    PGnotify *notification;
    int count = 0;
    PQclear(ask("SELECT 1"));
    while ((notification = PQnotifies(connection))) {
        PQfreemem(notification);
        count++;
    }
    return count;
}

void test_server_drop(const char *schema)
{
    test_server_run("SET client_min_messages = warning; DROP SCHEMA IF EXISTS %s CASCADE", schema);
}

void test_server_begin(struct test_store *store)
{
    test_store_init(store);
    store->keeper = JOURNAL_POSTGRES;
    test_store_create(store);
    test_store_fill(store, 2, 3, 2);
}

void test_server_begin_other(struct test_store *other, const struct test_store *store)
{
    test_store_init(other);
    other->keeper = JOURNAL_POSTGRES;
    memcpy(other->schema, store->schema, sizeof other->schema);
    test_server_give(&other->server, other->schema);
}

void test_server_done_other(struct test_store *other)
{
    other->schema[0] = '\0';
    test_store_done(other);
}

void test_server_cut(void)
{
    test_server_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'coordd:%%'");
}

#define VAIN_CUTS     4 /* so many in a row that nobody got on between, and pauses are twice as long… */
#define DOUBLINGS_MAX 8 /* …up to 45 ms × 2^8: 11 s */

static atomic_bool cutting;
static atomic_uint in_vain; /* cuts since anybody got on */

void test_server_got_on(void)
{
    atomic_store(&in_vain, 0);
}

/* Until then, or until somebody has got on. */
static void cut_pause(unsigned cuts)
{
    const unsigned vain = atomic_load(&in_vain), doublings = vain / VAIN_CUTS;
    unsigned left = 1U << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
    do
        usleep(15000 + cuts * 7919 % 30000);
    while (--left > 0 && atomic_load(&cutting) && atomic_load(&in_vain) >= vain);
}

static void *cut_main(void *context)
{
    (void)context;
    for (unsigned i = 0; atomic_load(&cutting); i++) {
        test_server_cut();
        atomic_fetch_add(&in_vain, 1);
        cut_pause(i);
    }
    return NULL;
}

pthread_t test_server_cut_begin(void)
{
    pthread_t thread;
    atomic_store(&in_vain, 0);
    atomic_store(&cutting, true);
    assert_int_equal(pthread_create(&thread, NULL, cut_main, NULL), 0);
    return thread;
}

void test_server_cut_end(pthread_t thread)
{
    atomic_store(&cutting, false);
    pthread_join(thread, NULL);
}
