/* Runs seeds. Usage: sim [--seed N] [--runs N] [--steps N] [--jobs N] [--trace] */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "sim/sim.h"

struct totals {
    uint64_t runs, steps, acknowledged, refused, resent, records, rungs, missed, restarts, crashes, commits,
        simulated_ms;
    uint64_t errors[256];
};

void sim_broken(const struct sim *sim, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    const char *name = strrchr(file, '/');
    fprintf(stderr, "seed %llu, step %llu: ", (unsigned long long)sim->seed, (unsigned long long)sim->step);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (%s:%d)\nagain, step by step: make sim SEED=%llu\n", name ? name + 1 : file, line,
            (unsigned long long)sim->seed);
    exit(1);
}

void sim_trace(const struct sim *sim, const char *format, ...)
{
    va_list arguments;
    if (!sim->tracing)
        return;
    printf("%6llu %9.3f d  ", (unsigned long long)sim->step, (double)(sim->now - SIM_BEGIN) / (double)SIM_DAY);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* ---- one step ---- */

/* Time goes on by minutes, at times by days, and now and then the clock is set, either way. */
static void step_clock(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 1000);
    if (sort < 850)
        sim->now += chance_below(&sim->chance, 3600) * SIM_SECOND;
    else if (sort < 990)
        sim->now += chance_below(&sim->chance, 20) * SIM_HOUR;
    else {
        const int64_t jump = ((int64_t)chance_below(&sim->chance, 96) - 24) * SIM_HOUR;
        sim->now += jump;
        sim_trace(sim, "the clock jumps by %lld h", (long long)(jump / SIM_HOUR));
        broker_clock_jumped(sim);
    }
}

/* One packet arrives: it may have been lost, and it may come again. */
static void step_network(struct sim *sim)
{
    struct packet packet;
    if (!network_take(&sim->network, &sim->chance, &packet))
        return;
    const bool lost = chance_percent(&sim->chance, 10), again = chance_percent(&sim->chance, 10);
    if (again && packet.to_broker)
        network_send(&sim->network, &packet);
    if (!lost && packet.to_broker)
        broker_take(sim, packet.agency, packet.frame, packet.size);
    free(packet.frame);
}

/* A client that has no reply yet sends the same again. */
static void step_resend(struct sim *sim)
{
    struct model *model = &sim->model;
    if (model->request_count == 0)
        return;
    const size_t number = model->request_count - 1 - chance_below(&sim->chance, (uint32_t)model->request_count) / 4;
    const struct request *request = &model->requests[number];
    network_send(&sim->network, &(struct packet){.to_broker = true,
                                                 .agency = (int)request->agency,
                                                 .request = number,
                                                 .frame = request->frame,
                                                 .size = request->size});
}

static void step_fault(struct sim *sim)
{
    static const enum disk_fault faults[] = {DISK_FAULT_CRASH, DISK_FAULT_CRASH, DISK_FAULT_CRASH,
                                             DISK_FAULT_WRITE, DISK_FAULT_SYNC,  DISK_FAULT_FULL};
    const enum disk_fault fault = faults[chance_below(&sim->chance, 6)];
    const uint32_t after = chance_below(&sim->chance, 60);
    sim_trace(sim, "fault %d after %u operations", (int)fault, after);
    disk_order_fault(sim->disk, fault, after);
}

static void step_consumer(struct sim *sim)
{
    const int number = (int)chance_below(&sim->chance, SIM_AGENCIES);
    struct sim_agency *agency = &sim->agencies[number];
    const uint64_t seq = 1 + chance_next(&sim->chance) % (sim->model.count + 1);
    const uint32_t found = core_agency_find(sim->broker.core, text_of(agency->id));
    if (found == CORE_NO_AGENCY || core_consumer_keep(sim->broker.core, found, TEXT("sim"), seq, &sim->broker.effects))
        return;
    if (seq > agency->claimed)
        agency->claimed = seq;
}

static void step(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 1000);
    sim->step++;
    step_clock(sim);
    if (sim->broker.stuck) {
        if (chance_percent(&sim->chance, 30))
            disk_has_room(sim->disk);
        broker_commit(sim);
        return;
    }
    if (sim->broker.read_only && chance_percent(&sim->chance, 20))
        sim->broker.read_only = false;
    for (uint32_t i = 0; i < 1 + sort % 4; i++)
        traffic_send(sim);
    if (sort < 200)
        step_resend(sim);
    if (sort >= 980)
        step_fault(sim);
    if (sort >= 900 && sort < 930)
        step_consumer(sim);
    for (uint32_t i = chance_below(&sim->chance, 8); i > 0; i--)
        step_network(sim);
    broker_tick(sim);
    broker_commit(sim);
    if (!sim->broker.stuck && sort == 970) {
        broker_crash(sim);
        broker_start(sim);
    }
}

/* ---- one run ---- */

