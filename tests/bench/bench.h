/* Benchmarks: each row's figure stands beside its floor, what the machine can do without us, measured in the same run
 * in alternating rounds; the medians count.
 */
#ifndef COORDD_BENCH_BENCH_H
#define COORDD_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "coord.h"

/* ---- rows ---- */

struct bench {
    const char *coordd;    /* the program */
    const char *directory; /* scratch, on a real disk */
    const char *slow_sync; /* a library to preload: syncs take 10 ms */
    double seconds;        /* of one round of load */
    bool full;             /* the large sizes */
};

enum sense { AT_LEAST, AT_MOST };

struct row {
    const char *name, *unit, *floor_is;
    enum sense sense;
    double goal;                            /* of the ratio; of the value when there is no floor */
    void (*begin)(const struct bench *);    /* NULL for none */
    double (*value)(const struct bench *);
    double (*floor)(const struct bench *);  /* NULL for none */
    void (*end)(const struct bench *);
    int rounds;                             /* 0 for the usual five */
};
extern const struct row updates_row, batches_row, latency_row, fanout_100_row, fanout_1000_row, deadlines_row,
    burst_row, memory_row, restart_row, checkpoint_row, growth_row, slow_disk_row, step_row;

/* Says what went wrong and ends the program. */
void bench_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void bench_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
double bench_now(void); /* seconds, monotonic */

/* ---- a broker ---- */

struct served {
    pid_t pid;
    char directory[512];
    struct coord_context admin;
    char endpoint[64];
};

#define SERVED_AGENCIES_MAX 2048
struct member {
    struct coord_context context;
    uint64_t task; /* it leads this one, accepted */
};

/* Makes a store and starts a broker on it; `preload` is for LD_PRELOAD, NULL for none. */
void served_start(struct served *served, const struct bench *bench, const char *preload);
/* Ends it by the signal, and waits. */
void served_stop(struct served *served, int signal);
/* Starts it again on the same store; returns the seconds until it is ready. */
double served_again(struct served *served, const struct bench *bench);
void served_remove(struct served *served);
struct coord *served_admin(const struct served *served);
/* Adds agencies with a key each, under the administrator's, who gives each a task that it accepts. */
void served_members(struct served *served, struct member *members, int count);
/* Assigns many more open tasks with due dates, in batches. */
void served_tasks(struct served *served, const char *lead, uint64_t from, uint64_t count, const char *due);
uint64_t served_resident(const struct served *served); /* bytes */

/* ---- load ---- */

struct load {
    int clients; /* a process each */
    int window;  /* requests on their way */
    int batch;   /* requests in a frame, 0 for none */
    double seconds;
};

struct loaded {
    double per_second;
    double p50_ms, p99_ms;
};

/* Clients that report progress on their tasks as fast as they may, bodies of about 256 bytes. */
struct loaded load_updates(const struct load *load, const struct member *members);
/* The floor: as many processes of bare libzmq, CURVE on, against an echo of the same size. */
struct loaded load_echo(const struct load *load);

/* A reader of all that the agency must know, in a process of its own; counts until it is ended. */
struct reader {
    pid_t pid;
    volatile uint64_t *count;
    volatile double *last; /* when the newest came */
};
void reader_start(struct reader *reader, const struct coord_context *context, int readers);
void reader_wait(const struct reader *reader, uint64_t count);
void reader_stop(struct reader *reader);

/* Memory that children share with their parent; zeroed. */
void *bench_shared(size_t size);
double bench_fdatasync_p50(const struct bench *bench); /* ms */

#endif
