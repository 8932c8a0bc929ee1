/* What befalls a PostgreSQL. See pg.h. */
#include <string.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define AWAY_MS   8000 /* a primary that starts anew, or is replaced */
#define REJOIN_MS 6000 /* and then the standby */
#define SILENT_MS 3500 /* until a connection that nobody answers on is known as lost */

static int64_t draw(int64_t most_ms)
{
    return chance_below(&pg->sim->chance, (uint32_t)most_ms);
}

/* A host is gone, and all who were connected to it find out sooner or later. */
static void end_sessions(void)
{
    for (int i = 0; i < PG_BACKENDS; i++) {
        struct pg_backend *backend = &pg->backends[i];
        if (!backend->is_live)
            continue;
        if (backend->client)
            pg_client_break(backend->client, draw(2) ? draw(20) : draw(SILENT_MS));
        backend->client = NULL;
        backend->is_live = backend->has_lock = false;
        backend->state = PG_IDLE;
        PQclear(backend->answer);
        backend->answer = NULL;
        backend->change = NULL;
    }
}

/* Nobody waits any more for what the log has. */
static void see_all(void)
{
    for (size_t i = 0; i < pg->log_count; i++)
        if (!pg->log[i]->is_seen)
            pg_see(pg->log[i]);
}

static void drop_last(void)
{
    pg_change_free(pg->log[--pg->log_count]);
}

/* The standby has what was acknowledged, and what else had come to it by then. */
void pg_fail_over(void)
{
    const uint64_t kept = pg->received +
                          (pg->lsn > pg->received ? (uint64_t)draw((int64_t)(pg->lsn - pg->received) + 1) : 0);
    const uint64_t records = pg->tables.record_count;
    pg->failed_over++;
    end_sessions();
    while (pg->log_count > 0 && pg->log[pg->log_count - 1]->lsn > kept) {
        if (pg->log[pg->log_count - 1]->is_seen)
            pg_change_undo(&pg->tables, pg->log[pg->log_count - 1]);
        drop_last();
    }
    see_all();
    while (pg->log_count > 0)
        drop_last();
    pg->has_gone_back = pg->has_gone_back || pg->tables.record_count < records;
    sim_trace(pg->sim, "the standby takes the primary's place, with %zu records of %llu", pg->tables.record_count,
              (unsigned long long)records);
    pg->received = pg->lsn = kept;
    pg->primary = 1 - pg->primary;
    pg->up_ms = strand_now_ms() + draw(AWAY_MS);
    pg->standby_ms = pg->up_ms + draw(REJOIN_MS);
}

/* What was waiting for the standby is in its log, so it is seen once it is there again. */
void pg_restart(void)
{
    pg->restarted++;
    sim_trace(pg->sim, "the primary starts anew");
    end_sessions();
    see_all();
    pg->up_ms = strand_now_ms() + draw(AWAY_MS);
}

void pg_lose_standby(int64_t ms)
{
    sim_trace(pg->sim, "the standby is away for %lld ms", (long long)ms);
    pg->standby_ms = strand_now_ms() + ms;
    for (size_t i = 0; i < pg->log_count; i++)
        if (pg->log[i]->lsn > pg->received)
            pg->log[i]->comes_ms = PG_NEVER;
}

void pg_cancel_wait(void)
{
    struct pg_backend *backend = pg_waiting();
    if (!backend)
        return;
    pg->warned++;
    sim_trace(pg->sim, "a commit is kept from waiting for the standby");
    if (!backend->change->is_seen)
        pg_see(backend->change);
    backend->answer->warns = true;
    struct pg_result *answer = backend->answer;
    backend->answer = NULL;
    backend->change = NULL;
    backend->state = PG_IDLE;
    if (backend->client)
        pg_client_answer(backend->client, answer, 0);
    else
        PQclear(answer);
}

void pg_fill(int64_t ms)
{
    sim_trace(pg->sim, "the server's disk is full for %lld ms", (long long)ms);
    pg->full_ms = strand_now_ms() + ms;
}

static void break_one(struct pg_conn *client)
{
    pg_client_break(client, draw(20));
}

void pg_break(int process)
{
    sim_trace(pg->sim, "broker %d's connection breaks", process);
    pg->broken++;
    pg_clients_of(process, break_one);
}

static void cut_one(struct pg_conn *client)
{
    pg_client_break(client, 1500 + draw(SILENT_MS - 1500));
}

void pg_cut(int process, bool is_cut)
{
    if (is_cut && !pg->is_cut[process]) {
        pg->cuts++;
        pg_clients_of(process, cut_one);
    }
    pg->is_cut[process] = is_cut;
}

static void kill_one(struct pg_conn *client)
{
    pg_client_break(client, 0);
}

void pg_kill(int process)
{
    pg->is_dead[process] = true;
    pg_clients_of(process, kill_one);
}

void pg_heal(void)
{
    pg->full_ms = 0;
    for (int i = 0; i < PG_PROCESSES; i++)
        pg->is_cut[i] = false;
    if (pg->up_ms > strand_now_ms())
        pg->up_ms = strand_now_ms();
    if (pg->standby_ms > strand_now_ms())
        pg->standby_ms = strand_now_ms();
}
