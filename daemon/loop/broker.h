/* The broker: everything that runs. It opens the store, having waited for it where another leads, restores the core, binds the sockets, and serves until it is
 * told to stop.
 *
 * Invariants: nothing leaves before what it rests on is on disk; the core and the sockets belong to the loop's thread,
 * the journal to the commit thread. Fatal: a failed disk (JOURNAL_FAILED), a damaged store, no memory.
 */
#ifndef COORDD_LOOP_BROKER_H
#define COORDD_LOOP_BROKER_H

#include <stdbool.h>
#include <stdint.h>

#include "errors.h"

struct config; /* daemon/config.h */
struct journal_options;

/* All of it is borrowed for the length of broker_run. */
struct broker_options {
    const struct config *config;
    const char *directory;                 /* of the store; need not be that of the configuration */
    const struct journal_options *journal; /* where the store is: what it is opened with */
    bool waits;                            /* while another leads the store, or follows it; otherwise that is refused */
    bool follows;                          /* what another appends meanwhile, and answers from that */
    const char *endpoint;                  /* where clients find this broker; "" when that is not said */
    const char *secret_key; /* the server's CURVE secret, Z85, 40 characters: the caller read it from its file */
    /* SIGHUP: reads the configuration again into *fresh and checks it. 0, or an error and the problem in words; only
     * the limits are taken over. NULL when there is no file to read. */
    int (*reload)(void *context, struct config *fresh, struct problem *problem);
    void *reload_context;
    /* A rehearsal's clock: so many days go by in a second. 0: the world's clock. */
    double days_per_second;
    int64_t rehearse_from_ms; /* with it: where that clock begins; INT64_MIN for where the store's rehearsal began.
                                 A store that has got further goes on from its newest record. */
};

/* What broker_run returns, to exit with: the names of sysexits.h. */
enum broker_exit {
    BROKER_STOPPED = 0,    /* it was told to stop, and everything is on disk */
    BROKER_USAGE = 64,     /* a rehearsal's clock on a store not made for one, or the reverse */
    BROKER_DAMAGED = 65,   /* the store cannot be read: coordd verify says where */
    BROKER_NO_SOCKET = 69, /* an endpoint cannot be bound */
    BROKER_BUG = 70,       /* the journal and the core disagree */
    BROKER_NO_STORE = 72,  /* there is no store, it cannot be opened, or another coordd has it */
    BROKER_DISK = 74,      /* the disk failed, or there was no memory to read it with */
    BROKER_CONFIG = 78,    /* a setting or the secret key cannot be used */
};

/* Serves until SIGTERM or SIGINT. What went wrong is in the log. */
int broker_run(const struct broker_options *options);

#endif
