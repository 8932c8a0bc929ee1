/* Runs seeds: those that once failed first. Usage: see below. */
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "sim/report.h"
#include "sim/sim.h"

#define USAGE       "usage: sim [--several] [--seed N] [--runs N] [--steps N] [--jobs N] [--seeds FILE] [--trace]\n"
#define STEPS_USUAL 250

static const struct sim *running; /* for the last words of a process that is ended */

static void tell_again(const struct sim *sim)
{
    fprintf(stderr,
            "again, step by step: make %s SEED=%llu STEPS=%llu\n"
            "to be kept in tests/sim/seeds/%s: %llu %llu, and what it found\n",
            sim->several.is_on ? "sim-of-several" : "sim", (unsigned long long)sim->seed,
            (unsigned long long)sim->steps, sim->several.is_on ? "several" : "list", (unsigned long long)sim->seed,
            (unsigned long long)sim->steps);
}

void sim_broken(const struct sim *sim, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    const char *name = strrchr(file, '/');
    fprintf(stderr, "seed %llu, step %llu: ", (unsigned long long)sim->seed, (unsigned long long)sim->step);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (%s:%d)\n", name ? name + 1 : file, line);
    tell_again(sim);
    several_clean();
    exit(1);
}

/* An assertion of the program that is tested, or worse. */
static void on_signal(int number)
{
    if (running) {
        fprintf(stderr, "seed %llu, step %llu: signal %d\n", (unsigned long long)running->seed,
                (unsigned long long)running->step, number);
        tell_again(running);
    }
    several_clean();
    signal(number, SIG_DFL);
    raise(number);
}

void sim_trace(const struct sim *sim, const char *format, ...)
{
    va_list arguments;
    if (!sim->tracing)
        return;
    printf("%6llu %9.3f d  ", (unsigned long long)sim->step, (double)(sim->now - SIM_BEGIN) / (double)SIM_DAY);
    if (sim->several.is_on)
        printf("%9.3f s  broker %d  ", (double)sim->lived / 1000, sim->at);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* ---- one step ---- */

static void jump(struct sim *sim, int64_t to)
{
    sim_trace(sim, "the clock jumps by %lld h", (long long)((to - sim->now) / SIM_HOUR));
    sim->now = to;
}

void sim_pass(struct sim *sim, int64_t ms)
{
    sim->now += ms;
    sim->lived += (uint64_t)ms;
    strand_pass_ms(ms);
}

/* Set by a person, by a day or an hour; by a machine that forgot the year, until somebody sees it; or after a long rest, to
 * where it was before. */
static void set_clock(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 26);
    const int sign = chance_percent(&sim->chance, 50) ? 1 : -1;
    if (sort < 4)
        jump(sim, sim->now + sign * SIM_DAY);
    else if (sort < 8)
        jump(sim, sim->now + sign * SIM_HOUR);
    else if (sort < 10) {
        sim->home = sim->now;
        jump(sim, (int64_t)chance_below(&sim->chance, 3600) * SIM_SECOND);
    } else if (sort >= 20) {
        sim->synchronised = sim->synchronised && chance_percent(&sim->chance, 40);
        sim_pass(sim, (20 + chance_below(&sim->chance, 80)) * SIM_HOUR);
        jump(sim, sim->model.clock.newest + chance_below(&sim->chance, 3600) * SIM_SECOND);
    } else if (sort == 10)
        jump(sim, sim->now + (30 + (int64_t)chance_below(&sim->chance, 170)) * SIM_DAY);
    else
        jump(sim, sim->now + ((int64_t)chance_below(&sim->chance, 96) - 24) * SIM_HOUR);
}

/* Whether the kernel says that its clock is synchronised; a jump comes to nothing or to a doubt by that. */
static void step_synchronised(struct sim *sim)
{
    const bool was = sim->synchronised;
    if (chance_percent(&sim->chance, was ? 2 : 10))
        sim->synchronised = !was;
    if (was != sim->synchronised)
        sim_trace(sim, "the clock is %ssynchronised", was ? "no longer " : "");
}

