/* The n-th write or sync of the store fails, for every n. What was acknowledged must be there afterwards; a failed sync
 * ends the broker at once.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/changes.h"
#include "fault/preloaded.h"

#define CHANGES_EACH 6

/* Whether the broker is still there; it is given a second to go. */
static bool still_serves(struct served *served, bool must_go)
{
    int status;
    for (int i = 0; i < (must_go ? 1000 : 1); i++) {
        if (waitpid(served->pid, &status, WNOHANG) == served->pid) {
            served->pid = 0;
            return false;
        }
        if (must_go)
            rig_pause(0.001);
    }
    return true;
}

/* One point: arms the fault, makes changes until it has struck, and starts again if the broker has gone. */
static void point(struct preloaded *preloaded, const struct fault *fault, struct changes *changes, int kind,
                  uint64_t at)
{
    struct preload *shared = preloaded->shared;
    shared->calls = 0;
    shared->struck = 0;
    shared->at = at;
    shared->fault = kind;
    for (int i = 0; i < CHANGES_EACH && !shared->struck; i++)
        (void)changes_make(changes, 300);
    shared->fault = PRELOAD_NONE;
    const bool must_go = shared->struck == PRELOAD_A_SYNC || (shared->struck == PRELOAD_A_WRITE && kind == PRELOAD_EIO);
    const bool serves = still_serves(&preloaded->served, must_go);
    FAULT_CHECK(!(must_go && serves), "a %s failed, and the broker goes on", shared->struck == PRELOAD_A_SYNC ? "sync" : "write");
    if (!serves)
        preloaded_again(preloaded, fault);
}

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[1];
    static struct changes changes;
    const int points = fault->full ? 2000 : 60;
    int struck = 0, syncs = 0;
    uint64_t acknowledged = 0;
    preloaded_start(&preloaded, fault);
    served_members(&preloaded.served, members, 1);
    changes_open(&changes, &members[0]);
    for (int i = 0; i < points; i++) {
        if (changes.sent + CHANGES_EACH + 1 >= CHANGES_MAX) {
            acknowledged += changes_audit(&changes);
            changes_close(&changes);
            changes = (struct changes){0};
            served_members(&preloaded.served, members, 1);
            changes_open(&changes, &members[0]);
        }
        point(&preloaded, fault, &changes, PRELOAD_EIO + i % (PRELOAD_FAULTS - PRELOAD_EIO), 1 + (uint64_t)i % 17);
        struck += preloaded.shared->struck != 0;
        syncs += preloaded.shared->struck == PRELOAD_A_SYNC;
        /* A full disk is over, once the broker has seen that. */
        while (changes_make(&changes, 2000) != 0)
            rig_pause(0.02);
    }
    acknowledged += changes_audit(&changes);
    fault_measured("%d points struck (%d syncs), %llu changes in the journal: every acknowledged one, once", struck,
                   syncs, (unsigned long long)acknowledged);
    changes_close(&changes);
    preloaded_remove(&preloaded);
}

const struct fault_row errno_fault = {"errno", "EIO, ENOSPC, short writes and EINTR at every n-th call", run};
