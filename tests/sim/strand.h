/* A strand: what a process does that blocks, here its work at a journal in PostgreSQL, while other processes go on. It has a stack of its
 * own, and gives way where the program would wait: in poll and nanosleep, which the linker puts strand.c's in the place of. Time is the
 * simulator's there: clock_gettime tells it too. All in one thread, so that a seed gives the same run.
 */
#ifndef COORDD_SIM_STRAND_H
#define COORDD_SIM_STRAND_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

typedef void strand_work(void *context);

struct strand {
    ucontext_t own, back;
    void *stack;
    strand_work *work;
    void *context;
    bool goes_on; /* it has begun, and not ended */
    bool sleeps;  /* until a time, whatever happens; else it waits for a connection too */
    int64_t wakes_ms;
    /* Its process was killed: nothing that it asks comes to anybody, and time flies, so that the program comes to an end of what it
     * was doing and its memory can be freed. */
    bool is_dead;
    int64_t ahead_ms; /* that its time has flown */
};

int64_t strand_now_ms(void); /* the simulator's time, as the strand that runs sees it */
void strand_pass_ms(int64_t ms);
void strand_reset(void); /* a run begins */

void strand_begin(struct strand *strand, strand_work *work, void *context); /* runs none of it yet */
/* Whether it could go on now; and lets it, until it waits again or ends. */
bool strand_may_go(const struct strand *strand);
void strand_go(struct strand *strand);
void strand_done(struct strand *strand);
const struct strand *strand_running(void); /* NULL when none is */

#endif
