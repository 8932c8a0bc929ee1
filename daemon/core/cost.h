/* What a step takes, counted: the same events cost the same on every machine, so that an agency's account, the order of turns
 * and a replay of either do not depend on how fast the machine was.
 *
 * A unit is about 100 ns of a core of 2020, and each number below is measured, rounded up. Whatever goes through input or
 * state counts what it goes through, when it does: a loop that counts nothing has a small bound that stands beside it.
 */
#ifndef COORDD_CORE_COST_H
#define COORDD_CORE_COST_H

#include "core/effect.h"

#define COST_FRAME       10  /* a frame is opened, its key looked up */
#define COST_REQUEST     10  /* a request is found, checked and answered, its bytes apart */
#define COST_READ        60  /* …and one that reads: the room for a page is made, and its reply */
#define COST_ASSIGN      60  /* …and an assign: its leads and its words are found and checked */
#define COST_FRAME_BYTES 64  /* bytes of a frame that are read, checked and digested in one unit */
#define COST_RECORD      20  /* a record is decided, numbered and applied, its bytes apart */
#define COST_WRITE_BYTES 128 /* bytes of records and replies that are written in one unit */

/* What the step of a frame costs at most: what it looks at and composes (twice STEP_LOOK_MAX and COMPOSE_MAX: 65,000), 1 MiB to
 * read (16,000), and what it writes: BATCH_BYTES_MAX, and then one task for each of 256 leads with the longest of texts (64,000
 * and 512 records: 10,000). Looking and composing come to 65 ns a unit where they are worst, so that such a frame without
 * changes takes 5 ms. */
#define COST_STEP_MAX 160000

static inline void cost_add(struct effects *effects, uint64_t units)
{
    effects->cost += units;
}

#endif
