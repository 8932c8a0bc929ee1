/* A broker for tests: ROUTER with CURVE in a thread of its own, which answers what a script says. It decides nothing
 * and keeps nothing; it can be stopped and started again on the same endpoint, as a broker that was killed.
 */
#ifndef COORDD_TESTS_BROKER_H
#define COORDD_TESTS_BROKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "coord.h"

struct broker;

/* A frame that came, opened in `decoder`. */
struct incoming {
    char peer[64]; /* routing id of the connection */
    size_t peer_size;
    char op[32];
    char id[COORD_REQUEST_ID_MAX + 1];
    char name[COORD_AGENCY_ID_MAX + 1]; /* `for`; empty when absent */
    uint64_t at_least, within_ms;       /* ENVELOPE_ABSENT when absent */
    struct decoder *decoder;
    int number; /* of the frames that came since the broker was made: 1, 2, … */
};

/* Called in the broker's thread for every frame. */
typedef void broker_script(struct broker *broker, const struct incoming *in);

struct broker {
    struct coord_context context; /* for a client of it */
    char server_secret[41];
    char directory[64];
    broker_script *script;
    void *user;             /* the script's */
    bool bundles;           /* the script is told of what asks for them; else it is passed over */
    _Atomic uint64_t as_of; /* of a follower, what its answers carry; 0: it leads */
    char leader[256];       /* whom a follower names; "" for nobody */
    int zap_status;         /* 0: any key is taken, without ZAP; or "200", "400", … for every handshake */
    atomic_int received;    /* frames, since it was made */
    atomic_int aside;       /* of those that ask for bundles */
    struct buffer held;     /* frames that are to leave as one */
    unsigned held_count;
    bool holds;
    void *zmq, *router, *zap, *control;
    pthread_t thread;
    bool running;
};

/* Makes keys and an endpoint, and starts it. */
void broker_init(struct broker *broker, broker_script *script, void *user);
void broker_start(struct broker *broker);
/* Another broker of the same store, so of the same key. */
void broker_init_beside(struct broker *broker, const struct broker *first, broker_script *script, void *user);
/* Ends it at once: what it had received, and had not sent, is lost. */
void broker_stop(struct broker *broker);
void broker_done(struct broker *broker);
/* From now on it listens on a TCP port of the loopback address, the same after every start. */
void broker_use_tcp(struct broker *broker);

/* ---- for scripts ---- */

void broker_send(struct broker *broker, const struct incoming *to, const void *frame, size_t size);
/* From here on what is sent is held back; and then it leaves, as one bundle. */
void broker_hold(struct broker *broker);
void broker_let_go(struct broker *broker, const struct incoming *to);
void broker_message(struct broker *broker, const struct incoming *to, const char *op, const char *id,
                    const struct message *message, const void *fields);
void broker_reply(struct broker *broker, const struct incoming *in, const void *fields); /* of the op's reply */
void broker_refuse(struct broker *broker, const struct incoming *in, int error, const char *field, const char *words);
/* As a follower does what is a change to it: NOT_LEADER, with `leader`. */
void broker_send_on(struct broker *broker, const struct incoming *in);
void broker_record(struct broker *broker, const struct incoming *to, uint64_t seq);
void broker_closed(struct broker *broker, const struct incoming *to, int ending, uint64_t seq);
/* The usual answer to any request: hello, change_reply, stream_reply, an empty page. Sequences are `seq`. */
void broker_oblige(struct broker *broker, const struct incoming *in, uint64_t seq);
bool incoming_is(const struct incoming *in, const char *op);

/* ---- for tests ---- */

/* Options with which nothing is sent again on a slow machine either; and such with which what was lost is, at once. In
 * both, timeouts are long. */
struct coord_options patient_options(void);
struct coord_options quick_options(void);
/* With patient options when given none. */
struct coord *broker_open(const struct broker *broker, const struct coord_options *options);
/* Dispatches until *count reaches `wanted`; fails the test after a minute. */
void dispatch_until(struct coord *coord, const int *count, int wanted);

#endif
