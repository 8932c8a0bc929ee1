/* Statements of the keeper's by which a session is set up, the lead is taken, and a store is made. See pg.h. */
#include "sim/pg_statements.h"

#include <string.h>

#include "sim/sim.h"

/* ---- sessions, and who leads ---- */

struct pg_result *statement_answer_yes(struct pg_backend *backend)
{
    (void)backend;
    return pg_one_number(1);
}

struct pg_result *statement_try_lock(struct pg_backend *backend)
{
    bool is_free = true;
    for (int i = 0; i < PG_BACKENDS; i++)
        is_free = is_free && (!pg->backends[i].is_live || !pg->backends[i].has_lock || &pg->backends[i] == backend);
    backend->has_lock = is_free;
    return pg_one_number(is_free);
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

struct pg_result *statement_end_own(struct pg_backend *backend)
{
    const struct pg_value *name = pg_value_of(backend, 1);
    end_named(backend, (const char *)name->bytes, (size_t)name->size);
    return pg_result_new(1);
}

struct pg_result *statement_end_leaders(struct pg_backend *backend)
{
    const struct pg_head *head = &pg->tables.head;
    if (head->numbers[PG_EPOCH] == pg_number_of(backend, 1) && pg_leader(head)[0])
        end_named(backend, pg_leader(head), strlen(pg_leader(head)));
    return pg_result_new(1);
}

struct pg_result *statement_read_leader(struct pg_backend *backend)
{
    struct pg_result *result = pg_result_new(1);
    (void)backend;
    pg_give(result, &pg->tables.head, PG_LEADER);
    return result;
}

struct pg_result *statement_watch(struct pg_backend *backend)
{
    static const enum pg_column columns[] = {PG_EPOCH,   PG_SEQ,  PG_BEAT, PG_LEADER,   PG_CHECKPOINT,
                                             PG_ROW_SUM, PG_HASH, PG_SUM,  PG_ENDPOINT, PG_HEIR};
    const struct pg_head *head = &pg_moment_of(backend)->head;
    const int count = strchr(backend->statement.sql, '>') ? 10 : 4;
    struct pg_result *result = pg_result_new(count);
    for (int i = 0; i < count; i++)
        pg_give(result, head, columns[i]);
    backend->has_looked = true;
    backend->unmoved_ms = strand_now_ms() - pg->moved_ms;
    backend->looks_epoch = head->numbers[PG_EPOCH];
    return result;
}

struct pg_result *statement_listen(struct pg_backend *backend)
{
    backend->listens = true;
    return pg_result_new(0);
}

struct pg_result *statement_unlisten(struct pg_backend *backend)
{
    backend->listens = false;
    return pg_result_new(0);
}

struct pg_result *statement_unlock(struct pg_backend *backend)
{
    backend->has_lock = false;
    return pg_result_new(1);
}

/* ---- making a store: in calm, so that no transaction is ever broken off ---- */

struct pg_result *statement_is_made(struct pg_backend *backend)
{
    (void)backend;
    return pg_one_number(pg->tables.is_made);
}

struct pg_result *statement_read_schema(struct pg_backend *backend)
{
    (void)backend;
    return pg_one_number(pg->tables.schema);
}

struct pg_result *statement_put_migration(struct pg_backend *backend)
{
    pg->tables.schema = pg_number_of(backend, 1);
    return pg_result_new(0);
}

struct pg_result *statement_put_store(struct pg_backend *backend)
{
    struct pg_tables *tables = &pg->tables;
    memcpy(tables->info.identity, pg_value_of(backend, 1)->bytes, sizeof tables->info.identity);
    tables->info.rehearsal = pg_number_of(backend, 2) != 0;
    tables->info.rehearse_from_ms = (int64_t)pg_number_of(backend, 3);
    tables->info_sum = pg_number_of(backend, 4);
    return pg_result_new(0);
}

struct pg_result *statement_put_head(struct pg_backend *backend)
{
    struct pg_head *head = &pg->tables.head;
    const struct pg_value *name = pg_value_of(backend, 1);
    *head = (struct pg_head){.numbers = {[PG_EPOCH] = 1,
                                         [PG_SEQ] = pg_number_of(backend, 2),
                                         [PG_CHECKPOINT] = pg_number_of(backend, 3),
                                         [PG_ROW_SUM] = pg_number_of(backend, 4),
                                         [PG_SUM] = pg_number_of(backend, 6)}};
    memcpy(head->texts[PG_LEADER - PG_NUMBERS], name->bytes, (size_t)name->size);
    memcpy(head->hash, pg_value_of(backend, 5)->bytes, sizeof head->hash);
    pg->tables.is_made = true;
    return pg_result_new(0);
}
