/* What a keeper of journals provides. Only the files of daemon/journal include it.
 *
 * A keeper writes what it is given and gives back what stands there; it judges nothing. Hashes and sums come from journal.c,
 * and what a keeper gives back goes through reading.c. Each function returns a result of journal.h and, when it fails, has
 * noted why with journal_fail. Those that are marked optional may be NULL.
 */
#ifndef COORDD_JOURNAL_KEEPER_H
#define COORDD_JOURNAL_KEEPER_H

#include <pthread.h>

#include "journal/chain.h"
#include "journal/journal.h"

/* Where the journal ends. */
struct journal_head {
    uint64_t seq;                  /* of the newest record */
    uint64_t checkpoint;           /* all rows have seen the records up to here */
    uint64_t row_sum;              /* of all rows */
    uint8_t hash[CHAIN_HASH_SIZE]; /* of the newest record */
    uint64_t sum;                  /* over all that */
};

/* What is given back as it stands; `hash` is NULL when what stands there is none. Other than 0 ends the reading. */
typedef int keeper_record_visitor(void *context, const struct journal_record *record, const uint8_t *hash);
/* The same, with the hash of the record before it; NULL when there is none. */
typedef int keeper_link_visitor(void *context, const struct journal_record *record, const uint8_t *hash,
                                const uint8_t *before);
typedef int keeper_row_visitor(void *context, const struct journal_row *row, uint64_t sum);

/* What is known of a store that another leads, by the last look at it. */
struct keeper_look {
    struct journal_lead lead;
    struct journal_head head;
    uint64_t safe;       /* the newest record that is known to have been acknowledged */
    char visited_of[64]; /* who led when that one was seen which was visited last */
};

/* Of one that follows, within journal_follow and journal_places_put: what it is kept in is lost. Never leaves the journal. */
#define KEEPER_AWAY (-99)

struct journal_keeper {
    /* ---- opening ---- */

    /* Makes the structure, with the keeper's own part; *journal is set in any case, and closed by the caller. */
    int (*open)(struct journal **journal, const struct journal_options *options, struct problem *problem);
    /* What describes the store, into journal->info, and the sum that stands beside it. */
    int (*info)(struct journal *journal, uint64_t *sum);
    /* The head, and the newest record that is there, whatever the head says. */
    int (*head)(struct journal *journal, struct journal_head *head, uint64_t *newest);
    /* Optional. The newest record that is known to have been there; 0 when nothing is known. */
    uint64_t (*witness)(struct journal *journal);
    const char *witness_file; /* what to remove, to go on without what it knows of */
    /* Optional. All is in order: what was found is brought to where no crash can take it. */
    int (*settle)(struct journal *journal);
    void (*close)(struct journal *journal); /* takes what is half open */

    /* ---- writing: begin, then puts, then commit or, after a failure, rollback. What is put stays as it is until then ---- */

    int (*begin)(struct journal *journal);
    int (*put_info)(struct journal *journal, const struct journal_info *info, uint64_t sum);
    int (*put_record)(struct journal *journal, const struct journal_record *record,
                      const uint8_t hash[CHAIN_HASH_SIZE]);
    /* Optional. The rows that will be asked for and put. */
    int (*foresee)(struct journal *journal, const struct journal_row *rows, size_t count);
    int (*put_row)(struct journal *journal, const struct journal_row *row, uint64_t sum);
    /* The sum that a row stands with, puts since begin included; 0 when there is none. */
    int (*row_sum)(struct journal *journal, uint64_t key, uint64_t *sum);
    /* All since begin, and this head, are there after a crash, or nothing of it is. */
    int (*commit)(struct journal *journal, const struct journal_head *head);
    int (*rollback)(struct journal *journal);   /* JOURNAL_FAILED when what stands is not what stood before */
    int (*write_back)(struct journal *journal); /* optional: see journal_write_back; it sets journal->write_back_due */
    int (*reserve)(struct journal *journal, bool keep); /* optional */

    /* ---- reading ---- */

