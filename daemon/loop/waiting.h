/* A broker that waits for the lead: it serves nobody yet, tells the service manager that it is well and what it waits for, and ends
 * at once when it is told to. The store is opened in a thread, which is where the waiting is done (journal/lease.h).
 */
#ifndef COORDD_LOOP_WAITING_H
#define COORDD_LOOP_WAITING_H

#include <uv.h>

#include "journal/journal.h"
#include "loop/sdnotify.h"

struct waiting_options {
    uv_loop_t *loop;
    const struct journal_options *journal;
    /* Listening sockets that were passed to us: whoever connects is let go at once, and asks the one that leads. */
    const struct sdnotify_socket *sockets;
    int socket_count;
    void (*reload)(void *context); /* on SIGHUP */
    void *context;
};

/* Opens the store, once nobody else leads it: a result of journal_open, and JOURNAL_ENDED when it was told to stop. The loop runs
 * meanwhile, and all of ours on it is gone afterwards. */
int waiting_open(const struct waiting_options *options, struct journal **journal, struct problem *problem);

#endif
