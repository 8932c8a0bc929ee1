/* Where records and checkpoints live. A journal is a small interface with several keepers (keepers.def.h). What makes it
 * a journal, the sequence, the chain of hashes and the sums, is checked in journal.c and reading.c for all of them; a keeper
 * only keeps (keeper.h). It is used by one thread at a time; every call blocks.
 *
 * Invariants: sequences begin at 1 and have no gap; a record is on disk when journal_append returns 0; each record's
 * hash is BLAKE2b-256 over the hash before it and the record, so that no record can be changed, dropped or inserted
 * unseen.
 */
#ifndef COORDD_JOURNAL_JOURNAL_H
#define COORDD_JOURNAL_JOURNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stored.h"
#include "errors.h"
#include "journal/keepers.def.h"

struct journal;

/* What came of a call. Any but OK has changed nothing. */
enum journal_result {
    JOURNAL_OK = 0,
    JOURNAL_FULL = -1,     /* no room: the same call may succeed later */
    JOURNAL_FAILED = -2,   /* the disk or the file failed: stop, never retry (a failed fdatasync tells nothing) */
    JOURNAL_SEQUENCE = -3, /* the batch does not begin where the journal ends: a bug, or a second writer */
    JOURNAL_DAMAGED = -4,  /* what was read is not what was written */
    JOURNAL_DEMOTED = -5,  /* another coordd has taken the store over: stop, and acknowledge nothing */
    JOURNAL_ENDED = -6,    /* it was waited for the lead, or for one to follow, and that was to end */
    JOURNAL_GAVE_WAY = -7, /* what was followed, and was never acknowledged, is gone: begin anew */
};

struct journal_info {
    uint8_t identity[16];
    uint64_t last_seq;
    uint64_t checkpoint; /* all rows have seen the records up to here */
    bool rehearsal;
    int64_t rehearse_from_ms;
    int schema; /* version, after migration */
};

/* One commit: records in sequence, rows to put in place of their older selves, and a new checkpoint if not 0. */
struct journal_batch {
    const struct journal_record *records;
    size_t record_count;
    const struct journal_row *rows;
    size_t row_count;
    uint64_t checkpoint;
};

/* Reading stops when a visitor returns other than 0, and returns that. What it is given is valid for the call. */
typedef int journal_record_visitor(void *context, const struct journal_record *record);
typedef int journal_row_visitor(void *context, const struct journal_row *row);

enum journal_keepers {
#define K(name, keeper, sentence) JOURNAL_##name,
    JOURNAL_KEEPERS(K)
#undef K
        JOURNAL_KEEPER_COUNT
};

struct journal_memory;

#define JOURNAL_HOSTS_MAX 8 /* as many as one cluster has, and more */

/* A PostgreSQL, for JOURNAL_POSTGRES: borrowed until the journal is closed. What is "" is not used. */
struct journal_server {
    /* HOST, HOST:PORT, [ADDRESS]:PORT or a socket's directory; several by commas, all of one cluster, JOURNAL_HOSTS_MAX at most. */
    const char *hosts;
    const char *database, *user, *password;
    const char *schema; /* that the store has for itself */
    bool tls;           /* with the server's certificate verified; a socket has none */
    const char *ca_file, *certificate_file, *key_file;
    uint64_t patience_seconds; /* a server that is lost is looked for so long */
    uint64_t lease_seconds;    /* who waits takes over from a leader that was silent for so long */
};

/* Given to journal_open by one that waits until it may lead, or until there is something to follow, for as long as it takes. */
struct journal_wait {
    /* How it goes, in words, at the beginning and whenever that changes: "waits: coordd:tinh-1:812:… leads". In the opener's thread. */
    void (*tell)(void *context, const char *words);
    void *context;
    atomic_bool ended; /* set by another thread: journal_open returns soon */
};

struct journal_options {
    enum journal_keepers keeper;
    struct journal_memory *memory; /* for JOURNAL_MEMORY: what it is kept in (memory.h) */
    const struct journal_server *server;
    const char *directory; /* for JOURNAL_SQLITE, as all that follows but for `create` and `look`: holds coordd.db.
                              JOURNAL_POSTGRES has its lock and its mark there */
    const char *file;      /* another name for it within the directory; NULL for coordd.db */
    const char *vfs;       /* for tests: a SQLite VFS instead of the system's files. No lock and no reserve then */
    int wal_pages;         /* for tests: the WAL is written back at this size; 0 for the usual one */
    uint64_t reserve;      /* bytes of disk to keep back (see journal_reserve); 0 for none */
    bool look;             /* leave it as it is: nothing is appended, and what is not written back stays so. Of a
                             JOURNAL_POSTGRES one moment is seen, whoever leads meanwhile */
    bool create;           /* make a new store; refused where there is one */
    bool over;             /* with create, for JOURNAL_POSTGRES: what stands in the schema is dropped first */
    uint8_t identity[16];  /* with create */
    bool rehearsal;        /* with create: its clock is a rehearsal's, from then on */
    int64_t rehearse_from_ms;
    /* For JOURNAL_POSTGRES: a store that another leads is waited for, and so is a server that is not there yet. NULL: they are refused. */
    struct journal_wait *wait;
    bool follow;          /* it is another's, and is read as it grows (journal_follow): nothing is claimed or changed */
    const char *endpoint; /* where clients find this broker, told in the head when it leads; NULL for nothing */
};

