/* Who leads: the advisory lock, which refuses a second broker while the first is connected, and the epoch, which fences off
 * whoever leads no more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "journal/postgres.h"

#define PAUSE_MS 50

void postgres_pause(long ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- the session ---- */

/* What a server's own configuration may have made of a session is undone where a journal would not be one with it. A backend whose
 * client is gone must find out soon: it may have the lock. Keepalives tell it while it is silent, the last timeout while an answer
 * of its own is on its way; on a unix socket it finds out at once, and these do nothing. */
static const char session[] =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0;"
    "SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning; SET jit = off;"
    "SET default_transaction_isolation = 'read committed'; SET client_connection_check_interval = 1000;"
    "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;"
    "SET tcp_user_timeout = 3000;"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')";

static int check_server(struct postgres *postgres)
{
    PGresult *fsync;
    const int version = PQserverVersion(postgres->connection);
    if (version < POSTGRES_OLDEST)
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "PostgreSQL %d is too old: it must be %d or newer",
                            version / 10000, POSTGRES_OLDEST / 10000);
    const int result = postgres_ask(postgres, "SELECT (current_setting('fsync') = 'on')::int4::int8", NULL, &fsync);
    if (result != JOURNAL_OK)
        return result;
    const bool safe = PQntuples(fsync) == 1 && postgres_field(fsync, 0, 0) == 1;
    PQclear(fsync);
    return safe ? JOURNAL_OK
                : journal_fail(&postgres->journal, JOURNAL_FAILED,
                               "PostgreSQL runs with fsync = off: what it takes is not safe there; set it to on");
}

static int set_schema(struct postgres *postgres)
{
    PGresult *set;
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->server->schema, strlen(postgres->server->schema));
    const int result = postgres_ask(postgres, "SELECT set_config('search_path', quote_ident($1::text), false)", &values,
                                    &set);
    PQclear(set);
    return result;
}

int postgres_session(struct postgres *postgres)
{
    int result = postgres_run(postgres, session);
    if (result == JOURNAL_OK)
        result = check_server(postgres);
    if (result == JOURNAL_OK)
        result = set_schema(postgres);
    if (result == JOURNAL_OK && postgres->looks)
        result = postgres_begin_moment(postgres);
    postgres->in_session = result == JOURNAL_OK;
    return result;
}

