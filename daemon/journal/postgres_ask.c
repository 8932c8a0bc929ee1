/* One command at a time, with a deadline of our own: the server's do not end a commit that waits for its standby. */
#include <endian.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "journal/postgres.h"

/* Silence for so long is a lost connection: a commit takes milliseconds, and a disk that stalls for longer is as good as gone. */
#define SILENCE_MS      10000
#define HURRIED_LOOK_MS 100 /* one that waits may be told at any time to wait no longer */

static const char *const prepared_sql[POSTGRES_PREPARED] = {
#define FENCE                                                                                                          \
    "WITH fence AS (UPDATE head SET seq = $3::int8, checkpoint = $4::int8, row_sum = $5::int8, hash = $6::bytea,"      \
    " sum = $7::int8, beat = beat + 1 WHERE id = 1 AND epoch = $1::int8 AND seq = $2::int8 RETURNING seq),"            \
    " put AS (INSERT INTO record (seq, task, previous, hash, body) SELECT u.* FROM fence,"                             \
    " unnest($9::int8[], $10::int8[], $11::int8[], $12::bytea[], $13::bytea[]) u)"
#define TOLD " SELECT seq, pg_notify($8::text, '') FROM fence" /* to who follows, once it is committed */
    [POSTGRES_APPEND] = FENCE TOLD,
    [POSTGRES_APPEND_ROWS] = FENCE
    ", stand AS (INSERT INTO state_row (key, seq, sum, body) SELECT u.* FROM fence,"
    " unnest($14::int8[], $15::int8[], $16::int8[], $17::bytea[]) u ON CONFLICT (key) DO UPDATE"
    " SET seq = excluded.seq, sum = excluded.sum, body = excluded.body)" TOLD,
#undef FENCE
#undef TOLD
    [POSTGRES_READ] = ("SELECT seq, task, previous, hash, body FROM record"
                       " WHERE seq >= $1::int8 AND seq < $2::int8 ORDER BY seq"),
    [POSTGRES_HASH] = "SELECT hash FROM record WHERE seq = $1::int8",
    [POSTGRES_ROWS] = "SELECT key, seq, sum, body FROM state_row WHERE key > $1::int8 ORDER BY key LIMIT $2::int8",
    [POSTGRES_SUMS] = "SELECT key, sum FROM state_row WHERE key = ANY($1::int8[]) ORDER BY key",
    [POSTGRES_INFO] = "SELECT identity, rehearsal, rehearse_from_ms, sum FROM store WHERE id = 1",
    [POSTGRES_HEAD] = ("SELECT seq, checkpoint, row_sum, hash, sum, coalesce((SELECT max(seq) FROM record), 0)"
                       " FROM head WHERE id = 1"),
    [POSTGRES_BEAT] = ("UPDATE head SET beat = beat + 1 WHERE id = 1 AND epoch = $1::int8" POSTGRES_UNSYNCED
                       " RETURNING beat, pg_notify($2::text, '')"),
    /* The last two came with the third schema, and are null before: a candidate of this program may wait for a store of that. */
    [POSTGRES_WATCH] =
        ("SELECT epoch, seq, beat, leader, checkpoint, row_sum, hash, sum, to_jsonb(head) ->> 'endpoint',"
         " to_jsonb(head) ->> 'heir' FROM head WHERE id = 1"),
    /* It goes down only, so it ends whatever stands there; and it has no more after so many bytes. */
    [POSTGRES_LINKS] =
        ("WITH RECURSIVE link AS (SELECT 1::int8 AS number, 0::int8 AS bytes, r.* FROM record r WHERE r.seq = $1::int8"
         " UNION ALL SELECT l.number + 1, l.bytes + octet_length(l.body), r.* FROM link l"
         " JOIN record r ON r.seq = l.previous WHERE l.previous < l.seq AND l.number < $2::int8"
         " AND l.bytes + octet_length(l.body) < $3::int8)"
         " SELECT seq, task, previous, hash, body, (SELECT b.hash FROM record b WHERE b.seq = link.seq - 1)"
         " FROM link ORDER BY number"),
    /* place_goes_before of base/place.h, where the smaller rank goes before: each consumer's first, and that if it does before what stands. A row
     * that stays is locked for that, which is written too: so the commit waits for all that was written before it in any case. In order:
     * two that put the same wait for each other one way round. */
    [POSTGRES_PLACES_PUT] =
        ("INSERT INTO place AS p (agency, consumer, key, seq, made, changed) SELECT DISTINCT ON (agency, consumer, key)"
         " agency, consumer, key, seq, made, pg_current_xact_id()::text::int8 FROM unnest($1::int8[], $2::text[],"
         " $3::int8[], $4::int8[], $5::int8[]) AS u (agency, consumer, key, seq, made)"
         " ORDER BY agency, consumer, key, made, seq * (2 * made - 1) ON CONFLICT (agency, consumer, key) DO UPDATE"
         " SET seq = excluded.seq, made = excluded.made, changed = excluded.changed"
         " WHERE (excluded.made, excluded.seq * (2 * excluded.made - 1)) < (p.made, p.seq * (2 * p.made - 1))"),
    [POSTGRES_PLACES] = ("SELECT agency, key, consumer, seq, made, pg_snapshot_xmin(pg_current_snapshot())::text::int8"
                         " FROM place WHERE changed >= $1::int8"),
    [POSTGRES_PLACES_FORGET] = "DELETE FROM place WHERE changed < $1::int8" POSTGRES_UNSYNCED,
};

