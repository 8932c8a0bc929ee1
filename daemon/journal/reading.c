/* Reading, of every keeper: nothing is handed out before its hash or its sum was checked, but for what journal_rows_unchecked gives. */
#include <string.h>

#include "journal/keeper.h"

static int damaged(struct journal *journal, uint64_t seq, const char *what)
{
    if (journal_gave_way(journal, seq))
        return JOURNAL_GAVE_WAY;
    return journal_fail(journal, JOURNAL_DAMAGED, "record %llu %s", (unsigned long long)seq, what);
}

int journal_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE])
{
    if (seq == 0) {
        chain_begin(journal->info.identity, hash);
        return JOURNAL_OK;
    }
    if (seq == journal->read_seq) {
        memcpy(hash, journal->read_hash, CHAIN_HASH_SIZE);
        return JOURNAL_OK;
    }
    const int result = journal->keeper->hash(journal, seq, hash);
    return result == JOURNAL_DAMAGED ? damaged(journal, seq, "is missing") : result;
}

/* ---- records in sequence ---- */

struct reading {
    struct journal *journal;
    journal_record_visitor *visit;
    void *context;
    uint64_t next;                 /* the record that must come now */
    uint8_t hash[CHAIN_HASH_SIZE]; /* of the one before it */
};

/* Whether it is what was written after the one before. */
static int check_record(struct reading *reading, const struct journal_record *record, const uint8_t *hash)
{
    if (!hash)
        return damaged(reading->journal, reading->next, "has no hash");
    if (record->seq != reading->next)
        return damaged(reading->journal, reading->next, "is missing");
    chain_next(reading->hash, record, reading->hash);
    if (memcmp(reading->hash, hash, CHAIN_HASH_SIZE) != 0)
        return damaged(reading->journal, reading->next, "is not what was written: its hash differs");
    return JOURNAL_OK;
}

static int read_record(void *context, const struct journal_record *record, const uint8_t *hash)
{
    struct reading *reading = context;
    int result = check_record(reading, record, hash);
    if (result == JOURNAL_OK)
        result = reading->visit(reading->context, record);
    if (result != JOURNAL_OK)
        return result;
    reading->journal->read_seq = reading->next++;
    memcpy(reading->journal->read_hash, reading->hash, CHAIN_HASH_SIZE);
    return JOURNAL_OK;
}

int journal_read_after(struct journal *journal, uint64_t after, const uint8_t hash[CHAIN_HASH_SIZE], uint64_t count,
                       journal_record_visitor *visit, void *context, uint64_t *last)
{
    struct reading reading = {.journal = journal, .visit = visit, .context = context, .next = after + 1};
    memcpy(reading.hash, hash, CHAIN_HASH_SIZE);
    const int result = journal->keeper->read(journal, after + 1, count, read_record, &reading);
    *last = reading.next - 1;
    return result == JOURNAL_OK && *last < after + count ? damaged(journal, reading.next, "is missing") : result;
}

int journal_read(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit, void *context)
{
    uint8_t hash[CHAIN_HASH_SIZE];
    uint64_t last;
    if (from == 0 || from > journal->head.seq || limit == 0)
        return JOURNAL_OK;
    const uint64_t left = journal->head.seq - from + 1;
    const int result = journal_hash(journal, from - 1, hash);
    return result == JOURNAL_OK
               ? journal_read_after(journal, from - 1, hash, left < limit ? left : limit, visit, context, &last)
               : result;
}

/* ---- a task's records ---- */

struct history {
    struct reading reading;
    uint64_t task;
    uint64_t previous; /* of the record last met */
    size_t met;
    int stray; /* what a record of another task comes to */
    journal_record_visitor *visit;
    void *context;
};

static int read_link(void *context, const struct journal_record *record, const uint8_t *hash)
{
    struct history *history = context;
    const int result = check_record(&history->reading, record, hash);
    if (result != JOURNAL_OK)
        return result;
    history->previous = record->previous;
    history->met++;
    if (record->task != history->task || record->previous >= record->seq)
        return history->stray == JOURNAL_DAMAGED
                   ? damaged(history->reading.journal, record->seq, "is not of the task whose history names it")
                   : history->stray;
    return history->visit ? history->visit(history->context, record) : JOURNAL_OK;
}

static int read_link_after(void *context, const struct journal_record *record, const uint8_t *hash,
                           const uint8_t *before)
{
    struct history *history = context;
    struct journal *journal = history->reading.journal;
    history->reading.next = history->previous;
    if (history->previous == 1)
        chain_begin(journal->info.identity, history->reading.hash);
    else if (before)
        memcpy(history->reading.hash, before, CHAIN_HASH_SIZE);
    else
        return damaged(journal, history->previous - 1, "is missing");
    return read_link(history, record, hash);
}

static int read_one(struct journal *journal, uint64_t seq, struct history *history)
{
    history->reading.next = seq;
    const int result = journal_hash(journal, seq - 1, history->reading.hash);
    return result == JOURNAL_OK ? journal->keeper->read(journal, seq, 1, read_link, history) : result;
}

