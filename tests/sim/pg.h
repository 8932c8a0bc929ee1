/* A PostgreSQL of the simulator's own, and a libpq to it (libpq.c): the keeper's real code asks it. Two hosts, of which one is the
 * primary and the other its synchronous standby; the tables of the keeper's schema; sessions, one of which may have the advisory lock;
 * and what befalls such a thing: connections that break before or after what was asked is done, answers that come late, a standby that
 * is away, a commit that does not wait for it, a primary that starts anew, and the standby in its place, with all that was acknowledged
 * and as much more as had come there.
 *
 * Changes of the head's one row come one after another: one that waits for the standby has that row locked, and is not seen by
 * others. Where consumers are is put beside them; of what waits there, some is seen by others, as after a wait that was broken off.
 * Statements are known by their text; one that is not ends the run.
 */
#ifndef COORDD_SIM_PG_H
#define COORDD_SIM_PG_H

#include <poll.h>
#include <postgresql/libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "journal/keeper.h"

struct sim;

#define PG_HOSTS      2
#define PG_HOST_NAMES "pg0,pg1"
#define PG_PROCESSES  3
#define PG_BACKENDS   96 /* a process has one, and some of before that have not found out */
#define PG_PARAMETERS 20
#define PG_NEVER      INT64_MAX

/* ---- tables ---- */

enum pg_column {
    PG_EPOCH,
    PG_BEAT,
    PG_SEQ,
    PG_CHECKPOINT,
    PG_ROW_SUM,
    PG_SUM,
    PG_NUMBERS,
    PG_LEADER = PG_NUMBERS,
    PG_ENDPOINT,
    PG_HEIR,
    PG_HASH,
    PG_COLUMNS,
};

#define PG_TEXTS (PG_HASH - PG_NUMBERS)

struct pg_head {
    uint64_t numbers[PG_NUMBERS];
    char texts[PG_TEXTS][64];
    uint8_t hash[CHAIN_HASH_SIZE];
};

static inline const char *pg_text(const struct pg_head *head, enum pg_column column)
{
    return head->texts[column - PG_NUMBERS];
}

static inline const char *pg_leader(const struct pg_head *head)
{
    return pg_text(head, PG_LEADER);
}

struct pg_record {
    uint64_t seq, task, previous;
    uint8_t hash[CHAIN_HASH_SIZE];
    void *body;
    uint32_t size;
};

struct pg_row {
    int64_t key;
    uint64_t seq, sum;
    void *body; /* NULL: there is none */
    uint32_t size;
};

/* Where a durable consumer is. */
struct pg_place {
    bool is_there;
    uint64_t agency, key, seq, made, changed;
    char consumer[72];
};

/* What one commit does. In the log until the standby has it too. */
struct pg_change {
    uint64_t lsn;
    bool is_of_places; /* and of nothing else */
    bool is_seen;      /* it is in the tables */
    bool notifies;     /* whoever listens is told when it is seen */
    int64_t comes_ms;  /* to the standby; PG_NEVER while that is away */
    struct pg_head head;
    struct pg_record *records;
    struct pg_row *rows; /* as it makes them; once it is seen, as they were before */
    size_t record_count, row_count;
    struct pg_place *places; /* as rows */
    size_t place_count;
};

struct pg_tables {
    bool is_made;
    struct journal_info info;
    uint64_t info_sum, schema;
    struct pg_head head;
    struct pg_record *records; /* record n is at n − 1 */
    size_t record_count, record_capacity;
    struct pg_row *rows; /* by key */
    size_t row_count, row_capacity;
    struct pg_place *places;
    size_t place_count, place_capacity;
    uint64_t transactions; /* that put places */
};

/* What one transaction sees. */
struct pg_moment {
    bool is_begun, is_taken; /* with the first statement after it began */
    struct pg_head head;
    uint64_t record_count;
    struct pg_row *rows;
    size_t row_count;
};

void pg_moment_end(struct pg_moment *moment);
void pg_tables_done(struct pg_tables *tables);
/* The place that counts of those that were put of an agency's consumer, by whichever key, and are not taken over yet. */
bool pg_place(uint64_t agency, const char *consumer, struct pg_place *counts);
bool pg_place_counts_before(const struct pg_place *place, const struct pg_place *other);
struct pg_place *pg_tables_place(struct pg_tables *tables, const struct pg_place *place); /* NULL: there is none */
struct pg_row *pg_tables_row(struct pg_tables *tables, int64_t key, size_t *place); /* NULL, and where it would be */
/* Puts a change into the tables, or takes it out again: the head is exchanged as the rows are. */
void pg_change_see(struct pg_tables *tables, struct pg_change *change);
void pg_change_undo(struct pg_tables *tables, struct pg_change *change);
void pg_change_free(struct pg_change *change);

/* ---- what is asked, and answered ---- */

struct pg_value {
    const uint8_t *bytes;
    int size;
};

struct pg_statement {
    const char *sql;
    struct pg_value values[PG_PARAMETERS];
    int count;
    struct buffer kept; /* its text and its values, but for what is prepared */
};