/* ---- what is given and got ---- */

void postgres_number(struct postgres_values *values, uint64_t number)
{
    values->numbers[values->count] = htobe64(number);
    values->values[values->count] = (const char *)&values->numbers[values->count];
    values->sizes[values->count++] = 8;
}

void postgres_bytes(struct postgres_values *values, const void *bytes, size_t size)
{
    values->values[values->count] = bytes ? bytes : ""; /* NULL would be a null */
    values->sizes[values->count++] = (int)size;
}

uint64_t postgres_field(const PGresult *result, int row, int column)
{
    uint64_t number = 0;
    if (PQgetlength(result, row, column) == (int)sizeof number)
        memcpy(&number, PQgetvalue(result, row, column), sizeof number);
    return be64toh(number);
}

const uint8_t *postgres_field_hash(const PGresult *result, int row, int column)
{
    return PQgetlength(result, row, column) == CHAIN_HASH_SIZE ? (const uint8_t *)PQgetvalue(result, row, column)
                                                               : NULL;
}

/* ---- waiting ---- */

static int give_up(struct postgres *postgres, const char *why)
{
    postgres_disconnect(postgres, why);
    return POSTGRES_LOST;
}

/* Until a result can be taken. */
static int await(struct postgres *postgres)
{
    const int64_t began = postgres_now_ms();
    const bool hasty = postgres->wait || postgres->journal.following;
    int64_t until = began + SILENCE_MS;
    int unsent = PQflush(postgres->connection);
    while (unsent != 0 || PQisBusy(postgres->connection)) {
        struct pollfd polled = {PQsocket(postgres->connection), POLLIN, 0};
        const int64_t left = until - postgres_now_ms();
        if (unsent < 0)
            return give_up(postgres, PQerrorMessage(postgres->connection));
        if (left <= 0)
            return give_up(postgres, "no answer came for 10 s");
        if (postgres_hurried(postgres, began))
            return give_up(postgres, "it is to wait no longer");
        if (unsent > 0)
            polled.events |= POLLOUT;
        if (poll(&polled, 1, hasty && left > HURRIED_LOOK_MS ? HURRIED_LOOK_MS : (int)left) <= 0)
            continue;
        until = postgres_now_ms() + SILENCE_MS;
        if ((polled.revents & ~POLLOUT) && !PQconsumeInput(postgres->connection))
            return give_up(postgres, PQerrorMessage(postgres->connection));
        unsent = PQflush(postgres->connection);
    }
    return JOURNAL_OK;
}

/* What an error means for what was asked. All but a full disk, damage and a mistake of ours or the operator's is treated as a lost
 * connection: an administrator who ends sessions, a server that shuts down, a primary that is one no more. */
static int judge(struct postgres *postgres, const PGresult *result)
{
    static const char *const hopeless[] = {"0A", "22", "23", "26", "28", "3D", "3F", "42"};
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!state || !words || PQstatus(postgres->connection) == CONNECTION_BAD)
        return give_up(postgres, PQresultErrorMessage(result));
    if (strcmp(state, "53100") == 0)
        return journal_fail(&postgres->journal, JOURNAL_FULL, "PostgreSQL: %s (%s)", words, state);
    if (strcmp(state, "XX001") == 0 || strcmp(state, "XX002") == 0)
        return journal_fail(&postgres->journal, JOURNAL_DAMAGED, "PostgreSQL: %s (%s)", words, state);
    for (size_t i = 0; i < sizeof hopeless / sizeof *hopeless; i++)
        if (strncmp(state, hopeless[i], 2) == 0)
            return journal_fail(&postgres->journal, JOURNAL_FAILED, "PostgreSQL: %s (%s)", words, state);
    return give_up(postgres, PQresultErrorMessage(result));
}