#define JOURNAL_FILE "coordd.db"

/* Makes what a store in PostgreSQL is to have there before it is made: the role, with its password, and the database, which is the
 * role's. What is there stays as it is. `as`: a role that may do so; how it proves itself is libpq's matter (PGPASSWORD, ~/.pgpass). */
int journal_prepare(const struct journal_server *server, const char *as, struct problem *problem);

/* Opens the store and brings it to this program's schema; it is locked while it is open: a second opener is refused. What
 * describes the store, its head and its newest record are held against their sums. On failure the problem names the place
 * and the cause. */
int journal_open(struct journal **journal, const struct journal_options *options, struct problem *problem);
void journal_close(struct journal *journal); /* takes NULL */

void journal_info(const struct journal *journal, struct journal_info *info);
int journal_append(struct journal *journal, const struct journal_batch *batch);
/* What appends leave to be done now and then, of which nobody's answer need wait: when the log has grown long, it is
 * written back into the database. Called after each append, sooner or later; does nothing when nothing is due. No room
 * for it is no failure: it is due again after the next append. */
bool journal_write_back_due(const struct journal *journal);
int journal_write_back(struct journal *journal);
/* Records from a sequence on, at most `limit`. */
int journal_read(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit, void *context);
/* A task's records along their chain, newest first: from `newest`, or from the one before `before` if not 0. A
 * `before` that is no record of the task visits nothing and gives JOURNAL_SEQUENCE. */
int journal_read_task(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                      journal_record_visitor *visit, void *context);
int journal_rows(struct journal *journal, journal_row_visitor *visit, void *context);
/* Those whose keys are from one on and below another, each held against its own sum: of a store that several may serve. */
int journal_rows_from(struct journal *journal, uint64_t from, uint64_t end, journal_row_visitor *visit, void *context);
/* The same in pieces, for whoever has several threads: to hold a row against its sum takes three times as long as to read it.
 * Each is given as it stands; journal_row_holds, which any thread may ask, says whether it is what was written, and adds to
 * `all`, of which journal_rows_all then says whether those were all. */
typedef int journal_unchecked_visitor(void *context, const struct journal_row *row, uint64_t sum);
int journal_rows_unchecked(struct journal *journal, journal_unchecked_visitor *visit, void *context);
bool journal_row_holds(const struct journal_row *row, uint64_t sum, uint64_t *all);
int journal_rows_all(struct journal *journal, uint64_t all);
int journal_row_damaged(struct journal *journal, uint64_t key); /* notes it, and is JOURNAL_DAMAGED */
#define JOURNAL_CAUSE 200                                       /* bytes of a cause in words */
/* What the keeper lost and has again, since it was last asked, in words for the log: false when it was nothing. */
bool journal_recovered(struct journal *journal, char cause[JOURNAL_CAUSE]);
/* Why what the keeper is kept in cannot be reached now, while it is looked for: false when it can. Any thread may ask, also while another
 * waits for the journal. */
bool journal_trouble(struct journal *journal, char cause[JOURNAL_CAUSE]);
/* The last failure in words, for the log; "" when none. */
const char *journal_failure(const struct journal *journal);

/* The reserve is a file of no use that stands on the same disk: letting it go (keep = false) makes room for what must be
 * written although the disk is full. Keeping it again gives JOURNAL_FULL while there is no room for it. */
int journal_reserve(struct journal *journal, bool keep);

/* Reads everything and holds it against itself: the file's structure, each record's hash, the rows' sums, the head. What
 * is wrong first is told in words, with its sequence or key. `progress` may be NULL. */
typedef void journal_progress(void *context, uint64_t done, uint64_t of);
int journal_verify(struct journal *journal, journal_progress *progress, void *context, struct problem *problem);

/* All of a store into another, empty one that was made with its identity: afterwards they are equal. The problem says which of the
 * two it was. `go_on`, which may be NULL, is asked now and then: what it gives other than 0 is the end. */
int journal_carry(struct journal *from, struct journal *to, int (*go_on)(void *context), void *context,
                  struct problem *problem);
