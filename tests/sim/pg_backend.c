/* Sessions at the server, and what comes about there as time passes. See pg.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/pg.h"
#include "sim/sim.h"

#define COMES_MS   4    /* to the standby, as a rule within so long… */
#define STALLS_MS  3000 /* …and at times */
#define STALLS_PER 60   /* once in so many commits */

struct pg *pg;

void pg_begin(struct sim *sim)
{
    pg = xcalloc(1, sizeof *pg);
    pg->sim = sim;
    pg->is_calm = true;
}

void pg_end(void)
{
    for (size_t i = 0; i < pg->log_count; i++)
        pg_change_free(pg->log[i]);
    for (int i = 0; i < PG_BACKENDS; i++) {
        buffer_done(&pg->backends[i].statement.kept);
        pg_moment_end(&pg->backends[i].moment);
        PQclear(pg->backends[i].answer);
    }
    free(pg->log);
    pg_tables_done(&pg->tables);
    free(pg);
    pg = NULL;
}

/* ---- commits ---- */

struct pg_change *pg_pending(void)
{
    for (size_t i = pg->log_count; i > 0; i--)
        if (!pg->log[i - 1]->is_seen && !pg->log[i - 1]->is_of_places)
            return pg->log[i - 1];
    return NULL;
}

struct pg_backend *pg_waiting(void)
{
    struct pg_backend *waiting = NULL;
    for (int i = 0; i < PG_BACKENDS; i++) {
        struct pg_backend *backend = &pg->backends[i];
        if (backend->state == PG_COMMITS && (!waiting || !backend->change->is_of_places))
            waiting = backend;
    }
    return waiting;
}

void pg_see(struct pg_change *change)
{
    pg_change_see(&pg->tables, change);
    if (change->is_of_places)
        return;
    pg->moved_ms = strand_now_ms();
    several_head_moved(pg->sim);
    for (int i = 0; change->notifies && i < PG_BACKENDS; i++)
        if (pg->backends[i].is_live && pg->backends[i].listens && pg->backends[i].client)
            pg_client_notify(pg->backends[i].client);
}

static int64_t comes_in_ms(void)
{
    struct chance *chance = &pg->sim->chance;
    if (pg->is_calm)
        return 0;
    return chance_below(chance, STALLS_PER) == 0 ? chance_below(chance, STALLS_MS) : chance_below(chance, COMES_MS);
}

void pg_commit(struct pg_backend *backend, struct pg_change *change, struct pg_result *answer, bool waits)
{
    const int64_t now_ms = strand_now_ms();
    change->lsn = ++pg->lsn;
    change->comes_ms = pg->standby_ms <= now_ms ? now_ms + comes_in_ms() : PG_NEVER;
    pg->log = xgrow(pg->log, pg->log_count, &pg->log_capacity, sizeof(struct pg_change *));
    pg->log[pg->log_count++] = change;
    backend->answer = answer;
    backend->change = change;
    backend->state = PG_COMMITS;
    backend->waits = waits;
    if (!waits)
        pg_see(change);
}

/* ---- one session ---- */

struct pg_backend *pg_backend_new(struct pg_conn *client, int process, const char *name)
{
    for (int i = 0; i < PG_BACKENDS; i++) {
        struct pg_backend *backend = &pg->backends[i];
        if (backend->is_live)
            continue;
        const struct buffer kept = backend->statement.kept;
        pg_moment_end(&backend->moment);
        *backend = (struct pg_backend){
            .is_live = true, .process = process, .client = client, .dies_ms = PG_NEVER, .ends_ms = PG_NEVER};
        backend->statement.kept = kept;
        memcpy(backend->name, name, strnlen(name, sizeof backend->name - 1));
        return backend;
    }
    SIM_CHECK(pg->sim, false, "too many sessions for this simulator");
    return NULL;
}

static void answer(struct pg_backend *backend, struct pg_result *result)
{
    backend->state = PG_IDLE;
    if (backend->client)
        pg_client_answer(backend->client, result, backend->answers_in_ms);
    else
        PQclear(result);
}

/* Its commit waits no longer, and is seen by all. */
static struct pg_result *end_wait(struct pg_backend *backend)
{
    struct pg_result *result = backend->answer;
    backend->answer = NULL;
    backend->change = NULL;
    return result;
}

