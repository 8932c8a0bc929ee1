/* The relay's own work, between the broker that tells and the receivers that take: what comes in is planned and stored,
 * what is due is held against silences and inhibitions, what is ready goes out, what failed goes out again. The time is
 * always an argument; the loop is in command_run.c. What comes in is in relay.c, what goes out in relay_send.c.
 */
#ifndef RELAY_RELAY_H
#define RELAY_RELAY_H

#include "sender.h"
#include "silence.h"

#define RELAY_HOLD_MAX_MS 60000 /* a receiver that fails is asked so often whether it is back, by one delivery */
#define RELAY_REPEATS_MAX 100   /* of an escalation that nobody acknowledges: at one a day, a quarter of a year */

struct relay {
    struct config *config;
    struct store *store;
    struct working_days days;
    struct silences silences;
    int64_t silences_version; /* of the file, when they were read */
    char broker[33];          /* identity of the broker's store, in hexadecimal */
    struct sender *sender;    /* NULL: nothing is sent, as in tests of the rest */
    int64_t now;              /* of this round, for callbacks */
    unsigned started;         /* deliveries that were, so far */
    struct lane {
        unsigned failures; /* one after the other */
        int64_t failing;   /* since when it has taken nothing; 0 when it took the last. Kept over restarts */
        int64_t hold;      /* until then it is left alone, having failed */
        char error[256];   /* its last */
        int64_t rate_next; /* the earliest start of the next delivery by its rate */
        uint64_t outcomes[OUTCOMES_COUNT];
    } lanes[CONFIG_RECEIVERS_MAX];
    struct planning planning;
    struct {
        uint64_t taken, untold; /* notifications; of these, those that nobody is told of */
        int64_t read;           /* when the configuration that holds was read */
        bool wrong;             /* the one that was read last was not taken over */
    } figures;                  /* since the start */
};

/* Takes configuration and store, which outlive it. */
void relay_init(struct relay *relay, struct config *config, struct store *store);
/* Goes by another configuration from now on, and frees that of before once nothing under way goes by it. What is known of
 * receivers stays theirs, by name. */
void relay_set_config(struct relay *relay, struct config *config, int64_t now);
void relay_done(struct relay *relay);

/* One record of the broker: stored for each agency that it tells, and planned. Within store_begin and store_commit. */
void relay_take(struct relay *relay, const json_t *record, const json_t *task, int64_t now);
/* What waited and is due is made ready, or dropped. */
void relay_flush(struct relay *relay, int64_t now);
/* Starts what is ready, as far as receivers take it. */
void relay_send(struct relay *relay, int64_t now);
/* What became of a delivery: sender_done. */
void relay_heard(void *user, const struct parcel *parcel, enum outcome outcome, int64_t after_ms, const char *error);
/* The working days of a calendar of the broker, kept for starts without one; and those that were kept. */
void relay_set_calendar(struct relay *relay, const struct msg_calendar *calendar);
void working_days_kept(struct working_days *days, struct store *store);

/* Between its files: after how long what its route told is told again, 0 for never; the lanes of the configuration, with what those of the one before knew (NULL: what is stored). */
int64_t relay_repeat(const struct relay *relay, const struct delivery *delivery);
void lanes_set(struct relay *relay, const struct config *before);

/* ---- the dead man's switch (watch.c) ---- */

/* Tells the watch's receiver when the broker (gone since then; 0: it is there) or a receiver is gone for too long, and
 * when it is back. */
void watch_look(struct relay *relay, int64_t broker_gone_since, const char *broker_why, int64_t now);

#endif