/* With these options a store is made that has the identity of that one, and its clock. */
void journal_made_as(struct journal_options *options, const struct journal_info *info);
/* Whether two are one store as far as each goes: what describes them, their ends, their checkpoints. */
bool journal_equal(const struct journal *a, const struct journal *b);
/* Another name for the place of a store that is open, when that has one (JOURNAL_POSTGRES: the schema); refused when it is taken,
 * and when another has taken the store over (JOURNAL_DEMOTED). It can only be closed then, and opened by that name. */
int journal_rename(struct journal *journal, const char *name);
/* A sign of life for those who wait for the lead: once a second where nothing is appended, when the keeper wants it. JOURNAL_DEMOTED
 * when another leads. */
bool journal_beats(const struct journal *journal);
/* Under which epoch it appends, or did last: how often the lead had been taken by then. 0 of a keeper that has one broker. */
uint64_t journal_epoch(const struct journal *journal);
int journal_beat(struct journal *journal);

/* ---- following: a store that another leads, read as it grows ---- */

#define JOURNAL_ENDPOINT_MAX 256

/* The last look at the head. */
struct journal_lead {
    uint64_t epoch;
    uint64_t seq;  /* the newest record that others may see… */
    uint64_t safe; /* …and the newest that is known to be acknowledged: one after it may yet give way to another */
    /* CLOCK_MONOTONIC: all that was acknowledged before then is at or below `seq`. When that look was asked for; earlier, when nobody has
     * moved the head for so long that its leader may lead elsewhere. */
    int64_t asked_ms;
    char leader[64];                     /* the name of who leads; "" when nobody does */
    char endpoint[JOURNAL_ENDPOINT_MAX]; /* where clients find it; "" when it did not say */
    bool free;                           /* it may be taken: given up, to anybody or to us, or silent for a lease */
    bool reached; /* else all that is as it was last, nothing may be taken, and journal_failure says why */
};

/* Reads on after record `after`, which the caller has applied: visits each that is new, in order, `limit` at most, each held against the
 * one before it. When there is none, waits until one comes, the lead changes hands, journal_poke is called, or wait_ms have passed. A
 * server that is lost is no failure (lead->reached); it is looked for again by the next call. JOURNAL_DAMAGED when the database went back
 * or the chain breaks; JOURNAL_GAVE_WAY when what was visited last was never acknowledged, and gave way to another. The first call ends the
 * one moment that all reading since journal_open has seen. The memory keeper never waits. */
int journal_follow(struct journal *journal, uint64_t after, size_t limit, int wait_ms, journal_record_visitor *visit,
                   void *context, struct journal_lead *lead);
/* From any thread: a journal_follow that waits returns soon; when none does, the next one does not wait. */
void journal_poke(struct journal *journal);
/* Takes a lead that is free; *taken is false when it is not, when somebody was quicker, and when the server is lost. Once it is taken, the
 * journal appends as ever, and its last record may lie beyond what was followed: the caller reads those by journal_read before it serves. */
int journal_take(struct journal *journal, bool *taken);
/* Gives the lead up in good order: all that was appended was acknowledged. `to`: the endpoint that is to have it first, "" for anybody; for
 * one lease only that one may take it, then anybody. The journal follows from here on. JOURNAL_DEMOTED when another leads already. */
int journal_give_up(struct journal *journal, const char *to);
/* How far a durable consumer is that is served by whoever does not lead, for a key, beside what is appended. */
struct journal_place {
    uint32_t agency, key;
    const char *consumer;
    uint64_t seq;
    bool made; /* a broker chose it; else its consumer said it: base/place.h */
};
/* *put: they are there to stay, as what is appended is; others may see them before that. Else there is no room; or, of
 * who follows, a server was lost, or kept it waiting for too long: the same are to be put again. */
int journal_places_put(struct journal *journal, const struct journal_place *places, size_t count, bool *put);
typedef int journal_place_visitor(void *context, const struct journal_place *place);
/* Those that were put since the mark, which moves; 0 is the beginning. One may be given again. */
int journal_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context);
/* What was given up to this mark is kept elsewhere by now, on disk: it is forgotten here. */
int journal_places_forget(struct journal *journal, uint64_t mark);

/* A consistent copy while the journal goes on: begin, then step between commits until done is set, then end; end
 * early to give up, which removes the copy. The copy is synced, and its name, before done: by a thread of its own, so that
 * no step waits for that. Keepers that make none refuse. */
int journal_backup_begin(struct journal *journal, const char *path);
int journal_backup_step(struct journal *journal, int pages, bool *done);
/* Of the newest record in the copy, before its end; 0 as long as that is not known. */
uint64_t journal_backup_seq(const struct journal *journal);
void journal_backup_end(struct journal *journal);

#endif
