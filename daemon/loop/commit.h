/* The journal's thread. The loop hands it one turn of work at a time: a batch to append, then reads in bounded pages,
 * then a step of a backup; while it works, the loop gathers the next batch.
 *
 * Invariants: once started, the journal is touched by this thread alone; turns are done strictly in order; what a turn
 * was given belongs to the thread until it is told back, and the batch is told as soon as it is on disk.
 */
#ifndef COORDD_LOOP_COMMIT_H
#define COORDD_LOOP_COMMIT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "journal/journal.h"
#include "loop/batch.h"
#include "loop/read.h"

/* ---- a backup ---- */

#define BACKUP_PAGES 128 /* in one turn: 1 MiB, about a millisecond */

struct backup {
    char path[PATH_MAX];
    bool begun, done;
    bool stop;  /* give up, and remove what there is */
    int result; /* enum journal_result, once done */
    char failure[256];
    uint64_t seq; /* newest record in it */
};

/* ---- a turn ---- */

#define TURN_READS 4

enum turn_reserve { RESERVE_AS_IT_IS, RESERVE_RELEASE, RESERVE_TAKE };

struct turn {
    struct batch *batch; /* NULL for none */
    struct read *reads[TURN_READS];
    unsigned read_count;
    struct backup *backup;
    enum turn_reserve reserve;
    /* Answers. */
    int result;         /* of the append */
    int reserve_result; /* of taking the reserve back */
    int read_result;    /* worst of the reads */
    int write_back_result;
    bool more; /* the turn goes on after its append */
    uint64_t append_us;
    char failure[256];
};

struct commit;

struct commit_handlers {
    void (*appended)(void *context, struct turn *turn); /* the batch is on disk, or was refused */
    void (*finished)(void *context, struct turn *turn); /* all the rest is done too, and the thread is idle */
    void *context;
};

/* Starts the thread. The journal is borrowed until commit_free has returned. */
struct commit *commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_handlers *handlers);
/* Waits for the turn under way and ends the thread; handlers are not called any more. Takes NULL. */
void commit_free(struct commit *commit);
/* Hands over a turn; the thread must be idle. The turn is borrowed until it is finished. */
void commit_start(struct commit *commit, struct turn *turn);

#endif
