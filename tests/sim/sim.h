/* The simulator: the real core and the real journal under a disk, a clock and a network that chance owns.
 *
 * A seed gives the same run, always. A run ends at the first broken invariant, with the seed and, if asked, a trace of
 * every step before it.
 */
#ifndef COORDD_SIM_SIM_H
#define COORDD_SIM_SIM_H

#include "core/core.h"
#include "journal/journal.h"
#include "sim/chance.h"
#include "sim/disk.h"
#include "sim/model.h"
#include "sim/world.h"

#define SIM_BEGIN INT64_C(1704070800000) /* 2024-01-01 00:00 in Việt Nam */

/* ---- the network: requests on their way, in any order, once, twice or never ---- */

struct packet {
    size_t request; /* SIZE_MAX: noise */
    int key;
    void *frame;
    uint32_t size;
};
#define NETWORK_MAX 256

struct network {
    struct packet packets[NETWORK_MAX];
    size_t count;
};

/* Takes a copy of the frame. Past NETWORK_MAX it is lost, as it would be. */
void network_send(struct network *network, const struct packet *packet);
/* Takes one at random; false when there is none. The caller frees its frame. */
bool network_take(struct network *network, struct chance *chance, struct packet *packet);
void network_done(struct network *network);

/* ---- subscribers: a client and the broker's stream for it (streams.c) ---- */

#define SIM_SUBSCRIBERS  6
#define SUBSCRIBER_QUEUE 64 /* notifications on their way to one: no more credit than that is granted */

struct subscriber {
    int key;
    char consumer[16]; /* empty: a passing one */
    bool subtree;
    uint32_t notices; /* 0: all */
    int severity;     /* 0: all */
    /* the client's */
    uint64_t connection; /* its number; 0: none. What comes of another is dead */
    bool is_subscribed;  /* it has the reply */
    uint64_t position;   /* the newest that it has seen; begins where its first stream began */
    bool has_begun;
    uint64_t last;          /* the newest on this connection */
    uint64_t claimed, kept; /* a consumer's place: asked for, and confirmed */
    bool has_place;
    uint64_t queue[SUBSCRIBER_QUEUE];
    uint32_t queued;
    uint64_t seen, again;
    /* the broker's */
    uint64_t stream; /* the connection that it belongs to; 0: none */
    bool is_opening; /* until the batch with its place is on disk */
    uint64_t from, next;
    uint32_t credit;
};

void streams_set_up(struct sim *sim);
/* What clients do: connect, read, grant, confirm, break off. */
void streams_act(struct sim *sim);
/* A stream request that the core allowed. */
void streams_take(struct sim *sim, const struct effects *effects, const struct effect *effect);
/* The reply to a stream request leaves. */
void streams_reply(struct sim *sim, struct request *request, const void *frame, size_t size);
/* A batch is on disk: what it holds goes to live streams, and older records to those behind. */
void streams_release(struct sim *sim, const struct journal_record *records, size_t count);
void streams_cut(struct sim *sim, int key);
/* Whether a record is for a subscriber, by the model. */
bool streams_wants(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq);
void streams_crashed(struct sim *sim);
/* A consumer's place is what was confirmed, or what was asked for after. */
void streams_check_places(struct sim *sim);
/* Lets everything arrive, and checks that nobody missed anything. */
void streams_finish(struct sim *sim);

/* ---- the broker: what the loop would do, in one thread ---- */

struct sim_broker {
    struct core *core;
    struct journal *journal;
    struct effects effects; /* the batch being gathered */
    struct effects after;   /* what its release adds to the next */
    struct buffer row_bytes;
    struct journal_row *rows;
    size_t row_count, row_capacity;
    uint64_t checkpoint; /* with the batch, 0 for none */
    bool checkpointing;
    uint64_t checkpoint_seq;
    uint64_t failures; /* of the disk, that it has stopped for */
    uint64_t owed;     /* replies, to what the batch took in */
    bool read_only;    /* the disk was full a moment ago */
    bool stuck;        /* a batch waits for room */
    uint64_t restarts, crashes, commits, verified;
};

void broker_make_store(struct sim *sim);
/* Opens the store that the disk has, holds it against the model, and resumes. */
void broker_start(struct sim *sim);
/* Stops without a word: memory is gone, the disk keeps what it keeps. */
void broker_crash(struct sim *sim);
/* Stops in good order. */
void broker_stop(struct sim *sim);
void broker_take(struct sim *sim, const struct packet *packet);
/* A reply leaves: to one request, or to one of a batch's, which stand right after it. */
void broker_reply(struct sim *sim, const struct reply_to *to, const void *frame, size_t size);
void broker_tick(struct sim *sim);
void broker_clock_jumped(struct sim *sim);
/* Writes what was gathered and lets go what waited for it; what comes of faults is handled here. */
void broker_commit(struct sim *sim);
/* The state that the records on disk come to, from record 1. */
void broker_replay(struct sim *sim, uint8_t digest[32]);
/* The file's structure, the hash chain, the sums. */
void broker_verify(struct sim *sim);
void broker_done(struct sim *sim);

/* ---- the whole ---- */

struct sim {
    uint64_t seed;
    struct chance chance;
    struct disk *disk;
    struct network network;
    struct sim_broker broker;
    struct world world;
    struct model model;
    struct subscriber subscribers[SIM_SUBSCRIBERS];
    uint64_t connections;
    int64_t now;
    uint64_t lived;       /* ms of simulated time, jumps left out */
    int64_t home;         /* while the clock stands far away: where it comes back to; else NO_TIME */
    uint64_t step, steps; /* done, and to do */
    bool tracing;
    int batch_key; /* while a batch is gathered: what is made is part of it, and sent with this key; else −1 */
};

/* One invariant: says what broke, at which seed and step, and ends the process. */
#define SIM_CHECK(sim, condition, ...)                                                                                 \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            sim_broken((sim), __FILE__, __LINE__, __VA_ARGS__);                                                        \
    } while (0)
void sim_broken(const struct sim *sim, const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 4, 5)));
void sim_trace(const struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- what agencies send: traffic.c and the files beside it ---- */

void traffic_set_up(struct sim *sim); /* agencies, keys, calendars, policies */
void traffic_send(struct sim *sim);   /* one request, sound or not */
/* Encodes a request under an id of its own and keeps it. */
size_t traffic_keep(struct sim *sim, int key, enum op op, const void *message);
/* The same, and puts it on the network or into the batch. */
void traffic_submit(struct sim *sim, int key, enum op op, const void *message);
uint32_t traffic_pick(struct sim *sim, uint32_t bound);
int traffic_any_agency(struct sim *sim);      /* at times one that is not there */
struct text traffic_agency(struct sim *sim);  /* its id */
int traffic_key(struct sim *sim, int agency); /* as a rule, one of its keys */
int traffic_administrator(struct sim *sim);   /* as a rule, a key that may administer */

/* Each makes one request. */
void traffic_assign(struct sim *sim);
void traffic_act(struct sim *sim);
void traffic_pester(struct sim *sim, uint64_t task); /* an escalation by hand */
void traffic_read(struct sim *sim);
void traffic_administer(struct sim *sim);
void traffic_set_agency(struct sim *sim, int key, int agency);
void traffic_set_key(struct sim *sim, int by, int key, int agency, uint32_t rights, int64_t until);
void traffic_set_calendar(struct sim *sim, int key, int number);
void traffic_set_policy(struct sim *sim, int key, int name);
void traffic_scramble(struct sim *sim);
void traffic_noise(struct sim *sim);

#endif
