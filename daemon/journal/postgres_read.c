/* What stands in the database, given back as it stands. A connection that is lost meanwhile is made anew, and the reading
 * goes on where it was. */
#include <string.h>

#include "journal/postgres.h"

/* Rows of one question: they come one at a time, and what a visitor does not want any more is read away. */
#define PAGE 1024
/* Links of one question: a visitor mostly stops after some 64 KiB, and what comes after is read away. */
#define LINK_BYTES (64 << 10)

/* ---- what describes the store, and where it ends ---- */

int postgres_info(struct journal *journal, uint64_t *sum)
{
    static const struct postgres_values none;
    PGresult *read;
    int result = postgres_ask_known(postgres_of(journal), POSTGRES_INFO, &none, &read);
    if (result != JOURNAL_OK)
        return result;
    if (PQntuples(read) != 1 || PQgetlength(read, 0, 0) != (int)sizeof journal->info.identity) {
        result = journal_fail(journal, JOURNAL_DAMAGED, "what describes the store is damaged");
    } else {
        memcpy(journal->info.identity, PQgetvalue(read, 0, 0), sizeof journal->info.identity);
        journal->info.rehearsal = postgres_field(read, 0, 1) != 0;
        journal->info.rehearse_from_ms = (int64_t)postgres_field(read, 0, 2);
        *sum = postgres_field(read, 0, 3);
    }
    PQclear(read);
    return result;
}

int postgres_head(struct journal *journal, struct journal_head *head, uint64_t *newest)
{
    static const struct postgres_values none;
    PGresult *read;
    int result = postgres_ask_known(postgres_of(journal), POSTGRES_HEAD, &none, &read);
    if (result != JOURNAL_OK)
        return result;
    if (PQntuples(read) != 1 || !postgres_field_hash(read, 0, 3)) {
        result = journal_fail(journal, JOURNAL_DAMAGED, "the head is damaged");
    } else {
        head->seq = postgres_field(read, 0, 0);
        head->checkpoint = postgres_field(read, 0, 1);
        head->row_sum = postgres_field(read, 0, 2);
        memcpy(head->hash, postgres_field_hash(read, 0, 3), CHAIN_HASH_SIZE);
        head->sum = postgres_field(read, 0, 4);
        *newest = postgres_field(read, 0, 5);
        postgres_of(journal)->knows_head = true;
    }
    PQclear(read);
    return result;
}

/* ---- many, one at a time ---- */

/* One that is read, wherever it stands. */
struct page {
    int (*visit)(struct page *page, const PGresult *read);
    keeper_record_visitor *visit_record;
    keeper_row_visitor *visit_row;
    keeper_link_visitor *visit_link;
    void *context;
    uint64_t last; /* the key of the one that was visited last; of a link, the one to come */
    uint64_t count;
    int stopped; /* what the visitor stopped the reading with; 0 when it did not */
};

static int visit_record(struct page *page, const PGresult *read)
{
    const struct journal_record record = {
        .seq = page->last = postgres_field(read, 0, 0),
        .task = postgres_field(read, 0, 1),
        .previous = postgres_field(read, 0, 2),
        .body = PQgetvalue(read, 0, 4),
        .size = (uint32_t)PQgetlength(read, 0, 4),
    };
    return page->visit_record(page->context, &record, postgres_field_hash(read, 0, 3));
}

static int visit_link(struct page *page, const PGresult *read)
{
    const struct journal_record record = {
        .seq = postgres_field(read, 0, 0),
        .task = postgres_field(read, 0, 1),
        .previous = page->last = postgres_field(read, 0, 2),
        .body = PQgetvalue(read, 0, 4),
        .size = (uint32_t)PQgetlength(read, 0, 4),
    };
    return page->visit_link(page->context, &record, postgres_field_hash(read, 0, 3), postgres_field_hash(read, 0, 5));
}

static int visit_row(struct page *page, const PGresult *read)
{
    const struct journal_row row = {
        .key = page->last = postgres_field(read, 0, 0),
        .seq = postgres_field(read, 0, 1),
        .body = PQgetvalue(read, 0, 3),
        .size = (uint32_t)PQgetlength(read, 0, 3),
    };
    return page->visit_row(page->context, &row, postgres_field(read, 0, 2));
}

