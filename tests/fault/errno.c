/* The n-th write, truncation, sync or read of the store fails, for every n: while the broker serves, while it stops and
 * writes back, while it starts on what a killed one left. What was acknowledged must be there afterwards; a failed sync
 * ends the broker at once.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "fault/changes.h"
#include "fault/preloaded.h"

#define CHANGES_EACH 6
#define MEMBERS      32 /* each has room for CHANGES_MAX */
#define DAMAGED      65 /* what a broker ends with that finds a store damaged: so SQLite calls an EIO from a read, too */

struct errors {
    const struct fault *fault;
    struct preloaded preloaded;
    struct member members[MEMBERS];
    int member; /* whose turn comes next */
    struct changes changes;
    int struck, syncs, starting, stopping, by_kind[PRELOAD_FAULTS];
    double slowest; /* from a failed sync to the broker's end */
    uint64_t acknowledged;
};

static void arm(struct errors *errors, int kind, uint64_t at)
{
    struct preload *shared = errors->preloaded.shared;
    shared->fault = PRELOAD_NONE;
    shared->calls = 0;
    shared->struck = 0;
    shared->at = at;
    shared->fault = kind;
}

/* Takes note of what struck; the broker must be gone within a second if it was a sync, or what SQLite cannot undo. */
static void judge(struct errors *errors, int kind, bool starting)
{
    struct preload *shared = errors->preloaded.shared;
    struct served *served = &errors->preloaded.served;
    const bool sync = shared->struck == PRELOAD_A_SYNC;
    const bool must_go = sync || (kind == PRELOAD_EIO && shared->struck == PRELOAD_A_WRITE && !starting);
    shared->fault = PRELOAD_NONE;
    errors->struck += shared->struck != 0;
    errors->by_kind[kind] += shared->struck != 0;
    errors->syncs += sync;
    while (must_go && !served_has_ended(served)) {
        FAULT_CHECK(rig_now() - shared->struck_at < 60, "a %s failed, and the broker goes on", sync ? "sync" : "write");
        rig_pause(0.001);
    }
    if (sync && rig_now() - shared->struck_at > errors->slowest)
        errors->slowest = rig_now() - shared->struck_at;
    if (served_has_ended(served))
        FAULT_CHECK(WIFEXITED(served->status) && (WEXITSTATUS(served->status) != DAMAGED || kind == PRELOAD_READ),
                    "the broker ended by status %x", (unsigned)served->status);
}

static void start_if_gone(struct errors *errors)
{
    if (served_has_ended(&errors->preloaded.served))
        preloaded_again(&errors->preloaded, errors->fault);
}

/* Makes changes until it has struck. */
static void strike_while_serving(struct errors *errors, int kind, uint64_t at)
{
    arm(errors, kind, at);
    for (int i = 0; i < CHANGES_EACH && !errors->preloaded.shared->struck; i++)
        (void)changes_make(&errors->changes, 150);
    judge(errors, kind, false);
}

/* All that is in the write-ahead log is written back then. */
static void strike_while_stopping(struct errors *errors, int kind, uint64_t at)
{
    struct served *served = &errors->preloaded.served;
    arm(errors, kind, at);
    served_stop(served, SIGTERM);
    errors->stopping += errors->preloaded.shared->struck != 0;
    judge(errors, kind, true);
}

static void strike_while_starting(struct errors *errors, int kind, uint64_t at)
{
    struct served *served = &errors->preloaded.served;
    served_stop(served, SIGKILL);
    arm(errors, kind, at);
    (void)served_try(served, &errors->fault->rig, errors->preloaded.library);
    errors->starting += errors->preloaded.shared->struck != 0;
    judge(errors, kind, true);
}

/* The agency that makes the changes has room for so many: then comes the next. */
static void change_agency_if_full(struct errors *errors)
{
    if (errors->changes.coord && errors->changes.sent + CHANGES_EACH + 1 < CHANGES_MAX)
        return;
    if (errors->changes.coord) {
        errors->acknowledged += changes_audit(&errors->changes);
        changes_close(&errors->changes);
    }
    errors->changes = (struct changes){0};
    FAULT_CHECK(errors->member < MEMBERS, "more changes than all agencies have room for");
    changes_open(&errors->changes, &errors->members[errors->member++]);
}

/* A full disk is over once the broker has seen that. */
static void change_again(struct errors *errors)
{
    const double began = rig_now();
    while (changes_make(&errors->changes, 2000) != 0) {
        FAULT_CHECK(rig_now() - began < 120, "no change is taken any more");
        rig_pause(0.02);
    }
}

/* Six points of ten while it serves; the numbers of the calls go round, so that each kind meets each. */
static void point(struct errors *errors, uint64_t number)
{
    const uint64_t round = number / 10 / (PRELOAD_FAULTS - 1);
    const int kind = PRELOAD_EIO + (int)(number / 10 % (PRELOAD_FAULTS - 1));
    const bool writes = kind != PRELOAD_READ; /* a broker that serves and stops reads nothing that it does not hold */
    if (number % 10 < 6 && writes)
        strike_while_serving(errors, kind, 1 + (round * 6 + number % 10) % 19);
    else if (number % 10 < 8 && writes)
        strike_while_stopping(errors, kind, 1 + (round * 2 + number % 2) % 37);
    else
        strike_while_starting(errors, kind, 1 + (round * 2 + number % 10) % 41);
    start_if_gone(errors);
    change_again(errors);
}

static void run(const struct fault *fault)
{
    static struct errors errors;
    const int wanted = fault->full ? 2000 : 60;
    errors = (struct errors){.fault = fault};
    preloaded_start(&errors.preloaded, fault);
    served_members(&errors.preloaded.served, errors.members, MEMBERS);
    for (uint64_t i = 0; errors.struck < wanted; i++) {
        FAULT_CHECK(i < 4 * (uint64_t)wanted, "of %llu points, %d struck", (unsigned long long)i, errors.struck);
        change_agency_if_full(&errors);
        point(&errors, i);
    }
    errors.acknowledged += changes_audit(&errors.changes);
    fault_measured(
        "%d points struck (%d EIO, %d ENOSPC, %d short, %d EINTR, %d of a read), %d of them a sync, %d while "
        "stopping, %d while starting",
        errors.struck, errors.by_kind[PRELOAD_EIO], errors.by_kind[PRELOAD_FULL], errors.by_kind[PRELOAD_SHORT],
        errors.by_kind[PRELOAD_EINTR], errors.by_kind[PRELOAD_READ], errors.syncs, errors.stopping, errors.starting);
    fault_measured(
        "%llu changes in the journal: every acknowledged one, once; gone %.0f ms after a failed sync at most",
        (unsigned long long)errors.acknowledged, errors.slowest * 1e3);
    FAULT_GOAL(errors.slowest <= 1, "gone only %.1f s after a failed sync", errors.slowest);
    FAULT_CHECK(errors.syncs > 0, "no sync was struck");
    changes_close(&errors.changes);
    preloaded_remove(&errors.preloaded);
}

const struct fault_row errno_fault = {"errno", "EIO, ENOSPC, short writes and EINTR at every n-th call", run};
