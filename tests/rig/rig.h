/* A real broker under test, with clients in processes of their own: what benchmarks and fault tests share. */
#ifndef COORDD_TESTS_RIG_H
#define COORDD_TESTS_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "coord.h"

struct rig {
    const char *coordd;    /* the program */
    const char *directory; /* scratch, on a real disk */
};

/* Says what went wrong and ends the program. */
void rig_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void rig_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
double rig_now(void); /* seconds, monotonic */
/* Memory that children share with their parent; zeroed. */
void *rig_shared(size_t size);
void rig_pause(double seconds);
/* As coord_open, but a broker that is slow to be reached, on a machine that is, is waited for. */
int rig_open(struct coord **coord, const struct coord_context *context, const struct coord_options *options,
             struct problem *problem);
/* A TCP endpoint on loopback whose port is free now: several rigs may run on one machine. */
#define RIG_ENDPOINT_MAX 64
void rig_endpoint(char endpoint[RIG_ENDPOINT_MAX]);
void rig_directory(const struct rig *rig); /* makes the scratch directory, unless it is there */

/* ---- a broker ---- */

struct served {
    pid_t pid;
    int status; /* waitpid's, once it has ended */
    char directory[512];
    struct coord_context admin;
    char endpoint[RIG_ENDPOINT_MAX];
};

#define SERVED_AGENCIES_MAX 2048
struct member {
    struct coord_context context;
    uint64_t task; /* it leads this one, accepted */
};

/* Makes a store and starts a broker on it; `preload` is for LD_PRELOAD, NULL for none. */
void served_start(struct served *served, const struct rig *rig, const char *preload);
/* The same, with this configuration from the start: init's too. */
void served_start_in(struct served *served, const struct rig *rig, const char *preload, const char *configuration);
/* Another broker for the store of one that is there, with the same keys and this configuration. */
void served_beside(struct served *served, const struct rig *rig, const struct served *first, const char *configuration);
/* Ends it by the signal, and waits. */
void served_stop(struct served *served, int signal);
/* Starts it again on the same store; returns the seconds until it is ready. */
double served_again(struct served *served, const struct rig *rig);
double served_launch(struct served *served, const struct rig *rig, const char *preload);
/* Starts it, or sees it end by itself before it is ready: whether it serves. */
bool served_try(struct served *served, const struct rig *rig, const char *preload);
bool served_has_ended(struct served *served); /* by itself, or just now */
/* Starts it and does not wait until it is ready. */
void served_spawn(struct served *served, const struct rig *rig);
/* Whether `coordd verify` finds the store of a stopped broker sound. */
bool served_verifies(const struct served *served, const struct rig *rig);
void served_remove(struct served *served);
struct coord *served_admin(const struct served *served);
/* Adds agencies with a key each, under the administrator's, who gives each a task that it accepts. */
void served_members(struct served *served, struct member *members, int count);
/* Assigns many more open tasks with due dates, in batches. */
void served_tasks(struct served *served, const char *lead, uint64_t from, uint64_t count, const char *due);
void served_tasks_by(struct coord *admin, const char *lead, uint64_t from, uint64_t count, const char *due);
uint64_t served_seq(const struct served *served); /* the newest record's */
/* Sets one of the limits of its configuration; the others are as they were, at first the defaults. */
void served_limit(const struct served *served, const char *setting, uint64_t value);
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

/* A reader of all that the agency must know, in a process of its own; counts until it is ended. */
struct reader {
    pid_t pid;
    volatile uint64_t *count;
    volatile double *last; /* when the newest came */
};
void reader_start(struct reader *reader, const struct coord_context *context, int readers);
void reader_wait(const struct reader *reader, uint64_t count);
void reader_stop(struct reader *reader);

#endif
