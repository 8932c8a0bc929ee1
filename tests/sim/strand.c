/* See strand.h. */
#include "sim/strand.h"

#include <assert.h>
#include <poll.h>
#include <sys/mman.h>
#include <time.h>

#include "sim/pg.h"

#define STACK_SIZE (1 << 20)       /* as much of it as is touched */
#define FLIES_MS   INT64_C(600000) /* at each wait of a process that was killed: more than anything in it waits for */
#define BEGIN_MS   1               /* as host.c's clock: 0 would be no time at all */

static struct strand *running;
static int64_t now_ms = BEGIN_MS;
static uint32_t drawn; /* by randombytes_random, which makes names: what it gives decides nothing */

void strand_reset(void)
{
    now_ms = BEGIN_MS;
    drawn = 0;
}

int64_t strand_now_ms(void)
{
    return now_ms + (running ? running->ahead_ms : 0);
}

void strand_pass_ms(int64_t ms)
{
    now_ms += ms;
}

const struct strand *strand_running(void)
{
    return running;
}

/* ---- its own side ---- */

static void strand_main(void)
{
    struct strand *strand = running;
    strand->work(strand->context);
    strand->goes_on = false;
    swapcontext(&strand->own, &strand->back);
}

static void give_way(bool sleeps, int64_t until_ms)
{
    struct strand *strand = running;
    if (!strand) { /* in calm, where nobody else goes on meanwhile */
        strand_pass_ms(until_ms - strand_now_ms());
        return;
    }
    if (strand->is_dead) {
        strand->ahead_ms += FLIES_MS;
        return;
    }
    strand->sleeps = sleeps;
    strand->wakes_ms = until_ms;
    swapcontext(&strand->own, &strand->back);
}

/* ---- the simulator's side ---- */

void strand_begin(struct strand *strand, strand_work *work, void *context)
{
    assert(!strand->goes_on);
    if (!strand->stack)
        strand->stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                             0);
    assert(strand->stack != MAP_FAILED);
    strand->work = work;
    strand->context = context;
    strand->goes_on = strand->sleeps = true;
    strand->wakes_ms = now_ms;
    getcontext(&strand->own);
    strand->own.uc_stack.ss_sp = strand->stack;
    strand->own.uc_stack.ss_size = STACK_SIZE;
    strand->own.uc_link = NULL;
    makecontext(&strand->own, strand_main, 0);
}

bool strand_may_go(const struct strand *strand)
{
    return strand->goes_on && (strand->is_dead || !strand->sleeps || strand->wakes_ms <= now_ms);
}

void strand_go(struct strand *strand)
{
    assert(!running && strand->goes_on);
    running = strand;
    swapcontext(&strand->back, &strand->own);
    running = NULL;
}

void strand_done(struct strand *strand)
{
    assert(!strand->goes_on);
    if (strand->stack)
        munmap(strand->stack, STACK_SIZE);
    *strand = (struct strand){.goes_on = false};
}

/* ---- what the program calls ---- */

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int __real_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int __wrap_nanosleep(const struct timespec *pause, struct timespec *left);
int __real_nanosleep(const struct timespec *pause, struct timespec *left);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
uint32_t __wrap_randombytes_random(void);
uint32_t __real_randombytes_random(void);

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
    if (!pg)
        return __real_poll(polled, count, timeout_ms);
    const int64_t until_ms = strand_now_ms() + timeout_ms;
    int ready = pg_poll(polled, count);
    while (ready == 0 && strand_now_ms() < until_ms) {
        give_way(false, until_ms);
        ready = pg_poll(polled, count);
    }
    return ready;
}

int __wrap_nanosleep(const struct timespec *pause, struct timespec *left)
{
    if (!pg)
        return __real_nanosleep(pause, left);
    give_way(true, strand_now_ms() + (int64_t)pause->tv_sec * 1000 + pause->tv_nsec / 1000000);
    return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!pg)
        return __real_clock_gettime(clock, now);
    const int64_t ms = strand_now_ms();
    *now = (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    return 0;
}

uint32_t __wrap_randombytes_random(void)
{
    return pg ? ++drawn : __real_randombytes_random();
}
