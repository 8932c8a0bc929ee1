/* The PostgreSQL keeper's parts. Only daemon/journal/postgres*.c include it.
 *
 * Several coordd may know of one database; one of them leads. Its connection holds an advisory lock, so that another is
 * refused as long as it lives; and what keeps the journal whole when that lock is lost is the fence: the head has an epoch,
 * whoever opens the store claims the next one, and each append changes the head only if it still has the epoch of the one
 * who appends. An append is one statement, so it is there as a whole or not at all.
 *
 * What is known after a lost connection, a late answer or a warning is what the claim of the next epoch says, never what
 * a read says: only what was committed behind the append is known to be as safe as it. A warning is no success: PostgreSQL
 * gives one when it has committed and was kept from waiting for its standby. Nothing is ever cancelled (PQcancel), because
 * that is such a way.
 *
 * Who follows reads what the primary shows to everybody, told of each append by a notification that is part of it. It claims nothing before
 * journal_take, and holds no lock.
 */
#ifndef COORDD_JOURNAL_POSTGRES_H
#define COORDD_JOURNAL_POSTGRES_H

#include <postgresql/libpq-fe.h>

#include "base/map.h"
#include "buffer.h"
#include "journal/keeper.h"
#include "journal/lease.h"
#include "journal/mark.h"

#define POSTGRES_VALUES_MAX 17
#define POSTGRES_OLDEST     140000 /* client_connection_check_interval is of 14 */
/* A leader that is not appending moves the head so often. A lease has two of them at least (config.def.h), so that one may be late. */
#define POSTGRES_BEAT_MS 1000
/* For what nothing rests on: such a change is seen by all at once, and waits for neither the disk nor a standby, which may be gone for long
 * while the leader still answers reads. */
#define POSTGRES_UNSYNCED " AND set_config('synchronous_commit', 'off', true) = 'off'"
/* Who follows looks at the head so often, besides whenever it is told of an append: what it knows is no older. */
#define POSTGRES_POLL_MS 100
#define POSTGRES_LOOK_MS 100 /* who waits for the lead looks so often, and who waits for a server asks for it */

/* What a command came to, besides what is in journal.h: it may have been done or not. Never leaves the keeper. */
#define POSTGRES_LOST (-100)

/* Statements that are prepared: those that are asked often, and those that are asked until they are answered. */
enum postgres_prepared {
    POSTGRES_APPEND,
    POSTGRES_APPEND_ROWS,
    POSTGRES_READ,
    POSTGRES_HASH,
    POSTGRES_ROWS,
    POSTGRES_SUMS,
    POSTGRES_INFO,
    POSTGRES_HEAD,
    POSTGRES_BEAT,
    POSTGRES_WATCH,
    POSTGRES_LINKS,
    POSTGRES_PLACES_PUT,
    POSTGRES_PLACES,
    POSTGRES_PLACES_FORGET,
    POSTGRES_PREPARED,
};

/* As the server numbers them. */
enum postgres_type {
    POSTGRES_BYTEA = 17,
    POSTGRES_INT8 = 20,
    POSTGRES_TEXT = 25,
};

/* What a statement is given, in the binary format. */
struct postgres_values {
    int count;
    const char *values[POSTGRES_VALUES_MAX];
    int sizes[POSTGRES_VALUES_MAX];
    uint64_t numbers[POSTGRES_VALUES_MAX]; /* in the network's order */
};

struct postgres_row {
    struct journal_row row;
    uint64_t sum;
};

struct postgres_record {
    const struct journal_record *record;
    uint8_t hash[CHAIN_HASH_SIZE];
};

/* A batch, from begin to commit: what is put stays the caller's meanwhile. */
struct postgres_batch {
    bool founds; /* what describes a new store was put */
    struct journal_info info;
    uint64_t info_sum;
    struct postgres_record *records;
    struct postgres_row *rows; /* one a key */
    size_t record_count, record_capacity, row_count, row_capacity;
    struct map keys;          /* of rows */
    PGresult *sums;           /* what the rows stood with before, by key; NULL for none */
    struct buffer columns[9]; /* arrays, as the statement takes them */
};

