/* See memory.h and memory_kept.h. Rows stand by key, as every keeper gives them back; what is put stands apart until it is committed. */
#include "journal/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "journal/memory_kept.h"

static int strike(struct journal *journal, enum memory_step step)
{
    const struct journal_memory *kept = kept_of(journal);
    const int result = kept->strike ? kept->strike(kept->strike_context, step) : JOURNAL_OK;
    return result == JOURNAL_OK ? JOURNAL_OK : journal_fail(journal, result, "struck at step %d", (int)step);
}

/* ---- the memory ---- */

struct journal_memory *journal_memory_new(void)
{
    return xcalloc(1, sizeof(struct journal_memory));
}

static void forget_rows(struct kept_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free((void *)rows->items[i].row.body);
    rows->count = 0;
}

static void forget_put(struct journal_memory *kept)
{
    while (kept->record_count > kept->head.seq)
        free((void *)kept->records[--kept->record_count].record.body);
    forget_rows(&kept->put);
}

void journal_memory_free(struct journal_memory *memory)
{
    if (!memory)
        return;
    memory->head.seq = 0;
    forget_put(memory);
    forget_rows(&memory->rows);
    memory_forget_places(memory);
    free(memory->records);
    free(memory->rows.items);
    free(memory->put.items);
    free(memory);
}

void journal_memory_strike(struct journal_memory *memory, memory_strike *strike_with, void *context)
{
    memory->strike = strike_with;
    memory->strike_context = context;
}

uint8_t *journal_memory_record(struct journal_memory *memory, uint64_t seq)
{
    return seq > 0 && seq <= memory->record_count ? (uint8_t *)(uintptr_t)memory->records[seq - 1].record.body : NULL;
}

/* Where a row of this key stands, or would. */
static size_t row_place(const struct kept_rows *rows, uint64_t key)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rows->items[middle].row.key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct kept_row *row_find(const struct kept_rows *rows, uint64_t key)
{
    const size_t at = row_place(rows, key);
    return at < rows->count && rows->items[at].row.key == key ? &rows->items[at] : NULL;
}

uint8_t *journal_memory_row(struct journal_memory *memory, uint64_t key)
{
    const struct kept_row *row = row_find(&memory->rows, key);
    return row ? (uint8_t *)(uintptr_t)row->row.body : NULL;
}

/* ---- opening ---- */

static int memory_open(struct journal **journal, const struct journal_options *options, struct problem *problem)
{
    struct memory *memory = xcalloc(1, sizeof *memory);
    (void)problem;
    *journal = &memory->journal;
    memory->journal.place = "memory";
    memory->kept = options->memory;
    if (!options->memory) {
        memory->kept = journal_memory_new();
        memory->kept->own = true;
    }
    memory->number = ++memory->kept->opened;
    snprintf(memory->endpoint, sizeof memory->endpoint, "%s", options->endpoint ? options->endpoint : "");
    if (!options->follow && memory->kept->lead.leader != 0)
        return journal_fail(&memory->journal, JOURNAL_FAILED, "it is in use");
    if (!options->follow)
        memory_lead(memory);
    if (memory->kept->made == options->create)
        return journal_fail(&memory->journal, JOURNAL_FAILED,
                            options->create ? "it holds a store already" : "it holds no store");
    return JOURNAL_OK;
}

static void memory_close(struct journal *journal)
{
    struct memory *memory = memory_of(journal);
    if (memory_leads(memory)) {
        forget_put(memory->kept);
        memory_leave(memory, "");
    }
    if (memory->kept->own)
        journal_memory_free(memory->kept);
    free(memory);
}

static int memory_info(struct journal *journal, uint64_t *sum)
{
    journal->info = kept_of(journal)->info;
    *sum = kept_of(journal)->info_sum;
    return JOURNAL_OK;
}

static int memory_head(struct journal *journal, struct journal_head *head, uint64_t *newest)
{
    *head = kept_of(journal)->head;
    *newest = kept_of(journal)->record_count;
    return JOURNAL_OK;
}

/* ---- writing ---- */

static int memory_begin(struct journal *journal)
{
    struct memory *memory = memory_of(journal);
    if (memory->epoch == 0)
        return journal_fail(journal, JOURNAL_FAILED, "it is followed, and another appends to it");
    if (!memory_leads(memory))
        return journal_fail(journal, JOURNAL_DEMOTED, "another has taken it over");
    memory->kept->lead.lapsed = false;
    return strike(journal, MEMORY_BEGIN);
}

static int memory_put_info(struct journal *journal, const struct journal_info *info, uint64_t sum)
{
    kept_of(journal)->info = *info;
    kept_of(journal)->info_sum = sum;
    return JOURNAL_OK;
}

static int memory_put_record(struct journal *journal, const struct journal_record *record,
                             const uint8_t hash[CHAIN_HASH_SIZE])
{
    struct journal_memory *kept = kept_of(journal);
    const int result = strike(journal, MEMORY_PUT);
    if (result != JOURNAL_OK)
        return result;
    kept->records = xgrow(kept->records, kept->record_count, &kept->record_capacity, sizeof *kept->records);
    struct kept_record *own = &kept->records[kept->record_count++];
    own->record = *record;
    own->record.body = xmemdup(record->body, record->size);
    memcpy(own->hash, hash, CHAIN_HASH_SIZE);
    return JOURNAL_OK;
}

