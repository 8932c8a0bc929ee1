/* Connecting: all hosts at once, so that one that is silent keeps nobody waiting; the first that may be written to is taken. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/postgres.h"

/* A host that was switched off answers nothing; names, TLS and a password take some round trips. */
#define CONNECT_MS 5000
/* The host that was lost is taken again only when no other comes so soon: it may be a primary that is being replaced. */
#define OTHERS_MS 300
#define LOOK_MS   50 /* between two looks whether it is time for that one */
/* While one that was asked first says nothing, those that refused are asked again after so long: a standby may become the primary meanwhile,
 * and the silent one, the primary of before, is waited for in vain. */
#define AGAIN_MS 250

/* Who follows and is poked lets a server that does not answer be only after so long: others do answer meanwhile. */
#define POKED_MS 500

#define PARAMETERS_MAX 24

int64_t postgres_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool postgres_hurried(const struct postgres *postgres, int64_t since_ms)
{
    struct pollfd poked = {postgres->poke, POLLIN, 0};
    if (!postgres->journal.following)
        return postgres_ended(postgres);
    return postgres_now_ms() - since_ms >= POKED_MS && poll(&poked, 1, 0) > 0;
}

/* ---- what a connection is asked for with ---- */

struct parameters {
    const char *names[PARAMETERS_MAX + 1], *values[PARAMETERS_MAX + 1];
    int count;
    char host[256], port[8];
};

static void parameter(struct parameters *parameters, const char *name, const char *value)
{
    if (value[0] == '\0' || parameters->count == PARAMETERS_MAX)
        return;
    parameters->names[parameters->count] = name;
    parameters->values[parameters->count++] = value;
}

/* HOST, HOST:PORT, [ADDRESS]:PORT or a socket's directory. */
static void parameter_host(struct parameters *parameters, const char *host, size_t size)
{
    snprintf(parameters->host, sizeof parameters->host, "%.*s", (int)size, host);
    char *end = strchr(parameters->host, ']');
    char *colon = strrchr(end ? end : parameters->host, ':');
    if (colon) {
        *colon = '\0';
        snprintf(parameters->port, sizeof parameters->port, "%s", colon + 1);
    }
    if (end) {
        *end = '\0';
        memmove(parameters->host, parameters->host + 1, strlen(parameters->host));
    }
    parameter(parameters, "host", parameters->host);
    parameter(parameters, "port", parameters->port);
}

/* Within seconds a connection that nobody answers on is known as lost, whatever is on its way. */
static void parameters_fill(struct parameters *parameters, const struct postgres *postgres, const char *host,
                            size_t size)
{
    const struct journal_server *server = postgres->server;
    parameter_host(parameters, host, size);
    parameter(parameters, "dbname", server->database);
    parameter(parameters, "user", server->user);
    parameter(parameters, "password", server->password);
    parameter(parameters, "application_name", postgres->name);
    parameter(parameters, "client_encoding", "UTF8");
    parameter(parameters, "target_session_attrs", "read-write");
    parameter(parameters, "tcp_user_timeout", "2000");
    parameter(parameters, "keepalives_idle", "1");
    parameter(parameters, "keepalives_interval", "1");
    parameter(parameters, "keepalives_count", "2");
    parameter(parameters, "gssencmode", "disable");
    parameter(parameters, "sslmode", server->tls ? "verify-full" : "disable");
    parameter(parameters, "sslrootcert", server->ca_file);
    parameter(parameters, "sslcert", server->certificate_file);
    parameter(parameters, "sslkey", server->key_file);
}

/* What PostgreSQL says beside an answer. It is told with the command that it belongs to, never apart. */
static void on_notice(void *context, const PGresult *notice)
{
    struct postgres *postgres = context;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    snprintf(postgres->warning, sizeof postgres->warning, "%s (%s)", words ? words : "a warning", state ? state : "?");
}

/* ---- all at once ---- */

struct attempt {
    const char *host; /* of the setting, `size` bytes */
    size_t size;
    PGconn *connection; /* NULL once it has failed, until it is asked again; or was taken */
    PostgresPollingStatusType wants;
    int64_t failed_ms; /* when it did last; 0 when it has not */
};

/* libpq tells in lines, the second of which is advice. */
static void note_lost(struct postgres *postgres, const char *why)
{
    snprintf(postgres->lost, sizeof postgres->lost, "%.*s", (int)strcspn(why, "\n"), why);
}

static void note_failure(struct postgres *postgres, const PGconn *connection)
{
    const char *message = PQerrorMessage(connection);
    if (postgres->lost[0]) /* the first that failed is told */
        return;
    postgres->fault = "hosts";
    if (strstr(message, "certificate") || strstr(message, "SSL"))
        postgres->fault = "tls";
    else if (PQconnectionNeedsPassword(connection) || PQconnectionUsedPassword(connection))
        postgres->fault = "password_file";
    note_lost(postgres, message[0] ? message : "no connection can be made");
}

#define NONE_TAKEN (-1)

static void finish_all(struct attempt *attempts, int count, int but)
{
    for (int i = 0; i < count; i++)
        if (i != but)
            PQfinish(attempts[i].connection);
}