struct pg_result {
    ExecStatusType status;
    int columns, rows;
    struct pg_value *cells;
    size_t cell_count, capacity;
    char state[6];   /* of an error */
    char words[96];  /* of an error */
    bool warns;      /* the commit did not wait */
    uint64_t claims; /* the epoch that it tells its asker to have; 0: it is about something else */
};

struct pg_result *pg_result_new(int columns);
struct pg_result *pg_result_error(const char *state, const char *words);
void pg_result_number(struct pg_result *result, uint64_t number); /* cells come in order */
void pg_result_bytes(struct pg_result *result, const void *bytes, size_t size);
struct pg_result *pg_result_row(const struct pg_result *result, int row); /* of one row */

/* ---- sessions ---- */

enum pg_state {
    PG_IDLE,
    PG_COMING,  /* what it was asked is on its way to it */
    PG_BLOCKED, /* it waits for another to let go of the head */
    PG_COMMITS, /* it waits for the standby */
};

struct pg_backend {
    bool is_live, has_lock, listens;
    int process;
    char name[64];
    struct pg_conn *client; /* NULL: it is gone, and the backend may not know it yet */
    int64_t dies_ms;        /* when it finds out; PG_NEVER */
    int64_t ends_ms;        /* when it hears that it is to end; PG_NEVER */
    enum pg_state state;
    int64_t comes_ms;
    struct pg_statement statement;
    struct pg_moment moment;
    struct pg_result *answer; /* while it commits */
    struct pg_change *change;
    bool waits;           /* and waits for the standby */
    bool has_looked;      /* at the head… */
    int64_t unmoved_ms;   /* …which nobody had moved for so long when it last did… */
    uint64_t looks_epoch; /* …and which was at this epoch */
    int64_t answers_in_ms;
};

struct pg {
    struct sim *sim;
    bool is_calm; /* nothing takes time, nothing breaks */
    int primary;
    int64_t up_ms;      /* from when on it takes connections */
    int64_t standby_ms; /* from when on the standby is there; PG_NEVER: not before the primary is */
    int64_t full_ms;    /* until when its disk is full */
    uint64_t lsn, received;
    struct pg_change **log; /* what is seen and the standby may not have, and what waits for it, which is the last */
    size_t log_count, log_capacity;
    struct pg_backend backends[PG_BACKENDS];
    struct pg_tables tables;
    int64_t moved_ms; /* when the head was last moved */
    bool is_cut[PG_PROCESSES], is_dead[PG_PROCESSES];
    bool has_gone_back; /* records that were seen are no more: none of them was acknowledged */
    uint64_t broken, late, warned, failed_over, restarted, cuts, terminated, no_room; /* so often */
};

extern struct pg *pg; /* of the run under way */

void pg_begin(struct sim *sim);
void pg_end(void);
/* A change comes into the tables. */
void pg_see(struct pg_change *change);
/* What has come about by now. */
void pg_tick(void);
int pg_poll(struct pollfd *polled, nfds_t count);
bool pg_is_idle(void); /* nothing that was asked is still to be done */
/* The commit of the head that waits; NULL when none does. */
struct pg_change *pg_pending(void);
/* One whose commit waits, of the head before others; NULL when nobody's does. */
struct pg_backend *pg_waiting(void);

/* ---- faults (pg_faults.c) ---- */

void pg_fail_over(void);
void pg_restart(void);
void pg_lose_standby(int64_t ms);
void pg_cancel_wait(void); /* of a commit for the standby: it is told as done, with a warning */
void pg_fill(int64_t ms);
void pg_break(int process);            /* its connections */
void pg_cut(int process, bool is_cut); /* from all hosts */
void pg_kill(int process);             /* it is no more */
void pg_heal(void);                    /* all that is away is back */

/* ---- backends (pg_backend.c) ---- */

struct pg_backend *pg_backend_new(struct pg_conn *client, int process, const char *name);
void pg_backend_ask(struct pg_backend *backend, int64_t comes_ms);
void pg_backend_terminate(struct pg_backend *backend);
/* Its client has gone, in so long the backend knows. */
void pg_backend_leave(struct pg_backend *backend, int64_t in_ms);
void pg_commit(struct pg_backend *backend, struct pg_change *change, struct pg_result *answer, bool waits);

/* ---- statements (pg_statements.h, pg_sql.c, pg_update.c) ---- */

/* What a statement comes to; NULL: it waits for another, or its commit does. */
struct pg_result *pg_execute(struct pg_backend *backend);
/* Of the head: `*end` is where it ends. */
struct pg_result *pg_update(struct pg_backend *backend, const char *sql, const char **end, struct pg_change **change,
                            bool *waits);
/* A column of the head, as the next cell. */
void pg_give(struct pg_result *result, const struct pg_head *head, enum pg_column column);
uint64_t pg_number(const struct pg_value *value);

/* ---- connections (libpq_come.c) ---- */

void pg_client_answer(struct pg_conn *client, struct pg_result *answer, int64_t in_ms);
void pg_client_notify(struct pg_conn *client);
void pg_client_break(struct pg_conn *client, int64_t in_ms); /* it finds out then */
void pg_clients_of(int process, void (*visit)(struct pg_conn *client));

#endif
