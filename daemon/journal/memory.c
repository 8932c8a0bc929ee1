/* A journal in memory, for tests: the same sequence rules, no disk. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "journal/keeper.h"

struct memory {
    struct journal journal;
    struct journal_record *records; /* records[i] is of sequence i + 1 */
    struct journal_row *rows;
    size_t record_capacity, row_count, row_capacity;
};

static struct memory *memory_of(struct journal *journal)
{
    return (struct memory *)journal;
}

static void memory_close(struct journal *journal)
{
    struct memory *memory = memory_of(journal);
    for (uint64_t i = 0; i < journal->info.last_seq; i++)
        free((void *)memory->records[i].body);
    for (size_t i = 0; i < memory->row_count; i++)
        free((void *)memory->rows[i].body);
    free(memory->records);
    free(memory->rows);
    free(memory);
}

static void memory_put_row(struct memory *memory, const struct journal_row *row)
{
    size_t at = 0;
    while (at < memory->row_count && memory->rows[at].key != row->key)
        at++;
    if (at == memory->row_count) {
        memory->rows = xgrow(memory->rows, memory->row_count, &memory->row_capacity, sizeof *memory->rows);
        memory->rows[memory->row_count++].body = NULL;
    }
    free((void *)memory->rows[at].body);
    memory->rows[at] = *row;
    memory->rows[at].body = xmemdup(row->body, row->size);
}

static int memory_append(struct journal *journal, const struct journal_batch *batch)
{
    struct memory *memory = memory_of(journal);
    for (size_t i = 0; i < batch->record_count; i++) {
        const size_t at = journal->info.last_seq + i;
        memory->records = xgrow(memory->records, at, &memory->record_capacity, sizeof *memory->records);
        memory->records[at] = batch->records[i];
        memory->records[at].body = xmemdup(batch->records[i].body, batch->records[i].size);
    }
    for (size_t i = 0; i < batch->row_count; i++)
        memory_put_row(memory, &batch->rows[i]);
    return JOURNAL_OK;
}

static int memory_read(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit,
                       void *context)
{
    const struct memory *memory = memory_of(journal);
    for (uint64_t seq = from; seq <= journal->info.last_seq && seq - from < limit; seq++) {
        const int stopped = visit(context, &memory->records[seq - 1]);
        if (stopped)
            return stopped;
    }
    return JOURNAL_OK;
}

static int memory_read_task(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                            journal_record_visitor *visit, void *context)
{
    const struct memory *memory = memory_of(journal);
    if (before > journal->info.last_seq || (before > 0 && memory->records[before - 1].task != task))
        return JOURNAL_SEQUENCE;
    uint64_t seq = before ? memory->records[before - 1].previous : newest;
    for (size_t i = 0; i < limit && seq > 0; i++) {
        const int stopped = visit(context, &memory->records[seq - 1]);
        if (stopped)
            return stopped;
        seq = memory->records[seq - 1].previous;
    }
    return JOURNAL_OK;
}

static int memory_rows(struct journal *journal, journal_row_visitor *visit, void *context)
{
    const struct memory *memory = memory_of(journal);
    int stopped = 0;
    for (size_t i = 0; i < memory->row_count && !stopped; i++)
        stopped = visit(context, &memory->rows[i]);
    return stopped;
}

static int memory_reserve(struct journal *journal, bool keep)
{
    (void)journal, (void)keep;
    return JOURNAL_OK;
}

static int memory_verify(struct journal *journal, journal_progress *progress, void *context, struct problem *problem)
{
    (void)journal, (void)progress, (void)context, (void)problem;
    return JOURNAL_OK;
}

static int memory_backup_begin(struct journal *journal, const char *path)
{
    (void)path;
    return journal_fail(journal, JOURNAL_FAILED, "a journal in memory has no backup");
}

static int memory_backup_step(struct journal *journal, int pages, bool *done)
{
    (void)pages, (void)done;
    return memory_backup_begin(journal, NULL);
}

static void memory_backup_end(struct journal *journal)
{
    (void)journal;
}

static const struct journal_keeper memory_keeper = {
    .close = memory_close,
    .append = memory_append,
    .read = memory_read,
    .read_task = memory_read_task,
    .rows = memory_rows,
    .reserve = memory_reserve,
    .verify = memory_verify,
    .backup_begin = memory_backup_begin,
    .backup_step = memory_backup_step,
    .backup_end = memory_backup_end,
};

struct journal *journal_open_memory(void)
{
    struct memory *memory = xcalloc(1, sizeof *memory);
    memory->journal.keeper = &memory_keeper;
    return &memory->journal;
}
