/* See journal.h: the doors, and what holds for every keeper. */
#include "journal/journal.h"

#include <stdarg.h>
#include <stdio.h>

#include "journal/keeper.h"

int journal_fail(struct journal *journal, int result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(journal->failure, sizeof journal->failure, format, arguments);
    va_end(arguments);
    return result;
}

void journal_close(struct journal *journal)
{
    if (journal)
        journal->keeper->close(journal);
}

void journal_info(const struct journal *journal, struct journal_info *info)
{
    *info = journal->info;
}

static bool journal_in_sequence(const struct journal *journal, const struct journal_batch *batch)
{
    for (size_t i = 0; i < batch->record_count; i++)
        if (batch->records[i].seq != journal->info.last_seq + 1 + i)
            return false;
    return true;
}

int journal_append(struct journal *journal, const struct journal_batch *batch)
{
    if (!journal_in_sequence(journal, batch))
        return journal_fail(journal, JOURNAL_SEQUENCE,
                            "the journal ends at record %llu, and the batch does not go on there",
                            (unsigned long long)journal->info.last_seq);
    const int result = journal->keeper->append(journal, batch);
    if (result != JOURNAL_OK)
        return result;
    journal->info.last_seq += batch->record_count;
    if (batch->checkpoint > 0)
        journal->info.checkpoint = batch->checkpoint;
    return JOURNAL_OK;
}

bool journal_write_back_due(const struct journal *journal)
{
    return journal->write_back_due;
}

int journal_write_back(struct journal *journal)
{
    if (!journal->write_back_due)
        return JOURNAL_OK;
    journal->write_back_due = false;
    return journal->keeper->write_back(journal);
}

int journal_read(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit, void *context)
{
    if (from == 0 || from > journal->info.last_seq || limit == 0)
        return JOURNAL_OK;
    return journal->keeper->read(journal, from, limit, visit, context);
}

int journal_read_task(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                      journal_record_visitor *visit, void *context)
{
    return journal->keeper->read_task(journal, task, newest, before, limit, visit, context);
}

int journal_rows(struct journal *journal, journal_row_visitor *visit, void *context)
{
    return journal->keeper->rows(journal, visit, context);
}

const char *journal_failure(const struct journal *journal)
{
    return journal->failure;
}

int journal_reserve(struct journal *journal, bool keep)
{
    return journal->keeper->reserve(journal, keep);
}

int journal_verify(struct journal *journal, journal_progress *progress, void *context, struct problem *problem)
{
    return journal->keeper->verify(journal, progress, context, problem);
}

int journal_backup_begin(struct journal *journal, const char *path)
{
    return journal->keeper->backup_begin(journal, path);
}

int journal_backup_step(struct journal *journal, int pages, bool *done)
{
    return journal->keeper->backup_step(journal, pages, done);
}

void journal_backup_end(struct journal *journal)
{
    journal->keeper->backup_end(journal);
}
