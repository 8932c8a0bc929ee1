/* The whole daemon, with the n-th of its own, SQLite's or msgpack-c's allocations failing. It stops at once, by the one
 * place for that (SIGABRT, after a line in its log) or because SQLite refused (exit 74, 72 while it starts); or it can do
 * without. Whatever it had acknowledged is there when it starts again.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/changes.h"
#include "fault/memory.h"
#include "fault/starve.h"

#define CHANGES_EACH 12

struct starved {
    const struct fault *fault;
    struct served served;
    struct starve *shared;
    struct changes changes;
    char path[600], library[600];
    uint64_t aborted, exited, went_on;
};

static void open_page(struct starved *starved)
{
    snprintf(starved->path, sizeof starved->path, "%s/starve.%d", starved->fault->rig.directory, (int)getpid());
    snprintf(starved->library, sizeof starved->library, "%s/fault_starve.so", starved->fault->libraries);
    rig_directory(&starved->fault->rig);
    const int file = open(starved->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FAULT_CHECK(file >= 0 && ftruncate(file, sizeof(struct starve)) == 0, "%s cannot be made", starved->path);
    starved->shared = mmap(NULL, sizeof(struct starve), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    FAULT_CHECK(starved->shared != MAP_FAILED, "no memory");
    close(file);
    setenv("COORD_STARVE", starved->path, 1);
}

static void judge(struct starved *starved, uint64_t n)
{
    const int status = starved->served.status;
    const bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    const bool exited = WIFEXITED(status) && (WEXITSTATUS(status) == 74 || WEXITSTATUS(status) == 72);
    FAULT_CHECK(aborted || exited, "allocation %llu failed, and the broker ended by status %x", (unsigned long long)n,
                (unsigned)status);
    starved->aborted += aborted;
    starved->exited += exited;
}

/* Again without a failure, where it has ended of one as it should. */
static bool start_if_ended(struct starved *starved, uint64_t n)
{
    if (!served_has_ended(&starved->served))
        return false;
    judge(starved, n);
    starved->shared->at = 0;
    FAULT_CHECK(served_try(&starved->served, &starved->fault->rig, NULL), "it does not start again");
    return true;
}

/* Starts the broker with the n-th allocation failing, and makes changes until that has happened. */
static void point(struct starved *starved, uint64_t n)
{
    starved->shared->calls = 0;
    starved->shared->struck = 0;
    starved->shared->at = n;
    bool serves = served_try(&starved->served, &starved->fault->rig, starved->library);
    for (int i = 0; i < CHANGES_EACH && serves && !starved->shared->struck; i++) {
        (void)changes_make(&starved->changes, 1000);
        serves = !served_has_ended(&starved->served);
    }
    for (int i = 0; i < 100 && serves && starved->shared->struck; i++) {
        rig_pause(0.001);
        serves = !served_has_ended(&starved->served);
    }
    bool ended = start_if_ended(starved, n);
    starved->shared->at = 0;
    for (int tries = 0; changes_make(&starved->changes, 5000) != 0; tries++) {
        FAULT_CHECK(tries < 24, "no change is taken after allocation %llu failed", (unsigned long long)n);
        ended = ended || start_if_ended(starved, n); /* a busy machine lets it take its time */
    }
    starved->went_on += !ended && starved->shared->struck;
    served_stop(&starved->served, SIGKILL);
}

/* How many allocations there are from the start to the last change. */
static uint64_t count_calls(struct starved *starved)
{
    point(starved, UINT64_MAX);
    return starved->shared->calls;
}

uint64_t memory_broker(const struct fault *fault)
{
    static struct starved starved;
    static struct member members[1];
    const unsigned points = fault->full ? 400 : 24;
    starved = (struct starved){.fault = fault};
    open_page(&starved);
    served_start(&starved.served, &fault->rig, NULL);
    served_members(&starved.served, members, 1);
    changes_open(&starved.changes, &members[0]);
    served_stop(&starved.served, SIGTERM);
    const uint64_t calls = count_calls(&starved);
    for (unsigned i = 0; i < points; i++)
        point(&starved, 1 + calls * i / points);
    served_again(&starved.served, &fault->rig);
    const uint64_t acknowledged = changes_audit(&starved.changes);
    fault_measured("broker: %llu of %llu allocations failed: %llu times it stopped in one place, %llu times because "
                   "SQLite refused, %llu times it could do without; %llu changes in the journal, 0 lost",
                   (unsigned long long)(starved.aborted + starved.exited + starved.went_on), (unsigned long long)calls,
                   (unsigned long long)starved.aborted, (unsigned long long)starved.exited,
                   (unsigned long long)starved.went_on, (unsigned long long)acknowledged);
    changes_close(&starved.changes);
    served_remove(&starved.served);
    munmap(starved.shared, sizeof(struct starve));
    unlink(starved.path);
    unsetenv("COORD_STARVE");
    return starved.aborted + starved.exited + starved.went_on;
}
