/* The simulator's libpq: what the keeper calls of it, over connections that chance owns. See pg.h. Here, a connection; what it is
 * asked and what comes on it are in libpq_ask.c and libpq_come.c, and what it is answered in libpq_result.c.
 */
#include "sim/libpq_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

struct pg_conn *pg_clients[CLIENTS];

struct chance *pg_client_chance(void)
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
    const uint32_t sort = chance_below(pg_client_chance(), 20);
    const bool is_there = client->host != pg->primary || pg->up_ms <= strand_now_ms();
    if (pg->is_calm)
        return 0;
    if (pg->is_cut[client->process] || (!is_there && sort < 6))
        return PG_NEVER - strand_now_ms();
    return sort < 14 ? 0 : sort < 19 ? chance_below(pg_client_chance(), 10) : chance_below(pg_client_chance(), GOES_MS);
}

PGconn *PQconnectStartParams(const char *const *names, const char *const *values, int expand)
{
    struct pg_conn *client = xcalloc(1, sizeof *client);
    (void)expand;
    while (client->number < CLIENTS && pg_clients[client->number])
        client->number++;
    SIM_CHECK(pg->sim, client->number < CLIENTS, "too many connections for this simulator");
    pg_clients[client->number] = client;
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
        pg_backend_leave(client->backend, pg->is_calm || chance_below(pg_client_chance(), 4)
                                              ? 0
                                              : chance_below(pg_client_chance(), GOES_MS));
    pg_clients[client->number] = NULL;
    PQclear(client->result);
    free(client);
}

int PQsocket(const PGconn *client)
{
    return DESCRIPTOR + client->number;
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
