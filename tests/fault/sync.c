/* Every frame that leaves the broker is held against the last sync, from inside it: replies one by one and in batches,
 * notifications, and reads of what was just changed.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/preloaded.h"

#define CLIENTS 8

static void on_page(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user, (void)reply;
    FAULT_CHECK(error == 0, "a read: %s", problem ? problem->message : "");
}

/* Reads a task and its newest records again and again, while they change. */
static pid_t start_asker(const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    struct msg_task_history history = {0};
    const pid_t child = fork();
    if (child != 0)
        return child;
    MSG_SET(&history, task_history, task, member->task);
    MSG_SET(&history, task_history, limit, 3);
    FAULT_CHECK(rig_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    for (;;) {
        if (coord_pending(coord) < 4)
            FAULT_CHECK(coord_send(coord, OP_TASK_HISTORY, &history, on_page, NULL, 0, &problem) == 0, "%s",
                        problem.message);
        FAULT_CHECK(coord_dispatch(coord, 5) >= 0, "dispatch failed");
    }
}

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[CLIENTS];
    const uint64_t wanted = fault->full ? 100000 : 10000;
    const struct load singly = {CLIENTS, 16, 0, 1}, in_batches = {CLIENTS, 64, 32, 1};
    const struct preload *shared;
    struct reader reader;
    preloaded_start(&preloaded, fault);
    shared = preloaded.shared;
    served_members(&preloaded.served, members, CLIENTS);
    reader_start(&reader, &preloaded.served.admin, 1);
    const pid_t asker = start_asker(&members[0]);
    while (shared->replies < wanted) {
        (void)load_updates(&singly, members);
        (void)load_updates(&in_batches, members);
    }
    int status;
    kill(asker, SIGKILL);
    FAULT_CHECK(waitpid(asker, &status, 0) == asker && WIFSIGNALED(status), "the reads failed");
    reader_stop(&reader);
    fault_measured(
        "%llu replies and %llu notifications that name a record, %llu of them before the sync that covers it",
        (unsigned long long)shared->replies, (unsigned long long)(shared->frames - shared->replies),
        (unsigned long long)shared->uncovered);
    FAULT_CHECK(shared->uncovered == 0, "frames left before their sync");
    preloaded_remove(&preloaded);
}

const struct fault_row sync_fault = {"sync", "nothing leaves before the sync that covers it", run};