static void begin_one(struct postgres *postgres, struct attempt *attempt)
{
    struct parameters parameters = {.count = 0};
    parameters_fill(&parameters, postgres, attempt->host, attempt->size);
    attempt->connection = PQconnectStartParams(parameters.names, parameters.values, 0);
    attempt->wants = PGRES_POLLING_WRITING;
    if (attempt->connection)
        PQsetNoticeReceiver(attempt->connection, on_notice, postgres);
    if (attempt->connection && PQstatus(attempt->connection) == CONNECTION_BAD)
        attempt->wants = PGRES_POLLING_FAILED;
}

/* How many; 0 and why when there is none to begin with. */
static int begin_all(struct postgres *postgres, struct attempt *attempts)
{
    int count = 0;
    for (const char *at = postgres->server->hosts; *at;) {
        at += strspn(at, ", \t");
        const size_t size = strcspn(at, ", \t");
        if (size > 0 && count == JOURNAL_HOSTS_MAX) {
            snprintf(postgres->lost, sizeof postgres->lost, "%.100s are more than %d hosts", postgres->server->hosts,
                     JOURNAL_HOSTS_MAX);
            finish_all(attempts, count, NONE_TAKEN);
            return 0;
        }
        if (size > 0) {
            attempts[count] = (struct attempt){.host = at, .size = size};
            begin_one(postgres, &attempts[count++]);
        }
        at += size;
    }
    return count;
}

static void drop_failed(struct postgres *postgres, struct attempt *attempt)
{
    if (!attempt->connection || attempt->wants != PGRES_POLLING_FAILED)
        return;
    note_failure(postgres, attempt->connection);
    PQfinish(attempt->connection);
    attempt->connection = NULL;
    attempt->failed_ms = postgres_now_ms();
}

/* For as long as one that has not failed yet keeps the others waiting. */
static void begin_again(struct postgres *postgres, struct attempt *attempts, int count)
{
    bool silent = false;
    for (int i = 0; i < count; i++)
        silent = silent || (attempts[i].connection && attempts[i].failed_ms == 0);
    const int64_t before = postgres_now_ms() - AGAIN_MS;
    for (int i = 0; silent && i < count; i++)
        if (!attempts[i].connection && attempts[i].failed_ms != 0 && attempts[i].failed_ms <= before)
            begin_one(postgres, &attempts[i]);
}

/* Those that something came for are moved on; false when none is left. */
static bool move_on(struct postgres *postgres, struct attempt *attempts, int count)
{
    struct pollfd polled[JOURNAL_HOSTS_MAX];
    bool any = false;
    begin_again(postgres, attempts, count);
    for (int i = 0; i < count; i++) {
        drop_failed(postgres, &attempts[i]);
        any = any || attempts[i].connection;
        const bool waits = attempts[i].connection && attempts[i].wants != PGRES_POLLING_OK;
        polled[i].fd = waits ? PQsocket(attempts[i].connection) : -1;
        polled[i].events = attempts[i].wants == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        polled[i].revents = 0;
    }
    if (!any || poll(polled, (nfds_t)count, LOOK_MS) <= 0)
        return any;
    for (int i = 0; i < count; i++)
        if (attempts[i].connection && polled[i].revents)
            attempts[i].wants = PQconnectPoll(attempts[i].connection);
    return true;
}

/* The number of one that may be taken, or -1. */
static int find_ready(const struct attempt *attempts, int count, int lost, bool others_had_time)
{
    int ready = -1, waiting = 0;
    for (int i = 0; i < count; i++) {
        const bool is_ready = attempts[i].connection && attempts[i].wants == PGRES_POLLING_OK;
        if (is_ready && (ready < 0 || ready == lost))
            ready = i;
        waiting += attempts[i].connection && !is_ready;
    }
    return ready == lost && waiting > 0 && !others_had_time ? -1 : ready;
}

/* ---- one connection ---- */

int postgres_connect(struct postgres *postgres)
{
    struct attempt attempts[JOURNAL_HOSTS_MAX];
    int taken = NONE_TAKEN;
    postgres->lost[0] = '\0';
    postgres->fault = "hosts";
    const int count = begin_all(postgres, attempts);
    const int64_t began = postgres_now_ms(); /* names were looked up before that, for as long as the resolver takes */
    for (int64_t now = began; taken < 0 && now < began + CONNECT_MS && !postgres_hurried(postgres, began) &&
                              move_on(postgres, attempts, count);
         now = postgres_now_ms())
        taken = find_ready(attempts, count, postgres->host, now > began + OTHERS_MS);
    finish_all(attempts, count, taken);
    if (taken < 0) {
        if (!postgres->lost[0])
            snprintf(postgres->lost, sizeof postgres->lost, "no answer from %.100s within %d s",
                     postgres->server->hosts, CONNECT_MS / 1000);
        return POSTGRES_LOST;
    }
    postgres->connection = attempts[taken].connection;
    postgres->connections++;
    postgres->host = taken;
    postgres->fault = "";
    PQsetnonblocking(postgres->connection, 1);
    return JOURNAL_OK;
}

void postgres_disconnect(struct postgres *postgres, const char *why)
{
    if (why && postgres->connection)
        note_lost(postgres, why);
    if (postgres->connection && lease_follows(&postgres->lease))
        lease_move(&postgres->lease, LEASE_LOST);
    PQfinish(postgres->connection);
    postgres->connection = NULL;
    postgres->locked = postgres->in_session = postgres->listens = false;
    postgres->places_mark = 0;
    memset(postgres->prepared, 0, sizeof postgres->prepared);
}
