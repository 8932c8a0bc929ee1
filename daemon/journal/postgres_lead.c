/* Who leads: the advisory lock, which refuses a second broker while the first is connected, and the epoch, which fences off
 * whoever leads no more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "journal/postgres.h"

#define PAUSE_MS    50
#define OWN_LOCK_MS 200 /* a backend that was ended is gone by then */

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
        result = postgres_run(postgres, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    postgres->in_session = result == JOURNAL_OK;
    return result;
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

/* `whose` epoch may be taken: a condition, which may name $1, ourselves, and what was given besides. *claimed is whether it was. */
static int claim(struct postgres *postgres, const char *whose, struct postgres_values *values, bool *claimed)
{
    char sql[300];
    PGresult *taken;
    snprintf(sql, sizeof sql,
             "UPDATE head SET epoch = epoch + 1, beat = beat + 1, leader = $1::text WHERE id = 1%s"
             " RETURNING epoch, seq, checkpoint, row_sum, hash, sum",
             whose);
    int result = postgres_ask(postgres, sql, values, &taken);
    *claimed = result == JOURNAL_OK && PQntuples(taken) == 1;
    if (*claimed)
        result = take_claim(postgres, taken);
    PQclear(taken);
    return result;
}

int postgres_claim(struct postgres *postgres)
{
    struct postgres_values values = {0};
    bool claimed;
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    const int result = claim(postgres, "", &values, &claimed);
    return result != JOURNAL_OK || claimed ? result
                                           : journal_fail(&postgres->journal, JOURNAL_DAMAGED, "the head is missing");
}

int postgres_claim_own(struct postgres *postgres, bool *claimed)
{
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    return claim(postgres, " AND leader = $1::text", &values, claimed);
}

int postgres_claim_from(struct postgres *postgres, const struct lease_sight *seen, bool *claimed)
{
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    postgres_number(&values, seen->epoch);
    postgres_number(&values, seen->beat);
    return claim(postgres, " AND epoch = $2::int8 AND beat = $3::int8", &values, claimed);
}

/* ---- signs of life ---- */

int postgres_beat(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_values values = {0};
    PGresult *beaten;
    if (postgres->looks)
        return JOURNAL_OK; /* it leads nothing */
    postgres_number(&values, postgres->epoch);
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
    struct postgres_values values = {0};
    if (postgres->lease.state != LEASE_LEADS || !postgres->connection)
        return;
    postgres_number(&values, postgres->epoch);
    (void)postgres_ask(postgres, "UPDATE head SET leader = '' WHERE id = 1 AND epoch = $1::int8" POSTGRES_UNSYNCED,
                       &values, NULL);
    lease_move(&postgres->lease, LEASE_ENDED);
}

/* ---- after a lost connection ---- */

/* A backend of ours that is still there has our lock, and may still append: the claim would wait for it. */
static int end_own(struct postgres *postgres)
{
    static const char sql[] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              " WHERE application_name = $1::text AND pid <> pg_backend_pid()";
    PGresult *ended;
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    const int result = postgres_ask(postgres, sql, &values, &ended);
    PQclear(ended);
    return result;
}

static int lead_again(struct postgres *postgres)
{
    bool claimed = false;
    int result = postgres_connect(postgres);
    if (result == JOURNAL_OK)
        result = postgres_session(postgres);
    if (result == JOURNAL_OK)
        result = end_own(postgres);
    if (result == JOURNAL_OK)
        result = postgres_claim_own(postgres, &claimed);
    if (result == JOURNAL_OK && !claimed)
        result = postgres_demoted(postgres);
    /* Without the lock the fence still holds; it is asked for again before the next batch. */
    if (result == JOURNAL_OK)
        result = postgres_lock(postgres, OWN_LOCK_MS);
    return result;
}

int postgres_recover(struct postgres *postgres)
{
    const int64_t patience_ms = (int64_t)postgres->server->patience_seconds * 1000;
    int result = POSTGRES_LOST;
    if (postgres->looks || !postgres->knows_head)
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "the connection to PostgreSQL was lost: %s",
                            postgres->lost);
    if (postgres->lease.state == LEASE_DEMOTED)
        return postgres_demoted(postgres);
    if (postgres->trouble_ms == 0)
        postgres->trouble_ms = postgres_now_ms();
    char cause[sizeof postgres->journal.recovered];
    snprintf(cause, sizeof cause, "%.190s", postgres->lost);
    while (postgres_now_ms() - postgres->trouble_ms <= patience_ms) {
        postgres_disconnect(postgres, NULL);
        result = lead_again(postgres);
        if (result == JOURNAL_OK)
            memcpy(postgres->journal.recovered, cause, sizeof cause);
        if (result == JOURNAL_FULL) /* of the claim: what was on its way is still not known */
            postgres_disconnect(postgres, postgres->journal.failure);
        else if (result != POSTGRES_LOST)
            return result;
        postgres_pause(PAUSE_MS);
    }
    return journal_fail(&postgres->journal, JOURNAL_FAILED, "PostgreSQL was not to be had for %llu s: %s",
                        (unsigned long long)postgres->server->patience_seconds, postgres->lost);
}

int postgres_recover_same(struct postgres *postgres)
{
    const struct journal_head *known = &postgres->journal.head;
    const int result = postgres_recover(postgres);
    if (result != JOURNAL_OK || postgres_same(&postgres->found, known))
        return result;
    return journal_fail(&postgres->journal, JOURNAL_DAMAGED,
                        "the database went back: it ends at record %llu, and record %llu was acknowledged",
                        (unsigned long long)postgres->found.seq, (unsigned long long)known->seq);
}
