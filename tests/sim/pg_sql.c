/* The keeper's statements, by their text. See pg.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "gen/journal/postgres_migrations.h"
#include "sim/pg.h"
#include "sim/sim.h"

typedef struct pg_result *statement(struct pg_backend *backend);

static const struct pg_value *value_of(const struct pg_backend *backend, int number)
{
    SIM_CHECK(pg->sim, number <= backend->statement.count, "$%d was not given: %s", number, backend->statement.sql);
    return &backend->statement.values[number - 1];
}

static uint64_t number_of(const struct pg_backend *backend, int number)
{
    return pg_number(value_of(backend, number));
}

static struct pg_result *one_number(uint64_t number)
{
    struct pg_result *result = pg_result_new(1);
    pg_result_number(result, number);
    return result;
}

static struct pg_result *nothing(struct pg_backend *backend)
{
    (void)backend;
    return pg_result_new(0);
}

/* As things are, or were when the transaction began. */
static struct pg_moment *moment_of(struct pg_backend *backend)
{
    static struct pg_moment now;
    struct pg_tables *tables = &pg->tables;
    struct pg_moment *moment = &backend->moment;
    if (!moment->is_begun)
        moment = &now;
    if (moment->is_taken)
        return moment;
    *moment = (struct pg_moment){.is_begun = moment->is_begun,
                                 .is_taken = moment->is_begun,
                                 .head = tables->head,
                                 .record_count = tables->record_count,
                                 .rows = tables->rows,
                                 .row_count = tables->row_count};
    if (!moment->is_begun)
        return moment;
    moment->rows = xcalloc(tables->row_count + 1, sizeof *moment->rows);
    for (size_t i = 0; i < tables->row_count; i++) {
        moment->rows[i] = tables->rows[i];
        moment->rows[i].body = xmalloc(tables->rows[i].size + 1);
        memcpy(moment->rows[i].body, tables->rows[i].body, tables->rows[i].size);
    }
    return moment;
}

/* ---- sessions, and who leads ---- */

static struct pg_result *answer_yes(struct pg_backend *backend)
{
    (void)backend;
    return one_number(1);
}

static struct pg_result *try_lock(struct pg_backend *backend)
{
    bool is_free = true;
    for (int i = 0; i < PG_BACKENDS; i++)
        is_free = is_free && (!pg->backends[i].is_live || !pg->backends[i].has_lock || &pg->backends[i] == backend);
    backend->has_lock = is_free;
    return one_number(is_free);
}

static void end_named(const struct pg_backend *own, const char *name, size_t size)
{
    for (int i = 0; i < PG_BACKENDS; i++) {
        struct pg_backend *backend = &pg->backends[i];
        if (backend->is_live && backend != own && strlen(backend->name) == size &&
            memcmp(backend->name, name, size) == 0)
            pg_backend_terminate(backend);
    }
}

static struct pg_result *end_own(struct pg_backend *backend)
{
    const struct pg_value *name = value_of(backend, 1);
    end_named(backend, (const char *)name->bytes, (size_t)name->size);
    return pg_result_new(1);
}

static struct pg_result *end_leaders(struct pg_backend *backend)
{
    const struct pg_head *head = &pg->tables.head;
    if (head->numbers[PG_EPOCH] == number_of(backend, 1) && pg_leader(head)[0])
        end_named(backend, pg_leader(head), strlen(pg_leader(head)));
    return pg_result_new(1);
}

static struct pg_result *read_leader(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(1);
    (void)backend;
    pg_give(result, &pg->tables.head, PG_LEADER);
    return result;
}

static struct pg_result *watch(struct pg_backend *backend)
{
    static const enum pg_column columns[] = {PG_EPOCH,   PG_SEQ,  PG_BEAT, PG_LEADER,   PG_CHECKPOINT,
                                             PG_ROW_SUM, PG_HASH, PG_SUM,  PG_ENDPOINT, PG_HEIR};
    const struct pg_head *head = &moment_of(backend)->head;
    const int count = strchr(backend->statement.sql, '>') ? 10 : 4;
    struct pg_result *result = pg_result_new(count);
    for (int i = 0; i < count; i++)
        pg_give(result, head, columns[i]);
    backend->has_looked = true;
    backend->unmoved_ms = strand_now_ms() - pg->moved_ms;
    backend->looks_epoch = head->numbers[PG_EPOCH];
    return result;
}

