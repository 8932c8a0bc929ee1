/* The schema: numbered migrations, each in a transaction of its own; the table `migration` says which were done. Those of a new store
 * are in one transaction with its first commit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen/journal/postgres_migrations.h"
#include "journal/postgres.h"

#define MIGRATION_COUNT ((int)(sizeof migrations / sizeof *migrations))

/* A lost connection is one more cause: the store is not open yet, and is opened anew by whoever wants it. */
static int told(struct postgres *postgres, int result)
{
    if (result != POSTGRES_LOST)
        return result;
    postgres->journal.lost = true;
    return journal_fail(&postgres->journal, JOURNAL_FAILED, "the connection to PostgreSQL was lost: %s",
                        postgres->lost);
}

static int ask_number(struct postgres *postgres, const char *sql, const struct postgres_values *values,
                      uint64_t *number)
{
    PGresult *asked;
    const int result = told(postgres, postgres_ask(postgres, sql, values, &asked));
    if (result == JOURNAL_OK)
        *number = PQntuples(asked) == 1 ? postgres_field(asked, 0, 0) : 0;
    PQclear(asked);
    return result;
}

int postgres_stands(struct postgres *postgres, bool *stands)
{
    struct postgres_values values = {0};
    uint64_t there = 0;
    postgres_bytes(&values, postgres->server->schema, strlen(postgres->server->schema));
    const int result = ask_number(
        postgres, "SELECT (to_regclass(quote_ident($1::text) || '.head') IS NOT NULL)::int4::int8", &values, &there);
    *stands = there != 0;
    return result;
}

static int run_migration(struct postgres *postgres, const struct migration *migration)
{
    static const char put[] = "INSERT INTO migration (version, name) VALUES ($1::int8, $2::text)";
    struct postgres_values values = {0};
    postgres_number(&values, (uint64_t)migration->version);
    postgres_bytes(&values, migration->name, strlen(migration->name));
    const int result = postgres_run(postgres, migration->sql);
    return told(postgres, result == JOURNAL_OK ? postgres_ask(postgres, put, &values, NULL) : result);
}

/* ---- names ---- */

const char *postgres_quote(struct postgres *postgres, const char *name, char quoted[140])
{
    char *made = postgres->connection ? PQescapeIdentifier(postgres->connection, name, strlen(name)) : NULL;
    snprintf(quoted, 140, "%s", made ? made : "\"\"");
    PQfreemem(made);
    return quoted;
}

/* In a transaction: the schema is still ours and as it was when it was read, and nobody claims it until it has its new name. Who waited
 * for that with a claim looks for the old name again, and finds none. With its new name nobody leads it. */
static int fence(struct postgres *postgres)
{
    PGresult *fenced;
    struct postgres_values values = {0};
    int result = postgres_run(postgres, "BEGIN; LOCK TABLE head IN EXCLUSIVE MODE");
    if (result != JOURNAL_OK)
        return result;
    postgres_number(&values, postgres->epoch);
    postgres_number(&values, postgres->journal.head.seq);
    result = postgres_ask(
        postgres,
        "UPDATE head SET epoch = epoch + 1, leader = '', endpoint = '' WHERE id = 1 AND epoch = $1::int8"
        " AND seq = $2::int8 RETURNING epoch",
        &values, &fenced);
    if (result == JOURNAL_OK && PQntuples(fenced) != 1)
        result = postgres_demoted(postgres);
    PQclear(fenced);
    return result;
}

/* A renamed schema is the same one: who has its lock has it still. But all statements, prepared ones too, look for the old name. */
int postgres_rename(struct journal *journal, const char *name)
{
    struct postgres *postgres = postgres_of(journal);
    char sql[400], from[140], to[140];
    snprintf(sql, sizeof sql, "ALTER SCHEMA %s RENAME TO %s", postgres_quote(postgres, postgres->server->schema, from),
             postgres_quote(postgres, name, to));
    int result = fence(postgres);
    if (result == JOURNAL_OK)
        result = postgres_run(postgres, sql);
    if (result == JOURNAL_OK)
        result = postgres_run(postgres, "COMMIT");
    else if (result != POSTGRES_LOST)
        (void)postgres_run(postgres, "ROLLBACK"); /* or with the connection */
    if (result == JOURNAL_OK)
        lease_move(&postgres->lease, LEASE_ENDED);
    if (result == POSTGRES_LOST)
        return journal_fail(journal, JOURNAL_FAILED, "the connection was lost; look whether it is %.63s now: %.100s",
                            name, postgres->lost);
    return result;
}

/* ---- a new store ---- */

/* The schema may be there, made for the broker by whoever may make one. */
static int make_schema(struct postgres *postgres)
{
    struct postgres_values values = {0};
    uint64_t there = 0;
    char sql[160], quoted[140];
    postgres_bytes(&values, postgres->server->schema, strlen(postgres->server->schema));
    const int result = ask_number(postgres, "SELECT count(*) FROM pg_namespace WHERE nspname = $1::text", &values,
                                  &there);
    if (result != JOURNAL_OK || there != 0)
        return result;
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", postgres_quote(postgres, postgres->server->schema, quoted));
    return told(postgres, postgres_run(postgres, sql));
}

