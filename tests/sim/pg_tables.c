/* The tables, and what changes of them that were not at the standby yet are taken out again with; and results. See pg.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/pg.h"

void pg_tables_done(struct pg_tables *tables)
{
    while (tables->record_count > 0)
        free(tables->records[--tables->record_count].body);
    while (tables->row_count > 0)
        free(tables->rows[--tables->row_count].body);
    free(tables->records);
    free(tables->rows);
    free(tables->places);
}

void pg_moment_end(struct pg_moment *moment)
{
    for (size_t i = 0; moment->is_taken && i < moment->row_count; i++)
        free(moment->rows[i].body);
    if (moment->is_taken)
        free(moment->rows);
    *moment = (struct pg_moment){.is_begun = false};
}

struct pg_row *pg_tables_row(struct pg_tables *tables, int64_t key, size_t *place)
{
    size_t low = 0, high = tables->row_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (tables->rows[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (place)
        *place = low;
    return low < tables->row_count && tables->rows[low].key == key ? &tables->rows[low] : NULL;
}

static void insert_row(struct pg_tables *tables, size_t place, const struct pg_row *row)
{
    tables->rows = xgrow(tables->rows, tables->row_count, &tables->row_capacity, sizeof *tables->rows);
    memmove(&tables->rows[place + 1], &tables->rows[place], (tables->row_count - place) * sizeof *tables->rows);
    tables->rows[place] = *row;
    tables->row_count++;
}

static void remove_row(struct pg_tables *tables, size_t place)
{
    tables->row_count--;
    memmove(&tables->rows[place], &tables->rows[place + 1], (tables->row_count - place) * sizeof *tables->rows);
}

/* What stands there comes into `row`, and the other way round. */
static void exchange_row(struct pg_tables *tables, struct pg_row *row)
{
    size_t place;
    struct pg_row *stands = pg_tables_row(tables, row->key, &place);
    const struct pg_row was = stands ? *stands : (struct pg_row){.key = row->key};
    if (stands && row->body)
        *stands = *row;
    else if (row->body)
        insert_row(tables, place, row);
    else if (stands)
        remove_row(tables, place);
    *row = was;
}

struct pg_place *pg_tables_place(struct pg_tables *tables, const struct pg_place *place)
{
    for (size_t i = 0; i < tables->place_count; i++) {
        struct pg_place *stands = &tables->places[i];
        if (stands->agency == place->agency && stands->key == place->key &&
            strcmp(stands->consumer, place->consumer) == 0)
            return stands;
    }
    return NULL;
}

/* The same of a place. */
static void exchange_place(struct pg_tables *tables, struct pg_place *place)
{
    struct pg_place *stands = pg_tables_place(tables, place), was = *place;
    was.is_there = false;
    if (stands)
        was = *stands;
    if (stands && place->is_there)
        *stands = *place;
    else if (stands)
        *stands = tables->places[--tables->place_count];
    if (!stands && place->is_there) {
        tables->places = xgrow(tables->places, tables->place_count, &tables->place_capacity, sizeof *tables->places);
        tables->places[tables->place_count++] = *place;
    }
    *place = was;
}

static void exchange(struct pg_tables *tables, struct pg_change *change)
{
    const struct pg_head was = tables->head;
    tables->head = change->head;
    change->head = was;
}

void pg_change_see(struct pg_tables *tables, struct pg_change *change)
{
    if (!change->is_of_places)
        exchange(tables, change);
    for (size_t i = 0; i < change->place_count; i++)
        exchange_place(tables, &change->places[i]);
    for (size_t i = 0; i < change->row_count; i++)
        exchange_row(tables, &change->rows[i]);
    for (size_t i = 0; i < change->record_count; i++) {
        tables->records = xgrow(tables->records, tables->record_count, &tables->record_capacity,
                                sizeof *tables->records);
        tables->records[tables->record_count++] = change->records[i];
        change->records[i].body = NULL; /* it is the table's */
    }
    change->is_seen = true;
}

void pg_change_undo(struct pg_tables *tables, struct pg_change *change)
{
    for (size_t i = change->record_count; i > 0; i--)
        free(tables->records[--tables->record_count].body);
    for (size_t i = change->row_count; i > 0; i--)
        exchange_row(tables, &change->rows[i - 1]);
    for (size_t i = change->place_count; i > 0; i--)
        exchange_place(tables, &change->places[i - 1]);
    if (!change->is_of_places)
        exchange(tables, change);
    change->record_count = 0;
    change->is_seen = false;
}

void pg_change_free(struct pg_change *change)
{
    if (!change)
        return;
    for (size_t i = 0; i < change->record_count; i++)
        free(change->records[i].body);
    for (size_t i = 0; i < change->row_count; i++)
        free(change->rows[i].body);
    free(change->records);
    free(change->rows);
    free(change->places);
    free(change);
}

/* ---- results ---- */

struct pg_result *pg_result_new(int columns)
{
    struct pg_result *result = xcalloc(1, sizeof *result);
    result->status = columns > 0 ? PGRES_TUPLES_OK : PGRES_COMMAND_OK;
    result->columns = columns;
    return result;
}

struct pg_result *pg_result_error(const char *state, const char *words)
{
    struct pg_result *result = pg_result_new(0);
    result->status = PGRES_FATAL_ERROR;
    memcpy(result->state, state, 5);
    memcpy(result->words, words, strnlen(words, sizeof result->words - 1));
    return result;
}

void pg_result_bytes(struct pg_result *result, const void *bytes, size_t size)
{
    uint8_t *kept = xmalloc(size + 1); /* libpq ends every value so */
    memcpy(kept, bytes, size);
    kept[size] = '\0';
    result->cells = xgrow(result->cells, result->cell_count, &result->capacity, sizeof *result->cells);
    result->cells[result->cell_count++] = (struct pg_value){kept, (int)size};
    result->rows = (int)result->cell_count / result->columns;
}

void pg_result_number(struct pg_result *result, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    pg_result_bytes(result, bytes, sizeof bytes);
}

struct pg_result *pg_result_row(const struct pg_result *result, int row)
{
    struct pg_result *one = pg_result_new(result->columns);
    for (int i = 0; i < result->columns; i++) {
        const struct pg_value *cell = &result->cells[row * result->columns + i];
        pg_result_bytes(one, cell->bytes, (size_t)cell->size);
    }
    one->status = PGRES_SINGLE_TUPLE;
    return one;
}