static struct pg_result *listen(struct pg_backend *backend)
{
    backend->listens = true;
    return pg_result_new(0);
}

static struct pg_result *unlisten(struct pg_backend *backend)
{
    backend->listens = false;
    return pg_result_new(0);
}

static struct pg_result *unlock(struct pg_backend *backend)
{
    backend->has_lock = false;
    return pg_result_new(1);
}

/* ---- making a store: in calm, so that no transaction is ever broken off ---- */

static struct pg_result *is_made(struct pg_backend *backend)
{
    (void)backend;
    return one_number(pg->tables.is_made);
}

static struct pg_result *read_schema(struct pg_backend *backend)
{
    (void)backend;
    return one_number(pg->tables.schema);
}

static struct pg_result *put_migration(struct pg_backend *backend)
{
    pg->tables.schema = number_of(backend, 1);
    return pg_result_new(0);
}

static struct pg_result *put_store(struct pg_backend *backend)
{
    struct pg_tables *tables = &pg->tables;
    memcpy(tables->info.identity, value_of(backend, 1)->bytes, sizeof tables->info.identity);
    tables->info.rehearsal = number_of(backend, 2) != 0;
    tables->info.rehearse_from_ms = (int64_t)number_of(backend, 3);
    tables->info_sum = number_of(backend, 4);
    return pg_result_new(0);
}

static struct pg_result *put_head(struct pg_backend *backend)
{
    struct pg_head *head = &pg->tables.head;
    const struct pg_value *name = value_of(backend, 1);
    *head = (struct pg_head){.numbers = {[PG_EPOCH] = 1,
                                         [PG_SEQ] = number_of(backend, 2),
                                         [PG_CHECKPOINT] = number_of(backend, 3),
                                         [PG_ROW_SUM] = number_of(backend, 4),
                                         [PG_SUM] = number_of(backend, 6)}};
    memcpy(head->texts[PG_LEADER - PG_NUMBERS], name->bytes, (size_t)name->size);
    memcpy(head->hash, value_of(backend, 5)->bytes, sizeof head->hash);
    pg->tables.is_made = true;
    return pg_result_new(0);
}

/* ---- reading ---- */

static struct pg_result *begin_moment(struct pg_backend *backend)
{
    pg_moment_end(&backend->moment);
    backend->moment.is_begun = true;
    return pg_result_new(0);
}

static struct pg_result *commit(struct pg_backend *backend)
{
    pg_moment_end(&backend->moment);
    return pg_result_new(0);
}

static struct pg_result *read_info(struct pg_backend *backend)
{
    const struct pg_tables *tables = &pg->tables;
    struct pg_result *result = pg_result_new(4);
    (void)backend;
    pg_result_bytes(result, tables->info.identity, sizeof tables->info.identity);
    pg_result_number(result, tables->info.rehearsal);
    pg_result_number(result, (uint64_t)tables->info.rehearse_from_ms);
    pg_result_number(result, tables->info_sum);
    return result;
}

static struct pg_result *read_head(struct pg_backend *backend)
{
    static const enum pg_column columns[] = {PG_SEQ, PG_CHECKPOINT, PG_ROW_SUM, PG_HASH, PG_SUM};
    const struct pg_moment *moment = moment_of(backend);
    struct pg_result *result = pg_result_new(6);
    for (int i = 0; i < 5; i++)
        pg_give(result, &moment->head, columns[i]);
    pg_result_number(result, moment->record_count);
    return result;
}

static void give_record(struct pg_result *result, const struct pg_record *record)
{
    pg_result_number(result, record->seq);
    pg_result_number(result, record->task);
    pg_result_number(result, record->previous);
    pg_result_bytes(result, record->hash, sizeof record->hash);
    pg_result_bytes(result, record->body, record->size);
}