int postgres_begin_moment(struct postgres *postgres)
{
    postgres->moment = true;
    return postgres_run(postgres, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

int postgres_connect_again(struct postgres *postgres)
{
    const int result = postgres->connection ? JOURNAL_OK : postgres_connect(postgres);
    return result == JOURNAL_OK && !postgres->in_session ? postgres_session(postgres) : result;
}

/* ---- the lock ---- */

/* `locked` says whether it is ours: when not, somebody else has it, or the schema is not there. Its name is the schema's number, which a
 * new name of the schema does not change. */
static int try_lock(struct postgres *postgres)
{
    static const char sql[] = "SELECT pg_try_advisory_lock(oid::int4, 1)::int4::int8 FROM pg_namespace"
                              " WHERE nspname = current_schema()";
    PGresult *tried;
    const int result = postgres_ask(postgres, sql, NULL, &tried);
    if (result == JOURNAL_OK)
        postgres->locked = PQntuples(tried) == 1 && postgres_field(tried, 0, 0) == 1;
    PQclear(tried);
    return result;
}

int postgres_lock(struct postgres *postgres, int64_t wait_ms)
{
    const int64_t until = postgres_now_ms() + wait_ms;
    int result = try_lock(postgres);
    while (result == JOURNAL_OK && !postgres->locked && postgres_now_ms() < until) {
        postgres_pause(PAUSE_MS);
        result = try_lock(postgres);
    }
    return result;
}

/* ---- the epoch ---- */

bool postgres_same(const struct journal_head *a, const struct journal_head *b)
{
    return a->seq == b->seq && a->sum == b->sum && memcmp(a->hash, b->hash, CHAIN_HASH_SIZE) == 0;
}

static int take_claim(struct postgres *postgres, const PGresult *claimed)
{
    const uint8_t *hash = postgres_field_hash(claimed, 0, 4);
    if (!hash)
        return journal_fail(&postgres->journal, JOURNAL_DAMAGED, "the head is damaged");
    postgres->epoch = postgres_field(claimed, 0, 0);
    postgres->found = (struct journal_head){.seq = postgres_field(claimed, 0, 1),
                                            .checkpoint = postgres_field(claimed, 0, 2),
                                            .row_sum = postgres_field(claimed, 0, 3),
                                            .sum = postgres_field(claimed, 0, 5)};
    memcpy(postgres->found.hash, hash, CHAIN_HASH_SIZE);
    postgres->beat_ms = postgres_now_ms();
    lease_move(&postgres->lease, LEASE_CLAIMED);
    return JOURNAL_OK;
}

int postgres_demoted(struct postgres *postgres)
{
    lease_move(&postgres->lease, LEASE_FENCED);
    return journal_fail(&postgres->journal, JOURNAL_DEMOTED, "another coordd has claimed the store");
}

#define ANY UINT64_MAX

/* Of a head as it was seen, NULL for any; `own`: of one that we lead. *claimed is whether it was such. */
static int claim(struct postgres *postgres, const struct lease_sight *seen, bool own, bool *claimed)
{
    char sql[400];
    PGresult *taken;
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    postgres_bytes(&values, postgres->channel, strlen(postgres->channel));
    postgres_number(&values, seen ? seen->epoch : ANY);
    postgres_number(&values, seen ? seen->beat : ANY);
    if (postgres->has_endpoints)
        postgres_bytes(&values, postgres->endpoint, strlen(postgres->endpoint));
    snprintf(sql, sizeof sql,
             "UPDATE head SET epoch = epoch + 1, beat = beat + 1, leader = $1::text%s WHERE id = 1"
             " AND ($3::int8 = -1 OR epoch = $3::int8) AND ($4::int8 = -1 OR beat = $4::int8)%s"
             " RETURNING epoch, seq, checkpoint, row_sum, hash, sum, pg_notify($2::text, '')",
             postgres->has_endpoints ? ", endpoint = $5::text, heir = ''" : "", own ? " AND leader = $1::text" : "");
    int result = postgres_ask(postgres, sql, &values, &taken);
    *claimed = result == JOURNAL_OK && PQntuples(taken) == 1;
    if (*claimed)
        result = take_claim(postgres, taken);
    PQclear(taken);
    return result;
}

int postgres_claim(struct postgres *postgres)
{
    bool claimed;
    const int result = claim(postgres, NULL, false, &claimed);
    return result != JOURNAL_OK || claimed ? result
                                           : journal_fail(&postgres->journal, JOURNAL_DAMAGED, "the head is missing");
}

int postgres_claim_own(struct postgres *postgres, bool *claimed)
{
    return claim(postgres, NULL, true, claimed);
}

int postgres_claim_from(struct postgres *postgres, const struct lease_sight *seen, bool *claimed)
{
    return claim(postgres, seen, false, claimed);
}

/* ---- signs of life ---- */

int postgres_beat(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_values values = {0};
    PGresult *beaten;
    if (postgres->looks || lease_follows(&postgres->lease))
        return JOURNAL_OK; /* it leads nothing */
    postgres_number(&values, postgres->epoch);
    postgres_bytes(&values, postgres->channel, strlen(postgres->channel));
    int result = postgres_ask_prepared(postgres, POSTGRES_BEAT, &values, &beaten);
    const int rows = PQntuples(beaten);
    PQclear(beaten);
    postgres->beat_ms = postgres_now_ms();
    if (result == POSTGRES_LOST)
        return postgres_recover_same(postgres); /* its claim is as good as a beat */
    postgres_well(postgres);
    if (result == JOURNAL_OK && rows != 1)
        return postgres_demoted(postgres);
    if (result == JOURNAL_OK && !postgres->locked)
        (void)postgres_lock(postgres, 0); /* as before an append */
    return result;
}

int postgres_beat_if_due(struct postgres *postgres)
{
    const bool due = postgres->lease.state == LEASE_LEADS && postgres_now_ms() - postgres->beat_ms >= POSTGRES_BEAT_MS;
    const int result = due ? postgres_beat(&postgres->journal) : JOURNAL_OK;
    return result == JOURNAL_FULL ? JOURNAL_OK : result;
}

void postgres_give_up(struct postgres *postgres)
{
    char sql[200];
    struct postgres_values values = {0};
    if (postgres->lease.state != LEASE_LEADS || !postgres->connection)
        return;
    postgres_number(&values, postgres->epoch);
    postgres_bytes(&values, postgres->channel, strlen(postgres->channel));
    snprintf(sql, sizeof sql,
             "UPDATE head SET leader = ''%s WHERE id = 1 AND epoch = $1::int8" POSTGRES_UNSYNCED
             " RETURNING pg_notify($2::text, '')",
             postgres->has_endpoints ? ", endpoint = ''" : "");
    (void)postgres_ask(postgres, sql, &values, NULL);
    lease_move(&postgres->lease, LEASE_ENDED);
}
