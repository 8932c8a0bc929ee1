/* See clock.h. */
#include "loop/clock.h"

#include <math.h>
#include <sys/timex.h>
#include <time.h>

#define MS_PER_DAY 86400000.0
#define NS_PER_MS  1000000

static int64_t read_wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
}

/* Not CLOCK_BOOTTIME: a machine that slept missed its deadlines, which is to be seen as a jump. */
static uint64_t read_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* A kernel that does not let us ask has not said so. */
static bool read_synchronised(void)
{
    struct timex timex = {.modes = 0};
    const int state = adjtimex(&timex);
    return state >= 0 && state != TIME_ERROR && !(timex.status & STA_UNSYNC);
}

void clock_init(struct clock *clock)
{
    *clock = (struct clock){
        .read_wall_ms = read_wall_ms, .read_monotonic_ns = read_monotonic_ns, .read_synchronised = read_synchronised};
    clock->wall_ms = clock->read_wall_ms();
    clock->monotonic_ns = clock->read_monotonic_ns();
}

void clock_rehearse(struct clock *clock, int64_t from_ms, double days_per_second)
{
    clock->days_per_second = days_per_second;
    clock->from_ms = from_ms;
    clock->began_ns = clock->read_monotonic_ns();
}

int64_t clock_now_ms(const struct clock *clock)
{
    if (clock->days_per_second <= 0)
        return clock->read_wall_ms();
    const double seconds = (double)(clock->read_monotonic_ns() - clock->began_ns) / 1e9;
    return clock->from_ms + (int64_t)(seconds * clock->days_per_second * MS_PER_DAY);
}

uint64_t clock_monotonic_ns(const struct clock *clock)
{
    return clock->read_monotonic_ns();
}

uint64_t clock_stopwatch_us(void)
{
    return read_monotonic_ns() / 1000;
}

uint64_t clock_sleep_ms(const struct clock *clock, int64_t until_ms)
{
    const int64_t now_ms = clock_now_ms(clock);
    if (until_ms <= now_ms)
        return 0;
    double wait_ms = (double)until_ms - (double)now_ms;
    if (clock->days_per_second > 0)
        wait_ms = wait_ms / (clock->days_per_second * MS_PER_DAY / 1000);
    return wait_ms >= CLOCK_SLEEP_MAX_MS ? CLOCK_SLEEP_MAX_MS : (uint64_t)ceil(wait_ms);
}

int64_t clock_jumped(struct clock *clock)
{
    const int64_t wall_ms = clock->read_wall_ms();
    const uint64_t monotonic_ns = clock->read_monotonic_ns();
    const int64_t elapsed_ms = (int64_t)((monotonic_ns - clock->monotonic_ns) / NS_PER_MS);
    const int64_t jump_ms = wall_ms - clock->wall_ms - elapsed_ms;
    clock->wall_ms = wall_ms;
    clock->monotonic_ns = monotonic_ns;
    if (clock->days_per_second > 0 || (jump_ms < CLOCK_JUMP_MS && jump_ms > -CLOCK_JUMP_MS))
        return 0;
    return jump_ms;
}