static struct pg_result *read_records(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(5);
    const uint64_t newest = moment_of(backend)->record_count;
    for (uint64_t seq = number_of(backend, 1); seq < number_of(backend, 2) && seq <= newest; seq++)
        if (seq > 0)
            give_record(result, &pg->tables.records[seq - 1]);
    return result;
}

static struct pg_result *read_hash(struct pg_backend *backend)
{
    const uint64_t seq = number_of(backend, 1);
    struct pg_result *result = pg_result_new(1);
    if (seq > 0 && seq <= moment_of(backend)->record_count)
        pg_result_bytes(result, pg->tables.records[seq - 1].hash, CHAIN_HASH_SIZE);
    return result;
}

static struct pg_result *read_links(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(6);
    uint64_t seq = number_of(backend, 1), count = number_of(backend, 2), bytes = 0;
    while (seq > 0 && seq <= moment_of(backend)->record_count && count-- > 0 && bytes < number_of(backend, 3)) {
        const struct pg_record *record = &pg->tables.records[seq - 1];
        give_record(result, record);
        pg_result_bytes(result, seq > 1 ? pg->tables.records[seq - 2].hash : (const uint8_t *)"",
                        seq > 1 ? CHAIN_HASH_SIZE : 0);
        bytes += record->size;
        seq = record->previous < seq ? record->previous : 0;
    }
    return result;
}

static struct pg_result *read_rows(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(4);
    const struct pg_moment *moment = moment_of(backend);
    const int64_t after = (int64_t)number_of(backend, 1);
    uint64_t left = number_of(backend, 2);
    for (size_t place = 0; left > 0 && place < moment->row_count; place++) {
        const struct pg_row *row = &moment->rows[place];
        if (row->key <= after)
            continue;
        left--;
        pg_result_number(result, (uint64_t)row->key);
        pg_result_number(result, row->seq);
        pg_result_number(result, row->sum);
        pg_result_bytes(result, row->body, row->size);
    }
    return result;
}

/* ---- arrays, in the binary format ---- */

struct array {
    const uint8_t *at;
    uint32_t count;
};

static uint32_t take32(const uint8_t **at)
{
    const struct pg_value value = {*at, 4};
    *at += 4;
    return (uint32_t)pg_number(&value);
}

static struct array array_of(const struct pg_backend *backend, int number)
{
    struct array array = {value_of(backend, number)->bytes, 0};
    const uint32_t dimensions = take32(&array.at);
    array.at += 8;
    if (dimensions > 0) {
        array.count = take32(&array.at);
        array.at += 4;
    }
    return array;
}

static struct pg_value take_value(struct array *array)
{
    const int size = (int)take32(&array->at);
    const struct pg_value value = {array->at, size};
    array->at += size;
    return value;
}

static uint64_t take_number(struct array *array)
{
    const struct pg_value value = take_value(array);
    return pg_number(&value);
}