static int memory_put_row(struct journal *journal, const struct journal_row *row, uint64_t sum)
{
    struct kept_rows *put = &kept_of(journal)->put;
    const int result = strike(journal, MEMORY_PUT);
    if (result != JOURNAL_OK)
        return result;
    put->items = xgrow(put->items, put->count, &put->capacity, sizeof *put->items);
    put->items[put->count] = (struct kept_row){*row, sum};
    put->items[put->count++].row.body = xmemdup(row->body, row->size);
    return JOURNAL_OK;
}

static int memory_row_sum(struct journal *journal, uint64_t key, uint64_t *sum)
{
    const struct journal_memory *kept = kept_of(journal);
    const struct kept_row *row = NULL;
    for (size_t i = kept->put.count; i-- > 0 && !row;)
        if (kept->put.items[i].row.key == key)
            row = &kept->put.items[i];
    if (!row)
        row = row_find(&kept->rows, key);
    *sum = row ? row->sum : 0;
    return JOURNAL_OK;
}

static void keep_row(struct kept_rows *rows, const struct kept_row *row)
{
    const size_t at = row_place(rows, row->row.key);
    if (at < rows->count && rows->items[at].row.key == row->row.key) {
        free((void *)rows->items[at].row.body);
    } else {
        rows->items = xgrow(rows->items, rows->count, &rows->capacity, sizeof *rows->items);
        memmove(&rows->items[at + 1], &rows->items[at], (rows->count++ - at) * sizeof *rows->items);
    }
    rows->items[at] = *row;
}

static int memory_commit(struct journal *journal, const struct journal_head *head)
{
    struct journal_memory *kept = kept_of(journal);
    const int result = strike(journal, MEMORY_COMMIT);
    if (result != JOURNAL_OK)
        return result;
    for (size_t i = 0; i < kept->put.count; i++)
        keep_row(&kept->rows, &kept->put.items[i]);
    kept->put.count = 0;
    kept->head = *head;
    kept->made = true;
    return strike(journal, MEMORY_COMMITTED);
}

static int memory_rollback(struct journal *journal)
{
    if (!memory_leads(memory_of(journal)))
        return JOURNAL_OK; /* nothing was put */
    forget_put(kept_of(journal));
    /* What was committed all the same is not what the journal takes to stand there. */
    return kept_of(journal)->head.seq == journal->head.seq && kept_of(journal)->head.sum == journal->head.sum
               ? JOURNAL_OK
               : JOURNAL_FAILED;
}

/* ---- reading ---- */

static int memory_read(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit,
                       void *context)
{
    const struct journal_memory *kept = kept_of(journal);
    int result = strike(journal, MEMORY_READ);
    for (uint64_t i = from - 1; i < kept->record_count && i - (from - 1) < count && result == JOURNAL_OK; i++)
        result = visit(context, &kept->records[i].record, kept->records[i].hash);
    return result;
}

static int memory_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE])
{
    const struct journal_memory *kept = kept_of(journal);
    if (seq > kept->record_count)
        return JOURNAL_DAMAGED;
    memcpy(hash, kept->records[seq - 1].hash, CHAIN_HASH_SIZE);
    return JOURNAL_OK;
}

static int memory_rows_from(struct journal *journal, uint64_t from, keeper_row_visitor *visit, void *context)
{
    const struct kept_rows *rows = &kept_of(journal)->rows;
    int result = strike(journal, MEMORY_READ);
    for (size_t i = row_place(rows, from); i < rows->count && result == JOURNAL_OK; i++)
        result = visit(context, &rows->items[i].row, rows->items[i].sum);
    return result;
}

static int memory_rows(struct journal *journal, keeper_row_visitor *visit, void *context)
{
    return memory_rows_from(journal, 0, visit, context);
}

static uint64_t memory_epoch(const struct journal *journal)
{
    return ((const struct memory *)journal)->epoch;
}

const struct journal_keeper keeper_memory = {
    .open = memory_open,
    .info = memory_info,
    .head = memory_head,
    .close = memory_close,
    .begin = memory_begin,
    .put_info = memory_put_info,
    .put_record = memory_put_record,
    .put_row = memory_put_row,
    .row_sum = memory_row_sum,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .read = memory_read,
    .hash = memory_hash,
    .rows = memory_rows,
    .rows_from = memory_rows_from,
    .epoch = memory_epoch,
    .watch = memory_watch,
    .take = memory_take,
    .give_up = memory_give_up,
    .places_put = memory_places_put,
    .places = memory_places,
    .places_forget = memory_places_forget,
};

struct journal *journal_open_memory(void)
{
    const struct journal_options options = {.keeper = JOURNAL_MEMORY, .create = true};
    struct problem problem;
    struct journal *journal;
    (void)journal_open(&journal, &options, &problem); /* nothing of it can fail */
    return journal;
}