/* Some, but for what ends the history; from the one that history->previous names. */
static int read_links(struct journal *journal, size_t count, struct history *history)
{
    const uint64_t newest = history->previous;
    const size_t met = history->met;
    const int result = journal->keeper->links ? journal->keeper->links(journal, newest, count, read_link_after, history)
                                              : read_one(journal, newest, history);
    return result == JOURNAL_OK && history->met == met ? damaged(journal, newest, "is missing") : result;
}

int journal_read_task(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                      journal_record_visitor *visit, void *context)
{
    struct history history = {.reading = {.journal = journal},
                              .task = task,
                              .stray = JOURNAL_SEQUENCE,
                              .previous = before > 0 ? before : newest};
    int result = JOURNAL_OK;
    if (before > journal->head.seq)
        return JOURNAL_SEQUENCE;
    if (before > 0)
        result = read_links(journal, 1, &history);
    history.stray = JOURNAL_DAMAGED;
    history.visit = visit;
    history.context = context;
    history.met = 0;
    while (history.met < limit && history.previous > 0 && result == JOURNAL_OK)
        result = read_links(journal, limit - history.met, &history);
    return result;
}

/* ---- rows ---- */

bool journal_row_holds(const struct journal_row *row, uint64_t sum, uint64_t *all)
{
    const uint64_t own = chain_row_sum(row);
    *all += own;
    return own == sum;
}

int journal_row_damaged(struct journal *journal, uint64_t key)
{
    return journal_fail(journal, JOURNAL_DAMAGED, "row %llx is not what was written: its sum differs",
                        (unsigned long long)key);
}

int journal_rows_unchecked(struct journal *journal, journal_unchecked_visitor *visit, void *context)
{
    return journal->keeper->rows(journal, visit, context);
}

int journal_rows_all(struct journal *journal, uint64_t all)
{
    if (all != journal->head.row_sum)
        return journal_fail(journal, JOURNAL_DAMAGED, "the checkpoint's rows are not all that were written");
    return JOURNAL_OK;
}

struct row_reading {
    struct journal *journal;
    journal_row_visitor *visit;
    void *context;
    uint64_t all;
};

static int read_row(void *context, const struct journal_row *row, uint64_t sum)
{
    struct row_reading *reading = context;
    if (!journal_row_holds(row, sum, &reading->all))
        return journal_row_damaged(reading->journal, row->key);
    return reading->visit(reading->context, row);
}

int journal_rows(struct journal *journal, journal_row_visitor *visit, void *context)
{
    struct row_reading reading = {journal, visit, context, 0};
    const int result = journal_rows_unchecked(journal, read_row, &reading);
    return result == JOURNAL_OK ? journal_rows_all(journal, reading.all) : result;
}

struct span_reading {
    struct row_reading reading;
    uint64_t end;
    bool ended;
};

static int read_span(void *context, const struct journal_row *row, uint64_t sum)
{
    struct span_reading *span = context;
    span->ended = row->key >= span->end;
    return span->ended ? 1 : read_row(&span->reading, row, sum);
}

int journal_rows_from(struct journal *journal, uint64_t from, uint64_t end, journal_row_visitor *visit, void *context)
{
    struct span_reading span = {.reading = {journal, visit, context, 0}, .end = end};
    if (!journal->keeper->rows_from)
        return journal_fail(journal, JOURNAL_FAILED, "a journal in %s has one broker", journal->place);
    const int result = journal->keeper->rows_from(journal, from, read_span, &span);
    return span.ended ? JOURNAL_OK : result;
}

/* ---- verify ---- */

struct verify {
    journal_progress *progress;
    void *context;
    uint64_t of;
};

#define VERIFY_TOLD 10000 /* records between two words of progress */

static int verify_record(void *context, const struct journal_record *record)
{
    const struct verify *verify = context;
    if (verify->progress && (record->seq % VERIFY_TOLD == 0 || record->seq == verify->of))
        verify->progress(verify->context, record->seq, verify->of);
    return 0;
}

static int verify_row(void *context, const struct journal_row *row)
{
    (void)context, (void)row;
    return 0;
}

int journal_verify(struct journal *journal, journal_progress *progress, void *context, struct problem *problem)
{
    struct verify verify = {progress, context, journal->head.seq};
    int result = journal->keeper->structure ? journal->keeper->structure(journal) : JOURNAL_OK;
    if (result == JOURNAL_OK)
        result = journal_read(journal, 1, SIZE_MAX, verify_record, &verify);
    if (result == JOURNAL_OK && journal->head.seq > 0 &&
        memcmp(journal->read_hash, journal->head.hash, CHAIN_HASH_SIZE) != 0)
        result = damaged(journal, journal->head.seq, "is not the one that the head names");
    if (result == JOURNAL_OK)
        result = journal_rows(journal, verify_row, &verify);
    if (result != JOURNAL_OK)
        problem_set(problem, COORD_E_SYSTEM, "", "%.240s", journal->failure);
    return result;
}
