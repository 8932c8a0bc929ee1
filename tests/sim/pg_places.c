/* The keeper's statements of where consumers are, which is kept beside all else. See pg.h. */
#include "sim/pg_statements.h"

#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

/* What a consumer said counts before what a broker chose; of those that were said the last, and of those that were chosen the first. */
bool pg_place_counts_before(const struct pg_place *place, const struct pg_place *other)
{
    if (place->made != other->made)
        return !place->made;
    return place->made ? place->seq < other->seq : place->seq > other->seq;
}

/* Those that one statement puts, each consumer's once. */
static void fill_places(const struct pg_backend *backend, struct pg_change *change)
{
    struct pg_array columns[5];
    for (int i = 0; i < 5; i++)
        columns[i] = pg_array_of(backend, 1 + i);
    change->is_of_places = true;
    change->places = xcalloc(columns[0].count + 1, sizeof *change->places);
    for (uint32_t i = 0; i < columns[0].count; i++) {
        struct pg_place place = {.is_there = true, .agency = pg_take_number(&columns[0])};
        const struct pg_value consumer = pg_take_value(&columns[1]);
        memcpy(place.consumer, consumer.bytes, (size_t)consumer.size);
        place.key = pg_take_number(&columns[2]);
        place.seq = pg_take_number(&columns[3]);
        place.made = pg_take_number(&columns[4]);
        struct pg_tables given = {.places = change->places, .place_count = change->place_count};
        struct pg_place *same = pg_tables_place(&given, &place);
        if (!same)
            change->places[change->place_count++] = place;
        else if (pg_place_counts_before(&place, same))
            *same = place;
    }
}

/* One that is put by another whose commit waits, and is not seen, is waited for. */
static bool is_locked(const struct pg_place *place)
{
    for (size_t i = 0; i < pg->log_count; i++) {
        struct pg_tables put = {.places = pg->log[i]->places, .place_count = pg->log[i]->place_count};
        if (!pg->log[i]->is_seen && pg_tables_place(&put, place))
            return true;
    }
    return false;
}

/* Places that stand before them stay. They are written again all the same, as a lock of theirs is. */
static void keep_those_before(struct pg_change *change)
{
    pg->tables.transactions++;
    for (size_t i = 0; i < change->place_count; i++) {
        const struct pg_place *stands = pg_tables_place(&pg->tables, &change->places[i]);
        if (stands && !pg_place_counts_before(&change->places[i], stands))
            change->places[i] = *stands;
        else
            change->places[i].changed = pg->tables.transactions;
    }
}

static struct pg_result *put(struct pg_backend *backend, bool waits)
{
    struct pg_change *change = xcalloc(1, sizeof *change);
    bool is_blocked = false;
    fill_places(backend, change);
    for (size_t i = 0; i < change->place_count; i++)
        is_blocked = is_blocked || is_locked(&change->places[i]);
    const bool is_full = strand_now_ms() < pg->full_ms;
    pg->no_room += is_full;
    if (is_blocked || is_full) {
        pg_change_free(change);
        return is_full ? pg_result_error("53100", "could not extend file: No space left on device") : NULL;
    }
    keep_those_before(change);
    pg_commit(backend, change, pg_result_new(0), waits);
    if (!change->is_seen && chance_percent(&pg->sim->chance, 50))
        pg_see(change);
    return NULL;
}

struct pg_result *statement_put_places(struct pg_backend *backend)
{
    return put(backend, true);
}

/* What no keeper sends: it is there for the mistake `several-place-does-not-wait`. */
struct pg_result *statement_put_places_unsynced(struct pg_backend *backend)
{
    return put(backend, false);
}

bool pg_place(uint64_t agency, const char *consumer, struct pg_place *counts)
{
    bool is_there = false;
    for (size_t i = 0; i < pg->tables.place_count; i++) {
        const struct pg_place *place = &pg->tables.places[i];
        if (place->agency != agency || strcmp(place->consumer, consumer) != 0)
            continue;
        if (!is_there || pg_place_counts_before(place, counts))
            *counts = *place;
        is_there = true;
    }
    return is_there;
}

struct pg_result *statement_forget_places(struct pg_backend *backend)
{
    struct pg_tables *tables = &pg->tables;
    size_t left = 0;
    for (size_t i = 0; i < tables->place_count; i++)
        if (tables->places[i].changed >= pg_number_of(backend, 1))
            tables->places[left++] = tables->places[i];
    tables->place_count = left;
    return pg_result_new(0);
}

/* The first transaction that puts places and is not seen. */
static uint64_t oldest_under_way(void)
{
    uint64_t oldest = pg->tables.transactions + 1;
    for (size_t i = 0; i < pg->log_count; i++)
        for (size_t j = 0; !pg->log[i]->is_seen && j < pg->log[i]->place_count; j++)
            if (pg->log[i]->places[j].changed < oldest)
                oldest = pg->log[i]->places[j].changed;
    return oldest;
}

struct pg_result *statement_read_places(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(6);
    for (size_t i = 0; i < pg->tables.place_count; i++) {
        const struct pg_place *place = &pg->tables.places[i];
        if (place->changed < pg_number_of(backend, 1))
            continue;
        pg_result_number(result, place->agency);
        pg_result_number(result, place->key);
        pg_result_bytes(result, place->consumer, strlen(place->consumer));
        pg_result_number(result, place->seq);
        pg_result_number(result, place->made);
        pg_result_number(result, oldest_under_way());
    }
    return result;
}
