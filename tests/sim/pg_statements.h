/* What the files on the keeper's statements need of each other, and no other file uses. */
#ifndef COORDD_SIM_PG_STATEMENTS_H
#define COORDD_SIM_PG_STATEMENTS_H

#include "sim/pg.h"

/* ---- what is given to a statement, and what it is answered ---- */

const struct pg_value *pg_value_of(const struct pg_backend *backend, int number);
uint64_t pg_number_of(const struct pg_backend *backend, int number);
struct pg_result *pg_one_number(uint64_t number);

/* What is left of one in the binary format. */
struct pg_array {
    const uint8_t *at;
    uint32_t count;
};

struct pg_array pg_array_of(const struct pg_backend *backend, int number);
struct pg_value pg_take_value(struct pg_array *array);
uint64_t pg_take_number(struct pg_array *array);

/* As things are, or were when the transaction began. */
struct pg_moment *pg_moment_of(struct pg_backend *backend);

/* ---- statements: NULL while one waits for another, or its commit does ---- */

typedef struct pg_result *statement(struct pg_backend *backend);

/* pg_lead.c */
statement statement_answer_yes, statement_try_lock, statement_end_own, statement_end_leaders, statement_read_leader,
    statement_watch, statement_listen, statement_unlisten, statement_unlock;
statement statement_is_made, statement_read_schema, statement_put_migration, statement_put_store, statement_put_head;

/* pg_read.c */
statement statement_begin_moment, statement_commit, statement_read_info, statement_read_head, statement_read_records,
    statement_read_hash, statement_read_links, statement_read_rows, statement_read_sums;

/* pg_places.c */
statement statement_put_places, statement_put_places_unsynced, statement_forget_places, statement_read_places;

/* pg_append.c */
#define PG_FENCE "WITH fence AS (" /* it begins so */
statement statement_append, statement_update;

#endif