int postgres_take(struct postgres *postgres, PGresult **result)
{
    *result = NULL;
    if (await(postgres) != JOURNAL_OK)
        return POSTGRES_LOST;
    PGresult *taken = PQgetResult(postgres->connection);
    const ExecStatusType status = PQresultStatus(taken);
    if (!taken || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE || status == PGRES_COMMAND_OK) {
        *result = taken;
        return JOURNAL_OK;
    }
    const int outcome = judge(postgres, taken);
    PQclear(taken);
    return outcome;
}

/* All results of a command; the last is given back. What follows an error is read away, so that the next can be asked. */
static int take_all(struct postgres *postgres, PGresult **result)
{
    PGresult *taken = NULL, *next = NULL;
    int outcome = JOURNAL_OK, came;
    do {
        came = postgres_take(postgres, &next);
        if (came != JOURNAL_OK && outcome == JOURNAL_OK)
            outcome = came;
        if (next) {
            PQclear(taken);
            taken = next;
        }
    } while (postgres->connection && (next || came != JOURNAL_OK));
    if (!postgres->connection)
        outcome = POSTGRES_LOST;
    if (outcome == JOURNAL_OK && postgres->warning[0])
        outcome = give_up(postgres, postgres->warning);
    if (outcome != JOURNAL_OK || !result) {
        PQclear(taken);
        taken = NULL;
    }
    if (result)
        *result = taken;
    return outcome;
}

/* ---- asking ---- */

static const int binary[POSTGRES_VALUES_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static int unconnected(struct postgres *postgres, PGresult **result)
{
    if (result)
        *result = NULL;
    postgres->warning[0] = '\0';
    return postgres->connection ? JOURNAL_OK : POSTGRES_LOST;
}

int postgres_ask(struct postgres *postgres, const char *sql, const struct postgres_values *values, PGresult **result)
{
    static const struct postgres_values none;
    const struct postgres_values *given = values ? values : &none;
    if (unconnected(postgres, result) != JOURNAL_OK)
        return POSTGRES_LOST;
    if (!PQsendQueryParams(postgres->connection, sql, given->count, NULL, given->values, given->sizes, binary, 1))
        return give_up(postgres, PQerrorMessage(postgres->connection));
    return take_all(postgres, result);
}

int postgres_run(struct postgres *postgres, const char *sql)
{
    if (unconnected(postgres, NULL) != JOURNAL_OK)
        return POSTGRES_LOST;
    if (!PQsendQuery(postgres->connection, sql))
        return give_up(postgres, PQerrorMessage(postgres->connection));
    return take_all(postgres, NULL);
}

int postgres_send_prepared(struct postgres *postgres, enum postgres_prepared statement,
                           const struct postgres_values *values)
{
    char name[8];
    snprintf(name, sizeof name, "s%d", (int)statement);
    if (unconnected(postgres, NULL) != JOURNAL_OK)
        return POSTGRES_LOST;
    if (!postgres->prepared[statement]) {
        if (!PQsendPrepare(postgres->connection, name, prepared_sql[statement], 0, NULL))
            return give_up(postgres, PQerrorMessage(postgres->connection));
        const int made = take_all(postgres, NULL);
        if (made != JOURNAL_OK)
            return made;
        postgres->prepared[statement] = true;
    }
    postgres->warning[0] = '\0';
    if (!PQsendQueryPrepared(postgres->connection, name, values->count, values->values, values->sizes, binary, 1))
        return give_up(postgres, PQerrorMessage(postgres->connection));
    return JOURNAL_OK;
}

int postgres_ask_prepared(struct postgres *postgres, enum postgres_prepared statement,
                          const struct postgres_values *values, PGresult **result)
{
    *result = NULL;
    const int sent = postgres_send_prepared(postgres, statement, values);
    return sent == JOURNAL_OK ? take_all(postgres, result) : sent;
}

int postgres_ask_known(struct postgres *postgres, enum postgres_prepared statement,
                       const struct postgres_values *values, PGresult **result)
{
    int asked = postgres_ask_prepared(postgres, statement, values, result);
    while (asked == POSTGRES_LOST) {
        asked = postgres_recover_same(postgres);
        if (asked == JOURNAL_OK)
            asked = postgres_ask_prepared(postgres, statement, values, result);
    }
    if (asked == JOURNAL_OK)
        postgres_well(postgres);
    return asked;
}
