/* The stored queue: one SQLite file. What the broker told is in it, synced, before the broker hears that it is dealt with;
 * what was handed to a receiver is marked there afterwards. So a crash at any point loses nothing, and what it makes
 * go out twice goes out under the same key.
 *
 * A delivery is `waiting` while it gathers notifications, `sending` from then on (what it holds no more changes, so that
 * each attempt says the same), and at last `sent`, `dead` (given up; coord-relay dead replay puts it back), or `dropped`
 * (all that it held was silenced, inhibited or over).
 *
 * `coord-relay dead` and the like open the file beside the relay. Each function is one transaction, or part of that
 * which store_begin opened. A failure of the disk is told and ends the program: it goes on from what is on the disk.
 */
#ifndef RELAY_STORE_H
#define RELAY_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan.h"
#include "states.def.h"
#include "store_file.h"

#define STORE_KEY_TEXT  65                       /* SHA-256 in hexadecimal, and the end */
#define STORE_ROUND_MAX 1000                     /* notifications or deliveries that one transaction handles */
#define STORE_KEEP_MS   (INT64_C(30) * 86400000) /* what was sent stays to be asked about, and is then forgotten */

enum delivery_state {
#define D(constant, name) DELIVERY_##constant,
    DELIVERY_STATES(D)
#undef D
        DELIVERY_STATE_COUNT
};
const char *delivery_state_name(enum delivery_state state);

struct store *store_open(const char *directory); /* as store_file_open */
void store_commit(struct store *store);          /* synced when it returns; nothing, when none is open */
/* Changes whenever another program has changed the file. */
int64_t store_version(struct store *store);
uint64_t store_seed(struct store *store); /* random, made with the file */

/* ---- what came in ---- */

/* Takes a notification of this store of the broker; 0 when it is there already, else its number. */
int64_t store_take(struct store *store, const char *broker, const struct notification *notification, int64_t now);
/* What was escalated of the task, all of it or one, is over. */
void store_end_escalation(struct store *store, uint64_t task, uint64_t escalation, uint64_t before_seq, int64_t now);
/* One escalation is over for all but those that it is addressed to from now on, and their stand-ins: an array of agencies. */
void store_readdress(struct store *store, uint64_t task, uint64_t escalation, const json_t *addressed,
                     uint64_t before_seq, int64_t now);
/* Whether the task's clocks stand still: its escalations are open, and nobody is reminded of them meanwhile. */
void store_set_suspended(struct store *store, uint64_t task, bool suspended);
bool store_is_suspended(struct store *store, uint64_t task);
/* All escalations of the task are over for these agencies, and for those told of them that stand in for no other: an array. */
void store_end_escalations_to(struct store *store, uint64_t task, const json_t *agencies, uint64_t before_seq,
                              int64_t now);
/* When something last went out to this receiver, person and group; 0 for never. */
int64_t store_flushed(struct store *store, const struct plan *plan);
/* Puts a notification into the delivery that waits for its receiver, person and group, or begins one. */
void store_plan(struct store *store, const struct plan *plan, int64_t notification, const char *broker,
                const struct notification *told, int64_t now);
/* Nobody is told of it. */
void store_note(struct store *store, int64_t notification, const char *fate);

/* ---- deliveries ---- */

struct delivery {
    int64_t id;
    char key[STORE_KEY_TEXT];
    char receiver[65], person[65], route[200], group[PLAN_GROUP_MAX];
    enum delivery_state state;
    int64_t due, opened, flushed; /* flushed: since when it is being sent; 0 while it waits */
    bool urgent, digest;
    unsigned round, attempts;
    char error[256];
};

typedef void store_delivery(void *user, const struct delivery *delivery);
/* One notification of a delivery; `left_out` says why it is not told, or is NULL. Returns why it is to be left out
 * from now on, or NULL to leave it as it is. */
typedef const char *store_content(void *user, int64_t id, const struct notification *notification, bool ended,
                                  const char *left_out);

/* Those that wait and are due. Copies, so that the visitor may change the store. */
void store_due(struct store *store, int64_t now, store_delivery *visit, void *user);
/* Those of a receiver to be sent now, the oldest first, at most `limit`, save those that `leave` says are under way. */
void store_ready(struct store *store, const char *receiver, int64_t now, unsigned limit,
                 bool leave(void *user, int64_t id), store_delivery *visit, void *user);
