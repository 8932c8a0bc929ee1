/* The simulator's libpq: what the keeper calls of it, over connections that chance owns. See pg.h. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/pg.h"
#include "sim/sim.h"

#define CLIENTS      64   /* connections that are not closed, of all processes */
#define DESCRIPTOR   5000 /* of the first */
#define PREPARED_MAX 32
#define LATE_MS      12000 /* more than the keeper waits for an answer */
#define GOES_MS      3000  /* until a backend whose client is gone knows it */

enum pg_client_state { CLIENT_BEGINS, CLIENT_READY, CLIENT_GONE };

struct pg_conn {
    int process, number, host;
    enum pg_client_state state;
    char name[64];
    const char *why;
    int64_t ready_ms, gone_ms;
    struct pg_backend *backend; /* NULL: it hears of it no more */
    PQnoticeReceiver receiver;
    void *context;
    const char *prepared[PREPARED_MAX];
    bool is_asked, is_single;
    bool comes, has_come; /* a notification */
    struct pg_result *result;
    int64_t answered_ms;
    int row;
};

static struct pg_conn *clients[CLIENTS];

static struct chance *chance(void)
{
    return &pg->sim->chance;
}

/* ---- connecting ---- */

static int host_of(const char *const *names, const char *const *values)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], "host") == 0)
            return values[i][strlen(values[i]) - 1] - '0';
    return 0;
}

static int64_t connects_in_ms(const struct pg_conn *client)
{
    const uint32_t sort = chance_below(chance(), 20);
    const bool is_there = client->host != pg->primary || pg->up_ms <= strand_now_ms();
    if (pg->is_calm)
        return 0;
    if (pg->is_cut[client->process] || (!is_there && sort < 6))
        return PG_NEVER - strand_now_ms();
    return sort < 14 ? 0 : sort < 19 ? chance_below(chance(), 10) : chance_below(chance(), GOES_MS);
}

PGconn *PQconnectStartParams(const char *const *names, const char *const *values, int expand)
{
    struct pg_conn *client = xcalloc(1, sizeof *client);
    (void)expand;
    while (client->number < CLIENTS && clients[client->number])
        client->number++;
    SIM_CHECK(pg->sim, client->number < CLIENTS, "too many connections for this simulator");
    clients[client->number] = client;
    client->process = several_process(pg->sim);
    client->host = host_of(names, values);
    client->gone_ms = PG_NEVER;
    client->why = "";
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], "application_name") == 0)
            snprintf(client->name, sizeof client->name, "%s", values[i]);
    if (pg->is_dead[client->process]) {
        client->state = CLIENT_GONE;
        client->why = "the process was killed";
        return client;
    }
    client->ready_ms = strand_now_ms() + connects_in_ms(client);
    return client;
}

static PostgresPollingStatusType refuse(struct pg_conn *client, const char *why)
{
    client->state = CLIENT_GONE;
    client->why = why;
    return PGRES_POLLING_FAILED;
}

PostgresPollingStatusType PQconnectPoll(PGconn *client)
{
    if (client->state == CLIENT_READY)
        return PGRES_POLLING_OK;
    if (client->state == CLIENT_GONE || pg->is_dead[client->process])
        return refuse(client, "the process was killed");
    if (client->ready_ms > strand_now_ms() || pg->is_cut[client->process])
        return PGRES_POLLING_READING;
    if (client->host != pg->primary)
        return refuse(client, "session is read-only");
    if (pg->up_ms > strand_now_ms())
        return refuse(client, "Connection refused");
    client->backend = pg_backend_new(client, client->process, client->name);
    client->state = CLIENT_READY;
    return PGRES_POLLING_OK;
}

ConnStatusType PQstatus(const PGconn *client)
{
    return client->state == CLIENT_READY  ? CONNECTION_OK
           : client->state == CLIENT_GONE ? CONNECTION_BAD
                                          : CONNECTION_STARTED;
}

