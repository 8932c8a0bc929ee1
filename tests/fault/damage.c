/* Bits of the store flip, and its end is cut off. A broker on it either says so and ends, or serves what was written. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/changes.h"

#define MEMBERS 4
#define CHANGES 40

struct image {
    char path[600];
    uint8_t *bytes;
    size_t size;
};

static uint64_t chance(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void image_read(struct image *image, const struct served *served)
{
    struct stat status;
    snprintf(image->path, sizeof image->path, "%s/coordd.db", served->directory);
    const int file = open(image->path, O_RDONLY | O_CLOEXEC);
    FAULT_CHECK(file >= 0 && fstat(file, &status) == 0, "%s cannot be read", image->path);
    image->size = (size_t)status.st_size;
    image->bytes = malloc(image->size);
    FAULT_CHECK(image->bytes && read(file, image->bytes, image->size) == (ssize_t)image->size, "no memory");
    close(file);
}

static void image_write(const struct image *image, size_t size)
{
    char wal[620];
    snprintf(wal, sizeof wal, "%s-wal", image->path);
    unlink(wal);
    const int file = open(image->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    FAULT_CHECK(file >= 0 && write(file, image->bytes, size) == (ssize_t)size, "%s cannot be written", image->path);
    close(file);
}

struct history {
    bool answered;
    uint32_t records;
};

static void on_history(void *user, int error, const void *reply, const struct problem *problem)
{
    struct history *history = user;
    const struct msg_records_reply *page = reply;
    (void)problem;
    history->answered = error == 0;
    history->records = error ? 0 : page->records.count;
}

static bool has_ended(struct served *served)
{
    int status;
    if (waitpid(served->pid, &status, WNOHANG) != served->pid)
        return false;
    served->pid = 0;
    return true;
}

/* Asks for a member's history until it is answered or the broker has ended: false then. */
static bool ask_history(struct served *served, const struct member *member, struct history *history)
{
    const struct coord_options options = {.connect_ms = 1000, .retry = COORD_RETRY_NONE};
    struct coord *coord;
    struct problem problem;
    struct msg_task_history ask = {0};
    bool ended = false;
    MSG_SET(&ask, task_history, task, member->task);
    MSG_SET(&ask, task_history, limit, 1000);
    *history = (struct history){0};
    FAULT_CHECK(coord_open(&coord, &member->context, &options, &problem) == 0 &&
                    coord_send(coord, OP_TASK_HISTORY, &ask, on_history, history, 60000, &problem) == 0,
                "%s", problem.message);
    while (!history->answered && coord_pending(coord) > 0 && !(ended = has_ended(served)))
        FAULT_CHECK(coord_dispatch(coord, 20) >= 0, "dispatch failed");
    (void)coord_close(coord);
    return !ended;
}

/* Whether everything that is served is as before. A broker that ends instead of answering is as good: it has found the
 * damage. */
static bool serves_the_same(const struct fault *fault, struct served *served, const struct member *members,
                            const uint64_t *records, bool *detected)
{
    struct history history;
    *detected = !served_try(served, &fault->rig, NULL);
    for (int i = 0; i < MEMBERS && !*detected; i++) {
        *detected = !ask_history(served, &members[i], &history);
        if (!*detected && (!history.answered || history.records != records[i]))
            return false;
    }
    served_stop(served, SIGKILL);
    return true;
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[MEMBERS];
    static struct changes changes[MEMBERS];
    uint64_t records[MEMBERS];
    struct image image;
    const int flips = fault->full ? 1000 : 40, cuts = fault->full ? 500 : 20;
    int found = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
        changes_open(&changes[i], &members[i]);
        for (int j = 0; j < CHANGES; j++)
            FAULT_CHECK(changes_make(&changes[i], 5000) == 0, "a change is refused");
        records[i] = changes_audit(&changes[i]) + 2; /* and the assignment, and its acceptance */
        changes_close(&changes[i]);
    }
    served_stop(&served, SIGTERM);
    image_read(&image, &served);
    for (int i = 0; i < flips + cuts; i++) {
        const uint64_t bit = chance() % (image.size * 8);
        const bool flip = i < flips;
        bool detected;
        image.bytes[bit / 8] ^= (uint8_t)(flip ? 1 << bit % 8 : 0);
        image_write(&image, flip ? image.size : bit / 8);
        FAULT_CHECK(serves_the_same(fault, &served, members, records, &detected), "a wrong answer was served: %s %llu",
                    flip ? "flipped bit" : "cut at bit", (unsigned long long)bit);
        image.bytes[bit / 8] ^= (uint8_t)(flip ? 1 << bit % 8 : 0);
        found += detected;
    }
    fault_measured("%d flipped bits and %d cuts: %d found, %d harmless, 0 wrong answers", flips, cuts, found,
                   flips + cuts - found);
    free(image.bytes);
    served_remove(&served);
}

const struct fault_row damage_fault = {"damage", "flipped bits and truncations of the store", run};
