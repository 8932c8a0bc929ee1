/* Benchmarks: each row's figure stands beside its floor, what the machine can do without us, measured in the same run
 * in alternating rounds; the medians count.
 */
#ifndef COORDD_BENCH_BENCH_H
#define COORDD_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "rig/rig.h"

/* ---- rows ---- */

struct bench {
    struct rig rig;
    const char *slow_sync; /* a library to preload: syncs take 10 ms */
    double seconds;        /* of one round of load */
    bool full;             /* the large sizes */
    int rounds;            /* 0 for as many as the row wants, at most 5 */
    bool no_floor;         /* the value alone: for a profiler */
};

enum sense { AT_LEAST, AT_MOST };

struct row {
    const char *name, *unit, *floor_is;
    enum sense sense;
    double goal;                         /* of the ratio; of the value when there is no floor */
    double value_goal;                   /* of the value as well, where there is a floor; 0 for none */
    void (*begin)(const struct bench *); /* NULL for none */
    double (*value)(const struct bench *);
    double (*floor)(const struct bench *); /* NULL for none */
    void (*end)(const struct bench *);
    int rounds; /* 0 for the usual five */
};
extern const struct row updates_row, batches_row, latency_row, fanout_100_row, fanout_1000_row, deadlines_row,
    burst_row, memory_row, restart_row, checkpoint_row, growth_row, slow_disk_row, slow_disk_256_row, step_row,
    allocations_row, lists_row, updates_pg_row, batches_pg_row, updates_pg_sync_row, batches_pg_sync_row,
    follower_lag_row, fanout_followers_row, updates_one_row, cpu_row, journal_row;

/* An echo of bare libzmq, CURVE on, in a process of its own: 256 bytes there, 128 back. */
struct echo {
    pid_t pid;
    struct coord_context context; /* endpoint and keys; the client's own too */
};
void echo_start(struct echo *echo);
void echo_stop(const struct echo *echo);

/* The floor: as many processes of bare libzmq against such an echo. */
struct loaded load_echo(const struct load *load);

#endif