    /* Records from a sequence on, at most `count`, in order. */
    int (*read)(struct journal *journal, uint64_t from, uint64_t count, keeper_record_visitor *visit, void *context);
    /* A record's hash; JOURNAL_DAMAGED when there is none. */
    int (*hash)(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE]);
    /* Optional, where a question is a long way: a record, the one that it names as the one before, and so on, at most `count`. The first
     * that is not there ends it. */
    int (*links)(struct journal *journal, uint64_t newest, uint64_t count, keeper_link_visitor *visit, void *context);
    int (*rows)(struct journal *journal, keeper_row_visitor *visit, void *context); /* by key */
    /* Optional, with those of following: those from a key on. */
    int (*rows_from)(struct journal *journal, uint64_t from, keeper_row_visitor *visit, void *context);
    int (*structure)(struct journal *journal); /* optional: whether what it keeps all in is whole */

    int (*rename)(struct journal *journal, const char *name); /* optional */
    int (*beat)(struct journal *journal);                     /* optional: see journal_beat */
    uint64_t (*epoch)(const struct journal *journal);         /* optional: see journal_epoch */

    /* ---- following: optional, all but the places, which go together; a keeper that has them takes `follow` ---- */

    /* Looks, until something is as it was not in `look`, there is a record after that one, it is poked, or so long. JOURNAL_OK when it was
     * not reached, too. */
    int (*watch)(struct journal *journal, uint64_t after, int wait_ms, struct keeper_look *look);
    void (*poke)(struct journal *journal); /* from any thread */
    /* See journal_take; `found` is the head that was claimed. */
    int (*take)(struct journal *journal, bool *taken, struct journal_head *found);
    int (*give_up)(struct journal *journal, const char *to);
    int (*places_put)(struct journal *journal, const struct journal_place *places, size_t count);
    int (*places)(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context);
    int (*places_forget)(struct journal *journal, uint64_t mark);

    /* ---- copies: optional, all four ---- */

    int (*backup_begin)(struct journal *journal, const char *path);
    int (*backup_step)(struct journal *journal, int pages, bool *done);
    uint64_t (*backup_seq)(const struct journal *journal);
    void (*backup_end)(struct journal *journal);
};

#define K(name, keeper, sentence) extern const struct journal_keeper keeper_##keeper;
JOURNAL_KEEPERS(K)
#undef K

/* The first member of every keeper's own structure. */
struct journal {
    const struct journal_keeper *keeper;
    const char *place; /* where it is kept, for people; the keeper's */
    struct journal_info info;
    struct journal_head head;
    uint64_t read_seq;                  /* the record last read in sequence, 0 for none… */
    uint8_t read_hash[CHAIN_HASH_SIZE]; /* …and its hash, which the next one hangs on */
    struct keeper_look look;            /* of one that follows; journal->head is of the record that was visited last */
    bool lost;                          /* what failed was the way to what it is kept in; of its opening */
    bool follows;                       /* another appends: what is after look.safe may yet give way to another */
    bool following;                     /* within journal_follow: a keeper that is lost is not looked for for long */
    bool write_back_due;
    char recovered[JOURNAL_CAUSE]; /* see journal_recovered; the keeper's to write */
    pthread_mutex_t trouble_mutex; /* of `trouble`, which others read while the journal is waited for */
    char trouble[JOURNAL_CAUSE];   /* see journal_trouble */
    char failure[512];
};

/* What it is kept in cannot be reached for now, and why; "": it can. */
void journal_note_trouble(struct journal *journal, const char *why);
/* A database that ends before what was there, or was acknowledged, as `how` says: JOURNAL_DAMAGED, in the words that coordd-cluster(7) tells
 * people to look for, whoever finds it. */
int journal_fail_back(struct journal *journal, uint64_t ends, uint64_t seen, const char *how);
/* Notes what failed and returns the result. */
int journal_fail(struct journal *journal, int result, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* follow.c: whether a record that is not there, or not as it was, is one that was seen before it was acknowledged; then it is noted. */
bool journal_gave_way(struct journal *journal, uint64_t seq);
/* reading.c: the hash of a record, of the store's beginning for 0. */
int journal_hash(struct journal *journal, uint64_t seq, uint8_t hash[CHAIN_HASH_SIZE]);
/* reading.c: `count` records after one whose hash is given. *last is the newest that was visited, and journal->read_hash its hash. */
int journal_read_after(struct journal *journal, uint64_t after, const uint8_t hash[CHAIN_HASH_SIZE], uint64_t count,
                       journal_record_visitor *visit, void *context, uint64_t *last);
/* journal.c: the newest record must be the one that the head was written with. */
int journal_check_newest(struct journal *journal);
/* follow.c: whether there is something that was not there before: a record after this one, another leader. */
bool keeper_news(const struct keeper_look *look, const struct journal_lead *before, uint64_t after);

#endif
