/* A batch as it is gathered, and as PostgreSQL takes it: arrays in the binary format, a column each. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/postgres.h"

/* ---- gathering ---- */

void postgres_batch_clear(struct postgres_batch *batch)
{
    batch->founds = false;
    batch->record_count = batch->row_count = 0;
    map_done(&batch->keys);
    PQclear(batch->sums);
    batch->sums = NULL;
}

void postgres_batch_done(struct postgres_batch *batch)
{
    postgres_batch_clear(batch);
    free(batch->records);
    free(batch->rows);
    for (size_t i = 0; i < sizeof batch->columns / sizeof *batch->columns; i++)
        buffer_done(&batch->columns[i]);
}

int postgres_begin(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    postgres_batch_clear(&postgres->batch);
    if (postgres->looks)
        return journal_fail(journal, JOURNAL_FAILED, "it was opened to be looked at");
    if (lease_follows(&postgres->lease))
        return journal_fail(journal, JOURNAL_FAILED, "it is followed, and another appends to it");
    if (!postgres->locked && postgres->connection)
        (void)postgres_lock(postgres, 0); /* it is lost again, or another's: the append will find out */
    return JOURNAL_OK;
}

int postgres_put_info(struct journal *journal, const struct journal_info *info, uint64_t sum)
{
    struct postgres_batch *batch = &postgres_of(journal)->batch;
    batch->founds = true;
    batch->info = *info;
    batch->info_sum = sum;
    return JOURNAL_OK;
}

int postgres_put_record(struct journal *journal, const struct journal_record *record,
                        const uint8_t hash[CHAIN_HASH_SIZE])
{
    struct postgres_batch *batch = &postgres_of(journal)->batch;
    batch->records = xgrow(batch->records, batch->record_count, &batch->record_capacity, sizeof *batch->records);
    struct postgres_record *put = &batch->records[batch->record_count++];
    put->record = record;
    memcpy(put->hash, hash, CHAIN_HASH_SIZE);
    return JOURNAL_OK;
}

/* ---- arrays, in the binary format ---- */

static void put32(struct buffer *buffer, uint32_t number)
{
    number = htobe32(number);
    buffer_append(buffer, &number, sizeof number);
}

struct buffer *postgres_array(struct buffer *buffer, enum postgres_type type, size_t count)
{
    buffer->exhausted = xalloc_failed;
    buffer_clear(buffer);
    put32(buffer, count > 0 ? 1 : 0); /* dimensions */
    put32(buffer, 0);                 /* there are no nulls */
    put32(buffer, (uint32_t)type);
    if (count > 0) {
        put32(buffer, (uint32_t)count);
        put32(buffer, 1); /* the first one's index */
    }
    return buffer;
}

void postgres_array_number(struct buffer *buffer, uint64_t number)
{
    put32(buffer, sizeof number);
    number = htobe64(number);
    buffer_append(buffer, &number, sizeof number);
}

void postgres_array_bytes(struct buffer *buffer, const void *bytes, size_t size)
{
    put32(buffer, (uint32_t)size);
    buffer_append(buffer, bytes, size);
}

static void fill_records(struct postgres_batch *batch)
{
    struct buffer *columns = batch->columns;
    const size_t count = batch->record_count;
    for (int i = 0; i < 5; i++)
        postgres_array(&columns[i], i < 3 ? POSTGRES_INT8 : POSTGRES_BYTEA, count);
    for (size_t i = 0; i < count; i++) {
        const struct journal_record *record = batch->records[i].record;
        postgres_array_number(&columns[0], record->seq);
        postgres_array_number(&columns[1], record->task);
        postgres_array_number(&columns[2], record->previous);
        postgres_array_bytes(&columns[3], batch->records[i].hash, CHAIN_HASH_SIZE);
        postgres_array_bytes(&columns[4], record->body, record->size);
    }
}

static void fill_rows(struct postgres_batch *batch)
{
    struct buffer *columns = batch->columns + 5;
    for (int i = 0; i < 4; i++)
        postgres_array(&columns[i], i < 3 ? POSTGRES_INT8 : POSTGRES_BYTEA, batch->row_count);
    for (size_t i = 0; i < batch->row_count; i++) {
        const struct postgres_row *row = &batch->rows[i];
        postgres_array_number(&columns[0], row->row.key);
        postgres_array_number(&columns[1], row->row.seq);
        postgres_array_number(&columns[2], row->sum);
        postgres_array_bytes(&columns[3], row->row.body, row->row.size);
    }
}

/* ---- rows ---- */

/* What they stand with, for all of them at once: one by one would be a way to the server and back each. */
int postgres_foresee(struct journal *journal, const struct journal_row *rows, size_t count)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_values values = {0};
    struct buffer *keys = postgres_array(&postgres->batch.columns[5], POSTGRES_INT8, count);
    for (size_t i = 0; i < count; i++)
        postgres_array_number(keys, rows[i].key);
    postgres_bytes(&values, keys->data, keys->size);
    return postgres_ask_known(postgres, POSTGRES_SUMS, &values, &postgres->batch.sums);
}

static struct postgres_row *find_put(struct postgres_batch *batch, uint64_t key)
{
    uint32_t probe = MAP_BEGIN, value;
    while (map_next(&batch->keys, key, &probe, &value))
        if (batch->rows[value].row.key == key)
            return &batch->rows[value];
    return NULL;
}

/* They come by key, and keys are numbers with a sign there. */
static uint64_t find_sum(const PGresult *sums, uint64_t key)
{
    int low = 0, high = sums ? PQntuples(sums) : 0;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int64_t stands = (int64_t)postgres_field(sums, middle, 0);
        if (stands == (int64_t)key)
            return postgres_field(sums, middle, 1);
        if (stands < (int64_t)key)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int postgres_row_sum(struct journal *journal, uint64_t key, uint64_t *sum)
{
    struct postgres_batch *batch = &postgres_of(journal)->batch;
    const struct postgres_row *put = find_put(batch, key);
    *sum = put ? put->sum : find_sum(batch->sums, key);
    return JOURNAL_OK;
}

/* One that comes twice counts as it came last: a statement may change it only once. */
int postgres_put_row(struct journal *journal, const struct journal_row *row, uint64_t sum)
{
    struct postgres_batch *batch = &postgres_of(journal)->batch;
    struct postgres_row *put = find_put(batch, row->key);
    if (!put) {
        batch->rows = xgrow(batch->rows, batch->row_count, &batch->row_capacity, sizeof *batch->rows);
        map_add(&batch->keys, row->key, (uint32_t)batch->row_count);
        put = &batch->rows[batch->row_count++];
    }
    *put = (struct postgres_row){*row, sum};
    return JOURNAL_OK;
}

size_t postgres_batch_fill(struct postgres_batch *batch)
{
    size_t bytes = 0;
    fill_records(batch);
    fill_rows(batch);
    for (size_t i = 0; i < sizeof batch->columns / sizeof *batch->columns; i++)
        bytes += batch->columns[i].size;
    return bytes;
}
