/* The keeper's statements that move the head: what is appended, and what else is put into its row. See pg.h. */
#include "sim/pg_statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

static void fill_records(const struct pg_backend *backend, struct pg_change *change, int first)
{
    struct pg_array columns[5];
    for (int i = 0; i < 5; i++)
        columns[i] = pg_array_of(backend, first + i);
    change->record_count = columns[0].count;
    change->records = xcalloc(change->record_count + 1, sizeof *change->records);
    for (size_t i = 0; i < change->record_count; i++) {
        struct pg_record *record = &change->records[i];
        record->seq = pg_take_number(&columns[0]);
        record->task = pg_take_number(&columns[1]);
        record->previous = pg_take_number(&columns[2]);
        memcpy(record->hash, pg_take_value(&columns[3]).bytes, sizeof record->hash);
        const struct pg_value body = pg_take_value(&columns[4]);
        record->body = xmemdup(body.bytes, (size_t)body.size);
        record->size = (uint32_t)body.size;
    }
}

static void fill_rows(const struct pg_backend *backend, struct pg_change *change, int first)
{
    struct pg_array columns[4];
    for (int i = 0; i < 4; i++)
        columns[i] = pg_array_of(backend, first + i);
    change->row_count = columns[0].count;
    change->rows = xcalloc(change->row_count + 1, sizeof *change->rows);
    for (size_t i = 0; i < change->row_count; i++) {
        struct pg_row *row = &change->rows[i];
        row->key = (int64_t)pg_take_number(&columns[0]);
        row->seq = pg_take_number(&columns[1]);
        row->sum = pg_take_number(&columns[2]);
        const struct pg_value body = pg_take_value(&columns[3]);
        row->body = xmalloc((size_t)body.size + 1);
        memcpy(row->body, body.bytes, (size_t)body.size);
        row->size = (uint32_t)body.size;
    }
}

/* A key is one row's: a record that is there already ends the statement, and changes nothing. */
static bool is_taken(const struct pg_change *change)
{
    for (size_t i = 0; i < change->record_count; i++)
        if (change->records[i].seq != pg->tables.record_count + 1 + i)
            return true;
    return false;
}

#define PUT                                                                                                            \
    "), put AS (INSERT INTO record (seq, task, previous, hash, body) SELECT u.* FROM fence,"                           \
    " unnest($9::int8[], $10::int8[], $11::int8[], $12::bytea[], $13::bytea[]) u)"
#define STAND                                                                                                          \
    ", stand AS (INSERT INTO state_row (key, seq, sum, body) SELECT u.* FROM fence,"                                   \
    " unnest($14::int8[], $15::int8[], $16::int8[], $17::bytea[]) u ON CONFLICT (key) DO UPDATE"                       \
    " SET seq = excluded.seq, sum = excluded.sum, body = excluded.body)"
#define TOLD    " SELECT seq, pg_notify($8::text, '') FROM fence"
#define RECORDS 9  /* the number of the first array of records… */
#define ROWS    14 /* …and of rows */

struct pg_result *statement_append(struct pg_backend *backend)
{
    struct pg_change *change;
    const char *rest;
    bool waits;
    struct pg_result *result = pg_update(backend, backend->statement.sql + strlen(PG_FENCE), &rest, &change, &waits);
    if (!result)
        return NULL;
    const bool has_rows = strcmp(rest, PUT STAND TOLD) == 0;
    SIM_CHECK(pg->sim, has_rows || strcmp(rest, PUT TOLD) == 0, "a statement that is not known: %s",
              backend->statement.sql);
    if (!change)
        return result;
    change->notifies = true;
    fill_records(backend, change, RECORDS);
    if (has_rows)
        fill_rows(backend, change, ROWS);
    const bool is_full = strand_now_ms() < pg->full_ms;
    if (is_full || is_taken(change)) {
        pg->no_room += is_full;
        pg_change_free(change);
        PQclear(result);
        return is_full ? pg_result_error("53100", "could not extend file: No space left on device")
                       : pg_result_error("23505", "duplicate key value violates unique constraint");
    }
    pg_commit(backend, change, result, waits);
    return NULL;
}

struct pg_result *statement_update(struct pg_backend *backend)
{
    struct pg_change *change;
    const char *rest;
    bool waits;
    struct pg_result *result = pg_update(backend, backend->statement.sql, &rest, &change, &waits);
    SIM_CHECK(pg->sim, !result || *rest == '\0', "a statement that is not known: %s: at %s", backend->statement.sql,
              result ? rest : "");
    if (!change)
        return result;
    if (result->claims)
        several_check_claim(pg->sim, backend);
    else if (pg_leader(&change->head)[0] == '\0')
        several_check_give_up(pg->sim, backend);
    pg_commit(backend, change, result, waits);
    return NULL;
}
