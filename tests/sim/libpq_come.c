/* What comes on a connection: answers, notifications, and its end. See libpq.c. */
#include "sim/libpq_parts.h"

#include <assert.h>

#include "base/xalloc.h"
#include "sim/sim.h"

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
        pg_backend_leave(client->backend, pg->is_calm ? 0 : chance_below(pg_client_chance(), GOES_MS));
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
        if (pg_clients[i] && pg_clients[i]->process == process)
            visit(pg_clients[i]);
}

static bool is_answered(const struct pg_conn *client)
{
    return client->result && client->answered_ms <= strand_now_ms();
}

bool pg_client_is_gone(const struct pg_conn *client)
{
    return client->gone_ms <= strand_now_ms() || pg->is_dead[client->process];
}

static short events_of(const struct pg_conn *client, short wanted)
{
    const bool is_through = client->ready_ms <= strand_now_ms() && !pg->is_cut[client->process];
    if (client->state == CLIENT_BEGINS)
        return is_through || pg->is_dead[client->process] ? wanted : 0;
    return is_answered(client) || pg_client_is_gone(client) || client->comes ? POLLIN : 0;
}

int __real_poll(struct pollfd *polled, nfds_t count, int timeout_ms);

int pg_poll(struct pollfd *polled, nfds_t count)
{
    int ready = 0;
    for (nfds_t i = 0; i < count; i++) {
        polled[i].revents = 0;
        if (polled[i].fd >= DESCRIPTOR)
            polled[i].revents = events_of(pg_clients[polled[i].fd - DESCRIPTOR], polled[i].events);
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
    if (is_answered(client) || !pg_client_is_gone(client))
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
