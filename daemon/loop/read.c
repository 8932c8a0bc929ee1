/* See read.h. */
#include "loop/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/core.h"

struct read *read_new(enum read_kind kind)
{
    struct read *read = xcalloc(1, sizeof *read);
    *read = (struct read){.kind = kind, .bytes = XMEMORY, .frame = XMEMORY};
    read->wanted = kind == READ_PAGE ? READ_PAGE_RECORDS : 0;
    return read;
}

void read_free(struct read *read)
{
    if (!read)
        return;
    buffer_done(&read->bytes);
    buffer_done(&read->frame);
    free(read->records);
    free(read);
}

/* How far one turn may go. */
struct read_page {
    struct read *read;
    struct decoder *decoder;
    size_t bytes_max; /* in `bytes`, all told */
    size_t step_max;  /* the same, but for the first of this turn */
    bool full;
    size_t had; /* records, before this turn */
};

static struct read_page page_of(struct read *read, struct decoder *decoder, size_t bytes_max, size_t step_bytes)
{
    return (struct read_page){read, decoder, bytes_max, read->bytes.size + step_bytes, false, read->count};
}

/* Keeps the record as it is told. Its body is an offset for now: the bytes may move. */
static int read_visit(void *context, const struct journal_record *record)
{
    struct read_page *page = context;
    struct read *read = page->read;
    struct problem problem;
    const size_t before = read->bytes.size;
    if (core_record_wire(page->decoder, record, &read->bytes, &problem) != 0)
        return JOURNAL_DAMAGED; /* its hash was right: another program wrote it */
    const bool is_full = read->count > 0 && read->bytes.size > page->bytes_max;
    if (is_full || (read->count > page->had && read->bytes.size > page->step_max)) {
        page->full = is_full;
        read->bytes.size = before;
        return 1;
    }
    read->records = xgrow(read->records, read->count, &read->capacity, sizeof *read->records);
    struct journal_record *kept = &read->records[read->count++];
    *kept = *record;
    kept->body = (const void *)(uintptr_t)before;
    kept->size = (uint32_t)(read->bytes.size - before);
    return 0;
}

/* The offsets become pointers: nothing is added any more. */
static void read_settle(struct read *read)
{
    for (size_t i = 0; i < read->count; i++)
        read->records[i].body = read->bytes.data + (uintptr_t)read->records[i].body;
    read->done = true;
}

static int read_step_page(struct read *read, struct journal *journal, struct decoder *decoder)
{
    struct read_page page = page_of(read, decoder, READ_PAGE_BYTES, READ_PAGE_BYTES);
    const int result = journal_read(journal, read->from, (size_t)read->wanted, read_visit, &page);
    if (result < 0)
        return result;
    read->through = read->count ? read->records[read->count - 1].seq : read->from - 1;
    read_settle(read);
    return JOURNAL_OK;
}

/* The first record of a request says how many there are. */
static uint64_t read_parts(const struct read *read, struct decoder *decoder)
{
    struct envelope envelope;
    struct msg_record record;
    struct problem problem;
    if (decoder_open(decoder, read->bytes.data, read->records[0].size, &envelope, &problem) != 0 ||
        decoder_read(decoder, &message_record, &record, &problem) != 0 || !MSG_HAS(&record, record, parts))
        return 1;
    return record.parts;
}

static int read_step_again(struct read *read, struct journal *journal, struct decoder *decoder)
{
    struct read_page page = page_of(read, decoder, SIZE_MAX, READ_STEP_BYTES);
    uint64_t limit = read->count == 0 ? 1 : read->wanted - read->count;
    if (limit > READ_STEP_RECORDS)
        limit = READ_STEP_RECORDS;
    const size_t before = read->count;
    const int result = journal_read(journal, read->from + read->count, (size_t)limit, read_visit, &page);
    if (result < 0)
        return result;
    if (read->count == before)
        return JOURNAL_DAMAGED; /* the core knows of records that the journal does not have */
    if (before == 0)
        read->wanted = read_parts(read, decoder);
    if (read->count < read->wanted)
        return JOURNAL_OK;
    read_settle(read);
    core_reply_again((struct text){read->id, read->id_size}, read->digest, read->records, read->count, &read->frame);
    return JOURNAL_OK;
}

static void read_finish_history(struct read *read)
{
    const struct text id = {read->id, read->id_size};
    read_settle(read);
    if (read->absent) {
        struct problem problem;
        problem_set(&problem, COORD_E_OUT_OF_RANGE, "before",
                    "%llu is no record of this task; give the `next` of the page before.",
                    (unsigned long long)read->before);
        message_encode_problem(&read->frame, id, &problem);
        return;
    }
    core_reply_history(id, read->records, read->count, read->more, &read->frame);
}

static int read_step_history(struct read *read, struct journal *journal, struct decoder *decoder)
{
    struct read_page page = page_of(read, decoder, READ_REPLY_BYTES, READ_STEP_BYTES);
    uint64_t limit = read->wanted - read->count;
    if (limit > READ_STEP_RECORDS)
        limit = READ_STEP_RECORDS;
    const size_t had = read->count;
    const uint64_t before = had ? read->records[had - 1].seq : read->before;
    const int result = journal_read_task(journal, read->task, read->from, before, (size_t)limit, read_visit, &page);
    read->absent = result == JOURNAL_SEQUENCE;
    if (result < 0 && !read->absent)
        return result;
    read->more = page.full || (read->count > 0 && read->records[read->count - 1].previous != 0);
    if (read->absent || page.full || !read->more || read->count >= read->wanted || read->count == had)
        read_finish_history(read);
    return JOURNAL_OK;
}

int read_step(struct read *read, struct journal *journal, struct decoder *decoder)
{
    static int (*const steps[])(struct read *, struct journal *, struct decoder *) = {
        [READ_PAGE] = read_step_page,
        [READ_AGAIN] = read_step_again,
        [READ_HISTORY] = read_step_history,
    };
    return steps[read->kind](read, journal, decoder);
}