/* What was asked before may still come to the backend, and be done. */
void PQfinish(PGconn *client)
{
    if (!client)
        return;
    if (client->backend)
        pg_backend_leave(client->backend,
                         pg->is_calm || chance_below(chance(), 4) ? 0 : chance_below(chance(), GOES_MS));
    clients[client->number] = NULL;
    PQclear(client->result);
    free(client);
}

int PQsocket(const PGconn *client)
{
    return DESCRIPTOR + client->number;
}

/* ---- what comes ---- */

void pg_client_answer(struct pg_conn *client, struct pg_result *answer, int64_t in_ms)
{
    assert(client->is_asked && !client->result);
    client->result = answer;
    client->answered_ms = strand_now_ms() + in_ms;
}

void pg_client_notify(struct pg_conn *client)
{
    client->comes = true;
}

/* Whatever was on its way back is lost, unless it is there already. */
void pg_client_break(struct pg_conn *client, int64_t in_ms)
{
    const int64_t at_ms = strand_now_ms() + in_ms;
    if (client->backend && client->backend->is_live)
        pg_backend_leave(client->backend, pg->is_calm ? 0 : chance_below(chance(), GOES_MS));
    client->backend = NULL;
    client->gone_ms = at_ms < client->gone_ms ? at_ms : client->gone_ms;
    if (client->result && client->answered_ms > strand_now_ms()) {
        PQclear(client->result);
        client->result = NULL;
    }
}

void pg_clients_of(int process, void (*visit)(struct pg_conn *client))
{
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i] && clients[i]->process == process)
            visit(clients[i]);
}

static bool is_answered(const struct pg_conn *client)
{
    return client->result && client->answered_ms <= strand_now_ms();
}

static bool is_gone(const struct pg_conn *client)
{
    return client->gone_ms <= strand_now_ms() || pg->is_dead[client->process];
}

static short events_of(const struct pg_conn *client, short wanted)
{
    const bool is_through = client->ready_ms <= strand_now_ms() && !pg->is_cut[client->process];
    if (client->state == CLIENT_BEGINS)
        return is_through || pg->is_dead[client->process] ? wanted : 0;
    return is_answered(client) || is_gone(client) || client->comes ? POLLIN : 0;
}

int __real_poll(struct pollfd *polled, nfds_t count, int timeout_ms);

int pg_poll(struct pollfd *polled, nfds_t count)
{
    int ready = 0;
    for (nfds_t i = 0; i < count; i++) {
        polled[i].revents = 0;
        if (polled[i].fd >= DESCRIPTOR)
            polled[i].revents = events_of(clients[polled[i].fd - DESCRIPTOR], polled[i].events);
        else if (polled[i].fd >= 0)
            (void)__real_poll(&polled[i], 1, 0); /* one of the process's own */
        ready += polled[i].revents != 0;
    }
    return ready;
}

int PQconsumeInput(PGconn *client)
{
    client->has_come = client->has_come || client->comes;
    client->comes = false;
    if (is_answered(client) || !is_gone(client))
        return 1;
    client->state = CLIENT_GONE;
    client->why = "server closed the connection unexpectedly";
    return 0;
}

PGnotify *PQnotifies(PGconn *client)
{
    if (!client->has_come)
        return NULL;
    client->has_come = false;
    return xcalloc(1, sizeof(PGnotify));
}

int PQisBusy(PGconn *client)
{
    return client->is_asked && !is_answered(client);
}

static void notify(struct pg_conn *client)
{
    struct pg_result *notice = pg_result_error("01000",
                                               "canceling wait for synchronous replication due to user request");
    client->receiver(client->context, notice);
    PQclear(notice);
}