/* Time goes on by minutes, at times by hours, and now and then the clock is set, either way. */
static void step_clock(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 1000);
    const int64_t on = sort < 800 ? chance_below(&sim->chance, 3600) * SIM_SECOND
                                  : chance_below(&sim->chance, 40) * SIM_HOUR;
    if (sim->home != NO_TIME && chance_percent(&sim->chance, 15)) {
        jump(sim, sim->home + chance_below(&sim->chance, 3600) * SIM_SECOND);
        sim->home = NO_TIME;
    } else if (sort >= 985 && sim->home == NO_TIME) {
        set_clock(sim);
    } else {
        sim_pass(sim, on);
    }
}

/* A client that has no reply yet sends the same again. */
static void step_resend(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->request_count == 0)
        return;
    const size_t number = model->request_count - 1 - chance_below(&sim->chance, (uint32_t)model->request_count) / 4;
    traffic_again(sim, number);
}

static void step_fault(struct sim *sim)
{
    static const enum disk_fault faults[] = {DISK_FAULT_CRASH, DISK_FAULT_CRASH, DISK_FAULT_CRASH,
                                             DISK_FAULT_WRITE, DISK_FAULT_SYNC,  DISK_FAULT_FULL};
    static const char *const deeds[] = {"", "fail to write", "be full", "fail to sync", "lose its power"};
    const enum disk_fault fault = faults[chance_below(&sim->chance, 6)];
    const uint32_t after = chance_below(&sim->chance, 60);
    sim_trace(sim, "the disk is to %s after %u operations", deeds[fault], after);
    disk_order_fault(sim->disk, fault, after);
}

/* What is in memory is what a replay of the records comes to. */
static void check_state(struct sim *sim)
{
    uint8_t live[32], replayed[32];
    if (!broker_is_quiet(sim))
        return;
    core_digest(broker_core(sim->broker), live);
    broker_replay(sim, replayed);
    SIM_CHECK(sim, memcmp(live, replayed, 32) == 0, "what is in memory is not what the records come to");
}

/* Most steps end at rest, when all can be held against the model; the others leave things on their way. */
static void step(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 1000);
    sim->step++;
    step_synchronised(sim);
    step_clock(sim);
    if (chance_percent(&sim->chance, 30))
        disk_has_room(sim->disk);
    host_second(sim);
    for (uint32_t i = 0; i < 1 + sort % 4; i++)
        traffic_send(sim);
    if (sim->model.clock.doubted && chance_percent(&sim->chance, 10))
        traffic_accept_clock(sim);
    if (chance_percent(&sim->chance, 10))
        subscribers_unsettle(sim);
    subscribers_act(sim);
    lines_nag(sim);
    if (sort < 200)
        step_resend(sim);
    if (sort >= 980)
        step_fault(sim);
    for (uint32_t i = 1 + chance_below(&sim->chance, 3); i > 0; i--)
        host_turn(sim);
    if (chance_percent(&sim->chance, 75) && host_settle(sim))
        broker_compare(sim);
    if (sort < 10)
        check_state(sim);
    if (sort >= 10 && sort < 16)
        broker_keep_copy(sim);
    if (sort == 16 || sort == 17)
        broker_put_back(sim);
    if (sort >= 18 && sort < 21)
        rush_run(sim);
    if (sort >= 22 && sort < 36)
        decrees_run(sim);
    const bool is_counting = core_next_deadline(broker_core(sim->broker)) == CORE_NOW;
    if (sort == 970 || (is_counting && chance_percent(&sim->chance, 30))) {
        broker_crash(sim);
        broker_start(sim);
    }
}

/* The clocks of all are set forth together, by hours that nobody could live through beat by beat, or by so little that it is no jump to
 * them; or all rest for a while, as when their machines are moved. */
