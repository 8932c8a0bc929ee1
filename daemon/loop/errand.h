/* An errand at the journal: what the loop hands over at once. A batch to append, then reads in bounded pages, then a step of
 * a backup. Whoever does it (commit.c's thread) owns all of it until it is told back.
 */
#ifndef COORDD_LOOP_ERRAND_H
#define COORDD_LOOP_ERRAND_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "journal/journal.h"
#include "loop/batch.h"
#include "loop/lead.h"
#include "loop/placing.h"
#include "loop/read.h"

/* ---- a backup ---- */

#define BACKUP_PAGES 32 /* in one errand: 256 KiB, about as long as a commit; those that come meanwhile wait for it */

struct backup {
    char path[PATH_MAX];
    bool begun, done;
    atomic_bool stop; /* the loop's to set: give up, and remove what there is */
    int result;       /* enum journal_result, once done; JOURNAL_ENDED when it was given up */
    char failure[256];
    uint64_t seq; /* newest record in it */
};

/* ---- an errand ---- */

#define ERRAND_READS 4

enum errand_reserve { RESERVE_AS_IT_IS, RESERVE_RELEASE, RESERVE_TAKE };

struct errand {
    struct batch *batch; /* NULL for none */
    struct read *reads[ERRAND_READS];
    unsigned read_count;
    struct backup *backup;
    enum errand_reserve reserve;
    struct placing_errand placing;
    struct lead_errand lead; /* comes last, for it may wait */
    bool beat; /* a sign of life to those who wait for the lead: never beside a batch that is new, which is one */
    /* Answers. */
    int result;         /* of the append */
    int reserve_result; /* of taking the reserve back */
    int read_result;    /* worst of the reads */
    int write_back_result;
    int beat_result;
    bool more; /* the errand goes on after its append */
    uint64_t append_us;
    bool recovered;            /* the journal had lost what it is kept in, and has it again… */
    char cause[JOURNAL_CAUSE]; /* …for this */
    char failure[256];
};

/* What errands are done with: used again from one to the next. */
struct errands {
    struct journal *journal; /* borrowed, and touched by nobody else */
    struct decoder *decoder;
    struct journal_record *records;
    struct journal_row *rows;
    size_t record_capacity, row_capacity;
};

void errands_init(struct errands *errands, struct journal *journal);
void errands_done(struct errands *errands);
/* The first half, which others wait for: the reserve, and the append. Says in `more` whether there is a second. */
void errand_append(struct errands *errands, struct errand *errand);
/* The rest. After a failure of the append the journal is not touched again: the loop ends the process. */
void errand_finish(struct errands *errands, struct errand *errand);

#endif