PGresult *PQgetResult(PGconn *client)
{
    struct pg_result *result = client->result;
    if (!client->is_asked)
        return NULL;
    assert(result);
    if (client->is_single && client->row < result->rows)
        return pg_result_row(result, client->row++);
    if (client->is_single && result->status == PGRES_TUPLES_OK) {
        const int columns = result->columns;
        PQclear(result);
        result = pg_result_new(columns);
    }
    if (result->warns)
        notify(client);
    else if (result->claims)
        several_claimed(pg->sim, client->process, client->name, result->claims);
    client->result = NULL;
    client->is_asked = client->is_single = false;
    return result;
}

int PQsetSingleRowMode(PGconn *client)
{
    client->is_single = true;
    client->row = 0;
    return 1;
}

/* ---- asking ---- */

static void keep(struct pg_statement *statement, const char *sql, bool lasts, int count, const char *const *values,
                 const int *sizes)
{
    size_t size = lasts ? 0 : strlen(sql) + 1;
    assert(count <= PG_PARAMETERS);
    for (int i = 0; i < count; i++)
        size += (size_t)sizes[i];
    buffer_clear(&statement->kept);
    statement->kept.exhausted = xalloc_failed;
    char *at = buffer_extend(&statement->kept, size + 1);
    statement->count = count;
    for (int i = 0; i < count; i++) {
        memcpy(at, values[i], (size_t)sizes[i]);
        statement->values[i] = (struct pg_value){(const uint8_t *)at, sizes[i]};
        at += sizes[i];
    }
    statement->sql = sql;
    if (!lasts)
        statement->sql = memcpy(at, sql, strlen(sql) + 1);
}

/* Looks are so many that they must be struck less often each. */
static uint32_t sort_of_fate(const struct pg_statement *statement)
{
    const bool is_look = strncmp(statement->sql, "SELECT epoch", 12) == 0;
    return is_look && chance_below(chance(), 8) ? 1000 : chance_below(chance(), 1000);
}

/* What becomes of what is asked: it comes or it does not, at once or late, and so does its answer. */
static void send(struct pg_conn *client)
{
    struct pg_backend *backend = client->backend;
    const int64_t now_ms = strand_now_ms();
    int64_t comes_ms = now_ms;
    const uint32_t sort = pg->is_calm ? 1000 : sort_of_fate(&backend->statement);
    backend->answers_in_ms = 0;
    if (sort < 6) { /* it never comes */
        pg->broken++;
        pg_client_break(client, chance_below(chance(), 200));
        return;
    }
    if (sort < 14) { /* it comes, and nobody hears of it */
        pg->broken++;
        comes_ms += chance_below(chance(), 3) ? chance_below(chance(), 50) : chance_below(chance(), LATE_MS);
        pg_client_break(client, chance_below(chance(), 200));
        backend->dies_ms = backend->dies_ms > comes_ms ? backend->dies_ms : comes_ms;
    } else if (sort < 17) {
        pg->late++;
        comes_ms += chance_below(chance(), LATE_MS);
    } else if (sort < 20) {
        pg->late++;
        backend->answers_in_ms = chance_below(chance(), LATE_MS);
    } else if (sort < 250) {
        comes_ms += chance_below(chance(), 8);
        backend->answers_in_ms = chance_below(chance(), 8);
    }
    pg_backend_ask(backend, comes_ms);
}

static int ask(struct pg_conn *client, const char *sql, bool lasts, int count, const char *const *values,
               const int *sizes)
{
    if (client->state != CLIENT_READY || is_gone(client))
        return 0;
    assert(!client->is_asked);
    client->is_asked = true;
    client->is_single = false;
    if (!client->backend)
        return 1; /* it is broken, and that is not known yet */
    keep(&client->backend->statement, sql, lasts, count, values, sizes);
    send(client);
    return 1;
}

int PQsendQueryParams(PGconn *client, const char *sql, int count, const Oid *types, const char *const *values,
                      const int *sizes, const int *formats, int format)
{
    (void)types, (void)formats, (void)format;
    return ask(client, sql, false, count, values, sizes);
}

int PQsendQuery(PGconn *client, const char *sql)
{
    return ask(client, sql, false, 0, NULL, NULL);
}