static void finish(struct sim *sim)
{
    uint8_t live[32], restored[32];
    disk_order_fault(sim->disk, DISK_FAULT_NONE, 0);
    disk_has_room(sim->disk);
    broker_tick(sim);
    for (int i = 0; i < 3 || sim->broker.stuck; i++)
        broker_commit(sim);
    model_check_ladders(sim);
    core_digest(sim->broker.core, live);
    broker_stop(sim);
    broker_start(sim);
    core_digest(sim->broker.core, restored);
    SIM_CHECK(sim, memcmp(live, restored, 32) == 0, "what was in memory is not what comes back from disk");
}

static void add_totals(const struct sim *sim, struct totals *totals)
{
    const struct model *model = &sim->model;
    totals->runs++;
    totals->steps += sim->step;
    totals->acknowledged += model->acknowledged;
    totals->refused += model->refused;
    totals->resent += model->resent;
    totals->records += model->count;
    totals->rungs += model->rungs;
    totals->missed += model->missed;
    totals->restarts += sim->broker.restarts;
    totals->crashes += sim->broker.crashes;
    totals->commits += sim->broker.commits;
    totals->simulated_ms += (uint64_t)(sim->now - SIM_BEGIN);
    for (int i = 0; i < 256; i++)
        totals->errors[i] += model->errors[i];
}

static void run(uint64_t seed, uint64_t steps, bool tracing, struct totals *totals)
{
    struct sim *sim = xcalloc(1, sizeof *sim);
    sim->seed = sim->chance.state = seed;
    sim->now = SIM_BEGIN;
    sim->tracing = tracing;
    for (int i = 0; i < SIM_AGENCIES; i++)
        sim->agencies[i] = (struct sim_agency){
            .id = sim_agency_ids[i], .parent = sim_agency_parents[i], .until = INT64_MAX, .successor = -1};
    sim->disk = disk_new(&sim->chance);
    model_init(&sim->model);
    broker_make_store(sim);
    traffic_set_up(sim);
    while (sim->step < steps)
        step(sim);
    finish(sim);
    add_totals(sim, totals);
    broker_done(sim);
    network_done(&sim->network);
    model_done(&sim->model);
    disk_free(sim->disk);
    free(sim);
}

/* ---- many runs ---- */

static void report(const struct totals *totals, double seconds)
{
    const double years = (double)totals->simulated_ms / (365.25 * (double)SIM_DAY);
    printf("measured  %llu seeds, %llu steps, %.1f simulated years in %.1f s: %.0f times real time\n",
           (unsigned long long)totals->runs, (unsigned long long)totals->steps, years, seconds,
           (double)totals->simulated_ms / 1000 / seconds);
    printf("measured  %llu records, %llu acknowledged, %llu refused, %llu resent, %llu rungs (%llu missed), "
           "%llu commits, %llu crashes, %llu restarts; 0 lost, 0 doubled, 0 gaps\n",
           (unsigned long long)totals->records, (unsigned long long)totals->acknowledged,
           (unsigned long long)totals->refused, (unsigned long long)totals->resent, (unsigned long long)totals->rungs,
           (unsigned long long)totals->missed, (unsigned long long)totals->commits, (unsigned long long)totals->crashes,
           (unsigned long long)totals->restarts);
    printf("refusals ");
    for (int i = 0; i < 256; i++)
        if (totals->errors[i])
            printf(" %s %llu", error_row(-i)->name, (unsigned long long)totals->errors[i]);
    putchar('\n');
}

static void merge(struct totals *into, const struct totals *from)
{
    const uint64_t *source = (const uint64_t *)from;
    uint64_t *target = (uint64_t *)into;
    for (size_t i = 0; i < sizeof *into / sizeof *target; i++)
        target[i] += source[i];
}

struct plan {
    uint64_t seed, runs, steps;
    unsigned jobs;
    bool tracing;
};

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
            run(plan->seed + i, plan->steps, plan->tracing, &shared[job]);
        fflush(stdout);
        _exit(0);
    }
    for (int status; wait(&status) > 0;)
        good = good && status == 0;
    for (unsigned job = 0; job < plan->jobs && shared != MAP_FAILED; job++)
        merge(sum, &shared[job]);
    return good;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},  {"runs", required_argument, NULL, 'r'},
        {"steps", required_argument, NULL, 'n'}, {"jobs", required_argument, NULL, 'j'},
        {"trace", no_argument, NULL, 't'},       {NULL, 0, NULL, 0}};
    struct plan plan = {1, 1, 400, 1, false};
    struct totals sum = {0};
    struct timespec begin, end;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            plan.seed = strtoull(optarg, NULL, 10);
            break;
        case 'r':
            plan.runs = strtoull(optarg, NULL, 10);
            break;
        case 'n':
            plan.steps = strtoull(optarg, NULL, 10);
            break;
        case 'j':
            plan.jobs = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 't':
            plan.tracing = true;
            break;
        default:
            fprintf(stderr, "usage: sim [--seed N] [--runs N] [--steps N] [--jobs N] [--trace]\n");
            return 64;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const bool good = run_all(&plan, &sum);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (good)
        report(&sum, (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
    return good ? 0 : 1;
}