void store_contents(struct store *store, int64_t delivery, store_content *visit, void *user);
bool store_delivery_get(struct store *store, int64_t id, struct delivery *delivery);
/* By state, the oldest first. */
void store_list(struct store *store, enum delivery_state state, store_delivery *visit, void *user);
/* The next instant at which one is due; INT64_MAX when none is. */
int64_t store_next(struct store *store);

/* What was told of a task and is not over, the newest first, at most 256: what may keep others back. */
typedef bool store_source(void *user, const struct notification *notification, int64_t taken); /* true ends it */
void store_sources(struct store *store, uint64_t task, store_source *visit, void *user);
bool store_is_sending(struct store *store); /* whether anything is */

void store_flush(struct store *store, int64_t delivery, int64_t now); /* waiting -> sending */
/* Deliveries to receivers that the configuration has no more are given up, and stay to be seen. */
void store_bury_strays(struct store *store, const struct config *config, int64_t now);
void store_drop(struct store *store, int64_t delivery, int64_t now); /* waiting -> dropped */
/* What was left out of a waiting delivery as STORE_SUSPENDED is told then, unless it is over or suspended still: by this
 * delivery, or, when that goes out with the rest of what it holds, by another. */
#define STORE_SUSPENDED "its task is suspended"
void store_put_off(struct store *store, int64_t delivery, int64_t due);
void store_part(struct store *store, const struct delivery *delivery, int64_t due, int64_t now);
void store_sent(struct store *store, int64_t delivery, int64_t now); /* sending, dead -> sent */
void store_again(struct store *store, int64_t delivery, int64_t due, const char *error);
void store_bury(struct store *store, int64_t delivery, int64_t now, const char *error); /* -> dead */
/* dead -> sending, under the same key. False when it is not there, or not dead. */
bool store_replay(struct store *store, int64_t delivery, int64_t now);
/* A waiting delivery of the same contents, which is told again then unless it is over by that time. */
void store_repeat(struct store *store, const struct delivery *delivery, int64_t due, int64_t now);
/* A delivery that the relay itself makes, of an object that is no notification of the broker. */
void store_tell(struct store *store, const char *receiver, const json_t *object, int64_t now);

/* ---- what is known of the broker ---- */

/* The agencies above one, as `above`: a new array. */
json_t *store_above(struct store *store, const char *agency);
bool store_agency(struct store *store, const char *agency, char name[257], char name_en[257]);
void store_agencies(struct store *store, const struct msg_agency_items *agencies); /* adds and replaces */
/* Who stands in for an agency in which time (ms); `by` NULL: nobody. And what a record of an agency, which has it whole, says of that. */
void store_set_stand_in(struct store *store, const char *agency, const char *by, int64_t from, int64_t until);
void store_learn_stand_in(struct store *store, const json_t *record);
/* Whether one stands in at that time for one of these. */
bool store_stands_in(struct store *store, const char *by, const json_t *names, int64_t at);
/* Of a record that is told to stand-ins: who of those in `to`, and its lead, is stood in for when it was made, and by whom. A new
 * object. Those among them that one stands in for: a new array. */
json_t *store_stood(struct store *store, const json_t *record);
json_t *store_stood_by(const json_t *stood, const char *by);
/* Values by name: the calendar's frame and the like. The caller frees what it is given; NULL when there is none. */
void *store_value(struct store *store, const char *name, size_t *size);
void store_set_value(struct store *store, const char *name, const void *value, size_t size);
int64_t store_number(struct store *store, const char *name); /* a value that is a number; 0 when there is none */
void store_set_number(struct store *store, const char *name, int64_t number);
void store_count(struct store *store, int64_t counts[DELIVERY_STATE_COUNT]);
/* Of one receiver: how many wait, are being sent and are dead, and since when the oldest is being sent (0: none is). */
void store_count_of_receiver(struct store *store, const char *receiver, int64_t counts[DELIVERY_STATE_COUNT],
                             int64_t *oldest);
int64_t store_count_dead(struct store *store);
/* Forgets what was sent or dropped long ago. */
void store_forget(struct store *store, int64_t now);

#endif
