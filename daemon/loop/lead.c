/* See lead.h. */
#include "loop/lead.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/core.h"

void followed_init(struct followed *followed)
{
    *followed = (struct followed){.bytes = XMEMORY};
}

void followed_done(struct followed *followed)
{
    buffer_done(&followed->bytes);
    free(followed->records);
    followed_init(followed);
}

void followed_clear(struct followed *followed)
{
    buffer_clear(&followed->bytes);
    followed->count = followed->applied = 0;
}

void consumer_rows_init(struct consumer_rows *rows)
{
    *rows = (struct consumer_rows){.bytes = XMEMORY};
}

void consumer_rows_done(struct consumer_rows *rows)
{
    buffer_done(&rows->bytes);
    free(rows->rows);
    consumer_rows_init(rows);
}

void places_done(struct places *places)
{
    free(places->items);
    *places = (struct places){0};
}

/* Its body is an offset for now: the bytes may move. */
static int keep(void *context, const struct journal_record *record)
{
    struct followed *page = context;
    if (page->count > 0 && page->bytes.size + record->size > FOLLOWED_BYTES)
        return 1;
    page->records = xgrow(page->records, page->count, &page->capacity, sizeof *page->records);
    struct journal_record *kept = &page->records[page->count++];
    *kept = *record;
    kept->body = (const void *)(uintptr_t)page->bytes.size;
    buffer_append(&page->bytes, record->body, record->size);
    return 0;
}

static void settle(struct followed *page)
{
    for (size_t i = 0; i < page->count; i++)
        page->records[i].body = page->bytes.data + (uintptr_t)page->records[i].body;
}

/* A visitor that has enough is no failure. */
static int ended(int result)
{
    return result > 0 ? JOURNAL_OK : result;
}

/* ---- where consumers are ---- */

static int keep_row(void *context, const struct journal_row *row)
{
    struct consumer_rows *rows = context;
    rows->rows = xgrow(rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    struct journal_row *kept = &rows->rows[rows->count++];
    *kept = *row;
    kept->body = (const void *)(uintptr_t)rows->bytes.size;
    buffer_append(&rows->bytes, row->body, row->size);
    return 0;
}

int consumer_rows_read(struct consumer_rows *rows, struct journal *journal)
{
    const int result = journal_rows_from(journal, CORE_CONSUMER_ROWS, CORE_CONSUMER_ROWS_END, keep_row, rows);
    for (size_t i = 0; i < rows->count; i++)
        rows->rows[i].body = rows->bytes.data + (uintptr_t)rows->rows[i].body;
    return result;
}

static int keep_place(void *context, const struct journal_place *put)
{
    struct places *places = context;
    places->items = xgrow(places->items, places->count, &places->capacity, sizeof *places->items);
    struct place *place = &places->items[places->count++];
    *place = (struct place){.agency = put->agency, .at = {.key = put->key, .seq = put->seq, .made = put->made}};
    snprintf(place->consumer, sizeof place->consumer, "%s", put->consumer);
    return 0;
}

int places_read(struct places *places, struct journal *journal)
{
    return journal_places(journal, &places->mark, keep_place, places);
}

/* ---- each task ---- */

static uint64_t checkpoint_of(const struct journal *journal)
{
    struct journal_info info;
    journal_info(journal, &info);
    return info.checkpoint;
}

static void take(struct lead_errand *errand, struct journal *journal)
{
    struct journal_info info;
    errand->result = journal_take(journal, &errand->taken);
    if (errand->result == JOURNAL_OK && errand->taken)
        errand->result = consumer_rows_read(errand->consumers, journal);
    if (errand->result == JOURNAL_OK && errand->taken)
        errand->result = places_read(errand->places, journal);
    journal_info(journal, &info);
    errand->lead.epoch = journal_epoch(journal);
    errand->last_seq = info.last_seq;
    errand->checkpoint = info.checkpoint;
}

void lead_do(struct lead_errand *errand, struct journal *journal)
{
    errand->result = JOURNAL_OK;
    switch (errand->task) {
    case LEAD_FOLLOW:
        errand->result = ended(journal_follow(journal, errand->after, FOLLOWED_RECORDS, errand->wait_ms, keep,
                                              errand->page, &errand->lead));
        errand->checkpoint = checkpoint_of(journal);
        settle(errand->page);
        break;
    case LEAD_READ:
        errand->result = ended(journal_read(journal, errand->after + 1, FOLLOWED_RECORDS, keep, errand->page));
        settle(errand->page);
        break;
    case LEAD_TAKE:
        take(errand, journal);
        break;
    case LEAD_GIVE_UP:
        errand->result = journal_give_up(journal, errand->to);
        break;
    case LEAD_PLACES:
        if (errand->forget > 0)
            errand->result = journal_places_forget(journal, errand->forget);
        if (errand->result == JOURNAL_OK)
            errand->result = places_read(errand->places, journal);
        errand->lead.epoch = journal_epoch(journal);
        break;
    case LEAD_NOTHING:
        break;
    }
}
