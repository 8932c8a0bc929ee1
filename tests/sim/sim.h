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

#define SIM_BEGIN  INT64_C(1704070800000) /* 2024-01-01 00:00 in Việt Nam */
#define SIM_SECOND INT64_C(1000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR   (60 * SIM_MINUTE)
#define SIM_DAY    (24 * SIM_HOUR)

/* ---- agencies: a small tree, each with one key ---- */

struct sim_agency {
    const char *id;
    int parent;       /* index, −1 at the top */
    int64_t until;    /* it does not exist at or after this time */
    int successor;    /* index, −1 for none */
    bool revoked;     /* its key */
    uint64_t place;   /* its consumer's: the newest that the broker has confirmed */
    uint64_t claimed; /* the newest that it has asked to keep */
};
#define SIM_AGENCIES 8
extern const char *const sim_agency_ids[SIM_AGENCIES];
extern const int sim_agency_parents[SIM_AGENCIES];
/* Public key of an agency, Z85, 40 characters. */
void sim_key(int agency, char key[41]);

/* ---- the network: frames on their way, in any order ---- */

struct packet {
    bool to_broker;
    int agency;
    size_t request;
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

/* ---- the broker: what the loop would do, in one thread ---- */

struct sim_broker {
    struct core *core;
    struct journal *journal;
    struct effects effects; /* the batch being gathered */
    struct buffer row_bytes;
    struct journal_row *rows;
    size_t row_count, row_capacity;
    uint64_t checkpoint; /* with the batch, 0 for none */
    bool checkpointing;
    uint64_t checkpoint_seq;
    bool read_only;  /* the disk was full a moment ago */
    bool stuck;      /* a batch waits for room */
    int64_t decided; /* when the batch was */
    uint64_t restarts, crashes, commits;
};

void broker_make_store(struct sim *sim);
/* Opens the store that the disk has, holds it against the model, and resumes. */
void broker_start(struct sim *sim);
/* Stops without a word: memory is gone, the disk keeps what it keeps. */
void broker_crash(struct sim *sim);
/* Stops in good order. */
void broker_stop(struct sim *sim);
void broker_take(struct sim *sim, int agency, const void *frame, size_t size);
void broker_tick(struct sim *sim);
void broker_clock_jumped(struct sim *sim);
/* Writes what was gathered and lets go what waited for it; what comes of faults is handled here. */
void broker_commit(struct sim *sim);
void broker_done(struct sim *sim);

/* ---- the whole ---- */

struct sim {
    uint64_t seed;
    struct chance chance;
    struct disk *disk;
    struct network network;
    struct sim_broker broker;
    struct model model;
    struct sim_agency agencies[SIM_AGENCIES];
    struct msg_policy policy; /* of the run */
    struct msg_step steps[8];
    int64_t now;
    uint64_t step;
    bool tracing;
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

/* traffic.c: what agencies send */
void traffic_set_up(struct sim *sim); /* agencies, keys, a calendar, a policy */
void traffic_send(struct sim *sim);   /* one request, sound or not */

#endif
