/* The power is cut, thousands of times, at points of a real broker's life.
 *
 * The broker runs once, with clients, kills and clean stops, while a library in it enters all that happens to its store
 * into a log (record.c). The log is then gone through: at a point of it the power goes, what no sync has covered is lost,
 * torn or reordered, and the store that is left must be whole, must hold every record acknowledged before that point, as
 * it was, and must take the next one.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/fault.h"
#include "fault/power_check.h"
#include "fault/power_disk.h"

#define CLIENTS      4
#define WRITTEN_BACK 4500 /* single changes, of two pages each or more: past WAL_PAGES_MAX of the journal */

struct scene {
    const struct fault *fault;
    struct served served;
    struct member members[CLIENTS];
    struct power_log *log;
    char path[600], library[600];
    uint64_t chance;
    unsigned kills, stops;
};

/* ---- the broker's life ---- */

static void open_log(struct scene *scene)
{
    snprintf(scene->path, sizeof scene->path, "%s/power.%d", scene->fault->rig.directory, (int)getpid());
    snprintf(scene->library, sizeof scene->library, "%s/fault_record.so", scene->fault->libraries);
    rig_directory(&scene->fault->rig);
    const int file = open(scene->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FAULT_CHECK(file >= 0 && ftruncate(file, (off_t)POWER_LOG_MAX) == 0, "%s cannot be made", scene->path);
    scene->log = mmap(NULL, POWER_LOG_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    FAULT_CHECK(scene->log != MAP_FAILED, "no memory");
    close(file);
    scene->log->tail = sizeof *scene->log;
    setenv("COORD_POWER", scene->path, 1);
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user, (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
}

static void run_client(const struct member *member, int window, int count)
{
    struct coord *coord;
    struct problem problem;
    struct msg_progress report = {0};
    const struct coord_options options = {.reconnect_ms = 10, .reconnect_max_ms = 50, .connect_ms = 5000};
    FAULT_CHECK(rig_open(&coord, &member->context, &options, &problem) == 0, "%s", problem.message);
    MSG_SET(&report, progress, task, member->task);
    while (count > 0 || coord_pending(coord) > 0) {
        for (; count > 0 && coord_pending(coord) < (size_t)window; count--) {
            MSG_SET(&report, progress, percent, (uint64_t)count % 100);
            FAULT_CHECK(coord_send(coord, OP_REPORT, &report, on_reply, NULL, COORD_TIMEOUT_NONE, &problem) == 0, "%s",
                        problem.message);
        }
        FAULT_CHECK(coord_dispatch(coord, 100) >= 0, "dispatch failed");
    }
    (void)coord_close(coord);
    _exit(0);
}

/* Starts it again; it may be told to die after some more operations, and that may be before it is ready. */
static void start_again(struct scene *scene, uint64_t operations)
{
    scene->log->die_at = operations ? scene->log->operations + operations : 0;
    while (!served_try(&scene->served, &scene->fault->rig, scene->library)) {
        scene->kills++;
        scene->log->die_at = 0;
    }
}

static void restart_if_dead(struct scene *scene, uint64_t operations)
{
    int status;
    if (waitpid(scene->served.pid, &status, WNOHANG) != scene->served.pid)
        return;
    scene->kills++;
    start_again(scene, operations ? 1 + power_chance(&scene->chance) % operations : 0);
}

/* Clients make so many changes each; meanwhile the broker dies about every so many operations, 0 for never. */
static void act(struct scene *scene, int clients, int window, int count, uint64_t operations)
{
    pid_t children[CLIENTS];
    int left = clients;
    scene->log->die_at = operations ? scene->log->operations + operations : 0;
    for (int i = 0; i < clients; i++) {
        children[i] = fork();
        if (children[i] == 0)
            run_client(&scene->members[i], window, count);
    }
    while (left > 0) {
        int status;
        restart_if_dead(scene, operations);
        for (int i = 0; i < clients; i++) {
            if (children[i] <= 0 || waitpid(children[i], &status, WNOHANG) != children[i])
                continue;
            FAULT_CHECK(status == 0, "client %d failed", i);
            children[i] = 0;
            left--;
        }
        rig_pause(0.001);
    }
    scene->log->die_at = 0;
    restart_if_dead(scene, 0);
}

static void stop_and_start(struct scene *scene)
{
    served_stop(&scene->served, SIGTERM);
    scene->stops++;
    start_again(scene, 0);
}

/* A long row of single changes makes a WAL so large that it is written back into the database, and begun anew. */
static void live(struct scene *scene)
{
    const bool full = scene->fault->full;
    setenv("LD_PRELOAD", scene->library, 1); /* for the making of the store, too */
    served_start(&scene->served, &scene->fault->rig, NULL);
    unsetenv("LD_PRELOAD");
    served_stop(&scene->served, SIGTERM);
    start_again(scene, 0);
    served_members(&scene->served, scene->members, CLIENTS);
    for (int i = 0; i < (full ? 4 : 1); i++) {
        act(scene, CLIENTS, 16, 250, 60);
        stop_and_start(scene);
        act(scene, 1, 1, WRITTEN_BACK, 0);
        act(scene, CLIENTS, 1, 60, 60);
        act(scene, 2, 64, 500, 0);
        stop_and_start(scene);
    }
    served_stop(&scene->served, SIGTERM);
    FAULT_CHECK(!scene->log->full, "the log is full");
}

/* ---- where the power goes ---- */

struct points {
    uint64_t *at; /* places in the log, after which it goes, in order */
    size_t count;
};

static int by_place(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Entries of one kind or another; which, says `wanted`. */
struct places {
    uint64_t *at;
    size_t count, capacity;
};

static void place_add(struct places *places, uint64_t at)
{
    if (places->count == places->capacity) {
        places->capacity = places->capacity ? 2 * places->capacity : 4096;
        places->at = realloc(places->at, places->capacity * sizeof *places->at);
        FAULT_CHECK(places->at, "no memory");
    }
    places->at[places->count++] = at;
}

/* Half of the points are behind a write, a quarter behind an acknowledgement, a quarter near what is rare: a file made or
 * removed, a truncation, the start of a process, the sync of a directory. */
static struct points choose(const struct power_log *log, size_t count, uint64_t *chance)
{
    struct places writes = {0}, acknowledged = {0}, rare = {0};
    struct points points = {calloc(count, sizeof(uint64_t)), count};
    int near = 0;
    FAULT_CHECK(points.at, "no memory");
    for (uint64_t at = sizeof *log, end; at < log->tail; at = end) {
        const struct power_entry *entry = (const void *)((const uint8_t *)log + at);
        end = power_entry_end(at, entry);
        if (entry->kind == POWER_ACKNOWLEDGED)
            place_add(&acknowledged, end);
        else if (entry->kind == POWER_WRITE)
            place_add(&writes, end);
        else if (entry->kind != POWER_SYNC)
            near = 12;
        if (near > 0 && near--)
            place_add(&rare, end);
    }
    FAULT_CHECK(writes.count > 0 && acknowledged.count > 0 && rare.count > 0, "the log is empty");
    for (size_t i = 0; i < count; i++) {
        const struct places *from = i % 4 < 2 ? &writes : i % 4 == 2 ? &acknowledged : &rare;
        points.at[i] = from->at[power_chance(chance) % from->count];
    }
    qsort(points.at, count, sizeof *points.at, by_place);
    free(writes.at);
    free(acknowledged.at);
    free(rare.at);
    return points;
}

/* ---- the cuts ---- */

/* One of `workers`: it goes through the whole log and takes every so manieth point. */
static void work(const struct power_log *log, const struct points *points, const struct power_model *model,
                 size_t worker, size_t workers, struct power_tally *tally)
{
    struct power_disk *disk = power_disk_new(log);
    uint64_t at = sizeof *log;
    for (size_t i = worker; i < points->count; i += workers) {
        uint64_t chance = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
        while (at < points->at[i] && power_disk_take(disk, &at)) {
        }
        power_disk_cut(disk, (enum power_loss)(i / workers % POWER_LOSSES), &chance);
        power_check(disk, model, i, points->at[i], tally);
        power_disk_undo(disk);
    }
    power_disk_free(disk);
    _exit(0);
}

static void cut_all(const struct power_log *log, const struct points *points, const struct power_model *model,
                    struct power_tally *tally)
{
    pid_t children[64];
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t workers = online < 1 ? 1 : online > 64 ? 64 : (size_t)online;
    for (size_t i = 0; i < workers; i++) {
        children[i] = fork();
        if (children[i] == 0)
            work(log, points, model, i, workers, tally);
    }
    bool failed = false;
    for (size_t i = 0; i < workers; i++) {
        int status;
        waitpid(children[i], &status, 0);
        failed |= status != 0;
    }
    FAULT_CHECK(!failed, "a crash state does not hold");
}

static void run(const struct fault *fault)
{
    static struct scene scene;
    struct power_tally *tally = rig_shared(sizeof *tally);
    scene = (struct scene){.fault = fault, .chance = 88172645463325252u};
    open_log(&scene);
    live(&scene);
    struct points points = choose(scene.log, fault->full ? 10000 : 300, &scene.chance);
    struct power_model *model = power_model_of(scene.log);
    cut_all(scene.log, &points, model, tally);
    fault_measured("a life of %llu operations on the store (%llu MiB), %u kills, %u clean stops, %llu records",
                   (unsigned long long)scene.log->operations, (unsigned long long)(scene.log->tail >> 20), scene.kills,
                   scene.stops, (unsigned long long)power_model_count(model));
    fault_measured("%llu crash states, %llu of them with something not yet synced: integrity ok, 0 acknowledged lost",
                   (unsigned long long)tally->states, (unsigned long long)tally->unsynced);
    FAULT_CHECK(tally->states == points.count, "%llu of %zu states were looked at", (unsigned long long)tally->states,
                points.count);
    free(points.at);
    power_model_free(model);
    munmap(scene.log, POWER_LOG_MAX);
    unlink(scene.path);
    unsetenv("COORD_POWER");
    served_remove(&scene.served);
}

const struct fault_row power_fault = {"power", "the power is cut: unsynced blocks dropped, torn, reordered", run};
