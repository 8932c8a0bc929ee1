/* The role and the database of a store that is to be made. The password is sent as what the server keeps of it, so that it stands in no
 * log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/postgres.h"

static int is_there(struct postgres *postgres, const char *sql, const char *name, bool *there)
{
    struct postgres_values values = {0};
    PGresult *found;
    postgres_bytes(&values, name, strlen(name));
    const int result = postgres_ask(postgres, sql, &values, &found);
    *there = result == JOURNAL_OK && PQntuples(found) > 0;
    PQclear(found);
    return result;
}

/* What libpq will not write as it must be has no place in a command. */
static int fail_writing(struct postgres *postgres, const char *fault, const char *what)
{
    postgres->fault = fault;
    const char *why = PQerrorMessage(postgres->connection);
    return journal_fail(&postgres->journal, JOURNAL_FAILED, "%s: %.*s", what, (int)strcspn(why, "\n"), why);
}

/* `between` and `last` are quoted already. */
static int make(struct postgres *postgres, const char *before, const char *name, const char *between, const char *last)
{
    char sql[1000];
    char *quoted = PQescapeIdentifier(postgres->connection, name, strlen(name));
    if (!quoted)
        return fail_writing(postgres, "", "a name cannot be quoted");
    snprintf(sql, sizeof sql, "%s %s %s %s", before, quoted, between, last);
    PQfreemem(quoted);
    const int result = postgres_run(postgres, sql);
    explicit_bzero(sql, sizeof sql);
    return result;
}

static int make_role(struct postgres *postgres, const struct journal_server *server)
{
    bool there;
    const int result = is_there(postgres, "SELECT 1 FROM pg_roles WHERE rolname = $1::text", server->user, &there);
    if (result != JOURNAL_OK || there)
        return result;
    if (!server->password[0])
        return make(postgres, "CREATE ROLE", server->user, "LOGIN", "");
    char *kept = PQencryptPasswordConn(postgres->connection, server->password, server->user, NULL);
    char *quoted = kept ? PQescapeLiteral(postgres->connection, kept, strlen(kept)) : NULL;
    const int made = quoted ? make(postgres, "CREATE ROLE", server->user, "LOGIN PASSWORD", quoted)
                            : fail_writing(postgres, "password_file", "the password cannot be encrypted");
    PQfreemem(quoted);
    PQfreemem(kept);
    return made;
}

static int make_database(struct postgres *postgres, const struct journal_server *server)
{
    bool there;
    const int result = is_there(postgres, "SELECT 1 FROM pg_database WHERE datname = $1::text", server->database,
                                &there);
    if (result != JOURNAL_OK || there)
        return result;
    char *owner = PQescapeIdentifier(postgres->connection, server->user, strlen(server->user));
    const int made = owner ? make(postgres, "CREATE DATABASE", server->database, "OWNER", owner)
                           : fail_writing(postgres, "", "a name cannot be quoted");
    PQfreemem(owner);
    return made;
}

int journal_prepare(const struct journal_server *server, const char *as, struct problem *problem)
{
    struct postgres *postgres = xcalloc(1, sizeof *postgres);
    struct journal_server whose = *server;
    whose.user = as;
    whose.password = "";
    whose.database = "postgres"; /* the one that is always there */
    postgres->server = &whose;
    postgres->host = -1;
    snprintf(postgres->name, sizeof postgres->name, "coordd init");
    int result = postgres_connect(postgres);
    if (result == JOURNAL_OK)
        result = make_role(postgres, server);
    if (result == JOURNAL_OK)
        result = make_database(postgres, server);
    if (result != JOURNAL_OK)
        problem_set(problem, COORD_E_SYSTEM, postgres->fault, "role %.40s cannot prepare the database: %.180s", as,
                    result == POSTGRES_LOST ? postgres->lost : postgres->journal.failure);
    postgres_disconnect(postgres, NULL);
    free(postgres);
    return problem->error;
}
