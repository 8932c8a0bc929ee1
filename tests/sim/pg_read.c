/* The keeper's statements that read. See pg.h. */
#include "sim/pg_statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

struct pg_moment *pg_moment_of(struct pg_backend *backend)
{
    static struct pg_moment now;
    struct pg_tables *tables = &pg->tables;
    struct pg_moment *moment = &backend->moment;
    if (!moment->is_begun)
        moment = &now;
    if (moment->is_taken)
        return moment;
    *moment = (struct pg_moment){.is_begun = moment->is_begun,
                                 .is_taken = moment->is_begun,
                                 .head = tables->head,
                                 .record_count = tables->record_count,
                                 .rows = tables->rows,
                                 .row_count = tables->row_count};
    if (!moment->is_begun)
        return moment;
    moment->rows = xcalloc(tables->row_count + 1, sizeof *moment->rows);
    for (size_t i = 0; i < tables->row_count; i++) {
        moment->rows[i] = tables->rows[i];
        moment->rows[i].body = xmalloc(tables->rows[i].size + 1);
        memcpy(moment->rows[i].body, tables->rows[i].body, tables->rows[i].size);
    }
    return moment;
}

struct pg_result *statement_begin_moment(struct pg_backend *backend)
{
    pg_moment_end(&backend->moment);
    backend->moment.is_begun = true;
    return pg_result_new(0);
}

struct pg_result *statement_commit(struct pg_backend *backend)
{
    pg_moment_end(&backend->moment);
    return pg_result_new(0);
}

struct pg_result *statement_read_info(struct pg_backend *backend)
{
    const struct pg_tables *tables = &pg->tables;
    struct pg_result *result = pg_result_new(4);
    (void)backend;
    pg_result_bytes(result, tables->info.identity, sizeof tables->info.identity);
    pg_result_number(result, tables->info.rehearsal);
    pg_result_number(result, (uint64_t)tables->info.rehearse_from_ms);
    pg_result_number(result, tables->info_sum);
    return result;
}

struct pg_result *statement_read_head(struct pg_backend *backend)
{
    static const enum pg_column columns[] = {PG_SEQ, PG_CHECKPOINT, PG_ROW_SUM, PG_HASH, PG_SUM};
    const struct pg_moment *moment = pg_moment_of(backend);
    struct pg_result *result = pg_result_new(6);
    for (int i = 0; i < 5; i++)
        pg_give(result, &moment->head, columns[i]);
    pg_result_number(result, moment->record_count);
    return result;
}

static void give_record(struct pg_result *result, const struct pg_record *record)
{
    pg_result_number(result, record->seq);
    pg_result_number(result, record->task);
    pg_result_number(result, record->previous);
    pg_result_bytes(result, record->hash, sizeof record->hash);
    pg_result_bytes(result, record->body, record->size);
}

struct pg_result *statement_read_records(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(5);
    const uint64_t newest = pg_moment_of(backend)->record_count;
    for (uint64_t seq = pg_number_of(backend, 1); seq < pg_number_of(backend, 2) && seq <= newest; seq++)
        if (seq > 0)
            give_record(result, &pg->tables.records[seq - 1]);
    return result;
}

struct pg_result *statement_read_hash(struct pg_backend *backend)
{
    const uint64_t seq = pg_number_of(backend, 1);
    struct pg_result *result = pg_result_new(1);
    if (seq > 0 && seq <= pg_moment_of(backend)->record_count)
        pg_result_bytes(result, pg->tables.records[seq - 1].hash, CHAIN_HASH_SIZE);
    return result;
}

struct pg_result *statement_read_links(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(6);
    uint64_t seq = pg_number_of(backend, 1), count = pg_number_of(backend, 2), bytes = 0;
    while (seq > 0 && seq <= pg_moment_of(backend)->record_count && count-- > 0 && bytes < pg_number_of(backend, 3)) {
        const struct pg_record *record = &pg->tables.records[seq - 1];
        give_record(result, record);
        pg_result_bytes(result, seq > 1 ? pg->tables.records[seq - 2].hash : (const uint8_t *)"",
                        seq > 1 ? CHAIN_HASH_SIZE : 0);
        bytes += record->size;
        seq = record->previous < seq ? record->previous : 0;
    }
    return result;
}

struct pg_result *statement_read_rows(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(4);
    const struct pg_moment *moment = pg_moment_of(backend);
    const int64_t after = (int64_t)pg_number_of(backend, 1);
    uint64_t left = pg_number_of(backend, 2);
    for (size_t place = 0; left > 0 && place < moment->row_count; place++) {
        const struct pg_row *row = &moment->rows[place];
        if (row->key <= after)
            continue;
        left--;
        pg_result_number(result, (uint64_t)row->key);
        pg_result_number(result, row->seq);
        pg_result_number(result, row->sum);
        pg_result_bytes(result, row->body, row->size);
    }
    return result;
}

struct pg_result *statement_read_sums(struct pg_backend *backend)
{
    struct pg_array keys = pg_array_of(backend, 1);
    struct pg_result *result = pg_result_new(2);
    int64_t *wanted = xcalloc(keys.count + 1, sizeof *wanted);
    size_t count = 0;
    for (uint32_t i = 0; i < keys.count; i++)
        wanted[count++] = (int64_t)pg_take_number(&keys);
    for (size_t i = 0; i < pg->tables.row_count; i++) {
        bool is_wanted = false;
        for (size_t j = 0; j < count && !is_wanted; j++)
            is_wanted = wanted[j] == pg->tables.rows[i].key;
        if (!is_wanted)
            continue;
        pg_result_number(result, (uint64_t)pg->tables.rows[i].key);
        pg_result_number(result, pg->tables.rows[i].sum);
    }
    free(wanted);
    return result;
}