static void step_clock_of_several(struct sim *sim)
{
    sim->several.set_ms = strand_now_ms();
    const uint32_t sort = chance_below(&sim->chance, 100);
    const int64_t on = chance_percent(&sim->chance, 80) ? chance_below(&sim->chance, 3600) * SIM_SECOND
                                                        : chance_below(&sim->chance, 40) * SIM_HOUR;
    if (sort < 3)
        sim_pass(sim, on);
    else if (sort < 30)
        sim->now += chance_below(&sim->chance, CLOCK_JUMP_MS - SIM_SECOND);
    else if (sort < 70)
        jump(sim, sim->now + on);
}

static void step_of_several(struct sim *sim)
{
    sim->step++;
    step_clock_of_several(sim);
    for (uint32_t i = chance_below(&sim->chance, 4); i > 0; i--)
        traffic_send(sim);
    if (chance_percent(&sim->chance, 10))
        subscribers_unsettle(sim);
    if (chance_percent(&sim->chance, 3))
        traffic_hand_over(sim);
    subscribers_act(sim);
    lines_nag(sim);
    if (chance_percent(&sim->chance, 40))
        step_resend(sim);
    several_go_on(sim);
}

/* ---- one run ---- */

/* The disk is sound and has room again, and its clock is right. */
static void come_to_rest(struct sim *sim)
{
    disk_order_fault(sim->disk, DISK_FAULT_NONE, 0);
    lines_hear(sim);
    sim->synchronised = true;
    if (sim->now < sim->model.clock.newest)
        sim->now = sim->model.clock.newest;
    for (int i = 0;
         i < 4 || !host_settle(sim) || sim->broker->loop->disk != DISK_WRITABLE || sim->broker->loop->peers.stalled;
         i++) {
        SIM_CHECK(sim, i < 1000,
                  "the loop does not come to rest"); /* who was refused rests after each slice of a batch */
        disk_has_room(sim->disk);
        sim_pass(sim, SIM_SECOND);
        host_second(sim);
        lines_read(sim, 100);
        subscribers_read(sim);
        lines_tell_gone(sim, 100);
    }
    sim->broker->loop->limits.streams = SIM_LINES; /* an administrator has seen it, and reloaded */
    sim->broker->loop->limits.agency_streams = SIM_LINES;
    broker_compare(sim);
}

static void finish(struct sim *sim)
{
    uint8_t live[32], restored[32];
    if (sim->several.is_on)
        several_come_to_rest(sim);
    network_lose(&sim->network);
    come_to_rest(sim);
    subscribers_finish(sim);
    come_to_rest(sim);
    lines_check_answered(sim);
    check_state(sim);
    broker_verify(sim);
    core_digest(broker_core(sim->broker), live);
    broker_stop_well(sim);
    broker_start(sim);
    core_digest(broker_core(sim->broker), restored);
    SIM_CHECK(sim, memcmp(live, restored, 32) == 0, "what was in memory is not what comes back from disk");
}

struct plan {
    uint64_t seed, runs, steps;
    const char *seeds; /* a file of those that once failed; NULL for none */
    unsigned jobs;
    bool tracing, several;
};

static void run(const struct plan *plan, uint64_t seed, uint64_t steps, struct totals *totals)
{
    struct sim *sim = xcalloc(1, sizeof *sim);
    running = sim;
    sim->steps = steps;
    sim->seed = sim->chance.state = seed;
    sim->now = SIM_BEGIN;
    strand_reset();
    sim->home = NO_TIME;
    sim->tracing = plan->tracing;
    sim->broker = &sim->brokers[0];
    sim->several.is_on = plan->several;
    sim->batch_key = -1;
    sim->synchronised = true;
    sim->disk = disk_new(&sim->chance);
    world_init(&sim->world);
    model_init(&sim->model);
    if (plan->several)
        several_begin(sim);
    else
        broker_make_store(sim);
    traffic_set_up(sim);
    subscribers_set_up(sim);
    if (plan->several)
        several_stir(sim);
    while (sim->step < steps)
        (plan->several ? step_of_several : step)(sim);
    finish(sim);
    totals_add_run(totals, sim);
    if (plan->several)
        several_end(sim);
    else
        broker_let_go(sim);
    lines_done(sim);
    watch_done(sim);
    network_done(&sim->network);
    model_done(&sim->model);
    world_done(&sim->world);
    disk_free(sim->disk);
    free(sim->copy.tasks);
    free(sim);
    running = NULL;
}

