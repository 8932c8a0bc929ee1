/* What is asked over a connection, and what becomes of it. See libpq.c. */
#include "sim/libpq_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

#define LATE_MS 12000 /* more than the keeper waits for an answer */

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
    return is_look && chance_below(pg_client_chance(), 8) ? 1000 : chance_below(pg_client_chance(), 1000);
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
        pg_client_break(client, chance_below(pg_client_chance(), 200));
        return;
    }
    if (sort < 14) { /* it comes, and nobody hears of it */
        pg->broken++;
        comes_ms += chance_below(pg_client_chance(), 3) ? chance_below(pg_client_chance(), 50)
                                                        : chance_below(pg_client_chance(), LATE_MS);
        pg_client_break(client, chance_below(pg_client_chance(), 200));
        backend->dies_ms = backend->dies_ms > comes_ms ? backend->dies_ms : comes_ms;
    } else if (sort < 17) {
        pg->late++;
        comes_ms += chance_below(pg_client_chance(), LATE_MS);
    } else if (sort < 20) {
        pg->late++;
        backend->answers_in_ms = chance_below(pg_client_chance(), LATE_MS);
    } else if (sort < 250) {
        comes_ms += chance_below(pg_client_chance(), 8);
        backend->answers_in_ms = chance_below(pg_client_chance(), 8);
    }
    pg_backend_ask(backend, comes_ms);
}

static int ask(struct pg_conn *client, const char *sql, bool lasts, int count, const char *const *values,
               const int *sizes)
{
    if (client->state != CLIENT_READY || pg_client_is_gone(client))
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
    if (client->state != CLIENT_READY || pg_client_is_gone(client))
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