/* To its end: what comes after the visitor has stopped it is let go. */
static int take_page(struct postgres *postgres, struct page *page)
{
    PGresult *read;
    int result = JOURNAL_OK, came;
    do {
        came = postgres_take(postgres, &read);
        if (came != JOURNAL_OK)
            result = result == JOURNAL_OK ? came : result;
        if (read && PQresultStatus(read) == PGRES_SINGLE_TUPLE && page->stopped == 0) {
            page->count++;
            page->stopped = page->visit(page, read);
        }
        PQclear(read);
    } while (postgres->connection && (read || came != JOURNAL_OK));
    return postgres->connection ? result : POSTGRES_LOST;
}

static int read_page(struct postgres *postgres, enum postgres_prepared statement, const struct postgres_values *values,
                     struct page *page)
{
    page->count = 0;
    int result = postgres_send_prepared(postgres, statement, values);
    if (result == JOURNAL_OK) {
        (void)PQsetSingleRowMode(postgres->connection);
        result = take_page(postgres, page);
    }
    if (result == JOURNAL_OK)
        postgres_well(postgres);
    if (result == JOURNAL_OK) /* a start reads for long, and who waits for the lead must not take it for silent */
        return postgres_beat_if_due(postgres);
    return result == POSTGRES_LOST ? postgres_recover_same(postgres) : result;
}

int postgres_read(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit, void *context)
{
    struct page page = {.visit = visit_record, .visit_record = visit, .context = context, .last = from - 1};
    const uint64_t end = from + count;
    int result = JOURNAL_OK;
    while (result == JOURNAL_OK && page.stopped == 0 && page.last + 1 < end) {
        struct postgres_values values = {0};
        const uint64_t next = page.last + 1, size = end - next < PAGE ? end - next : PAGE;
        const uint64_t connections = postgres_of(journal)->connections;
        postgres_number(&values, next);
        postgres_number(&values, next + size);
        result = read_page(postgres_of(journal), POSTGRES_READ, &values, &page);
        if (page.count < size && connections == postgres_of(journal)->connections)
            break; /* there are no more, and reading.c will say which is missing */
    }
    return result == JOURNAL_OK ? page.stopped : result;
}

int postgres_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE])
{
    struct postgres_values values = {0};
    PGresult *read;
    postgres_number(&values, seq);
    const int result = postgres_ask_known(postgres_of(journal), POSTGRES_HASH, &values, &read);
    if (result != JOURNAL_OK)
        return result;
    const uint8_t *stands = PQntuples(read) == 1 ? postgres_field_hash(read, 0, 0) : NULL;
    if (stands)
        memcpy(hash, stands, CHAIN_HASH_SIZE);
    PQclear(read);
    return stands ? JOURNAL_OK : JOURNAL_DAMAGED;
}

int postgres_links(struct journal *journal, uint64_t newest, uint64_t count, keeper_link_visitor *visit, void *context)
{
    struct page page = {.visit = visit_link, .visit_link = visit, .context = context, .last = newest};
    int result = JOURNAL_OK;
    bool more = true;
    while (result == JOURNAL_OK && page.stopped == 0 && more && count > 0 && page.last > 0) {
        struct postgres_values values = {0};
        const uint64_t connections = postgres_of(journal)->connections;
        postgres_number(&values, page.last);
        postgres_number(&values, count < PAGE ? count : PAGE);
        postgres_number(&values, LINK_BYTES);
        result = read_page(postgres_of(journal), POSTGRES_LINKS, &values, &page);
        count -= page.count;
        more = page.count > 0 || connections != postgres_of(journal)->connections;
    }
    return result == JOURNAL_OK ? page.stopped : result;
}

static int read_rows(struct journal *journal, uint64_t after, keeper_row_visitor *visit, void *context)
{
    struct page page = {.visit = visit_row, .visit_row = visit, .context = context, .last = after};
    int result = JOURNAL_OK;
    bool more = true;
    while (result == JOURNAL_OK && page.stopped == 0 && more) {
        struct postgres_values values = {0};
        const uint64_t connections = postgres_of(journal)->connections;
        postgres_number(&values, page.last);
        postgres_number(&values, PAGE);
        result = read_page(postgres_of(journal), POSTGRES_ROWS, &values, &page);
        more = page.count == PAGE || connections != postgres_of(journal)->connections;
    }
    return result == JOURNAL_OK ? page.stopped : result;
}

int postgres_rows(struct journal *journal, keeper_row_visitor *visit, void *context)
{
    return read_rows(journal, (uint64_t)INT64_MIN, visit, context);
}

int postgres_rows_from(struct journal *journal, uint64_t from, keeper_row_visitor *visit, void *context)
{
    return read_rows(journal, from - 1, visit, context);
}