struct postgres_backup;

/* What a look at the head shows. */
struct postgres_sight {
    struct lease_sight lease;
    struct journal_head head;
    char leader[64], endpoint[JOURNAL_ENDPOINT_MAX];
};

struct postgres {
    struct journal journal;
    const struct journal_server *server;
    char place[160];
    char name[64]; /* of this opening: the connection's, and the leader's in the head. PostgreSQL keeps 63 bytes */
    char endpoint[JOURNAL_ENDPOINT_MAX]; /* where clients find us, when we lead */
    char channel[64];                    /* that appends are told on: the schema's */
    int directory;                       /* locked */
    int mark;                            /* mark.h */
    uint8_t
        marked[MARK_SIZE]; /* what stood there before the snapshot that is looked at: a broker that serves marks on */
    bool looks;            /* one snapshot is read, and nothing claimed */
    bool moment;           /* a snapshot is what is read now: what is lost with its connection cannot be read on */
    bool locked;           /* our connection has the advisory lock */
    bool in_session;       /* and is settled: postgres_session */
    bool listens;          /* and is told of appends… */
    bool notified;         /* …and was, since the last look */
    bool awaits_schema;    /* it is to be followed once it has this program's schema, and has it not yet */
    bool has_endpoints;    /* the store's schema has a place for them, as far as we know: it is the third */
    struct lease lease;    /* who leads, as far as we know */
    struct journal_wait *wait;      /* while the lead is waited for, or what can be followed, else NULL */
    char told[300];                 /* what was told of that last */
    int poke;                       /* an eventfd: journal_poke */
    int64_t looked_ms;              /* when the head was last asked for by who follows */
    struct postgres_sight restored; /* of one that was opened to follow: the head of the moment that its state is of… */
    bool restored_stands;           /* …and that is known to have been acknowledged */
    bool knows_store;               /* journal->info says which it is */
    uint64_t seen_seq;              /* the newest record that was seen while waiting, on whichever connection */
    int64_t beat_ms;                /* when the head was last moved without a batch */
    bool knows_head;           /* journal->head is what was acknowledged or read: what is found is held against it */
    uint64_t epoch;            /* ours, since the claim */
    struct journal_head found; /* by the claim */
    PGconn *connection;        /* NULL after it was lost */
    uint64_t connections;      /* that there were: what a read began on one need not be there on the next */
    uint64_t places_mark;      /* up to which the places were read on this connection; 0 for none */
    bool left_places;          /* some were being put on a connection that is lost: its session may be at it still */
    int host;                  /* the number of the host that it is to, or was; -1 before the first */
    bool prepared[POSTGRES_PREPARED];
    char warning[160];  /* the last command's; "" when there was none */
    char lost[256];     /* why the connection was given up, or could not be had */
    const char *fault;  /* the setting that it seems to lie at, "" for none */
    int64_t trouble_ms; /* since when nothing worked; 0 when it does */
    struct postgres_batch batch;
    struct postgres_backup *backup; /* NULL when none is under way */
};

static inline struct postgres *postgres_of(struct journal *journal)
{
    return (struct postgres *)journal;
}

/* ---- postgres_connect.c ---- */

int64_t postgres_now_ms(void); /* monotonic */
/* Any host that may be written to: JOURNAL_OK, or LOST and why. */
int postgres_connect(struct postgres *postgres);
void postgres_disconnect(struct postgres *postgres, const char *why);
/* What waits is to wait no longer: it was told to end, or poked when it had waited for long since that time. */
bool postgres_hurried(const struct postgres *postgres, int64_t since_ms);

/* ---- postgres_ask.c ---- */

void postgres_number(struct postgres_values *values, uint64_t number);
void postgres_bytes(struct postgres_values *values, const void *bytes, size_t size);
/* One command, and what it gives, to be cleared. Other than OK: LOST, or noted and the journal's result. *result is then
 * NULL. A warning makes it LOST. `values` may be NULL. */
