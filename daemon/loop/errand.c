/* See errand.h. */
#include "loop/errand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void errands_init(struct errands *errands, struct journal *journal)
{
    *errands = (struct errands){.journal = journal, .decoder = xdecoder_new()};
}

void errands_done(struct errands *errands)
{
    decoder_free(errands->decoder);
    free(errands->records);
    free(errands->rows);
    *errands = (struct errands){0};
}

/* ---- the batch ---- */

static void errands_room(struct errands *errands, const struct batch *batch)
{
    const size_t effects = batch->effects.count, rows = batch->row_count + effects;
    if (effects > errands->record_capacity) {
        errands->record_capacity = effects + effects / 2;
        errands->records = xrealloc(errands->records, errands->record_capacity, sizeof *errands->records);
    }
    if (rows > errands->row_capacity) {
        errands->row_capacity = rows + rows / 2;
        errands->rows = xrealloc(errands->rows, errands->row_capacity, sizeof *errands->rows);
    }
}

/* The batch as the journal wants it. Later rows of one object replace earlier ones: the order is kept. */
static struct journal_batch errands_gather(struct errands *errands, const struct batch *batch)
{
    const struct effects *effects = &batch->effects;
    struct journal_batch out = {.checkpoint = batch->checkpoint};
    errands_room(errands, batch);
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            errands->records[out.record_count++] = (struct journal_record){
                .seq = effect->record.seq,
                .task = effect->record.task,
                .previous = effect->record.previous,
                .body = effects_bytes(effects, effect->record.body),
                .size = effect->record.body.size,
            };
        if (effect->type == EFFECT_ROW)
            errands->rows[out.row_count++] = (struct journal_row){
                effect->row.key, effect->row.seq, effects_bytes(effects, effect->row.body), effect->row.body.size};
    }
    for (size_t i = 0; i < batch->row_count; i++)
        errands->rows[out.row_count++] = (struct journal_row){batch->rows[i].key, batch->rows[i].seq,
                                                              batch->row_bytes.data + batch->rows[i].body.offset,
                                                              batch->rows[i].body.size};
    out.records = errands->records;
    out.rows = errands->rows;
    return out;
}

static void append(struct errands *errands, struct errand *errand)
{
    const struct journal_batch batch = errands_gather(errands, errand->batch);
    errand->result = journal_append(errands->journal, &batch);
    if (errand->result != JOURNAL_OK)
        snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
}

static bool write_back(struct errands *errands, struct errand *errand)
{
    errand->write_back_result = journal_write_back(errands->journal);
    if (errand->write_back_result != JOURNAL_OK)
        snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
    return errand->write_back_result == JOURNAL_OK;
}

static void beat(struct errands *errands, struct errand *errand)
{
    errand->beat_result = journal_beat(errands->journal);
    if (errand->beat_result != JOURNAL_OK)
        snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
}

static void reserve(struct errands *errands, struct errand *errand)
{
    if (errand->reserve == RESERVE_RELEASE)
        (void)journal_reserve(errands->journal, false);
    if (errand->reserve == RESERVE_TAKE)
        errand->reserve_result = journal_reserve(errands->journal, true);
}

static void read_pages(struct errands *errands, struct errand *errand)
{
    for (unsigned i = 0; i < errand->read_count; i++) {
        const int result = read_step(errand->reads[i], errands->journal, errands->decoder);
        if (result < errand->read_result) {
            errand->read_result = result;
            snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
        }
    }
}

static void backup_end(struct backup *backup, struct journal *journal, int result)
{
    if (result != JOURNAL_OK && result != JOURNAL_ENDED)
        snprintf(backup->failure, sizeof backup->failure, "%s", journal_failure(journal));
    backup->seq = journal_backup_seq(journal);
    journal_backup_end(journal);
    backup->result = result;
    backup->done = true;
}

static void backup_go_on(struct errands *errands, struct backup *backup)
{
    bool done = false;
    int result = JOURNAL_OK;
    if (!backup->begun)
        result = journal_backup_begin(errands->journal, backup->path);
    if (result != JOURNAL_OK) {
        snprintf(backup->failure, sizeof backup->failure, "%s", journal_failure(errands->journal));
        backup->result = result;
        backup->done = true;
        return;
    }
    backup->begun = true;
    if (atomic_load(&backup->stop))
        result = JOURNAL_ENDED;
    else
        result = journal_backup_step(errands->journal, BACKUP_PAGES, &done);
    if (done || result != JOURNAL_OK)
        backup_end(backup, errands->journal, result);
}

static void place(struct errands *errands, struct errand *errand)
{
    placing_do(&errand->placing, errands->journal);
    if (errand->placing.result != JOURNAL_OK)
        snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
}

static void lead(struct errands *errands, struct errand *errand)
{
    lead_do(&errand->lead, errands->journal);
    if (errand->lead.result != JOURNAL_OK)
        snprintf(errand->failure, sizeof errand->failure, "%s", journal_failure(errands->journal));
}

/* ---- the two halves ---- */

void errand_append(struct errands *errands, struct errand *errand)
{
    errand->result = errand->reserve_result = errand->read_result = JOURNAL_OK;
    errand->write_back_result = errand->beat_result = errand->lead.result = errand->placing.result = JOURNAL_OK;
    errand->failure[0] = 0;
    reserve(errands, errand);
    if (errand->batch)
        append(errands, errand);
    errand->more = errand->read_count > 0 || errand->backup || placing_has(&errand->placing) ||
                   errand->lead.task != LEAD_NOTHING || journal_write_back_due(errands->journal);
}

void errand_finish(struct errands *errands, struct errand *errand)
{
    bool sound = errand->result == JOURNAL_OK || errand->result == JOURNAL_FULL;
    if (errand->beat) {
        beat(errands, errand);
        sound = errand->beat_result == JOURNAL_OK || errand->beat_result == JOURNAL_FULL;
    }
    if (sound && write_back(errands, errand)) {
        read_pages(errands, errand);
        if (errand->backup)
            backup_go_on(errands, errand->backup);
        if (errand->read_result == JOURNAL_OK) /* else that is what is told */
            place(errands, errand);
        if (errand->read_result == JOURNAL_OK && errand->placing.result == JOURNAL_OK)
            lead(errands, errand);
    }
    errand->recovered = journal_recovered(errands->journal, errand->cause);
}