/* ---- many runs ---- */

/* Each line: a seed, its steps, and a sentence of what it found. A `#` begins a remark. */
static bool run_kept(const struct plan *plan, struct totals *totals)
{
    char line[512];
    FILE *file = fopen(plan->seeds, "r");
    if (!file) {
        perror(plan->seeds);
        return false;
    }
    uint64_t count = 0;
    while (fgets(line, sizeof line, file)) {
        unsigned long long seed, steps;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%llu %llu", &seed, &steps) != 2) {
            fprintf(stderr, "%s: no seed and steps: %s", plan->seeds, line);
            fclose(file);
            return false;
        }
        run(plan, seed, steps, totals);
        count++;
    }
    fclose(file);
    printf("ok    %llu seeds that once failed\n", (unsigned long long)count);
    return true;
}

static bool run_all(const struct plan *plan, struct totals *sum)
{
    struct totals *shared = mmap(NULL, plan->jobs * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                                 -1, 0);
    bool good = shared != MAP_FAILED;
    for (unsigned job = 0; good && job < plan->jobs; job++) {
        fflush(stdout);
        const pid_t child = fork();
        if (child != 0) {
            good = child > 0;
            continue;
        }
        for (uint64_t i = job; i < plan->runs; i += plan->jobs)
            run(plan, plan->seed + i, plan->steps, &shared[job]);
        fflush(stdout);
        _exit(0);
    }
    for (int status; wait(&status) > 0;)
        good = good && status == 0;
    for (unsigned job = 0; job < plan->jobs && shared != MAP_FAILED; job++)
        totals_merge(sum, &shared[job]);
    return good;
}

static bool take_options(int argc, char **argv, struct plan *plan)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},  {"runs", required_argument, NULL, 'r'},
        {"steps", required_argument, NULL, 'n'}, {"jobs", required_argument, NULL, 'j'},
        {"seeds", required_argument, NULL, 'k'}, {"trace", no_argument, NULL, 't'},
        {"several", no_argument, NULL, 'v'},     {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 's')
            plan->seed = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            plan->runs = strtoull(optarg, NULL, 10);
        else if (option == 'n')
            plan->steps = strtoull(optarg, NULL, 10);
        else if (option == 'j')
            plan->jobs = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'k')
            plan->seeds = optarg;
        else if (option == 't')
            plan->tracing = true;
        else if (option == 'v')
            plan->several = true;
        else
            return false;
    }
    return plan->jobs > 0;
}

int main(int argc, char **argv)
{
    struct plan plan = {.seed = 1, .runs = 1, .steps = STEPS_USUAL, .jobs = 1};
    struct totals sum = {0};
    struct timespec begin, end;
    if (!take_options(argc, argv, &plan)) {
        fputs(USAGE, stderr);
        return 64;
    }
    /* The disk's images come and go with every run: memory that is given back to the system costs a third of the time. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    /* What was freed is overwritten: whoever still looks at it falls down. */
    mallopt(M_PERTURB, 165);
    log_set_level(LOG_LEVEL_NONE);
    unsetenv("NOTIFY_SOCKET");
    signal(SIGABRT, on_signal);
    signal(SIGSEGV, on_signal);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const bool good = (!plan.seeds || run_kept(&plan, &sum)) && run_all(&plan, &sum);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (good)
        totals_print(&sum, (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
    return good ? 0 : 1;
}
