/* The disk is full for a while: changes are refused by name, reads and due deadlines go on, and then it goes on. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fault/changes.h"
#include "fault/preloaded.h"

/* A rung a minute after the assignment: due while the disk is full. */
static void set_policy(struct coord *coord)
{
    struct msg_policy_set set = {0};
    struct msg_change_reply reply;
    struct problem problem;
    struct msg_step step = {0};
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 0);
    MSG_SET(&step, step, unit, UNIT_MINUTES);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&set.policy, policy, policy, TEXT("minute"));
    MSG_SET(&set.policy, policy, accept_within, 1);
    MSG_SET(&set.policy, policy, accept_unit, UNIT_MINUTES);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    FAULT_CHECK(coord_call(coord, OP_POLICY_SET, &set, &reply, 0, &problem) == 0, "%s", problem.message);
}

/* ---- deadlines that come while there is no room ---- */

#define TASKS        5
#define GOAL_READ    1.0 /* seconds */
#define GOAL_FIRED   2.0
#define GOAL_RESUMED 5.0

struct timed {
    uint64_t task;
    double due;   /* by the broker's clock, seconds since 1970 */
    double since; /* rig_now when that clock first stood past it; 0 before */
    bool fired;
};

struct watch {
    struct coord *coord;
    struct preload *shared;
    struct timed timed[TASKS];
    int fired;
    double lateness, reading; /* the worst so far, seconds */
    uint64_t reads;
};

static double broker_clock(const struct preload *shared)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9 + (double)(shared->clock_ms / 1000);
}

static void assign_timed(struct watch *watch, int number, const char *lead)
{
    struct msg_assign assign = {0};
    struct msg_change_reply reply;
    struct problem problem;
    char reference[32];
    const struct text to = text_of(lead);
    snprintf(reference, sizeof reference, "due-on-a-full-disk-%d", number);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&to, 1});
    MSG_SET(&assign, assign, policy, TEXT("minute"));
    MSG_SET(&assign.content, content, title, TEXT("Nhắc khi đĩa đầy"));
    MSG_MARK(&assign, assign, content);
    FAULT_CHECK(coord_call(watch->coord, OP_ASSIGN, &assign, &reply, 0, &problem) == 0, "%s", problem.message);
    watch->timed[number].task = reply.tasks.items[0].task;
    watch->timed[number].due = broker_clock(watch->shared) + 60;
}

static bool has_fired(struct watch *watch, uint64_t task)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem;
    const double began = rig_now();
    MSG_SET(&get, task_get, task, task);
    FAULT_CHECK(coord_call(watch->coord, OP_TASK_GET, &get, &reply, 60000, &problem) == 0, "a read: %s",
                problem.message);
    watch->reads++;
    if (rig_now() - began > watch->reading)
        watch->reading = rig_now() - began;
    return reply.task.fired.count > 0 && reply.task.fired.items[0] > 0;
}

/* Reads every task once, and looks whether what is due has fired. */
static void look(struct watch *watch)
{
    for (int i = 0; i < TASKS; i++) {
        struct timed *timed = &watch->timed[i];
        const double now = rig_now();
        if (timed->since == 0 && broker_clock(watch->shared) >= timed->due)
            timed->since = now;
        const bool fired = has_fired(watch, timed->task);
        if (timed->fired || timed->since == 0)
            continue;
        FAULT_CHECK(fired || now - timed->since < 60, "a deadline that came on a full disk did not fire in a minute");
        timed->fired = fired;
        watch->fired += fired;
        if (fired && now - timed->since > watch->lateness)
            watch->lateness = now - timed->since;
    }
}

/* Full for so long; one deadline after the other comes meanwhile. When it is not full for a minute, the clock is moved on
 * for each. */
static uint64_t stay_full(struct watch *watch, struct changes *changes, double length)
{
    const double began = rig_now();
    uint64_t refused = 0;
    int moved = 0;
    watch->shared->full = 1;
    while (rig_now() - began < length || watch->fired < TASKS) {
        const int error = changes_make(changes, 60000);
        FAULT_CHECK(error == 0 || error == COORD_E_STORAGE_FULL, "on a full disk: %s", coord_error_name(error));
        refused += error == COORD_E_STORAGE_FULL;
        FAULT_CHECK(refused > 0 || rig_now() - began < 90, "nothing is refused: is the disk full?");
        if (length < 60 && moved < TASKS && rig_now() - began > length * (moved + 1) / (TASKS + 2)) {
            if (broker_clock(watch->shared) < watch->timed[moved].due)
                watch->shared->clock_ms += 13000;
            moved++;
        }
        look(watch);
        FAULT_CHECK(rig_now() - began < length + 90, "%d of %d deadlines fired", watch->fired, TASKS);
        rig_pause(0.02);
    }
    FAULT_GOAL(watch->reading <= GOAL_READ, "a read took %.1f s", watch->reading);
    FAULT_GOAL(watch->lateness <= GOAL_FIRED, "a deadline fired after %.1f s", watch->lateness);
    watch->shared->full = 0;
    return refused;
}

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[1];
    static struct changes changes;
    const double length = fault->full ? 60 : 5;
    preloaded_start(&preloaded, fault);
    struct watch watch = {.coord = served_admin(&preloaded.served), .shared = preloaded.shared};
    set_policy(watch.coord);
    served_members(&preloaded.served, members, 1);
    changes_open(&changes, &members[0]);
    FAULT_CHECK(changes_make(&changes, 30000) == 0, "a change is refused on an empty disk");
    for (int i = 0; i < TASKS; i++) {
        assign_timed(&watch, i, members[0].context.agency);
        preloaded.shared->clock_ms += 11000;
    }
    const uint64_t refused = stay_full(&watch, &changes, length);
    const double room = rig_now();
    while (changes_make(&changes, 2000) != 0)
        FAULT_CHECK(rig_now() - room < 60, "no change is taken a minute after there is room again");
    const double resumed = rig_now() - room;
    FAULT_GOAL(resumed <= GOAL_RESUMED, "changes are taken again only after %.1f s", resumed);
    (void)changes_audit(&changes);
    fault_measured(
        "full for %.0f s: %llu changes refused by name, %llu reads in %.0f ms at most, %d deadlines fired, the "
        "latest after %.0f ms",
        length, (unsigned long long)refused, (unsigned long long)watch.reads, watch.reading * 1e3, watch.fired,
        watch.lateness * 1e3);
    fault_measured("changes again %.2f s after there was room, 0 lost", resumed);
    (void)coord_close(watch.coord);
    changes_close(&changes);
    preloaded_remove(&preloaded);
}

const struct fault_row full_fault = {"full", "a disk that is full for a while", run};