static void execute(struct pg_backend *backend)
{
    struct pg_result *result = pg_execute(backend);
    if (result)
        answer(backend, result);
    else if (backend->state != PG_COMMITS)
        backend->state = PG_BLOCKED;
    else if (!backend->waits)
        answer(backend, end_wait(backend));
}

void pg_backend_ask(struct pg_backend *backend, int64_t comes_ms)
{
    backend->state = PG_COMING;
    backend->comes_ms = comes_ms;
    if (comes_ms <= strand_now_ms())
        execute(backend);
    if (pg->is_calm)
        pg_tick();
}

static void die(struct pg_backend *backend)
{
    backend->is_live = backend->has_lock = false;
    backend->state = PG_IDLE;
    if (backend->client)
        pg_client_break(backend->client, pg->is_calm ? 0 : chance_below(&pg->sim->chance, 5));
    backend->client = NULL;
}

#define ENDS_MS      40   /* until a session that is to end hears of it… */
#define ENDS_LATE_MS 3000 /* …and one that is at its disk */

/* A commit that waits for the standby is done when its session is ended, and seen; nobody is told so. */
static void end(struct pg_backend *backend)
{
    if (backend->state == PG_COMMITS) {
        if (!backend->change->is_seen)
            pg_see(backend->change);
        PQclear(end_wait(backend));
    }
    die(backend);
}

/* It is only told to: what it is asked before it hears of that is done. */
void pg_backend_terminate(struct pg_backend *backend)
{
    struct chance *chance = &pg->sim->chance;
    const uint32_t sort = pg->is_calm ? 0 : chance_below(chance, 10);
    const int64_t in_ms = sort < 5 ? 0 : chance_below(chance, sort < 8 ? ENDS_MS : ENDS_LATE_MS);
    pg->terminated++;
    if (in_ms == 0)
        end(backend);
    else if (backend->ends_ms == PG_NEVER)
        backend->ends_ms = strand_now_ms() + in_ms;
}

void pg_backend_leave(struct pg_backend *backend, int64_t in_ms)
{
    backend->client = NULL;
    backend->dies_ms = strand_now_ms() + in_ms;
}

/* ---- as time passes ---- */

static void receive(int64_t now_ms)
{
    for (size_t i = 0; i < pg->log_count && pg->log[i]->comes_ms <= now_ms; i++)
        pg->received = pg->log[i]->lsn;
    for (size_t i = 0; i < pg->log_count && pg->log[i]->lsn <= pg->received; i++)
        if (!pg->log[i]->is_seen)
            pg_see(pg->log[i]);
    for (int i = 0; i < PG_BACKENDS; i++) {
        struct pg_backend *waiting = &pg->backends[i];
        if (waiting->state == PG_COMMITS && waiting->change->lsn <= pg->received)
            answer(waiting, end_wait(waiting));
    }
    size_t gone = 0;
    while (gone < pg->log_count && pg->log[gone]->lsn <= pg->received)
        pg_change_free(pg->log[gone++]);
    pg->log_count -= gone;
    memmove(pg->log, pg->log + gone, pg->log_count * sizeof(struct pg_change *));
}

static void bring_standby(int64_t now_ms)
{
    if (pg->standby_ms > now_ms)
        return;
    for (size_t i = 0; i < pg->log_count; i++)
        if (pg->log[i]->comes_ms == PG_NEVER)
            pg->log[i]->comes_ms = now_ms + comes_in_ms();
}

static void pass(struct pg_backend *backend, int64_t now_ms)
{
    if (backend->ends_ms <= now_ms) {
        end(backend);
        return;
    }
    if (backend->dies_ms <= now_ms && backend->state != PG_COMMITS) {
        if (backend->state != PG_COMING || backend->comes_ms > now_ms) {
            die(backend);
            return;
        }
    }
    if ((backend->state == PG_COMING && backend->comes_ms <= now_ms) || backend->state == PG_BLOCKED)
        execute(backend);
}

bool pg_is_idle(void)
{
    for (int i = 0; i < PG_BACKENDS; i++)
        if (pg->backends[i].is_live && pg->backends[i].state != PG_IDLE)
            return false;
    return true;
}

void pg_tick(void)
{
    const int64_t now_ms = strand_now_ms();
    bring_standby(now_ms);
    receive(now_ms);
    for (int i = 0; i < PG_BACKENDS; i++)
        if (pg->backends[i].is_live)
            pass(&pg->backends[i], now_ms);
}
