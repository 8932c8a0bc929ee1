/* The journal's thread: it does the loop's errands, one at a time, while the loop gathers the next batch.
 *
 * Invariants: once started, the journal is touched by this thread alone; errands are done strictly in order; what an errand
 * was given belongs to the thread until it is told back, and the batch is told as soon as it is on disk.
 */
#ifndef COORDD_LOOP_COMMIT_H
#define COORDD_LOOP_COMMIT_H

#include <uv.h>

#include "loop/errand.h"

struct commit;

struct commit_handlers {
    void (*appended)(void *context, struct errand *errand); /* the batch is on disk, or was refused */
    void (*finished)(void *context, struct errand *errand); /* all the rest is done too, and the thread is idle */
    void *context;
};

/* Starts the thread. The journal is borrowed until commit_free has returned. */
struct commit *commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_handlers *handlers);
/* Waits for the errand under way and ends the thread; handlers are not called any more. Takes NULL. */
void commit_free(struct commit *commit);
/* Hands over an errand; the thread must be idle. The errand is borrowed until it is finished. */
void commit_start(struct commit *commit, struct errand *errand);

#endif
