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
#define COST_FRAME_BYTES 64  /* bytes of a frame that are read, checked and digested in one unit */
#define COST_RECORD      20  /* a record is decided, numbered and applied, its bytes apart */
#define COST_WRITE_BYTES 128 /* bytes of records and replies that are written in one unit */

/* What the step of a frame costs at most: twice STEP_LOOK_MAX (step.h), what it is to read and answer 1 MiB, and 256 records.
 * About 4.5 ms: a frame of 1 MiB of what is the worst to compose comes to 65 ns a unit. */
#define COST_STEP_MAX 64000

static inline void cost_add(struct effects *effects, uint64_t units)
{
    effects->cost += units;
}

#endif
