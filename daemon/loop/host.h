/* What the loop needs of whatever runs it: somebody who wakes it, a hand at the journal, and a word with the outside. In
 * the daemon that is process.c, with libuv, a thread and the system; the simulator has its own.
 *
 * What comes back comes through the doors of state.h, one at a time and never from within a call to the host:
 * pace_work, pace_wake, pace_second, handover_appended, handover_finished, request_handle, broker_settled.
 */
#ifndef COORDD_LOOP_HOST_H
#define COORDD_LOOP_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/journal.h"

struct batch;
struct errand;
struct event;
struct host;

struct host_functions {
    /* While wanted, pace_work is called in each turn of the loop. */
    void (*work)(struct host *host, bool wanted);
    /* Calls pace_wake after so long, once, and not when it was asked for before. */
    void (*wake)(struct host *host, uint64_t after_ms);
    /* Does an errand at the journal: errand_append, and tells handover_appended if there was a batch; errand_finish, and
     * tells handover_finished. It is borrowed until then. One at a time. */
    void (*errand)(struct host *host, struct errand *errand);
    /* The errand under way is to come back soon, if all that it does is wait for what another appends. May be NULL. */
    void (*poke)(struct host *host);
    bool (*asked)(struct host *host); /* whether requests wait */
    /* Bytes that are free where the store is; UINT64_MAX when nobody knows. */
    uint64_t (*disk_room)(struct host *host);
    /* Why the store cannot be reached, while the errand under way waits for it; false when nothing is known. May be NULL. */
    bool (*trouble)(struct host *host, char cause[JOURNAL_CAUSE]);
    void (*stopped)(struct host *host); /* all is done: no door is called any more */
    /* Ends the program at once, with an exit code of enum broker_exit: what is on disk is what a start will find. */
    void (*fail)(struct host *host, int code);
    /* For whoever holds the loop against what it should do; NULL when nobody does. The core took an event, whose effects
     * stand in broker->current from the first on; a batch is about to be let go. */
    void (*stepped)(struct host *host, const struct event *event, size_t first);
    void (*let_go)(struct host *host, const struct batch *batch);
    /* What a connection asked first of all that waits for its agency's turn is refused without the core. */
    void (*turned_away)(struct host *host, uint64_t peer);
};

struct host {
    const struct host_functions *functions;
};

#endif
