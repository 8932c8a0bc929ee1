/* The tasks that an agency may read, in the order of their numbers: what lists go through, instead of all tasks.
 *
 * It may read what it holds in some role itself or as a successor, and, unless it is restricted, what those below it hold
 * (authority_may_read). So the walk takes the sets of those agencies (core/holdings.h), of the roles and states that
 * are asked for, and goes through them side by side. Sometimes they hold about all tasks, or there are more of them than
 * READING_AGENCIES or READING_SETS: then it goes through all tasks, and whoever asks leaves out what may not be read.
 */
#ifndef COORDD_CORE_READING_H
#define COORDD_CORE_READING_H

#include "core/step.h"

#define READING_AGENCIES 4096 /* × 25 ns = 0.1 ms to find them; for the asker and the agency asked for, each twice */
#define READING_SETS     4096 /* × 300 ns = 1.2 ms to find a place in each */

struct reading_wanted {
    uint32_t agency;  /* only what it holds; NONE for any */
    bool subtree;     /* or those below it */
    uint32_t roles;   /* a bit for each role that counts for `agency`; 0 for any */
    uint32_t groups;  /* a bit for each group of states: core/holdings.h */
    bool once;        /* and what it held the clock of once, though it has no role there now */
    bool escalations; /* only tasks that have some */
    uint64_t after;   /* only tasks after this one */
};

struct reading;
struct reading *reading_new(void);
void reading_free(struct reading *reading); /* takes NULL */

/* Begins a walk for the asker of a step; one at a time. It lasts as long as the step. */
struct reading *reading_begin(struct step *step, const struct reading_wanted *wanted);
/* The next task's number, 0 at the end. All that the asker may read and wants comes; it may be that others come too. */
uint64_t reading_next(struct reading *reading);
/* Units of step_look that a task takes to be found and not wanted: it is looked at where it lies, and that is far away. */
#define READING_LOOKS 2
/* What the walk has looked at so far, in units of step_look. */
uint64_t reading_cost(const struct reading *reading);
/* Where another page goes on when this one is done with all tasks up to `done`: after that one, which the asker may read;
 * 0 when there is none after it that it may. Where the walk is through all tasks it looks for these no further than for
 * 1,024 tasks, or 40 that were closed long ago, and else gives `done` as it is. */
uint64_t reading_rest(struct reading *reading, uint64_t done);

#endif