static int number_of(const char *name)
{
    const int number = atoi(name + 1);
    SIM_CHECK(pg->sim, name[0] == 's' && number >= 0 && number < PREPARED_MAX, "a prepared statement's name: %s", name);
    return number;
}

int PQsendPrepare(PGconn *client, const char *name, const char *sql, int count, const Oid *types)
{
    (void)count, (void)types;
    if (client->state != CLIENT_READY || is_gone(client))
        return 0;
    client->prepared[number_of(name)] = sql;
    client->is_asked = true;
    pg_client_answer(client, pg_result_new(0), 0);
    return 1;
}

int PQsendQueryPrepared(PGconn *client, const char *name, int count, const char *const *values, const int *sizes,
                        const int *formats, int format)
{
    const char *sql = client->prepared[number_of(name)];
    (void)formats, (void)format;
    SIM_CHECK(pg->sim, sql, "a statement that was not prepared: %s", name);
    return ask(client, sql, true, count, values, sizes);
}

/* ---- results ---- */

void PQclear(PGresult *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->cell_count; i++)
        free((void *)(uintptr_t)result->cells[i].bytes);
    free(result->cells);
    free(result);
}

ExecStatusType PQresultStatus(const PGresult *result)
{
    return result ? result->status : PGRES_FATAL_ERROR;
}

int PQntuples(const PGresult *result)
{
    return result ? result->rows : 0;
}

static const struct pg_value *cell(const PGresult *result, int row, int column)
{
    assert(row >= 0 && row < result->rows && column >= 0 && column < result->columns);
    return &result->cells[row * result->columns + column];
}

char *PQgetvalue(const PGresult *result, int row, int column)
{
    return (char *)(uintptr_t)cell(result, row, column)->bytes;
}

int PQgetlength(const PGresult *result, int row, int column)
{
    return cell(result, row, column)->size;
}

int PQgetisnull(const PGresult *result, int row, int column)
{
    (void)cell(result, row, column);
    return 0;
}

char *PQresultErrorField(const PGresult *result, int field)
{
    const char *text = field == PG_DIAG_SQLSTATE ? result->state : result->words;
    return text[0] ? (char *)(uintptr_t)text : NULL;
}

char *PQresultErrorMessage(const PGresult *result)
{
    return (char *)(uintptr_t)(result ? result->words : "");
}

/* ---- the rest ---- */

char *PQerrorMessage(const PGconn *client)
{
    return (char *)(uintptr_t)client->why;
}

int PQflush(PGconn *client)
{
    (void)client;
    return 0;
}

int PQsetnonblocking(PGconn *client, int nonblocking)
{
    (void)client, (void)nonblocking;
    return 0;
}

PQnoticeReceiver PQsetNoticeReceiver(PGconn *client, PQnoticeReceiver receiver, void *context)
{
    client->receiver = receiver;
    client->context = context;
    return NULL;
}

int PQserverVersion(const PGconn *client)
{
    (void)client;
    return 150000;
}

int PQconnectionNeedsPassword(const PGconn *client)
{
    (void)client;
    return 0;
}

int PQconnectionUsedPassword(const PGconn *client)
{
    (void)client;
    return 0;
}

/* Of names that the simulator gives itself. */
char *PQescapeIdentifier(PGconn *client, const char *text, size_t size)
{
    char *quoted = xmalloc(size + 3);
    (void)client;
    snprintf(quoted, size + 3, "\"%.*s\"", (int)size, text);
    return quoted;
}

void PQfreemem(void *memory)
{
    free(memory);
}

/* Roles and databases are made by no broker that serves. */
char *PQescapeLiteral(PGconn *client, const char *text, size_t size)
{
    (void)client, (void)text, (void)size;
    return NULL;
}

char *PQencryptPasswordConn(PGconn *client, const char *password, const char *user, const char *algorithm)
{
    (void)client, (void)password, (void)user, (void)algorithm;
    return NULL;
}