static int drop_schema(struct postgres *postgres)
{
    char sql[200], quoted[140];
    snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE",
             postgres_quote(postgres, postgres->server->schema, quoted));
    return told(postgres, postgres_run(postgres, sql));
}

int postgres_make(struct postgres *postgres, bool over)
{
    int result = told(postgres, postgres_run(postgres, "BEGIN"));
    if (result == JOURNAL_OK && over)
        result = drop_schema(postgres);
    if (result == JOURNAL_OK)
        result = make_schema(postgres);
    for (int i = 0; i < MIGRATION_COUNT && result == JOURNAL_OK; i++)
        result = run_migration(postgres, &migrations[i]);
    postgres->has_endpoints = true;
    postgres->journal.info.schema = migrations[MIGRATION_COUNT - 1].version;
    return result;
}

/* ---- one that stands ---- */

static int migrate_one(struct postgres *postgres, const struct migration *migration)
{
    int result = told(postgres, postgres_run(postgres, "BEGIN"));
    if (result == JOURNAL_OK)
        result = run_migration(postgres, migration);
    if (result == JOURNAL_OK)
        return told(postgres, postgres_run(postgres, "COMMIT"));
    (void)postgres_run(postgres, "ROLLBACK"); /* or with the connection, which is closed */
    return result;
}

/* Which schema it has: refused when this program does not know it. */
static int look_at_version(struct postgres *postgres, uint64_t *version, struct problem *problem)
{
    const uint64_t newest = (uint64_t)migrations[MIGRATION_COUNT - 1].version;
    const int result = ask_number(postgres, "SELECT coalesce(max(version), 0)::int8 FROM migration", NULL, version);
    if (result != JOURNAL_OK || *version <= newest)
        return result;
    (void)journal_fail(&postgres->journal, JOURNAL_FAILED,
                       "the store has schema %llu, this program knows up to %llu: it is older",
                       (unsigned long long)*version, (unsigned long long)newest);
    problem_set(problem, COORD_E_SYSTEM, "", "%.240s", postgres->journal.failure);
    return JOURNAL_FAILED;
}

int postgres_knows_schema(struct postgres *postgres, struct problem *problem)
{
    uint64_t version = 0;
    return look_at_version(postgres, &version, problem);
}

int postgres_migrate(struct postgres *postgres, struct problem *problem)
{
    uint64_t version = 0;
    const uint64_t newest = (uint64_t)migrations[MIGRATION_COUNT - 1].version;
    int result = look_at_version(postgres, &version, problem);
    if (result == JOURNAL_OK && version < newest && postgres->looks)
        return journal_fail(&postgres->journal, JOURNAL_FAILED,
                            "its schema is older: a start brings it to this program's");
    for (int i = 0; i < MIGRATION_COUNT && result == JOURNAL_OK; i++)
        if ((uint64_t)migrations[i].version > version)
            result = migrate_one(postgres, &migrations[i]);
    postgres->has_endpoints = result == JOURNAL_OK;
    postgres->journal.info.schema = (int)newest;
    return result;
}

/* ---- one that is to be followed ---- */

#define NEWEST (migrations[MIGRATION_COUNT - 1].version)

int postgres_note_schema(struct postgres *postgres, struct problem *problem)
{
    uint64_t version = 0;
    const int result = look_at_version(postgres, &version, problem);
    if (result == JOURNAL_OK) {
        postgres->journal.info.schema = (int)version;
        postgres->awaits_schema = postgres->awaits_schema && version < (uint64_t)NEWEST;
    }
    return result;
}

/* For as long as that takes, and no longer: it has restored nothing that it could lead with. Without the lock somebody else is at it. */
static int bring_there(struct postgres *postgres, struct problem *problem)
{
    int result = postgres_lock(postgres, 0);
    if (result == JOURNAL_OK && postgres->locked)
        result = postgres_migrate(postgres, problem);
    postgres_give_up(postgres);
    postgres_disconnect(postgres, NULL);
    return told(postgres, result);
}

/* By whoever leads next; by this one, when nobody does: those that follow may be all there are. */
static int await_schema(struct postgres *postgres, struct problem *problem)
{
    int result = JOURNAL_OK;
    while (result == JOURNAL_OK && postgres->awaits_schema) {
        lease_init(&postgres->lease, postgres->lease.lease_ms, LEASE_WAITS);
        result = postgres_wait(postgres);
        if (result == JOURNAL_OK && postgres->lease.state == LEASE_LEADS)
            result = bring_there(postgres, problem);
        if (result == JOURNAL_OK)
            result = postgres_reach(postgres);
        if (result == JOURNAL_OK)
            result = postgres_note_schema(postgres, problem);
    }
    lease_init(&postgres->lease, postgres->lease.lease_ms, LEASE_FOLLOWS);
    return result;
}

int postgres_await_schema(struct postgres *postgres, struct problem *problem)
{
    char words[160];
    postgres->awaits_schema = true;
    const int result = postgres_note_schema(postgres, problem);
    if (result != JOURNAL_OK || !postgres->awaits_schema)
        return result;
    snprintf(words, sizeof words,
             "the store has schema %d, and the first coordd of this kind that leads it brings it to %d",
             postgres->journal.info.schema, NEWEST);
    if (!postgres->wait)
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "%s", words);
    postgres_tell(postgres, "waits: %s", words);
    return await_schema(postgres, problem);
}