/* ---- places of consumers: kept beside all else ---- */

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
    struct array columns[5];
    for (int i = 0; i < 5; i++)
        columns[i] = array_of(backend, 1 + i);
    change->is_of_places = true;
    change->places = xcalloc(columns[0].count + 1, sizeof *change->places);
    for (uint32_t i = 0; i < columns[0].count; i++) {
        struct pg_place place = {.is_there = true, .agency = take_number(&columns[0])};
        const struct pg_value consumer = take_value(&columns[1]);
        memcpy(place.consumer, consumer.bytes, (size_t)consumer.size);
        place.key = take_number(&columns[2]);
        place.seq = take_number(&columns[3]);
        place.made = take_number(&columns[4]);
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

static struct pg_result *put_places(struct pg_backend *backend)
{
    return put(backend, true);
}

static struct pg_result *put_places_unsynced(struct pg_backend *backend)
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

static struct pg_result *forget_places(struct pg_backend *backend)
{
    struct pg_tables *tables = &pg->tables;
    size_t left = 0;
    for (size_t i = 0; i < tables->place_count; i++)
        if (tables->places[i].changed >= number_of(backend, 1))
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

static struct pg_result *read_places(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(6);
    for (size_t i = 0; i < pg->tables.place_count; i++) {
        const struct pg_place *place = &pg->tables.places[i];
        if (place->changed < number_of(backend, 1))
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

static struct pg_result *read_sums(struct pg_backend *backend)
{
    struct array keys = array_of(backend, 1);
    struct pg_result *result = pg_result_new(2);
    int64_t *wanted = xcalloc(keys.count + 1, sizeof *wanted);
    size_t count = 0;
    for (uint32_t i = 0; i < keys.count; i++)
        wanted[count++] = (int64_t)take_number(&keys);
    for (size_t i = 0; i < pg->tables.row_count; i++) {
        bool is_wanted = false;
        for (size_t j = 0; j < count && !is_wanted; j++)
            is_wanted = wanted[j] == pg->tables.rows[i].key;
        if (!is_wanted)
            continue;
        pg_result_number(result, (uint64_t)pg->tables.rows[i].key);
        pg_result_number(result, pg->tables.rows[i].sum);
    }
    free(wanted);
    return result;
}

/* ---- appending ---- */

static void fill_records(const struct pg_backend *backend, struct pg_change *change, int first)
{
    struct array columns[5];
    for (int i = 0; i < 5; i++)
        columns[i] = array_of(backend, first + i);
    change->record_count = columns[0].count;
    change->records = xcalloc(change->record_count + 1, sizeof *change->records);
    for (size_t i = 0; i < change->record_count; i++) {
        struct pg_record *record = &change->records[i];
        record->seq = take_number(&columns[0]);
        record->task = take_number(&columns[1]);
        record->previous = take_number(&columns[2]);
        memcpy(record->hash, take_value(&columns[3]).bytes, sizeof record->hash);
        const struct pg_value body = take_value(&columns[4]);
        record->body = xmemdup(body.bytes, (size_t)body.size);
        record->size = (uint32_t)body.size;
    }
}

static void fill_rows(const struct pg_backend *backend, struct pg_change *change, int first)
{
    struct array columns[4];
    for (int i = 0; i < 4; i++)
        columns[i] = array_of(backend, first + i);
    change->row_count = columns[0].count;
    change->rows = xcalloc(change->row_count + 1, sizeof *change->rows);
    for (size_t i = 0; i < change->row_count; i++) {
        struct pg_row *row = &change->rows[i];
        row->key = (int64_t)take_number(&columns[0]);
        row->seq = take_number(&columns[1]);
        row->sum = take_number(&columns[2]);
        const struct pg_value body = take_value(&columns[3]);
        row->body = xmalloc((size_t)body.size + 1);
        memcpy(row->body, body.bytes, (size_t)body.size);
        row->size = (uint32_t)body.size;
    }
}

/* A key is one row's: a record that is there already ends the statement, and changes nothing. */
static bool is_taken(const struct pg_change *change)
{
    for (size_t i = 0; i < change->record_count; i++)
        if (change->records[i].seq != pg->tables.record_count + 1 + i)
            return true;
    return false;
}

#define PUT                                                                                                            \
    "), put AS (INSERT INTO record (seq, task, previous, hash, body) SELECT u.* FROM fence,"                           \
    " unnest($9::int8[], $10::int8[], $11::int8[], $12::bytea[], $13::bytea[]) u)"
#define STAND                                                                                                          \
    ", stand AS (INSERT INTO state_row (key, seq, sum, body) SELECT u.* FROM fence,"                                   \
    " unnest($14::int8[], $15::int8[], $16::int8[], $17::bytea[]) u ON CONFLICT (key) DO UPDATE"                       \
    " SET seq = excluded.seq, sum = excluded.sum, body = excluded.body)"
#define FENCE   "WITH fence AS ("
#define TOLD    " SELECT seq, pg_notify($8::text, '') FROM fence"
#define RECORDS 9  /* the number of the first array of records… */
#define ROWS    14 /* …and of rows */

static struct pg_result *append(struct pg_backend *backend)
{
    struct pg_change *change;
    const char *rest;
    bool waits;
    struct pg_result *result = pg_update(backend, backend->statement.sql + strlen(FENCE), &rest, &change, &waits);
    if (!result)
        return NULL;
    const bool has_rows = strcmp(rest, PUT STAND TOLD) == 0;
    SIM_CHECK(pg->sim, has_rows || strcmp(rest, PUT TOLD) == 0, "a statement that is not known: %s",
              backend->statement.sql);
    if (!change)
        return result;
    change->notifies = true;
    fill_records(backend, change, RECORDS);
    if (has_rows)
        fill_rows(backend, change, ROWS);
    const bool is_full = strand_now_ms() < pg->full_ms;
    if (is_full || is_taken(change)) {
        pg->no_room += is_full;
        pg_change_free(change);
        PQclear(result);
        return is_full ? pg_result_error("53100", "could not extend file: No space left on device")
                       : pg_result_error("23505", "duplicate key value violates unique constraint");
    }
    pg_commit(backend, change, result, waits);
    return NULL;
}

static struct pg_result *update(struct pg_backend *backend)
{
    struct pg_change *change;
    const char *rest;
    bool waits;
    struct pg_result *result = pg_update(backend, backend->statement.sql, &rest, &change, &waits);
    SIM_CHECK(pg->sim, !result || *rest == '\0', "a statement that is not known: %s: at %s", backend->statement.sql,
              result ? rest : "");
    if (!change)
        return result;
    if (result->claims)
        several_check_claim(pg->sim, backend);
    else if (pg_leader(&change->head)[0] == '\0')
        several_check_give_up(pg->sim, backend);
    pg_commit(backend, change, result, waits);
    return NULL;
}

/* ---- all of them ---- */

#define PUT_PLACES                                                                                                     \
    "INSERT INTO place AS p (agency, consumer, key, seq, made, changed) SELECT DISTINCT ON (agency, consumer, key)"    \
    " agency, consumer, key, seq, made, pg_current_xact_id()::text::int8 FROM unnest($1::int8[], $2::text[],"          \
    " $3::int8[], $4::int8[], $5::int8[]) AS u (agency, consumer, key, seq, made)"
#define PUT_PLACES_RANKED                                                                                              \
    " ORDER BY agency, consumer, key, made, seq * (2 * made - 1) ON CONFLICT (agency, consumer, key) DO UPDATE"        \
    " SET seq = excluded.seq, made = excluded.made, changed = excluded.changed"                                        \
    " WHERE (excluded.made, excluded.seq * (2 * excluded.made - 1)) < (p.made, p.seq * (2 * p.made - 1))"

static const struct {
    const char *sql;
    statement *run;
} statements[] = {
    {"SELECT epoch, seq, beat, leader, checkpoint, row_sum, hash, sum, to_jsonb(head) ->> 'endpoint',"
     " to_jsonb(head) ->> 'heir' FROM head WHERE id = 1",
     watch},
    {"LISTEN \"coordd.coordd\"", listen},
    {"UNLISTEN *", unlisten},
    {"SELECT pg_advisory_unlock_all()", unlock},
    {PUT_PLACES "" PUT_PLACES_RANKED, put_places},
    {PUT_PLACES " WHERE true AND set_config('synchronous_commit', 'off', true) = 'off'" PUT_PLACES_RANKED,
     put_places_unsynced},
    {"SELECT agency, key, consumer, seq, made, pg_snapshot_xmin(pg_current_snapshot())::text::int8 FROM place"
     " WHERE changed >= $1::int8",
     read_places},
    {"DELETE FROM place WHERE changed < $1::int8 AND set_config('synchronous_commit', 'off', true) = 'off'",
     forget_places},
    {"SELECT seq, task, previous, hash, body FROM record WHERE seq >= $1::int8 AND seq < $2::int8 ORDER BY seq",
     read_records},
    {"SELECT hash FROM record WHERE seq = $1::int8", read_hash},
    {"SELECT key, seq, sum, body FROM state_row WHERE key > $1::int8 ORDER BY key LIMIT $2::int8", read_rows},
    {"SELECT key, sum FROM state_row WHERE key = ANY($1::int8[]) ORDER BY key", read_sums},
    {"SELECT identity, rehearsal, rehearse_from_ms, sum FROM store WHERE id = 1", read_info},
    {"SELECT seq, checkpoint, row_sum, hash, sum, coalesce((SELECT max(seq) FROM record), 0) FROM head WHERE id = 1",
     read_head},
    {"WITH RECURSIVE link AS (SELECT 1::int8 AS number, 0::int8 AS bytes, r.* FROM record r WHERE r.seq = $1::int8"
     " UNION ALL SELECT l.number + 1, l.bytes + octet_length(l.body), r.* FROM link l"
     " JOIN record r ON r.seq = l.previous WHERE l.previous < l.seq AND l.number < $2::int8"
     " AND l.bytes + octet_length(l.body) < $3::int8)"
     " SELECT seq, task, previous, hash, body, (SELECT b.hash FROM record b WHERE b.seq = link.seq - 1)"
     " FROM link ORDER BY number",
     read_links},
    {"SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0;"
     "SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning; SET jit = off;"
     "SET default_transaction_isolation = 'read committed'; SET client_connection_check_interval = 1000;"
     "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2;"
     "SET tcp_user_timeout = 3000;"
     "SELECT set_config('synchronous_commit', 'on', false)"
     " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')",
     nothing},
    {"SELECT (current_setting('fsync') = 'on')::int4::int8", answer_yes},
    {"SELECT set_config('search_path', quote_ident($1::text), false)", answer_yes},
    {"SELECT pg_try_advisory_lock(oid::int4, 1)::int4::int8 FROM pg_namespace WHERE nspname = current_schema()",
     try_lock},
    {"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1::text"
     " AND pid <> pg_backend_pid()",
     end_own},
    {"SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, head h WHERE h.id = 1 AND h.epoch = $1::int8"
     " AND h.leader <> '' AND a.application_name = h.leader AND a.pid <> pg_backend_pid()",
     end_leaders},
    {"SELECT leader FROM head WHERE id = 1", read_leader},
    {"SELECT (to_regclass(quote_ident($1::text) || '.head') IS NOT NULL)::int4::int8", is_made},
    {"SELECT coalesce(max(version), 0)::int8 FROM migration", read_schema},
    {"INSERT INTO migration (version, name) VALUES ($1::int8, $2::text)", put_migration},
    {"SELECT count(*) FROM pg_namespace WHERE nspname = $1::text", answer_yes},
    {"INSERT INTO store (id, identity, rehearsal, rehearse_from_ms, sum) VALUES (1, $1::bytea, $2::int8, $3::int8,"
     " $4::int8)",
     put_store},
    {"INSERT INTO head (id, epoch, beat, leader, seq, checkpoint, row_sum, hash, sum) VALUES (1, 1, 0, $1::text,"
     " $2::int8, $3::int8, $4::int8, $5::bytea, $6::int8)",
     put_head},
    {"BEGIN", nothing},
    {"BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", begin_moment},
    {"COMMIT", commit},
};

static statement *find(const char *sql)
{
    if (strncmp(sql, FENCE, strlen(FENCE)) == 0)
        return append;
    if (strncmp(sql, "UPDATE head ", 12) == 0)
        return update;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (strcmp(sql, statements[i].sql) == 0)
            return statements[i].run;
    for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++)
        if (strcmp(sql, migrations[i].sql) == 0)
            return nothing;
    return NULL;
}

struct pg_result *pg_execute(struct pg_backend *backend)
{
    statement *run = find(backend->statement.sql);
    SIM_CHECK(pg->sim, run, "a statement that is not known: %s", backend->statement.sql);
    return run(backend);
}