int postgres_ask(struct postgres *postgres, const char *sql, const struct postgres_values *values, PGresult **result);
int postgres_ask_prepared(struct postgres *postgres, enum postgres_prepared statement,
                          const struct postgres_values *values, PGresult **result);
/* One that changes nothing: asked again for as long as only the connection is at fault, so never LOST. */
int postgres_ask_known(struct postgres *postgres, enum postgres_prepared statement,
                       const struct postgres_values *values, PGresult **result);
/* Commands without values or an answer, several by semicolons. */
int postgres_run(struct postgres *postgres, const char *sql);
/* Sends a prepared one, for its rows to be taken one at a time: a result each, NULL after the last. */
int postgres_send_prepared(struct postgres *postgres, enum postgres_prepared statement,
                           const struct postgres_values *values);
int postgres_take(struct postgres *postgres, PGresult **result);
uint64_t postgres_field(const PGresult *result, int row, int column); /* an int8 */
/* A bytea of the size of a hash, or NULL. */
const uint8_t *postgres_field_hash(const PGresult *result, int row, int column);

/* ---- postgres_lead.c ---- */

/* Settles what the connection is to do, and takes part in who leads. */
int postgres_session(struct postgres *postgres);
int postgres_connect_again(struct postgres *postgres); /* and settles it; does nothing when that was done */
int postgres_begin_moment(struct postgres *postgres);  /* all reading from here on sees one moment */
int postgres_lock(struct postgres *postgres, int64_t wait_ms);
/* The next epoch: of a store that nobody leads, for the lock is ours; of one that we led last; or of one whose head stands still as
 * it was seen: a leader that moved it since may answer reads for a lease from then on. *claimed is whether that was so. */
int postgres_claim(struct postgres *postgres);
int postgres_claim_own(struct postgres *postgres, bool *claimed);
int postgres_claim_from(struct postgres *postgres, const struct lease_sight *seen, bool *claimed);
/* Notes that the epoch is ours no more: JOURNAL_DEMOTED. */
int postgres_demoted(struct postgres *postgres);
int postgres_beat(struct journal *journal);          /* the keeper's */
int postgres_beat_if_due(struct postgres *postgres); /* within what takes long */
void postgres_give_up(struct postgres *postgres);    /* before a stop: nobody need wait for a lease to run out */
void postgres_pause(long ms);                        /* less than a second */

/* ---- postgres_recover.c ---- */

/* After LOST: another connection, and a claim if we lead. What that finds is in `found`. Gives up after the server's patience, and at once
 * (KEEPER_AWAY) within journal_follow. */
int postgres_recover(struct postgres *postgres);
int postgres_end_own(struct postgres *postgres); /* sessions of ours on other connections */
/* The same where nothing was on its way: what it finds is what was known. */
int postgres_recover_same(struct postgres *postgres);
bool postgres_same(const struct journal_head *a, const struct journal_head *b);
/* Something worked: patience begins anew. */
static inline void postgres_well(struct postgres *postgres)
{
    postgres->trouble_ms = 0;
}

/* ---- postgres_candidate.c ---- */

/* Until it leads, or has no schema to await any more: JOURNAL_OK; JOURNAL_ENDED when it was told to wait no longer. */
int postgres_wait(struct postgres *postgres);
bool postgres_ended(const struct postgres *postgres);                             /* it was told so */
int postgres_fail_ended(struct postgres *postgres);                               /* JOURNAL_ENDED, noted */
void postgres_tell(struct postgres *postgres, const char *format, const char *s); /* when that has changed */
/* A connection: who waits, waits for one too. */
int postgres_reach(struct postgres *postgres);
int postgres_look(struct postgres *postgres, struct postgres_sight *sight);
/* The next epoch, of a lead that was seen to be free; *claimed is whether it was so still. */
int postgres_take_over(struct postgres *postgres, bool *claimed);

