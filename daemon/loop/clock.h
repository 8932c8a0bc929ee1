/* Time, and the one file that reads clocks: the world's wall clock or a rehearsal's, and the monotonic clock.
 *
 * Deadlines are wall time, which may jump either way; how long something took is monotonic time, which dies at a
 * reboot. Invariant: a rehearsal's clock never goes back and never jumps.
 */
#ifndef COORDD_LOOP_CLOCK_H
#define COORDD_LOOP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    double days_per_second; /* of a rehearsal; 0 for the world's clock */
    int64_t from_ms;        /* where the rehearsal's clock began */
    uint64_t began_ns;      /* when that was, monotonic */
    int64_t wall_ms;        /* both clocks at the last look, for clock_jumped */
    uint64_t monotonic_ns;
    /* The two clocks as they are read; tests put their own. */
    int64_t (*read_wall_ms)(void);
    uint64_t (*read_monotonic_ns)(void);
    bool (*read_synchronised)(void); /* whether the kernel says that something keeps the wall clock right */
};

void clock_init(struct clock *clock);
/* From here on, days go by as a rehearsal's. */
void clock_rehearse(struct clock *clock, int64_t from_ms, double days_per_second);
int64_t clock_now_ms(const struct clock *clock); /* since 1970 UTC */
uint64_t clock_monotonic_ns(const struct clock *clock);
uint64_t clock_stopwatch_us(void); /* from any thread; only differences mean something */
/* How long to sleep until an instant of this clock: real ms, 0 when it has passed, at most CLOCK_SLEEP_MAX_MS, so that
 * a jump of the wall clock is noticed. */
#define CLOCK_SLEEP_MAX_MS 60000
uint64_t clock_sleep_ms(const struct clock *clock, int64_t until_ms);
/* By how much the wall clock has jumped against the monotonic one since the last look: ms, 0 when by less than
 * CLOCK_JUMP_MS. The smaller steps are the daily work of time synchronisation. */
#define CLOCK_JUMP_MS 30000
int64_t clock_jumped(struct clock *clock);

#endif
