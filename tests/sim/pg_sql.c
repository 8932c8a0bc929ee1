/* The keeper's statements, by their text. See pg.h. */
#include "sim/pg_statements.h"

#include <string.h>

#include "gen/journal/postgres_migrations.h"
#include "sim/sim.h"

const struct pg_value *pg_value_of(const struct pg_backend *backend, int number)
{
    SIM_CHECK(pg->sim, number <= backend->statement.count, "$%d was not given: %s", number, backend->statement.sql);
    return &backend->statement.values[number - 1];
}

uint64_t pg_number_of(const struct pg_backend *backend, int number)
{
    return pg_number(pg_value_of(backend, number));
}

struct pg_result *pg_one_number(uint64_t number)
{
    struct pg_result *result = pg_result_new(1);
    pg_result_number(result, number);
    return result;
}

static struct pg_result *nothing(struct pg_backend *backend)
{
    (void)backend;
    return pg_result_new(0);
}

/* ---- all of them ---- */

#define PUT_PLACES                                                                                                     \
    "INSERT INTO place AS p (agency, consumer, key, seq, made, changed) SELECT DISTINCT ON (agency, consumer, key)"    \
    " agency, consumer, key, seq, made, pg_current_xact_id()::text::int8 FROM unnest($1::int8[], $2::text[],"          \
    " $3::int8[], $4::int8[], $5::int8[]) AS u (agency, consumer, key, seq, made)"
#define PUT_PLACES_RANKED                                                                                              \
    " ORDER BY agency, consumer, key, made, seq * (2 * made - 1) ON CONFLICT (agency, consumer, key) DO UPDATE"        \
    " SET seq = excluded.seq, made = excluded.made, changed = excluded.changed"                                        \
    " WHERE (excluded.made, excluded.seq * (2 * excluded.made - 1)) < (p.made, p.seq * (2 * p.made - 1))"

static const struct {
    const char *sql;
    statement *run;
} statements[] = {
    {"SELECT epoch, seq, beat, leader, checkpoint, row_sum, hash, sum, to_jsonb(head) ->> 'endpoint',"
     " to_jsonb(head) ->> 'heir' FROM head WHERE id = 1",
     statement_watch},
    {"LISTEN \"coordd.coordd\"", statement_listen},
    {"UNLISTEN *", statement_unlisten},
    {"SELECT pg_advisory_unlock_all()", statement_unlock},
    {PUT_PLACES PUT_PLACES_RANKED, statement_put_places},
    {PUT_PLACES " WHERE true AND set_config('synchronous_commit', 'off', true) = 'off'" PUT_PLACES_RANKED,
     statement_put_places_unsynced},
    {"SELECT agency, key, consumer, seq, made, pg_snapshot_xmin(pg_current_snapshot())::text::int8 FROM place"
     " WHERE changed >= $1::int8",
     statement_read_places},
    {"DELETE FROM place WHERE changed < $1::int8 AND set_config('synchronous_commit', 'off', true) = 'off'",
     statement_forget_places},
    {"SELECT seq, task, previous, hash, body FROM record WHERE seq >= $1::int8 AND seq < $2::int8 ORDER BY seq",
     statement_read_records},
    {"SELECT hash FROM record WHERE seq = $1::int8", statement_read_hash},
    {"SELECT key, seq, sum, body FROM state_row WHERE key > $1::int8 ORDER BY key LIMIT $2::int8", statement_read_rows},
    {"SELECT key, sum FROM state_row WHERE key = ANY($1::int8[]) ORDER BY key", statement_read_sums},
    {"SELECT identity, rehearsal, rehearse_from_ms, sum FROM store WHERE id = 1", statement_read_info},
    {"SELECT seq, checkpoint, row_sum, hash, sum, coalesce((SELECT max(seq) FROM record), 0) FROM head WHERE id = 1",
     statement_read_head},
    {"WITH RECURSIVE link AS (SELECT 1::int8 AS number, 0::int8 AS bytes, r.* FROM record r WHERE r.seq = $1::int8"
     " UNION ALL SELECT l.number + 1, l.bytes + octet_length(l.body), r.* FROM link l"
     " JOIN record r ON r.seq = l.previous WHERE l.previous < l.seq AND l.number < $2::int8"
     " AND l.bytes + octet_length(l.body) < $3::int8)"
     " SELECT seq, task, previous, hash, body, (SELECT b.hash FROM record b WHERE b.seq = link.seq - 1)"
     " FROM link ORDER BY number",
     statement_read_links},
    {"SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0;"
     "SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning; SET jit = off;"
     "SET default_transaction_isolation = 'read committed'; SET client_connection_check_interval = 1000;"
     "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;"
     "SET tcp_user_timeout = 3000;"
     "SELECT set_config('synchronous_commit', 'on', false)"
     " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')",
     nothing},
    {"SELECT (current_setting('fsync') = 'on')::int4::int8", statement_answer_yes},
    {"SELECT set_config('search_path', quote_ident($1::text), false)", statement_answer_yes},
    {"SELECT pg_try_advisory_lock(oid::int4, 1)::int4::int8 FROM pg_namespace WHERE nspname = current_schema()",
     statement_try_lock},
    {"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1::text"
     " AND pid <> pg_backend_pid()",
     statement_end_own},
    {"SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, head h WHERE h.id = 1 AND h.epoch = $1::int8"
     " AND h.leader <> '' AND a.application_name = h.leader AND a.pid <> pg_backend_pid()",
     statement_end_leaders},
    {"SELECT leader FROM head WHERE id = 1", statement_read_leader},
    {"SELECT (to_regclass(quote_ident($1::text) || '.head') IS NOT NULL)::int4::int8", statement_is_made},
    {"SELECT coalesce(max(version), 0)::int8 FROM migration", statement_read_schema},
    {"INSERT INTO migration (version, name) VALUES ($1::int8, $2::text)", statement_put_migration},
    {"SELECT count(*) FROM pg_namespace WHERE nspname = $1::text", statement_answer_yes},
    {"INSERT INTO store (id, identity, rehearsal, rehearse_from_ms, sum) VALUES (1, $1::bytea, $2::int8, $3::int8,"
     " $4::int8)",
     statement_put_store},
    {"INSERT INTO head (id, epoch, beat, leader, seq, checkpoint, row_sum, hash, sum) VALUES (1, 1, 0, $1::text,"
     " $2::int8, $3::int8, $4::int8, $5::bytea, $6::int8)",
     statement_put_head},
    {"BEGIN", nothing},
    {"BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", statement_begin_moment},
    {"COMMIT", statement_commit},
};

static statement *find(const char *sql)
{
    if (strncmp(sql, PG_FENCE, strlen(PG_FENCE)) == 0)
        return statement_append;
    if (strncmp(sql, "UPDATE head ", 12) == 0)
        return statement_update;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(sql, statements[i].sql) == 0)
            return statements[i].run;
    for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++)
        if (strcmp(sql, migrations[i].sql) == 0)
            return nothing;
    return NULL;
}

struct pg_result *pg_execute(struct pg_backend *backend)
{
    statement *run = find(backend->statement.sql);
    SIM_CHECK(pg->sim, run, "a statement that is not known: %s", backend->statement.sql);
    return run(backend);
}