/* ---- postgres_follow.c and postgres_hand.c: the keeper's, and what begins it ---- */

int postgres_open_to_follow(struct postgres *postgres, struct problem *problem);
int postgres_watch(struct journal *journal, uint64_t after, int wait_ms, struct keeper_look *look);
void postgres_poke(struct journal *journal);
/* Of a head as it is now, under a later epoch: JOURNAL_GAVE_WAY when rows that were restored may be gone. */
int postgres_check_restored(struct postgres *postgres, const struct journal_head *now);
int postgres_take_lead(struct journal *journal, bool *taken, struct journal_head *found);
int postgres_give_lead_up(struct journal *journal, const char *to);

/* ---- postgres_place.c: the keeper's ---- */

int postgres_places_put(struct journal *journal, const struct journal_place *places, size_t count);
int postgres_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context);
int postgres_places_forget(struct journal *journal, uint64_t mark);

/* ---- postgres_migrate.c ---- */

/* Whether a store stands in the schema. */
int postgres_stands(struct postgres *postgres, bool *stands);
/* Makes the schema, in the transaction that the first commit ends. */
int postgres_make(struct postgres *postgres, bool over); /* `over`: once what stands there is dropped */
/* Brings a store that stands to this program's schema. */
int postgres_migrate(struct postgres *postgres, struct problem *problem);
/* Whether this program can: before one waits for long to find out. */
int postgres_knows_schema(struct postgres *postgres, struct problem *problem);
/* Until it was brought there by who leads; refused when that is not waited for. */
int postgres_await_schema(struct postgres *postgres, struct problem *problem);
int postgres_note_schema(struct postgres *postgres, struct problem *problem); /* which it has now */
const char *postgres_quote(struct postgres *postgres, const char *name, char quoted[140]);
int postgres_rename(struct journal *journal, const char *name); /* the keeper's */

/* ---- the keeper's functions: postgres_batch.c and postgres_append.c ---- */

int postgres_begin(struct journal *journal);
int postgres_put_info(struct journal *journal, const struct journal_info *info, uint64_t sum);
int postgres_put_record(struct journal *journal, const struct journal_record *record,
                        const uint8_t hash[CHAIN_HASH_SIZE]);
int postgres_foresee(struct journal *journal, const struct journal_row *rows, size_t count);
int postgres_put_row(struct journal *journal, const struct journal_row *row, uint64_t sum);
int postgres_row_sum(struct journal *journal, uint64_t key, uint64_t *sum);
int postgres_commit(struct journal *journal, const struct journal_head *head);
int postgres_rollback(struct journal *journal);
void postgres_batch_clear(struct postgres_batch *batch);
/* Arrays, as a statement takes them. */
struct buffer *postgres_array(struct buffer *buffer, enum postgres_type type, size_t count);
void postgres_array_number(struct buffer *buffer, uint64_t number);
void postgres_array_bytes(struct buffer *buffer, const void *bytes, size_t size);
void postgres_batch_done(struct postgres_batch *batch);
size_t postgres_batch_fill(struct postgres_batch *batch); /* the columns: how many bytes they have */

/* ---- postgres_read.c ---- */

int postgres_info(struct journal *journal, uint64_t *sum);
int postgres_head(struct journal *journal, struct journal_head *head, uint64_t *newest);
int postgres_read(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit, void *context);
int postgres_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE]);
int postgres_links(struct journal *journal, uint64_t newest, uint64_t count, keeper_link_visitor *visit, void *context);
int postgres_rows(struct journal *journal, keeper_row_visitor *visit, void *context);
int postgres_rows_from(struct journal *journal, uint64_t from, keeper_row_visitor *visit, void *context);

/* ---- postgres_backup.c ---- */

int postgres_backup_begin(struct journal *journal, const char *path);
int postgres_backup_step(struct journal *journal, int pages, bool *done);
uint64_t postgres_backup_seq(const struct journal *journal);
void postgres_backup_end(struct journal *journal);

#endif
