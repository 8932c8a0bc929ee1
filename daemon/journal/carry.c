/* A store carried over into another keeper. Nothing is copied that was not held against its hash or its sum first. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "buffer.h"
#include "journal/keeper.h"

/* In one commit: far fewer commits than records, and some MiB of memory. */
#define CARRIED_MAX       1024
#define CARRIED_BYTES_MAX (UINT64_C(4) << 20)

struct carrying {
    struct journal *to;
    int (*go_on)(void *context);
    void *context;
    struct journal_record records[CARRIED_MAX];
    struct journal_row rows[CARRIED_MAX];
    size_t offsets[CARRIED_MAX];
    size_t record_count, row_count;
    uint64_t checkpoint;
    struct buffer bytes;
    int failed; /* what the other side gave */
};

static int hand_over(struct carrying *carrying)
{
    struct journal_batch batch = {carrying->records, carrying->record_count, carrying->rows, carrying->row_count,
                                  carrying->checkpoint};
    for (size_t i = 0; i < carrying->record_count; i++)
        carrying->records[i].body = carrying->bytes.data + carrying->offsets[i];
    for (size_t i = 0; i < carrying->row_count; i++)
        carrying->rows[i].body = carrying->bytes.data + carrying->offsets[i];
    carrying->failed = journal_append(carrying->to, &batch);
    if (carrying->failed == JOURNAL_OK && journal_write_back_due(carrying->to))
        carrying->failed = journal_write_back(carrying->to);
    carrying->record_count = carrying->row_count = 0;
    buffer_clear(&carrying->bytes);
    if (carrying->failed == JOURNAL_OK && carrying->go_on && carrying->go_on(carrying->context) != 0)
        carrying->failed = journal_fail(carrying->to, JOURNAL_FAILED, "it was told to stop");
    return carrying->failed;
}

static int hand_over_full(struct carrying *carrying, size_t count)
{
    return count == CARRIED_MAX || carrying->bytes.size >= CARRIED_BYTES_MAX ? hand_over(carrying) : JOURNAL_OK;
}

static int carry_record(void *context, const struct journal_record *record)
{
    struct carrying *carrying = context;
    carrying->offsets[carrying->record_count] = carrying->bytes.size;
    carrying->records[carrying->record_count++] = *record;
    buffer_append(&carrying->bytes, record->body, record->size);
    return hand_over_full(carrying, carrying->record_count);
}

static int carry_row(void *context, const struct journal_row *row)
{
    struct carrying *carrying = context;
    carrying->offsets[carrying->row_count] = carrying->bytes.size;
    carrying->rows[carrying->row_count++] = *row;
    buffer_append(&carrying->bytes, row->body, row->size);
    return hand_over_full(carrying, carrying->row_count);
}

/* Records, then the rows; the checkpoint comes with the last of them, so that what is cut short has none. */
static int carry_all(struct carrying *carrying, struct journal *from)
{
    int result = journal_read(from, 1, SIZE_MAX, carry_record, carrying);
    if (result == JOURNAL_OK && carrying->record_count > 0)
        result = hand_over(carrying);
    if (result == JOURNAL_OK)
        result = journal_rows(from, carry_row, carrying);
    carrying->checkpoint = from->head.checkpoint;
    return result == JOURNAL_OK ? hand_over(carrying) : result;
}

void journal_made_as(struct journal_options *options, const struct journal_info *info)
{
    options->create = true;
    memcpy(options->identity, info->identity, sizeof options->identity);
    options->rehearsal = info->rehearsal;
    options->rehearse_from_ms = info->rehearse_from_ms;
}

int journal_carry(struct journal *from, struct journal *to, int (*go_on)(void *context), void *context,
                  struct problem *problem)
{
    struct carrying *carrying = xcalloc(1, sizeof *carrying);
    carrying->to = to;
    carrying->go_on = go_on;
    carrying->context = context;
    carrying->bytes.exhausted = xalloc_failed;
    int result = carry_all(carrying, from);
    if (result != JOURNAL_OK) {
        const struct journal *at = carrying->failed != JOURNAL_OK ? to : from;
        problem_set(problem, COORD_E_SYSTEM, "", "%.90s: %.150s", at->place, at->failure);
    } else if (!journal_equal(from, to)) {
        result = JOURNAL_DAMAGED;
        problem_set(problem, COORD_E_SYSTEM, "", "what came to %.100s is not what was carried there", to->place);
    }
    buffer_done(&carrying->bytes);
    free(carrying);
    return result;
}
