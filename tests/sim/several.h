/* Several brokers on one PostgreSQL (pg.h): the real loop, core and keeper of each, of which one leads at a time; the others wait for that,
 * or follow it and answer reads. They freeze, are cut off from the server or from their clients, are killed, stopped and started, hand
 * over, and overtake each other. Their clients send to whoever answers, and the same again under the same id.
 *
 * The model follows the broker that began to lead last: it knows what that one found in the store and what it let go since. Whoever
 * led before and does not know yet that it was overtaken may still say what was on disk before that, and nothing else.
 */
#ifndef COORDD_SIM_SEVERAL_H
#define COORDD_SIM_SEVERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "journal/journal.h"
#include "sim/strand.h"

struct sim;
struct packet;

#define SIM_BROKERS     3
#define SEVERAL_LEASE_S 3
#define SEVERAL_EPOCHS  65536 /* of a run: each claim is one, and a run has some hundreds */

enum several_phase {
    SEVERAL_DOWN,   /* there is no process */
    SEVERAL_OPENS,  /* it waits for the lead, or takes it and reads the store */
    SEVERAL_SERVES, /* it leads, or follows */
    SEVERAL_CLOSES, /* it has stopped, and gives the lead up */
};

struct several_broker {
    enum several_phase phase;
    struct strand strand;
    bool works;        /* the strand has a piece of work, whose end was not looked at */
    int64_t looked_ms; /* at its clock, last */
    int64_t again_ms, second_ms, frozen_ms, cut_ms, deaf_ms; /* until when; second_ms: its next second */
    int64_t overtaken_ms;                                    /* since when another leads, or PG_NEVER */
    uint64_t epoch;                                          /* its own, as it was told last */
    bool may_be_demoted;                                     /* another's claim was seen since its own */
    bool follows;                                            /* else it waits, and serves nobody meanwhile */
    bool has_followed;                                       /* this process, at some time */
    bool decides;                                            /* it leads, and the model has taken note of that */
    char name[64], directory[64], endpoint[32];
    struct journal_wait wait;
    struct journal_options journal;
    struct problem problem;
    int opened, restored;
};

struct several {
    bool is_on;
    int count, leads; /* −1: nobody is known to */
    struct several_broker brokers[SIM_BROKERS];
    struct journal_server server;
    uint8_t claimed[SEVERAL_EPOCHS]; /* by which process, from 1 */
    uint64_t newest_epoch;
    int64_t set_ms; /* when all clocks were set last */
    bool cancels;   /* the next commit that waits for the standby is kept from that */
    struct acknowledged {
        int64_t ms;
        uint64_t seq;
    } * acknowledged; /* how far all was acknowledged, and since when */
    size_t acknowledged_count, acknowledged_capacity;
    uint64_t took_over, demoted, frozen, killed, stopped, stale, went_back, followed, as_of, handed_over, put_off;
};

/* Makes the store, and lets one broker lead it; then all go on together. */
void several_begin(struct sim *sim);
void several_end(struct sim *sim);
void several_clean(void); /* what a run that is broken off leaves on disk */
/* A step's share of what brokers do and what befalls them. */
void several_go_on(struct sim *sim);
/* No more faults: somebody leads again within a bound, and nobody else believes it does. */
void several_come_to_rest(struct sim *sim);
/* The broker at hand opens the store, and leads. */
void several_open(struct sim *sim);
void several_stir(struct sim *sim); /* calm is over */
void several_kill(struct sim *sim, int broker);

void several_enter(struct sim *sim, int broker);
/* The broker at hand has been overtaken by the one that the model follows. */
bool several_is_stale(const struct sim *sim);
int several_process(const struct sim *sim); /* whose journal is asked */
/* Which broker a client connects to; −1: none takes connections. */
int several_choose(struct sim *sim);
/* The loop of the broker at hand has ended, with an exit code. */
void several_failed(struct sim *sim, int code);
void several_check_failed(struct sim *sim);

/* ---- several_check.c ---- */

/* The lead is about to be claimed, or given up; a claim was told to its asker; the head was changed. */
struct pg_backend;
void several_check_claim(struct sim *sim, const struct pg_backend *backend);
void several_check_give_up(struct sim *sim, const struct pg_backend *backend);
void several_claimed(struct sim *sim, int process, const char *name, uint64_t epoch);
void several_head_moved(struct sim *sim);
/* What was decided then leaves the broker at hand. */
void several_check_leaves(struct sim *sim, int64_t decided_ms);
/* An answer leaves the broker at hand: whether it says how new it is, and that is so. */
struct envelope;
struct line;
void several_check_new(struct sim *sim, const struct line *line, const struct envelope *envelope);
void several_acknowledged(struct sim *sim); /* all that the model knows is */
/* Who follows tells of a record up to this one: it is there to stay, whether or not who appended it knows. */
void several_learn(struct sim *sim, uint64_t seq);
/* The broker at hand leads from here on: what is there is what was acknowledged, and its state. */
void several_check_started(struct sim *sim);
/* The core took an event: whether its broker has just begun to lead. */
void several_check_role(struct sim *sim);
/* The broker at hand follows: what it has applied comes to the state of the records. */
void several_check_followed(struct sim *sim);
/* Whether it had a reason to end so. */
void several_check_end(struct sim *sim, int code, const char *failure);

/* ---- several_faults.c ---- */

void several_fault(struct sim *sim);
bool several_is_frozen(const struct sim *sim, int broker);

#endif
